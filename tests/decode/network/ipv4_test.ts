import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ethernet, ipv4, tcp } from "../build.ts";
import { decode, LINKTYPE_RAW, record } from "../harness.ts";

Deno.test("an IPv4 header's fields are in the record", () => {
  const decoded = record(
    ethernet(ipv4(tcp(), {
      source: "255.254.253.252",
      destination: "128.0.0.1",
      ttl: 255,
      tos: 0xfe,
      id: 0xfedc,
      flags: 0x4000,
    })),
    { timeUs: 1_795_299_292_123_456, interface: 65535 },
  );
  assert.equal(decoded.timeUs, 1_795_299_292_123_456);
  assert.equal(decoded.interface, 65535);
  assert.equal(decoded.source, "255.254.253.252");
  assert.equal(decoded.destination, "128.0.0.1");
  assert.equal(decoded.ttl, 255);
  assert.equal(decoded.trafficClass, 0xfe);
  assert.equal(decoded.ipId, 0xfedc);
  assert.equal(decoded.ipLength, 40);
  assert.equal(decoded.ipVersion, 4);
  assert.equal(decoded.quirks, Quirk.DontFragment);
});

Deno.test("another protocol in IPv4 is told by its number", () => {
  for (const protocol of [0, 2, 4, 41, 47, 50, 51, 89, 255]) {
    const decoded = record(ethernet(ipv4(counting(30), { protocol })));
    assert.equal(decoded.kind, Kind.Ip, `protocol ${protocol}`);
    assert.equal(decoded.protocol, protocol);
    assert.equal(decoded.payloadLength, 30);
    assert.equal(decoded.sourcePort, 0);
    assert.equal(decoded.quirks, 0);
  }
});

Deno.test("an IPv4 header cut at any length is refused", () => {
  for (const options of [new Uint8Array(0), new Uint8Array(40)]) {
    const packet = ipv4(tcp(), { options });
    for (let end = 0; end < 20 + options.length; end++) {
      for (const [frame, linkType] of [[packet, LINKTYPE_RAW], [ethernet(packet), 1]] as const) {
        const cut = frame.subarray(0, frame.length - packet.length + end);
        assert.equal(decode(cut, { linkType, wireLength: frame.length }), Reason.IpCut);
      }
    }
  }
});

Deno.test("an IPv4 header length below 20 is refused", () => {
  for (let words = 0; words < 5; words++) {
    assert.equal(decode(ethernet(ipv4(tcp(), { words }))), Reason.IpHeaderLength);
  }
});

Deno.test("an IP version other than the link layer announced is refused", () => {
  for (let version = 0; version < 16; version++) {
    const packet = ipv4(tcp());
    packet[0] = version << 4 | 5;
    const expected = version === 4 ? "number" : Reason.IpVersion;
    const outcome = decode(ethernet(packet));
    assert.equal(typeof outcome === "number" ? outcome : "number", expected);
  }
});

Deno.test("an IPv4 total length that cannot be is noted, and what is there is decoded", () => {
  const wire = 20 + 20 + 4;
  for (const length of [wire + 1, 1500, 65535]) {
    const decoded = record(ethernet(ipv4(tcp({ payload: counting(4) }), { length })));
    assert.equal(decoded.quirks, Quirk.BadIpLength, `length ${length}`);
    assert.equal(decoded.kind, Kind.Tcp);
    assert.equal(decoded.destinationPort, 80);
    assert.equal(decoded.payloadLength, length - 40);
    assert.equal(decoded.ipLength, length);
  }
  for (const length of [1, 19]) {
    const decoded = record(ethernet(ipv4(tcp(), { length })));
    assert.equal(decoded.kind, Kind.Ip, `length ${length}`);
    assert.equal(decoded.payloadLength, 0);
    assert.ok((decoded.quirks & Quirk.BadIpLength) !== 0);
  }
});

Deno.test("an IPv4 total length of 0, as offload leaves it, means the rest of the frame", () => {
  const decoded = record(ethernet(ipv4(tcp({ payload: counting(100) }), { length: 0 })));
  assert.equal(decoded.quirks, Quirk.BadIpLength);
  assert.equal(decoded.kind, Kind.Tcp);
  assert.equal(decoded.destinationPort, 80);
  assert.equal(decoded.payloadLength, 100);
  assert.equal(decoded.ipLength, 0);
});

Deno.test("bytes after the IPv4 total length are padding", () => {
  const padded = bytes(ethernet(ipv4(tcp())), new Uint8Array(6).fill(0xee));
  const decoded = record(padded);
  assert.equal(decoded.payloadLength, 0);
  assert.equal(decoded.quirks, 0);
  // Padding does not make up for a TCP header that IP says is not there.
  const short = record(bytes(ethernet(ipv4(tcp().subarray(0, 8))), counting(40)));
  assert.equal(short.kind, Kind.Ip);
  assert.equal(short.quirks, Quirk.Truncated | Quirk.BadTransportLength);
});

Deno.test("IPv4's flags are noted", () => {
  assert.equal(record(ethernet(ipv4(tcp(), { flags: 0x4000 }))).quirks, Quirk.DontFragment);
  assert.equal(record(ethernet(ipv4(tcp(), { flags: 0x8000 }))).quirks, Quirk.ReservedIpFlag);
});

Deno.test("IPv4 options are noted by kind, and the transport header is behind them", () => {
  const kinds: [number, number][] = [
    [7, Quirk.RecordRoute],
    [68, Quirk.IpTimestamp],
    [131, Quirk.LooseSourceRoute],
    [137, Quirk.StrictSourceRoute],
    [148, Quirk.RouterAlert],
    [130, 0],
  ];
  for (const [kind, quirk] of kinds) {
    const options = bytes(1, kind, 6, 4, 0, 0, 0, 0);
    const decoded = record(ethernet(ipv4(tcp(), { options })));
    assert.equal(decoded.quirks, Quirk.IpOptions | quirk, `kind ${kind}`);
    assert.equal(decoded.kind, Kind.Tcp);
    assert.equal(decoded.destinationPort, 80);
    assert.equal(decoded.payloadLength, 0);
  }
});

Deno.test("the walk over IPv4 options ends at their end, whatever lengths they claim", () => {
  const lists: [number[], number][] = [
    [[0, 7, 3, 0], 0], // behind the end of the list
    [[130, 0, 7, 3], 0], // a length of 0 would go nowhere
    [[130, 1, 7, 3], 0],
    [[130, 255, 7, 3], 0],
    [[1, 1, 1, 7], Quirk.RecordRoute],
  ];
  for (const [list, quirk] of lists) {
    const decoded = record(ethernet(ipv4(tcp(), { options: Uint8Array.from(list) })));
    assert.equal(decoded.quirks, Quirk.IpOptions | quirk, `${list}`);
  }
});
