import assert from "node:assert/strict";
import { Kind } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, ethernet, u16, vlan } from "../build.ts";
import { decode, record } from "../harness.ts";

function arp(operation: number, hardware = 6, protocol = 0x0800, plen = 4): Uint8Array {
  const address = new Array<number>(hardware).fill(0x02);
  const header = bytes(u16(1), u16(protocol), hardware, plen, u16(operation));
  return bytes(header, address, [192, 0, 2, 7], address, [192, 0, 2, 1]);
}

Deno.test("an ARP request's and reply's addresses are in the record", () => {
  for (const operation of [1, 2]) {
    const decoded = record(ethernet(arp(operation), 0x0806));
    assert.equal(decoded.kind, Kind.Arp);
    assert.equal(decoded.ipVersion, 0);
    assert.equal(decoded.protocol, 0);
    assert.equal(decoded.type, operation);
    assert.equal(decoded.source, "192.0.2.7");
    assert.equal(decoded.destination, "192.0.2.1");
    assert.equal(decoded.payloadLength, 0);
    assert.equal(decoded.quirks, 0);
  }
});

Deno.test("ARP is decoded behind a VLAN tag, and for hardware addresses of any length", () => {
  assert.equal(record(ethernet(vlan(arp(1), 0x0806), 0x8100)).destination, "192.0.2.1");
  for (const length of [0, 1, 8, 20]) {
    assert.equal(record(ethernet(arp(1, length), 0x0806)).destination, "192.0.2.1");
  }
});

Deno.test("an ARP packet cut at any length is refused", () => {
  const whole = ethernet(arp(1), 0x0806);
  for (let end = 14; end < whole.length; end++) {
    assert.equal(decode(whole.subarray(0, end)), Reason.ArpCut, `${end} bytes`);
  }
});

Deno.test("ARP for other addresses than IPv4's is another protocol", () => {
  assert.equal(decode(ethernet(arp(1, 6, 0x86dd), 0x0806)), Reason.OtherArp);
  assert.equal(decode(ethernet(arp(1, 6, 0x0800, 16), 0x0806)), Reason.OtherArp);
});

Deno.test("an ARP operation that does not fit the record is 0", () => {
  assert.equal(record(ethernet(arp(0x0102), 0x0806)).type, 0);
});
