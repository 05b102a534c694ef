import assert from "node:assert/strict";
import { PacketLog } from "../../src/packetlog/packet_log.ts";
import type { Suppressed } from "../../src/packetlog/rate_limit.ts";
import { RECORD_BYTES } from "../../src/record.ts";
import { recordsOf } from "./records.ts";

const SECOND = 1e6;
const SELECTION = {
  protocols: ["tcp"],
  tcp: { mask: 255, exact: [], probes: false },
} as const;

/** What is logged and said of these packets, which come `batch` at a time. */
function log(timesUs: number[], batch: number) {
  const records = recordsOf(timesUs.map((timeUs) => ({ timeUs })));
  const said: (number | Suppressed)[] = [];
  const log = new PacketLog(
    records,
    { selection: SELECTION, limits: { perSource: 1, overall: 0 }, seed: 1 },
    {
      packet: (base) => void said.push(records.timeUs(base)),
      suppressed: (what) => void said.push(what),
      batchEnd: () => {},
    },
  );
  for (let at = 0; at < timesUs.length; at += batch) {
    log.process(at * RECORD_BYTES, Math.min(batch, timesUs.length - at));
  }
  log.finish();
  return { said, counters: log.counters };
}

Deno.test("PacketLog says what was suppressed at the same packet, however packets fall into batches", () => {
  const timesUs = Array.from({ length: 1000 }, (_, i) => i * SECOND / 20);
  const { said, counters } = log(timesUs, 1);
  const suppressed = said.filter((one) => typeof one !== "number");
  assert.ok(suppressed.length >= 5, `${suppressed.length} times in 50 s`);
  assert.equal(suppressed.reduce((sum, { count }) => sum + count, 0), counters.suppressed);
  const [{ startUs, endUs }] = suppressed;
  assert.equal(endUs - startUs, 10 * SECOND);
  for (const batch of [7, 64, 1000]) assert.deepEqual(log(timesUs, batch).said, said, `${batch}`);
});
