// `scandog watch` on a machine that real nmap scans, beside the real scanlogd, with a real rsyslogd.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { filesOfThreads } from "../support/processes.ts";
import { skipped } from "../support/skip.ts";
import { INTERFACE, SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const ignore = skipped("scandog watch under real scans", whyNoTarget());

/** Scans that scanlogd sees, each pausing long enough after the one before to be a scan of its own. */
const SCANS = [
  "nmap -n -Pn --send-ip -sS -F",
  "nmap -n -Pn --send-ip -sF -p1-100",
  "nmap -n -Pn --send-ip -sX -p1-100",
];

/** A line without its clock time, and that time in seconds: the two read the clock separately. */
function split(line: string): [text: string, seconds: number] {
  const [, text, h, m, s] = /^(.*) @(\d\d):(\d\d):(\d\d)$/.exec(line) ?? [];
  assert.ok(text !== undefined, line);
  return [text, Number(h) * 3600 + Number(m) * 60 + Number(s)];
}

Deno.test({
  name: "watch writes to rsyslog what the real scanlogd beside it writes, as user nobody",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      await target.startRsyslog();
      target.startScanlogd();
      const watch = await target.startScandog([
        ..."--profile scanlogd-2 --syslog --syslog-ident scandog --user nobody --verbose".split(
          " ",
        ),
      ]);
      const threads = filesOfThreads(watch.pid, "status");
      assert.ok(threads.length > 1);
      for (const { tid, text } of threads) {
        assert.match(text, /^Uid:\t65534\t65534\t65534\t65534$/m, `thread ${tid}`);
        assert.match(text, /^CapEff:\t0{16}$/m, `thread ${tid}`);
        assert.match(text, /^CapPrm:\t0{16}$/m, `thread ${tid}`);
        assert.match(text, /^NoNewPrivs:\t1$/m, `thread ${tid}`);
      }
      let expected = 0;
      for (const scan of SCANS) {
        target.scan([...scan.split(" "), TARGET]);
        expected++;
        await until(
          () => [...["scanlogd", "scandog"]].every((who) => target.syslog(who).length >= expected),
          () => `line ${expected} of both: ${JSON.stringify(target.syslog("scandog"))}`,
        );
        // Longer than scanlogd's three seconds: the next is a new scan, not more of this one.
        await new Promise((resolve) => setTimeout(resolve, 3500));
      }
      const real = target.syslog("scanlogd").map(split), ours = target.syslog("scandog").map(split);
      assert.deepEqual(ours.map(([text]) => text), real.map(([text]) => text));
      for (const [i, [, seconds]] of ours.entries()) {
        const apart = Math.abs(seconds - real[i][1]);
        assert.ok(Math.min(apart, 86_400 - apart) <= 1, `start times of scan ${i}`);
      }
      assert.equal(await watch.stop(), 0);
      assert.match(watch.err, /lost: 0 in the kernel/);
    });
  },
});

Deno.test({
  name: "watch tells a scan while it runs, its end, and survives its interface going down and up",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watch = await target.startScandog("--format json --user nobody".split(" "));
      target.run(["ip", "link", "set", INTERFACE, "down"]);
      await until(() => /went down/.test(watch.err), () => `down: ${watch.err}`);
      target.run(["ip", "link", "set", INTERFACE, "up"]);
      await until(() => /capture goes on$/m.test(watch.err), () => `up: ${watch.err}`);
      target.run(["ip", "addr", "add", "203.0.113.11/24", "dev", INTERFACE]);
      await until(() => /203\.0\.113\.11\/24 was added/.test(watch.err), () => watch.err);
      target.run(["ip", "route", "replace", "default", "dev", INTERFACE]);
      target.scan("nmap -n -Pn --send-ip -sS -p1-200".split(" ").concat(TARGET));
      const events = () => watch.out.split("\n").slice(0, -1).map((line) => JSON.parse(line));
      await until(
        () => events().some(({ event }) => event.action === "scan-start"),
        () => watch.out,
      );
      watch.signal("SIGUSR1");
      await until(() => /lost: 0 in the kernel/.test(watch.err), () => watch.err);
      assert.equal(await watch.stop("SIGINT"), 0);
      assert.doesNotMatch(watch.err, /alerts go to/); // standard output has them
      const found = events();
      assert.deepEqual(found.map(({ event }) => event.action), ["scan-start", "scan-end"]);
      assert.equal(found[0].scandog.scan, found[1].scandog.scan);
      for (const { source, destination, network, observer } of found) {
        assert.equal(network.direction, "inbound"); // the interface's own address is home
        assert.equal(source.ip, SCANNER);
        assert.equal(destination.ip, TARGET);
        assert.equal(observer.ingress.interface.name, INTERFACE);
      }
      assert.equal(found[1].scandog.ports.count, 200);
      assert.equal(found[1].scandog.ports.closed, 200);
      assert.deepEqual(found[1].scandog.techniques, ["syn"]);
    });
  },
});

Deno.test({
  name: "watch names in one line what keeps it from running: device, filter, user, libpcap, log",
  ignore,
  async fn() {
    await Target.with((target) => {
      const faults: [args: string, expected: RegExp][] = [
        ["-i nosuch0", /nosuch0/],
        ["--filter tcp[", /filter.*tcp\[/],
        ["--user nosuchuser", /There is no user nosuchuser: .*useradd/],
        ["--libpcap /usr/lib/none.so", /libpcap.*\/usr\/lib\/none\.so/],
        ["--log-file /nosuch/dir/log", /\/nosuch\/dir\/log/],
        ["--state /nosuch/dir/state", /\/nosuch\/dir\/state: cannot be made: there is no folder/],
        ["--chroot /nosuch", /chroot to \/nosuch/],
      ];
      for (const [args, expected] of faults) {
        const user = args.startsWith("--user") ? "" : " --user nobody";
        const words = `watch -i ${INTERFACE} --config /dev/null${user} ${args}`
          .replace(/-i wan0 (.*-i )/, "$1");
        const { code, err } = target.scandogToEnd(words.split(" ").filter((word) => word !== ""));
        assert.equal(code, 1, `${args}: ${err}`);
        assert.match(err, expected, args);
        assert.equal(err.trim().split("\n").length, 1, `${args}: one line, got ${err}`);
      }
      return Promise.resolve();
    });
  },
});

Deno.test({
  name:
    "watch takes its log file anew on SIGHUP, and keeps its configuration when the new is wrong",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const logs = `${target.folder}/logs`, config = `${target.folder}/scandog.toml`;
      await Deno.mkdir(logs);
      await Deno.chown(logs, 65534, 65534);
      await Deno.writeTextFile(config, 'format = "text"\n');
      const watch = await target.startScandog(
        ["--config", config, "--log-file", `${logs}/scandog.log`, "--user", "nobody"],
      );
      const scan = () => target.scan("nmap -n -Pn --send-ip -sS -p1-100".split(" ").concat(TARGET));
      const lines = (name: string) => {
        try {
          return Deno.readTextFileSync(`${logs}/${name}`).split("\n").length - 1;
        } catch {
          return 0;
        }
      };
      const place = /^scandog: alerts go to log file \/.*\/logs\/scandog\.log$/m;
      await until(() => place.test(watch.err), () => watch.err);
      scan();
      await until(() => lines("scandog.log") >= 1, () => watch.err);
      await Deno.rename(`${logs}/scandog.log`, `${logs}/scandog.log.1`);
      await Deno.writeTextFile(config, "scan-weight = -3\n");
      watch.signal("SIGHUP");
      await until(() => /stays as it was/.test(watch.err), () => watch.err);
      assert.match(watch.err, /scandog\.toml:1: scan-weight/);
      await Deno.writeTextFile(config, 'format = "json"\n');
      watch.signal("SIGHUP");
      await until(() => /read again/.test(watch.err), () => watch.err);
      assert.equal(await watch.stop(), 0);
      const last = Deno.readTextFileSync(`${logs}/scandog.log`).trim().split("\n").at(-1)!;
      assert.equal(JSON.parse(last).event.action, "scan-end");
      assert.ok(lines("scandog.log.1") >= 1);
    });
  },
});
