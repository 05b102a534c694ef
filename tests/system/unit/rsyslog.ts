// A real rsyslogd of one's own: private configuration, socket, ports and output file.

import assert from "node:assert/strict";
import { until } from "../../sink/receivers.ts";
import { exists } from "../../support/skip.ts";

const PROGRAM = "/usr/sbin/rsyslogd";

export function whyNoRsyslog(): string | false {
  return exists(PROGRAM) ? false : "there is no rsyslogd (Debian: rsyslog)";
}

/** A port that is free for both UDP and TCP, most likely. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

export class Rsyslog {
  readonly socket: string;
  readonly port = freePort();
  readonly #directory: string;
  #child: Deno.ChildProcess | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
    this.socket = `${directory}/log`;
  }

  /** Runs `use` with a daemon that is running, and leaves nothing behind. */
  static async with(use: (rsyslog: Rsyslog) => Promise<void>): Promise<void> {
    const rsyslog = new Rsyslog(await Deno.makeTempDir());
    try {
      await rsyslog.start();
      await use(rsyslog);
    } finally {
      await rsyslog.stop("SIGKILL");
      await Deno.remove(rsyslog.#directory, { recursive: true });
    }
  }

  /** Returns when the daemon answers on its socket. */
  async start(): Promise<void> {
    const file = `${this.#directory}/rsyslog.conf`;
    await Deno.writeTextFile(file, this.#configuration());
    if (exists(this.socket)) await Deno.remove(this.socket);
    this.#child = new Deno.Command(PROGRAM, {
      args: ["-n", "-f", file, "-i", `${this.#directory}/pid`],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(() => exists(this.socket), () => "rsyslogd to open its socket");
  }

  async stop(signal: Deno.Signal): Promise<void> {
    if (this.#child === undefined) return;
    this.#child.kill(signal);
    await this.#child.status;
    this.#child = undefined;
  }

  /** SIGSTOP and SIGCONT. */
  signal(signal: Deno.Signal): void {
    this.#child?.kill(signal);
  }

  /** What it wrote: facility.level|program|process|message id|structured data|text. */
  lines(): string[] {
    try {
      const text = Deno.readTextFileSync(`${this.#directory}/out`);
      return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").slice(0, -1);
    } catch (error) {
      assert.ok(error instanceof Deno.errors.NotFound);
      return [];
    }
  }

  #configuration(): string {
    return `global(workDirectory="${this.#directory}" maxMessageSize="8k")
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
module(load="imtcp")
input(type="imuxsock" Socket="${this.socket}" RateLimit.Interval="0")
input(type="imudp" Address="127.0.0.1" Port="${this.port}")
input(type="imtcp" Address="127.0.0.1" Port="${this.port}")
template(name="all" type="string" string="%syslogfacility-text%.%syslogseverity-text%|%app-name%|%procid%|%msgid%|%structured-data%|%msg:::drop-last-lf%\\n")
action(type="omfile" file="${this.#directory}/out" template="all")
`;
  }
}
