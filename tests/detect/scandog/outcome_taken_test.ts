// What the judging half keeps of an outcome: handed on, it is as it came. And which outcome is of the same packet.

import assert from "node:assert/strict";
import { OutcomeIntake } from "../../../src/detect/scandog/outcome_intake.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { AttemptOutcome } from "../../../src/outcome.ts";
import { OUTCOME_START_US } from "../../support/outcomes.ts";
import { FULL_LOOK } from "./full_outcome.ts";
import { Judged } from "./judged.ts";

const SCANNER = "198.51.100.7";

/** An outcome of which each field has a value of its own. */
const FULL: AttemptOutcome = {
  ...FULL_LOOK,
  source: SCANNER,
  destination: "203.0.113.10",
  firstUs: OUTCOME_START_US,
  latestUs: OUTCOME_START_US + 2_000_000,
  settledUs: OUTCOME_START_US + 5_000_000,
  linkSource: 0,
  uses: { all: 3, host: 2, port: 1 },
};

/** What is handed on of outcomes that these sensors say, all of them the same one where none is given. */
function handedOn(taken: AttemptOutcome[], sensors: number[] = []): AttemptOutcome[] {
  const said: AttemptOutcome[] = [];
  const options = scandogOptions({ memory: 4, takeOutcome: (outcome) => said.push(outcome) });
  const intake = new OutcomeIntake(options, () => {});
  taken.forEach((outcome, i) => intake.take(outcome, sensors[i] ?? 0));
  return said;
}

Deno.test("OutcomeIntake hands on each field of an outcome as it came", () => {
  assert.deepEqual(handedOn([FULL]), [FULL]);
  const plain = { ...FULL, options: "none", size: 0, dontFragment: false, window: 0 } as const;
  assert.deepEqual(handedOn([plain]), [plain]);
});

Deno.test("OutcomeIntake tells link-layer addresses of one sensor from those of another, and keeps none of 0", () => {
  const links = [6, 6, 7, 6, 0];
  const taken = links.map((linkSource, port) => ({ ...FULL, port, linkSource }));
  const [first, same, otherLink, otherSensor, none] = handedOn(taken, [5, 5, 5, 4, 5])
    .map(({ linkSource }) => linkSource);
  assert.equal(first, same);
  assert.equal(new Set([first, otherLink, otherSensor, 0]).size, 4);
  assert.equal(none, 0);
});

Deno.test("OutcomeIntake knows an attempt by its latest source port from then on", () => {
  const again = { ...FULL, sourcePort: 40_001, latestUs: FULL.firstUs + 60_000_000 };
  const said = handedOn([FULL, { ...again, settledUs: again.latestUs }]);
  assert.deepEqual(said.map(({ sourcePort }) => sourcePort), [40_000, 40_001]);
});

Deno.test("OutcomeIntake knows the same probe by its numbers, its source port and about the same time", () => {
  const cases: [string, AttemptOutcome, Partial<AttemptOutcome>, isSame: boolean][] = [
    ["all the same", FULL, {}, true],
    ["another IP ID, as of a packet sent on", FULL, { ipId: 1 }, true],
    ["another sequence number", FULL, { sequence: 1 }, false],
    ["another source port", FULL, { sourcePort: 40_001 }, false],
    ["as much later as is allowed", FULL, { firstUs: FULL.firstUs + 500 }, true],
    ["as much earlier", FULL, { firstUs: FULL.firstUs - 500 }, true],
    ["more", FULL, { firstUs: FULL.firstUs + 501 }, false],
    ["an IP ID alone", { ...FULL, sequence: 0 }, {}, true],
    ["another IP ID alone", { ...FULL, sequence: 0 }, { ipId: 1 }, false],
    ["a sequence number alone", { ...FULL, ipId: 0 }, {}, true],
    ["no number", { ...FULL, sequence: 0, ipId: 0 }, {}, false],
  ];
  for (const [what, first, then, isSame] of cases) {
    const intake = new OutcomeIntake(scandogOptions({ memory: 4 }), () => {});
    const slot = intake.take(first);
    assert.equal(intake.isSameProbe(slot, { ...first, ...then }, 500), isSame, what);
  }
});

Deno.test("OutcomeIntake takes probes of several sources for copies by what they share, unless that may be chance", () => {
  const six: Partial<AttemptOutcome> = { destination: "2001:db8:113::10", ipVersion: 6 };
  const udp: Partial<AttemptOutcome> = { target: "udp", techniques: ["udp"], sourcePort: 50_000 };
  const bare: Partial<AttemptOutcome> = {
    target: "protocol",
    techniques: ["ip-protocol"],
    sourcePort: 0,
  };
  const cases: [string, (source: number) => Partial<AttemptOutcome>, isOne: boolean][] = [
    ["a sequence number", () => ({ sequence: 7 }), true],
    ["an IP ID", () => ({ ipId: 7 }), true],
    ["an acknowledgement number", () => ({ acknowledgement: 7 }), true],
    ["no number", () => ({}), false],
    ["a sequence number, and another IP ID each", (i) => ({ sequence: 7, ipId: i }), true],
    ["another sequence number each", (i) => ({ sequence: i, ipId: 7 }), false],
    ["another IP ID each", (i) => ({ ipId: i }), false],
    ["datagrams with an IP ID", () => ({ ...udp, ipId: 7 }), true],
    ["datagrams with another IP ID each", (i) => ({ ...udp, ipId: i, sequence: 7 }), false],
    ["datagrams without a number", () => udp, false],
    ["the same over IPv6", () => ({ ...udp, ...six }), true],
    ["from a port that a service has", () => ({ ...udp, ...six, sourcePort: 53 }), false],
    ["SYNs over IPv6 without a number", () => six, false],
    ["bare protocols", (i) => ({ ...bare, ipId: i }), true],
    ["protocols with some data", (i) => ({ ...bare, ipId: i, size: 8 }), false],
    ["answers alone", () => ({ sequence: 7, facts: ["closed", "reply-only"] }), false],
  ];
  for (const [what, of, isOne] of cases) {
    const judged = new Judged();
    const isSix = of(1).ipVersion === 6;
    const sources = isSix ? ["2001:db8:1::7", "2001:db8:2::7"] : [SCANNER, "192.0.2.1"];
    for (let port = 21; port < 45; port++) {
      sources.forEach((source, i) =>
        judged.take({ source, port, sequence: 0, ...of(1 + i + 2 * port) })
      );
    }
    judged.wait(60).intake.finish();
    const shapes = new Set(judged.scans().map(({ shape }) => shape));
    assert.ok(shapes.size > 0, `${what}: found`);
    assert.equal(shapes.has("decoy"), isOne, `${what}: ${[...shapes]}`);
  }
});
