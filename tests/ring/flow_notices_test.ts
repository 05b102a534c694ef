// What a detector says of flows: it is read in the order of the records, up to a count, and once.

import assert from "node:assert/strict";
import {
  createFlowNotices,
  FlowNoticeReader,
  FlowNoticeWriter,
} from "../../src/ring/flow_notices.ts";
import { RECORD_BYTES } from "../../src/record.ts";

const CAPACITY = 8;

/** Both ends of the notices, and what was read. */
function ends() {
  const memory = createFlowNotices(CAPACITY);
  const read: [what: string, flow: number][] = [];
  const flows = {
    add: (flow: number) => read.push(["used", flow]),
    forget: (flow: number) => read.push(["forgotten", flow]),
    clear: () => read.push(["all", 0]),
  };
  const reader = new FlowNoticeReader(memory);
  const readUntil = (count: number) => {
    reader.read(count, flows);
    return read.splice(0);
  };
  return { writer: new FlowNoticeWriter(memory), readUntil };
}

Deno.test("flow notices are read once, in the order of their records, up to a count", () => {
  const { writer, readUntil } = ends();
  writer.begin(3 * RECORD_BYTES, 0);
  writer.used(3 * RECORD_BYTES, 11);
  writer.forgotten(5 * RECORD_BYTES, -12);
  writer.used(6 * RECORD_BYTES, 13);
  assert.deepEqual(readUntil(0), []);
  assert.deepEqual(readUntil(2), [["used", 11]]);
  assert.deepEqual(readUntil(3), [["forgotten", -12]]);
  assert.deepEqual(readUntil(4), [["used", 13]]);
  assert.deepEqual(readUntil(4), []);
  assert.deepEqual(readUntil(2), [], "a count that was read before");
});

Deno.test("a notice is read once: not again when its place comes round, twice the ring's length later", () => {
  const { writer, readUntil } = ends();
  writer.begin(0, 0);
  writer.used(0, 11);
  assert.deepEqual(readUntil(1), [["used", 11]]);
  assert.deepEqual(readUntil(2 * CAPACITY + 1), []);
  assert.deepEqual(readUntil(4 * CAPACITY + 1), []);
});

Deno.test("of one record the last notice counts", () => {
  const { writer, readUntil } = ends();
  writer.begin(0, 0);
  writer.used(0, 1);
  writer.forgotten(0, 2);
  assert.deepEqual(readUntil(1), [["forgotten", 2]]);
});

Deno.test("notices go by the count of the record, wherever in the ring it lies", () => {
  const { writer, readUntil } = ends();
  for (let count = 0; count < 5 * CAPACITY; count += 3) {
    // A ring that is empty begins again at its first slot.
    writer.begin(0, count);
    for (let i = 0; i < 3; i++) writer.used(i * RECORD_BYTES, count + i);
    assert.deepEqual(readUntil(count + 3), [0, 1, 2].map((i) => ["used", count + i]));
  }
});

Deno.test("a notice is kept while as many records as twice the ring's follow it, and no longer", () => {
  for (const [behind, kept] of [[2 * CAPACITY - 1, true], [2 * CAPACITY, false]] as const) {
    const { writer, readUntil } = ends();
    for (const count of [0, behind]) {
      writer.begin(0, count);
      writer.used(0, count + 7);
    }
    assert.equal(readUntil(1)[0]?.[1] === 7, kept, `${behind}`);
  }
});

Deno.test("when another detector goes on, all is forgotten, and nothing that the one before said is heard", () => {
  const { writer, readUntil } = ends();
  writer.begin(0, 0);
  for (let i = 0; i < 4; i++) writer.used(i * RECORD_BYTES, i);
  assert.deepEqual(readUntil(2), [["used", 0], ["used", 1]]);
  writer.beginAnew(4);
  assert.deepEqual(readUntil(3), [["used", 2]], "its last record was not given back");
  assert.deepEqual(readUntil(4), [["all", 0]], "what it said of its last record is not heard");
  writer.used(4 * RECORD_BYTES, 4);
  assert.deepEqual(readUntil(5), [["used", 4]]);
  assert.deepEqual(readUntil(6), []);
});

Deno.test("the counts of notices may pass 2^31 and 2^32", () => {
  for (const border of [2 ** 31, 2 ** 32]) {
    const { writer, readUntil } = ends();
    for (let before = 0; before < border; before += 2 ** 30) readUntil(before | 0);
    readUntil((border - 2) | 0);
    writer.begin(0, (border - 2) | 0);
    for (let i = 0; i < 4; i++) writer.used(i * RECORD_BYTES, i);
    assert.deepEqual(readUntil(border | 0), [["used", 0], ["used", 1]]);
    assert.deepEqual(readUntil((border + 2) | 0), [["used", 2], ["used", 3]]);
  }
});
