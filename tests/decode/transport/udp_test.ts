import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import { counting, ethernet, ipv4, ipv6, udp } from "../build.ts";
import { LINKTYPE_RAW, record } from "../harness.ts";

Deno.test("a UDP header's ports and payload length are in the record", () => {
  const datagram = udp(counting(30), { sourcePort: 0xfedc, destinationPort: 161 });
  for (
    const decoded of [
      record(ethernet(ipv4(datagram, { protocol: 17 }))),
      record(ethernet(ipv6(datagram, { next: 17 }), 0x86dd)),
    ]
  ) {
    assert.equal(decoded.kind, Kind.Udp);
    assert.equal(decoded.protocol, 17);
    assert.equal(decoded.sourcePort, 0xfedc);
    assert.equal(decoded.destinationPort, 161);
    assert.equal(decoded.payloadLength, 30);
    assert.equal(decoded.quirks, 0);
  }
});

Deno.test("a UDP header cut by the capture keeps its ports from 4 bytes on", () => {
  const whole = ipv4(udp(counting(4)), { protocol: 17 });
  for (let captured = 0; captured <= 8; captured++) {
    const decoded = record(whole.subarray(0, 20 + captured), {
      linkType: LINKTYPE_RAW,
      wireLength: whole.length,
    });
    assert.equal(decoded.kind, captured < 4 ? Kind.Ip : Kind.Udp, `${captured} bytes`);
    assert.equal(decoded.destinationPort, captured < 4 ? 0 : 53);
    assert.equal(decoded.quirks, captured < 8 ? Quirk.Truncated : 0);
    assert.equal(decoded.payloadLength, captured < 4 ? 12 : 4);
  }
});

Deno.test("a UDP length that cannot be is noted", () => {
  for (const length of [0, 1, 7, 13, 65535]) {
    const decoded = record(ethernet(ipv4(udp(counting(4), { length }), { protocol: 17 })));
    assert.equal(decoded.quirks, Quirk.BadTransportLength, `length ${length}`);
    assert.equal(decoded.kind, Kind.Udp);
  }
  // Shorter than the IP payload is legal: what follows belongs to no one.
  const decoded = record(ethernet(ipv4(udp(counting(4), { length: 9 }), { protocol: 17 })));
  assert.equal(decoded.quirks, 0);
});

Deno.test("a UDP length that cannot be is noted as soon as the capture holds it", () => {
  const whole = ipv4(udp(counting(4), { length: 3 }), { protocol: 17 });
  for (let captured = 4; captured <= 8; captured++) {
    const decoded = record(whole.subarray(0, 20 + captured), {
      linkType: LINKTYPE_RAW,
      wireLength: whole.length,
    });
    const noted = captured >= 6 ? Quirk.BadTransportLength : 0;
    assert.equal(decoded.quirks & Quirk.BadTransportLength, noted, `${captured} bytes`);
  }
});

Deno.test("UDP-Lite is UDP whose length says how much of it is summed up, so that any will do", () => {
  for (const length of [0, 3, 8, 12, 65535]) {
    const decoded = record(ethernet(ipv4(udp(counting(4), { length }), { protocol: 136 })));
    assert.equal(decoded.kind, Kind.Udp, `length ${length}`);
    assert.equal(decoded.protocol, 136);
    assert.equal(decoded.destinationPort, 53);
    assert.equal(decoded.payloadLength, 4);
    assert.equal(decoded.quirks, 0);
  }
});
