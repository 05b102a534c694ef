import assert from "node:assert/strict";
import { Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ipv4, ipv6, tcp, u16 } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const PACKET_6 = ipv6(tcp({ destinationPort: 443 }));
const SNAP = bytes(0xaa, 0xaa, 3, 0, 0, 0, u16(0x0800));
const FDDI = 10;
const ATM_RFC1483 = 100;
const FRAME_RELAY = 107;
const SUN_ATM = 123;
const IPNET = 226;
const NFLOG = 239;

Deno.test("frame relay carries IP by NLPID, by SNAP and by Cisco's EtherType", () => {
  const addresses = [[0x18, 0x41], [0x18, 0x40, 0x41], [0x18, 0x40, 0x40, 0x41]];
  for (const address of addresses) {
    for (
      const rest of [
        bytes(3, 0xcc, PACKET),
        bytes(3, 0x8e, PACKET_6),
        bytes(3, 0, 0x80, 0, 0, 0, u16(0x0800), PACKET),
        bytes(u16(0x0800), PACKET),
      ]
    ) {
      const decoded = record(bytes(address, rest), { linkType: FRAME_RELAY });
      assert.equal(decoded.destinationPort, 443, `${address} ${rest.subarray(0, 3)}`);
    }
  }
  const given = { linkType: FRAME_RELAY };
  assert.equal(
    decode(bytes(0x18, 0x41, 3, 0x08, PACKET), given),
    Reason.OtherLinkProtocol,
    "Q.933",
  );
  assert.equal(decode(bytes(0, 0, 0, 0, 3, 0xcc, PACKET), given), Reason.LinkMalformed);
  assert.equal(decode(bytes(1, 3, 0xcc, PACKET), given), Reason.LinkMalformed);
});

Deno.test("a frame relay address of one byte, or of more than four, is malformed", () => {
  for (
    const address of [[0x19], [0x18, 0x40, 0x40, 0x40, 0x41], [0x18, 0x40, 0x40, 0x40, 0x40, 0x40]]
  ) {
    const frame = bytes(address, 3, 0xcc, PACKET);
    assert.equal(decode(frame, { linkType: FRAME_RELAY }), Reason.LinkMalformed, `${address}`);
  }
});

Deno.test("a frame relay header cut at any length is refused", () => {
  const header = bytes(0x18, 0x40, 0x40, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0);
  for (let end = 0; end < header.length; end++) {
    const outcome = decode(header.subarray(0, end), { linkType: FRAME_RELAY });
    assert.equal(outcome, Reason.LinkCut, `${end} bytes`);
  }
});

Deno.test("a netfilter log's packet is found among its attributes, in either byte order", () => {
  const attribute = (little: boolean, type: number, value: Uint8Array) => {
    const order = (number: number) => little ? u16(number).reverse() : u16(number);
    const padding = new Uint8Array(-value.length & 3);
    return bytes(order(4 + value.length), order(type), value, padding);
  };
  for (const little of [true, false]) {
    for (
      const packet of [
        PACKET,
        PACKET_6,
        ipv4(tcp({ destinationPort: 443, payload: counting(600) })),
      ]
    ) {
      const frame = bytes(
        [2, 0, 0, 0],
        attribute(little, 1, counting(4)),
        attribute(little, 10, counting(5)),
        attribute(little, 9, packet),
        attribute(little, 12, counting(8)),
      );
      const decoded = record(frame, { linkType: NFLOG });
      assert.equal(decoded.destinationPort, 443);
      assert.equal(decoded.quirks, 0);
    }
  }
});

Deno.test("a netfilter log's attribute is where its packet ends, whatever IP says", () => {
  const cut = PACKET_6.subarray(0, 50);
  const attribute = bytes(u16(4 + cut.length).reverse(), 9, 0, cut);
  const frame = bytes(10, 0, 0, 0, attribute, 0, 0, 8, 0, 1, 0, counting(40));
  assert.equal(record(frame, { linkType: NFLOG }).quirks, Quirk.Truncated | Quirk.BadIpLength);
});

Deno.test("a netfilter log without a packet, cut or lying, is refused", () => {
  const given = { linkType: NFLOG };
  for (let end = 0; end < 8; end++) {
    assert.equal(decode(bytes(2, 0, 0, 0, 8, 0, 1, 0).subarray(0, end), given), Reason.LinkCut);
  }
  for (const length of [0, 1, 3]) {
    assert.equal(decode(bytes(2, 0, 0, 0, length, 0, 1, 0, PACKET), given), Reason.LinkMalformed);
  }
  assert.equal(decode(bytes(2, 0, 0, 0, 255, 255, 1, 0, PACKET), given), Reason.LinkCut);
});

Deno.test("FDDI, ATM and IPNET carry IP", () => {
  const frames: [Uint8Array, number, number][] = [
    [bytes(0x51, counting(12, 2), SNAP, PACKET), FDDI, 13 + 8],
    [bytes(SNAP, PACKET), ATM_RFC1483, 8],
    [bytes(0x82, 0, 0, 32, SNAP, PACKET), SUN_ATM, 4 + 8],
    [bytes(counting(24), PACKET), IPNET, 24],
  ];
  for (const [frame, linkType, header] of frames) {
    assert.equal(record(frame, { linkType }).destinationPort, 443, `link type ${linkType}`);
    for (let end = 0; end < header; end++) {
      assert.equal(decode(frame.subarray(0, end), { linkType }), Reason.LinkCut, `${end} bytes`);
    }
  }
  const group = bytes(0x50, 1, counting(11), SNAP, PACKET);
  const decoded = record(group, { linkType: FDDI });
  assert.equal(decoded.quirks, Quirk.LinkMulticast | Quirk.UnicastInGroup);
  assert.equal(decoded.linkSource, "05060708090a");
  assert.equal(decode(bytes(0x41, counting(40)), { linkType: FDDI }), Reason.OtherLinkProtocol);
  assert.equal(decode(bytes(1, counting(40)), { linkType: SUN_ATM }), Reason.OtherLinkProtocol);
});

Deno.test("IP over InfiniBand, SLIP, enc and kin carry IP after a header of fixed length", () => {
  const frames: [string, number, number[] | Uint8Array][] = [
    ["SLIP", 8, counting(16)],
    ["enc", 109, counting(12)],
    ["IP over InfiniBand", 242, bytes(counting(40), u16(0x0800), 0, 0)],
    ["Linux's classical IP over ATM", 106, []],
    ["netANALYZER", 240, bytes(counting(4), counting(12, 2), u16(0x0800))],
    ["frames with their preamble", 274, bytes(counting(8), counting(12, 2), u16(0x0800))],
    ["PPP with direction", 204, [1, 0xff, 3, 0, 0x21]],
    ["HDLC with direction", 205, [0, 0x0f, 0, 0x08, 0]],
    ["frame relay with direction", 206, [0, 0x18, 0x41, 3, 0xcc]],
    ["pppd, in", 166, [0, 3, 0, 0x21]],
    ["ARCnet, RFC 1051", 7, [1, 2, 240]],
    ["ARCnet, RFC 1201", 7, [1, 2, 212, 0, 0, 1]],
    ["ARCnet, RFC 1201, exception", 7, [1, 2, 212, 0xff, 0, 1, 0xff, 0, 0, 1]],
    ["ARCnet in Linux", 129, [1, 2, 0, 0, 212, 0, 0, 1]],
  ];
  for (const [name, linkType, header] of frames) {
    const frame = bytes(header, PACKET);
    assert.equal(record(frame, { linkType }).destinationPort, 443, name);
    for (let end = 0; end < header.length; end++) {
      const outcome = decode(frame.subarray(0, end), { linkType });
      assert.equal(outcome, Reason.LinkCut, `${name}, ${end} bytes`);
    }
  }
  assert.equal(record(bytes(1, 3, 0, 0x21, PACKET), { linkType: 166 }).quirks, Quirk.Outgoing);
  assert.equal(decode(bytes(1, 2, 99, counting(40)), { linkType: 7 }), Reason.OtherLinkProtocol);
  const length = bytes(counting(40), u16(64), counting(40));
  assert.equal(decode(length, { linkType: 242 }), Reason.OtherLinkProtocol);
});

Deno.test("a bridged frame in PPP carries IP, and its check is no part of it", () => {
  const frame = bytes(0, 0x31, 0, 1, counting(12, 2), u16(0x0800), PACKET);
  assert.equal(record(frame, { linkType: 9 }).destinationPort, 443);
  const checked = bytes(0, 0x31, 0x80, 1, counting(12, 2), u16(44), SNAP, PACKET, 1, 2, 3, 4);
  assert.equal(record(checked, { linkType: 9 }).payloadLength, 0);
  const ring = bytes(0, 0x31, 0, 3, counting(40));
  assert.equal(decode(ring, { linkType: 9 }), Reason.OtherLinkProtocol);
  assert.equal(decode(bytes(0, 0x31, 0), { linkType: 9 }), Reason.LinkCut);
});
