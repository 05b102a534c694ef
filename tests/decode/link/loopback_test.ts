import assert from "node:assert/strict";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, ipv4, ipv6, tcp, u32 } from "../build.ts";
import { decode, record } from "../harness.ts";

const NULL = 0;
const LOOP = 108;

/** The packet with its family in both byte orders, in both link types. */
function* frames(family: number, packet: Uint8Array): Generator<[Uint8Array, number]> {
  for (const linkType of [NULL, LOOP]) {
    yield [bytes(u32(family), packet), linkType];
    yield [bytes(u32(family).reverse(), packet), linkType];
  }
}

Deno.test("a loopback header carries IPv4, and IPv6 by the family of every system", () => {
  for (const [frame, linkType] of frames(2, ipv4(tcp()))) {
    assert.equal(record(frame, { linkType }).ipVersion, 4);
  }
  for (const family of [10, 23, 24, 28, 30]) {
    for (const [frame, linkType] of frames(family, ipv6(tcp()))) {
      assert.equal(record(frame, { linkType }).ipVersion, 6, `family ${family}`);
    }
  }
});

Deno.test("other loopback families are another protocol", () => {
  for (const family of [0, 1, 3, 7, 16, 255]) {
    for (const [frame, linkType] of frames(family, ipv4(tcp()))) {
      assert.equal(decode(frame, { linkType }), Reason.OtherLinkProtocol, `family ${family}`);
    }
  }
});

Deno.test("a loopback header cut at any length, or with a family that cannot be, is refused", () => {
  for (let end = 0; end < 4; end++) {
    assert.equal(decode(bytes(u32(2)).subarray(0, end), { linkType: NULL }), Reason.LinkCut);
  }
  assert.equal(
    decode(bytes(u32(0x02000002), ipv4(tcp())), { linkType: NULL }),
    Reason.LinkMalformed,
  );
});

Deno.test("a loopback family that the packet denies is refused", () => {
  assert.equal(decode(bytes(u32(2), ipv6(tcp())), { linkType: NULL }), Reason.IpVersion);
  assert.equal(decode(bytes(u32(30), ipv4(tcp())), { linkType: NULL }), Reason.IpVersion);
});
