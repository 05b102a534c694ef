// A live command of scandog as the service runs it: started as root, ordinary user after that, under
// Landlock and the system call filter, in the network namespace of the calling thread. What it finds
// at a path can be put there by the test.

import { PATIENCE_MS, until } from "../sink/receivers.ts";
import { scandogWords } from "../support/scandog.ts";

/** Whom it becomes: an account that every system has. */
export const NOBODY = 65534;

/** Lays files over others (`$1` pairs of words), then becomes the program, in the system's zone. */
const LAY_OVER = `
unset TZ NODE_EXTRA_CA_CERTS
count=$1; shift
while [ "$count" -gt 0 ]; do mount --bind "$1" "$2" || exit 9; shift 2; count=$((count - 1)); done
exec "$@"
`;

/** A running command with its output so far. */
export class Confined {
  out = "";
  err = "";
  private readonly reading: Promise<unknown>;

  private constructor(private readonly child: Deno.ChildProcess, private readonly unread: boolean) {
    const read = async (stream: ReadableStream<Uint8Array>, take: (text: string) => void) => {
      const decoder = new TextDecoder();
      for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
    };
    this.reading = Promise.all([
      unread || read(child.stdout, (text) => this.out += text),
      read(child.stderr, (text) => this.err += text),
    ]);
  }

  /**
   * Starts it; resolves once it captures. `over`: the file that is to be found at a path. `unread`:
   * its standard output is a pipe that nobody reads.
   */
  static async start(
    args: string[],
    over: Record<string, string> = {},
    unread = false,
  ): Promise<Confined> {
    const [command, ...rest] = args;
    const user = ["--user", "nobody"];
    const pairs = Object.entries(over).flatMap(([path, file]) => [file, path]);
    const words = scandogWords([command, ...user, ...rest]);
    const child = new Deno.Command("/usr/bin/unshare", {
      args: ["--mount", "sh", "-c", LAY_OVER, "sh", `${pairs.length / 2}`, ...pairs, ...words],
      // Of this store the runtime reads a file when it first needs it, which a confined program may not.
      env: { NO_COLOR: "1", DENO_TLS_CA_STORE: "system" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const running = new Confined(child, unread);
    const started = () => /(watching|logging) /.test(running.err);
    await until(started, () => `scandog to capture: ${running.err}`);
    return running;
  }

  signal(signal: Deno.Signal): void {
    this.child.kill(signal);
  }

  /** Ends it and gives the exit status. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.signal(signal);
    return await this.ended();
  }

  /** Who was to read its standard output goes. */
  async hangUp(): Promise<void> {
    await this.child.stdout.cancel();
  }

  /** Waits for its end and gives the exit status. */
  async ended(): Promise<number> {
    // A program that does not end is a failure, not a test that hangs.
    const late = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE_MS);
    const { code } = await this.child.status;
    clearTimeout(late);
    if (this.unread) await this.hangUp();
    await this.reading;
    return code;
  }

  /** For `finally`: it is gone afterwards, whatever the test did. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.child.status;
    if (this.unread) await this.hangUp();
    await this.reading;
  }
}

/** A folder that only the ordinary user may write, gone afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-confined-" });
  try {
    await Deno.chown(folder, NOBODY, NOBODY);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
