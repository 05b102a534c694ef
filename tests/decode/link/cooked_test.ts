import assert from "node:assert/strict";
import { Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ipv4, ipv6, tcp, u16, u32, vlan } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const V1 = 113;
const V2 = 276;

/** The packet in both versions of the header. */
function cooked(
  payload: Uint8Array,
  protocol = 0x0800,
  packetType = 0,
  device = 1,
): [Uint8Array, number][] {
  const address = counting(8);
  return [
    [bytes(u16(packetType), u16(device), u16(6), address, u16(protocol), payload), V1],
    [bytes(u16(protocol), u16(0), u32(7), u16(device), packetType, 6, address, payload), V2],
  ];
}

Deno.test("a cooked header carries IPv4 and IPv6, and tagged frames", () => {
  for (
    const frames of [
      cooked(PACKET),
      cooked(ipv6(tcp({ destinationPort: 443 })), 0x86dd),
      cooked(vlan(PACKET, 0x0800), 0x8100),
      cooked(vlan(vlan(PACKET, 0x0800), 0x8100), 0x88a8),
      cooked(bytes(0xaa, 0xaa, 3, 0, 0, 0, u16(0x0800), PACKET), 4),
    ]
  ) {
    for (const [frame, linkType] of frames) {
      assert.equal(record(frame, { linkType }).destinationPort, 443);
    }
  }
  for (const [frame, linkType] of cooked(vlan(PACKET, 0x0800), 0x8100)) {
    assert.equal(record(frame, { linkType }).quirks, Quirk.Vlan);
  }
});

Deno.test("a cooked packet type says who sent the packet, and to whom", () => {
  const group = Quirk.LinkMulticast | Quirk.UnicastInGroup;
  const quirks = [0, group, group, 0, Quirk.Outgoing];
  quirks.forEach((expected, packetType) => {
    for (const [frame, linkType] of cooked(PACKET, 0x0800, packetType)) {
      assert.equal(record(frame, { linkType }).quirks, expected, `type ${packetType}`);
    }
  });
});

Deno.test("a cooked header's address is the sender's, where it is of six bytes", () => {
  for (const [frame, linkType] of cooked(PACKET)) {
    assert.equal(record(frame, { linkType }).linkSource, "000102030405");
    const length = linkType === V1 ? 5 : 11;
    for (const other of [0, 1, 5, 7, 8]) {
      const changed = frame.slice();
      changed[length] = other;
      assert.equal(record(changed, { linkType }).linkSource, undefined, `${other} bytes`);
    }
  }
});

Deno.test("tags that Linux announces wrongly in cooked captures are stepped over", () => {
  // As Linux 6.18 with libpcap 1.10 captured frames of two, three and nine tags on "any": the first is put
  // back, what it carries is what is behind all of them, and the second begins without its EtherType.
  const six = ipv6(tcp({ destinationPort: 443 }));
  const nine = Array.from({ length: 6 }, (_, i) => [0, 12 + i, 0x81, 0]).flat();
  for (const [packet, type] of [[PACKET, 0x0800], [six, 0x86dd]] as const) {
    const forms: [string, number, Uint8Array][] = [
      ["two", 0x8100, bytes(u16(10), u16(type), u16(11), u16(type), packet)],
      ["three", 0x88a8, bytes(u16(10), u16(type), 0, 11, 0x81, 0, u16(12), u16(type), packet)],
      ["nine", 0x8100, bytes(0, 10, 0, 0, 0, 11, 0x81, 0, nine, 0, 18, u16(type), packet)],
      ["two, version 2's form", type, bytes(u16(11), u16(type), packet)],
      ["three, version 2's form", type, bytes(0, 11, 0x81, 0, u16(12), u16(type), packet)],
      ["nine, version 2's form", 0, bytes(0, 11, 0x81, 0, nine, 0, 18, u16(type), packet)],
      [
        "a priority that looks like IPv4",
        0x8100,
        bytes(u16(10), u16(type), 0x45, 1, u16(type), packet),
      ],
    ];
    for (const [name, protocol, payload] of forms) {
      for (const [frame, linkType] of cooked(payload, protocol)) {
        const decoded = record(frame, { linkType });
        assert.equal(decoded.destinationPort, 443, `${name} tags, link type ${linkType}`);
        assert.equal(decoded.quirks, Quirk.Vlan, name);
      }
    }
  }
});

Deno.test("a cooked protocol of 0 without tags is another protocol", () => {
  for (const [frame, linkType] of cooked(bytes(0, 0, 0, 0, PACKET), 0)) {
    assert.equal(decode(frame, { linkType }), Reason.OtherLinkProtocol);
  }
});

Deno.test("a cooked header cut at any length is refused", () => {
  for (const [frame, linkType] of cooked(PACKET)) {
    const header = frame.length - PACKET.length;
    for (let end = 0; end < header; end++) {
      assert.equal(decode(frame.subarray(0, end), { linkType }), Reason.LinkCut, `${end} bytes`);
    }
    assert.equal(decode(frame.subarray(0, header), { linkType }), Reason.IpCut);
  }
});

Deno.test("cooked packets of other devices and protocols are not malformed", () => {
  for (
    const frames of [
      cooked(PACKET, 0x0800, 0, 824), // netlink: the protocol is a netlink family
      cooked(PACKET, 0x0800, 0, 803), // radiotap
      cooked(PACKET, 0x0800, 0, 770), // frame relay
      cooked(PACKET, 0x0001),
      cooked(PACKET, 0x000c),
      cooked(PACKET, 0x88cc),
    ]
  ) {
    for (const [frame, linkType] of frames) {
      assert.equal(decode(frame, { linkType }), Reason.OtherLinkProtocol);
    }
  }
});
