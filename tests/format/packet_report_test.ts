import assert from "node:assert/strict";
import { headerLines } from "../../src/format/packet_headers.ts";
import { PacketReport, REPORT_BYTES_MAX } from "../../src/format/packet_report.ts";
import { UTC } from "../../src/format/zone.ts";
import { TIME_US } from "../support/events.ts";
import { tcpFrame } from "../support/pcap_bytes.ts";
import { Random } from "../support/random.ts";

const bytesOf = (hex: string) =>
  Uint8Array.from(hex.replace(/\s/g, "").match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** A SYN with options, as a kernel sent it: its IP checksum is right. */
const SYN = bytesOf(`
  4500 003c 72d1 4000 4006 c9e8 7f00 0001 7f00 0001
  eddc 0001 9da6 b5d2 0000 0000 a002 ffd7 fe30 0000
  0204 ffd7 0402 080a 9ae6 2185 0000 0000 0103 030a`);

Deno.test("headerLines() tells every field of IPv4 and TCP, options and the checksum's truth", () => {
  const lines = headerLines(SYN, 0);
  assert.deepEqual(lines, [
    "IPv4: version 4, header 20 bytes, TOS 0x00, total length 60, identification 29393",
    "IPv4: flags don't fragment, fragment offset 0, TTL 64, protocol 6, checksum 0xc9e8 (right)",
    "IPv4: source 127.0.0.1, destination 127.0.0.1",
    "TCP: source port 60892, destination port 1, sequence 2644948434, acknowledgement 0",
    "TCP: header 40 bytes, reserved 0, flags SYN, window 65495, checksum 0xfe30, urgent 0",
    "TCP options: mss 65495, sack-permitted, timestamp 0x9ae6218500000000, nop, window-scale 10",
  ]);
  const wrong = SYN.slice();
  wrong[8] = 63;
  assert.match(headerLines(wrong, 0)[1], /\(wrong\)/);
});

Deno.test("headerLines() names IP options, ICMP and what it quotes, IPv6 headers, SCTP chunks", () => {
  const icmp = bytesOf(`
    4700 0038 0000 0000 4001 0000 c000 0201 c633 6407 8303 0400 0700 0000
    0303 0000 0000 0000`);
  const text = headerLines(bytesOf(hexOf(icmp) + hexOf(SYN)), 0).join("\n");
  assert.match(text, /options: loose-source-route 4, end/);
  assert.match(text, /ICMP: type 3 \(unreachable\), code 3 \(port\)/);
  assert.match(text, /about IPv4: source 127\.0\.0\.1, .*source port 60892, destination port 1$/);
  const ipv6 = bytesOf(`
    6000 0000 0018 0040 fe80 0000 0000 0000 0000 0000 0000 0001
    ff02 0000 0000 0000 0000 0000 0000 0001 8400 0502 0000 0100
    0016 0050 0000 0000 0000 0000 0100 0004`);
  const lines = headerLines(ipv6, 0).join("\n");
  assert.match(lines, /IPv6 hop-by-hop options header: 8 bytes/);
  assert.match(lines, /SCTP: source port 22, destination port 80/);
  assert.match(lines, /SCTP chunk: type 1 \(INIT\), flags 0x00, length 4$/);
});

Deno.test("headerLines() says where a header is cut, at every length", () => {
  for (let end = 0; end < SYN.length; end++) {
    const text = headerLines(SYN.subarray(0, end), 0).join("\n");
    if (end === 0) assert.match(text, /no network header was captured/);
    else if (end < 20) assert.match(text, /^IPv4: cut$/);
    else if (end < 40) assert.match(text, /TCP: cut/);
    else assert.match(text, /flags SYN/);
  }
});

Deno.test("PacketReport keeps any packet to one block of printable ASCII within its bound", () => {
  const seed = 11;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let i = 0; i < 3000; i++) {
    const bytes = Uint8Array.from({ length: random.below(600) }, () => random.below(256));
    // Mostly something that is looked into.
    if (bytes.length > 10) {
      bytes[0] = random.pick([0x45, 0x4f, 0x46, 0x60, bytes[0]]);
      bytes[9] = bytes[6] = random.pick([1, 6, 17, 58, 132, 0, 43, 44, 60]);
    }
    const text = report(bytes, 0);
    assert.match(text, /^[\x20-\x7e\n]+\n\n$/);
    assert.ok(text.length < REPORT_BYTES_MAX, `${text.length}`);
  }
});

/** IPv6 with so many extension headers of 2048 bytes, a UDP header in the last one. */
function longHeaders(count: number): Uint8Array {
  const bytes = new Uint8Array(40 + count * 2048 + 8).fill(0x41, 40);
  bytes[0] = 0x60;
  bytes[6] = 60;
  for (let i = 0; i < count; i++) {
    bytes[40 + i * 2048] = i === count - 1 ? 17 : 60;
    bytes[41 + i * 2048] = 255;
  }
  bytes.set([0xbb, 0x8, 0x0, 0x35, 0, 8, 0, 0], 40 + count * 2048);
  return bytes;
}

Deno.test("PacketReport tells of the ports behind headers made to be long, in a whole block", () => {
  for (let count = 1; count <= 15; count++) {
    const text = report(longHeaders(count), 0);
    assert.match(text, /\n {2}UDP: source port 47880, destination port 53, /, `${count} headers`);
    assert.equal(text.match(/header: 2048 bytes: (41){128}\.\.\. \(1918 more\)\n/g)?.length, count);
    assert.match(text, /bytes more\)\n\n$/);
  }
  const link = report(new Uint8Array(40_000), 30_000);
  assert.match(link, /link header: 30000 bytes: (00){128}\.\.\. \(29872 more\)\n/);
  assert.match(link, /bytes more\)\n\n$/);
});

Deno.test("PacketReport has time to the nanosecond, the link header, and the bytes", () => {
  const text = report(tcpFrame({ port: 22, flags: 41 }), 14);
  assert.match(text, /^packet 1: 2026-11-21 22:14:52\.123456789 on eth0\n/);
  assert.match(text, /\n {2}link header: 14 bytes: 0{24}0800\n/);
  assert.match(text, /flags FIN PSH URG/);
  assert.match(text, /\n {2}0x0000: 0000 0000 .*\n/);
});

function report(bytes: Uint8Array, network: number): string {
  const buffer = new Uint8Array(REPORT_BYTES_MAX);
  const packet = { timeUs: TIME_US, nanos: 789, interface: "eth0", linkType: 1 };
  const end = new PacketReport(buffer, UTC)
    .write({ ...packet, wireLength: bytes.length, bytes, network }, 0);
  return new TextDecoder().decode(buffer.subarray(0, end));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("headerLines() names every SCTP chunk, and walks by their lengths", () => {
  // INIT of 6 bytes, so 8 with its padding; COOKIE-ECHO; one whose length is a lie.
  const chunks = bytesOf("0100 0006 abcd 0000 0a01 0004 0003 0000 0e00 0004");
  const sctp = bytesOf(`0016 0050 0000 0000 0000 0000 ${hexOf(chunks)}`);
  const ip = bytesOf(`4500 0048 0000 0000 4084 0000 7f00 0001 7f00 0001`);
  const lines = headerLines(bytesOf(hexOf(ip) + hexOf(sctp)), 0).filter((line) =>
    /chunk/.test(line)
  );
  assert.deepEqual(lines, [
    "SCTP chunk: type 1 (INIT), flags 0x00, length 6",
    "SCTP chunk: type 10 (COOKIE-ECHO), flags 0x01, length 4",
    "SCTP chunk: type 0 (DATA), flags 0x03, length 0",
  ]);
});
