import assert from "node:assert/strict";
import { SavefileWriter } from "../../../src/pcap/file/writer.ts";
import { concat } from "../../support/pcap_bytes.ts";
import { countUp, pcapHeader, pcapRecord } from "../support/files.ts";
import { readAll } from "../support/read_all.ts";

Deno.test("SavefileWriter writes a pcap file, byte for byte", () => {
  for (const nanoseconds of [false, true]) {
    const options = { linkType: 113, snapshotBytes: 100, nanoseconds };
    const writer = new SavefileWriter(new Uint8Array(1000), options);
    assert.ok(writer.record(1700000000123456, 789, 1500, countUp(20), 5, 9));
    const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
    assert.deepEqual(
      writer.written(),
      concat([
        pcapHeader({ magic, snapshotBytes: 100, linkType: 113 }),
        pcapRecord([1700000000, nanoseconds ? 123456789 : 123456, 4, 1500], countUp(4, 5)),
      ]),
    );
  }
});

Deno.test("SavefileWriter writes what CaptureReader reads, cut to its snapshot length", () => {
  const buffer = new Uint8Array(512);
  const options = { linkType: 1, snapshotBytes: 64, nanoseconds: true };
  const writer = new SavefileWriter(buffer, options);
  const file: Uint8Array[] = [];
  const bodies = Array.from({ length: 100 }, (_, i) => countUp(i, i));
  for (const [i, body] of bodies.entries()) {
    const add = () => writer.record(1e15 + i, i, 2 * body.length, body, 0, body.length);
    if (add()) continue;
    file.push(writer.written().slice());
    writer.clear();
    assert.ok(add(), "an empty buffer holds any packet");
  }
  file.push(writer.written().slice());
  const { packets, error } = readAll(concat(file));
  assert.equal(error, null);
  assert.deepEqual(
    packets,
    bodies.map((body, i) => ({
      timeUs: 1e15 + i,
      nanos: i,
      wireLength: 2 * body.length,
      linkType: 1,
      interface: 0,
      bytes: body.subarray(0, 64),
    })),
  );
});

Deno.test("SavefileWriter pins times that the format cannot say", () => {
  const writer = new SavefileWriter(new Uint8Array(200), { linkType: 1, snapshotBytes: 10 });
  const last = 2 ** 32 * 1e6 - 1;
  for (const timeUs of [-5, 0, last, last + 1, Number.MAX_SAFE_INTEGER]) {
    assert.ok(writer.record(timeUs, 0, 0, countUp(0), 0, 0));
  }
  const { packets } = readAll(writer.written());
  assert.deepEqual(packets.map((p) => p.timeUs), [0, 0, last, last, last]);
});

Deno.test("SavefileWriter refuses a buffer that a packet may outgrow, and adds no part of one", () => {
  const options = { linkType: 1, snapshotBytes: 100 };
  assert.throws(() => new SavefileWriter(new Uint8Array(139), options), RangeError);
  const writer = new SavefileWriter(new Uint8Array(140), options);
  assert.ok(writer.record(1, 0, 100, countUp(100), 0, 100));
  assert.equal(writer.record(2, 0, 0, countUp(0), 0, 0), false);
  assert.equal(writer.written().length, 140);
});

Deno.test("SavefileWriter keeps of a packet as much as its snapshot length, to the byte", () => {
  for (const length of [63, 64, 65, 500]) {
    const writer = new SavefileWriter(new Uint8Array(1000), { linkType: 1, snapshotBytes: 64 });
    assert.ok(writer.record(1, 0, length, countUp(length), 0, length));
    const [packet] = readAll(writer.written()).packets;
    assert.equal(packet.bytes.length, Math.min(length, 64));
    assert.equal(packet.wireLength, length);
  }
});
