import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import { Counter } from "../../../src/decode/counters.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ethernet, fragmentHeader, ipv6, tcp } from "../build.ts";
import { Bench, decode, type Decoded, LINKTYPE_RAW, record } from "../harness.ts";

const EXTENSION = Quirk.ExtensionHeaders;

function decoded(payload: Uint8Array, next: number): Decoded {
  return record(ethernet(ipv6(payload, { next }), 0x86dd));
}

/** An extension header of 8 or more bytes before `payload`. */
function extension(next: number, payload: Uint8Array, words = 0): Uint8Array {
  return bytes(next, words, new Uint8Array(6 + words * 8).fill(0x3a), payload);
}

Deno.test("an IPv6 header's fields are in the record", () => {
  const packet = ipv6(tcp({ payload: counting(7) }), {
    source: "fe81:8283:8485:8687:8889:8a8b:8c8d:8e8f",
    destination: "ff02:1:2:3:4:5:6:7",
    hopLimit: 255,
    trafficClass: 0xb8,
  });
  for (const given of [{ linkType: LINKTYPE_RAW }, { linkType: 229 }]) {
    const found = record(packet, given);
    assert.equal(found.source, "fe81:8283:8485:8687:8889:8a8b:8c8d:8e8f");
    assert.equal(found.destination, "ff02:1:2:3:4:5:6:7");
    assert.equal(found.ttl, 255);
    assert.equal(found.trafficClass, 0xb8);
    assert.equal(found.ipVersion, 6);
    assert.equal(found.ipId, 0);
    assert.equal(found.ipLength, 67);
    assert.equal(found.kind, Kind.Tcp);
    assert.equal(found.payloadLength, 7);
    assert.equal(found.quirks, 0);
  }
});

Deno.test("an IPv6 header cut at any length is refused", () => {
  const packet = ipv6(tcp());
  for (let end = 0; end < 40; end++) {
    const cut = ethernet(packet.subarray(0, end), 0x86dd);
    assert.equal(decode(cut, { wireLength: 74 }), Reason.IpCut, `${end} bytes`);
  }
});

Deno.test("every IPv6 extension header is skipped, of length 0 and longer", () => {
  for (const header of [0, 43, 60, 135, 139, 140]) {
    for (const words of [0, 1, 5]) {
      const found = decoded(extension(6, tcp({ payload: counting(3) }), words), header);
      assert.equal(found.kind, Kind.Tcp, `header ${header}`);
      assert.equal(found.protocol, 6);
      assert.equal(found.destinationPort, 80);
      assert.equal(found.payloadLength, 3);
      assert.equal(found.quirks, header === 43 ? EXTENSION | Quirk.RoutingHeader : EXTENSION);
    }
  }
});

Deno.test("an authentication header counts in words of 4 bytes", () => {
  for (const words of [0, 1, 4]) {
    const header = bytes(6, words, new Uint8Array(words * 4 + 6));
    const found = decoded(bytes(header, tcp()), 51);
    assert.equal(found.kind, Kind.Tcp);
    assert.equal(found.destinationPort, 80);
    assert.equal(found.quirks, EXTENSION);
  }
});

Deno.test("ESP and no next header end the walk", () => {
  for (const last of [50, 59]) {
    const found = decoded(extension(last, counting(20)), 60);
    assert.equal(found.kind, Kind.Ip);
    assert.equal(found.protocol, last);
    assert.equal(found.payloadLength, 20);
    assert.equal(found.quirks, EXTENSION);
  }
  const empty = decoded(new Uint8Array(0), 59);
  assert.equal(empty.quirks, 0, "an empty payload is legal where nothing follows");
  assert.equal(empty.payloadLength, 0);
});

Deno.test("extension headers beyond the limit end the walk and are counted", () => {
  const chain = (count: number) => {
    let payload = tcp(), next = 6;
    for (let i = 0; i < count; i++) [payload, next] = [extension(next, payload), 60];
    return ethernet(ipv6(payload, { next }), 0x86dd);
  };
  const bench = new Bench({ extensionHeaders: 5 });
  assert.equal(bench.record(chain(5)).kind, Kind.Tcp);
  assert.equal(bench.counters[Counter.ExtensionHeadersExceeded], 0);
  const found = bench.record(chain(6));
  assert.equal(found.kind, Kind.Ip);
  assert.equal(found.protocol, 60);
  assert.equal(bench.counters[Counter.ExtensionHeadersExceeded], 1);
});

Deno.test("extension headers cut at any length leave the addresses, and say so", () => {
  const whole = ipv6(extension(60, extension(6, tcp(), 2)), { next: 0 });
  for (let end = 40; end < whole.length; end++) {
    const found = record(whole.subarray(0, end), {
      linkType: LINKTYPE_RAW,
      wireLength: whole.length,
    });
    assert.equal(found.kind, end < 40 + 8 + 24 + 14 ? Kind.Ip : Kind.Tcp, `${end} bytes`);
    assert.ok((found.quirks & Quirk.Truncated) !== 0);
    assert.equal(found.source, "2001:db8::7");
    assert.equal(found.protocol, end < 48 ? 0 : end < 72 ? 60 : 6);
  }
});

Deno.test("an atomic fragment is a whole packet, however often it is wrapped", () => {
  let payload: Uint8Array = tcp({ payload: counting(2) }), next = 6;
  for (let wrapped = 0; wrapped < 3; wrapped++) {
    payload = fragmentHeader(payload, next, 0, false, 0xaabbccdd);
    next = 44;
    const found = decoded(payload, next);
    assert.equal(found.kind, Kind.Tcp);
    assert.equal(found.destinationPort, 80);
    assert.equal(found.payloadLength, 2);
    assert.equal(found.quirks, 0);
  }
});

Deno.test("an IPv6 payload length beyond the frame is noted", () => {
  const found = record(ethernet(ipv6(tcp(), { length: 65535 }), 0x86dd));
  assert.equal(found.quirks, Quirk.BadIpLength);
  assert.equal(found.ipLength, 65535);
  assert.equal(found.kind, Kind.Tcp);
});

Deno.test("an IPv6 payload length of 0, as offload and jumbograms have it, means the rest of the frame", () => {
  const found = record(ethernet(ipv6(tcp({ payload: counting(9) }), { length: 0 }), 0x86dd));
  assert.equal(found.quirks, Quirk.BadIpLength);
  assert.equal(found.kind, Kind.Tcp);
  assert.equal(found.payloadLength, 9);
});

Deno.test("bytes after the IPv6 payload length are padding", () => {
  const padded = bytes(ethernet(ipv6(tcp().subarray(0, 8)), 0x86dd), counting(40));
  const found = record(padded);
  assert.equal(found.kind, Kind.Ip);
  assert.equal(found.payloadLength, 8);
});
