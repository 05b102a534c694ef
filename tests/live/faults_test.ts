// `scandog watch` while things around it break: readers, disks, daemons, interfaces, the process
// itself, another of its kind. Each time: it says so once, goes on, and misses nothing it could see.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { inRepository } from "../support/paths.ts";
import { withBinary } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";
import { INTERFACE, type Running, SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const ignore = skipped("scandog watch among faults", whyNoTarget());

const NOBODY = 65534;
const AS_NOBODY = ["--user", "nobody"];
/** Of so many decoys each makes a line of its own under this profile. */
const CLASSIC = ["--profile", "scanlogd-2", "--flood-count", "1000"];

/** A quick scan by several sources at once, the others forged. */
function scan(target: Target, sources: string[] = []): void {
  const decoys = sources.length > 0 ? ["-D", ["ME", ...sources].join(",")] : [];
  target.scan(["nmap", "-n", "-Pn", "--send-ip", "-sS", "-p1-40", ...decoys, TARGET]);
}

const decoys = (third: number, count: number) =>
  Array.from({ length: count }, (_, i) => `10.7.${third}.${i + 1}`);

function count(text: string, word: string | RegExp): number {
  return text.split(word).length - 1;
}

/** A folder that nobody may write to. */
async function folderFor(target: Target, name: string): Promise<string> {
  const folder = `${target.folder}/${name}`;
  await Deno.mkdir(folder);
  await Deno.chown(folder, NOBODY, NOBODY);
  return folder;
}

async function ends(running: Running): Promise<number> {
  const code = await running.ended();
  assert.doesNotMatch(running.err, /^ +at /m);
  return code;
}

Deno.test({
  name: "two watches on one interface say the same, and neither takes packets from the other",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watches = [
        await target.startScandog([...CLASSIC, ...AS_NOBODY]),
        await target.startScandog([...CLASSIC, ...AS_NOBODY]),
      ];
      scan(target, decoys(0, 4));
      for (const watch of watches) await until(() => count(watch.out, "\n") === 5, () => watch.out);
      assert.deepEqual(
        watches[0].out.split("\n").sort(),
        watches[1].out.split("\n").sort(),
      );
      for (const watch of watches) assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name: "watch stopped under a flood (SIGSTOP) counts what it missed and sees the next scan",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watch = await target.startScandog(
        [...CLASSIC, ...AS_NOBODY, "--format", "json", "--buffer-size", "1"],
      );
      await watch.freeze();
      // It has looked at its losses before this, and not since.
      const stoppedUs = Date.now() * 1000;
      const flood = "nmap -n -Pn --send-ip -sS -p1-40000 --min-rate 40000 --max-retries 0 -T5";
      target.scan([...flood.split(" "), TARGET]);
      watch.signal("SIGCONT");
      const events = () => watch.out.split("\n").slice(0, -1).map((line) => JSON.parse(line));
      const losses = () => events().filter(({ event }) => event.action === "capture-loss");
      await until(() => losses().length > 0, () => watch.out);
      const [{ scandog: { lost }, event }] = losses();
      assert.ok(lost.kernel > 0, JSON.stringify(lost));
      assert.match(
        watch.err,
        /the kernel dropped [\d,]+ packets: its buffer of 1 MiB holds [\d.]+ s of/,
      );
      // The blind interval begins before the flood did, not when the program found out.
      assert.ok(Date.parse(event.start) * 1000 <= stoppedUs, `${event.start} to ${event.end}`);
      assert.ok(Date.parse(event.end) * 1000 > stoppedUs);
      scan(target, decoys(0, 3));
      await until(() => events().some(({ source }) => source?.ip === "10.7.0.3"), () => watch.out);
      assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name: "watch ends at SIGTERM while nobody reads its standard output, and says what that cost",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const pipe = `${target.folder}/pipe`, full = `${target.folder}/full`;
      target.run(["mkfifo", pipe]);
      // Who opens a pipe for reading and writing needs no other end; it holds 64 KiB.
      const fill = `exec 3<>${pipe}; head -c 65536 /dev/zero >&3; touch ${full}; exec sleep 60`;
      target.start(["bash", "-c", fill]);
      await until(() => exists(full), () => "a full pipe");
      const watch = await target.startScandog(
        [...CLASSIC, ...AS_NOBODY, "--sink-queue", "5"],
        `>${pipe}`,
      );
      // Five lines may be on their way, and five wait.
      scan(target, decoys(0, 7));
      scan(target, decoys(1, 7));
      await until(() => /standard output: nobody reads/.test(watch.err), () => watch.err);
      assert.equal(count(watch.err, "nobody reads"), 1);
      watch.signal("SIGTERM");
      assert.equal(await ends(watch), 0);
      assert.match(watch.err, /standard output: closed, \d+ lines could not be written/);
    });
  },
});

Deno.test({
  name: "watch whose only reader has gone ends by itself",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watch = await target.startScandog([...CLASSIC, ...AS_NOBODY], "> >(head -n 1)");
      scan(target);
      scan(target, decoys(0, 3));
      scan(target, decoys(1, 3));
      assert.equal(await ends(watch), 0);
    });
  },
});

Deno.test({
  name: "watch says once that the disk of its log is full, and writes every line when it has room",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const folder = await folderFor(target, "small");
      target.run(["mount", "-t", "tmpfs", "-o", `size=64k,uid=${NOBODY}`, "tmpfs", folder]);
      const logs: [log: string, args: string[], redirection: string][] = [
        [`${folder}/a`, ["--log-file", `${folder}/a`], ""],
        [`${folder}/b`, [], `>>${folder}/b`],
      ];
      for (const [log, args, redirection] of logs) {
        target.run(["sh", "-c", `cat /dev/zero >${folder}/filler; true`]);
        const watch = await target.startScandog([...CLASSIC, ...AS_NOBODY, ...args], redirection);
        scan(target, decoys(0, 3));
        await until(() => /No space left on device; lines wait/.test(watch.err), () => watch.err);
        scan(target, decoys(1, 3));
        target.run(["rm", `${folder}/filler`]);
        await until(() => /works again/.test(watch.err), () => watch.err);
        assert.equal(await watch.stop(), 0);
        assert.equal(count(watch.err, "No space left"), 1, watch.err);
        assert.match(watch.err, / 0 dropped, 0 waiting/);
        const sources = target.run(["cat", log]).split("\n").map((line) => line.split(":")[0]);
        assert.deepEqual(
          [...new Set(sources)].sort(),
          ["", SCANNER, ...decoys(0, 3), ...decoys(1, 3)].sort(),
        );
      }
    });
  },
});

Deno.test({
  name: "watch loses no line to rsyslog while that is killed and started again",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      let daemon = await target.startRsyslog();
      const args = "--syslog --syslog-ident scandog".split(" ");
      const watch = await target.startScandog([...CLASSIC, ...AS_NOBODY, ...args]);
      scan(target, decoys(0, 10));
      await until(() => target.syslog("scandog").length === 11, () => watch.err);
      Deno.kill(target.pidOf("rsyslogd"), "SIGKILL");
      await daemon.status;
      scan(target, decoys(1, 10));
      await until(() => /syslog \/dev\/log: .*; lines wait/.test(watch.err), () => watch.err);
      target.run(["rm", "/dev/log"]);
      daemon = await target.startRsyslog();
      const sources = () => new Set(target.syslog("scandog").map((line) => line.split(/[ :]/)[0]));
      await until(() => sources().size === 21, () => `${[...sources()]}\n${watch.err}`);
      assert.equal(await watch.stop(), 0);
      assert.match(watch.err, /syslog \/dev\/log: \d+ lines written, 0 dropped, 0 waiting/);
    });
  },
});

Deno.test({
  name: "watch takes up its interface again after it was deleted and made anew, without privilege",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watch = await target.startScandog([...CLASSIC, ...AS_NOBODY]);
      scan(target);
      await until(() => count(watch.out, "\n") === 1, () => watch.out);
      target.run(["ip", "link", "delete", INTERFACE]);
      await until(() => /wan0: disappeared; capture goes on when/.test(watch.err), () => watch.err);
      target.joinWire();
      await until(() => /wan0 is back, capture goes on/.test(watch.err), () => watch.err);
      scan(target, decoys(0, 3));
      await until(() => /^10\.7\.0\.3:/m.test(watch.out), () => `${watch.out}${watch.err}`);
      assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name: "watch in an empty chroot has that root, writes its log, and reaches syslog",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      await target.startRsyslog();
      const log = `${await folderFor(target, "logs")}/log`;
      const args = ["--chroot", "/run/scanlogd/empty", "--log-file", log, "--syslog"];
      const watch = await target.startScandog([...CLASSIC, ...AS_NOBODY, ...args]);
      assert.equal(Deno.readLinkSync(`/proc/${watch.pid}/root`), "/run/scanlogd/empty");
      scan(target);
      await until(() => target.syslog("scanlogd").length === 1, () => watch.err);
      await until(() => count(Deno.readTextFileSync(log), "\n") === 1, () => watch.err);
      assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name: "watch started by an ordinary user with two capabilities captures, and can use neither",
  ignore: ignore || withBinary("an ordinary user with two capabilities"),
  async fn() {
    await Target.with(async (target) => {
      // The runtime and its packages may lie where only root can reach them.
      const deno = "/run/deno", cache = "/run/deno-cache", sources = "/run/scandog";
      const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
      const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
      target.run(["touch", deno]);
      target.run(["mkdir", cache, sources]);
      target.run(["mount", "--bind", await Deno.realPath(Deno.execPath()), deno]);
      target.run(["mount", "--bind", denoDir, cache]);
      target.run(["mount", "--bind", inRepository("."), sources]);
      const capabilities = "+net_raw,+net_admin";
      const watch = target.start([
        "env",
        `DENO_DIR=${cache}`,
        ...`setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups`.split(" "),
        ...["--inh-caps", capabilities, "--ambient-caps", capabilities],
        ...[deno, "run", "-A", `${sources}/main.ts`, "watch", "-i", INTERFACE],
        ...["--config", "/dev/null", "--verbose", ...CLASSIC],
      ]);
      await until(() => watch.err.includes("watching "), () => `scandog to watch: ${watch.err}`);
      assert.match(watch.err, /uid 65534, gid 65534, .*system call filter in all/);
      const status = Deno.readTextFileSync(`/proc/${watch.pid}/status`);
      assert.match(status, /^Uid:\t65534\t65534/m);
      assert.match(status, /^CapEff:\t0{16}$/m);
      assert.match(status, /^Seccomp:\t2$/m);
      scan(target);
      await until(() => watch.out.startsWith(SCANNER), () => watch.out + watch.err);
      assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name: "watch names the option that a new configuration misspells, and keeps what needs a restart",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const config = `${target.folder}/scandog.toml`;
      await Deno.writeTextFile(config, 'profile = "scanlogd-2"\n');
      const watch = await target.startScandog([...AS_NOBODY, "--config", config]);
      await Deno.writeTextFile(config, 'profile = "scanlogd-2"\nformt = "json"\n');
      watch.signal("SIGHUP");
      await until(() => /stays as it was/.test(watch.err), () => watch.err);
      assert.match(watch.err, /scandog\.toml:2: there is no option "formt": did you mean format\?/);
      await Deno.writeTextFile(
        config,
        'profile = "scandog"\nformat = "json"\nextension-headers = 3\n',
      );
      watch.signal("SIGHUP");
      await until(() => /read again/.test(watch.err), () => watch.err);
      assert.match(watch.err, /profile has changed: that takes a restart/);
      assert.match(watch.err, /extension-headers has changed: that takes a restart/);
      scan(target);
      await until(() => count(watch.out, "\n") === 1, () => watch.out);
      const { scandog, observer } = JSON.parse(watch.out);
      assert.equal(scandog.profile, "scanlogd-2");
      assert.equal(observer.name, Deno.hostname());
      assert.equal(await watch.stop(), 0);
    });
  },
});
