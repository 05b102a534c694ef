import assert from "node:assert/strict";
import { kernelDirection, kernelFilters } from "../../src/capture/filters.ts";
import type { Profile } from "../../src/event.ts";
import { Filter, Libpcap } from "../../src/pcap/mod.ts";
import { skippedWithoutLibpcap } from "../pcap/live/installed.ts";
import { concat } from "../support/pcap_bytes.ts";

const ignore = skippedWithoutLibpcap("kernel filters");

const LINK_TYPES = { null: 0, ethernet: 1, ppp: 9, raw: 101, loop: 108, sll: 113, sll2: 276 };
const PROFILES: Profile[] = ["scandog", "scanlogd-1", "scanlogd-2"];
/** Linux takes no longer program (BPF_MAXINSNS); libpcap would then filter in our process. */
const INSTRUCTIONS_MAX = 4096;

const FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128;

interface Shape {
  version?: 4 | 6;
  protocol?: number;
  flags?: number;
  payload?: number;
  /** Bytes of IPv4 options. */
  options?: number;
  /** Bytes of TCP options. */
  tcpOptions?: number;
  /** IPv4 fragment flags and offset. */
  fragment?: number;
  /** A destination options header before TCP (IPv6). */
  extension?: boolean;
  /** Added to the length the IP header claims. */
  lie?: number;
}

/** An IP packet with a TCP header (or as many bytes of another protocol). */
function ipPacket(shape: Shape): Uint8Array {
  const { version = 4, protocol = 6, flags = ACK, payload = 0, options = 0, tcpOptions = 0 } =
    shape;
  const tcp = new Uint8Array(20 + tcpOptions + payload);
  tcp[12] = (20 + tcpOptions) / 4 << 4;
  tcp[13] = flags;
  if (version === 4) {
    const header = new DataView(new ArrayBuffer(20 + options));
    header.setUint8(0, 0x40 | (20 + options) / 4);
    header.setUint16(2, header.byteLength + tcp.length + (shape.lie ?? 0));
    header.setUint16(6, shape.fragment ?? 0x4000);
    header.setUint8(9, protocol);
    return concat([new Uint8Array(header.buffer), tcp]);
  }
  const extension = shape.extension
    ? new Uint8Array([protocol, 0, 1, 4, 0, 0, 0, 0])
    : new Uint8Array();
  const header = new DataView(new ArrayBuffer(40));
  header.setUint8(0, 0x60);
  header.setUint16(4, extension.length + tcp.length + (shape.lie ?? 0));
  header.setUint8(6, shape.extension ? 60 : protocol);
  return concat([new Uint8Array(header.buffer), extension, tcp]);
}

/** The packet in a frame of that link type, behind so many VLAN tags (Ethernet only). */
function frameOf(linkType: number, packet: Uint8Array, tags = 0): Uint8Array<ArrayBuffer> {
  const ethertype = packet[0] >> 4 === 4 ? [0x08, 0x00] : [0x86, 0xdd];
  const headers: Record<number, number[]> = {
    // AF_INET, and FreeBSD's AF_INET6.
    [LINK_TYPES.null]: [packet[0] >> 4 === 4 ? 2 : 28, 0, 0, 0],
    [LINK_TYPES.loop]: [0, 0, 0, packet[0] >> 4 === 4 ? 2 : 28],
    [LINK_TYPES.ethernet]: [
      ...new Array(12).fill(2),
      ...[0x88, 0xa8, 0, 7].slice(0, tags > 1 ? 4 : 0),
      ...[0x81, 0x00, 0, 9].slice(0, tags > 0 ? 4 : 0),
      ...ethertype,
    ],
    [LINK_TYPES.ppp]: [0xff, 0x03, 0x00, packet[0] >> 4 === 4 ? 0x21 : 0x57],
    [LINK_TYPES.raw]: [],
    [LINK_TYPES.sll]: [...new Array(14).fill(0), ...ethertype],
    [LINK_TYPES.sll2]: [...ethertype, ...new Array(18).fill(0)],
  };
  return concat([new Uint8Array(headers[linkType]), packet]) as Uint8Array<ArrayBuffer>;
}

/** Established data, whatever else is unusual in it. */
const DATA: Shape[] = [
  { payload: 1 },
  { payload: 1448, tcpOptions: 12 },
  { payload: 40, options: 8 },
  { payload: 9, flags: ACK | ECE },
  { payload: 9, flags: ACK | CWR },
  { payload: 5, version: 6 },
  { payload: 1428, version: 6, tcpOptions: 12 },
  { payload: 1, version: 6, tcpOptions: 40 },
];

/** Everything else. */
const KEPT: Shape[] = [
  ...[0, FIN, SYN, RST, PSH, URG, FIN | PSH | URG, SYN | ACK, FIN | ACK, RST | ACK, ACK, PSH | ACK]
    .flatMap((flags) => [{ flags }, { flags, version: 6 as const }, { flags, options: 40 }]),
  ...[FIN | ACK, PSH | ACK, URG | ACK, SYN | ACK, SYN, RST | ACK, 0, FIN]
    .flatMap((flags) => [{ flags, payload: 100 }, { flags, payload: 100, version: 6 as const }]),
  { tcpOptions: 12 },
  { tcpOptions: 40, version: 6 },
  // Fragments: the first, a middle one, the last.
  { payload: 100, fragment: 0x2000 },
  { payload: 100, fragment: 0x2010 },
  { payload: 100, fragment: 0x0010 },
  { payload: 100, version: 6, extension: true },
  // The IP header claims less than the headers take.
  { payload: 100, lie: -101 },
  { payload: 100, version: 6, lie: -101 },
  ...[1, 17, 132, 58, 47, 255].flatMap((protocol) => [
    { protocol, payload: 100 },
    { protocol, payload: 100, version: 6 as const },
  ]),
];

Deno.test({
  name:
    "kernelFilters() compiles for both classic profiles and every link type, short enough for the kernel",
  ignore,
}, () => {
  const libpcap = new Libpcap();
  for (const [name, linkType] of Object.entries(LINK_TYPES)) {
    for (const profile of ["scanlogd-1", "scanlogd-2"] as const) {
      const [expression, ...others] = kernelFilters(profile, linkType);
      assert.deepEqual(others, []);
      using filter = new Filter(libpcap, expression, linkType);
      assert.ok(filter.instructions < INSTRUCTIONS_MAX / 4, `${name} ${filter.instructions}`);
    }
  }
});

Deno.test("kernelFilters() of scandog hides nothing: any packet may be a probe", () => {
  for (const linkType of Object.values(LINK_TYPES)) {
    assert.deepEqual(kernelFilters("scandog", linkType), []);
    assert.deepEqual(kernelFilters("scandog", linkType, "not port 22"), ["not port 22"]);
  }
});

Deno.test({
  name: "kernelFilters() of scanlogd selects IPv4 TCP only, tagged and fragmented too",
  ignore,
}, () => {
  const libpcap = new Libpcap();
  for (const [name, linkType] of Object.entries(LINK_TYPES)) {
    using filter = new Filter(libpcap, kernelFilters("scanlogd-2", linkType)[0], linkType);
    const tagsMax = linkType === LINK_TYPES.ethernet ? 2 : 0;
    for (let tags = 0; tags <= tagsMax; tags++) {
      for (const shape of [...DATA, ...KEPT]) {
        const expected = (shape.version ?? 4) === 4 && (shape.protocol ?? 6) === 6;
        const frame = frameOf(linkType, ipPacket(shape), tags);
        assert.equal(filter.matches(frame), expected, `${name} ${tags} ${JSON.stringify(shape)}`);
      }
    }
  }
});

Deno.test("kernelFilters() adds the user's expression as one of its own", () => {
  assert.deepEqual(kernelFilters("scanlogd-2", 101, "not vlan 7"), ["ip proto 6", "not vlan 7"]);
});

Deno.test("kernelDirection() is what scanlogd's raw socket sees, or both ways", () => {
  assert.deepEqual(PROFILES.map(kernelDirection), ["inout", "in", "in"]);
});

Deno.test("kernelFilters() of a classic profile lets tags through whole where libpcap has no vlan", () => {
  const tags = "or ether proto 0x8100 or ether proto 0x88a8";
  const letsTags = (linkType: number) => kernelFilters("scanlogd-2", linkType)[0].includes(tags);
  const { ethernet, raw, sll, sll2 } = LINK_TYPES;
  assert.deepEqual([sll, sll2, ethernet, raw].map(letsTags), [true, true, false, false]);
});
