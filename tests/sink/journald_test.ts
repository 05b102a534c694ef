import assert from "node:assert/strict";
import { journalEntry, journalFields } from "../../src/sink/journald.ts";
import {
  classicEvent,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";

/** Reads an entry as journald does. */
function parseEntry(bytes: Uint8Array): [string, string][] {
  const fields: [string, string][] = [];
  const text = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    const line = text(at, end);
    const equals = line.indexOf("=");
    if (equals >= 0) {
      fields.push([line.slice(0, equals), line.slice(equals + 1)]);
      at = end + 1;
    } else {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const length = Number(view.getBigUint64(end + 1, true));
      fields.push([line, text(end + 9, end + 9 + length)]);
      assert.equal(bytes[end + 9 + length], 0x0a);
      at = end + 10 + length;
    }
  }
  return fields;
}

Deno.test("journalEntry() frames values of one and of several lines so that they read back", () => {
  const fields: [string, string][] = [
    ["MESSAGE", "plain = text"],
    ["A", ""],
    ["B2_C", "two\nlines\nPRIORITY=0"],
    ["MESSAGE", "é"],
    ["D", "\n"],
  ];
  assert.deepEqual(parseEntry(journalEntry(fields)), fields);
});

Deno.test("journalEntry() refuses a name that the journal would refuse", () => {
  for (const name of ["", "a", "_UID", "1A", "A B", "A=", "A".repeat(65)]) {
    assert.throws(() => journalEntry([[name, "x"]]), TypeError, name);
  }
});

Deno.test("journalFields() says what a scan event knows and leaves out what it does not", () => {
  const full = new Map(journalFields(scanEvent()));
  assert.equal(full.get("SCANDOG_SOURCE"), "10.9.0.2");
  assert.equal(full.get("SCANDOG_PORTS"), "21-25,80,443");
  assert.equal(full.get("SCANDOG_TECHNIQUE"), "syn");
  assert.equal(full.get("SCANDOG_SLOW"), "0");
  assert.equal(full.get("SCANDOG_TOOL"), "nmap");
  const classic = journalFields(classicEvent()).map(([name]) => name);
  assert.ok(!classic.includes("SCANDOG_EVIDENCE") && !classic.includes("SCANDOG_TOOL"));
  for (const [name, value] of journalFields(classicEvent())) {
    assert.notEqual(value, "undefined", name);
  }
});

Deno.test("journalFields() repeats a field for each technique", () => {
  const names = journalFields(scanEvent({ techniques: ["syn", "fin"] }))
    .filter(([name]) => name === "SCANDOG_TECHNIQUE").map(([, value]) => value);
  assert.deepEqual(names, ["syn", "fin"]);
});

Deno.test("journalFields() tells of suppression, loss and packets", () => {
  assert.equal(new Map(journalFields(suppressedEvent())).get("SCANDOG_SUPPRESSED"), "1234");
  const misuse = new Map(journalFields(misuseEvent()));
  assert.deepEqual(
    ["MISUSE", "ADDRESS", "SOURCE", "AGAINST"].map((n) => misuse.get(`SCANDOG_${n}`)),
    [
      ...["zombie", "10.9.0.1", "10.9.0.2", "10.9.0.3"],
    ],
  );
  assert.equal(new Map(journalFields(lossEvent())).get("SCANDOG_LOST_KERNEL"), "1000");
  assert.deepEqual(journalFields({ action: "packet", timeUs: 5 }), [
    ["SCANDOG_ACTION", "packet"],
    ["SCANDOG_TIME_US", "5"],
  ]);
});

Deno.test("journalFields() tells of a visit, by the scan's own number and time", () => {
  const fields = new Map(journalFields(visitEvent()));
  assert.equal(fields.get("SCANDOG_ACTION"), "scan-visit");
  assert.equal(fields.get("SCANDOG_SOURCE"), "10.9.0.2");
  assert.equal(fields.get("SCANDOG_SCANNER"), "10.9.0.2");
  assert.equal(fields.get("SCANDOG_DESTINATION_PORT"), "80");
  assert.equal(fields.get("SCANDOG_SCAN"), "7");
  assert.equal(fields.get("SCANDOG_MATCH"), "address");
});

Deno.test("journalFields() says who is flooded, and by how much", () => {
  const fields = new Map(journalFields(floodEvent({ network: "10.9.0.0/24" })));
  const names = ["FLOOD", "DESTINATION", "AGAINST", "PACKETS", "SOURCE_COUNT", "TECHNIQUE"];
  assert.deepEqual(
    names.map((name) => fields.get(`SCANDOG_${name}`)),
    ["begin", "10.9.0.1", "10.9.0.0/24", "30500", "30000", "syn"],
  );
  assert.ok(!fields.has("SCANDOG_SOURCE"));
});
