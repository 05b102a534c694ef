import assert from "node:assert/strict";
import { Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ipv4, ipv6, tcp, u16 } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const PPP = 9;
const PPP_HDLC = 50;
const PPP_ETHER = 51;
const CISCO_HDLC = 104;

Deno.test("PPP carries IPv4 and IPv6, with and without framing, with short protocols", () => {
  for (const linkType of [PPP, PPP_HDLC]) {
    for (const framing of [[], [0xff, 3]]) {
      for (const protocol of [[0, 0x21], [0x21]]) {
        const frame = bytes(framing, protocol, PACKET);
        assert.equal(record(frame, { linkType }).destinationPort, 443);
      }
      const frame = bytes(framing, [0, 0x57], ipv6(tcp()));
      assert.equal(record(frame, { linkType }).ipVersion, 6);
      const labelled = bytes(framing, u16(0x0281), [0, 1, 0x41, 64], PACKET);
      assert.equal(record(labelled, { linkType }).destinationPort, 443, "behind an MPLS label");
    }
    assert.equal(decode(bytes(u16(0xc021), counting(8)), { linkType }), Reason.OtherLinkProtocol);
  }
});

Deno.test("Cisco's HDLC carries EtherTypes, under its own link type and under PPP's", () => {
  for (const linkType of [PPP_HDLC, CISCO_HDLC]) {
    const frame = bytes(0x0f, 0, u16(0x0800), PACKET);
    assert.equal(record(frame, { linkType }).destinationPort, 443);
    const multicast = bytes(0x8f, 0, u16(0x86dd), ipv6(tcp()));
    assert.equal(
      record(multicast, { linkType }).quirks,
      Quirk.LinkMulticast | Quirk.UnicastInGroup,
    );
    const keepalive = bytes(0x8f, 0, u16(0x8035), counting(8));
    assert.equal(decode(keepalive, { linkType }), Reason.OtherLinkProtocol);
  }
});

Deno.test("a PPPoE session without its Ethernet header carries IP", () => {
  const frame = bytes(0x11, 0, u16(1), u16(42), u16(0x21), PACKET);
  assert.equal(record(frame, { linkType: PPP_ETHER }).destinationPort, 443);
});

Deno.test("PPP and HDLC headers cut at any length are refused", () => {
  const frames: [Uint8Array, number, number][] = [
    [bytes(0xff, 3, 0, 0x21), PPP, 4],
    [bytes(0x0f, 0, 8, 0), CISCO_HDLC, 4],
    [bytes(0x11, 0, 0, 1, 0, 42, 0, 0x21), PPP_ETHER, 8],
  ];
  for (const [frame, linkType, header] of frames) {
    for (let end = 0; end < header; end++) {
      assert.equal(decode(frame.subarray(0, end), { linkType }), Reason.LinkCut, `${end} bytes`);
    }
    assert.equal(decode(frame, { linkType }), Reason.IpCut);
  }
});
