// What links attempts of one source: from the latest on, and no further than what is still its own.

import assert from "node:assert/strict";
import {
  addFailed,
  eachFailed,
  isOf,
  latestFailed,
} from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { ChangedSlots } from "../../../../src/detect/scandog/table/changed_slots.ts";
import { SourceHeads } from "../../../../src/detect/scandog/table/source_heads.ts";
import { Entries } from "../entries.ts";

const PLACES = 1 << 16;

Deno.test("SourceHeads gives the attempt before, of each source its own, and anew where two collide", () => {
  const heads = new SourceHeads();
  assert.deepEqual([heads.push(7, 0), heads.push(7, 5), heads.push(7, 9)], [0, 1, 6]);
  assert.deepEqual([heads.latest(7), heads.latest(8)], [10, 0]);
  assert.equal(heads.push(8, 2), 0, "another place");
  assert.equal(heads.push(7 + PLACES, 3), 0, "the same place");
  assert.deepEqual([heads.latest(7 + PLACES), heads.latest(7)], [4, 0]);
  assert.equal(heads.push(7, 4), 0, "what was before is lost");
});

/** A subject, and the slots of its failed attempts, in the order in which they failed. */
function failed(count: number) {
  const entries = new Entries(), { memory } = entries;
  const slots = Array.from({ length: count }, (_, i) => entries.add({ port: 100 + i }));
  const { subjects, table, clock } = memory;
  const hash = table.sourceHash(slots[0]);
  const subject = subjects.admit(table.words, table.sourceAt(slots[0]), 0, hash, clock.ms);
  for (const slot of slots) addFailed(memory, subject, slot);
  return { entries, memory, subject, slots };
}

function listed(all: ReturnType<typeof failed>, max: number, until = -1): number[] {
  const found: number[] = [];
  eachFailed(all.memory, all.subject, max, (slot) => {
    found.push(slot);
    return slot !== until;
  });
  return found;
}

Deno.test("a subject's failed attempts are listed from the latest on, so many at most, until it is enough", () => {
  const all = failed(3), [first, second, third] = all.slots;
  assert.deepEqual(listed(all, 9), [third, second, first]);
  assert.deepEqual(listed(all, 3), [third, second, first]);
  assert.deepEqual(listed(all, 2), [third, second]);
  assert.deepEqual(listed(all, 0), []);
  assert.deepEqual(listed(all, 9, second), [third, second]);
  assert.equal(latestFailed(all.memory, all.subject), third);
  const one = failed(1);
  assert.equal(latestFailed(one.memory, one.subject), 0, "the first place of the table too");
});

Deno.test("what links an attempt elsewhere while it is listed does not end the list", () => {
  const all = failed(3), found: number[] = [];
  eachFailed(all.memory, all.subject, 9, (slot) => {
    found.push(slot);
    all.memory.table.link.set(slot, 0);
  });
  assert.deepEqual(found, all.slots.toReversed());
});

Deno.test("the list of failed attempts ends where a place was taken over by another source", () => {
  const all = failed(3), { memory: { table }, subject, slots } = all;
  const other = all.entries.add({ source: "198.51.100.8" });
  const take = (slot: number) =>
    table.words.copyWithin(table.sourceAt(slot), table.sourceAt(other), table.sourceAt(other) + 4);
  assert.equal(isOf(all.memory, slots[1], subject), true);
  take(slots[1]);
  assert.equal(isOf(all.memory, slots[1], subject), false);
  assert.deepEqual(listed(all, 9), [slots[2]]);
  assert.equal(latestFailed(all.memory, subject), slots[2]);
  take(slots[2]);
  assert.deepEqual(listed(all, 9), []);
  assert.equal(latestFailed(all.memory, subject), -1);
});

Deno.test("a subject without a failed attempt has none", () => {
  const { memory } = new Entries();
  assert.equal(latestFailed(memory, 0), -1);
  eachFailed(memory, 0, 9, () => assert.fail("none"));
});

Deno.test("ChangedSlots counts each place once, lists the first, and forgets what is saved", () => {
  const changed = new ChangedSlots(8);
  assert.deepEqual([changed.count, changed.first(5)], [0, []]);
  for (const slot of [5, 0, 5, 7]) changed.add(slot);
  assert.equal(changed.count, 3);
  assert.deepEqual(changed.first(2), [0, 5]);
  assert.deepEqual(changed.first(9), [0, 5, 7]);
  assert.deepEqual(changed.first(0), []);
  changed.remove([5, 1, 5]);
  assert.deepEqual([changed.count, changed.first(9)], [2, [0, 7]]);
  changed.add(5);
  assert.equal(changed.count, 3);
});
