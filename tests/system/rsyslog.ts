// A real rsyslogd of one's own: private configuration, socket, ports and output file.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { exists } from "../support/skip.ts";

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

/** The driver of rsyslog for TLS, wherever this architecture has it. */
const TLS_DOCUMENTS = "/usr/share/doc/rsyslog-gnutls";

export function whyNoRsyslogTls(): string | false {
  if (whyNoRsyslog()) return whyNoRsyslog();
  return exists(TLS_DOCUMENTS) ? false : "there is no TLS for rsyslogd (Debian: rsyslog-gnutls)";
}

/** What a daemon that takes TLS needs: paths, and whom it lets in by the name in the certificate. */
export interface RsyslogTls {
  authorities: string;
  certificate: string;
  key: string;
  permitted: string;
}

export class Rsyslog {
  readonly socket: string;
  readonly port = freePort();
  readonly #directory: string;
  readonly #tls: RsyslogTls | undefined;
  #child: Deno.ChildProcess | undefined;

  private constructor(directory: string, tls: RsyslogTls | undefined) {
    this.#directory = directory;
    this.socket = `${directory}/log`;
    this.#tls = tls;
  }

  /**
   * Runs `use` with a daemon that is running, and leaves nothing behind. With `tls` its TCP port takes
   * nothing else.
   */
  static async with(
    use: (rsyslog: Rsyslog) => Promise<void>,
    tls?: RsyslogTls,
  ): Promise<void> {
    const rsyslog = new Rsyslog(await Deno.makeTempDir(), tls);
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
    await this.#listening();
  }

  /** Its ports are open a moment after its socket; who connects before is refused. */
  async #listening(): Promise<void> {
    const tries = 12_000;
    for (let i = 0; i < tries; i++) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
        return;
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    assert.fail("rsyslogd does not listen");
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
    const tls = this.#tls;
    const driver = tls === undefined ? "" : `defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${tls.authorities}"
  defaultNetstreamDriverCertFile="${tls.certificate}"
  defaultNetstreamDriverKeyFile="${tls.key}"`;
    const mode = tls === undefined
      ? ""
      : `streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/name"
  permittedPeer=["${tls.permitted}"]`;
    return `global(workDirectory="${this.#directory}" maxMessageSize="8k" ${driver})
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
module(load="imtcp" ${mode})
input(type="imuxsock" Socket="${this.socket}" RateLimit.Interval="0")
input(type="imudp" Address="127.0.0.1" Port="${this.port}")
input(type="imtcp" Address="127.0.0.1" Port="${this.port}")
template(name="all" type="string" string="%syslogfacility-text%.%syslogseverity-text%|%app-name%|%procid%|%msgid%|%structured-data%|%msg:::drop-last-lf%\\n")
action(type="omfile" file="${this.#directory}/out" template="all")
`;
  }
}
