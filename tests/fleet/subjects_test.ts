// Names, partitions, subjects and ids: fixed for good, since servers and other versions rely on them.

import assert from "node:assert/strict";
import { partitionOf, partitionOfSensor, PARTITIONS } from "../../src/fleet/partitions.ts";
import { isSensorName, sensorOfToken, sensorToken } from "../../src/fleet/sensor_name.ts";
import {
  allSubjects,
  messageId,
  parseSubject,
  partitionFilter,
  sensorInbox,
  sensorSubjects,
  subjectOf,
} from "../../src/fleet/subjects.ts";

Deno.test("sensorToken() leaves nothing in a name that a server would take apart, and can be undone", () => {
  const names = {
    web1: "web1",
    "Web-1_a": "Web-1_a",
    "web1.example": "web1%2Eexample",
    "a b": "a%20b",
    "*": "%2A",
    ">": "%3E",
    "$SYS": "%24SYS",
    "100%": "100%25",
    "ä日": "%C3%A4%E6%97%A5",
    "🐕": "%F0%9F%90%95",
    ["x".repeat(253)]: "x".repeat(253),
  };
  for (const [name, token] of Object.entries(names)) {
    assert.equal(sensorToken(name), token);
    assert.equal(sensorOfToken(token), name);
  }
});

Deno.test("isSensorName() refuses what is empty, too long or not on one line", () => {
  const wrong = [
    "",
    "a\nb",
    "\x1b[31m",
    "\u202eabc",
    "\ud800",
    "\u2028",
    "x".repeat(254),
    "ä".repeat(127),
  ];
  for (const name of wrong) {
    assert.equal(isSensorName(name), false, JSON.stringify(name));
    assert.throws(() => sensorToken(name), RangeError);
  }
  assert.equal(isSensorName("ä".repeat(126)), true);
});

Deno.test("sensorOfToken() knows one token of a name, and no other spelling", () => {
  const wrong = [
    "",
    "a.b",
    "%",
    "%4",
    "%41",
    "%2e",
    "%0A",
    "%FF",
    "%C3",
    "a%",
    "a b",
    "ä",
    "*",
    ">",
  ];
  for (const token of [...wrong, "x".repeat(254), "%2E".repeat(254), "%ED%A0%80"]) {
    assert.equal(sensorOfToken(token), undefined, token);
  }
});

Deno.test("partitionOf() is the same for good, for all of a /24 and of a /48", () => {
  const known: [string, number][] = [
    ["198.51.100.7", 8],
    ["203.0.113.10", 5],
    ["192.0.2.1", 8],
    ["10.0.0.1", 6],
    ["2001:db8::1", 3],
    ["2001:db8:1::1", 13],
    ["fe80::1", 10],
  ];
  assert.deepEqual(known.map(([address]) => [address, partitionOf(address)]), known);
  assert.equal(partitionOf("198.51.100.255"), partitionOf("198.51.100.0"));
  assert.equal(partitionOf("::ffff:198.51.100.1"), partitionOf("198.51.100.0"));
  assert.equal(partitionOf("2001:db8::1"), partitionOf("2001:db8:0:ffff:ffff:ffff:ffff:ffff"));
  assert.equal(partitionOf("example.org"), undefined);
  assert.equal(partitionOf(""), undefined);
});

Deno.test("partitionOf() spreads networks evenly, neighbours too", () => {
  const spread = (addressOf: (i: number) => string) => {
    const counts = new Array(PARTITIONS).fill(0);
    for (let i = 0; i < 16_000; i++) counts[partitionOf(addressOf(i))!]++;
    return counts;
  };
  for (
    const addressOf of [
      (i: number) => `10.${i >> 8}.${i & 255}.1`,
      (i: number) => `${1 + (i >> 8)}.${i & 255}.7.1`,
      (i: number) => `2001:db8:${i.toString(16)}::1`,
      (i: number) => `2001:${i.toString(16)}::1`,
    ]
  ) {
    // 1000 each, with a deviation of 31 if it were chance.
    for (const count of spread(addressOf)) assert.ok(count > 850 && count < 1150, `${count}`);
  }
});

Deno.test("partitionOfSensor() is the same for good, and spreads sensors", () => {
  assert.deepEqual(["web1", "web2", "web1.example", "ä"].map(partitionOfSensor), [14, 5, 5, 11]);
  const used = new Set(Array.from({ length: 200 }, (_, i) => partitionOfSensor(`sensor-${i}`)));
  assert.equal(used.size, PARTITIONS);
});

Deno.test("parseSubject() gives what subjectOf() took, and takes nothing else", () => {
  for (const kind of ["outcomes", "events"] as const) {
    for (const partition of [0, 9, 10, 15]) {
      const subject = subjectOf({ kind, partition, sensor: "web1.example" });
      assert.equal(subject, `scandog.${kind}.${partition}.web1%2Eexample`);
      assert.deepEqual(parseSubject(subject), { kind, partition, sensor: "web1.example" });
    }
  }
  for (
    const subject of [
      "",
      "scandog.outcomes.1",
      "scandog.outcomes.1.",
      "scandog.outcomes.16.a",
      "scandog.outcomes.01.a",
      "scandog.outcomes.-1.a",
      "scandog.outcomes.1.a.b",
      "scandog.alerts.1.a",
      "scandog.outcomes.1.%41",
      "xscandog.outcomes.1.a",
      "scandog.outcomes.*.a",
    ]
  ) assert.equal(parseSubject(subject), undefined, subject);
  for (const partition of [-1, 16, 1.5, NaN]) {
    assert.throws(() => subjectOf({ kind: "outcomes", partition, sensor: "a" }), RangeError);
  }
});

Deno.test("filters and permissions cover the subjects of a kind, a partition, a sensor", () => {
  assert.equal(partitionFilter("outcomes", 7), "scandog.outcomes.7.*");
  assert.equal(allSubjects("events"), "scandog.events.*.*");
  assert.deepEqual(sensorSubjects("a.b"), ["scandog.outcomes.*.a%2Eb", "scandog.events.*.a%2Eb"]);
  assert.equal(sensorInbox("a.b"), "_INBOX.a%2Eb");
});

Deno.test("messageId() is of the subject and of every byte, and fits a header", () => {
  const payload = new Uint8Array([1, 2, 3]);
  const id = messageId("s", payload);
  assert.match(id, /^[A-Za-z0-9_-]{32}$/);
  assert.equal(messageId("s", payload.slice()), id);
  const others = [
    messageId("t", payload),
    messageId("s", payload.subarray(1)),
    messageId("s\0", payload),
  ];
  assert.equal(new Set([id, ...others]).size, 4);
});
