import assert from "node:assert/strict";
import fc from "fast-check";
import { dateTime, rfc3339, timeOfDay, UTC, withoutDateTime } from "../../src/format/zone.ts";

const TIME_US = Date.parse("2026-11-21T22:14:52.123Z") * 1000 + 456;
const INDIA = () => 5.5 * 3600;

Deno.test("rfc3339() has six digits and is in UTC", () => {
  assert.equal(rfc3339(TIME_US), "2026-11-21T22:14:52.123456Z");
  assert.equal(rfc3339(0), "1970-01-01T00:00:00.000000Z");
  assert.equal(rfc3339(7), "1970-01-01T00:00:00.000007Z");
  assert.equal(rfc3339(-1), "1969-12-31T23:59:59.999999Z");
});

Deno.test("dateTime() and timeOfDay() are by the zone's clocks", () => {
  assert.equal(dateTime(TIME_US, UTC), "2026-11-21 22:14:52.123");
  assert.equal(dateTime(TIME_US, INDIA), "2026-11-22 03:44:52.123");
  assert.equal(timeOfDay(TIME_US, UTC), "22:14:52");
  assert.equal(timeOfDay(TIME_US, INDIA), "03:44:52");
});

Deno.test("times beyond four digits of year are held at the first and the last", () => {
  assert.equal(rfc3339(Number.MAX_VALUE), "9999-12-31T23:59:59.000000Z");
  assert.equal(rfc3339(-Infinity), "0000-01-01T00:00:00.000000Z");
  assert.equal(rfc3339(NaN), "0000-01-01T00:00:00.000000Z");
  assert.equal(dateTime(Infinity, INDIA), "9999-12-31 23:59:59.000");
});

Deno.test("every number is some time, and no text is longer than another", () => {
  fc.assert(fc.property(fc.double(), fc.integer({ min: -86400, max: 86400 }), (us, offset) => {
    assert.match(rfc3339(us), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.match(dateTime(us, () => offset), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    assert.match(timeOfDay(us, () => offset), /^\d\d:\d\d:\d\d$/);
  }));
});

Deno.test("withoutDateTime() takes the time from a line of text, and nothing from other lines", () => {
  const rest = "SCAN 10.9.0.2 -> 10.9.0.1 since 2026-11-21 22:14:52.123 x";
  for (const time of [dateTime(TIME_US, UTC), `${dateTime(TIME_US, UTC)}456`]) {
    assert.equal(withoutDateTime(`${time} ${rest}`), rest);
  }
  for (
    const line of [
      rest,
      '{"@timestamp":"2026-11-21T22:14:52.123Z"}',
      "CEF:0|x",
      "10.9.0.2 to x",
      "",
    ]
  ) {
    assert.equal(withoutDateTime(line), line);
  }
});
