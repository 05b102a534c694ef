import assert from "node:assert/strict";
import { OptionNibble, Quirk } from "../../../src/record.ts";
import { bytes, ethernet, ipv4, tcp } from "../build.ts";
import { type Decoded, record } from "../harness.ts";

const NOP = [1];
const MSS = [2, 4, 0x05, 0xb4];
const SCALE = [3, 3, 7];
const SACK_OK = [4, 2];
const TIMESTAMP = [8, 10, 0xfe, 0xdc, 0xba, 0x98, 0, 0, 0, 0];

function withOptions(...options: number[][]): Decoded {
  return record(ethernet(ipv4(tcp({ options: bytes(...options) }))));
}

function layout(...nibbles: number[]): number {
  return nibbles.reduce((sum, nibble, i) => (sum | nibble << 4 * i) >>> 0, 0);
}

Deno.test("the options of Linux's SYN are in the record", () => {
  const decoded = withOptions(MSS, SACK_OK, TIMESTAMP, NOP, SCALE);
  assert.equal(decoded.mss, 1460);
  assert.equal(decoded.windowScale, 7);
  assert.equal(decoded.timestampValue, 0xfedcba98);
  assert.equal(decoded.transportHeaderLength, 40);
  assert.equal(
    decoded.optionLayout,
    layout(
      OptionNibble.Mss,
      OptionNibble.SackPermitted,
      OptionNibble.Timestamp,
      OptionNibble.Nop,
      OptionNibble.WindowScale,
    ),
  );
  assert.equal(decoded.quirks, 0);
});

Deno.test("NOP NOP timestamp is the same whether alone or with others", () => {
  const decoded = withOptions(NOP, NOP, TIMESTAMP);
  assert.equal(decoded.optionLayout, layout(1, 1, 8));
  assert.equal(decoded.timestampValue, 0xfedcba98);
  assert.equal(decoded.quirks, 0);
  const longer = withOptions(NOP, NOP, TIMESTAMP, [5, 10, 0, 0, 0, 1, 0, 0, 0, 2], NOP, NOP);
  assert.equal(longer.optionLayout, layout(1, 1, 8, 5, 1, 1));
  assert.equal(longer.timestampValue, 0xfedcba98);
});

Deno.test("every kind has its nibble", () => {
  const kinds: [number[], number][] = [
    [[5, 10, 0, 0, 0, 0, 0, 0, 0, 0], OptionNibble.Sack],
    [[19, 18, ...new Array<number>(16).fill(0)], OptionNibble.Md5],
    [[28, 4, 0, 0], OptionNibble.UserTimeout],
    [[34, 2], OptionNibble.FastOpen],
    [[253, 4, 0, 0], OptionNibble.Other],
  ];
  for (const [option, nibble] of kinds) {
    const decoded = withOptions(option, [0]);
    assert.equal(decoded.optionLayout & 0xff, nibble | OptionNibble.EndOfList << 4);
    assert.equal(decoded.quirks, 0);
  }
});

Deno.test("the end of the list ends the walk: what follows is padding", () => {
  const decoded = withOptions(SCALE, [0], MSS);
  assert.equal(decoded.optionLayout, layout(OptionNibble.WindowScale, OptionNibble.EndOfList));
  assert.equal(decoded.mss, 0);
  assert.equal(decoded.quirks, 0);
});

Deno.test("eight options fill the layout; values behind them are still read", () => {
  const decoded = withOptions(...new Array<number[]>(9).fill(NOP), MSS);
  assert.equal(decoded.optionLayout, 0x11111111);
  assert.equal(decoded.mss, 1460);
  assert.equal(withOptions(...new Array<number[]>(40).fill(NOP)).optionLayout, 0x11111111);
});

Deno.test("a malformed option ends the walk and is noted; what came before stays", () => {
  const malformed = [[2, 0], [2, 1], [2, 3, 0], [3, 2], [8, 9, 0, 0, 0, 0, 0, 0, 0], [250, 41]];
  for (const option of malformed) {
    const decoded = withOptions(SACK_OK, option, MSS);
    assert.equal(decoded.quirks, Quirk.BadOptions, `${option}`);
    assert.equal(decoded.optionLayout, OptionNibble.SackPermitted);
    assert.equal(decoded.mss, 0);
  }
  assert.equal(withOptions(NOP, NOP, NOP, [2]).quirks, Quirk.BadOptions, "no room for a length");
});

Deno.test("options cut by the capture are read as far as they go, without a complaint", () => {
  const frame = ethernet(ipv4(tcp({ options: bytes(MSS, SACK_OK, TIMESTAMP, NOP, SCALE) })));
  for (let captured = 54; captured <= frame.length; captured++) {
    const decoded = record(frame.subarray(0, captured), { wireLength: frame.length });
    assert.equal(decoded.quirks, 0, `${captured} bytes`);
    assert.equal(decoded.mss, captured < 58 ? 0 : 1460);
    assert.equal(decoded.timestampValue, captured < 70 ? 0 : 0xfedcba98);
    assert.equal(decoded.windowScale, captured < 74 ? 255 : 7);
  }
});
