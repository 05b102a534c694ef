import assert from "node:assert/strict";
import { DatagramSink } from "../../src/sink/datagram_sink.ts";
import { scanEvent } from "../support/events.ts";
import { Random } from "../support/random.ts";
import { ManualTime, MemoryDaemon } from "./stand_ins.ts";

const EVENT = scanEvent();

function sinkTo(daemon: MemoryDaemon, queue: number, confirmed = true) {
  const time = new ManualTime();
  const said: string[] = [];
  const sink = new DatagramSink({
    name: "syslog",
    open: daemon.open,
    frame: (line) => new TextEncoder().encode(line),
    confirmed,
    queue,
    notice: (text) => said.push(text),
    later: time.later,
    clock: time.clock,
  });
  return { sink, time, said };
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
}

Deno.test("DatagramSink keeps what its queue holds while the daemon is down, and counts the rest", async () => {
  const daemon = new MemoryDaemon();
  daemon.room = 100;
  const { sink, time, said } = sinkTo(daemon, 10);
  daemon.stop();
  for (const line of numbered(0, 25)) sink.write(line, EVENT);
  assert.deepEqual({ ...sink.counters, failures: 0 }, {
    written: 0,
    dropped: 15,
    failures: 0,
    waiting: 10,
  });
  daemon.start();
  time.pass(10_000);
  daemon.take();
  assert.deepEqual(daemon.read, numbered(0, 10));
  assert.equal(sink.counters.written, 10);
  assert.equal(sink.counters.waiting, 0);
  assert.match(said[0], /^syslog: .*lines wait, detection goes on/);
  assert.match(said.at(-1)!, /works again after .*15 lines lost/);
  await sink.close();
});

Deno.test("DatagramSink waits for a busy daemon without losing or swapping lines", async () => {
  const daemon = new MemoryDaemon();
  const { sink, time } = sinkTo(daemon, 100);
  for (const line of numbered(0, 50)) sink.write(line, EVENT);
  assert.equal(sink.counters.written, 8);
  for (let i = 0; i < 50; i++) {
    daemon.take(2);
    time.pass(10);
  }
  assert.deepEqual(daemon.read, numbered(0, 50));
  assert.equal(sink.counters.dropped, 0);
  await sink.close();
});

Deno.test("DatagramSink sends again what the daemon had not read when it died", async () => {
  const daemon = new MemoryDaemon();
  const { sink, time } = sinkTo(daemon, 100);
  for (const line of numbered(0, 5)) sink.write(line, EVENT);
  daemon.take(3);
  daemon.stop(); // two unread ones are gone
  time.pass(1000);
  daemon.start();
  sink.write("line 5", EVENT);
  time.pass(10_000);
  daemon.take();
  assert.deepEqual(new Set(daemon.read), new Set(numbered(0, 6)));
  assert.equal(sink.counters.written, 6);
  await sink.close();
});

Deno.test("DatagramSink sends nothing twice when the daemon restarts after it has read all", async () => {
  const daemon = new MemoryDaemon();
  const { sink, time } = sinkTo(daemon, 100);
  for (const line of numbered(0, 5)) sink.write(line, EVENT);
  daemon.take();
  time.pass(1000); // the reader is asked meanwhile
  daemon.stop();
  daemon.start();
  sink.write("line 5", EVENT);
  daemon.take();
  assert.deepEqual(daemon.read, numbered(0, 6));
  await sink.close();
});

Deno.test("DatagramSink drops a line that the far end can never take, and goes on", async () => {
  const daemon = new MemoryDaemon();
  const { sink, said } = sinkTo(daemon, 100);
  sink.write("x".repeat(2000), EVENT);
  sink.write("short", EVENT);
  daemon.take();
  assert.deepEqual(daemon.read, ["short"]);
  assert.equal(sink.counters.dropped, 1);
  assert.match(said[0], /error 90/);
  await sink.close();
});

Deno.test("DatagramSink starts before its daemon", async () => {
  const daemon = new MemoryDaemon();
  daemon.stop();
  const { sink, time, said } = sinkTo(daemon, 100);
  assert.match(said[0], /Cannot reach it: Connection refused/);
  sink.write("first", EVENT);
  daemon.start();
  time.pass(10_000);
  daemon.take();
  assert.deepEqual(daemon.read, ["first"]);
  await sink.close();
});

Deno.test("DatagramSink counts what waits at the end as lost, and what comes later", async () => {
  const daemon = new MemoryDaemon();
  daemon.stop();
  const { sink, time, said } = sinkTo(daemon, 100);
  for (const line of numbered(0, 3)) sink.write(line, EVENT);
  await sink.close();
  assert.deepEqual(sink.counters.dropped, 3);
  assert.match(said.at(-1)!, /closed, 3 lines could not be written/);
  sink.write("late", EVENT);
  assert.equal(sink.counters.dropped, 4);
  assert.equal(time.pending, 0);
});

Deno.test("DatagramSink loses nothing it accepted, whatever the daemon does", async () => {
  const seed = 4711;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 100; round++) {
    const daemon = new MemoryDaemon();
    const { sink, time } = sinkTo(daemon, random.between(1, 40));
    const accepted: string[] = [];
    for (let step = 0; step < 200; step++) {
      const choice = random.below(10);
      if (choice < 6) {
        const { dropped } = sink.counters;
        sink.write(`${round}/${step}`, EVENT);
        if (sink.counters.dropped === dropped) accepted.push(`${round}/${step}`);
      } else if (choice < 8) daemon.take(random.between(1, 6));
      else if (choice === 8) time.pass(random.between(1, 300));
      else if (daemon.alive) daemon.stop();
      else {
        // Whoever is replaced faster than the reader is asked cannot be told from its successor.
        time.pass(100);
        daemon.start();
      }
    }
    if (!daemon.alive) daemon.start();
    for (let i = 0; i < 60; i++) {
      daemon.take();
      time.pass(1000);
    }
    // One more line finds out that the last ones were never read.
    sink.write("last", EVENT);
    accepted.push("last");
    for (let i = 0; i < 60; i++) {
      daemon.take();
      time.pass(1000);
    }
    assert.equal(sink.counters.waiting, 0);
    const read = [...new Set(daemon.read)];
    assert.deepEqual([...read].sort(), [...accepted].sort(), `round ${round}`);
    await sink.close();
  }
});

Deno.test("DatagramSink over UDP does not announce a recovery that the next refusal takes back", async () => {
  const said: string[] = [];
  let sends = 0;
  const sink = new DatagramSink({
    name: "udp",
    open: () => ({
      // A closed port: every second send brings the refusal of the one before.
      send: () => ++sends % 2 === 0 ? 111 : 0,
      outstanding: () => 0,
      close: () => {},
      errorText: () => "Connection refused",
    }),
    frame: (line) => new TextEncoder().encode(line),
    confirmed: false,
    queue: 10,
    notice: (text) => said.push(text),
    later: new ManualTime().later,
  });
  for (const line of numbered(0, 100)) sink.write(line, EVENT);
  assert.deepEqual(said, ["udp: Connection refused; lines wait, detection goes on"]);
  await sink.close();
});

Deno.test("DatagramSink keeps no more than any kernel's queue holds for a reader that never reads", async () => {
  const time = new ManualTime();
  const daemon = new MemoryDaemon();
  daemon.room = Infinity;
  const sink = new DatagramSink({
    name: "unix",
    open: daemon.open,
    frame: (line) => new TextEncoder().encode(line),
    confirmed: true,
    queue: 10,
    notice: () => {},
    later: time.later,
  });
  for (const line of numbered(0, 5000)) sink.write(line, EVENT);
  assert.equal(sink.counters.written, 5000);
  daemon.stop();
  daemon.start();
  // The next line finds out, and what was kept is sent again.
  sink.write("last", EVENT);
  daemon.take();
  assert.equal(daemon.read.length, 1024 + 1);
  assert.equal(daemon.read.at(-1), "last");
  await sink.close();
});
