import assert from "node:assert/strict";
import { localSyslog } from "../../src/sink/syslog_local.ts";
import { PRIORITIES_DEFAULT } from "../../src/sink/syslog_priority.ts";
import { parseRemote, remoteSyslog } from "../../src/sink/syslog_remote.ts";
import { until } from "../sink/receivers.ts";
import { scanEvent } from "../support/events.ts";
import { skipped } from "../support/skip.ts";
import { Rsyslog, whyNoRsyslog } from "./rsyslog.ts";

const ignore = skipped("real rsyslog", whyNoRsyslog());

function local(path: string, queue: number, said: string[] = []) {
  return localSyslog({
    path,
    priorities: PRIORITIES_DEFAULT,
    ident: "scandog",
    queue,
    lineBytes: 8000,
    zone: () => 0,
    notice: (text) => void said.push(text),
  });
}

function texts(lines: string[]): string[] {
  return lines.map((line) => line.slice(line.lastIndexOf("|") + 1).trim());
}

/** Lets the event loop turn, as between two batches of packets. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test({
  name: "rsyslog reads local messages as scandog's, at daemon.alert, whatever is in them",
  ignore,
  fn: () =>
    Rsyslog.with(async (rsyslog) => {
      const sink = local(rsyslog.socket, 100);
      sink.write("a scan from 10.9.0.2", scanEvent());
      sink.write("evil\n<0>Jan  1 00:00:00 kernel: fake\x1b[2J\u202e", scanEvent());
      sink.write("x".repeat(20_000), scanEvent());
      await until(() => rsyslog.lines().length === 3, () => `3 lines: ${rsyslog.lines()}`);
      assert.deepEqual(rsyslog.lines().slice(0, 2), [
        "daemon.alert|scandog|-|-|-| a scan from 10.9.0.2",
        "daemon.alert|scandog|-|-|-| evil\\u000a<0>Jan  1 00:00:00 kernel: fake\\u001b[2J\\u202e",
      ]);
      assert.equal(texts(rsyslog.lines())[2], "x".repeat(7997) + "...");
      await sink.close();
    }),
});

Deno.test({
  name: "no line is lost while rsyslog is stopped, killed and started again under load",
  ignore,
  fn: () =>
    Rsyslog.with(async (rsyslog) => {
      const said: string[] = [];
      const sink = local(rsyslog.socket, 20_000, said);
      let count = 0;
      const load = async (lines: number) => {
        for (let i = 0; i < lines; i++) {
          sink.write(`line ${count++}`, scanEvent());
          if (i % 10 === 0) await turn();
        }
      };
      const missing = () => {
        const seen = new Set(texts(rsyslog.lines()));
        return Array.from({ length: count }, (_, i) => `line ${i}`).filter((line) =>
          !seen.has(line)
        );
      };
      for (const signal of ["SIGTERM", "SIGKILL", "SIGTERM"] as const) {
        await load(300);
        // A killed rsyslog loses what it had read and not yet written; that is not ours to mend.
        const idle = () => sink.counters.waiting === 0 && missing().length === 0;
        if (signal === "SIGKILL") await until(idle, () => `${missing().length} lines`);
        const [stopped] = [rsyslog.stop(signal), await load(300)];
        await stopped;
        await load(300);
        const [started] = [rsyslog.start(), await load(300)];
        await started;
      }
      await load(300);
      await until(() => sink.counters.waiting === 0, () => `${sink.counters.waiting} to leave`);
      await until(() => missing().length === 0, () => `${missing().length} lines: ${missing()}`);
      assert.equal(sink.counters.dropped, 0);
      assert.equal(sink.counters.written, count);
      const twice = rsyslog.lines().length - count;
      console.log(`${count} lines, none lost, ${twice} came twice over three restarts`);
      assert.ok(twice < 3 * 1024, "at most one kernel queue for each restart");
      assert.match(said[0], /lines wait, detection goes on/);
      await sink.close();
    }),
});

Deno.test({
  name: "what does not fit the queue while rsyslog is stopped is counted, to the line",
  ignore,
  fn: () =>
    Rsyslog.with(async (rsyslog) => {
      const said: string[] = [];
      const sink = local(rsyslog.socket, 100, said);
      sink.write("before", scanEvent());
      await until(() => rsyslog.lines().length === 1, () => "the first line");
      await rsyslog.stop("SIGTERM");
      for (let i = 0; i < 500; i++) sink.write(`line ${i}`, scanEvent());
      await rsyslog.start();
      await until(() => sink.counters.waiting === 0, () => `${sink.counters.waiting} to leave`);
      const distinct = () => new Set(texts(rsyslog.lines())).size;
      await until(() => distinct() + sink.counters.dropped === 501, () => `${distinct()} lines`);
      assert.ok(sink.counters.dropped >= 400);
      assert.match(said.at(-1)!, new RegExp(`; ${sink.counters.dropped} lines lost$`));
      await sink.close();
    }),
});

Deno.test({
  name: "a paused rsyslog (SIGSTOP) holds nothing up, and gets every line when it goes on",
  ignore,
  fn: () =>
    Rsyslog.with(async (rsyslog) => {
      const sink = local(rsyslog.socket, 10_000);
      rsyslog.signal("SIGSTOP");
      for (let i = 0; i < 3000; i++) sink.write(`line ${i}`, scanEvent());
      assert.ok(sink.counters.waiting > 0);
      rsyslog.signal("SIGCONT");
      await until(
        () => rsyslog.lines().length === 3000,
        () => `3000, got ${rsyslog.lines().length}`,
      );
      assert.deepEqual(texts(rsyslog.lines()), Array.from({ length: 3000 }, (_, i) => `line ${i}`));
      assert.equal(sink.counters.dropped, 0);
      await sink.close();
    }),
});

for (const transport of ["udp", "tcp"]) {
  Deno.test({
    name: `rsyslog understands what comes over ${transport}, field by field`,
    ignore,
    fn: () =>
      Rsyslog.with(async (rsyslog) => {
        const sink = await remoteSyslog({
          address: parseRemote(`${transport}://127.0.0.1:${rsyslog.port}`)!,
          head: {
            priorities: PRIORITIES_DEFAULT,
            hostname: "gate",
            ident: "scandog",
            processId: 321,
            version: "0.1.0",
          },
          queue: 100,
          lineBytes: 4000,
          notice: assert.fail,
        });
        sink.write("one", scanEvent());
        sink.write("two\n<0>three", scanEvent({ action: "scan-end" }));
        await until(() => rsyslog.lines().length === 2, () => `2 lines: ${rsyslog.lines()}`);
        const data = (sequence: number) =>
          `[origin software="scandog" swVersion="0.1.0"][meta sequenceId="${sequence}"]`;
        assert.deepEqual(rsyslog.lines(), [
          `daemon.alert|scandog|321|scan-start|${data(1)}|one`,
          `daemon.alert|scandog|321|scan-end|${data(2)}|two\\u000a<0>three`,
        ]);
        await sink.close();
      }),
  });
}
