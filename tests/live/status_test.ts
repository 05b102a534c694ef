// `scandog status` asks a `watch` that has given up everything, while real nmap scans it; metrics for
// Prometheus; what systemd is told; a display that renews itself.

import assert from "node:assert/strict";
import { PATIENCE_MS, UnixReceiver, until } from "../sink/receivers.ts";
import type { Status } from "../../src/status/status.ts";
import { scandog, scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";
import { INTERFACE, SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const ignore = skipped("scandog status of a confined watch", whyNoTarget());
const SCRIPT = "/usr/bin/script";

async function statusOf(control: string): Promise<Status> {
  const { status, out, err } = await scandog(["status", "--json", "--control", control]);
  assert.deepEqual([status, err], [0, ""]);
  return JSON.parse(out);
}

/** A folder on the target that user nobody may write to. */
async function openFolder(target: Target): Promise<string> {
  const folder = `${target.folder}/open`;
  await Deno.mkdir(folder);
  await Deno.chmod(folder, 0o777);
  return folder;
}

Deno.test({
  name: "status tells of a confined watch: devices, a scan under way, alerts, who is near, logs",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const folder = await openFolder(target);
      const control = `${target.folder}/control`;
      const metrics = `${folder}/scandog.prom`;
      const log = `${folder}/scandog.log`;
      const words =
        `--user nobody --control ${control} --metrics-file ${metrics} --log-file ${log}`;
      const watch = await target.startScandog(words.split(" "));
      const { mode, uid } = await Deno.stat(control);
      assert.deepEqual([mode! & 0o777, uid], [0o660, 65534]);
      let before = await statusOf(control);
      // Devices are counted from the first turn on.
      while (before.devices.length === 0) before = await statusOf(control);
      assert.deepEqual(before.devices.map(({ name, isUp }) => [name, isUp]), [[INTERFACE, true]]);
      assert.equal(before.scans.told, 0);
      assert.equal(before.configuration.user, '"nobody"');

      target.scan("nmap -n -Pn --send-ip -sS -p1-200".split(" ").concat(TARGET));
      await until(
        () => exists(log) && Deno.readTextFileSync(log).includes("SCAN "),
        () => watch.err,
      );
      let after = await statusOf(control);
      // The kernel is asked once a second.
      while (after.devices[0].received < 200) after = await statusOf(control);
      assert.equal(after.scans.told, 1);
      assert.deepEqual(
        after.scans.underWay.map(({ source, destination }) => [source, destination]),
        [[SCANNER, TARGET]],
      );
      assert.match(after.alerts[0], new RegExp(`SCAN ${SCANNER}:\\d+ -> ${TARGET} vertical syn`));
      assert.ok(after.packets.kinds.tcp >= 200);
      assert.deepEqual(after.logs.map(({ name, written }) => [name, written]), [[
        `log file ${log}`,
        1,
      ]]);
      assert.equal(after.delay.detection.counts.reduce((a, b) => a + b), 1);

      // Fewer ports than a scan, from elsewhere: near to it, and said as `explain` says it.
      target.run(["ip", "route", "add", "198.51.100.77/32", "dev", INTERFACE]);
      target.scan("ip addr add 198.51.100.77/24 dev wan1".split(" "));
      target.scan(
        "nmap -n -Pn --send-ip -sT -p7001-7004 -S 198.51.100.77 -e wan1".split(" ").concat(TARGET),
      );
      let near: Status["nearest"] = [];
      const end = performance.now() + PATIENCE_MS;
      while (near?.length === 0 && performance.now() < end) {
        near = (await statusOf(control)).nearest;
      }
      assert.ok(near!.length > 0);
      assert.match(near![0].text, /: (weight|points) \d+ of \d+/);
      assert.ok(near!.every(({ reached, enough }) => reached < enough));

      const tables = (await statusOf(control)).tables!;
      assert.ok(
        tables.some(({ name, used, capacity }) =>
          name === "attempts" && used! > 0 && used! < capacity
        ),
      );
      const text = await scandog(["status", "--control", control]);
      assert.match(
        text.out,
        new RegExp(`1 scan under way.*\\n  ${SCANNER} -> ${TARGET}; vertical syn`),
      );
      const asked = await scandog(["status", "--metrics", "--control", control]);
      assert.match(asked.out, /^scandog_scans_total\{shape="vertical"\} 1$/m);
      assert.equal(await watch.stop(), 0);
      // The file has the last word, and no half of one.
      assert.match(
        await Deno.readTextFile(metrics),
        /^scandog_scans_total\{shape="vertical"\} 1$/m,
      );
      const gone = await scandog(["status", "--control", control]);
      assert.equal(gone.status, 1);
      assert.match(gone.err, /no scandog answers there; start `scandog watch` with --control/);
    });
  },
});

Deno.test({
  name: "watch tells systemd that it is ready, how it is, and that it lives, after it is confined",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const receiver = new UnixReceiver(`${target.folder}/notify`);
      await Deno.chmod(`${target.folder}/notify`, 0o777);
      try {
        const words = scandogWords(
          `watch -i ${INTERFACE} --config /dev/null --user nobody`.split(" "),
        );
        const variables = [`NOTIFY_SOCKET=${target.folder}/notify`, "WATCHDOG_USEC=400000"];
        const watch = target.start(["/usr/bin/env", ...variables, ...words]);
        const said: string[] = [];
        const hears = (text: string) => () => {
          said.push(...receiver.lines());
          return said.some((line) => line.includes(text));
        };
        await until(hears("READY=1"), () => `READY: ${watch.err}`);
        await until(
          hears("STATUS=0 packets/s; 0 scans, 0 under way; 0 packets lost"),
          () => `${said}`,
        );
        said.length = 0;
        await until(
          () => hears("WATCHDOG=1")() && said.length >= 3,
          () => `signs of life: ${said}`,
        );
        assert.equal(await watch.stop(), 0);
        assert.ok(hears("STOPPING=1")(), `${said}`);
      } finally {
        receiver.close();
      }
    });
  },
});

Deno.test({
  name: "status --watch renews itself on the other screen, and leaves the terminal as it was",
  ignore: ignore || skipped("status --watch", !exists(SCRIPT) && `${SCRIPT} is not there`),
  async fn() {
    await Target.with(async (target) => {
      const control = `${target.folder}/control`;
      const watch = await target.startScandog(`--user nobody --control ${control}`.split(" "));
      const words = scandogWords(["status", "--watch", "--control", control]);
      const command = `stty cols 60 rows 20; ${words.map((word) => `'${word}'`).join(" ")}`;
      const child = new Deno.Command(SCRIPT, {
        args: ["-qec", command, "/dev/null"],
        env: { NO_COLOR: "1", TERM: "xterm" },
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let seen = "";
      const reading = (async () => {
        const decoder = new TextDecoder();
        for await (const bytes of child.stdout) seen += decoder.decode(bytes, { stream: true });
      })();
      const frames = () => seen.split("\x1b[?2026h").length - 1;
      const keys = child.stdin.getWriter();
      const press = (key: string) => keys.write(new TextEncoder().encode(key));
      await until(() => frames() >= 2, () => seen);
      await press("p");
      await until(() => seen.includes("PAUSED"), () => seen);
      await press("q");
      assert.equal((await child.status).code, 0);
      await keys.close().catch(() => {});
      await reading;
      assert.ok(seen.indexOf("\x1b[?1049h\x1b[?25l") < seen.indexOf("scandog 0."), seen);
      assert.ok(seen.trimEnd().endsWith("\x1b[?25h\x1b[?1049l"), JSON.stringify(seen.slice(-80)));
      for (const frame of seen.split("\x1b[?2026h").slice(1)) {
        // deno-lint-ignore no-control-regex
        const lines = frame.replace(/\x1b\[[?\d]*[a-zA-Z]/g, "").split("\n");
        assert.ok(lines.length <= 20, `${lines.length} lines`);
        for (const line of lines) assert.ok(line.trimEnd().length <= 60, line);
      }
      await watch.stop();
    });
  },
});
