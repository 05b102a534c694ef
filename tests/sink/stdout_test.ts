import assert from "node:assert/strict";
import fc from "fast-check";
import { StdoutSink } from "../../src/sink/stdout.ts";

/** A stream that takes at most `piece` bytes at once. */
function collector(piece = Infinity) {
  const decoder = new TextDecoder();
  const stream = {
    calls: 0,
    text: "",
    writeSync(bytes: Uint8Array): number {
      stream.calls++;
      const taken = bytes.subarray(0, piece);
      stream.text += decoder.decode(taken, { stream: true });
      return taken.length;
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
  await Promise.resolve();
  assert.equal(stream.text, "one\ntwo\n");
  assert.equal(stream.calls, 1);
  assert.deepEqual(sink.counters, { written: 2, dropped: 0, failures: 0, waiting: 0 });
});

Deno.test("StdoutSink loses nothing to partial writes, full buffers and long lines", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 50 }).map((text) =>
    text.replaceAll("\n", " ")
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom(1, 1, 1, 1000, 3000)));
  fc.assert(fc.property(lines, fc.integer({ min: 1, max: 5000 }), (parts, piece) => {
    const stream = collector(piece);
    const sink = new StdoutSink({ stream });
    // Lone surrogates cannot be written in UTF-8 by anything.
    const texts = parts.map(([text, times]) => text.repeat(times).toWellFormed());
    for (const text of texts) sink.write(text);
    sink.flush();
    assert.equal(stream.text, texts.map((text) => text + "\n").join(""));
    assert.equal(sink.counters.written, texts.length);
  }));
});

Deno.test("StdoutSink stops writing, and says so once, when the reader has gone", () => {
  let gone = 0;
  const stream = {
    writeSync(): number {
      throw new Deno.errors.BrokenPipe("gone");
    },
  };
  const sink = new StdoutSink({ stream, onGone: () => gone++ });
  sink.write("one");
  sink.flush();
  sink.write("two");
  sink.flush();
  assert.equal(gone, 1);
  assert.equal(sink.failure, undefined);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 0, waiting: 0 });
});

Deno.test("StdoutSink tries again when a pipe is full and does not block", () => {
  const stream = collector(3);
  const taking = stream.writeSync;
  let refusals = 3;
  stream.writeSync = (bytes) => {
    if (refusals-- > 0) throw new Deno.errors.WouldBlock("full");
    return taking(bytes);
  };
  const sink = new StdoutSink({ stream });
  sink.write("one");
  sink.flush();
  assert.equal(stream.text, "one\n");
});

Deno.test("StdoutSink keeps what else the system says, and never throws it at a detector", () => {
  const full = new Error("No space left on device");
  const stream = {
    writeSync(): number {
      throw full;
    },
  };
  let gone = 0;
  const sink = new StdoutSink({ stream, onGone: () => gone++ });
  sink.write("one");
  sink.flush();
  sink.write("two");
  assert.equal(sink.failure, full);
  assert.equal(gone, 1);
  assert.deepEqual(sink.counters, { written: 0, dropped: 2, failures: 1, waiting: 0 });
});

Deno.test("StdoutSink makes room before it writes", () => {
  const order: string[] = [];
  const stream = {
    writeSync(bytes: Uint8Array): number {
      order.push("write");
      return bytes.length;
    },
  };
  const sink = new StdoutSink({ stream, beforeWrite: () => order.push("room") });
  sink.write("one");
  sink.flush();
  sink.flush();
  assert.deepEqual(order, ["room", "write"]);
});
