import assert from "node:assert/strict";
import { Counter, createCounters } from "../../../src/decode/counters.ts";
import { Datagrams } from "../../../src/decode/network/datagrams.ts";
import { Random } from "../../support/random.ts";

const NO_BYTES = new Uint8Array(0);
const SECOND = 1_000_000;

/** A table, and datagrams told apart by a number. */
class Table {
  readonly counters = createCounters();
  readonly datagrams: Datagrams;
  private readonly addresses = new Uint32Array(8);

  constructor(capacity: number, seed = 1) {
    this.datagrams = new Datagrams(capacity, seed, this.counters);
  }

  slot(number: number, nowUs = 0): number {
    this.addresses[3] = number;
    return this.datagrams.slotOf(this.addresses, 0, number & 0xffff, 6, nowUs);
  }

  /** Marks a datagram, so that it can be told whether it was forgotten. */
  mark(number: number, nowUs = 0): void {
    this.datagrams.see(this.slot(number, nowUs), 0, 8, NO_BYTES, 0, 0);
  }

  isMarked(number: number, nowUs = 0): boolean {
    return this.datagrams.headLength(this.slot(number, nowUs)) === 8;
  }
}

Deno.test("Datagrams finds a datagram again, among as many as it has room for in a set", () => {
  const table = new Table(16);
  for (let i = 0; i < 16; i++) table.mark(i);
  for (let i = 0; i < 16; i++) assert.ok(table.isMarked(i), `datagram ${i}`);
  assert.equal(table.counters[Counter.DatagramsEvicted], 0);
});

Deno.test("Datagrams gives up the longest unused one, and counts it", () => {
  const table = new Table(16);
  for (let i = 0; i < 16; i++) table.mark(i);
  assert.ok(table.isMarked(0));
  table.mark(16);
  assert.equal(table.counters[Counter.DatagramsEvicted], 1);
  assert.ok(table.isMarked(0), "was used again");
  assert.ok(!table.isMarked(1), "was the longest unused");
});

Deno.test("Datagrams takes a freed slot before it gives up another", () => {
  const table = new Table(16);
  for (let i = 0; i < 16; i++) table.mark(i);
  table.datagrams.free(table.slot(9));
  table.mark(99);
  assert.equal(table.counters[Counter.DatagramsEvicted], 0);
  assert.ok(!table.isMarked(9));
});

Deno.test("Datagrams forgets what did not come within 30 seconds, and counts it", () => {
  const table = new Table(16);
  table.mark(1, 100 * SECOND);
  assert.ok(table.isMarked(1, 130 * SECOND));
  assert.ok(!table.isMarked(1, 130 * SECOND + 1), "counts from the first fragment");
  assert.equal(table.counters[Counter.DatagramsExpired], 1);
  for (let i = 2; i < 17; i++) table.mark(i, 140 * SECOND);
  table.mark(17, 200 * SECOND);
  assert.equal(table.counters[Counter.DatagramsExpired], 2, "displaced, but expired before");
  assert.equal(table.counters[Counter.DatagramsEvicted], 0);
});

Deno.test("Datagrams survives a clock that steps back: a datagram then began now", () => {
  const table = new Table(16);
  table.mark(1, 1000 * SECOND);
  assert.ok(table.isMarked(1, 10 * SECOND));
  assert.ok(table.isMarked(1, 39 * SECOND));
  assert.ok(!table.isMarked(1, 41 * SECOND));
  assert.equal(table.counters[Counter.DatagramsExpired], 1);
});

Deno.test("Datagrams keeps its room in a flood, whatever the seed", () => {
  for (const seed of [0, 1, 0xffffffff]) {
    const table = new Table(1024, seed);
    for (let i = 0; i < 20_000; i++) table.mark(i);
    assert.equal(table.counters[Counter.DatagramsEvicted], 20_000 - 1024);
  }
});

Deno.test("Datagrams follows 64 datagrams at once without losing one, for nearly every seed", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  let lost = 0;
  for (let run = 0; run < 1000; run++) {
    const table = new Table(1024, random.next());
    for (let i = 0; i < 64; i++) table.slot(random.next());
    lost += table.counters[Counter.DatagramsEvicted];
  }
  assert.equal(lost, 0);
});

Deno.test("Datagrams' sets depend on the seed: a sender cannot choose what meets in one", () => {
  // Numbers that all fall into one set under one seed are spread under another.
  const meet = (seed: number, numbers: number[]) => {
    const table = new Table(1024, seed);
    const sets = numbers.map((number) => table.slot(number) >> 4);
    return numbers.filter((_, i) => sets[i] === sets[0]);
  };
  const chosen = meet(1, Array.from({ length: 20_000 }, (_, i) => i * 7919)).slice(0, 200);
  assert.equal(chosen.length, 200);
  assert.equal(meet(1, chosen).length, 200);
  assert.ok(meet(2, chosen).length < 20);
});

Deno.test("Datagrams tells a gap of a byte from none, at every length", () => {
  const table = new Table(16);
  for (let total = 9; total <= 300; total++) {
    const slot = table.slot(total);
    const { datagrams } = table;
    datagrams.state[slot] |= 1;
    const middle = Math.floor(total / 16) * 8;
    // The first part ends one byte early, then is sent again whole.
    if (middle > 0) datagrams.see(slot, 0, middle - 1, NO_BYTES, 0, 0);
    datagrams.see(slot, middle, total - middle, NO_BYTES, 0, 0);
    datagrams.total[slot] = total;
    assert.equal(datagrams.isWhole(slot), middle === 0, `${total} bytes`);
    datagrams.see(slot, 0, middle, NO_BYTES, 0, 0);
    assert.ok(datagrams.isWhole(slot), `${total} bytes`);
    datagrams.free(slot);
  }
});

Deno.test("Datagrams tells datagrams apart by both addresses, ID and protocol, and by nothing around them", () => {
  const datagrams = new Datagrams(64, 1, createCounters());
  const at = 3, words = Uint32Array.from({ length: 20 }, (_, i) => i * 77);
  const slot = (change: (words: Uint32Array) => void = () => {}, id = 5, rest = 6) => {
    const changed = words.slice();
    change(changed);
    return datagrams.slotOf(changed, at, id, rest, 0);
  };
  const first = slot();
  datagrams.see(first, 0, 8, NO_BYTES, 0, 0);
  for (const word of [0, at - 1, at + 8, at + 9, 19]) {
    assert.equal(slot((words) => void words[word]++), first, `word ${word} is none of theirs`);
  }
  const others = Array.from({ length: 8 }, (_, i) => slot((words) => void words[at + i]++));
  const all = [first, ...others, slot(undefined, 4), slot(undefined, 5, 7)];
  assert.equal(new Set(all).size, all.length);
});

Deno.test("Datagrams knows to the byte how much of a head was seen without a gap", () => {
  const HEAD_BYTES = 128, BLOCK_BYTES = 8;
  const table = new Table(64);
  for (let length = 1; length <= HEAD_BYTES + 9; length++) {
    const slot = table.slot(length);
    table.datagrams.see(slot, 0, length, NO_BYTES, 0, 0);
    assert.equal(table.datagrams.headLength(slot), Math.min(length, HEAD_BYTES));
  }
  for (const later of [1, 7, 8, 9, 40]) {
    const slot = table.slot(1000 + later), { datagrams } = table;
    datagrams.see(slot, 3 * BLOCK_BYTES, later, NO_BYTES, 0, 0);
    assert.equal(datagrams.headLength(slot), 0, "nothing of its beginning");
    datagrams.see(slot, 0, 3 * BLOCK_BYTES, NO_BYTES, 0, 0);
    assert.equal(datagrams.headLength(slot), 3 * BLOCK_BYTES + later);
  }
});

Deno.test("Datagrams keeps the first copy of each byte of a head, and where the capture first cut it", () => {
  const { datagrams } = new Table(16);
  const slot = datagrams.slotOf(new Uint32Array(8), 0, 1, 6, 0);
  const bytes = (first: number) => Uint8Array.from({ length: 40 }, (_, i) => first + i);
  const head = (count: number) => [...datagrams.head.subarray(slot * 128, slot * 128 + count)];
  datagrams.see(slot, 8, 5, bytes(100), 2, 5);
  datagrams.see(slot, 0, 20, bytes(0), 0, 14);
  // Five bytes of the second block were there; of the third two were captured, and none of them was seen before.
  assert.deepEqual(head(20), [
    ...[0, 1, 2, 3, 4, 5, 6, 7],
    ...[102, 103, 104, 105, 106, 13, 0, 0],
    ...[0, 0, 0, 0],
  ]);
  assert.equal(datagrams.cut[slot], 14);
  datagrams.see(slot, 16, 8, bytes(50), 0, 8);
  assert.deepEqual(head(24).slice(16), [0, 0, 0, 0, 54, 55, 56, 57], "seen, though it was cut");
});
