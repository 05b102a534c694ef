import assert from "node:assert/strict";
import fc from "fast-check";
import { StdoutSink } from "../../src/sink/stdout.ts";

/** A stream that takes at most `piece` bytes at once. */
function collector(piece = Infinity) {
  const decoder = new TextDecoder();
  const stream = {
    calls: 0,
    text: "",
    write(bytes: Uint8Array): Promise<number> {
      stream.calls++;
      const taken = bytes.subarray(0, piece);
      stream.text += decoder.decode(taken, { stream: true });
      return Promise.resolve(taken.length);
    },
  };
  return stream;
}

Deno.test("StdoutSink collects lines and writes them together when the batch is done", async () => {
  const stream = collector();
  const sink = new StdoutSink({ stream });
  sink.write("one");
  sink.write("two");
  assert.equal(stream.calls, 0);
  assert.equal(sink.counters.waiting, 2);
  assert.equal(sink.drained(), undefined, "so little is not waited for");
  await sink.flush();
  assert.equal(stream.text, "one\ntwo\n");
  assert.equal(stream.calls, 1);
  assert.deepEqual(sink.counters, { written: 2, dropped: 0, failures: 0, waiting: 0 });
});

Deno.test("StdoutSink loses nothing to partial writes, full buffers and long lines", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 50 }).map((text) =>
    text.replaceAll("\n", " ")
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom(1, 1, 1, 1000, 3000)));
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 5000 }), async (parts, piece) => {
      const stream = collector(piece);
      const sink = new StdoutSink({ stream });
      // Lone surrogates cannot be written in UTF-8 by anything.
      const texts = parts.map(([text, times]) => text.repeat(times).toWellFormed());
      for (const text of texts) sink.write(text);
      await sink.flush();
      assert.equal(stream.text, texts.map((text) => text + "\n").join(""));
      assert.equal(sink.counters.written, texts.length);
    }),
  );
});

Deno.test("StdoutSink stops writing, and says so once, when the reader has gone", async () => {
  let gone = 0;
  const stream = { write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")) };
  const sink = new StdoutSink({ stream, onGone: () => gone++ });
  sink.write("one");
  await sink.flush();
  sink.write("two");
  await sink.flush();
  assert.equal(gone, 1);
  assert.equal(sink.failure, undefined);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 0, waiting: 0 });
});

Deno.test("StdoutSink tries again when a pipe is full and does not block", async () => {
  const stream = collector(3);
  const taking = stream.write;
  let refusals = 3;
  stream.write = (bytes) =>
    refusals-- > 0 ? Promise.reject(new Deno.errors.WouldBlock("full")) : taking(bytes);
  const sink = new StdoutSink({ stream });
  sink.write("one");
  await sink.flush();
  assert.equal(stream.text, "one\n");
});

Deno.test("StdoutSink keeps what else the system says, and never throws it at a detector", async () => {
  const full = new Error("No space left on device");
  const stream = { write: () => Promise.reject(full) };
  let gone = 0;
  const sink = new StdoutSink({ stream, onGone: () => gone++ });
  sink.write("one");
  await sink.flush();
  sink.write("two");
  assert.equal(sink.failure, full);
  assert.equal(gone, 1);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 1, waiting: 0 });
});

Deno.test("StdoutSink makes room before it writes", async () => {
  const order: string[] = [];
  const stream = {
    write(bytes: Uint8Array): Promise<number> {
      order.push("write");
      return Promise.resolve(bytes.length);
    },
  };
  const sink = new StdoutSink({ stream, beforeWrite: () => order.push("room") });
  sink.write("one");
  await sink.flush();
  await sink.flush();
  assert.deepEqual(order, ["room", "write"]);
});

/** A reader that takes nothing until it is told to. */
function absent() {
  let arrive = (_: number) => {};
  const stream = {
    write: (bytes: Uint8Array) =>
      new Promise<number>((resolve) => arrive = () => resolve(bytes.length)),
  };
  return { stream, arrive: () => arrive(0) };
}

Deno.test("StdoutSink waits for its reader without holding up the program", async () => {
  const { stream, arrive } = absent();
  const sink = new StdoutSink({ stream });
  sink.write("one".padEnd(1 << 20));
  sink.writeLines(new TextEncoder().encode("two\nthree\n"), 2);
  let isDrained = false;
  const drained = sink.drained()!.then(() => isDrained = true);
  for (let i = 0; i < 10; i++) await Promise.resolve();
  assert.equal(isDrained, false);
  assert.equal(sink.counters.waiting, 3);
  arrive();
  for (let i = 0; i < 10; i++) await Promise.resolve();
  assert.deepEqual(sink.counters, { written: 1, dropped: 0, failures: 0, waiting: 2 });
  arrive();
  await drained;
  assert.equal(sink.counters.written, 3);
});

Deno.test("StdoutSink that was stopped waits a moment for its reader, and says what was lost", async () => {
  const sink = new StdoutSink({ stream: absent().stream });
  const stopper = new AbortController();
  sink.write("one");
  sink.write("two");
  const finished = sink.finish(stopper.signal);
  stopper.abort();
  assert.equal(await finished, 2);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 0, waiting: 0 });
  sink.write("late");
  assert.equal(sink.counters.dropped, 3);
});

Deno.test("StdoutSink takes lines as bytes in their order, and copies them", async () => {
  const stream = collector();
  const sink = new StdoutSink({ stream });
  const bytes = new TextEncoder().encode("two\nthree\n");
  sink.write("one");
  sink.writeLines(bytes, 2);
  bytes.fill(0);
  sink.write("four");
  assert.equal(await sink.finish(), 0);
  assert.equal(stream.text, "one\ntwo\nthree\nfour\n");
  assert.equal(sink.counters.written, 4);
});

Deno.test("StdoutSink writes what a pipe takes whole or not at all, once it was full", async () => {
  const sizes: number[] = [];
  const stream = {
    write(bytes: Uint8Array): Promise<number> {
      sizes.push(bytes.length);
      return sizes.length === 1
        ? Promise.reject(new Deno.errors.WouldBlock("full"))
        : Promise.resolve(bytes.length);
    },
  };
  const sink = new StdoutSink({ stream });
  sink.writeLines(new TextEncoder().encode(`${"x".repeat(99)}\n`.repeat(200)), 200);
  await sink.flush();
  assert.equal(sizes[0], 20_000);
  assert.deepEqual(sizes.slice(1), [4000, 4000, 4000, 4000, 4000]);
});
