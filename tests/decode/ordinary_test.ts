// Ordinary packets are decoded at once, all others layer by layer: with the same records and counters. The same IP
// packets without a frame go the general way, whatever they are.

import assert from "node:assert/strict";
import { Counter } from "../../src/decode/counters.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { Tunnel } from "../../src/decode/tunnel.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Kind, Records } from "../../src/record.ts";
import { bytes, counting, ethernet, ipv4, type Ipv4Fields, tcp, u16 } from "./build.ts";
import { Bench, LINKTYPE_RAW, withoutLink } from "./harness.ts";

const HEADER_BYTES = 14;

/** Decodes a packet both ways; `cut`: bytes of it that were captured, `more`: bytes behind it in its frame. */
function both(packet: Uint8Array, { cut = packet.length, more = 0, inside = 0 } = {}) {
  const frame = ethernet(bytes(packet.subarray(0, cut), new Uint8Array(more)));
  const given = { wireLength: HEADER_BYTES + packet.length + more };
  const framed = new Bench({ inside }), raw = new Bench({ inside });
  const [ours, theirs] = [
    framed.decode(frame, given),
    raw.decode(frame.subarray(HEADER_BYTES), {
      wireLength: packet.length + more,
      linkType: LINKTYPE_RAW,
    }),
  ];
  framed.counters[Counter.Bytes] -= HEADER_BYTES;
  return [{ record: withoutLink(ours), counters: [...framed.counters] }, {
    record: theirs,
    counters: [...raw.counters],
  }];
}

/** A datagram whose length, checksum and ports are these. */
function udp(payload: number, length = 8 + payload, checksum = 0, to = 53): Uint8Array {
  return bytes(u16(40_000), u16(to), u16(length), u16(checksum), counting(payload));
}

const same = (packet: Uint8Array, given: Parameters<typeof both>[1], what: string) => {
  const [ours, theirs] = both(packet, given);
  assert.deepEqual(ours, theirs, what);
};

const HEADERS: Ipv4Fields[] = [
  {},
  { flags: 0x4000 },
  { flags: 0x8000 },
  { flags: 0x2000 },
  { flags: 1 },
  { options: bytes(0x94, 4, 0, 0) },
  { words: 4 },
  { ttl: 1, tos: 0xb8, id: 0xffff },
  { destination: "224.0.0.1" },
  { source: "0.0.0.0" },
];

Deno.test("a datagram gives the same at once and layer by layer, by every length that it claims", () => {
  for (const fields of HEADERS) {
    for (const length of [0, 7, 8, 9, 47, 48, 49, 255, 256, 257, 65_535]) {
      for (const checksum of [0, 0x1000, 0x3000, 0xffff]) {
        const packet = ipv4(udp(40, length, checksum), { ...fields, protocol: 17 });
        same(packet, {}, JSON.stringify({ fields, length, checksum }));
      }
    }
  }
});

Deno.test("a datagram gives the same at once and layer by layer, cut anywhere, and with padding behind it", () => {
  const packet = ipv4(udp(20), { protocol: 17 });
  for (let cut = 0; cut <= packet.length; cut++) same(packet, { cut }, `${cut} bytes`);
  for (const more of [1, 40]) same(packet, { more }, `${more} bytes more`);
  for (const wrong of [-1, 1, 20]) {
    same(ipv4(udp(20), { protocol: 17, length: packet.length + wrong }), {}, `${wrong}`);
  }
});

Deno.test("a datagram to a tunnel's port gives the same at once and layer by layer", () => {
  const all = Object.values(Tunnel).reduce((sum, bit) => sum | bit, 0);
  for (const port of [4788, 4789, 4790, 2151, 2152, 2153, 6080, 6081, 6082, 8471, 8472, 8473]) {
    for (const inside of [0, all]) {
      same(ipv4(udp(60, 68, 0, port), { protocol: 17 }), { inside }, `${port}`);
    }
  }
});

Deno.test("a segment gives the same at once and layer by layer, by every header that it has", () => {
  for (const fields of HEADERS) {
    for (const words of [4, 5, 6, 15]) {
      for (const payload of [0, 40]) {
        const segment = tcp({ words, payload: counting(payload, 1), urgent: 7, flags: 0x12 });
        const packet = ipv4(segment, fields);
        same(packet, {}, JSON.stringify({ fields, words, payload }));
        same(packet, { more: 6 }, JSON.stringify({ fields, words, payload, more: 6 }));
      }
    }
  }
  const packet = ipv4(tcp({ options: bytes(2, 4, 5, 180) }));
  for (let cut = 0; cut <= packet.length; cut++) same(packet, { cut }, `${cut} bytes`);
});

Deno.test("each ordinary packet is counted once, as what it is", () => {
  for (
    const [kind, packet] of [
      [Kind.Tcp, ipv4(tcp())],
      [Kind.Udp, ipv4(udp(20), { protocol: 17 })],
    ] as const
  ) {
    const bench = new Bench();
    for (let i = 0; i < 3; i++) bench.record(ethernet(packet));
    const kinds = Object.values(Kind).map((one) => bench.counters[Counter.Kind + one]);
    assert.deepEqual(kinds, Object.values(Kind).map((one) => one === kind ? 3 : 0));
    assert.equal(bench.counters[Counter.Packets], 3);
    assert.equal(bench.counters[Counter.Bytes], 3 * (HEADER_BYTES + packet.length));
  }
});

Deno.test("a decoder knows whether any packet had a record", () => {
  const decoder = new Decoder(Records.allocate(1), { ...defaults(PATH), seed: 1 });
  const decode = (frame: Uint8Array) =>
    decoder.decode(frame, 0, frame.length, frame.length, 0, 1, 0, 0);
  assert.equal(decoder.hasRecords(), false);
  decode(ethernet(counting(40), 0x88cc));
  assert.equal(decoder.hasRecords(), false, "a frame that is no IP");
  decode(ethernet(ipv4(udp(20), { protocol: 17 })));
  assert.equal(decoder.hasRecords(), true);
});
