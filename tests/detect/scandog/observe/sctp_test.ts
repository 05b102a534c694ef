// What becomes of an SCTP association, chunk by chunk (RFC 9260).

import assert from "node:assert/strict";
import type { AttemptOutcome } from "../../../../src/outcome.ts";
import { Kind } from "../../../../src/record.ts";
import { Traffic } from "../traffic.ts";

const SOURCE = "198.51.100.7", TARGET = "203.0.113.10";

/** Chunk types: sent by the source, and (`of`) by the target. */
const Chunk = { Data: 0, Init: 1, InitAck: 2, Abort: 6, ShutdownAck: 8, Echo: 10, CookieAck: 11 };
const { Data, Init, InitAck, Abort, ShutdownAck, Echo, CookieAck } = Chunk;
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
