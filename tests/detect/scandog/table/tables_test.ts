// The tables of the detector: fill, find, evict, expire, collide, clocks that wrap.

import assert from "node:assert/strict";
import { popcount, Subjects } from "../../../../src/detect/scandog/table/subjects.ts";
import { AddressSet } from "../../../../src/detect/scandog/table/address_set.ts";
import { Clock } from "../../../../src/detect/scandog/clock.ts";
import { Rank } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { AttemptTable } from "../../../../src/detect/scandog/table/attempt_table.ts";
import { FloodGate } from "../../../../src/detect/scandog/observe/flood_gate.ts";
import { Hash } from "../../../../src/keyed_hash.ts";
import { HostMap } from "../../../../src/detect/scandog/table/host_map.ts";
import { Pairs } from "../../../../src/detect/scandog/table/pairs.ts";
import { PendingQueue } from "../../../../src/detect/scandog/table/pending.ts";
import { Answer, PortMap } from "../../../../src/detect/scandog/table/port_map.ts";
import { Probation } from "../../../../src/detect/scandog/table/probation.ts";
import { sizesFor } from "../../../../src/detect/scandog/sizes.ts";
import { Tools } from "../../../../src/detect/scandog/beside/tool/tools.ts";
import { FoundPorts } from "../../../../src/detect/scandog/beside/visit/found_ports.ts";
import { random } from "../traffic.ts";

/** An IPv4-mapped address and another, as words. */
function twoAddresses(a: number, b: number): Int32Array {
  const bytes = new Uint8Array(32);
  const words = new Int32Array(bytes.buffer);
  bytes.fill(255, 10, 12);
  bytes.fill(255, 26, 28);
  words[3] = a;
  words[7] = b;
  return words;
}

function put(table: AttemptTable, words: Int32Array, key: number, hash: number, ms: number) {
  return table.take(table.placeFor(hash), words, 0, 4, key, hash, ms, ms * 1000);
}

Deno.test("AttemptTable finds what was put in and nothing else, even where all hashes collide", () => {
  const table = new AttemptTable(64, new Hash(1));
  const slots = Array.from({ length: 8 }, (_, i) => put(table, twoAddresses(i, 9), 7, 5, 1));
  assert.equal(new Set(slots).size, 8);
  for (let i = 0; i < 8; i++) assert.equal(table.find(twoAddresses(i, 9), 0, 4, 7, 5), slots[i]);
  assert.equal(table.find(twoAddresses(8, 9), 0, 4, 7, 5), -1);
  assert.equal(table.find(twoAddresses(1, 9), 0, 4, 8, 5), -1, "another port");
  assert.equal(table.find(twoAddresses(9, 1), 0, 4, 7, 5), -1, "the other way round");
});

Deno.test("AttemptTable evicts the least valuable entry, then the oldest", () => {
  const table = new AttemptTable(64, new Hash(1));
  for (let i = 0; i < 8; i++) {
    const slot = put(table, twoAddresses(i, 9), 7, 5, 1000 * i);
    table.rank(slot, i === 3 ? Rank.Judged : i === 0 ? Rank.Suspect : Rank.Used, 1000 * i);
  }
  put(table, twoAddresses(100, 9), 7, 5, 9000);
  assert.equal(table.find(twoAddresses(3, 9), 0, 4, 7, 5), -1, "the judged one went");
  table.rank(table.find(twoAddresses(100, 9), 0, 4, 7, 5), Rank.Used, 9000);
  put(table, twoAddresses(101, 9), 7, 5, 9001);
  assert.equal(table.find(twoAddresses(1, 9), 0, 4, 7, 5), -1, "then the oldest used one");
  assert.ok(table.find(twoAddresses(0, 9), 0, 4, 7, 5) >= 0, "the suspect's stays");
});

Deno.test("AttemptTable says where a hash's entry is, and where a new one would come to lie", () => {
  const table = new AttemptTable(64, new Hash(1));
  // Zero stands for a free place.
  for (const hash of [5, 0, -7]) {
    assert.equal(table.slotOf(hash), -1);
    const slot = table.slotFor(hash);
    assert.equal(put(table, twoAddresses(1, 9), 7, hash, 1), slot);
    assert.equal(table.slotOf(hash), slot);
    assert.equal(table.slotOf(hash ^ 1 << 30), -1, "another hash of its set");
  }
  for (let i = 0; i < 20; i++) {
    const hash = 5 | i + 1 << 20, slot = table.slotFor(hash);
    assert.equal(
      put(table, twoAddresses(i, 9), 7, hash, 1000 * i),
      slot,
      `entry ${i} of a set of eight`,
    );
    table.rank(slot, i % 3 === 0 ? Rank.Used : Rank.Judged, 1000 * i);
  }
});

Deno.test("AttemptTable leaves nothing of the entry before", () => {
  const table = new AttemptTable(8, new Hash(1));
  const slots = Array.from({ length: 8 }, (_, i) => put(table, twoAddresses(1, 2), i, 5, i));
  const slot = slots[0];
  table.techniques.set(slot, 99);
  table.form.set(slot, 99);
  table.mark(slot, 1 << 20);
  assert.equal(put(table, twoAddresses(3, 4), 8, 5, 9), slot);
  assert.equal(table.form.of(slot), 0);
  assert.equal(table.techniques.of(slot), 0);
  assert.equal(table.state(slot), 0);
});

Deno.test("Subjects in a scan are never displaced, others by least evidence", () => {
  const subjects = new Subjects(64);
  const made = Array.from({ length: 4 }, (_, i) => subjects.admit(twoAddresses(i, 0), 0, 0, 5, 1));
  made.forEach((subject, i) => subjects.weight.set(subject, 10 * i + 1));
  subjects.scan.set(made[0], 1);
  assert.equal(subjects.admit(twoAddresses(50, 0), 0, 0, 5, 1), made[1]);
  for (const subject of made) subjects.scan.set(subject, 1);
  assert.equal(subjects.admit(twoAddresses(51, 0), 0, 0, 5, 1), -1);
  assert.equal(subjects.find(twoAddresses(0, 0), 0, 0, 5), made[0]);
  assert.equal(subjects.find(twoAddresses(0, 0), 0, 1, 5), -1, "a network is not its address");
});

Deno.test("Pairs count a target once, and forget when too old or of another epoch", () => {
  const pairs = new Pairs(64);
  const pair = pairs.touch(1, 2, 3, 1000, 5000);
  for (let i = 1; i <= 32; i++) assert.equal(pairs.note(pair, i), true);
  for (let i = 1; i <= 32; i++) assert.equal(pairs.note(pair, i), false);
  pairs.weight.add(pair, 20);
  assert.equal(pairs.weight.of(pairs.touch(1, 2, 3, 5999, 5000)), 20);
  assert.equal(pairs.weight.of(pairs.touch(1, 2, 3, 20_000, 5000)), 0);
  pairs.weight.add(pair, 20);
  assert.equal(pairs.weight.of(pairs.touch(1, 2, 4, 20_000, 5000)), 0);
});

Deno.test("Pairs count what is displaced, where it had more than the little that time takes", () => {
  const ways = 4, HOUR_MS = 3_600_000;
  for (const [weight, evicted] of [[0, 0], [1, 0], [2, 1]] as const) {
    const pairs = new Pairs(64);
    const index = Array.from({ length: ways }, (_, i) => pairs.touch(5, 1 + i, 1, 0, HOUR_MS))[0];
    pairs.weight.set(index, weight);
    for (let i = 0; i < ways; i++) {
      if (i > 0) pairs.weight.set(pairs.touch(5, 1 + i, 1, 0, HOUR_MS), 9);
    }
    pairs.touch(5, 99, 1, 0, HOUR_MS);
    assert.equal(pairs.evicted, evicted, `${weight}`);
  }
});

Deno.test("Probation counts to its end and gives way to what has more", () => {
  const probation = new Probation(64);
  const entry = probation.touch(7, 1);
  for (let i = 1; i <= 300; i++) assert.equal(probation.fail(entry, i), Math.min(i, 255));
  assert.equal(probation.touch(7, 2), entry);
  assert.equal(probation.head.of(entry), 301);
  // Two more in the same set: the newcomers displace each other.
  probation.touch(7 + 64, 3);
  probation.touch(7 + 128, 4);
  assert.equal(probation.head.of(probation.touch(7, 5)), 301);
});

Deno.test("PendingQueue is first in, first out, past the wrap of its counters", () => {
  const clock = new Clock();
  const queue = new PendingQueue(8, clock, 1000);
  for (let i = 0; i < 100; i++) {
    assert.equal(queue.push(i), i % 8);
    if (queue.isFull()) {
      assert.equal(queue.oldestMs(), clock.ms - 70);
      assert.equal(queue.oldestAt(), (i - 7) % 8);
      assert.equal(queue.shift(), i - 7);
    }
    clock.ms += 10;
  }
  assert.equal(queue.size, 7);
});

Deno.test("PendingQueue says which comes later, as far as there is one", () => {
  const queue = new PendingQueue(8, new Clock(), 1000);
  for (let slot = 100; slot < 112; slot++) {
    queue.push(slot);
    if (queue.size > 5) queue.shift();
  }
  assert.deepEqual([0, 1, 4].map((places) => queue.later(places)), [107, 108, 111]);
});

Deno.test("PendingQueue is due when its oldest has waited long enough, and never when it is empty", () => {
  const clock = new Clock();
  const queue = new PendingQueue(8, clock, 1000);
  assert.deepEqual([queue.isDue(), queue.dueMs()], [false, Infinity]);
  queue.push(1);
  clock.ms += 999;
  queue.push(2);
  assert.deepEqual([queue.isDue(), queue.dueMs()], [false, 1]);
  clock.ms++;
  assert.deepEqual([queue.isDue(), queue.dueMs()], [true, 0]);
  queue.shift();
  assert.deepEqual([queue.isDue(), queue.dueMs()], [false, 999]);
});

Deno.test("PortMap is exact for every port, as a set is", () => {
  const seed = 42;
  const next = random(seed);
  const map = new PortMap();
  const truth = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const port = Math.floor(next() * 65536), answer = 1 + Math.floor(next() * 3);
    assert.equal(map.note(port, answer), !truth.has(port), `seed ${seed}`);
    truth.set(port, Math.max(truth.get(port) ?? 0, answer));
  }
  assert.equal(map.count, truth.size);
  const listed = (text: string) =>
    text.split(",").flatMap((part) => {
      const [from, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
  for (const answer of [Answer.Silent, Answer.Closed, Answer.Open]) {
    const want = [...truth].filter(([, given]) => given === answer).map(([port]) => port)
      .sort((a, b) => a - b);
    assert.deepEqual(listed(map.ranges(answer, answer)), want);
    assert.equal(map.counted(answer), want.length);
  }
  map.clear();
  assert.equal(map.ranges(Answer.Silent, Answer.Open), "");
  map.note(0, Answer.Open);
  map.note(65535, Answer.Silent);
  assert.equal(map.ranges(Answer.Silent, Answer.Open), "0,65535");
  // Whatever ports a map had, none is left, and they count anew.
  for (const ports of [[300], [40_000, 15, 16], [65_535], [7, 0]]) {
    map.clear();
    assert.deepEqual(ports.map((port) => map.note(port, Answer.Closed)), ports.map(() => true));
    const ascending = ports.toSorted((a, b) => a - b).map(String);
    assert.deepEqual(listed(map.ranges(Answer.Silent, Answer.Open)).map(String), ascending);
  }
});

Deno.test("HostMap is exact within a /16 and close beyond it", () => {
  const map = new HostMap();
  const bytes = new Uint8Array(16);
  const words = new Int32Array(bytes.buffer);
  for (let i = 0; i < 65536; i++) {
    bytes[14] = i >> 8;
    bytes[15] = i;
    map.note(words, 0, 77);
  }
  assert.equal(map.count, 65536);
  map.clear();
  const next = random(9);
  for (let i = 0; i < 50_000; i++) {
    bytes.set([Math.floor(next() * 256), Math.floor(next() * 256), i >> 8, i], 12);
    map.note(words, 0, Math.floor(next() * 65536));
  }
  assert.ok(Math.abs(map.count - 50_000) < 1500, `${map.count}`);
});

Deno.test("HostMap has who was noted, and nobody else of its network", () => {
  const map = new HostMap();
  const words = (last: number) => Int32Array.of(0, 0, 0, last << 24);
  assert.equal(map.has(words(5), 0, 77), false);
  map.note(words(5), 0, 77);
  assert.deepEqual([5, 6].map((last) => map.has(words(last), 0, 77)), [true, false]);
  map.clear();
  assert.equal(map.has(words(5), 0, 77), false);
});

Deno.test("AddressSet forgets in two generations and never denies what is young", () => {
  const clock = new Clock();
  const set = new AddressSet(clock, 1 << 12, 1000);
  for (let i = 0; i < 100; i++) set.add(Math.imul(i, 0x9e3779b1));
  for (let i = 0; i < 100; i++) assert.ok(set.has(Math.imul(i, 0x9e3779b1)));
  clock.ms += 1500;
  set.add(1);
  assert.ok(set.has(Math.imul(5, 0x9e3779b1)), "in the older generation");
  clock.ms += 1500;
  set.add(2);
  assert.ok(!set.has(Math.imul(5, 0x9e3779b1)), "gone");
});

Deno.test("Clock never runs back, never leaps more than a day", () => {
  const clock = new Clock();
  clock.advance(1e15);
  const start = clock.ms;
  clock.advance(1e15 + 5_500);
  assert.equal(clock.since(start), 5);
  clock.advance(1e15 + 4_000); // out of order: time stands
  clock.advance(1e15 + 6_000);
  assert.equal(clock.since(start), 6);
  clock.advance(1e15 - 3e13);
  assert.equal(clock.since(start), 6, "a year back");
  clock.advance(1e15 - 3e13 + 1_000_000);
  assert.equal(clock.since(start), 1006, "and on from there");
  clock.advance(1e15 + 3e13);
  assert.equal(clock.since(start), 1006 + 86_400_000);
});

Deno.test("FloodGate follows a source from its second packet on while a flood lasts", () => {
  const gate = new FloodGate(100);
  assert.equal(gate.pass(1 << 4, 10, true), true);
  for (let i = 0; i < 200; i++) gate.pass(i << 5 | 1 << 20, 20, true);
  assert.equal(gate.isFlood(), true);
  assert.equal(gate.pass(777 << 8, 30, true), false);
  assert.equal(gate.pass(777 << 8, 31, true), true);
  gate.pass(5 << 9, 1200, true);
  gate.pass(6 << 9, 2400, true);
  assert.equal(gate.isFlood(), false, "over");
});

Deno.test("Hash depends on its seed and on every word", () => {
  const words = twoAddresses(1, 2);
  const one = new Hash(1), two = new Hash(2);
  assert.notEqual(one.address(words, 0), two.address(words, 0));
  assert.notEqual(one.address(words, 0), one.address(words, 4));
  assert.notEqual(one.pair(1, 2), one.pair(2, 1));
  for (let i = 0; i < 4; i++) {
    const changed = words.slice();
    changed[i] ^= 1;
    assert.notEqual(one.address(words, 0), one.address(changed, 0), `word ${i}`);
  }
});

Deno.test("sizesFor() keeps within the memory asked for", () => {
  for (const mib of [4, 16, 64, 256, 4096]) {
    const sizes = sizesFor(mib);
    const bytes = sizes.attempts * (AttemptTable.ENTRY_COST + PendingQueue.ENTRY_COST) +
      sizes.probation * Probation.ENTRY_COST + sizes.subjects * Subjects.ENTRY_COST +
      sizes.pairs * Pairs.ENTRY_COST + sizes.scans * (26 * 1024 + Tools.SCAN_COST) +
      sizes.foundPorts * FoundPorts.ENTRY_COST;
    assert.ok(bytes <= mib * 2 ** 20, `${mib} MiB: ${bytes}`);
    for (const count of [sizes.attempts, sizes.probation, sizes.subjects, sizes.pairs]) {
      assert.equal(popcount(count), 1, "a power of two");
    }
  }
});
