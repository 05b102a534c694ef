import assert from "node:assert/strict";
import { Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ethernet, icmp, ipv4, ipv6, tcp, u16, udp, vlan } from "../build.ts";
import { decode, record } from "../harness.ts";

const PACKET = ipv4(tcp({ destinationPort: 443 }));
const SNAP = [0xaa, 0xaa, 3, 0, 0, 0];

Deno.test("an Ethernet header cut at any length is refused", () => {
  for (let end = 0; end < 14; end++) {
    assert.equal(decode(ethernet(PACKET).subarray(0, end)), Reason.LinkCut, `${end} bytes`);
  }
});

Deno.test("a frame to a group is noted", () => {
  for (
    const destination of [[255, 255, 255, 255, 255, 255], [1, 0, 0x5e, 0, 0, 1], [
      0x33,
      0x33,
      0,
      0,
      0,
      1,
    ]]
  ) {
    const toGroup = [ipv4(tcp(), { destination: "224.0.0.1" }), Quirk.LinkMulticast] as const;
    const toOne = [PACKET, Quirk.LinkMulticast | Quirk.UnicastInGroup] as const;
    for (const [packet, quirks] of [toGroup, toOne]) {
      assert.equal(record(ethernet(packet, 0x0800, destination)).quirks, quirks);
      const tagged = ethernet(vlan(packet, 0x0800), 0x8100, destination);
      assert.equal(record(tagged).quirks, quirks | Quirk.Vlan);
    }
    const all = ipv6(tcp(), { destination: "ff02::1" });
    assert.equal(record(ethernet(all, 0x86dd, destination)).quirks, Quirk.LinkMulticast);
    const one = record(ethernet(ipv6(tcp()), 0x86dd, destination));
    assert.equal(one.quirks, Quirk.LinkMulticast | Quirk.UnicastInGroup);
  }
});

Deno.test("which addresses are unicast in a frame to a group", () => {
  const group = [255, 255, 255, 255, 255, 255];
  const isUnicast = (destination: string) =>
    (record(ethernet(ipv4(tcp(), { destination }), 0x0800, group)).quirks &
      Quirk.UnicastInGroup) !== 0;
  for (const one of ["0.0.0.1", "223.255.255.255", "240.0.0.0", "255.255.255.254", "192.0.2.255"]) {
    assert.ok(isUnicast(one), one);
  }
  for (const many of ["0.0.0.0", "224.0.0.0", "239.255.255.255", "255.255.255.255"]) {
    assert.ok(!isUnicast(many), many);
  }
});

Deno.test("the sender's link-layer address is in every kind of record", () => {
  const packets: [Uint8Array, number][] = [
    [PACKET, 0x0800],
    [ipv4(tcp({ options: Uint8Array.of(2, 4, 5, 180) })), 0x0800],
    [ipv6(tcp()), 0x86dd],
    [ipv4(udp(counting(8)), { protocol: 17 }), 0x0800],
    [ipv4(icmp(8, 0, 0), { protocol: 1 }), 0x0800],
    [ipv4(icmp(3, 3, 0, PACKET), { protocol: 1 }), 0x0800],
    [ipv4(counting(8), { protocol: 47 }), 0x0800],
    [bytes(u16(1), u16(0x0800), 6, 4, u16(1), counting(20)), 0x0806],
  ];
  for (const [packet, type] of packets) {
    const decoded = record(ethernet(packet, type));
    assert.equal(decoded.linkSource, "020000000002", `kind ${decoded.kind}`);
    const tagged = record(ethernet(vlan(packet, type), 0x8100));
    assert.equal(tagged.linkSource, "020000000002", `kind ${decoded.kind}, tagged`);
  }
  const quoted = record(ethernet(ipv4(icmp(3, 3, 0, PACKET), { protocol: 1 })));
  assert.equal(quoted.innerDestinationPort, 443, "beside the embedded packet");
  assert.equal(quoted.innerTtl, 64);
});

Deno.test("VLAN tags of every kind are skipped, as many as the frame holds", () => {
  const types = [0x8100, 0x88a8, 0x9100, 0x9200, 0x9300];
  let payload = PACKET, type = 0x0800;
  for (let tags = 1; tags <= 400; tags++) {
    payload = vlan(payload, type);
    type = types[tags % types.length];
    if (tags > 12 && tags % 100 !== 0) continue;
    const decoded = record(ethernet(payload, type));
    assert.equal(decoded.destinationPort, 443, `${tags} tags`);
    assert.equal(decoded.quirks, Quirk.Vlan);
  }
});

Deno.test("a VLAN tag cut at any length is refused", () => {
  const frame = ethernet(vlan(PACKET, 0x0800), 0x8100);
  for (let end = 14; end < 18; end++) assert.equal(decode(frame.subarray(0, end)), Reason.LinkCut);
});

Deno.test("PPPoE sessions carry IPv4 and IPv6", () => {
  const pppoe = (protocol: number[], packet: Uint8Array) =>
    ethernet(
      bytes(0x11, 0, u16(1), u16(packet.length + protocol.length), protocol, packet),
      0x8864,
    );
  assert.equal(record(pppoe([0, 0x21], PACKET)).destinationPort, 443);
  assert.equal(record(pppoe([0x21], PACKET)).destinationPort, 443, "one byte of protocol");
  assert.equal(record(pppoe([0, 0x57], ipv6(tcp()))).ipVersion, 6);
  assert.equal(decode(pppoe([0xc0, 0x21], counting(20))), Reason.OtherLinkProtocol, "LCP");
  const frame = pppoe([0, 0x21], PACKET);
  for (let end = 14; end < 22; end++) assert.equal(decode(frame.subarray(0, end)), Reason.LinkCut);
});

Deno.test("LLC with SNAP or IP's access point carries IP; a trailer is no part of it", () => {
  const snap = bytes(SNAP, u16(0x0800), PACKET);
  const bare = bytes(6, 6, 3, PACKET);
  for (const llc of [snap, bare]) {
    const decoded = record(bytes(ethernet(llc, llc.length), counting(9)));
    assert.equal(decoded.destinationPort, 443);
    assert.equal(decoded.quirks, 0);
  }
  const tagged = record(ethernet(bytes(SNAP, u16(0x8100), vlan(PACKET, 0x0800)), snap.length + 4));
  assert.equal(tagged.quirks, Quirk.Vlan);
  for (let end = 14; end < 22; end++) {
    const cut = ethernet(snap, snap.length).subarray(0, end);
    assert.equal(decode(cut), Reason.LinkCut, `${end} bytes`);
  }
  assert.equal(decode(ethernet(snap, snap.length).subarray(0, 22)), Reason.IpCut);
});

Deno.test("LLC inside LLC is read to its end, however deep a frame nests it", () => {
  const nest = (payload: Uint8Array, length: number) =>
    bytes(SNAP, u16(0x8100), vlan(payload, length));
  let payload: Uint8Array = bytes(SNAP, u16(0x0800), PACKET);
  for (let depth = 0; depth < 100; depth++) payload = nest(payload, payload.length);
  assert.equal(record(ethernet(payload, 1500)).destinationPort, 443);
  while (payload.length < 4000) payload = nest(payload, 1500);
  assert.equal(decode(ethernet(payload, 1500)), Reason.LinkCut, "past the first length");
  const direct = bytes(SNAP, u16(60), SNAP, u16(0x0800), PACKET);
  assert.equal(decode(ethernet(direct, direct.length)), Reason.OtherLinkProtocol);
});

Deno.test("other protocols in Ethernet are not malformed", () => {
  const llc = bytes(0x42, 0x42, 3, counting(40));
  assert.equal(decode(ethernet(llc, llc.length)), Reason.OtherLinkProtocol, "spanning tree");
  for (const type of [0x88cc, 0x8863, 0x0600, 0x05dd, 0xffff]) {
    assert.equal(decode(ethernet(counting(40), type)), Reason.OtherLinkProtocol);
  }
  for (const organisation of [[1, 0, 0], [0, 1, 0], [0, 0, 0x0c]]) {
    const snap = bytes(0xaa, 0xaa, 3, organisation, u16(0x0800), PACKET);
    assert.equal(decode(ethernet(snap, snap.length)), Reason.OtherLinkProtocol);
  }
});
