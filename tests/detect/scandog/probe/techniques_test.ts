// Techniques by the flags of a probe, and which of them are TCP's.

import assert from "node:assert/strict";
import {
  EXOTIC,
  TCP_TECHNIQUES,
  tcpTechnique,
  TechniqueBit,
} from "../../../../src/detect/scandog/probe/techniques.ts";

const { Syn, Fin, Null, Xmas, Maimon, Ack, OtherTcp, Udp } = TechniqueBit;

Deno.test("tcpTechnique() knows the flags of each technique, whatever ECN adds", () => {
  for (
    const [flags, technique] of [
      [0x00, Null],
      [0x02, Syn],
      [0x01, Fin],
      [0x29, Xmas],
      [0x11, Maimon],
      [0x19, Maimon],
      [0x10, Ack],
      [0x18, Ack],
      [0x30, Ack],
      [0x3f, OtherTcp],
      [0x03, OtherTcp],
      [0x20, OtherTcp],
    ]
  ) {
    for (const ecn of [0, 0x40, 0x80, 0xc0]) {
      assert.equal(tcpTechnique(flags | ecn), technique, `0x${(flags | ecn).toString(16)}`);
    }
  }
});

Deno.test("TCP's techniques are all before UDP's, and have those that no TCP sends", () => {
  const all = Object.values(TechniqueBit).filter((bit) => (bit & TCP_TECHNIQUES) !== 0);
  assert.equal(all.length, 9);
  assert.equal(all.reduce((sum, bit) => sum + bit, 0), TCP_TECHNIQUES);
  assert.equal(TCP_TECHNIQUES & Udp, 0);
  assert.equal(EXOTIC & TCP_TECHNIQUES, EXOTIC);
  assert.equal(EXOTIC, Null | Xmas | OtherTcp);
});
