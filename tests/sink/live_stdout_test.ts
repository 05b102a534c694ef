import assert from "node:assert/strict";
import { LiveStdoutSink } from "../../src/sink/live_stdout.ts";
import { ManualTime } from "./stand_ins.ts";

/** A reader that can pause, take little at once, fill up and go. */
class Reader {
  text = "";
  piece = Infinity;
  failure: Error | undefined;
  #paused: (() => void)[] = [];
  paused = false;

  async write(bytes: Uint8Array): Promise<number> {
    if (this.paused) await new Promise<void>((resolve) => this.#paused.push(resolve));
    if (this.failure !== undefined) throw this.failure;
    const taken = bytes.subarray(0, this.piece);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }

  goOn(): void {
    this.paused = false;
    for (const resolve of this.#paused.splice(0)) resolve();
  }
}

function setUp(options: { queue?: number; isTerminal?: boolean } = {}) {
  const reader = new Reader(), time = new ManualTime(), notices: string[] = [];
  let gone = 0;
  const sink = new LiveStdoutSink({
    queue: 8,
    ...options,
    stream: reader,
    notice: (text) => notices.push(text),
    onGone: () => gone++,
    later: time.later,
    clock: time.clock,
  });
  return { reader, time, notices, sink, gone: () => gone };
}

/** All that can happen without time passing. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

Deno.test("LiveStdoutSink writes the lines of one turn together, however little is taken at once", async () => {
  const { reader, sink } = setUp();
  reader.piece = 3;
  sink.write("one");
  sink.write("two");
  assert.equal(reader.text, "", "write() does not write itself");
  await settle();
  assert.equal(reader.text, "one\ntwo\n");
  assert.deepEqual(sink.counters, { written: 2, dropped: 0, failures: 0, waiting: 0 });
});

Deno.test("LiveStdoutSink does not wait for a reader that pauses, keeps its queue and counts the rest", async () => {
  const { reader, sink, notices } = setUp({ queue: 4 });
  reader.paused = true;
  sink.write("begun");
  await settle();
  for (let i = 0; i < 6; i++) sink.write(`${i}`);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 0, waiting: 5 });
  assert.match(notices[0], /standard output: nobody reads, the queue of 4 lines is full/);
  reader.goOn();
  await settle();
  assert.equal(reader.text, "begun\n0\n1\n2\n3\n");
  assert.equal(sink.counters.written, 5);
  assert.match(notices[1], /works again .*2 lines lost/);
});

Deno.test("LiveStdoutSink finishes the line it began when a full disk has room again", async () => {
  const { reader, sink, notices, time } = setUp();
  reader.piece = 5;
  sink.write("0123456789");
  const write = reader.write.bind(reader);
  reader.write = (bytes) => {
    reader.write = () => Promise.reject(new Error("No space left on device (os error 28)"));
    return write(bytes);
  };
  await settle();
  assert.equal(reader.text, "01234");
  assert.match(notices[0], /No space left on device; lines wait/);
  sink.write("next");
  assert.equal(sink.counters.waiting, 2);
  reader.write = write;
  time.pass(1000);
  await settle();
  assert.equal(reader.text, "0123456789\nnext\n");
  assert.match(notices[1], /works again/);
  assert.equal(notices.length, 2);
});

Deno.test("LiveStdoutSink says once that its reader has gone, and counts what comes later", async () => {
  const { reader, sink, gone } = setUp();
  reader.failure = new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
  sink.write("one");
  sink.write("two");
  await settle();
  sink.write("three");
  await settle();
  assert.equal(gone(), 1);
  assert.deepEqual(sink.counters, { written: 0, dropped: 3, failures: 1, waiting: 0 });
});

Deno.test("LiveStdoutSink takes a terminal that fails for one that was closed", async () => {
  const { reader, sink, gone, time } = setUp({ isTerminal: true });
  reader.failure = new Error("Input/output error (os error 5)");
  sink.write("one");
  await settle();
  assert.equal(gone(), 1);
  assert.equal(time.pending, 0);
});

Deno.test("LiveStdoutSink tries a pipe that does not block again, without a word", async () => {
  const { reader, sink, notices, time } = setUp();
  reader.failure = new Deno.errors.WouldBlock("Resource temporarily unavailable");
  sink.write("one");
  await settle();
  reader.failure = undefined;
  time.pass(10);
  await settle();
  assert.equal(reader.text, "one\n");
  assert.deepEqual([notices, sink.counters.failures], [[], 0]);
});

Deno.test("LiveStdoutSink closes with what was written, and counts what nobody took", async () => {
  const { reader, sink, notices } = setUp();
  sink.write("one");
  await sink.close();
  assert.equal(reader.text, "one\n");
  sink.write("late");
  assert.equal(sink.counters.dropped, 1);
  assert.deepEqual(notices, []);
  const stuck = setUp();
  stuck.reader.paused = true;
  stuck.sink.write("one");
  await stuck.sink.close();
  assert.deepEqual(stuck.sink.counters, { written: 0, dropped: 1, failures: 0, waiting: 0 });
  assert.match(stuck.notices[0], /closed, 1 line could not be written/);
});

Deno.test("LiveStdoutSink waits at its end for a reader whose pipe is full and does not block", async () => {
  const { reader, sink, notices } = setUp();
  reader.failure = new Deno.errors.WouldBlock("Resource temporarily unavailable");
  sink.write("one");
  await settle();
  const closing = sink.close();
  // The reader is back after a moment: real time, which is what the end waits for.
  setTimeout(() => reader.failure = undefined, 30);
  await closing;
  assert.equal(reader.text, "one\n");
  assert.deepEqual([sink.counters.written, sink.counters.dropped, notices], [1, 0, []]);
});

Deno.test("LiveStdoutSink counts as lost at its end only what was not read whole", async () => {
  const { reader, sink, notices } = setUp();
  for (const line of ["one", "two", "three"]) sink.write(line);
  reader.piece = 6;
  const write = reader.write.bind(reader);
  reader.write = (bytes) => {
    reader.write = () => Promise.reject(new Deno.errors.WouldBlock("again"));
    return write(bytes);
  };
  await sink.close();
  assert.equal(reader.text, "one\ntw");
  assert.deepEqual(sink.counters, { written: 1, dropped: 2, failures: 0, waiting: 0 });
  assert.match(notices[0], /closed, 2 lines could not be written/);
});

Deno.test("LiveStdoutSink takes lines many at once, copied, and drops them by the batch", async () => {
  const { reader, sink, notices } = setUp({ queue: 3 });
  reader.paused = true;
  sink.write("begun");
  await settle();
  const batch = new TextEncoder().encode("a\nb\n");
  sink.writeLines(batch, 2);
  batch.fill(0);
  sink.writeLines(new TextEncoder().encode("c\nd\n"), 2);
  sink.writeLines(new TextEncoder().encode("e\nf\n"), 2);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 0, waiting: 5 });
  reader.goOn();
  await settle();
  assert.equal(reader.text, "begun\na\nb\nc\nd\n");
  assert.equal(sink.counters.written, 5);
  assert.match(notices.at(-1)!, /2 lines lost/);
});
