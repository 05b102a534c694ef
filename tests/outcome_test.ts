// Outcomes as bytes: what goes in comes out, and what is none is refused whatever it looks like.

import assert from "node:assert/strict";
import { OUTCOMES } from "../src/account.ts";
import { DECISIONS } from "../src/decision.ts";
import {
  type AttemptOutcome,
  bitsOf,
  decodeOutcome,
  encodeOutcome,
  FACTS,
  namesOf,
  OPTION_LISTS,
  OUTCOME_BYTES,
  OUTCOME_VERSION,
  OutcomeField,
  TARGET_NAMES,
  TECHNIQUES,
} from "../src/outcome.ts";
import { TargetClass } from "../src/detect/scandog/probe/classes.ts";
import { TechniqueBit } from "../src/detect/scandog/probe/techniques.ts";
import { attemptOutcome } from "./support/outcomes.ts";
import { Random } from "./support/random.ts";

/** Every field at another value than the default, and at its bounds. */
const FULL = attemptOutcome({
  source: "2001:db8::7",
  destination: "2001:db8:1::ffff",
  target: "protocol",
  port: 65535,
  sourcePort: 65534,
  outcome: "harmless",
  excuse: "came-again",
  witness: "user",
  techniques: [...TECHNIQUES],
  facts: [...FACTS],
  latestUs: Number.MAX_SAFE_INTEGER,
  settledUs: 0,
  packets: 65535,
  replyBytes: 0xffffffff,
  interface: 65535,
  ttl: 255,
  trafficClass: 254,
  tcpFlags: 253,
  ipVersion: 6,
  window: 65533,
  ipId: 65532,
  size: 65531,
  options: "other",
  dontFragment: true,
  sequence: 0xffffffff,
  acknowledgement: 0xfffffffe,
  signature: 0xfffffffd,
  linkSource: 0xfffffffc,
  uses: { all: 255, host: 254, port: 253 },
});

Deno.test("decodeOutcome() gives what encodeOutcome() took, each name and each number", () => {
  const all: AttemptOutcome[] = [
    attemptOutcome(),
    FULL,
    ...OUTCOMES.filter((name) => name !== "undecided" && name !== "harmless")
      .map((outcome) => attemptOutcome({ outcome })),
    ...TARGET_NAMES.map((target) => attemptOutcome({ target })),
    ...FACTS.map((fact) => attemptOutcome({ facts: [fact] })),
    ...TECHNIQUES.map((technique) => attemptOutcome({ techniques: [technique] })),
    ...OPTION_LISTS.map((options) => attemptOutcome({ options })),
    ...DECISIONS.slice(1).map(({ name: excuse, witness }) =>
      attemptOutcome({ outcome: "harmless", excuse, witness })
    ),
  ];
  for (const outcome of all) {
    const bytes = encodeOutcome(outcome);
    assert.equal(bytes.length, OUTCOME_BYTES);
    assert.deepEqual(decodeOutcome(bytes), outcome);
    // Anywhere in a row of them, whatever stands around it.
    const row = new Uint8Array(3 * OUTCOME_BYTES).fill(0xff);
    row.set(bytes, 77);
    assert.deepEqual(decodeOutcome(row, 77), outcome);
  }
});

Deno.test("encodeOutcome() writes numbers in network byte order, addresses as 16 bytes", () => {
  const bytes = encodeOutcome(attemptOutcome({ port: 0x0102, sequence: 0x03040506 }));
  const at = (field: number, count: number) => [...bytes.subarray(field, field + count)];
  assert.equal(bytes[OutcomeField.Version], OUTCOME_VERSION);
  assert.deepEqual(at(OutcomeField.Port, 2), [1, 2]);
  assert.deepEqual(at(OutcomeField.Sequence, 4), [3, 4, 5, 6]);
  assert.deepEqual(at(OutcomeField.Source + 10, 6), [255, 255, 198, 51, 100, 7]);
  // 1767225600000000 as a double: 0x43191d4e3c... is more than 2^50 and less than 2^51.
  assert.equal(bytes[OutcomeField.FirstUs], 0x43);
});

Deno.test("decodeOutcome() refuses what is cut at any length, of another version, or no outcome", () => {
  const whole = encodeOutcome(FULL);
  for (let end = 0; end < OUTCOME_BYTES; end++) {
    assert.equal(decodeOutcome(whole.subarray(0, end)), undefined, `${end} bytes`);
  }
  assert.equal(decodeOutcome(whole, 1), undefined);
  assert.equal(decodeOutcome(whole, -1), undefined);
  const F = OutcomeField;
  for (
    const [field, value] of [
      [F.Version, OUTCOME_VERSION + 1],
      [F.Version, 0],
      [F.Outcome, 0], // undecided
      [F.Outcome, 1], // used, with an excuse
      [F.Outcome, OUTCOMES.length],
      [F.Target, 0],
      [F.Target, TARGET_NAMES.length + 1],
      [F.Witness, 7],
      [F.Techniques, 0x80],
      [F.Facts, 0x80],
      [F.FirstUs, 0xff], // a negative number, or none
      [F.IpVersion, 5],
      [F.Form, 4],
      [F.Excuse, 0], // harmless without an excuse
      [F.Excuse, DECISIONS.length],
      [OUTCOME_BYTES - 1, 1],
    ]
  ) {
    const bytes = whole.slice();
    bytes[field] = value;
    assert.equal(decodeOutcome(bytes), undefined, `${field}: ${value}`);
  }
  // The latest packet cannot come before the first.
  const late = encodeOutcome(attemptOutcome({ latestUs: attemptOutcome().firstUs - 1 }));
  assert.equal(decodeOutcome(late), undefined);
});

Deno.test("decodeOutcome() takes any bytes without a throw, and what it takes is written back the same", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  let taken = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = encodeOutcome(random.oneIn(2) ? FULL : attemptOutcome());
    for (let k = random.below(4); k >= 0; k--) {
      bytes[random.below(OUTCOME_BYTES)] = random.below(256);
    }
    const outcome = decodeOutcome(bytes);
    if (outcome === undefined) continue;
    taken++;
    assert.deepEqual(encodeOutcome(outcome), bytes, `seed ${seed}`);
  }
  assert.ok(taken > 1000, `${taken}`);
});

Deno.test("encodeOutcome() throws for what is no address and for names that there are not", () => {
  for (
    const wrong of [
      { source: "example.org" },
      { destination: "" },
      { target: "tls" },
      { outcome: "open" },
      { witness: "nobody" },
      { options: "linux" },
      { outcome: "harmless", excuse: "because" },
      { facts: ["true"] },
      { techniques: ["ping"] },
    ]
  ) {
    const outcome = { ...attemptOutcome(), ...wrong } as AttemptOutcome;
    assert.throws(() => encodeOutcome(outcome), TypeError, JSON.stringify(wrong));
  }
});

Deno.test("lists are in the order of the detector's codes and bits", () => {
  assert.equal(TARGET_NAMES.length, Object.keys(TargetClass).length);
  const lower = (name: string) => name.toLowerCase().replaceAll("-", "");
  assert.deepEqual(TECHNIQUES.map(lower), Object.keys(TechniqueBit).map(lower));
  assert.deepEqual(Object.values(TechniqueBit), TECHNIQUES.map((_, i) => 1 << i));
});

Deno.test("bitsOf() and namesOf() are each other's reverse, and know no bit without a name", () => {
  const names = Array.from({ length: 32 }, (_, i) => `n${i}`);
  assert.equal(bitsOf(names, names), 0xffffffff);
  assert.deepEqual(namesOf(names, 0xffffffff), names);
  assert.deepEqual(namesOf(["a", "b"], 2), ["b"]);
  assert.equal(namesOf(["a", "b"], 4), undefined);
});
