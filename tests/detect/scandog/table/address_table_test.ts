import assert from "node:assert/strict";
import { AddressTable } from "../../../../src/detect/scandog/table/address_table.ts";

const WORD = AddressTable.FIRST_WORD;
const addresses = new Int32Array(64 * 4).map((_, i) => i % 4 === 3 ? i + 1 : 0);

/** Takes the place that a new address gets; its index. */
function add(table: AddressTable, n: number, hash: number): number {
  const index = table.victim(hash);
  table.take(index, addresses, n * 4, hash);
  return index;
}

Deno.test("AddressTable finds what was taken in, by address and not by hash alone", () => {
  const table = new AddressTable(16, WORD + 2);
  const index = add(table, 1, 77);
  assert.equal(table.find(addresses, 4, 77), index);
  assert.equal(table.find(addresses, 8, 77), -1);
  assert.equal(table.find(addresses, 4, 78), -1);
  assert.equal(table.worth(index), 1);
  assert.equal(table.size, 1);
});

Deno.test("AddressTable gives up the least seen of a full set, however many collide", () => {
  const table = new AddressTable(16, WORD + 2);
  const index = add(table, 0, 4); // a constant hash: all in one set
  for (let i = 0; i < 9; i++) table.seen(index);
  for (let n = 1; n < 64; n++) add(table, n, 4);
  assert.equal(table.find(addresses, 0, 4), index, "what was seen ten times stays");
  assert.ok(table.size <= 4);
});

Deno.test("AddressTable gives an entry to a new address with nothing of the old one", () => {
  const table = new AddressTable(4, WORD + 2);
  const index = add(table, 0, 1);
  const count = table.column(WORD), bits = table.column(WORD + 1);
  count.count(index);
  assert.ok(table.setBit(index, WORD + 1, 31));
  assert.ok(!table.setBit(index, WORD + 1, 31));
  table.take(index, addresses, 4, 2);
  assert.deepEqual([count.of(index), bits.of(index)], [0, 0]);
  assert.equal(table.find(addresses, 0, 1), -1);
});

Deno.test("AddressTable counts up to the largest number and no further", () => {
  const table = new AddressTable(4, WORD + 1);
  const index = add(table, 0, 1);
  const count = table.column(WORD);
  count.set(index, 0x7fffffff);
  table.words[table.addressAt(index) + WORD - 1] = 0x7fffffff;
  count.count(index);
  table.seen(index);
  assert.deepEqual([count.of(index), table.worth(index)], [0x7fffffff, 0x7fffffff]);
});

Deno.test("AddressTable forgets an entry once", () => {
  const table = new AddressTable(4, WORD + 1);
  const index = add(table, 0, 1);
  table.free(index);
  table.free(index);
  assert.equal(table.size, 0);
  assert.equal(table.find(addresses, 0, 1), -1);
});

Deno.test("AddressTable.touch() finds or takes in, and says first what gives way to it", () => {
  const table = new AddressTable(4, WORD + 1);
  const gone: number[] = [];
  const touch = (n: number) => table.touch(addresses, n * 4, 4, (index) => gone.push(index));
  const [first, ...others] = [0, 1, 2, 3].map(touch);
  assert.equal(touch(0), first);
  assert.deepEqual([first, ...others].map((index) => table.worth(index)), [2, 1, 1, 1]);
  assert.deepEqual(gone, []);
  assert.equal(touch(9), others[0]);
  assert.deepEqual(gone, [others[0]]);
  assert.equal(table.worth(others[0]), 1, "the new one begins anew");
  table.free(first);
  assert.deepEqual(table.inUse().sort(), others.sort());
  assert.equal(touch(10), first);
  assert.equal(gone.length, 1, "what is free gives no way");
});
