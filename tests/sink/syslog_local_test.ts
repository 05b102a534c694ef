import assert from "node:assert/strict";
import { journalAnswers, journald } from "../../src/sink/journald.ts";
import { localSyslog } from "../../src/sink/syslog_local.ts";
import { parsePriorities, PRIORITIES_DEFAULT } from "../../src/sink/syslog_priority.ts";
import { scanEvent } from "../support/events.ts";
import { skipped } from "../support/skip.ts";
import { UnixReceiver, until } from "./receivers.ts";

const ignore = skipped("UNIX datagram sinks", Deno.build.os !== "linux" && "they need Linux");

function options(path: string, said: string[] = []) {
  return {
    path,
    priorities: PRIORITIES_DEFAULT,
    ident: "scandog",
    queue: 50,
    lineBytes: 8000,
    zone: () => 0,
    notice: (text: string) => void said.push(text),
  };
}

async function withDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test({
  name: "localSyslog() delivers to a real socket, and to its successor after a restart",
  ignore,
  fn: () =>
    withDirectory(async (directory) => {
      const path = `${directory}/log`;
      const said: string[] = [];
      let receiver = new UnixReceiver(path);
      const sink = localSyslog(options(path, said));
      sink.write("one", scanEvent());
      assert.match(
        receiver.lines().join(),
        /^<25>[A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d scandog: one$/,
      );

      sink.write("unread", scanEvent());
      receiver.close();
      for (let i = 0; i < 60; i++) sink.write(`down ${i}`, scanEvent());
      // The queue holds 50, and one of them is the line that was not read.
      assert.equal(sink.counters.dropped, 11);
      receiver = new UnixReceiver(path);
      const got: string[] = [];
      await until(() => {
        got.push(...receiver.lines());
        return sink.counters.waiting === 0;
      }, () => `${sink.counters.waiting} lines to leave`);
      got.push(...receiver.lines());
      const expected = ["unread", ...Array.from({ length: 49 }, (_, i) => `down ${i}`)];
      assert.deepEqual(got.map((line) => line.slice(line.indexOf(": ") + 2)), expected);
      assert.match(said[0], /^syslog .*Connection refused/);
      assert.match(said.at(-1)!, /works again after .*; 11 lines lost$/);
      await sink.close();
      receiver.close();
    }),
});

Deno.test({
  name: "localSyslog() never waits for a daemon that does not read, and flush waits a bounded time",
  ignore,
  fn: () =>
    withDirectory(async (directory) => {
      const receiver = new UnixReceiver(`${directory}/log`);
      const sink = localSyslog({ ...options(`${directory}/log`), queue: 100_000 });
      for (let i = 0; i < 2000; i++) sink.write(`line ${i}`, scanEvent());
      assert.ok(sink.counters.waiting > 0, "the kernel took them all");
      assert.equal(sink.counters.dropped, 0);
      await sink.flush();
      assert.ok(sink.counters.waiting > 0);
      const got = receiver.lines().length;
      await sink.close();
      assert.equal(got + receiver.lines().length + sink.counters.dropped, 2000);
      receiver.close();
    }),
});

Deno.test({
  name: "localSyslog() starts without a daemon and says that it is not there",
  ignore,
  fn: async () => {
    const said: string[] = [];
    const sink = localSyslog(options("/nonesuch/log", said));
    sink.write("x", scanEvent());
    await sink.close();
    assert.match(said[0], /Cannot reach \/nonesuch\/log: No such file or directory/);
    assert.equal(sink.counters.dropped, 1);
  },
});

Deno.test({
  name: "journald() hands over entries that a real socket receives whole",
  ignore,
  fn: () =>
    withDirectory(async (directory) => {
      const path = `${directory}/socket`;
      assert.equal(journalAnswers(path), false);
      const receiver = new UnixReceiver(path);
      assert.equal(journalAnswers(path), true);
      const sink = journald(options(path));
      sink.write("a scan\nPRIORITY=0", scanEvent());
      const [entry] = receiver.lines();
      assert.match(
        entry,
        /^MESSAGE=a scan\\u000aPRIORITY=0\nPRIORITY=1\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=scandog\n/,
      );
      assert.match(entry, /\nSCANDOG_SOURCE=10\.9\.0\.2\n/);
      await sink.close();
      receiver.close();
    }),
});

Deno.test({
  name: "journald() fits its longest entry into one datagram",
  ignore,
  fn: () =>
    withDirectory(async (directory) => {
      const path = `${directory}/socket`;
      const receiver = new UnixReceiver(path);
      const sink = journald(options(path));
      const long = "1,".repeat(100_000);
      sink.write(
        long,
        scanEvent({ ports: { count: 9, list: long, open: long }, hosts: { count: 9, list: long } }),
      );
      assert.equal(sink.counters.written, 1);
      assert.ok(receiver.take()[0].length > 4 * 8000);
      await sink.close();
      receiver.close();
    }),
});

Deno.test({
  name: "localSyslog() and journald() send each line with its kind's priority, trimmed",
  ignore,
  fn: () =>
    withDirectory(async (directory) => {
      const path = `${directory}/log`;
      const receiver = new UnixReceiver(path);
      const priorities = parsePriorities("scan-end=local0.notice")!;
      const trim = (line: string) => line.replace(/^time /, "");
      for (const make of [localSyslog, journald]) {
        const sink = make({ ...options(path), priorities, trim });
        sink.write("time one", scanEvent());
        sink.write("time two", scanEvent({ action: "scan-end" }));
        const [one, two] = receiver.lines();
        if (make === localSyslog) {
          assert.match(one, /^<25>Nov 21 22:14:52 scandog: one$/);
          assert.match(two, /^<133>Nov 21 22:14:52 scandog: two$/);
        } else {
          assert.match(one, /^MESSAGE=one\nPRIORITY=1\nSYSLOG_FACILITY=3\n/);
          assert.match(two, /^MESSAGE=two\nPRIORITY=5\nSYSLOG_FACILITY=16\n/);
        }
        await sink.close();
      }
      receiver.close();
    }),
});
