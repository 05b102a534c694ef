import assert from "node:assert/strict";
import { Reason } from "../../../src/decode/reason.ts";
import { Quirk } from "../../../src/record.ts";
import { bytes, counting, ethernet, ipv4, ipv6, tcp, u16 } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const PKTAP = 258, USER2 = 149;
const PPP = [0xff, 3, 0, 0x21];

/** A PKTAP header of 108 bytes, as macOS writes it. */
function pktap(linkType: number, change: Record<number, number> = {}): Uint8Array {
  const header = new Uint8Array(108);
  header[0] = 108;
  header[4] = 1;
  header[8] = linkType;
  for (const [at, value] of Object.entries(change)) header[Number(at)] = value;
  return header;
}

Deno.test("PKTAP carries frames of the link type it names, under both numbers it has", () => {
  for (const linkType of [PKTAP, USER2]) {
    const frames: [number, Uint8Array][] = [
      [1, ethernet(PACKET)],
      [12, PACKET],
      [0, bytes(2, 0, 0, 0, PACKET)],
      [9, bytes(PPP, PACKET)],
    ];
    for (const [inner, frame] of frames) {
      const decoded = record(bytes(pktap(inner), frame), { linkType });
      assert.equal(decoded.destinationPort, 443, `link type ${inner}`);
      assert.equal(decoded.quirks, 0);
    }
    const out = record(bytes(pktap(1, { 36: 2 }), ethernet(PACKET)), { linkType });
    assert.equal(out.quirks, Quirk.Outgoing);
  }
});

Deno.test("PKTAP may have a header of more than 255 bytes", () => {
  const frame = bytes(pktap(1, { 0: 0x2c, 1: 1 }), new Uint8Array(300 - 108), ethernet(PACKET));
  assert.equal(record(frame, { linkType: PKTAP }).destinationPort, 443);
});

Deno.test("PKTAP that is cut, lies or holds no packet is refused", () => {
  const linkType = PKTAP;
  const frame = bytes(pktap(1), ethernet(PACKET));
  for (let end = 0; end < 108 + 14; end++) {
    assert.equal(decode(frame.subarray(0, end), { linkType }), Reason.LinkCut, `${end} bytes`);
  }
  const of = (change: Record<number, number>) =>
    decode(bytes(pktap(1, change), ethernet(PACKET)), { linkType });
  assert.equal(of({ 0: 39 }), Reason.LinkMalformed);
  assert.equal(of({ 3: 0x80 }), Reason.LinkCut);
  assert.equal(of({ 4: 0 }), Reason.OtherLinkProtocol);
  assert.equal(of({ 8: 2, 9: 1 }), Reason.UnknownLinkType, "PKTAP in PKTAP");
  assert.equal(of({ 11: 0xff }), Reason.UnknownLinkType);
  // Each of a number's four bytes counts.
  for (const byte of [1, 2, 3]) {
    assert.equal(of({ [byte]: 1 }), Reason.LinkCut, `byte ${byte} of the length`);
    assert.equal(of({ [4 + byte]: 1 }), Reason.OtherLinkProtocol, `byte ${byte} of what is next`);
    assert.equal(of({ [8 + byte]: 0x7f }), Reason.UnknownLinkType, `byte ${byte} of the link type`);
  }
  assert.equal(decode(counting(200), { linkType: USER2 }), Reason.UnknownLinkType);
});

Deno.test("Juniper's header is skipped, with its extensions, and where the link layer is gone", () => {
  const frames: [number, number[] | Uint8Array][] = [
    [178, ethernet(PACKET).subarray(0, 14)],
    [179, PPP],
    [180, [0x18, 0x41, 3, 0xcc]],
    [181, [0x0f, 0, 0x08, 0]],
  ];
  for (const [linkType, header] of frames) {
    const plain = bytes([0x4d, 0x47, 0x43, 1], header, PACKET);
    const extended = bytes([0x4d, 0x47, 0x43, 0x81], u16(3), [1, 1, 9], header, PACKET);
    const bare = bytes([0x4d, 0x47, 0x43, 0x02], [0, 0, 0, 2], PACKET);
    for (const frame of [plain, extended, bare]) {
      assert.equal(record(frame, { linkType }).destinationPort, 443, `link type ${linkType}`);
      for (let end = 0; end < frame.length - PACKET.length; end++) {
        assert.equal(decode(frame.subarray(0, end), { linkType }), Reason.LinkCut, `${end} bytes`);
      }
    }
    assert.equal(decode(bytes(plain).fill(0, 0, 1), { linkType }), Reason.LinkMalformed);
  }
});

Deno.test("switches' own tags are skipped: behind the addresses, behind an EtherType, before all", () => {
  for (const packet of [PACKET, ipv6(tcp({ destinationPort: 443 }))]) {
    const whole = ethernet(packet, packet === PACKET ? 0x0800 : 0x86dd);
    const addresses = whole.subarray(0, 12), rest = whole.subarray(12);
    const tag = [0xc0, 1, 2, 3];
    const frames: [number, Uint8Array][] = [
      [281, bytes(addresses, tag, rest)],
      [284, bytes(addresses, tag, rest)],
      [283, bytes(addresses, tag, rest)],
      [285, bytes(addresses, u16(0xdada), 0, 0, tag, rest)],
      [282, bytes(tag, whole)],
    ];
    for (const [linkType, frame] of frames) {
      const decoded = record(frame, { linkType });
      assert.equal(decoded.destinationPort, 443, `link type ${linkType}`);
      assert.equal(decoded.linkSource, "020000000002");
      for (let end = 0; end < frame.length - packet.length; end++) {
        const refused = linkType === 283 ? Reason.UnknownLinkType : Reason.LinkCut;
        assert.equal(decode(frame.subarray(0, end), { linkType }), refused);
      }
    }
  }
  const wpan = bytes(0, 0, 28, 0, counting(60));
  assert.equal(decode(wpan, { linkType: 283 }), Reason.UnknownLinkType, "IEEE 802.15.4");
});

Deno.test("pf's log is skipped in the length it says, and tells what was sent", () => {
  const linkType = 117;
  for (const length of [45, 48, 61, 64, 69, 72, 84, 100, 116]) {
    const header = new Uint8Array((length + 3) & ~3);
    header[0] = length;
    const frame = bytes(header, PACKET);
    assert.equal(record(frame, { linkType }).destinationPort, 443, `${length} bytes`);
    for (let end = 0; end < header.length; end++) {
      assert.equal(decode(frame.subarray(0, end), { linkType }), Reason.LinkCut);
    }
    if (length <= 60) continue;
    header[60] = 2;
    assert.equal(record(bytes(header, PACKET), { linkType }).quirks, Quirk.Outgoing);
    header[60] = 1;
    assert.equal(record(bytes(header, ipv6(tcp())), { linkType }).quirks, 0);
  }
  assert.equal(decode(bytes(44, counting(100)), { linkType }), Reason.LinkMalformed);
});
