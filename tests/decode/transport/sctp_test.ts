import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import { bytes, counting, ethernet, ipv4, u16, u32 } from "../build.ts";
import { type Decoded, LINKTYPE_RAW, record } from "../harness.ts";

function packet(type: number, length = 20): Uint8Array {
  const header = bytes(u16(36412), u16(2905), u32(0x80000001), u32(0));
  return bytes(header, type, 0, u16(length), u32(0xcafebabe), counting(12));
}

function decoded(payload: Uint8Array): Decoded {
  return record(ethernet(ipv4(payload, { protocol: 132 })));
}

Deno.test("an SCTP INIT's ports, tags and chunk type are in the record", () => {
  const init = decoded(packet(1));
  assert.equal(init.kind, Kind.Sctp);
  assert.equal(init.sourcePort, 36412);
  assert.equal(init.destinationPort, 2905);
  assert.equal(init.sequence, 0x80000001);
  assert.equal(init.acknowledgement, 0xcafebabe);
  assert.equal(init.type, 1);
  assert.equal(init.payloadLength, 20);
  assert.equal(init.quirks, 0);
});

Deno.test("only an INIT or INIT ACK has an initiate tag", () => {
  assert.equal(decoded(packet(2)).acknowledgement, 0xcafebabe);
  for (const type of [0, 3, 6, 10, 11]) {
    assert.equal(decoded(packet(type)).acknowledgement, 0);
    assert.equal(decoded(packet(type)).type, type);
  }
});

Deno.test("an SCTP header cut at any length keeps what was captured", () => {
  const whole = ipv4(packet(1), { protocol: 132 });
  for (let captured = 0; captured <= 20; captured++) {
    const cut = record(whole.subarray(0, 20 + captured), {
      linkType: LINKTYPE_RAW,
      wireLength: whole.length,
    });
    assert.equal(cut.quirks, captured < 16 ? Quirk.Truncated : 0, `${captured} bytes`);
    assert.equal(cut.kind, captured < 4 ? Kind.Ip : Kind.Sctp);
    assert.equal(cut.destinationPort, captured < 4 ? 0 : 2905);
    assert.equal(cut.sequence, captured < 8 ? 0 : 0x80000001);
    assert.equal(cut.type, captured < 13 ? 0 : 1);
    assert.equal(cut.acknowledgement, captured < 20 ? 0 : 0xcafebabe);
  }
});

Deno.test("an SCTP chunk length below 4 or beyond the packet is noted", () => {
  for (const length of [0, 3, 21, 65535]) {
    assert.equal(decoded(packet(1, length)).quirks, Quirk.BadTransportLength, `length ${length}`);
  }
  assert.equal(decoded(packet(1).subarray(0, 16)).quirks, Quirk.BadTransportLength, "cut by IP");
  const short = decoded(packet(1).subarray(0, 12));
  assert.equal(short.quirks, Quirk.Truncated | Quirk.BadTransportLength, "no chunk at all");
});
