// Runs programs for the lab: each with a time limit, each ended by its own process id. Knows
// nothing of namespaces or captures.

/** What a finished program left behind. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
  /** The time limit ended it. */
  late: boolean;
}

const text = new TextDecoder();

/** Programs written for Deno would otherwise ask the network for a newer Deno. */
const ENVIRONMENT = { DENO_NO_UPDATE_CHECK: "1", LC_ALL: "C", TZ: "UTC" };

/** Runs a program to its end, or ends it after `limitSeconds`. Never throws for its exit status. */
export async function run(command: string[], limitSeconds = 60, cwd?: string): Promise<Finished> {
  const child = new Deno.Command(command[0], {
    args: command.slice(1),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    cwd,
    env: ENVIRONMENT,
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(child, "SIGKILL");
  }, limitSeconds * 1000);
  const output = await child.output();
  clearTimeout(timer);
  return {
    code: output.code,
    stdout: text.decode(output.stdout),
    stderr: text.decode(output.stderr),
    late,
  };
}

/** As `run`, but a failure is an error that shows the command and what it said. */
export async function must(command: string[], limitSeconds = 60): Promise<string> {
  const done = await run(command, limitSeconds);
  if (done.code !== 0 || done.late) {
    throw new Error(`${command.join(" ")}: status ${done.code}\n${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}

function end(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch { // it has ended by itself
  }
}

/** A program that keeps running until it is stopped. */
export class Service {
  #child: Deno.ChildProcess;
  #said = "";
  #ended = false;
  #readers: Promise<void>[];

  constructor(readonly command: string[], cwd?: string) {
    this.#child = new Deno.Command(command[0], {
      args: command.slice(1),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      cwd,
      env: ENVIRONMENT,
    }).spawn();
    this.#readers = [this.#read(this.#child.stdout), this.#read(this.#child.stderr)];
    this.#child.status.then(() => this.#ended = true);
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const piece of stream) {
      // A chatty server must not fill the lab's memory: the beginning is what says "ready".
      if (this.#said.length < 65536) this.#said += text.decode(piece, { stream: true });
    }
  }

  get said(): string {
    return this.#said;
  }

  /** Waits until what it printed matches; an error when it ends or `limitSeconds` pass first. */
  async until(pattern: RegExp, limitSeconds = 10): Promise<void> {
    const last = Date.now() + limitSeconds * 1000;
    while (!pattern.test(this.#said)) {
      if (this.#ended || Date.now() > last) {
        throw new Error(`${this.command.join(" ")}: no ${pattern} in: ${this.#said}`);
      }
      await delay(20);
    }
  }

  /** Asks it to end, insists after three seconds, and waits until it has. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    if (!this.#ended) end(this.#child, signal);
    const timer = setTimeout(() => end(this.#child, "SIGKILL"), 3000);
    await this.#child.status;
    clearTimeout(timer);
    // A grandchild may keep the pipes open; its namespace's end takes it away.
    await Promise.race([Promise.all(this.#readers), delay(500)]);
  }
}

/** Waits. The lab's own pace is real time, unlike that of the program and its tests. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
