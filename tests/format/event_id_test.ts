import assert from "node:assert/strict";
import { eventId } from "../../src/format/event_id.ts";

Deno.test("eventId() is a ULID of the time: 26 characters, 48 bits of milliseconds first", () => {
  // The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
  assert.match(eventId(1469918176385_000, "x", 1), /^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
  assert.match(eventId(-5, "x", 1), /^0{10}/);
  assert.match(eventId(Infinity, "x", 1), /^7ZZZZZZZZZ/);
});

Deno.test("eventId() gives different names to 100,000 scans of one millisecond", () => {
  const names = new Set<string>();
  for (let scan = 0; scan < 100_000; scan++) names.add(eventId(0, `scandog/${scan}`, 1));
  assert.equal(names.size, 100_000);
});
