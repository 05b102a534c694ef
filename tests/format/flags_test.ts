import assert from "node:assert/strict";
import { flagLetters } from "../../src/format/flags.ts";

Deno.test("flagLetters() tells always, sometimes and never for each of the eight bits", () => {
  assert.equal(flagLetters(0, 0), "fsrpauxy");
  assert.equal(flagLetters(255, 255), "FSRPAUXY");
  assert.equal(flagLetters(255, 0), "????????");
  assert.equal(flagLetters(2, 2), "fSrpauxy");
  assert.equal(flagLetters(0b11000011, 0b01000001), "F?rpauX?");
});
