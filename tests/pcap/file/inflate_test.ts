// The inflater against zlib: what it inflates, what it refuses, how far it reads.

import assert from "node:assert/strict";
import { constants, crc32 as zlibCrc32, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { ByteInput } from "../../../src/pcap/file/byte_input.ts";
import { crc32 } from "../../../src/pcap/file/crc32.ts";
import { Inflate, InflateError } from "../../../src/pcap/file/inflate.ts";
import { concat } from "../../support/pcap_bytes.ts";

const STRATEGIES = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FILTERED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FIXED,
];

/** All that `data` inflates to, given in pieces; how many bytes it took; and what was wrong. */
function inflate(data: Uint8Array, give = Infinity) {
  let at = 0;
  const input = new ByteInput(65536, (into) => {
    const piece = data.subarray(at, at + Math.min(give, into.length));
    into.set(piece);
    at += piece.length;
    return piece.length;
  }, new Uint8Array(0));
  const stream = new Inflate(input);
  const parts: Uint8Array[] = [];
  try {
    for (let part = stream.next(); part !== null; part = stream.next()) parts.push(part.slice());
    return { bytes: concat(parts), taken: input.offset(), error: undefined };
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    return { bytes: concat(parts), taken: input.offset(), error };
  }
}

/** Bytes that are alike in places: runs, repeats near and far, noise. */
const content = fc.array(
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 400 })),
  { maxLength: 12 },
).map((parts) => concat(parts.flatMap(([part, times]) => Array(times).fill(part))));

Deno.test("Inflate gives what zlib deflated, at every level, and takes no byte too many", () => {
  const seed = Date.now() & 0x7fffffff;
  console.log(`seed ${seed}`);
  fc.assert(
    fc.property(
      content,
      fc.integer({ min: 0, max: 9 }),
      fc.constantFrom(...STRATEGIES),
      fc.constantFrom(1, 100, Infinity),
      (bytes, level, strategy, give) => {
        const data = deflateRawSync(bytes, { level, strategy });
        const found = inflate(concat([data, new Uint8Array(9)]), give);
        assert.equal(found.error, undefined);
        assert.deepEqual(found.bytes, bytes);
        assert.equal(found.taken, data.length);
      },
    ),
    { numRuns: 150, seed },
  );
});

Deno.test("Inflate and zlib agree on what is damaged, whichever bits are changed", () => {
  const seed = Date.now() & 0x7fffffff;
  console.log(`seed ${seed}`);
  const whole = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) >> 7);
  let damaged = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...STRATEGIES),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(7)), { minLength: 1, maxLength: 3 }),
      (strategy, changes) => {
        const data = Uint8Array.from(deflateRawSync(whole, { strategy }));
        for (const [at, bit] of changes) data[at % Math.min(data.length, 120)] ^= 1 << bit;
        const { bytes, error } = inflate(data);
        let wanted: Uint8Array | undefined;
        try {
          wanted = inflateRawSync(data);
        } catch {
          damaged++;
        }
        assert.equal(error === undefined, wanted !== undefined, error?.message);
        if (wanted !== undefined) assert.deepEqual(bytes, new Uint8Array(wanted));
      },
    ),
    { numRuns: 1500, seed },
  );
  assert.ok(damaged > 100, `only ${damaged} of them were damaged`);
});

Deno.test("Inflate reads codes longer than its table, and long stored data", () => {
  // Frequencies like Fibonacci's numbers give the longest codes there can be.
  const sizes = [1, 1];
  while (sizes.length < 22) sizes.push(sizes.at(-1)! + sizes.at(-2)!);
  const bytes = concat(sizes.map((size, symbol) => new Uint8Array(size).fill(symbol)));
  const data = deflateRawSync(bytes, { strategy: constants.Z_HUFFMAN_ONLY });
  assert.deepEqual(inflate(data, 1).bytes, bytes);

  const noise = Uint8Array.from({ length: 400000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  assert.deepEqual(inflate(deflateRawSync(noise, { level: 0 }), 999).bytes, noise);
});

Deno.test("crc32() agrees with zlib's, in one piece and in several", () => {
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 37 + length);
    assert.equal(crc32(bytes, 0), zlibCrc32(bytes));
    const cut = length >> 1;
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0)), zlibCrc32(bytes));
  }
});

/** A block with the fixed codes: "a", a match of three with this distance code, and the end. */
function fixedMatch(distanceCode: number): Uint8Array {
  const code = (value: number, bits: number) => value.toString(2).padStart(bits, "0");
  // Codes have their highest bit first; the last block, of fixed codes, is `1` and `10`.
  const bits = "110" + code(0x30 + 97, 8) + code(257 - 256, 7) + code(distanceCode, 5) +
    // Extra bits of the distance, and room for the end.
    "0".repeat(24);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  [...bits].forEach((bit, i) => bytes[i >> 3] |= Number(bit) << (i & 7));
  return bytes;
}

Deno.test("Inflate refuses the two distance codes that mean nothing, and a distance too far", () => {
  assert.deepEqual([...inflate(fixedMatch(0)).bytes], [97, 97, 97, 97]);
  for (
    const [code, message] of [
      [1, "invalid distance too far back"],
      [29, "invalid distance too far back"],
      [30, "invalid distance code"],
      [31, "invalid distance code"],
    ] as const
  ) assert.equal(inflate(fixedMatch(code)).error?.message, message, `${code}`);
});
