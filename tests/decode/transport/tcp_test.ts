import assert from "node:assert/strict";
import { Kind, Quirk, TcpFlag } from "../../../src/record.ts";
import { counting, ethernet, ipv4, ipv6, tcp } from "../build.ts";
import { decode, LINKTYPE_RAW, record, withoutLink } from "../harness.ts";

const SEGMENT = tcp({
  sourcePort: 0xfffe,
  destinationPort: 0x0102,
  sequence: 0xfedcba98,
  acknowledgement: 0x89abcdef,
  flags: TcpFlag.Syn | TcpFlag.Ece | TcpFlag.Cwr,
  window: 0xf00f,
  urgent: 0xabcd,
  payload: counting(5),
});

Deno.test("a TCP header's fields are in the record, in Ethernet and in raw IP, IPv4 and IPv6", () => {
  const records = [
    record(ethernet(ipv4(SEGMENT))),
    record(ipv4(SEGMENT), { linkType: LINKTYPE_RAW }),
    record(ethernet(ipv6(SEGMENT), 0x86dd)),
    record(ipv6(SEGMENT), { linkType: LINKTYPE_RAW }),
  ];
  for (const decoded of records) {
    assert.equal(decoded.kind, Kind.Tcp);
    assert.equal(decoded.protocol, 6);
    assert.equal(decoded.sourcePort, 0xfffe);
    assert.equal(decoded.destinationPort, 0x0102);
    assert.equal(decoded.sequence, 0xfedcba98);
    assert.equal(decoded.acknowledgement, 0x89abcdef);
    assert.equal(decoded.tcpFlags, 0xc2);
    assert.equal(decoded.window, 0xf00f);
    assert.equal(decoded.urgent, 0xabcd);
    assert.equal(decoded.transportHeaderLength, 20);
    assert.equal(decoded.payloadLength, 5);
    assert.equal(decoded.optionLayout, 0);
    assert.equal(decoded.windowScale, 255);
    assert.equal(decoded.quirks, 0);
  }
});

Deno.test("a TCP header cut by the capture keeps what was captured, from the flags on", () => {
  const whole = ipv4(SEGMENT);
  for (let captured = 0; captured <= 20; captured++) {
    const decoded = record(whole.subarray(0, 20 + captured), {
      linkType: LINKTYPE_RAW,
      wireLength: whole.length,
    });
    assert.equal(decoded.quirks, captured < 20 ? Quirk.Truncated : 0, `${captured} bytes`);
    assert.equal(decoded.protocol, 6);
    if (captured < 14) {
      assert.equal(decoded.kind, Kind.Ip);
      assert.equal(decoded.sourcePort, 0);
      assert.equal(decoded.payloadLength, 25);
      continue;
    }
    assert.equal(decoded.kind, Kind.Tcp);
    assert.equal(decoded.sourcePort, 0xfffe);
    assert.equal(decoded.sequence, 0xfedcba98);
    assert.equal(decoded.tcpFlags, 0xc2);
    assert.equal(decoded.window, captured < 16 ? 0 : 0xf00f);
    assert.equal(decoded.urgent, captured < 20 ? 0 : 0xabcd);
    assert.equal(decoded.payloadLength, 5);
  }
});

Deno.test("a TCP header cut by the IP length is noted as impossible, not only as cut", () => {
  for (let length = 0; length <= 20; length++) {
    const decoded = record(ipv4(SEGMENT.subarray(0, length)), { linkType: LINKTYPE_RAW });
    const short = Quirk.Truncated | Quirk.BadTransportLength;
    assert.equal(decoded.quirks, length < 20 ? short : 0, `${length} bytes`);
    assert.equal(decoded.kind, length < 14 ? Kind.Ip : Kind.Tcp);
  }
});

Deno.test("a TCP data offset below 5 or beyond the packet is noted, and the record stays usable", () => {
  for (
    const frame of [ethernet, (packet: Uint8Array) => ethernet(packet, 0x0800, [1, 0, 0, 0, 0, 1])]
  ) {
    for (let words = 0; words < 16; words++) {
      const decoded = record(frame(ipv4(tcp({ words, payload: new Uint8Array(3) }))));
      const bad = words < 5 || words * 4 > 23;
      assert.equal(decoded.quirks & Quirk.BadTransportLength, bad ? Quirk.BadTransportLength : 0);
      assert.equal(decoded.kind, Kind.Tcp);
      assert.equal(decoded.transportHeaderLength, words * 4);
      assert.equal(decoded.payloadLength, words > 5 ? 0 : 3);
    }
  }
});

Deno.test("each reserved bit beside the TCP data offset is noted", () => {
  for (const reserved of [1, 2, 4, 8]) {
    assert.equal(record(ethernet(ipv4(tcp({ reserved })))).quirks, Quirk.TcpReserved);
  }
});

Deno.test("a TCP packet gives the same record on the ordinary way and on the general way", () => {
  // A VLAN tag takes a frame off the ordinary way; raw IP has no quirks of a link layer.
  const options = Uint8Array.of(2, 4, 5, 0xb4, 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8);
  for (const segment of [SEGMENT, tcp({ options }), tcp({ options, payload: counting(100) })]) {
    for (const flags of [0, 0x4000]) {
      for (const tos of [0, 0xb8]) {
        const packet = ipv4(segment, { flags, tos, ttl: 255, id: 0x8001 });
        const general = decode(packet, { linkType: LINKTYPE_RAW });
        assert.deepEqual(withoutLink(decode(ethernet(packet))), general);
        const cut = { wireLength: 1514 };
        assert.deepEqual(
          withoutLink(decode(ethernet(packet).subarray(0, 60), cut)),
          decode(packet.subarray(0, 46), { ...cut, linkType: LINKTYPE_RAW }),
        );
      }
    }
  }
});
