// What the kernel cuts off packets, no record misses: the decoder makes the same of a packet that was cut as the
// filter says and of the whole one. The program that is run here is the one that goes into the kernel.

import assert from "node:assert/strict";
import { headersOnly } from "../../src/capture/filters.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { Tunnel, TUNNEL_PORTS } from "../../src/decode/tunnel.ts";
import { defaults, PATH } from "../../src/params.ts";
import { keeping, programOf } from "../../src/pcap/live/bpf.ts";
import { Filter, Libpcap } from "../../src/pcap/mod.ts";
import { RECORD_BYTES, Records } from "../../src/record.ts";
import { bytes, counting, ethernet, ipv4, ipv6, tcp, udp, vlan } from "../decode/build.ts";
import { openCapture, sharedCaptures, testdataCaptures } from "../decode/captures.ts";
import { skippedWithoutLibpcap } from "../pcap/live/installed.ts";
import { Random } from "../support/random.ts";
import { forEachPacket } from "../support/run_capture.ts";

const ignore = skippedWithoutLibpcap("what the kernel cuts");

const ETHERNET = 1, RAW = 101, SLL = 113, SLL2 = 276;
const LINK_TYPES = [ETHERNET, RAW, SLL, SLL2];
const SNAPSHOT_BYTES = 2048;
/** More packets of one capture say nothing new. */
const PACKETS_MAX = 2000;
const INSIDE = Object.values(Tunnel).reduce((all, tunnel) => all | tunnel);

type Bytes = Uint8Array<ArrayBuffer>;

/** The program of one link type, and the decoders of whole packets and of cut ones. */
class Cut {
  private readonly libpcap = new Libpcap();
  private readonly instructions: Bytes;
  private readonly whole = Records.allocate(1);
  private readonly cut = Records.allocate(1);
  private readonly decoders: [Decoder, Decoder];

  constructor(private readonly linkType: number, inside: number) {
    const { expression, bytes } = headersOnly(linkType, SNAPSHOT_BYTES)!;
    using filter = new Filter(this.libpcap, expression, linkType);
    this.instructions = keeping(filter.program(), bytes, SNAPSHOT_BYTES);
    const decoder = (records: Records) =>
      new Decoder(records, { ...defaults(PATH), seed: 1, inside });
    this.decoders = [decoder(this.whole), decoder(this.cut)];
  }

  /** Bytes that the kernel would keep of the frame. */
  kept(frame: Bytes): number {
    const header = new DataView(new ArrayBuffer(24));
    header.setUint32(16, frame.length, true);
    header.setUint32(20, frame.length, true);
    const program = programOf(this.libpcap, this.instructions);
    const said = this.libpcap.pcap.pcap_offline_filter(
      program,
      new Uint8Array(header.buffer),
      frame,
    );
    return Math.min(said, frame.length);
  }

  /** Both records, and what was counted, are the same; gives the bytes kept. */
  expectSame(frame: Bytes, what: string): number {
    const kept = this.kept(frame);
    assert.ok(kept >= Math.min(frame.length, 144), `${what}: ${kept} of ${frame.length} kept`);
    const reasons = [Math.min(frame.length, SNAPSHOT_BYTES), kept].map((end, i) => {
      const records = i === 0 ? this.whole : this.cut;
      records.bytes.fill(0xa5);
      const { length } = frame, { linkType } = this;
      return this.decoders[i].decode(frame, 0, end, length, 1e15, linkType, 0, 0);
    });
    assert.equal(reasons[1], reasons[0], what);
    const record = (records: Records) => records.bytes.subarray(0, RECORD_BYTES);
    if (reasons[0] === 0) assert.deepEqual(record(this.cut), record(this.whole), what);
    assert.deepEqual(this.decoders[1].counters, this.decoders[0].counters, what);
    return kept;
  }
}

/** The frame of an IP packet on that link. */
function frameOf(linkType: number, packet: Uint8Array, ethertype: number): Bytes {
  const high = ethertype >> 8, low = ethertype & 0xff;
  switch (linkType) {
    case ETHERNET:
      return ethernet(packet, ethertype) as Bytes;
    case SLL:
      return bytes(new Array(14).fill(0), [high, low], packet) as Bytes;
    case SLL2:
      return bytes([high, low], new Array(18).fill(0), packet) as Bytes;
    default:
      return packet as Bytes;
  }
}

const BODY = counting(700, 7);
const IPV4 = 0x0800, IPV6 = 0x86dd;
const OPTIONS = new Uint8Array(40).fill(1);

/** A packet, its EtherType, and whether no more than its headers is to be kept. */
type Shape = [name: string, packet: Uint8Array, ethertype: number, isCut: boolean];

const SHAPES: Shape[] = [
  ["data", ipv4(tcp({ payload: BODY })), IPV4, true],
  [
    "data behind all options",
    ipv4(tcp({ payload: BODY, options: OPTIONS }), { options: OPTIONS }),
    IPV4,
    true,
  ],
  ["data in IPv6", ipv6(tcp({ payload: BODY, options: OPTIONS })), IPV6, true],
  ["UDP", ipv4(udp(BODY, { destinationPort: 443 }), { protocol: 17 }), IPV4, true],
  ["UDP in IPv6", ipv6(udp(BODY, { destinationPort: 443 }), { next: 17 }), IPV6, true],
  ["a first fragment", ipv4(tcp({ payload: BODY }), { flags: 0x2000 }), IPV4, false],
  ["a later fragment", ipv4(tcp({ payload: BODY }), { flags: 0x0010 }), IPV4, false],
  ["another protocol", ipv4(BODY, { protocol: 47 }), IPV4, false],
  ["ICMP", ipv4(BODY, { protocol: 1 }), IPV4, false],
  ["IPv6 where IPv4 is said", ipv6(tcp({ payload: BODY })), IPV4, false],
  ["IPv4 where IPv6 is said", ipv4(tcp({ payload: BODY })), IPV6, false],
  [
    "TCP behind 1,200 bytes of options",
    ipv6(bytes([6, 149], new Array(1198).fill(0), tcp({ payload: BODY })), { next: 60 }),
    IPV6,
    false,
  ],
  ...TUNNEL_PORTS.flatMap((port): Shape[] => [
    [`UDP to ${port}`, ipv4(udp(BODY, { destinationPort: port }), { protocol: 17 }), IPV4, false],
    [`UDP6 to ${port}`, ipv6(udp(BODY, { destinationPort: port }), { next: 17 }), IPV6, false],
    [
      `UDP to ${port} behind options`,
      ipv4(udp(BODY, { destinationPort: port }), { protocol: 17, options: OPTIONS }),
      IPV4,
      false,
    ],
  ]),
];

Deno.test(
  { name: "headersOnly() cuts data and nothing that a header may be behind", ignore },
  () => {
    for (const linkType of LINK_TYPES) {
      const cut = new Cut(linkType, INSIDE);
      for (const [name, packet, ethertype, isCut] of SHAPES) {
        const frame = frameOf(linkType, packet, ethertype);
        const kept = cut.expectSame(frame, `${linkType} ${name}`);
        // Raw IP says its version itself.
        const isSaid = linkType !== RAW || packet[0] >> 4 === (ethertype === IPV4 ? 4 : 6);
        if (isSaid) assert.equal(kept < frame.length, isCut, `${linkType} ${name}`);
      }
    }
    const tagged = ethernet(vlan(ipv4(tcp({ payload: BODY })), IPV4), 0x8100) as Bytes;
    assert.equal(new Cut(ETHERNET, 0).kept(tagged), tagged.length, "a tag that is in the frame");
  },
);

Deno.test({ name: "headersOnly() drops no packet, however short", ignore }, () => {
  for (const linkType of LINK_TYPES) {
    const cut = new Cut(linkType, INSIDE);
    for (const [name, packet, ethertype] of SHAPES) {
      const frame = frameOf(linkType, packet, ethertype);
      for (let length = 0; length < 200; length++) {
        cut.expectSame(frame.slice(0, length), `${linkType} ${name}, ${length} bytes`);
      }
    }
  }
});

Deno.test({ name: "headersOnly() changes no record of any capture there is", ignore }, () => {
  const cuts = new Map(
    LINK_TYPES.map((linkType) => [linkType, [0, INSIDE].map((i) => new Cut(linkType, i))]),
  );
  let compared = 0, shortened = 0;
  // The project's own captures were cut when they were taken, most of them.
  const shared = sharedCaptures(), least = shared.length > 0 ? 1000 : 100;
  for (const path of [...testdataCaptures(), ...shared]) {
    let count = 0;
    forEachPacket(path, openCapture(path), ({ bytes, start, end, linkType }) => {
      if (++count > PACKETS_MAX) return;
      // What a capture holds is taken for a whole frame: on a wire nothing was cut before.
      const frame = bytes.slice(start, end) as Bytes;
      for (const cut of cuts.get(linkType) ?? []) {
        compared++;
        if (cut.expectSame(frame, `${path} ${count}`) < frame.length) shortened++;
      }
    });
  }
  assert.ok(compared > 50_000 && shortened > least, `${shortened} of ${compared} packets cut`);
});

Deno.test(
  { name: "headersOnly() changes no record of frames with any bytes changed", ignore },
  () => {
    const seed = Date.now() >>> 0;
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    for (const linkType of LINK_TYPES) {
      const cuts = [new Cut(linkType, 0), new Cut(linkType, INSIDE)];
      for (let i = 0; i < 20_000; i++) {
        const [name, packet, ethertype] = random.pick(SHAPES);
        const frame = frameOf(linkType, packet, ethertype).slice();
        for (let n = random.below(5); n > 0; n--) {
          frame[random.below(random.oneIn(3) ? frame.length : 80)] = random.below(256);
        }
        const length = random.oneIn(4) ? random.below(frame.length + 1) : frame.length;
        for (const cut of cuts) cut.expectSame(frame.slice(0, length), `${linkType} ${name} ${i}`);
      }
    }
  },
);

Deno.test("headersOnly() keeps frames whole where little is kept anyway, and on other links", () => {
  for (const linkType of LINK_TYPES) {
    assert.equal(headersOnly(linkType, 144), undefined);
    assert.equal(headersOnly(linkType, 145)?.bytes, 144);
  }
  for (const linkType of [0, 9, 105, 127, 192]) {
    assert.equal(headersOnly(linkType, SNAPSHOT_BYTES), undefined);
  }
});
