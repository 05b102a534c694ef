import assert from "node:assert/strict";
import fc from "fast-check";
import { Counter, COUNTERS } from "../../src/decode/counters.ts";
import { Decoder, isLinkTypeKnown } from "../../src/decode/decoder.ts";
import { LINK_TYPES } from "../../src/decode/link/link.ts";
import { isMalformed, Reason, REASONS, reasonText } from "../../src/decode/reason.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Kind, RECORD_BYTES, Records } from "../../src/record.ts";
import { counting, ethernet, icmp, ipv4, ipv6, tcp, udp } from "./build.ts";
import {
  Bench,
  decode,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  readRecord,
  withoutLink,
} from "./harness.ts";

/** Packets that go the ordinary way, where their frame says nothing else. */
const ORDINARY = [
  ...[0, 4, 12, 20].map((options) =>
    ipv4(tcp({ options: counting(options), payload: counting(20) }))
  ),
  ipv4(udp(counting(32)), { protocol: 17 }),
  ipv4(udp(counting(32), { destinationPort: 4789 }), { protocol: 17 }),
];

Deno.test("Decoder's ordinary way gives the general way's record, whatever the packet", () => {
  // The same packet as raw IP goes the general way.
  const change = fc.tuple(fc.nat({ max: 59 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 4 }),
      fc.nat({ max: 80 }),
      fc.nat({ max: 90 }),
      fc.constantFrom(...ORDINARY),
      (changes, captured, wire, ordinary) => {
        const packet = ordinary.slice();
        for (const [at, value] of changes) packet[at] = at === 0 ? 0x40 | value & 0x0f : value;
        const there = packet.subarray(0, captured);
        const given = { linkType: LINKTYPE_RAW, wireLength: wire };
        const framed = decode(ethernet(there), { wireLength: wire + 14 });
        if (typeof framed !== "number") assert.equal(framed.linkSource, "020000000002");
        assert.deepEqual(withoutLink(framed), decode(there, given));
      },
    ),
    { numRuns: 10_000 },
  );
});

Deno.test("Decoder's ordinary way takes no UDP length for granted", () => {
  for (let length = 0; length <= 50; length++) {
    const packet = ipv4(udp(counting(32), { length }), { protocol: 17 });
    const general = decode(packet, { linkType: LINKTYPE_RAW });
    assert.deepEqual(withoutLink(decode(ethernet(packet))), general, `length ${length}`);
  }
});

Deno.test("Decoder counts packets, bytes on the wire, kinds and reasons", () => {
  const bench = new Bench();
  const frames = [
    ethernet(ipv4(tcp())),
    ethernet(ipv6(tcp()), 0x86dd),
    ethernet(ipv4(udp(counting(4)), { protocol: 17 })),
    ethernet(ipv4(icmp(8, 0, 0), { protocol: 1 })),
    ethernet(ipv4(counting(8), { protocol: 47 })),
    ethernet(counting(40), 0x88cc),
    ethernet(ipv4(tcp(), { words: 2 })),
    counting(13),
  ];
  for (const frame of frames) bench.decode(frame, { wireLength: 1000 });
  bench.decode(counting(40), { linkType: 147, wireLength: 1000 });
  const expected = new Float64Array(COUNTERS);
  expected[Counter.Packets] = 9;
  expected[Counter.Bytes] = 9000;
  expected[Counter.Kind + Kind.Tcp] = 2;
  expected[Counter.Kind + Kind.Udp] = 1;
  expected[Counter.Kind + Kind.Icmp] = 1;
  expected[Counter.Kind + Kind.Ip] = 1;
  expected[Counter.Reason + Reason.OtherLinkProtocol] = 1;
  expected[Counter.Reason + Reason.IpHeaderLength] = 1;
  expected[Counter.Reason + Reason.LinkCut] = 1;
  expected[Counter.Reason + Reason.UnknownLinkType] = 1;
  assert.deepEqual(bench.counters, expected);
});

Deno.test("Decoder counts in memory that it is given, and writes where it is told", () => {
  const counters = new Float64Array(new SharedArrayBuffer(COUNTERS * 8));
  const records = new Records(new SharedArrayBuffer(4 * RECORD_BYTES), 0, 4);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1, counters });
  for (let i = 0; i < 4; i++) {
    const frame = ethernet(ipv4(tcp({ destinationPort: i })));
    decoder.decode(frame, 0, frame.length, frame.length, i, 1, 0, i * RECORD_BYTES);
  }
  assert.equal(counters[Counter.Packets], 4);
  for (let i = 0; i < 4; i++) {
    const { destinationPort, timeUs } = readRecord(records, i * RECORD_BYTES);
    assert.deepEqual([destinationPort, timeUs], [i, i]);
  }
});

Deno.test("Decoder reads from one array and then another, and from a part of one", () => {
  const records = Records.allocate(1);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
  const frames = [1, 2, 3].map((port) => ethernet(ipv4(tcp({ destinationPort: port }))));
  const memory = new Uint8Array(1000);
  memory.set(frames[2], 500);
  frames[2] = memory.subarray(500, 500 + frames[2].length);
  for (const i of [0, 1, 0, 2, 1, 2, 2]) {
    decoder.decode(frames[i], 0, frames[i].length, frames[i].length, 0, 1, 0, 0);
    assert.equal(readRecord(records).destinationPort, i + 1);
  }
});

Deno.test("an interface's index keeps to its field, though a file may have any number of them", () => {
  for (const index of [0, 65535, 65536, 70_000, 2 ** 31]) {
    for (
      const [packet, linkType] of [[ethernet(ipv4(tcp())), 1], [ipv4(tcp()), LINKTYPE_RAW]] as const
    ) {
      const decoded = decode(packet, { linkType, interface: index });
      assert.deepEqual(decoded, decode(packet, { linkType, interface: index % 65536 }));
    }
  }
});

Deno.test("isLinkTypeKnown() is what the decoder decodes", () => {
  const frame = ethernet(ipv4(tcp()));
  for (let linkType = 0; linkType < 400; linkType++) {
    // Two numbers are known where they hold what they are not for: Apple's header, and a switch's tag.
    const known = linkType === 149 || linkType === 283 ||
      decode(frame, { linkType }) !== Reason.UnknownLinkType;
    assert.equal(isLinkTypeKnown(linkType), known, `link type ${linkType}`);
  }
});

Deno.test("only Ethernet is decoded as Ethernet", () => {
  const frame = ethernet(ipv4(tcp()));
  for (const linkType of LINK_TYPES) {
    const decoded = decode(frame, { linkType });
    const kind = typeof decoded === "number" ? Kind.None : decoded.kind;
    assert.equal(kind === Kind.Tcp, linkType === LINKTYPE_ETHERNET, `link type ${linkType}`);
  }
});

Deno.test("every reason has words of its own, and damage is told from other protocols", () => {
  const texts = Object.values(Reason).map(reasonText);
  assert.equal(new Set(texts).size, REASONS);
  assert.equal(Object.values(Reason).length, REASONS);
  const { None, OtherLinkProtocol, OtherArp, UnknownLinkType, Encrypted } = Reason;
  const harmless = [None, OtherLinkProtocol, OtherArp, UnknownLinkType, Encrypted];
  for (const reason of Object.values(Reason)) {
    assert.equal(isMalformed(reason), !(harmless as number[]).includes(reason), reasonText(reason));
  }
});
