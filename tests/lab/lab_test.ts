// The lab's own small tools: ranges, savefiles, edits. Needs no root and makes no namespaces.

import assert from "node:assert/strict";
import { CASE_GROUPS } from "./cases/mod.ts";
import { bsdLoopback, ppp, stretch, stretchPauses, tagged } from "./edits.ts";
import { type Packet, readSavefile, type Savefile, writeSavefile } from "./pcap.ts";
import { expandAddress, formatPorts, networkOf, parsePorts } from "./ranges.ts";

/** Frames with the given times in milliseconds; each an IPv4 header's beginning behind Ethernet. */
function savefile(...times: number[]): Savefile {
  const bytes = new Uint8Array([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 0x08, 0x00, 0x45, 0x00]);
  const packets: Packet[] = times.map((ms) => ({
    time: 1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n,
    wireLength: 60,
    bytes,
  }));
  return { linkType: 1, snaplen: 128, nanoseconds: false, packets };
}

function gaps({ packets }: Savefile): number[] {
  return packets.slice(1).map((packet, i) => Number((packet.time - packets[i].time) / 1_000_000n));
}

Deno.test("parsePorts() and formatPorts() are each other's reverse", () => {
  assert.deepEqual(parsePorts("22,80-82,81"), [22, 80, 81, 82]);
  assert.equal(formatPorts(parsePorts("9,1-3,5,4")), "1-5,9");
  assert.equal(formatPorts(parsePorts("")), "");
});

Deno.test("expandAddress() counts in the base of the address family", () => {
  assert.deepEqual(expandAddress("10.0.0.9-11/24"), [
    "10.0.0.9/24",
    "10.0.0.10/24",
    "10.0.0.11/24",
  ]);
  assert.deepEqual(expandAddress("fd00::9-b/64"), ["fd00::9/64", "fd00::a/64", "fd00::b/64"]);
  assert.equal(networkOf("203.0.113.77/26"), "203.0.113.64/26");
});

Deno.test("writeSavefile() writes what readSavefile() reads, to the microsecond", () => {
  const before = savefile(0, 5, 1000);
  assert.deepEqual(readSavefile(writeSavefile(before)), before);
});

Deno.test("stretch() multiplies all times, stretchPauses() only the long ones", () => {
  assert.deepEqual(gaps(stretch(300).apply(savefile(0, 1, 1001))), [300, 300_000]);
  assert.deepEqual(gaps(stretchPauses(60, 900).apply(savefile(0, 1, 1001))), [1, 60_000]);
});

Deno.test("tagged() pushes tags before the type and lengthens the packet on the wire", () => {
  const edit = tagged({ type: 0x88a8, vlan: 100 }, { type: 0x8100, vlan: 42 });
  const [packet] = edit.apply(savefile(0)).packets;
  assert.deepEqual([...packet.bytes.subarray(12)], [
    0x88,
    0xa8,
    0,
    100,
    0x81,
    0,
    0,
    42,
    8,
    0,
    0x45,
    0,
  ]);
  assert.equal(packet.wireLength, 68);
});

Deno.test("ppp() and bsdLoopback() replace the link layer", () => {
  const inPpp = ppp().apply(savefile(0));
  assert.equal(inPpp.linkType, 9);
  assert.deepEqual([...inPpp.packets[0].bytes], [0xff, 3, 0, 0x21, 0x45, 0]);
  const inLoopback = bsdLoopback().apply(savefile(0));
  assert.equal(inLoopback.linkType, 0);
  assert.deepEqual([...inLoopback.packets[0].bytes], [2, 0, 0, 0, 0x45, 0]);
});

Deno.test("every case has a name of its own, and scans unless it is quiet", () => {
  const names = CASE_GROUPS.flat().flatMap((plan) =>
    Object.keys(plan.captures ?? { "": {} }).map((suffix) => plan.name + suffix)
  );
  assert.equal(new Set(names).size, names.length);
  for (const plan of CASE_GROUPS.flat()) {
    assert.equal(plan.scans !== undefined, plan.quiet !== true, plan.name);
  }
});
