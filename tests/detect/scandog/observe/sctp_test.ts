// What becomes of an SCTP association, chunk by chunk (RFC 9260).

import assert from "node:assert/strict";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Observer } from "../../../../src/detect/scandog/observe/observer.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Change } from "../../../../src/detect/scandog/table/outcome_queue.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import type { AttemptOutcome } from "../../../../src/outcome.ts";
import { Kind, RECORD_BYTES } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";
import { Traffic } from "../traffic.ts";

const SOURCE = "198.51.100.7", TARGET = "203.0.113.10";

/** Chunk types: sent by the source, and (`of`) by the target. */
const Chunk = {
  Data: 0,
  Init: 1,
  InitAck: 2,
  Heartbeat: 4,
  Abort: 6,
  ShutdownAck: 8,
  Echo: 10,
  CookieAck: 11,
};
const { Data, Init, InitAck, Heartbeat, Abort, ShutdownAck, Echo, CookieAck } = Chunk;
const of = (chunk: number) => ~chunk;

/** `outcome techniques facts packets` of what is handed on. */
function handedOn(chunks: readonly number[]): string[] {
  const told: AttemptOutcome[] = [];
  const traffic = new Traffic({ takeOutcome: (outcome) => told.push(outcome) });
  for (const chunk of chunks) {
    const isTargets = chunk < 0;
    const ends = isTargets
      ? { from: TARGET, to: SOURCE, sport: 30, dport: 40000 }
      : { from: SOURCE, to: TARGET, sport: 40000, dport: 30 };
    traffic.send({ kind: Kind.Sctp, ...ends, type: isTargets ? ~chunk : chunk });
  }
  traffic.detector.finish();
  assert.ok(told.every(({ source }) => source === SOURCE));
  return told.map(({ outcome, techniques, facts, packets }) =>
    `${outcome} ${techniques.join("+")} ${facts.join("+")} ${packets}`
  );
}

const OPENED = [Init, of(InitAck), Echo, of(CookieAck)];
const HALF_OPEN = "half-open sctp-init open+replied 1";
const REFUSED_UNSEEN = "refused sctp-init closed+reply-only 0";
const CASES: [what: string, chunks: number[], outcomes: string[]][] = [
  ["no answer", [Init], ["silent sctp-init  1"]],
  ["refused", [Init, of(Abort)], ["refused sctp-init closed+replied 1"]],
  ["refused twice", [Init, of(Abort), of(Abort)], ["refused sctp-init closed+replied 1"]],
  ["sent again, then refused", [Init, Init, of(Abort)], ["refused sctp-init closed+replied 2"]],
  ["accepted and left", [Init, of(InitAck)], [HALF_OPEN]],
  ["accepted and broken off", [Init, of(InitAck), Abort], [HALF_OPEN]],
  ["accepted, then aborted by the target", [Init, of(InitAck), of(Abort)], [HALF_OPEN]],
  ["data before the cookie", [Init, of(InitAck), Data], [HALF_OPEN]],
  ["opened", OPENED, []],
  ["used by the source", [...OPENED, Data], []],
  ["used by the target", [...OPENED, of(Data)], []],
  ["a cookie out of nothing", [Echo], ["silent sctp-cookie-echo  1"]],
  ["and refused", [Echo, of(Abort)], ["refused sctp-cookie-echo closed+replied 1"]],
  ["only the refusal seen", [of(Abort)], [REFUSED_UNSEEN]],
  ["only the end seen", [of(ShutdownAck)], [REFUSED_UNSEEN]],
  ["only the answer seen", [of(InitAck)], ["half-open sctp-init open+reply-only+looked-twice 0"]],
];

for (const [what, chunks, outcomes] of CASES) {
  Deno.test(`SCTP: ${what}`, () => assert.deepEqual(handedOn(chunks), outcomes));
}

/** The values that are handed to the judge with this `Change`, in their order. */
function handed(change: number, chunks: readonly number[]): number[] {
  const made = chunks.map((chunk): Made =>
    chunk < 0
      ? {
        kind: Kind.Sctp,
        source: TARGET,
        destination: SOURCE,
        sourcePort: 30,
        port: 40000,
        type: ~chunk,
      }
      : {
        kind: Kind.Sctp,
        source: SOURCE,
        destination: TARGET,
        sourcePort: 40000,
        port: 30,
        type: chunk,
      }
  );
  const memory = new Memory(scandogOptions({ memory: 4 }));
  const observer = new Observer(memory, new View(memory), recordsOf(made));
  memory.clock.advance(0);
  made.forEach((_, i) => observer.observe(i * RECORD_BYTES));
  const values: number[] = [];
  while (memory.outcomes.next()) {
    if (memory.outcomes.change === change) values.push(memory.outcomes.value);
  }
  return values;
}

/** For each answer of the target: whether it was taken for the first one. */
function firsts(chunks: readonly number[]): boolean[] {
  return handed(Change.Answered, chunks).map((value) => value === 1);
}

Deno.test("SCTP: of a target's answers only the first one is new, whether it accepts or refuses", () => {
  assert.deepEqual(firsts([Init]), []);
  assert.deepEqual(firsts([Init, of(InitAck)]), [true]);
  assert.deepEqual(firsts([Init, of(InitAck), Echo, of(CookieAck)]), [true, false]);
  assert.deepEqual(firsts([Init, of(InitAck), of(InitAck)]), [true, false]);
  assert.deepEqual(firsts([Init, of(CookieAck), of(CookieAck)]), [true, false]);
  assert.deepEqual(firsts([Init, of(Abort)]), [true]);
  assert.deepEqual(firsts([Init, of(Abort), of(Abort)]), [true, false]);
  assert.deepEqual(firsts([Init, of(Heartbeat), of(Heartbeat)]), [true, false], "neither");
});

Deno.test("SCTP: data settles an association once a cookie opened it, and an abort only before", () => {
  const settled = (...chunks: number[]) => handed(Change.Settled, [Init, of(InitAck), ...chunks]);
  assert.deepEqual(settled(Data), []);
  assert.deepEqual(settled(Echo), []);
  assert.deepEqual(settled(Echo, Data), [Outcome.Used]);
  assert.deepEqual(settled(of(CookieAck), Data), [Outcome.Used]);
  assert.deepEqual(settled(of(Data)), [Outcome.Used]);
  assert.deepEqual(settled(Abort), [Outcome.HalfOpen]);
  assert.deepEqual(settled(Echo, Abort), []);
  assert.deepEqual(settled(Echo, Data, Abort), [Outcome.Used]);
});
