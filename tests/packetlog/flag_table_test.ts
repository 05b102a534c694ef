import assert from "node:assert/strict";
import {
  flagTable,
  isNull,
  isProbe,
  MASK_DEFAULT,
  parseExact,
  parseMask,
} from "../../src/packetlog/flag_table.ts";

const only = (mask: number) => flagTable({ mask, exact: [], probes: false });

/** The table of the original document, bit by bit rather than with one AND. */
function perroLogs(mask: number, flags: number): boolean {
  const bits = [1, 2, 4, 8, 16, 32, 64, 128];
  const anyMasked = bits.some((bit) => Math.floor(mask / bit) % 2 * (Math.floor(flags / bit) % 2));
  const isNullProbe = bits.slice(0, 6).every((bit) => Math.floor(flags / bit) % 2 === 0);
  return anyMasked || isNullProbe;
}

Deno.test("flagTable() follows the document for each of 64 masks and 64 flag combinations", () => {
  for (let mask = 0; mask < 64; mask++) {
    const table = only(mask);
    for (let flags = 0; flags < 64; flags++) {
      assert.equal(table[flags] === 1, perroLogs(mask, flags), `mask ${mask}, flags ${flags}`);
    }
  }
});

Deno.test("flagTable() lets neither of the two later bits hide or show anything", () => {
  for (let mask = 0; mask < 64; mask++) {
    const table = only(mask);
    for (let flags = 0; flags < 64; flags++) {
      for (const later of [64, 128, 192]) assert.equal(table[flags | later], table[flags]);
    }
  }
});

Deno.test("flagTable() selects ECE and CWR by their own bits in masks above 63", () => {
  for (let mask = 64; mask < 256; mask++) {
    const table = only(mask);
    for (let flags = 0; flags < 256; flags++) {
      assert.equal(table[flags] === 1, perroLogs(mask, flags), `mask ${mask}, flags ${flags}`);
    }
  }
});

Deno.test("flagTable() has the document's examples: 2 SYN, 3 SYN or FIN, 43, 63 all", () => {
  assert.equal(only(2)[2], 1);
  assert.equal(only(2)[1], 0);
  assert.equal(only(3)[1], 1);
  assert.equal(only(MASK_DEFAULT)[24], 1, "every data segment with PSH: the known weakness");
  assert.equal(only(MASK_DEFAULT)[16], 0, "an ACK scan");
  assert.equal(only(MASK_DEFAULT)[4], 0, "a RST scan");
  assert.ok(only(63).every((logged) => logged === 1));
});

Deno.test("flagTable() always has NULL, whatever was asked for", () => {
  const nothing = flagTable({ mask: 0, exact: [], probes: false });
  nothing.forEach((logged, flags) => assert.equal(logged === 1, isNull(flags), `${flags}`));
});

Deno.test("isProbe() has what can start something, and no ordinary data", () => {
  const probes = { SYN: 2, FIN: 1, NULL: 0, Xmas: 41, "Xmas with ACK": 57, "SYN FIN": 3, ECN: 194 };
  for (const [name, flags] of Object.entries(probes)) assert.ok(isProbe(flags), name);
  const ordinary = { ACK: 16, "PSH ACK": 24, "SYN ACK": 18, "FIN ACK": 17, RST: 4, "RST ACK": 20 };
  for (const [name, flags] of Object.entries(ordinary)) assert.ok(!isProbe(flags), name);
});

Deno.test("flagTable() takes exact combinations besides the mask", () => {
  const table = flagTable({ mask: 0, exact: [{ mask: 18, value: 2 }], probes: false });
  assert.equal(table[2], 1);
  assert.equal(table[18], 0);
  assert.equal(table[2 | 8], 1, "bits outside the mask do not matter");
});

Deno.test("parseMask() reads numbers, letters of any case and order, and all", () => {
  const good = { "0": 0, "43": 43, "255": 255, S: 2, sf: 3, FPU: 41, upf: 41, C: 128, all: 255 };
  for (const [text, mask] of Object.entries(good)) assert.equal(parseMask(text), mask, text);
  for (const text of ["", "256", "-1", "1.5", "0x2b", "SX", "S F", "1e1", "٤"]) {
    assert.equal(parseMask(text), undefined, text);
  }
});

Deno.test("parseExact() wants a value within its mask", () => {
  assert.deepEqual(parseExact("SA/S"), { mask: 18, value: 2 });
  assert.deepEqual(parseExact("18/2"), { mask: 18, value: 2 });
  assert.deepEqual(parseExact("63/0"), { mask: 63, value: 0 });
  for (const text of ["S", "S/A", "S/", "/S", "S/S/S", "256/0"]) {
    assert.equal(parseExact(text), undefined, text);
  }
});
