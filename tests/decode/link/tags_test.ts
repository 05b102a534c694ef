import assert from "node:assert/strict";
import { Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ethernet, ipv4, ipv6, tcp, u16, vlan } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const PACKET_6 = ipv6(tcp({ destinationPort: 443 }));
const CHECK = counting(16, 0xe0);
/** A customer's frame in a provider's. */
const INNER = bytes([2, 0, 0, 0, 9, 1], [2, 0, 0, 0, 9, 2], u16(0x0800), PACKET);

/** Each kind of tag: its EtherType, and itself up to what it carries. */
const TAGS: Record<string, [type: number, tag: number[]]> = {
  "VN-Tag": [0x8926, [0x80, 0, 0, 1, 0x08, 0x00]],
  "E-Tag": [0x893f, [0, 1, 0, 2, 0, 0, 0x08, 0x00]],
  "Cisco metadata": [0x8909, [1, 1, 0, 1, 0, 7, 0x08, 0x00]],
  "Marvell's switch tag": [0xdada, [0, 0, 0xc0, 0, 0, 0, 0x08, 0x00]],
  "Arista's 48-bit time": [0xd28b, [0, 1, 0, 0x20, 1, 2, 3, 4, 5, 6, 0x08, 0x00]],
  "Arista's 64-bit time": [0xd28b, [0, 1, 0, 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 0x00]],
  "MACsec": [0x88e5, [0, 0, 0, 0, 0, 1, 0x08, 0x00]],
  "MACsec with its channel": [0x88e5, [0x20, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 0x00]],
  "NSH of IPv4": [0x894f, [0x0f, 0xc2, 1, 1, 0, 0, 1, 255]],
};

Deno.test("a tag is stepped over: what it carries is decoded, cut anywhere it is refused", () => {
  for (const [name, [type, tag]] of Object.entries(TAGS)) {
    const tail = name.startsWith("MACsec") ? CHECK : [];
    const frame = ethernet(bytes(tag, PACKET, tail), type);
    const decoded = record(frame);
    assert.equal(decoded.destinationPort, 443, name);
    assert.equal(decoded.quirks, 0, name);
    assert.equal(decoded.linkSource, "020000000002", name);
    for (let end = 14; end < 14 + tag.length; end++) {
      const cut = decode(frame.subarray(0, end), { wireLength: frame.length });
      assert.equal(cut, Reason.LinkCut, `${name}, ${end} bytes`);
    }
    const whole = decode(frame.subarray(0, 14 + tag.length), { wireLength: frame.length });
    const nothing = decode(ethernet(bytes(), 0x0800), { wireLength: frame.length });
    if (tail.length === 0) assert.equal(whole, nothing, `${name}, and nothing in it`);
    const behind = record(ethernet(vlan(bytes(tag, PACKET, tail), type), 0x8100));
    assert.equal(behind.destinationPort, 443, `${name} behind a VLAN tag`);
  }
});

Deno.test("a tag may carry another tag, and IPv6", () => {
  const [type, tag] = TAGS["VN-Tag"];
  const inside = bytes(tag.slice(0, 4), u16(0x8100), vlan(PACKET_6, 0x86dd));
  const decoded = record(ethernet(inside, type));
  assert.deepEqual([decoded.ipVersion, decoded.quirks], [6, Quirk.Vlan]);
});

Deno.test("MACsec that is encrypted or changed is not read, of another version it is malformed", () => {
  const frame = (control: number) =>
    ethernet(bytes(control, 0, 0, 0, 0, 1, u16(0x0800), PACKET, CHECK), 0x88e5);
  for (const control of [0x0c, 0x08, 0x04]) {
    assert.equal(decode(frame(control)), Reason.Encrypted, `${control}`);
  }
  assert.equal(decode(frame(0x80)), Reason.LinkMalformed);
  assert.equal(record(frame(0x43)).destinationPort, 443, "end station, association 3");
});

Deno.test("MACsec's check is no part of the packet, also where LLC counts to the frame's end", () => {
  const llc = bytes(0xaa, 0xaa, 3, 0, 0, 0, u16(0x0800), ipv4(tcp(), { length: 0 }));
  const frame = ethernet(bytes(0, 0, 0, 0, 0, 1, u16(llc.length), llc, CHECK), 0x88e5);
  assert.equal(record(frame).payloadLength, 0);
});

Deno.test("a frame in a frame gives the inner one's packet, sender and group", () => {
  const headers: [string, number, number[]][] = [
    ["802.1ah", 0x88e7, [0, 0, 0, 1]],
    ["FabricPath", 0x8903, [0, 0x41]],
    ["bridging", 0x6558, []],
    ["TRILL", 0x22f3, [0, 0x3f, 0, 1, 0, 2]],
    ["TRILL with options", 0x22f3, [0, 0x7f, 0, 1, 0, 2, 1, 2, 3, 4]],
    ["NSH", 0x894f, [0x0f, 0xc2, 1, 3, 0, 0, 1, 255]],
  ];
  for (const [name, type, header] of headers) {
    const frame = ethernet(bytes(header, INNER), type, [1, 0, 0, 0, 0, 1]);
    const decoded = record(frame);
    assert.equal(decoded.destinationPort, 443, name);
    assert.equal(decoded.linkSource, "020000000902", name);
    assert.equal(decoded.quirks, 0, `${name}: the outer frame is to a group, the inner is not`);
    for (let end = 14; end < frame.length - PACKET.length; end++) {
      assert.equal(decode(frame.subarray(0, end)), Reason.LinkCut, `${name}, ${end} bytes`);
    }
  }
  const toGroup = bytes(INNER);
  toGroup[0] = 3;
  const decoded = record(ethernet(bytes(0, 0, 0, 1, toGroup), 0x88e7));
  assert.equal(decoded.quirks, Quirk.LinkMulticast | Quirk.UnicastInGroup);
});

Deno.test("frames nested as deep as there is room end, one way or another", () => {
  for (const [type, header] of [[0x6558, []], [0x88e7, [0, 0, 0, 1]]] as const) {
    let frame: Uint8Array = ethernet(PACKET);
    while (frame.length < 3000) frame = ethernet(bytes(header, frame), type);
    assert.equal(record(frame).destinationPort, 443);
    assert.equal(decode(frame.subarray(0, 1000)), Reason.LinkCut);
  }
});

Deno.test("a network service header of another protocol, or too short, is refused", () => {
  const frame = (length: number, next: number) =>
    ethernet(bytes(0x0f, 0xc0 | length, 1, next, 0, 0, 1, 255, PACKET), 0x894f);
  assert.equal(decode(frame(2, 5)), Reason.OtherLinkProtocol);
  assert.equal(decode(frame(1, 1)), Reason.LinkMalformed);
  assert.equal(decode(frame(63, 1)), Reason.LinkCut);
  assert.equal(record(ethernet(bytes(0, 2, 1, 2, 0, 0, 1, 255, PACKET_6), 0x894f)).ipVersion, 6);
});
