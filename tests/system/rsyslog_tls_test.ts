import assert from "node:assert/strict";
import { PRIORITIES_DEFAULT } from "../../src/sink/syslog_priority.ts";
import { parseRemote, remoteSyslog } from "../../src/sink/syslog_remote.ts";
import type { TlsMaterial } from "../../src/sink/syslog_tls.ts";
import { until } from "../sink/receivers.ts";
import { Authority, type Pair, whyNoTls, withCertificates } from "../support/certificates.ts";
import { scanEvent } from "../support/events.ts";
import { skipped } from "../support/skip.ts";
import { Rsyslog, whyNoRsyslogTls } from "./rsyslog.ts";

const ignore = skipped("syslog over TLS to a real rsyslog", whyNoRsyslogTls() || whyNoTls());

const text = (path: string) => Deno.readTextFileSync(path);

function materialOf(authority: Authority, ours?: Pair): TlsMaterial {
  return {
    authorities: text(authority.certificate),
    ...(ours && { certificate: text(ours.certificate), key: text(ours.key) }),
  };
}

function sinkTo(port: number, material: TlsMaterial, said: string[], host = "localhost") {
  return remoteSyslog({
    address: parseRemote(`tls://${host}:${port}`)!,
    head: {
      priorities: PRIORITIES_DEFAULT,
      hostname: "gate",
      ident: "scandog",
      processId: 321,
      version: "0.1.0",
    },
    material,
    queue: 2000,
    lineBytes: 4000,
    notice: (line) => void said.push(line),
  });
}

/** An rsyslog that lets in who has a certificate for client.test, and what is needed to reach it. */
function withDaemon(
  use: (rsyslog: Rsyslog, authority: Authority, folder: string) => Promise<void>,
  names = "DNS:localhost",
): Promise<void> {
  return withCertificates(async (folder) => {
    const authority = new Authority(folder, "ca");
    const server = authority.sign("server", names);
    const tls = { authorities: authority.certificate, ...server, permitted: "client.test" };
    await Rsyslog.with((rsyslog) => use(rsyslog, authority, folder), tls);
  });
}

Deno.test({
  name:
    "rsyslog takes lines over TLS from whom it knows, all of them up to the last before the end",
  ignore,
  fn: () =>
    withDaemon(async (rsyslog, authority) => {
      const said: string[] = [];
      const ours = authority.sign("client", "DNS:client.test");
      const sink = await sinkTo(rsyslog.port, materialOf(authority, ours), said);
      for (let i = 0; i < 1000; i++) sink.write(`line ${i}`, scanEvent());
      await sink.close();
      await until(() => rsyslog.lines().length === 1000, () => `${rsyslog.lines().length} lines`);
      assert.match(
        rsyslog.lines()[0],
        /^daemon\.alert\|scandog\|321\|scan-start\|\[origin .*\|line 0$/,
      );
      assert.match(rsyslog.lines()[999], /\|line 999$/);
      assert.deepEqual(sink.counters, { written: 1000, dropped: 0, failures: 0, waiting: 0 });
      assert.deepEqual(said, []);
    }),
});

Deno.test({
  name: "lines over TLS wait while rsyslog is away, and come when it is back",
  ignore,
  fn: () =>
    withDaemon(async (rsyslog, authority) => {
      const said: string[] = [];
      const ours = authority.sign("client", "DNS:client.test");
      await rsyslog.stop("SIGTERM");
      const sink = await sinkTo(rsyslog.port, materialOf(authority, ours), said);
      sink.write("one", scanEvent());
      assert.match(said[0], /^syslog tls:\/\/localhost:\d+: .*refused/i);
      await rsyslog.start();
      await until(() => rsyslog.lines().length === 1, () => `one line: ${said}`);
      await rsyslog.stop("SIGTERM");
      await until(() => sink.counters.failures > 1, () => "the end of the connection to be seen");
      sink.write("two", scanEvent());
      await rsyslog.start();
      await until(() => rsyslog.lines().some((line) => line.endsWith("|two")), () => `${said}`);
      await sink.close();
      assert.equal(sink.counters.dropped, 0);
    }),
});

Deno.test({
  name: "no line goes to a collector that another authority signed, or that has another name",
  ignore,
  fn: () =>
    withDaemon(async (rsyslog, authority, folder) => {
      const other = new Authority(folder, "other");
      const ours = authority.sign("client", "DNS:client.test");
      const cases: [Authority, string, RegExp][] = [
        [other, "localhost", /verify|signature|issuer|certificate/i],
        [authority, "127.0.0.1", /127\.0\.0\.1 is not in the cert/],
      ];
      for (const [trusted, host, reason] of cases) {
        const said: string[] = [];
        const sink = await sinkTo(rsyslog.port, materialOf(trusted, ours), said, host);
        sink.write("secret", scanEvent());
        await sink.close();
        assert.match(said[0], reason);
        assert.equal(sink.counters.dropped, 1);
      }
      assert.deepEqual(rsyslog.lines(), []);
    }),
});

Deno.test({
  name: "a collector is verified by its address where no name is given",
  ignore,
  fn: () =>
    withDaemon(async (rsyslog, authority) => {
      const said: string[] = [];
      const ours = authority.sign("client", "DNS:client.test");
      const sink = await sinkTo(rsyslog.port, materialOf(authority, ours), said, "127.0.0.1");
      sink.write("one", scanEvent());
      await until(() => rsyslog.lines().length === 1, () => `one line: ${said}`);
      await sink.close();
    }, "IP:127.0.0.1"),
});

Deno.test({
  name: "rsyslog refuses who shows no certificate, or a stranger's, and the sink says so",
  ignore,
  fn: () =>
    withDaemon(async (rsyslog, authority) => {
      for (const ours of [undefined, authority.sign("stranger", "DNS:stranger.test")]) {
        const said: string[] = [];
        const sink = await sinkTo(rsyslog.port, materialOf(authority, ours), said);
        sink.write("one", scanEvent());
        await until(() => said.length > 0, () => "the refusal to be said");
        await sink.close();
      }
      assert.deepEqual(rsyslog.lines(), []);
    }),
});
