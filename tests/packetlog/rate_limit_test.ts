import assert from "node:assert/strict";
import { RateLimit, type RateLimits } from "../../src/packetlog/rate_limit.ts";
import { RECORD_BYTES } from "../../src/record.ts";
import { type Made, recordsOf } from "./records.ts";

const SECOND = 1e6;

/** How many of the packets are admitted, and the limit itself. */
function admitted(packets: Made[], limits: RateLimits, seed = 1) {
  const limit = new RateLimit(recordsOf(packets), limits, seed);
  let count = 0;
  packets.forEach((_, i) => count += limit.admits(i * RECORD_BYTES) ? 1 : 0);
  return { count, limit };
}

/** `count` packets of one second. */
function second(count: number, at = 0, source = (_: number) => "198.51.100.7"): Made[] {
  return Array.from({ length: count }, (_, i) => ({
    timeUs: at * SECOND + Math.floor(i * SECOND / count),
    source: source(i),
  }));
}

Deno.test("RateLimit admits a burst of five seconds' worth, then the rate", () => {
  const packets = Array.from({ length: 20 }, (_, at) => second(1000, at)).flat();
  const { count } = admitted(packets, { perSource: 10, overall: 0 });
  assert.ok(count >= 10 * 24 && count <= 10 * 25 + 1, `${count} in 20 s at 10 a second`);
});

Deno.test("RateLimit admits everything when it is off", () => {
  assert.equal(admitted(second(5000), { perSource: 0, overall: 0 }).count, 5000);
});

Deno.test("RateLimit holds sources apart, and all of them together", () => {
  const forged = second(2000, 0, (i) => `10.0.${i >> 8}.${i & 255}`);
  assert.equal(admitted(forged, { perSource: 1, overall: 0 }).count, 2000);
  const { count } = admitted(forged, { perSource: 1, overall: 100 });
  assert.ok(count >= 500 && count <= 601, `${count}`);
});

Deno.test("RateLimit says how many were suppressed, most of which source, in which interval", () => {
  const quiet = second(10, 0, () => "192.0.2.9");
  const packets = [...second(1000), ...quiet.map((made) => ({ ...made, timeUs: 2 * SECOND }))];
  const { count, limit } = admitted(packets, { perSource: 10, overall: 0 });
  assert.equal(limit.report(3 * SECOND), undefined, "not yet");
  const said = limit.report(11 * SECOND)!;
  assert.equal(said.count, packets.length - count);
  assert.equal(said.mostSource, "198.51.100.7");
  assert.equal(said.mostCount, said.count);
  assert.equal(said.endUs, 11 * SECOND);
  assert.equal(limit.report(30 * SECOND, true), undefined, "said once");
});

Deno.test("RateLimit does not take a packet out of order for a step of the clock, when it says what was suppressed", () => {
  const { count, limit } = admitted(second(1000, 100), { perSource: 10, overall: 0 });
  assert.equal(limit.report(99.5 * SECOND), undefined);
  assert.equal(limit.report(98 * SECOND)?.count, 1000 - count);
});

Deno.test("RateLimit starts anew when the clock steps back", () => {
  const late = second(1000, 1000), early = second(1000, 10);
  const { count } = admitted([...late, ...early], { perSource: 10, overall: 0 });
  assert.ok(count >= 100, `${count}: a burst after the step too`);
});

Deno.test("RateLimit keeps its memory with more sources than it follows", () => {
  const packets = second(100_000, 0, (i) => `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`);
  for (const seed of [1, 2]) {
    assert.equal(admitted(packets, { perSource: 1, overall: 0 }, seed).count, packets.length);
  }
});

Deno.test("RateLimit knows an IPv6 source again, and from others that differ in any part", () => {
  const limits = { perSource: 10, overall: 0 };
  const one = second(200, 0, () => "2001:db8:1:2:3:4:5:6");
  const { count, limit } = admitted(one, limits);
  assert.ok(count >= 50 && count <= 61, `${count}`);
  assert.equal(limit.report(5e6, true)?.mostSource, "2001:db8:1:2:3:4:5:6");
  for (const other of ["2001:db9", "2001:db8:1:9", "2001:db8:1:2:3:9", "2001:db8:1:2:3:4:5:9"]) {
    const source = `${other}${":0".repeat(8 - other.split(":").length)}`;
    const both = second(100, 0, (i) => i % 2 === 0 ? "2001:db8:1:2:3:4:5:6" : source);
    assert.equal(admitted(both, limits).count, 100, source);
  }
});
