import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import {
  bytes,
  counting,
  ethernet,
  fragmentHeader,
  icmp,
  ipv4,
  type Ipv4Fields,
  ipv6,
  tcp,
  udp,
} from "../build.ts";
import { type Decoded, LINKTYPE_RAW, record } from "../harness.ts";

function version4(payload: Uint8Array): Decoded {
  return record(ethernet(ipv4(payload, { protocol: 1 })));
}

function version6(payload: Uint8Array): Decoded {
  return record(ethernet(ipv6(payload, { next: 58 }), 0x86dd));
}

const PROBE: Ipv4Fields = { source: "192.0.2.1", destination: "203.0.113.9", ttl: 3 };

Deno.test("an echo's type, code, identifier and sequence number are in the record", () => {
  for (
    const [decoded, kind, type] of [
      [version4(icmp(8, 0, 0x89abcdef, counting(4))), Kind.Icmp, 8],
      [version4(icmp(0, 0, 0x89abcdef, counting(4))), Kind.Icmp, 0],
      [version6(icmp(128, 0, 0x89abcdef, counting(4))), Kind.Icmp6, 128],
      [version6(icmp(129, 0, 0x89abcdef, counting(4))), Kind.Icmp6, 129],
    ] as [Decoded, number, number][]
  ) {
    assert.equal(decoded.kind, kind);
    assert.equal(decoded.type, type);
    assert.equal(decoded.sequence, 0x89abcdef);
    assert.equal(decoded.payloadLength, 4);
    assert.equal(decoded.quirks, 0);
  }
});

Deno.test("timestamp and address mask queries have an identifier, other types have not", () => {
  for (let type = 13; type <= 18; type++) {
    assert.equal(version4(icmp(type, 0, 0x01020304)).sequence, 0x01020304, `type ${type}`);
  }
  for (const type of [9, 10, 12, 19, 40, 255]) {
    assert.equal(version4(icmp(type, 7, 0x01020304)).sequence, 0, `type ${type}`);
    assert.equal(version4(icmp(type, 7, 0x01020304)).code, 7);
  }
});

Deno.test("an ICMP error's quoted packet is in the record", () => {
  for (const type of [3, 4, 5, 11, 12]) {
    const quoted = ipv4(tcp({ sourcePort: 55555, destinationPort: 443 }), PROBE);
    const decoded = version4(icmp(type, 3, 0, quoted.subarray(0, 28)));
    assert.equal(decoded.type, type);
    assert.equal(decoded.code, 3);
    assert.equal(decoded.quirks, Quirk.Inner | Quirk.InnerPorts);
    assert.equal(decoded.innerSource, "192.0.2.1");
    assert.equal(decoded.innerDestination, "203.0.113.9");
    assert.equal(decoded.innerTtl, 3);
    assert.equal(decoded.innerProtocol, 6);
    assert.equal(decoded.innerSourcePort, 55555);
    assert.equal(decoded.innerDestinationPort, 443);
    assert.equal(decoded.sequence, 0xfedcba98);
    assert.equal(decoded.sourcePort, 0, "the error itself has no ports");
  }
});

Deno.test("an ICMPv6 error's quoted packet is in the record, behind extension headers too", () => {
  const segment = udp(counting(4), { sourcePort: 55555, destinationPort: 33434 });
  const routed = bytes(17, 0, counting(6), segment);
  const atomic = fragmentHeader(segment, 17, 0, false, 1);
  for (const [payload, next] of [[segment, 17], [routed, 43], [atomic, 44]] as const) {
    const quoted = ipv6(payload, { destination: "2001:db8::99", next, hopLimit: 1 });
    const decoded = version6(icmp(1, 4, 0, quoted));
    assert.equal(decoded.quirks, Quirk.Inner | Quirk.InnerPorts, "no quirks of the quoted packet");
    assert.equal(decoded.innerDestination, "2001:db8::99");
    assert.equal(decoded.innerTtl, 1);
    assert.equal(decoded.innerProtocol, 17);
    assert.equal(decoded.innerSourcePort, 55555);
    assert.equal(decoded.innerDestinationPort, 33434);
  }
});

Deno.test("a quoted packet cut at any length gives what is whole", () => {
  const quoted = ipv4(tcp({ sourcePort: 55555 }), PROBE);
  for (let length = 0; length <= 28; length++) {
    const decoded = version4(icmp(3, 3, 0, quoted.subarray(0, length)));
    const inner = length >= 20 ? Quirk.Inner : 0;
    const ports = length >= 24 ? Quirk.InnerPorts : 0;
    assert.equal(decoded.quirks, inner | ports, `${length} bytes`);
    assert.equal(decoded.sequence, length >= 28 ? 0xfedcba98 : 0);
  }
  const quoted6 = ipv6(tcp({ sourcePort: 55555 }));
  for (let length = 0; length <= 48; length++) {
    const decoded = version6(icmp(3, 0, 0, quoted6.subarray(0, length)));
    const inner = length >= 40 ? Quirk.Inner : 0;
    const ports = length >= 44 ? Quirk.InnerPorts : 0;
    assert.equal(decoded.quirks, inner | ports, `${length} bytes`);
  }
});

Deno.test("a quoted packet that is no IP, or lies about its header, is not decoded", () => {
  for (const quoted of [counting(40), ipv4(tcp(), { words: 4 }), ipv4(tcp(), { words: 15 })]) {
    assert.equal(version4(icmp(3, 3, 0, quoted)).quirks, 0);
  }
});

Deno.test("a quoted fragment has ports only if it is the first", () => {
  const first = ipv4(tcp(), { ...PROBE, flags: 0x2000 });
  assert.equal(version4(icmp(11, 1, 0, first)).quirks, Quirk.Inner | Quirk.InnerPorts);
  const later = ipv4(tcp(), { ...PROBE, flags: 0x2001 });
  assert.equal(version4(icmp(11, 1, 0, later)).quirks, Quirk.Inner);
  const later6 = ipv6(fragmentHeader(tcp(), 6, 8, true, 1), { next: 44 });
  assert.equal(version6(icmp(3, 1, 0, later6)).quirks, Quirk.Inner);
  assert.equal(version6(icmp(3, 1, 0, later6)).innerProtocol, 6);
});

Deno.test("a quoted protocol without ports gives none", () => {
  const quoted = ipv4(icmp(8, 0, 0x01020304), { ...PROBE, protocol: 1 });
  const decoded = version4(icmp(11, 0, 0, quoted));
  assert.equal(decoded.quirks, Quirk.Inner);
  assert.equal(decoded.innerProtocol, 1);
});

Deno.test("an ICMP header cut at any length keeps type and code", () => {
  const whole = ipv4(icmp(8, 1, 0x01020304, counting(8)), { protocol: 1 });
  for (let captured = 0; captured <= 8; captured++) {
    const decoded = record(whole.subarray(0, 20 + captured), {
      linkType: LINKTYPE_RAW,
      wireLength: whole.length,
    });
    assert.equal(decoded.quirks, captured < 8 ? Quirk.Truncated : 0, `${captured} bytes`);
    assert.equal(decoded.kind, captured < 2 ? Kind.Ip : Kind.Icmp);
    assert.equal(decoded.type, captured < 2 ? 0 : 8);
    assert.equal(decoded.sequence, captured < 8 ? 0 : 0x01020304);
  }
});

Deno.test("neighbour discovery tells who asks and for whom, and nothing where its target is cut off", () => {
  const target = bytes(0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x42);
  for (const [type, asker] of [[135, "source"], [136, "destination"]] as const) {
    const decoded = version6(icmp(type, 0, 0, target));
    assert.equal(decoded.quirks & Quirk.Inner, 0, "no packet is quoted");
    assert.equal(decoded.innerProtocol, 58);
    assert.equal(decoded.innerSource, decoded[asker]);
    assert.equal(decoded.innerDestination, "2001:db8:2::42");
    assert.equal(version6(icmp(type, 0, 0, target.subarray(0, 15))).innerProtocol, 0);
  }
});
