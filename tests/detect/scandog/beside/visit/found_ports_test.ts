// The table of ports that scanners found open: bounds, collisions, what gives way, what comes back.

import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAddress } from "../../../../../src/address.ts";
import {
  FoundMark,
  FoundPorts,
  stateOf,
  tierOf,
} from "../../../../../src/detect/scandog/beside/visit/found_ports.ts";
import { Hash } from "../../../../../src/keyed_hash.ts";
import { keptPort, takePort } from "../../../../../src/detect/scandog/beside/visit/kept_ports.ts";

const DAY_US = 86_400_000_000;
const NOW = 1_800_000_000_000_000;
const TCP = 1 << 16;

/** Every key in one set. */
class OneSet extends Hash {
  override triple(): number {
    return 0;
  }
}

function words(...addresses: string[]): Int32Array {
  const bytes = new Uint8Array(addresses.length * 16);
  addresses.forEach((address, i) => bytes.set(parseAddress(address)!, i * 16));
  return new Int32Array(bytes.buffer);
}

function wanted(scanner: string, target: string, port: number) {
  return { addresses: words(scanner, target), scanner: 0, target: 4, key: TCP | port };
}

function put(
  table: FoundPorts,
  scanner: string,
  target: string,
  port: number,
  { state = 0, nowUs = NOW, scan = 1 } = {},
): number {
  const slot = table.place(wanted(scanner, target, port), state, nowUs);
  if (slot < 0) return slot;
  table.scan.set(slot, scan);
  table.state.set(slot, state);
  table.setTimes(slot, nowUs, nowUs, nowUs);
  return slot;
}

function find(table: FoundPorts, visitor: string, target: string, port: number, nowUs = NOW) {
  return table.find(wanted(visitor, target, port), nowUs);
}

Deno.test("FoundPorts finds the scanner itself, else the latest of its network, else nothing", () => {
  const table = new FoundPorts(64, DAY_US, new Hash(1));
  put(table, "198.51.100.7", "203.0.113.1", 80, { nowUs: NOW - 5 });
  const later = put(table, "198.51.100.8", "203.0.113.1", 80, { nowUs: NOW - 3 });
  const own = put(table, "198.51.100.9", "203.0.113.1", 80, { nowUs: NOW - 4 });
  assert.equal(find(table, "198.51.100.9", "203.0.113.1", 80), own);
  assert.equal(find(table, "198.51.100.200", "203.0.113.1", 80), later);
  assert.equal(find(table, "198.51.101.9", "203.0.113.1", 80), -1);
  assert.equal(find(table, "198.51.100.9", "203.0.113.2", 80), -1);
  assert.equal(find(table, "198.51.100.9", "203.0.113.1", 81), -1);
  assert.equal(table.size, 3);
});

Deno.test("FoundPorts tells networks apart where their hashes collide, IPv4 from IPv6 too", () => {
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  const four = put(table, "198.51.100.7", "203.0.113.1", 80);
  const six = put(table, "2001:db8:1:2::7", "203.0.113.1", 80);
  assert.equal(find(table, "198.51.100.8", "203.0.113.1", 80), four);
  assert.equal(find(table, "2001:db8:1:2:ffff::8", "203.0.113.1", 80), six);
  assert.equal(find(table, "2001:db8:1:3::7", "203.0.113.1", 80), -1);
  assert.equal(find(table, "198.51.1.7", "203.0.113.1", 80), -1);
});

Deno.test("place() writes down scanner and target, wherever they stand, and nothing beside the entry", () => {
  const [before, scanner, target, after] = [
    words("::1"),
    words("1:2:3:4:5:6:7:8"),
    words("9:a:b:c:d:e:f:1"),
    words("f::"),
  ];
  const addresses = Int32Array.of(...before, ...target, ...before, ...scanner, ...after);
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  table.words.fill(7);
  const slot = table.place({ addresses, scanner: 12, target: 4, key: TCP | 80 }, 0, NOW);
  const at = table.addressAt(slot), end = at + table.words.length / 8;
  assert.deepEqual([...table.words.subarray(at, end)], [
    ...scanner,
    ...target,
    TCP | 80,
    ...Array(7).fill(0),
  ]);
  const others = [...table.words.subarray(0, at), ...table.words.subarray(end)];
  assert.ok(others.length === 7 * 16 && others.every((word) => word === 7));
});

Deno.test("place() leaves nothing of the entry that gave way, and all of a scanner's own", () => {
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  const state = stateOf(FoundMark.Told, 100);
  for (let i = 0; i < 8; i++) {
    const slot = put(table, `192.0.${i}.1`, "203.0.113.1", 80, { state, nowUs: NOW + i, scan: 9 });
    table.run.set(slot, 5);
    table.triedMs.set(slot, 6);
    assert.ok(table.noteVisitor(slot, 4));
  }
  const about = (slot: number) => [
    ...[table.scan, table.run, table.state, table.triedMs].map((column) => column.of(slot)),
    ...table.visitors(slot),
  ];
  const own = table.place(wanted("192.0.3.1", "203.0.113.1", 80), state, NOW);
  assert.deepEqual(about(own), [9, 5, state, 6, 4, 0, 0]);
  const oldest = find(table, "192.0.0.1", "203.0.113.1", 80);
  const slot = table.place(wanted("198.51.100.7", "203.0.113.1", 80), state, NOW);
  assert.equal(slot, oldest, "of equals the oldest gives way");
  assert.deepEqual(about(slot), Array(7).fill(0));
  assert.equal(find(table, "192.0.0.1", "203.0.113.1", 80), -1);
  assert.equal(table.size, 8);
});

Deno.test("place() takes what is worth as much as the least, and refuses what is worth less", () => {
  for (const [count, isTaken] of [[0, true], [8, true], [16, false]] as const) {
    const table = new FoundPorts(8, DAY_US, new OneSet(1));
    for (let i = 0; i < 8; i++) {
      put(table, `192.0.${i}.1`, "203.0.113.1", 80, { state: stateOf(0, 8) });
    }
    const slot = put(table, "198.51.100.7", "203.0.113.1", 80, { state: stateOf(0, count) });
    assert.equal(slot >= 0, isTaken, `port ${count} of its scan`);
    assert.equal(find(table, "198.51.100.7", "203.0.113.1", 80), slot);
  }
});

Deno.test("FoundPorts keeps an entry for its memory, and a clock set back does not age it", () => {
  const table = new FoundPorts(8, DAY_US, new Hash(1));
  const slot = put(table, "198.51.100.7", "203.0.113.1", 80);
  const at = (nowUs: number) => find(table, "198.51.100.7", "203.0.113.1", 80, nowUs);
  assert.equal(at(NOW + DAY_US), slot);
  assert.equal(at(NOW + DAY_US + 1), -1);
  assert.equal(at(NOW - DAY_US), slot);
  // The clock was ahead when it was found: it must not stay for years.
  assert.equal(at(NOW - DAY_US - 1), -1);
  assert.equal(at(NaN), slot);
  assert.equal(put(table, "198.51.100.7", "203.0.113.1", 80, { nowUs: NOW + 9 * DAY_US }), slot);
  assert.equal(at(NOW + 9 * DAY_US), slot);
  assert.equal(table.size, 1);
});

Deno.test("a full set gives up what is too old, then many ports of one scan, weak proof, age", () => {
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  const full = (i: number) => `198.51.${i}.7`;
  const states = [
    stateOf(FoundMark.Handshake, 0),
    stateOf(0, 0),
    stateOf(FoundMark.Handshake, 100),
    stateOf(0, 100),
    stateOf(0, 5000),
    stateOf(0, 5000),
    stateOf(FoundMark.Handshake, 5000),
  ];
  put(table, full(0), "203.0.113.1", 80, { nowUs: NOW - 2 * DAY_US });
  states.forEach((state, i) =>
    put(table, full(i + 1), "203.0.113.1", 80, { state, nowUs: NOW - 100 + i })
  );
  const gone: string[] = [];
  for (let n = 0; n < 8; n++) {
    const present = (i: number) => find(table, full(i), "203.0.113.1", 80, NOW - DAY_US) >= 0;
    const before = [0, 1, 2, 3, 4, 5, 6, 7].filter(present);
    const state = stateOf(FoundMark.Handshake, 0);
    put(table, `192.0.${n}.9`, "203.0.113.1", 80, { state, nowUs: NOW });
    gone.push(before.filter((i) => !present(i)).join());
  }
  assert.deepEqual(gone, ["0", "5", "6", "7", "4", "3", "2", "1"]);
  assert.equal(table.size, 8);
});

Deno.test("the thousandth port of one scan pushes out no first port of another", () => {
  const table = new FoundPorts(64, DAY_US, new Hash(1));
  for (let i = 0; i < 400; i++) put(table, `10.${i >> 8}.${i & 255}.7`, "203.0.113.1", 80);
  const entries = () => Array.from({ length: 64 }, (_, i) => keptPort(table, i));
  const before = entries();
  assert.equal(table.size, 64);
  for (let i = 8; i < 5000; i++) {
    const state = stateOf(FoundMark.Handshake, i);
    assert.equal(put(table, "198.51.100.7", `203.0.${i >> 8}.${i & 255}`, 80, { state }), -1);
  }
  assert.deepEqual(entries(), before);
});

Deno.test("many scanners of one network push out each other, and nobody else", () => {
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  const others = Array.from({ length: 5 }, (_, i) => `192.0.${i}.1`);
  for (const other of others) put(table, other, "203.0.113.1", 80);
  for (let i = 1; i < 250; i++) {
    put(table, `198.51.100.${i}`, "203.0.113.1", 80, { nowUs: NOW + i });
  }
  for (const other of others) assert.ok(find(table, other, "203.0.113.1", 80) >= 0, other);
  const left = Array.from({ length: 8 }, (_, i) => keptPort(table, i)!)
    .filter(({ scanner }) => scanner[13] === 51).map(({ scanner }) => scanner[15]);
  assert.deepEqual(left.sort(), [247, 248, 249]);
});

Deno.test("noteVisitor() takes three, each once", () => {
  const table = new FoundPorts(8, DAY_US, new Hash(1));
  const slot = put(table, "198.51.100.7", "203.0.113.1", 80);
  assert.deepEqual([5, 5, 6, 7, 8, 6].map((tag) => table.noteVisitor(slot, tag)), [
    true,
    false,
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("visitors of an entry take no word of its own, and none of the entries beside it", () => {
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  const scanners = Array.from({ length: 8 }, (_, i) => `192.0.${i}.1`);
  const slots = scanners.map((scanner) => put(table, scanner, "203.0.113.1", 80));
  for (const slot of slots) table.tried(slot, 5, NOW);
  for (const slot of slots) {
    for (const tag of [7, 8, 9]) assert.ok(table.noteVisitor(slot, tag));
  }
  for (const [i, slot] of slots.entries()) {
    assert.equal(find(table, scanners[i], "203.0.113.1", 80), slot);
    assert.deepEqual([...table.visitors(slot)], [7, 8, 9]);
    assert.deepEqual([table.key.of(slot), table.triedMs.of(slot)], [TCP | 80, 5]);
  }
});

Deno.test("tierOf() doubles from tier to tier and ends", () => {
  const firsts = [0, 7, 8, 15, 16, 32, 64, 128, 256, 511, 512, 2 ** 31 - 1];
  assert.deepEqual(firsts.map(tierOf), [0, 0, 1, 1, 2, 3, 4, 5, 6, 6, 7, 7]);
});

Deno.test("entries survive being kept and taken into a table of another size and seed", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const address = fc.oneof(
    fc.tuple(octet, octet, octet, octet).map((parts) => parts.join(".")),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .map((groups) => groups.map((group) => group.toString(16)).join(":")),
  );
  const find = fc.record({
    scanner: address,
    target: address,
    port: fc.integer({ min: 0, max: 65535 }),
    state: fc.integer({ min: 0, max: 0x7fffffff }),
    nowUs: fc.integer({ min: 0, max: 9e15 }),
    scan: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  });
  fc.assert(fc.property(fc.array(find, { maxLength: 60 }), fc.integer(), (finds, seed) => {
    const table = new FoundPorts(32, DAY_US, new Hash(seed));
    for (const { scanner, target, port, ...more } of finds) put(table, scanner, target, port, more);
    const other = new FoundPorts(4096, DAY_US, new Hash(~seed));
    let kept = 0;
    for (let slot = 0; slot < table.capacity; slot++) {
      const entry = keptPort(table, slot);
      assert.equal(entry !== undefined, table.isTaken(slot));
      if (entry === undefined) continue;
      kept++;
      const place = takePort(other, entry);
      assert.ok(place >= 0);
      const taken = keptPort(other, place)!;
      // Bits that mean nothing are not taken over.
      assert.deepEqual({ ...taken, state: 0 }, { ...entry, state: 0 });
      assert.equal(taken.state & ~0x703, 0);
    }
    assert.equal(table.size, kept);
    assert.ok(kept <= table.capacity);
    assert.equal(table.changes.count, table.changes.first(Infinity).length);
    table.changes.remove(table.changes.first(5));
    assert.equal(table.changes.count, table.changes.first(Infinity).length);
  }));
});

Deno.test("whatever changes an entry says that it differs from what is kept", () => {
  const table = new FoundPorts(8, DAY_US, new Hash(1));
  const slot = put(table, "198.51.100.7", "203.0.113.1", 80, { state: FoundMark.Handshake });
  /** True when by this the entry alone is said to have changed. */
  const isSaid = (change: () => void) => {
    table.changes.remove(table.changes.first(Infinity));
    change();
    return table.changes.first(Infinity).join() === `${slot}`;
  };
  assert.ok(isSaid(() => table.mark(slot, FoundMark.Told)));
  assert.equal(table.state.of(slot), FoundMark.Handshake | FoundMark.Told);
  assert.ok(isSaid(() => table.tried(slot, 5, NOW + 9)));
  assert.deepEqual([table.triedMs.of(slot), table.triedUs[slot]], [5, NOW + 9]);
  assert.ok(isSaid(() => table.setTimes(slot, NOW + 1, NOW + 2, NOW + 3)));
  const times = [table.startUs, table.foundUs, table.triedUs].map((column) => column[slot] - NOW);
  assert.deepEqual(times, [1, 2, 3]);
  assert.ok(isSaid(() => table.noteVisitor(slot, 4)));
  assert.ok(!isSaid(() => table.noteVisitor(slot, 4)), "it was there");
  assert.ok(isSaid(() => table.remove(slot)));
  assert.deepEqual([table.isTaken(slot), table.size], [false, 0]);
});

Deno.test("has() asks for one mark", () => {
  const table = new FoundPorts(8, DAY_US, new Hash(1));
  const { Handshake, Told } = FoundMark;
  for (const state of [0, Handshake, Told, Handshake | Told]) {
    const slot = put(table, "198.51.100.7", "203.0.113.1", 80, { state: stateOf(state, 100) });
    assert.equal(table.has(slot, Handshake), (state & Handshake) !== 0, `${state}`);
    assert.equal(table.has(slot, Told), (state & Told) !== 0, `${state}`);
  }
});

Deno.test("a kept entry is what the table holds: 16 bytes of each address, and numbers that have no sign", () => {
  const table = new FoundPorts(8, DAY_US, new OneSet(1));
  const scanner = "2001:db8:1:2:3:4:5:6", target = "2001:db8:a:b:c:d:e:f";
  assert.equal(keptPort(table, 0), undefined);
  const slot = put(table, scanner, target, 443, { state: FoundMark.Handshake, scan: -1 });
  table.run.set(slot, -2);
  table.setTimes(slot, NOW + 1, NOW + 2, NOW + 3);
  for (const tag of [7, -8, 9]) table.noteVisitor(slot, tag);
  assert.deepEqual(keptPort(table, slot), {
    scanner: parseAddress(scanner),
    target: parseAddress(target),
    key: TCP | 443,
    scan: 0xffffffff,
    run: 0xfffffffe,
    state: FoundMark.Handshake,
    startUs: NOW + 1,
    foundUs: NOW + 2,
    triedUs: NOW + 3,
    visitors: Int32Array.of(7, -8, 9),
  });
});
