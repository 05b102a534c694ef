// Where the network header of a frame is, wherever the frame lies in memory.

import assert from "node:assert/strict";
import { NetworkFinder } from "../../src/decode/network_at.ts";
import { bytes, counting, ethernet, ipv4, ipv6, tcp, vlan } from "./build.ts";
import { LINKTYPE_ETHERNET, LINKTYPE_RAW } from "./harness.ts";

const IP = ipv4(tcp());
const SNAP = bytes([0xaa, 0xaa, 3, 0, 0, 0, 8, 0], IP);

/** Where the network header is from the frame's begin on; the same at every place in memory. */
function found(frame: Uint8Array, linkType = LINKTYPE_ETHERNET): number {
  const finder = new NetworkFinder();
  const [first, ...others] = [0, 1, 64, 5000].map((start) => {
    const memory = bytes(counting(start), frame, counting(90, 7));
    const at = finder.find(memory, start, start + frame.length, linkType);
    return at < 0 ? at : at - start;
  });
  for (const other of others) assert.equal(other, first);
  return first;
}

Deno.test("NetworkFinder looks through tags, and says where there is no IP", () => {
  assert.equal(found(ethernet(IP)), 14);
  assert.equal(found(ethernet(ipv6(tcp()), 0x86dd)), 14);
  assert.equal(found(ethernet(vlan(IP, 0x0800), 0x8100)), 18);
  assert.equal(found(IP, LINKTYPE_RAW), 0);
  assert.equal(found(ethernet(counting(40), 0x88cc)), -1);
  assert.equal(found(ethernet(IP).subarray(0, 13)), -1);
});

Deno.test("NetworkFinder knows how long a frame is, wherever it lies: behind a label it tells IP from a frame", () => {
  // Its source would be IPv4's EtherType, were it a frame.
  const label = [0, 1, 1, 64], long = ipv4(tcp({ payload: counting(80) }), { source: "8.0.69.0" });
  assert.equal(found(ethernet(bytes(label, long), 0x8847)), 18);
  assert.equal(found(ethernet(bytes(label, ipv6(tcp())), 0x8847)), 18);
  assert.equal(found(ethernet(bytes(label, long, 1), 0x8847)), 32, "a byte more: a frame");
  assert.equal(found(ethernet(SNAP, SNAP.length)), 22);
});
