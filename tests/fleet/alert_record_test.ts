// Which alert is still to be told, by what was last told of its source: so that any number of correlators, started
// anywhere in the stream, tell each scan once.

import assert from "node:assert/strict";
import {
  type AlertRecord,
  readRecord,
  recordText,
  type Standing,
  standingOf,
} from "../../src/fleet/alert_record.ts";

const REMEMBER_US = 7200e6;

function record(given: Partial<AlertRecord>): AlertRecord {
  return { action: "scan-start", name: 1, namedUs: 1000e6, endUs: 1010e6, attempts: 12, ...given };
}

Deno.test("recordText() and readRecord() are each other's reverse, and no other text is a record", () => {
  const one = record({ name: 0xffffffff, namedUs: 1_767_225_600_000_000 });
  assert.deepEqual(readRecord(recordText(one)), one);
  for (const text of ["", "scan-start", "scan-start 1 2 3", "scan-start 1 2 3 x", "a 1 2 3 1.5"]) {
    assert.equal(readRecord(text), undefined, text);
  }
});

Deno.test("standingOf() tells a start after nothing or an end, and knows its own scan in what was told", () => {
  const cases: [
    string,
    Partial<AlertRecord> & { startUs: number },
    AlertRecord | undefined,
    Standing,
  ][] = [
    ["the first of its source", { startUs: 1000e6 }, undefined, "tell"],
    ["another told it", { startUs: 1000e6 }, record({}), "adopt"],
    ["read from later on", { startUs: 1005e6, name: 2 }, record({}), "adopt"],
    ["told long ago and never ended", { startUs: 9000e6, name: 2 }, record({}), "tell"],
    ["read again", { startUs: 1000e6 }, record({ action: "scan-end" }), "adopt"],
    ["it came back", { startUs: 1011e6, name: 2 }, record({ action: "scan-end" }), "tell"],
  ];
  for (const [what, event, last, standing] of cases) {
    assert.equal(
      standingOf({ ...record(event), startUs: event.startUs }, last, REMEMBER_US),
      standing,
      what,
    );
  }
});

Deno.test("standingOf() tells an update that knows more, and one end, of the scan that was told last", () => {
  const ask = (
    action: string,
    last: Partial<AlertRecord> | undefined,
    given: Partial<AlertRecord> = {},
  ) =>
    standingOf(
      { ...record({ action, ...given }), startUs: 1000e6 },
      last === undefined ? undefined : record(last),
      REMEMBER_US,
    );
  assert.equal(ask("scan-update", {}, { attempts: 13 }), "tell");
  assert.equal(ask("scan-update", {}), "told", "as many were told");
  assert.equal(
    ask("scan-update", { action: "scan-update", attempts: 20 }, { attempts: 13 }),
    "told",
  );
  assert.equal(ask("scan-update", { action: "scan-end" }, { attempts: 99 }), "told");
  assert.equal(ask("scan-update", { name: 2 }, { attempts: 99 }), "told", "it is another scan's");
  assert.equal(ask("scan-update", undefined, { attempts: 99 }), "told", "its start is gone");
  assert.equal(ask("scan-end", {}), "tell");
  assert.equal(ask("scan-end", { action: "scan-update", attempts: 20 }), "tell");
  assert.equal(ask("scan-end", { action: "scan-end" }), "told");
  assert.equal(ask("scan-end", { name: 2 }), "told");
});
