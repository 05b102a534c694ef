import assert from "node:assert/strict";
import { lineEnd, savedPacketEnd, wholeUnits } from "../../src/sink/whole_units.ts";

Deno.test("wholeUnits() counts lines up to where writing stopped", () => {
  const bytes = new TextEncoder().encode("one\ntwo\nthree\n");
  const cases: [number, number, number][] = [
    [0, 0, 0],
    [3, 0, 0],
    [4, 4, 1],
    [7, 4, 1],
    [8, 8, 2],
    [13, 8, 2],
    [14, 14, 3],
  ];
  for (const [written, length, units] of cases) {
    assert.deepEqual(wholeUnits(bytes, written, lineEnd), { length, units }, `${written} bytes`);
  }
});

Deno.test("wholeUnits() takes a line without an end for none", () => {
  const bytes = new TextEncoder().encode("one\ntwo");
  assert.deepEqual(wholeUnits(bytes, 7, lineEnd), { length: 4, units: 1 });
});

Deno.test("wholeUnits() counts packets of a savefile by the lengths in their records", () => {
  // Packets of 5 and 0 bytes, in bytes that are a part of others.
  const bytes = new Uint8Array(3 + 21 + 16).subarray(3);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, 5, true);
  for (const [written, length, units] of [[15, 0, 0], [20, 0, 0], [21, 21, 1], [36, 21, 1]]) {
    assert.deepEqual(wholeUnits(bytes, written, savedPacketEnd), { length, units });
  }
  assert.deepEqual(wholeUnits(bytes, 37, savedPacketEnd), { length: 37, units: 2 });
});
