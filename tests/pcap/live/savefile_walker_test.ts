import assert from "node:assert/strict";
import { CaptureReader, SavefileWalker, Step } from "../../../src/pcap/mod.ts";
import { pcapFile } from "../../support/pcap_bytes.ts";
import { Random } from "../../support/random.ts";

const FILE_HEADER_BYTES = 24;

Deno.test("SavefileWalker gives what CaptureReader gives of the same records", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const packets = Array.from({ length: 200 }, (_, i) => ({
    timeUs: 1.7e15 + i * random.below(1e9),
    frame: Uint8Array.from({ length: random.below(100) }, () => random.below(256)),
  }));
  const file = pcapFile(packets, 101);
  const reader = new CaptureReader("records");
  reader.space().set(file);
  reader.filled(file.length);
  const walker = new SavefileWalker(file.slice(FILE_HEADER_BYTES), 101, false, 3);
  walker.begin(file.length - FILE_HEADER_BYTES);
  for (const { frame } of packets) {
    assert.equal(reader.next(), Step.Packet);
    assert.equal(walker.next(), true);
    assert.deepEqual(walker.bytes.slice(walker.start, walker.end), frame);
    const { timeUs, nanos, wireLength, linkType } = reader;
    assert.deepEqual(
      [walker.timeUs, walker.nanos, walker.wireLength, walker.linkType, walker.interface],
      [timeUs, nanos, wireLength, linkType, 3],
    );
  }
  assert.equal(walker.next(), false);
});

Deno.test("SavefileWalker splits nanoseconds, and goes to 2106", () => {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xffffffff, true);
  view.setUint32(4, 999_999_999, true);
  view.setUint32(12, 60, true);
  const walker = new SavefileWalker(bytes, 1, true);
  walker.begin(16);
  assert.equal(walker.next(), true);
  assert.deepEqual([walker.timeUs, walker.nanos], [0xffffffff * 1e6 + 999_999, 999]);
  assert.deepEqual([walker.start, walker.end, walker.wireLength], [16, 16, 60]);
});

Deno.test("SavefileWalker ends at a batch cut at any length, and begins anew with the next", () => {
  const file = pcapFile([{ timeUs: 1, frame: new Uint8Array(20).fill(9) }]);
  const records = file.slice(FILE_HEADER_BYTES);
  const walker = new SavefileWalker(records, 1, false);
  for (let length = 0; length < records.length; length++) {
    walker.begin(length);
    assert.equal(walker.next(), false, `${length} bytes`);
  }
  walker.begin(records.length);
  assert.equal(walker.next(), true);
  assert.equal(walker.next(), false);
});

Deno.test("SavefileWalker reads no further than a batch whose record claims 4 GiB", () => {
  const bytes = new Uint8Array(64);
  bytes.fill(0xff, 8, 12);
  const walker = new SavefileWalker(bytes, 1, false);
  walker.begin(64);
  assert.equal(walker.next(), false);
});
