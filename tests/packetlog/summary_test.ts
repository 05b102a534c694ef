import assert from "node:assert/strict";
import { PacketSummary } from "../../src/packetlog/summary.ts";
import { Kind, RECORD_BYTES } from "../../src/record.ts";
import { type Made, recordsOf } from "./records.ts";

const HOUR = 3_600_000_000;

function summaryOf(packets: Made[], protocol: number): PacketSummary {
  const summary = new PacketSummary(recordsOf(packets), 1);
  packets.forEach((_, i) => summary.packet(i * RECORD_BYTES, protocol));
  return summary;
}

Deno.test("PacketSummary counts by source, flags, port and hour", () => {
  const summary = summaryOf([
    { timeUs: 10, port: 22 },
    { timeUs: HOUR - 1, port: 22, flags: 16 },
    { timeUs: HOUR, port: 80, source: "2001:db8::7" },
  ], 0);
  assert.deepEqual(summary.byProtocol(), [{ key: "tcp", count: 3 }]);
  assert.deepEqual(
    summary.bySource(5),
    [
      { key: "198.51.100.7", count: 2 },
      { key: "2001:db8::7", count: 1 },
    ].toSorted((a, b) => b.count - a.count),
  );
  assert.deepEqual(summary.byFlags(5), [{ key: 2, count: 2 }, { key: 16, count: 1 }]);
  assert.deepEqual(summary.byPort("tcp", 1), [{ key: 22, count: 2 }]);
  assert.deepEqual(summary.byHour(), [{ key: 0, count: 2 }, { key: HOUR, count: 1 }]);
});

Deno.test("PacketSummary has no port for ICMP", () => {
  const summary = summaryOf([{ kind: Kind.Icmp, protocol: 1 }], 2);
  assert.deepEqual(summary.byPort("tcp", 5), []);
  assert.deepEqual(summary.byProtocol(), [{ key: "icmp", count: 1 }]);
});

Deno.test("PacketSummary counts sources and hours that have no place together", () => {
  const packets = Array.from({ length: 100_000 }, (_, i) => ({
    timeUs: i * HOUR,
    source: `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`,
  }));
  const summary = summaryOf(packets, 0);
  const named = summary.bySource(100_000).reduce((sum, { count }) => sum + count, 0);
  assert.equal(named + summary.otherSources, packets.length);
  assert.equal(summary.byHour().length + summary.otherHours, packets.length);
  assert.ok(summary.otherSources > 0 && summary.otherHours > 0);
});
