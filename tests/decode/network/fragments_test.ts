import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import { Counter } from "../../../src/decode/counters.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ethernet, fragmentHeader, icmp, ipv4, ipv6, tcp, udp } from "../build.ts";
import { Bench, type Decoded, LINKTYPE_RAW } from "../harness.ts";

const PARTS = Quirk.Fragment | Quirk.FragmentHeader | Quirk.FragmentWhole;
const SEGMENT = tcp({
  destinationPort: 443,
  options: counting(4, 1).fill(1),
  payload: counting(16),
});

interface Part {
  offset: number;
  payload: Uint8Array;
  more: boolean;
}

/** A datagram's payload in fragments of so many bytes. */
function cut(payload: Uint8Array, size: number): Part[] {
  const parts: Part[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const more = offset + size < payload.length;
    parts.push({ offset, payload: payload.subarray(offset, offset + size), more });
  }
  return parts;
}

/** One fragment as an IPv4 or IPv6 packet. */
function fragment(version: 4 | 6, part: Part, protocol = 6, id = 1, ttl = 64): Uint8Array {
  const { offset, payload, more } = part;
  if (version === 4) {
    return ipv4(payload, { protocol, id, ttl, flags: offset >> 3 | (more ? 0x2000 : 0) });
  }
  const header = fragmentHeader(payload, protocol, offset, more, id);
  return ipv6(header, { next: 44, hopLimit: ttl });
}

function* permutations<T>(items: T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (let i = 0; i < items.length; i++) {
    const rest = items.filter((_, other) => other !== i);
    for (const order of permutations(rest)) yield [items[i], ...order];
  }
}

function expectAddressesOnly(decoded: Decoded, part: Part): void {
  assert.equal(decoded.quirks & PARTS, Quirk.Fragment);
  assert.equal(decoded.kind, Kind.Ip);
  assert.equal(decoded.protocol, 6);
  assert.equal(decoded.sourcePort, 0);
  assert.equal(decoded.tcpFlags, 0);
  assert.equal(decoded.payloadLength, part.payload.length);
}

Deno.test("fragments of 8 bytes in every order give the header once and the datagram once", () => {
  const parts = cut(SEGMENT, 8);
  assert.equal(parts.length, 5);
  for (const version of [4, 6] as const) {
    const bench = new Bench();
    let id = 0;
    for (const order of permutations(parts)) {
      id++;
      // The header is known to the flags once the first two fragments are there.
      const headerAt = Math.max(order.indexOf(parts[0]), order.indexOf(parts[1]));
      order.forEach((part, i) => {
        const packet = fragment(version, part, 6, id, 50 + part.offset / 8);
        const decoded = bench.record(packet, { linkType: LINKTYPE_RAW });
        const header = i === headerAt ? Quirk.FragmentHeader : 0;
        const whole = i === order.length - 1 ? Quirk.FragmentWhole : 0;
        if (header === 0 && whole === 0) return expectAddressesOnly(decoded, part);
        assert.equal(decoded.quirks & PARTS, Quirk.Fragment | header | whole);
        assert.equal(decoded.kind, Kind.Tcp);
        assert.equal(decoded.destinationPort, 443);
        assert.equal(decoded.sequence, 0xfedcba98);
        assert.equal(decoded.tcpFlags, 2);
        assert.equal(decoded.ttl, 50, "the first fragment's");
        assert.equal(decoded.ipId, id);
        if (whole === 0) return;
        assert.equal(decoded.window, 1024);
        assert.equal(decoded.optionLayout, 0x1111);
        assert.equal(decoded.payloadLength, 16);
        assert.equal(decoded.ipLength, (version === 4 ? 20 : 40) + 40);
        assert.equal(decoded.quirks & Quirk.Truncated, 0);
      });
    }
    assert.equal(bench.counters[Counter.DatagramsWhole], 120);
    assert.equal(bench.counters[Counter.Fragments], 600);
  }
});

Deno.test("a header in one fragment is known at once, though the datagram never completes", () => {
  for (const version of [4, 6] as const) {
    const bench = new Bench();
    const [first] = cut(SEGMENT, 24);
    const decoded = bench.record(fragment(version, first), { linkType: LINKTYPE_RAW });
    assert.equal(decoded.quirks, Quirk.Fragment | Quirk.FragmentHeader);
    assert.equal(decoded.kind, Kind.Tcp);
    assert.equal(decoded.optionLayout, 0x1111);
    assert.equal(decoded.payloadLength, 0);
    const again = bench.record(fragment(version, first), { linkType: LINKTYPE_RAW });
    assert.equal(again.quirks, Quirk.Fragment, "a copy is not counted again");
  }
});

Deno.test("the payload length of a known header is what this fragment holds beyond it", () => {
  const bench = new Bench();
  const segment = tcp({ payload: counting(44) });
  const [first, second] = cut(segment, 16);
  const decoded = bench.record(fragment(4, { ...first }), { linkType: LINKTYPE_RAW });
  assert.equal(decoded.quirks & Quirk.Truncated, Quirk.Truncated, "16 bytes of 20");
  assert.equal(decoded.payloadLength, 0);
  const later = bench.record(fragment(4, second), { linkType: LINKTYPE_RAW });
  assert.equal(later.payloadLength, 16);
  const [large] = cut(segment, 40);
  assert.equal(
    new Bench().record(fragment(4, large), { linkType: LINKTYPE_RAW }).payloadLength,
    20,
  );
});

Deno.test("UDP, ICMP and other protocols have a header of their own length", () => {
  const query = udp(counting(24));
  const long = icmp(8, 0, 0x01020304, counting(24));
  for (
    const [payload, protocol, kind] of [
      [query, 17, Kind.Udp],
      [long, 1, Kind.Icmp],
      [counting(32), 47, Kind.Ip],
    ] as const
  ) {
    const bench = new Bench();
    const parts = cut(payload, 8);
    const records = parts.map((part) => {
      return bench.record(fragment(4, part, protocol), { linkType: LINKTYPE_RAW });
    });
    assert.deepEqual(records.map((decoded) => decoded.quirks), [
      Quirk.Fragment | Quirk.FragmentHeader,
      Quirk.Fragment,
      Quirk.Fragment,
      Quirk.Fragment | Quirk.FragmentWhole,
    ]);
    assert.equal(records[0].kind, kind);
    assert.equal(records[3].kind, kind);
    assert.equal(records[3].payloadLength, kind === Kind.Ip ? 32 : 24);
  }
});

Deno.test("a header in small fragments is not cut by the capture; one in a fragment captured short is", () => {
  for (const version of [4, 6] as const) {
    const [first] = cut(SEGMENT, 16);
    const packet = fragment(version, first);
    const bench = new Bench();
    const { quirks } = bench.record(packet, { linkType: LINKTYPE_RAW });
    assert.equal(quirks & Quirk.Truncated, Quirk.Truncated);
    assert.equal(bench.counters[Counter.Cut], 0);

    const [large] = cut(SEGMENT, 40);
    const short = fragment(version, { ...large, more: true }, 6, 2);
    const captured = short.subarray(0, short.length - 24);
    bench.record(captured, { linkType: LINKTYPE_RAW, wireLength: short.length });
    assert.equal(bench.counters[Counter.Cut], 1);
  }
});

Deno.test("extension headers after an IPv6 Fragment header may themselves be cut", () => {
  const bench = new Bench();
  const payload = bytes(6, 1, new Uint8Array(14), SEGMENT);
  const records = cut(payload, 8).map((part) => {
    return bench.record(fragment(6, part, 60), { linkType: LINKTYPE_RAW });
  });
  const header = records.findIndex((decoded) => (decoded.quirks & Quirk.FragmentHeader) !== 0);
  assert.equal(header, 3, "16 bytes of options, then 16 of TCP");
  assert.equal(records[header].kind, Kind.Tcp);
  assert.equal(records[header].protocol, 6);
  assert.equal(records[header].destinationPort, 443);
  assert.equal(records[0].protocol, 60);
  const whole = records[records.length - 1];
  assert.equal(whole.quirks, Quirk.Fragment | Quirk.FragmentWhole | Quirk.ExtensionHeaders);
  assert.equal(whole.payloadLength, 16);
  assert.equal(whole.ipLength, 40 + payload.length);
});

Deno.test("extension headers that fill what is kept hide no header in the first fragment", () => {
  // Of 8 bytes each, and one long one: either way TCP is not in the first 128 bytes, or only half of it.
  for (const words of [12, 13, 14, 15, 16, 31]) {
    const options = bytes(6, words, new Uint8Array(6 + words * 8));
    const payload = bytes(options, SEGMENT);
    const size = options.length + 24;
    const parts = cut(payload, size);
    for (const order of [parts, parts.toReversed()]) {
      const bench = new Bench();
      const records = order.map((part) => {
        return bench.record(fragment(6, part, 60), { linkType: LINKTYPE_RAW });
      });
      const found = records[order.indexOf(parts[0])];
      const where = `${options.length} bytes of options`;
      assert.ok((found.quirks & Quirk.FragmentHeader) !== 0, where);
      assert.equal(found.kind, Kind.Tcp, where);
      assert.equal(found.destinationPort, 443, where);
      assert.equal(found.optionLayout, 0x1111, where);
      assert.equal(found.quirks & Quirk.Truncated, 0, where);
      assert.equal(found.payloadLength, order === parts ? 0 : 16, where);
      assert.ok((records[1].quirks & Quirk.FragmentWhole) !== 0, where);
    }
  }
});

Deno.test("the first copy of a byte wins, the last copy of the header does", () => {
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW };
  const real = tcp({ destinationPort: 443, payload: counting(4) });
  const forged = tcp({ destinationPort: 80, payload: counting(4) });
  bench.record(fragment(4, { offset: 8, payload: real.subarray(8), more: false }), given);
  const first = bench.record(
    fragment(4, { offset: 0, payload: real.subarray(0, 4), more: true }, 6, 1, 10),
    given,
  );
  assert.equal(first.kind, Kind.Ip, "four bytes are missing");
  const whole = bench.record(
    fragment(4, { offset: 0, payload: forged, more: true }, 6, 1, 20),
    given,
  );
  assert.equal(whole.quirks, PARTS);
  assert.equal(whole.destinationPort, 443);
  assert.equal(whole.ttl, 20);
});

Deno.test("the first copy wins also where the last piece to come is a longer copy of the first fragment", () => {
  for (const version of [4, 6] as const) {
    const part = (destinationPort: number, from: number, to: number): Part => ({
      offset: from,
      payload: tcp({ destinationPort, payload: counting(1000) }).subarray(from, to),
      more: to < 1020,
    });
    const bench = new Bench();
    const records = [part(443, 0, 512), part(443, 520, 1020), part(80, 0, 520)].map((one) =>
      bench.record(fragment(version, one), { linkType: LINKTYPE_RAW })
    );
    assert.deepEqual(records.map(({ quirks }) => quirks & PARTS), [
      Quirk.Fragment | Quirk.FragmentHeader,
      Quirk.Fragment,
      Quirk.Fragment | Quirk.FragmentWhole,
    ]);
    assert.deepEqual([records[0].destinationPort, records[2].destinationPort], [443, 443]);
  }
});

Deno.test("the options of the first fragment are the datagram's", () => {
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW };
  const [first, second] = cut(SEGMENT, 8);
  const options = Uint8Array.of(148, 4, 0, 0);
  bench.record(ipv4(first.payload, { options, id: 1, flags: 0x2000 }), given);
  const decoded = bench.record(ipv4(second.payload, { id: 1, flags: 0x6001 }), given);
  assert.equal(
    decoded.quirks,
    Quirk.Fragment | Quirk.FragmentHeader | Quirk.Truncated | Quirk.IpOptions | Quirk.RouterAlert,
  );
});

/** Both fragments of a segment, of which the first has this header, and the segment whole with it. */
const HEADERS: Record<string, (payload: Uint8Array, part?: Part) => Uint8Array> = {};
for (
  const [name, options] of Object.entries({
    "record route": [7, 3, 4, 0],
    timestamp: [68, 4, 5, 0],
    "loose source route": [131, 3, 4, 0],
    "strict source route": [137, 3, 4, 0],
    "router alert": [148, 4, 0, 0],
    "no options": [],
  })
) {
  HEADERS[name] = (payload, part) =>
    ipv4(payload, {
      options: Uint8Array.from(options),
      id: 1,
      flags: part === undefined ? 0 : part.offset >> 3 | (part.more ? 0x2000 : 0),
    });
}
for (const [name, flag] of [["don't fragment", 0x4000], ["the reserved flag", 0x8000]] as const) {
  HEADERS[name] = (payload, part) =>
    ipv4(payload, {
      id: 1,
      flags: flag | (part === undefined ? 0 : part.offset >> 3 | (part.more ? 0x2000 : 0)),
    });
}
for (
  const [name, next, header] of [
    ["hop-by-hop options", 0, [0, 1, 4, 0, 0, 0, 0]],
    ["a routing header", 43, [0, 4, 0, 0, 0, 0, 0]],
  ] as const
) {
  HEADERS[name] = (payload, part) =>
    part === undefined
      ? ipv6(bytes(6, header, payload), { next })
      : ipv6(bytes(44, header, fragmentHeader(payload, 6, part.offset, part.more, 1)), { next });
}

Deno.test("whatever quirks the first fragment's header has are the datagram's, and no others, in either order", () => {
  const given = { linkType: LINKTYPE_RAW };
  for (const [name, header] of Object.entries(HEADERS)) {
    const alone = new Bench().record(header(SEGMENT), given).quirks;
    const parts = cut(SEGMENT, 24), [first, ...others] = parts;
    const isSix = /^(hop|a routing)/.test(name);
    const plain = (part: Part) => fragment(isSix ? 6 : 4, part);
    const whole = Quirk.Fragment | Quirk.FragmentWhole;
    const forward = new Bench(), backward = new Bench();
    forward.record(header(first.payload, first), given);
    const last = others.map((part) => forward.record(plain(part), given)).pop()!;
    assert.equal(last.quirks, alone | whole, name);
    for (const part of others.toReversed()) backward.record(plain(part), given);
    const found = backward.record(header(first.payload, first), given).quirks;
    assert.equal(found, alone | whole | Quirk.FragmentHeader, name);
    // The other way round: the last fragment has it, and the first has not.
    const late = new Bench();
    late.record(plain(first), given);
    const end = others.map((part) => late.record(header(part.payload, part), given)).pop()!;
    assert.equal(end.quirks, whole, name);
  }
});

Deno.test("a datagram of any protocol has its header at the latest when it is whole", () => {
  const given = { linkType: LINKTYPE_RAW };
  for (const protocol of [47, 17, 132]) {
    const bench = new Bench(), [first, second] = cut(counting(16, 1), 8);
    assert.equal(bench.record(fragment(4, second, protocol), given).quirks, Quirk.Fragment);
    const { quirks } = bench.record(fragment(4, first, protocol), given);
    assert.equal(quirks & PARTS, PARTS, `${protocol}`);
  }
});

Deno.test("a fragment past the longest datagram is refused", () => {
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW };
  const far = { offset: 65528, payload: counting(8), more: false };
  assert.equal(bench.decode(fragment(4, far), given), Reason.FragmentTooLong);
  assert.equal(bench.decode(fragment(6, far), given), Reason.FragmentTooLong);
  const last = { offset: 65528, payload: counting(7), more: false };
  assert.equal(bench.record(fragment(4, last), given).quirks, Quirk.Fragment);
});

Deno.test("the longest datagram becomes whole, backwards too", () => {
  const bench = new Bench();
  const whole = bytes(tcp(), new Uint8Array(65515));
  const parts = cut(whole, 1480).reverse();
  const records = parts.map((part) => bench.record(fragment(4, part), { linkType: LINKTYPE_RAW }));
  const last = records[records.length - 1];
  assert.equal(last.quirks, PARTS);
  assert.equal(last.payloadLength, 65515);
  assert.equal(last.ipLength, 65535, "as much as the field can say");
});

Deno.test("a fragment whose IP length is bad is no part of any datagram", () => {
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW };
  const [first, second] = cut(SEGMENT, 24);
  const lie = ipv4(first.payload, { id: 1, flags: 0x2000, length: 2000 });
  assert.equal(bench.record(lie, given).quirks, Quirk.Fragment | Quirk.BadIpLength);
  assert.equal(bench.record(fragment(4, second), given).quirks, Quirk.Fragment);
  assert.equal(bench.counters[Counter.Fragments], 1);
});

Deno.test("a header that the capture cut is not made up from zeros", () => {
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW, wireLength: 20 + 24 };
  const [first, second] = cut(SEGMENT, 24);
  for (let captured = 0; captured <= 24; captured++) {
    const id = captured + 1;
    const cutShort = fragment(4, first, 6, id).subarray(0, 20 + captured);
    const header = bench.record(cutShort, given);
    const known = captured >= 14;
    assert.equal(
      header.quirks & PARTS,
      known ? Quirk.Fragment | Quirk.FragmentHeader : Quirk.Fragment,
    );
    const whole = bench.record(fragment(4, second, 6, id), { linkType: LINKTYPE_RAW });
    assert.equal(whole.quirks & PARTS, Quirk.Fragment | Quirk.FragmentWhole, `${captured} bytes`);
    assert.equal(whole.kind, known ? Kind.Tcp : Kind.Ip);
    assert.equal(whole.quirks & Quirk.Truncated, captured < 20 ? Quirk.Truncated : 0);
  }
});

Deno.test("IPv4 and IPv6 datagrams, and those of other protocols, do not mix", () => {
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW };
  const [first, second] = cut(SEGMENT, 24);
  bench.record(fragment(4, first), given);
  assert.equal(bench.record(fragment(4, second, 17), given).quirks, Quirk.Fragment);
  assert.equal(bench.record(fragment(6, second), given).quirks, Quirk.Fragment);
  assert.equal(bench.record(fragment(4, second, 6, 2), given).quirks, Quirk.Fragment);
  assert.equal(
    bench.record(fragment(4, second), given).quirks,
    Quirk.Fragment | Quirk.FragmentWhole,
  );
});

Deno.test("fragments keep the quirks of their own link layer", () => {
  const bench = new Bench();
  const [first] = cut(SEGMENT, 24);
  const decoded = bench.record(ethernet(fragment(4, first), 0x0800, [1, 0, 0x5e, 0, 0, 1]));
  const link = Quirk.LinkMulticast | Quirk.UnicastInGroup;
  assert.equal(decoded.quirks, Quirk.Fragment | Quirk.FragmentHeader | link);
});

Deno.test("of an IPv6 datagram's fragments only the first says what follows (RFC 8200, section 4.5)", () => {
  const parts = cut(SEGMENT, 8);
  const protocols = [6, 17, 59, 253, 0];
  for (const order of [parts, parts.toReversed()]) {
    const bench = new Bench();
    const records = order.map((part) => {
      const packet = fragment(6, part, protocols[parts.indexOf(part)]);
      return bench.record(packet, { linkType: LINKTYPE_RAW });
    });
    const whole = records[records.length - 1];
    assert.equal(whole.quirks & Quirk.FragmentWhole, Quirk.FragmentWhole);
    assert.equal(whole.kind, Kind.Tcp);
    assert.equal(whole.destinationPort, 443);
  }
});

Deno.test("a later fragment is not read as the headers that the first one kept to itself", () => {
  // Options fill what is kept, and TCP is not in it: at the end only the last fragment is at hand.
  const options = bytes(6, 31, new Uint8Array(254));
  const ports = { sourcePort: 666, destinationPort: 666 };
  // Read as the options that the first one has, it would be UDP.
  const forged = bytes(17, 0, new Uint8Array(6), udp(counting(4), ports));
  const [head, tail] = [bytes(options, SEGMENT.subarray(0, 24)), forged];
  const bench = new Bench();
  const given = { linkType: LINKTYPE_RAW };
  bench.record(fragment(6, { offset: 0, payload: head, more: true }, 60), given);
  const last = { offset: head.length, payload: tail, more: false };
  const whole = bench.record(fragment(6, last, 17), given);
  assert.equal(whole.quirks & Quirk.FragmentWhole, Quirk.FragmentWhole);
  assert.equal(whole.kind, Kind.Ip);
  assert.deepEqual([whole.sourcePort, whole.destinationPort], [0, 0]);
});
