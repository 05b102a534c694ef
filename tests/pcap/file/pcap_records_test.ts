import assert from "node:assert/strict";
import { CAPTURED_BYTES_MAX } from "../../../src/pcap/file/file_fields.ts";
import { concat } from "../../support/pcap_bytes.ts";
import { countUp, type PcapHeader, pcapHeader, pcapRecord } from "../support/files.ts";
import { readAll } from "../support/read_all.ts";

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const KUZNETZOV = 0xa1b2cd34;

/** Two packets of 6 and 9 bytes; `extra` words stand after the four of each record header. */
function twoPackets(header: PcapHeader, extra: number[] = []): Uint8Array {
  const little = header.little ?? true;
  return concat([
    pcapHeader(header),
    pcapRecord([1700000000, 123456, 6, 60, ...extra], countUp(6), little),
    pcapRecord([1700000001, 999999, 9, 9, ...extra], countUp(9, 100), little),
  ]);
}

for (const little of [true, false]) {
  const order = little ? "little-endian" : "big-endian";

  Deno.test(`PcapRecords reads microseconds, ${order}`, () => {
    const { packets, error } = readAll(twoPackets({ little }));
    assert.equal(error, null);
    assert.deepEqual(packets, [
      {
        timeUs: 1700000000123456,
        nanos: 0,
        wireLength: 60,
        linkType: 1,
        interface: 0,
        bytes: countUp(6),
      },
      {
        timeUs: 1700000001999999,
        nanos: 0,
        wireLength: 9,
        linkType: 1,
        interface: 0,
        bytes: countUp(9, 100),
      },
    ]);
  });

  Deno.test(`PcapRecords reads nanoseconds, ${order}`, () => {
    const file = concat([
      pcapHeader({ magic: NANOSECONDS, little }),
      pcapRecord([1700000000, 123456789, 1, 1], countUp(1), little),
      pcapRecord([0xffffffff, 999999999, 1, 1], countUp(1), little),
    ]);
    const { packets } = readAll(file);
    assert.deepEqual(packets.map((p) => [p.timeUs, p.nanos]), [
      [1700000000123456, 789],
      [4294967295999999, 999],
    ]);
  });

  Deno.test(`PcapRecords reads Kuznetzov's longer record headers, ${order}`, () => {
    const { packets, error } = readAll(twoPackets({ magic: KUZNETZOV, little }, [7, 8]));
    assert.equal(error, null);
    assert.deepEqual(packets.map((p) => p.bytes), [countUp(6), countUp(9, 100)]);
  });
}

Deno.test("PcapRecords exchanges the lengths of files older than version 2.3 and of DG/UX", () => {
  for (const [major, minor] of [[2, 0], [2, 1], [2, 2], [543, 0]]) {
    const record = pcapRecord([1, 2, 60, 4], countUp(4));
    const { packets, error } = readAll(concat([pcapHeader({ major, minor }), record, record]));
    assert.equal(error, null, `${major}.${minor}`);
    assert.deepEqual(packets.map((p) => [p.wireLength, p.bytes.length]), [[60, 4], [60, 4]]);
  }
});

Deno.test("PcapRecords takes the lesser length for the captured one in version 2.3", () => {
  const { packets, error } = readAll(concat([
    pcapHeader({ minor: 3 }),
    pcapRecord([1, 2, 60, 4], countUp(4)),
    pcapRecord([1, 2, 4, 60], countUp(4)),
  ]));
  assert.equal(error, null);
  assert.deepEqual(packets.map((p) => [p.wireLength, p.bytes.length]), [[60, 4], [60, 4]]);
});

Deno.test("PcapRecords refuses versions that libpcap does not read", () => {
  for (const [major, minor] of [[1, 4], [2, 5], [3, 0], [543, 1], [0, 0]]) {
    const { packets, error } = readAll(twoPackets({ major, minor }));
    assert.equal(packets.length, 0);
    assert.equal(
      error?.message,
      `test.pcap: pcap version ${major}.${minor} is not known (2.0 to 2.4 are), at byte 4`,
    );
  }
});

Deno.test("PcapRecords passes over the link type's upper bits and mends old numbers of raw IP", () => {
  for (const [field, linkType] of [[0x14000001, 1], [0xfc000071, 113], [12, 101], [14, 101]]) {
    const { packets } = readAll(twoPackets({ linkType: field }));
    assert.deepEqual(packets.map((p) => p.linkType), [linkType, linkType]);
  }
});

Deno.test("PcapRecords reads packets above the snapshot length, and cuts them as libpcap does if asked", () => {
  const readCut = (file: Uint8Array) => readAll(file, Infinity, undefined, 0, true);
  for (const magic of [MICROSECONDS, NANOSECONDS]) {
    const file = twoPackets({ magic, snapshotBytes: 7 });
    const { packets, error } = readCut(file);
    assert.equal(error, null);
    assert.deepEqual(packets.map((p) => p.bytes), [countUp(6), countUp(7, 100)]);
    const whole = readAll(file);
    assert.deepEqual(whole.packets.map((p) => p.bytes), [countUp(6), countUp(9, 100)]);
  }
  for (const snapshotBytes of [0, 0x80000000, 0xffffffff]) {
    const { packets } = readCut(twoPackets({ snapshotBytes }));
    assert.deepEqual(packets.map((p) => p.bytes.length), [6, 9], `${snapshotBytes}`);
  }
  const header = { magic: KUZNETZOV, snapshotBytes: 1, linkType: 1 };
  const cooked = readCut(twoPackets(header, [0, 0]));
  assert.deepEqual(cooked.packets.map((p) => p.bytes.length), [6, 9], "14 bytes were added");
});

Deno.test("PcapRecords carries a fraction of more than a second", () => {
  const words = [10, 0xffffffff, 0, 0];
  const micros = readAll(concat([pcapHeader(), pcapRecord(words, countUp(0))]));
  assert.deepEqual(micros.packets.map((p) => [p.timeUs, p.nanos]), [[4304967295, 0]]);
  const header = pcapHeader({ magic: NANOSECONDS });
  const nanos = readAll(concat([header, pcapRecord(words, countUp(0))]));
  assert.deepEqual(nanos.packets.map((p) => [p.timeUs, p.nanos]), [[14294967, 295]]);
});

Deno.test("PcapRecords gives a length on the wire that fills 32 bits", () => {
  const file = concat([pcapHeader(), pcapRecord([1, 2, 3, 0xffffffff], countUp(3))]);
  assert.deepEqual(readAll(file).packets.map((p) => p.wireLength), [0xffffffff]);
});

Deno.test("PcapRecords reads a packet of the largest size and refuses one byte more", () => {
  const body = new Uint8Array(CAPTURED_BYTES_MAX + 1).fill(7);
  const whole = body.subarray(1);
  const good = concat([
    pcapHeader(),
    pcapRecord([1, 2, whole.length, whole.length], whole),
    pcapRecord([1, 2, 1, 1], countUp(1)),
  ]);
  assert.deepEqual(readAll(good).packets.map((p) => p.bytes.length), [CAPTURED_BYTES_MAX, 1]);
  for (const magic of [MICROSECONDS, NANOSECONDS]) {
    const bad = concat([
      pcapHeader({ magic }),
      pcapRecord([1, 2, 1, 1], countUp(1)),
      pcapRecord([1, 2, body.length, body.length], body),
    ]);
    const { packets, error } = readAll(bad);
    assert.equal(packets.length, 1);
    assert.equal(
      error?.message,
      "test.pcap: record of 262145 bytes claimed, at most 262144 allowed, at byte 41",
    );
  }
});

Deno.test("PcapRecords refuses every impossible captured length and keeps what came before", () => {
  for (const magic of [MICROSECONDS, NANOSECONDS]) {
    for (const little of [true, false]) {
      const file = twoPackets({ magic, little });
      const view = new DataView(file.buffer);
      for (const length of [10, 262144, 262145, 70000000, 0x7fffffff, 0x80000000, 0xffffffff]) {
        view.setUint32(24 + 16 + 6 + 8, length, little);
        const { packets, error } = readAll(file);
        assert.equal(packets.length, 1, `${length}`);
        assert.equal(error?.offset, 46, `${length}`);
        const reason = length > CAPTURED_BYTES_MAX
          ? `record of ${length} bytes claimed, at most 262144 allowed`
          : `file cut in a packet, 9 of ${length} bytes there, copy it again`;
        assert.equal(error?.reason, reason);
      }
    }
  }
});

Deno.test("PcapRecords gives every whole packet of a file cut at any length, then says where", () => {
  for (const header of [{}, { little: false }, { magic: NANOSECONDS }]) {
    const file = twoPackets(header);
    for (let length = 24; length < file.length; length++) {
      const { packets, error } = readAll(file.subarray(0, length));
      const whole = length < 46 ? 0 : 1;
      assert.equal(packets.length, whole, `${length} bytes`);
      if (length === 24 || length === 46) {
        assert.equal(error, null, `${length} bytes`);
        continue;
      }
      assert.equal(error?.offset, whole === 0 ? 24 : 46, `${length} bytes`);
      assert.match(error?.reason ?? "", /^file cut in a (record header|packet), \d+ of \d+ bytes/);
    }
  }
});

Deno.test("PcapRecords gives every packet before the zeros that a file ends in, and says so", () => {
  for (const magic of [MICROSECONDS, NANOSECONDS]) {
    const file = twoPackets({ magic });
    for (const zeros of [32, 33, 4096, 65536, 200_000]) {
      for (const piece of [Infinity, 4096]) {
        const { packets, error } = readAll(concat([file, new Uint8Array(zeros)]), piece);
        assert.equal(packets.length, 2, `${zeros} zeros`);
        assert.match(error!.message, /zeros from here on: .* at byte 71$/);
      }
    }
  }
});

Deno.test("PcapRecords takes records of zeros with something after them for packets of no bytes", () => {
  for (const zeros of [16, 32, 4096]) {
    const file = concat([
      pcapHeader(),
      new Uint8Array(zeros),
      pcapRecord([1, 0, 3, 3], countUp(3)),
    ]);
    for (const piece of [Infinity, 100, 1]) {
      const { packets, error } = readAll(file, piece);
      assert.equal(error, null);
      assert.deepEqual(packets.map((p) => p.bytes.length), [...new Array(zeros / 16).fill(0), 3]);
    }
  }
  const one = readAll(concat([pcapHeader(), new Uint8Array(16)]));
  assert.deepEqual([one.packets.length, one.error], [1, null]);
});
