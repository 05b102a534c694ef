// Segments that may have ended old connections, and were refused: how many of two hosts are free, and when one more is.

import assert from "node:assert/strict";
import { Judged } from "../judged.ts";

Deno.test("of two hosts 64 old connections may end refused, and one more a minute; each other port weighs one", () => {
  const FREE = 64, SCAN_WEIGHT = 21;
  const isTold = (first: number, waitMs: number, then: number) => {
    const judged = new Judged();
    const ends = (from: number, count: number) => {
      for (let port = from; port < from + count; port++) {
        const facts = ["closed", "ambiguous", "reply-like", "replied"] as const;
        judged.take({
          port: 33_000 + port,
          sourcePort: 443,
          techniques: ["ack"],
          facts: [...facts],
        });
      }
    };
    ends(0, first);
    // Each outcome takes a millisecond, and the first one begins the minute.
    if (waitMs > 0) judged.wait((waitMs - first) / 1000);
    ends(first, then);
    return judged.named().length > 0;
  };
  assert.equal(isTold(FREE + SCAN_WEIGHT - 1, 0, 0), false);
  assert.equal(isTold(FREE + SCAN_WEIGHT, 0, 0), true);
  // A source's first failure is counted with its second one, a millisecond later. So the last of them comes a minute
  // after the first was counted, or a millisecond sooner.
  const LAST_MS = 60_000 - SCAN_WEIGHT + 2;
  assert.equal(isTold(FREE, LAST_MS - 1, SCAN_WEIGHT), true);
  assert.equal(isTold(FREE, LAST_MS, SCAN_WEIGHT), false);
  assert.equal(isTold(FREE, LAST_MS, SCAN_WEIGHT + 1), true);
});
