import assert from "node:assert/strict";
import { byteText, durationText, grouped, rounded } from "../../src/format/figures.ts";

Deno.test("grouped() puts a comma before every three digits", () => {
  assert.equal(grouped(0), "0");
  assert.equal(grouped(999), "999");
  assert.equal(grouped(1000), "1,000");
  assert.equal(grouped(1234567), "1,234,567");
});

Deno.test("rounded() and byteText() keep three digits and change the unit in time", () => {
  assert.equal(rounded(999), "999");
  assert.equal(rounded(999.6), "1.00 thousand");
  assert.equal(rounded(12_345_678), "12.3 million");
  assert.equal(rounded(999_600_000), "1.00 billion");
  assert.equal(byteText(0), "0 B");
  assert.equal(byteText(1536), "1.54 kB");
  assert.equal(byteText(512e6), "512 MB");
  assert.equal(byteText(2 ** 53), "9.01 PB");
});

Deno.test("durationText() uses at most two units and never a negative time", () => {
  const texts: [us: number, text: string][] = [
    [-5, "0 s"],
    [NaN, "0 s"],
    [0, "0 s"],
    [850, "850 us"],
    [999.6, "1 ms"],
    [12_300, "12 ms"],
    [999_499, "999 ms"],
    [999_500, "1.0 s"],
    [59_949_999, "59.9 s"],
    [59_950_000, "1 min"],
    [200e6, "3 min 20 s"],
    [3600e6, "1 h"],
    [7260e6, "2 h 1 min"],
    [97200e6, "1 d 3 h"],
  ];
  for (const [us, text] of texts) assert.equal(durationText(us), text, `${us} us`);
});
