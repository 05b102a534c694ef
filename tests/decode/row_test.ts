// Rows of packets are decoded as the same packets are one by one: records, counters, and where it stops.

import assert from "node:assert/strict";
import { Counter } from "../../src/decode/counters.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { PacketRow, ROW_HEADER_BYTES } from "../../src/decode/row.ts";
import { CaptureFileError, CaptureReader, Step } from "../../src/pcap/mod.ts";
import { RECORD_BYTES, Records } from "../../src/record.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Random } from "../support/random.ts";
import { openCapture, sharedCaptures, testdataCaptures } from "./captures.ts";

const ROOM = 64;
/** More packets of one capture say nothing new. */
const PACKETS_MAX = 4000;

/** A decoder and its records, which hold other numbers before. */
function decoderOf(records: number): { decoder: Decoder; memory: Records } {
  const memory = Records.allocate(records);
  memory.bytes.fill(0xa5);
  return { decoder: new Decoder(memory, { ...defaults(PATH), seed: 1 }), memory };
}

interface Packet {
  bytes: Uint8Array;
  wireLength: number;
  timeUs: number;
}

/** The packets of a capture and their link type; undefined where they have several, or times that no row has. */
function packetsOf(path: string): { packets: Packet[]; linkType: number } | undefined {
  const file = openCapture(path), packets: Packet[] = [];
  const reader = new CaptureReader(path);
  let linkType = -1, given = 0;
  for (let step = next(reader); step !== Step.End; step = next(reader)) {
    if (step === Step.NeedBytes) {
      const piece = file.subarray(given, given + reader.space().length);
      reader.space().set(piece);
      reader.filled(piece.length);
      given += piece.length;
      continue;
    }
    if (linkType >= 0 && linkType !== reader.linkType) return undefined;
    if (reader.timeUs >= 2 ** 32 * 1e6) return undefined;
    linkType = reader.linkType;
    const { bytes, start, end, wireLength, timeUs } = reader;
    packets.push({ bytes: bytes.slice(start, end), wireLength, timeUs });
    if (packets.length === PACKETS_MAX) break;
  }
  return { packets, linkType };
}

/** As `reader.next()`; a damaged file ends where it is damaged. */
function next(reader: CaptureReader): number {
  try {
    return reader.next();
  } catch (error) {
    if (error instanceof CaptureFileError) return Step.End;
    throw error;
  }
}

/** The row that these packets are. */
function rowOf(packets: readonly Packet[], linkType: number): PacketRow {
  const sizes = packets.map(({ bytes }) => ROW_HEADER_BYTES + bytes.length);
  const memory = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  const view = new DataView(memory.buffer);
  let at = 0;
  for (const { bytes, wireLength, timeUs } of packets) {
    const seconds = Math.floor(timeUs / 1e6);
    [seconds, timeUs - seconds * 1e6, bytes.length, wireLength]
      .forEach((word, i) => view.setUint32(at + i * 4, word, true));
    memory.set(bytes, at + ROW_HEADER_BYTES);
    at += ROW_HEADER_BYTES + bytes.length;
  }
  const row = new PacketRow(memory, linkType, 3);
  row.limit = at;
  return row;
}

/** Records and counters of the packets, decoded one by one. */
function oneByOne(packets: readonly Packet[], linkType: number): [Uint8Array, Float64Array] {
  const { decoder, memory } = decoderOf(packets.length + 1);
  let used = 0;
  for (const { bytes, wireLength, timeUs } of packets) {
    const base = used * RECORD_BYTES;
    const reason = decoder.decode(
      bytes,
      0,
      bytes.length,
      wireLength,
      timeUs,
      linkType,
      3,
      base,
    );
    if (reason === 0) used++;
  }
  return [memory.bytes.slice(0, used * RECORD_BYTES), decoder.counters];
}

/** The same as rows of `ROOM` records, and by `decode` what is not for a row: packets of no bytes. */
function inRows(packets: readonly Packet[], linkType: number): [Uint8Array, Float64Array] {
  const { decoder, memory } = decoderOf(packets.length + 1);
  const row = rowOf(packets, linkType);
  let used = 0;
  while (row.at < row.limit) {
    const before = decoder.counters[Counter.Packets];
    used += decoder.decodeRow(row, Infinity, used * RECORD_BYTES, ROOM);
    const passed = decoder.counters[Counter.Packets];
    if (passed > before) continue;
    const { bytes, wireLength, timeUs } = packets[passed];
    assert.equal(bytes.length, 0, "only a packet of no bytes stops a row");
    const base = used * RECORD_BYTES;
    if (decoder.decode(row.bytes, row.at, row.at, wireLength, timeUs, linkType, 3, base) === 0) {
      used++;
    }
    row.at += ROW_HEADER_BYTES;
  }
  return [memory.bytes.slice(0, used * RECORD_BYTES), decoder.counters];
}

const plain = [
  { bytes: ordinary(0), wireLength: 60, timeUs: 1e15 },
  { bytes: ordinary(8), wireLength: 68, timeUs: 1e15 + 999_999 },
  { bytes: ordinary(0), wireLength: 60, timeUs: 1e15 + 2_000_000 },
];

/** A SYN in IPv4 in Ethernet, with so many bytes of TCP options. */
function ordinary(options: number): Uint8Array {
  const frame = new Uint8Array(60 + options), view = new DataView(frame.buffer);
  view.setUint16(12, 0x0800);
  frame.set([0x45, 0, 0, 40 + options, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2], 14);
  frame.set([0x9c, 0x40, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, (5 + options / 4) << 4, 2, 4, 0], 34);
  frame.fill(1, 54, 54 + options);
  return frame;
}

Deno.test("decodeRow() gives what decode() gives, packet by packet, of every capture there is", () => {
  let compared = 0;
  for (const path of [...testdataCaptures(), ...sharedCaptures()]) {
    const found = packetsOf(path);
    if (found === undefined) continue;
    const [records, counters] = oneByOne(found.packets, found.linkType);
    const [rowRecords, rowCounters] = inRows(found.packets, found.linkType);
    assert.ok(equal(records, rowRecords), path);
    assert.deepEqual(rowCounters, counters, path);
    compared += found.packets.length;
  }
  assert.ok(compared > 50_000, `${compared} packets`);
});

/** What nothing wrote stays as it was in both: the addresses of a packet inside, where there is none. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

Deno.test("decodeRow() gives what decode() gives of frames with any bytes changed", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const packets = Array.from({ length: 20_000 }, (_, i) => {
    const bytes = ordinary(4 * random.below(11));
    for (let n = random.below(3); n > 0; n--) bytes[random.below(60)] = random.below(256);
    const cut = random.below(4) === 0 ? random.below(bytes.length) + 1 : bytes.length;
    return { bytes: bytes.slice(0, cut), wireLength: bytes.length, timeUs: 1e15 + i * 7 };
  });
  const [records, counters] = oneByOne(packets, 1);
  const [rowRecords, rowCounters] = inRows(packets, 1);
  assert.ok(equal(records, rowRecords));
  assert.deepEqual(rowCounters, counters);
});

Deno.test("decodeRow() stops before a packet cut at any length", () => {
  const { decoder } = decoderOf(4);
  const row = rowOf(plain, 1);
  const ends = plain.map((_, i) => rowOf(plain.slice(0, i + 1), 1).limit);
  for (let limit = 0; limit <= ends[2]; limit++) {
    row.at = 0;
    row.limit = limit;
    const whole = ends.filter((end) => end <= limit).length;
    assert.equal(decoder.decodeRow(row, Infinity, 0, 4), whole, `${limit} bytes`);
    assert.equal(row.at, whole === 0 ? 0 : ends[whole - 1]);
  }
});

Deno.test("decodeRow() stops at its room, at a later time, and before what is not for a row", () => {
  const { decoder } = decoderOf(4);
  const row = rowOf(plain, 1);
  const take = (untilUs: number, room: number) => decoder.decodeRow(row, untilUs, 0, room);
  assert.equal(take(Infinity, 0), 0);
  assert.equal(take(1e15 - 1, 4), 0);
  assert.equal(take(1e15, 4), 1);
  assert.equal(row.timeUs, 1e15);
  row.bytesMax = 67;
  assert.equal(take(Infinity, 4), 0, "one byte more than may be read");
  row.bytesMax = 68;
  assert.equal(take(Infinity, 1), 1);
  assert.equal(row.timeUs, 1e15 + 999_999);
  row.view.setUint32(row.at + 8, 0, true);
  assert.equal(take(Infinity, 4), 0, "a packet of no bytes");
  for (const captured of [0x7fffffff, 0x80000000, 0xffffffff]) {
    row.view.setUint32(row.at + 8, captured, true);
    assert.equal(take(Infinity, 4), 0, `${captured} bytes`);
  }
  assert.equal(row.timeUs, 1e15 + 999_999);
  assert.equal(decoder.counters[Counter.Packets], 2);
});

Deno.test("decodeRow() keeps times to 2106, and fractions of more than a second", () => {
  const { decoder, memory } = decoderOf(3);
  const row = rowOf(plain, 1);
  for (const [seconds, micros] of [[0xffffffff, 999_999], [0xffffffff, 0xffffffff], [0, 0]]) {
    row.at = 0;
    row.view.setUint32(0, seconds, true);
    row.view.setUint32(4, micros, true);
    assert.equal(decoder.decodeRow(row, Infinity, 0, 1), 1);
    assert.equal(memory.timeUs(0), seconds * 1e6 + micros);
  }
});
