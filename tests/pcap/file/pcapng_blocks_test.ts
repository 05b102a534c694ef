import assert from "node:assert/strict";
import { CAPTURED_BYTES_MAX } from "../../../src/pcap/file/file_fields.ts";
import { PIECE_BYTES_MAX } from "../../../src/pcap/file/input_window.ts";
import { concat } from "../../support/pcap_bytes.ts";
import {
  Block,
  block,
  countUp,
  enhanced,
  interfaceBlock,
  option,
  section,
  wordBytes,
} from "../support/files.ts";
import { readAll } from "../support/read_all.ts";

const T = 1700000000123456n;

/** One section with one Ethernet interface and one packet, and where the packet's block begins. */
function onePacket(little = true): { file: Uint8Array; blockAt: number } {
  const start = concat([section(little), interfaceBlock(1, 0, [], little)]);
  return { file: concat([start, enhanced(0, T, countUp(5), little)]), blockAt: start.length };
}

Deno.test("PcapngBlocks reads sections of either byte order in one file, each with its interfaces", () => {
  const file = concat([true, false, true].flatMap((little, i) => [
    section(little),
    interfaceBlock(1 + i, 0, [], little),
    interfaceBlock(101 + i, 0, [], little),
    enhanced(1, T + BigInt(i), countUp(5, i), little, { wire: 1500 + i }),
    enhanced(0, T, countUp(4, i), little),
  ]));
  const { packets, error } = readAll(file);
  assert.equal(error, null);
  assert.deepEqual(
    packets,
    [0, 1, 2].flatMap((i) => [
      {
        timeUs: Number(T) + i,
        nanos: 0,
        wireLength: 1500 + i,
        linkType: 101 + i,
        interface: 1,
        bytes: countUp(5, i),
      },
      {
        timeUs: Number(T),
        nanos: 0,
        wireLength: 4,
        linkType: 1 + i,
        interface: 0,
        bytes: countUp(4, i),
      },
    ]),
  );
});

for (const little of [true, false]) {
  const order = little ? "little-endian" : "big-endian";

  Deno.test(`PcapngBlocks reads simple packets: first interface, its snapshot length, no time, ${order}`, () => {
    const simple = (wire: number, body: Uint8Array) =>
      block(Block.Simple, concat([wordBytes([wire], little), body]), little);
    const { packets, error } = readAll(concat([
      section(little),
      interfaceBlock(1, 6, [], little),
      simple(4, countUp(4)),
      simple(100, countUp(6)),
    ]));
    assert.equal(error, null);
    assert.deepEqual(packets.map((p) => [p.wireLength, p.timeUs, p.interface]), [
      [4, 0, 0],
      [100, 0, 0],
    ]);
    assert.deepEqual(packets.map((p) => p.bytes), [countUp(4), countUp(6)]);
  });

  Deno.test(`PcapngBlocks reads obsolete packet blocks, whose interface has 16 bits, ${order}`, () => {
    const view = new DataView(new ArrayBuffer(20));
    view.setUint16(0, 1, little);
    view.setUint16(2, 0xffff, little); // packets dropped
    view.setUint32(4, Number(T >> 32n), little);
    view.setUint32(8, Number(T & 0xffffffffn), little);
    view.setUint32(12, 3, little);
    view.setUint32(16, 99, little);
    const { packets, error } = readAll(concat([
      section(little),
      interfaceBlock(113, 0, [], little),
      interfaceBlock(1, 0, [], little),
      block(Block.ObsoletePacket, concat([new Uint8Array(view.buffer), countUp(3)]), little),
    ]));
    assert.equal(error, null);
    assert.deepEqual(packets, [{
      timeUs: Number(T),
      nanos: 0,
      wireLength: 99,
      linkType: 1,
      interface: 1,
      bytes: countUp(3),
    }]);
  });

  Deno.test(`PcapngBlocks takes resolution and offset of each interface, ${order}`, () => {
    const offset = (seconds: bigint) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigInt64(0, seconds, little);
      return option(14, new Uint8Array(view.buffer), little);
    };
    const comment = option(1, countUp(7, 65), little);
    const end = option(0, countUp(0), little);
    const nanoseconds = option(9, Uint8Array.of(9), little);
    const binary = option(9, Uint8Array.of(0x80 | 20), little);
    const { packets, error } = readAll(concat([
      section(little),
      interfaceBlock(1, 0, [comment, nanoseconds, option(2988, countUp(30), little), end], little),
      interfaceBlock(1, 0, [binary, offset(1700000000n)], little),
      interfaceBlock(1, 0, [offset(-10n)], little),
      enhanced(0, 1700000000123456789n, countUp(1), little),
      enhanced(1, 3n << 19n, countUp(1), little),
      enhanced(2, 12000001n, countUp(1), little),
      enhanced(2, 9999999n, countUp(1), little),
    ]));
    assert.equal(error, null);
    assert.deepEqual(packets.map((p) => [p.timeUs, p.nanos]), [
      [1700000000123456, 789],
      [1700000001500000, 0],
      [2000001, 0],
      [0, 0],
    ]);
  });
}

Deno.test("PcapngBlocks passes over unknown blocks and options of any length, also beyond the buffer", () => {
  const huge = block(0x40000bad, new Uint8Array(3 * PIECE_BYTES_MAX).fill(0xee));
  const options = concat([option(2, new Uint8Array(65532)), option(0x8001, countUp(3))]);
  const { file } = onePacket();
  const whole = concat([
    section(true, 1, 2, new Uint8Array(2 * PIECE_BYTES_MAX)), // "options" of a whole megabyte
    interfaceBlock(1, 0, [options]),
    huge,
    block(Block.Custom, countUp(4)),
    enhanced(0, T, countUp(2), true, { options }),
    block(5, countUp(0)),
    file,
  ]);
  for (const piece of [Infinity, 1000003]) {
    const { packets, error } = readAll(whole, piece, PIECE_BYTES_MAX);
    assert.equal(error, null);
    assert.deepEqual(packets.map((p) => p.bytes), [countUp(2), countUp(5)]);
  }
  const cut = readAll(whole.subarray(0, 2.5 * PIECE_BYTES_MAX + 200000), 65536, PIECE_BYTES_MAX);
  assert.match(
    cut.error?.reason ?? "",
    /^file cut in a block, \d+ of 1572876 bytes there, copy it again$/,
  );
});

Deno.test("PcapngBlocks refuses a block whose length is impossible, and keeps what came before", () => {
  for (const little of [true, false]) {
    const { file, blockAt } = onePacket(little);
    for (const type of [Block.Enhanced, Block.Simple, Block.Interface, Block.Custom]) {
      for (const head of [0, 1, 4, 8, 11, 13, 15, 0x7fffffff, 0xffffffff]) {
        const bad = concat([file, block(type, countUp(40), little, { head })]);
        const { packets, error } = readAll(bad);
        assert.equal(packets.length, 1, `${head}`);
        assert.equal(error?.offset, file.length, `${head}`);
        assert.equal(
          error?.reason,
          `block of ${head} bytes claimed, a multiple of 4 from 12 on is needed`,
        );
      }
    }
    for (const head of [0xfffffffc, PIECE_BYTES_MAX + 4]) {
      const bad = concat([file, block(Block.Enhanced, countUp(40), little, { head })]);
      assert.equal(
        readAll(bad).error?.reason,
        `block of ${head} bytes claimed, at most ${PIECE_BYTES_MAX} allowed`,
      );
    }
    const short = concat([file, block(Block.Enhanced, countUp(40), little, { head: 44 })]);
    assert.match(readAll(short).error?.reason ?? "", /^block of 44 bytes says at its end that/);
    const trailer = concat([file, block(Block.Custom, countUp(40), little, { trailer: 56 })]);
    const told = readAll(trailer).error;
    assert.equal(told?.reason, "block of 52 bytes says at its end that it has 56");
    assert.equal(told?.offset, blockAt + (file.length - blockAt));
  }
});

Deno.test("PcapngBlocks refuses a packet block that says the same odd length at both ends, though all is there", () => {
  for (const little of [true, false]) {
    const start = concat([section(little), interfaceBlock(1, 0, [], little)]);
    for (let odd = 0; odd < 8; odd++) {
      const bytes = 32 + 4 + odd;
      const head = wordBytes([Block.Enhanced, bytes, 0, 0, 7, 4, 4], little);
      const bad = concat([start, head, countUp(4 + odd), wordBytes([bytes], little)]);
      const { packets, error } = readAll(bad);
      const isWhole = bytes % 4 === 0;
      assert.equal(packets.length, isWhole ? 1 : 0, `${bytes}`);
      assert.equal(
        error?.reason,
        isWhole
          ? undefined
          : `block of ${bytes} bytes claimed, a multiple of 4 from 12 on is needed`,
      );
    }
  }
});

Deno.test("PcapngBlocks refuses every impossible captured length in a packet block", () => {
  const start = concat([section(), interfaceBlock(1)]);
  for (const captured of [9, 12, 13, 44, CAPTURED_BYTES_MAX, CAPTURED_BYTES_MAX + 1, 0xffffffff]) {
    const bad = concat([start, enhanced(0, T, countUp(5), true, { captured })]);
    // Whole at once, and a byte at a time, as a pipe may bring it.
    for (const piece of [bad.length, 1]) {
      const { packets, error } = readAll(bad, piece);
      assert.equal(packets.length, 0);
      assert.equal(
        error?.message,
        captured > CAPTURED_BYTES_MAX
          ? `test.pcap: packet of ${captured} bytes claimed, at most 262144 allowed, at byte 48`
          : `test.pcap: packet of ${captured} bytes claimed in a block of 40, at byte 48`,
      );
    }
  }
  const simple = block(Block.Simple, concat([wordBytes([9]), countUp(8)]));
  assert.equal(
    readAll(concat([start, simple])).error?.reason,
    "packet of 9 bytes claimed in a block of 24",
  );
});

Deno.test("PcapngBlocks refuses packet blocks too short for their fields", () => {
  const start = concat([section(), interfaceBlock(1)]);
  for (
    const [type, least] of [[Block.Enhanced, 20], [Block.ObsoletePacket, 20], [Block.Simple, 4]]
  ) {
    for (let length = 0; length < least; length += 4) {
      const { error } = readAll(concat([start, block(type, new Uint8Array(length))]));
      assert.equal(error?.reason, `packet block of ${length + 12} bytes is too short`);
    }
  }
});

Deno.test("PcapngBlocks refuses packets of interfaces that their section has not described", () => {
  const told = (index: number) =>
    `packet of interface ${index}, of which there is no description before it`;
  const { file } = onePacket();
  assert.equal(readAll(concat([section(), enhanced(0, T, countUp(1))])).error?.reason, told(0));
  for (const index of [1, 0xffffffff]) {
    const { packets, error } = readAll(concat([file, enhanced(index, T, countUp(1))]));
    assert.equal(packets.length, 1);
    assert.equal(error?.reason, told(index));
  }
  const next = readAll(concat([file, section(), enhanced(0, T, countUp(1))]));
  assert.equal(next.packets.length, 1);
  assert.equal(next.error?.reason, told(0), "a new section forgets the interfaces");
});

Deno.test("PcapngBlocks refuses interface descriptions it cannot read", () => {
  const bad: [Uint8Array, string][] = [
    [block(Block.Interface, countUp(4)), "interface description of 4 bytes, at least 8 are needed"],
    [
      interfaceBlock(1, 0, [option(2, countUp(4), true, 65535)]),
      "interface option 2 of 65535 bytes claimed, 4 are left in its block",
    ],
    [interfaceBlock(1, 0, [option(9, countUp(2))]), "if_tsresol option of 2 bytes, 1 is needed"],
    [interfaceBlock(1, 0, [option(14, countUp(4))]), "if_tsoffset option of 4 bytes, 8 are needed"],
    [
      interfaceBlock(1, 0, [option(9, Uint8Array.of(20))]),
      "if_tsresol 20 is finer than 64 bits can count",
    ],
    [
      interfaceBlock(1, 0, [option(9, Uint8Array.of(0xc0))]),
      "if_tsresol 192 is finer than 64 bits can count",
    ],
  ];
  for (const [description, reason] of bad) {
    const { error } = readAll(concat([section(), description]));
    assert.equal(error?.message, `test.pcap: ${reason}, at byte 28`);
  }
});

Deno.test("PcapngBlocks refuses more interfaces than a section may have", () => {
  const one = interfaceBlock(1);
  const many = new Uint8Array(65537 * one.length);
  for (let at = 0; at < many.length; at += one.length) many.set(one, at);
  const { error } = readAll(concat([section(), many]));
  assert.equal(error?.reason, "more than 65536 interfaces in one section");
  assert.equal(error?.offset, 28 + 65536 * one.length);
});

Deno.test("PcapngBlocks refuses sections of another version or without a byte order", () => {
  const { file } = onePacket();
  for (const [major, minor] of [[0, 0], [1, 1], [1, 3], [2, 0]]) {
    const { packets, error } = readAll(concat([file, section(false, major, minor)]));
    assert.equal(packets.length, 1);
    assert.equal(error?.reason, `pcapng version ${major}.${minor} is not known (1.0 and 1.2 are)`);
  }
  const text = concat([file, wordBytes([Block.Section, 28, 0x20202020, 0, 0, 0, 28])]);
  assert.equal(readAll(text).error?.reason, "section header without a byte-order magic");
});

Deno.test("PcapngBlocks gives every whole packet of a file cut at any length, then says where", () => {
  for (const little of [true, false]) {
    const { file, blockAt } = onePacket(little);
    const whole = concat([file, enhanced(0, T, countUp(3), little)]);
    const ends = [28, blockAt, file.length, whole.length];
    for (let length = 24; length < whole.length; length++) {
      const { packets, error } = readAll(whole.subarray(0, length));
      assert.equal(packets.length, length < file.length ? 0 : 1, `${length} bytes`);
      if (ends.includes(length)) {
        assert.equal(error, null, `${length} bytes`);
      } else {
        const start = [0, ...ends].findLast((end) => end <= length)!;
        assert.equal(error?.offset, start, `${length} bytes`);
        assert.match(
          error?.reason ?? "",
          /^file cut in a block, \d+ of \d+ bytes there, copy it again$/,
        );
      }
    }
  }
});

Deno.test("PcapngBlocks refuses a packet whose second length is another, however it is read", () => {
  for (const little of [true, false]) {
    const { file, blockAt } = onePacket(little);
    const wrong = file.slice();
    const view = new DataView(wrong.buffer);
    view.setUint32(wrong.length - 4, view.getUint32(blockAt + 4, little) + 4, little);
    // Whole at once, and a byte at a time, as a pipe may bring it.
    for (const piece of [wrong.length, 1]) {
      const { packets, error } = readAll(wrong, piece);
      assert.deepEqual(packets, [], `pieces of ${piece}`);
      assert.match(`${error}`, /says at its end that it has 44/);
    }
  }
});

Deno.test("PcapngBlocks gives every packet before the zeros that a file ends in, and says so", () => {
  const { file } = onePacket();
  for (const zeros of [12, 4096, 70_000]) {
    const { packets, error } = readAll(concat([file, new Uint8Array(zeros)]));
    assert.equal(packets.length, 1);
    assert.match(error!.message, /zeros from here on: /, `${zeros} zeros`);
  }
  // A block of no bytes with another type is damage.
  const { error } = readAll(concat([file, Uint8Array.of(6, 0, 0, 0), new Uint8Array(28)]));
  assert.match(error!.message, /block of 0 bytes claimed/);
});
