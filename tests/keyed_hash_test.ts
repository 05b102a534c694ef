// The keyed hash: what it is of, that it spreads, and its numbers for some inputs, so that a replay has the same
// collisions after a change of anything else.

import assert from "node:assert/strict";
import { Hash } from "../src/keyed_hash.ts";
import { Random } from "./support/random.ts";

const wordsOf = (...bytes: number[]) => new Int32Array(Uint8Array.from(bytes).buffer);
const ipv4 = (...bytes: number[]) => wordsOf(...Array(10).fill(0), 0xff, 0xff, ...bytes);
const FOUR = ipv4(192, 0, 2, 1);
const SIX = wordsOf(0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6);

Deno.test("Hash gives these numbers", () => {
  const numbers = (seed: number) => {
    const hash = new Hash(seed);
    return [
      hash.address(FOUR, 0),
      hash.address(SIX, 0),
      hash.network(FOUR, 0),
      hash.network(SIX, 0),
      hash.site(SIX, 0),
      hash.pair(1, 2),
      hash.triple(1, 2, 3),
      hash.flow(11, 40_000, 12, 443, 1),
    ];
  };
  assert.deepEqual(numbers(1), [
    ...[-1556606612, -533101255, 531342084, 456008209],
    ...[1724364792, -1902073140, 372076866, -1142901250],
  ]);
  assert.deepEqual(numbers(-5), [
    ...[-2130460569, 432935212, 198091872, -1276590163],
    ...[-785019536, -1698416976, 1210036568, 1448248957],
  ]);
  assert.deepEqual(numbers(2 ** 32 - 5), numbers(-5), "32 bits are the seed");
});

Deno.test("Hash changes about half of its bits with each bit of what it is of", () => {
  const TRIES = 64, random = new Random(3), hash = new Hash(7);
  const bits = (value: number) => value.toString(2).replaceAll("0", "").length;
  const changed = (of: (words: Int32Array) => number, words: number) => {
    const means: number[] = [];
    for (let bit = 0; bit < 32 * words; bit++) {
      let sum = 0;
      for (let i = 0; i < TRIES; i++) {
        const input = Int32Array.from({ length: 4 }, () => random.next());
        const before = of(input);
        input[bit >> 5] ^= 1 << (bit & 31);
        sum += bits((of(input) ^ before) >>> 0);
      }
      means.push(sum / TRIES);
    }
    return means;
  };
  const each = [
    changed((words) => hash.address(words, 0), 4),
    changed(([last]) => hash.address(Int32Array.of(0, 0, FOUR[2], last), 0), 1),
    changed(([x, y]) => hash.pair(x, y), 2),
    changed(([x, y, z]) => hash.triple(x, y, z), 3),
  ].flat();
  assert.equal(each.length, 10 * 32);
  assert.ok(Math.min(...each) > 13 && Math.max(...each) < 19, `${each}`);
});

Deno.test("Hash.address() is of the four words from an index on", () => {
  const hash = new Hash(1), both = Int32Array.of(...FOUR, ...SIX);
  assert.equal(hash.address(both, 0), hash.address(FOUR, 0));
  assert.equal(hash.address(both, 4), hash.address(SIX, 0));
  // Each word of its own makes an address that is not IPv4's.
  for (const place of [0, 1, 2]) {
    const other = FOUR.slice();
    other[place] ^= 1;
    assert.notEqual(hash.address(other, 0), hash.address(FOUR, 0), `word ${place}`);
  }
});

Deno.test("Hash.network() is of an IPv4 /24 and an IPv6 /64, Hash.site() of an IPv6 /48", () => {
  const hash = new Hash(1);
  const network = (words: Int32Array) => hash.network(Int32Array.of(0, ...words), 1);
  const site = (words: Int32Array) => hash.site(Int32Array.of(0, ...words), 1);
  assert.equal(network(ipv4(192, 0, 2, 255)), network(FOUR));
  assert.notEqual(network(ipv4(192, 0, 3, 1)), network(FOUR));
  assert.deepEqual([site(FOUR), site(ipv4(192, 0, 3, 1))], [
    network(FOUR),
    network(ipv4(192, 0, 3, 1)),
  ]);
  /** SIX with one bit of a byte changed. */
  const changed = (place: number) => {
    const words = SIX.slice();
    new Uint8Array(words.buffer)[place] ^= 1;
    return words;
  };
  for (let place = 0; place < 16; place++) {
    assert.equal(network(changed(place)) === network(SIX), place >= 8, `byte ${place}`);
    assert.equal(site(changed(place)) === site(SIX), place >= 6, `byte ${place}`);
  }
  // ::/48 and ::ffff:1:0:0:0, whose third word alone is that of an IPv4 address.
  const [, , mapped] = FOUR;
  assert.notEqual(network(Int32Array.of(0, 1, mapped, 5)), network(Int32Array.of(0, 0, mapped, 5)));
  assert.notEqual(network(Int32Array.of(1, 0, mapped, 5)), network(Int32Array.of(0, 0, mapped, 5)));
});

Deno.test("Hash.flow() is of two ends in any order, and of the kind", () => {
  const hash = new Hash(1);
  for (const [aPort, bPort] of [[40_000, 443], [443, 40_000], [53, 53], [0, 65_535]]) {
    const flow = hash.flow(11, aPort, 12, bPort, 1);
    if (aPort !== bPort) assert.equal(hash.flow(12, bPort, 11, aPort, 1), flow);
    const others = [
      hash.flow(11, aPort, 12, bPort, 2),
      hash.flow(11, aPort, 13, bPort, 1),
      hash.flow(10, aPort, 12, bPort, 1),
      hash.flow(11, aPort ^ 1, 12, bPort, 1),
      hash.flow(11, aPort, 12, bPort ^ 1, 1),
    ];
    assert.ok(!others.includes(flow), `${aPort} ${bPort}`);
    if (aPort !== bPort) assert.notEqual(hash.flow(12, aPort, 11, bPort, 1), flow, "ports swapped");
  }
});
