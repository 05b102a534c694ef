// What sources used: counted apart by source, host, port and network, and what others say of it.

import assert from "node:assert/strict";
import { TargetClass, targetKey } from "../../../../src/detect/scandog/probe/classes.ts";
import {
  acceptedBy,
  isAnswered,
  noteAccepted,
  noteUse,
  noteUsed,
  noteUsesOf,
  usedAtHost,
  usedBy,
  usedInNetwork,
  usedOfKey,
} from "../../../../src/detect/scandog/table/uses.ts";
import { Entries, type Entry, SOURCE, TARGET } from "../entries.ts";

/** By source, at its host, of its port, and in the network, of an attempt. */
function counts(entries: Entries, entry: Entry = {}): number[] {
  const { memory } = entries, slot = entries.add({ port: 80, ...entry });
  const source = memory.table.sourceHash(slot);
  return [
    usedBy(memory, source),
    usedAtHost(memory, slot),
    usedOfKey(memory, slot),
    usedInNetwork(memory, slot),
  ];
}

function used(...all: Entry[]): Entries {
  const entries = new Entries();
  for (const entry of all) noteUsed(entries.memory, entries.add({ port: 80, ...entry }));
  return entries;
}

const NEAR = "203.0.113.11", FAR = "192.0.2.9";

Deno.test("what a source used is counted by itself, of a host, of a port, and of a port in a network", () => {
  const entries = used({}, { target: NEAR }, { target: FAR, port: 443 }, { target: FAR });
  assert.deepEqual(counts(entries), [4, 1, 3, 2]);
  assert.deepEqual(counts(entries, { target: FAR }), [4, 2, 3, 1]);
  assert.deepEqual(counts(entries, { port: 443 }), [4, 1, 1, 0]);
  assert.deepEqual(counts(entries, { port: 22, target: "10.0.0.1" }), [4, 0, 0, 0]);
  assert.deepEqual(counts(entries, { source: "198.51.100.8" }), [0, 0, 0, 0]);
});

Deno.test("a use of which only the target was seen does not make its host known", () => {
  assert.deepEqual(counts(used({ packets: 0 })), [1, 0, 1, 1]);
  assert.deepEqual(counts(used({ packets: 1 })), [1, 1, 1, 1]);
});

Deno.test("a neighbour that is there was not used", () => {
  const arp = { kind: TargetClass.Arp, port: 0 };
  assert.deepEqual(counts(used(arp), arp), [0, 0, 1, 1]);
});

Deno.test("an answer from a port to a question that was not seen counts for the port alone", () => {
  const entries = new Entries(), { memory } = entries;
  noteUse(memory, memory.table.sourceHash(entries.add()), targetKey(TargetClass.Tcp, 80));
  assert.deepEqual(counts(entries), [0, 0, 1, 0]);
});

Deno.test("an attempt is answered where its target used something at its source, and not the other way round", () => {
  const back = used({ source: TARGET, target: SOURCE }), there = used({});
  assert.equal(isAnswered(back.memory, back.add()), true);
  assert.equal(isAnswered(there.memory, there.add()), false);
});

Deno.test("what accepted and was told nothing counts until it is counted as failed, in all and by port", () => {
  const entries = new Entries(), { memory } = entries;
  const note = (port: number, isCounted: boolean) =>
    noteAccepted(memory, entries.add({ port }), isCounted);
  const accepted = (port = 80) => Object.values(acceptedBy(memory, entries.add({ port })));
  assert.deepEqual(accepted(), [0, 0]);
  note(80, false);
  note(80, false);
  note(22, false);
  assert.deepEqual([accepted(), accepted(22), accepted(21)], [[3, 2], [3, 1], [3, 0]]);
  note(80, true);
  assert.deepEqual([accepted(), accepted(22)], [[2, 1], [2, 1]]);
  note(21, true);
  note(21, true);
  note(21, true);
  assert.deepEqual(accepted(21), [0, 0], "and never less than none");
});

/** What an attempt's source used, after others said so. */
function said(...words: [uses: number[], watcher: number, isAdded: boolean][]): number[] {
  const entries = new Entries(), slot = entries.add({ port: 80 });
  for (const [[all, host, port], watcher, isAdded] of words) {
    noteUsesOf(entries.memory, slot, { all, host, port }, watcher, isAdded);
  }
  return counts(entries).slice(0, 3);
}

Deno.test("what others say of uses adds up, and what one says again replaces what it said before", () => {
  assert.deepEqual(said([[5, 3, 2], 1, false]), [5, 3, 2]);
  assert.deepEqual(said([[5, 3, 2], 1, false], [[5, 3, 2], 1, false]), [5, 3, 2]);
  assert.deepEqual(said([[5, 3, 2], 1, false], [[6, 3, 4], 1, false]), [6, 3, 4]);
  assert.deepEqual(said([[5, 3, 2], 1, false], [[4, 1, 1], 1, false]), [5, 3, 2], "never less");
  assert.deepEqual(said([[5, 3, 2], 1, false], [[2, 2, 2], 2, false]), [7, 5, 4]);
});

Deno.test("of what others say one of each is left out where it was added already", () => {
  assert.deepEqual(said([[5, 3, 2], 1, true]), [4, 2, 1]);
  assert.deepEqual(said([[1, 1, 1], 1, true]), [0, 0, 0]);
  assert.deepEqual(said([[1, 1, 1], 1, true], [[3, 1, 1], 1, true]), [1, 0, 0]);
});
