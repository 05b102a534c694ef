import assert from "node:assert/strict";
import { Reason } from "../../../src/decode/reason.ts";
import { Quirk } from "../../../src/record.ts";
import { bytes, counting, ethernet, ipv4, ipv6, tcp, vlan } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const PACKET_6 = ipv6(tcp({ destinationPort: 443 }));

/** A label, the last one of its stack or not. */
function label(bottom: boolean): number[] {
  return [0, 1, bottom ? 0x41 : 0x40, 64];
}

Deno.test("MPLS labels are skipped down to an IP packet, as many as the frame holds", () => {
  for (const packet of [PACKET, PACKET_6]) {
    for (const type of [0x8847, 0x8848]) {
      const frame = ethernet(bytes(label(false), label(false), label(true), packet), type);
      assert.equal(record(frame).destinationPort, 443);
    }
  }
  const deep = Array.from({ length: 300 }, () => label(false)).flat();
  assert.equal(record(ethernet(bytes(deep, label(true), PACKET), 0x8847)).destinationPort, 443);
  assert.equal(decode(ethernet(bytes(deep), 0x8847)), Reason.LinkCut);
  const other = ethernet(bytes(label(true), counting(40)), 0x8848);
  assert.equal(decode(other), Reason.OtherLinkProtocol);
  assert.equal(decode(ethernet(bytes(label(true)), 0x8847)), Reason.LinkCut);
});

Deno.test("a pseudowire's Ethernet frame is found, with a control word and without", () => {
  const destinations = [[2, 0, 0, 0, 0, 1], [0, 0x1b, 0x21, 1, 2, 3], [0x46, 0, 0, 0, 0, 1], [
    0x60,
    0xf8,
    0x1d,
    0,
    0,
    1,
  ]];
  for (const destination of destinations) {
    const frames: [string, Uint8Array][] = [
      ["IPv4", ethernet(PACKET, 0x0800, destination)],
      ["IPv6", ethernet(PACKET_6, 0x86dd, destination)],
      ["tagged", ethernet(vlan(PACKET, 0x0800), 0x8100, destination)],
    ];
    for (const [name, frame] of frames) {
      for (const word of [[], [0, 0, 0, 7]]) {
        const decoded = record(ethernet(bytes(label(false), label(true), word, frame), 0x8847));
        const where = `${name} to ${destination}, control word of ${word.length}`;
        assert.equal(decoded.destinationPort, 443, where);
        assert.equal(decoded.quirks, name === "tagged" ? Quirk.Vlan : 0, where);
      }
    }
  }
  const channel = bytes(label(true), [0x10, 0, 0, 0x21], PACKET);
  assert.equal(decode(ethernet(channel, 0x8847)), Reason.OtherLinkProtocol, "a control channel");
});

Deno.test("IP whose addresses look like an EtherType stays IP", () => {
  for (const source of ["8.0.69.1", "8.6.0.1", "129.0.1.2"]) {
    const packet = ipv4(tcp({ destinationPort: 443 }), { source });
    assert.equal(record(ethernet(bytes(label(true), packet), 0x8847)).source, source);
  }
});

Deno.test("a pseudowire's frame cut at any length is refused, and never read past its end", () => {
  const frame = ethernet(bytes(label(true), [0, 0, 0, 7], ethernet(PACKET)), 0x8847);
  const start = 14 + 4 + 4 + 14;
  for (let end = 14; end < start; end++) {
    const outcome = decode(frame.subarray(0, end), { wireLength: frame.length });
    assert.equal(outcome, end <= 18 ? Reason.LinkCut : Reason.OtherLinkProtocol, `${end} bytes`);
  }
});
