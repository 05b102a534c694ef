// What a judge of outcomes makes of an attempt that is said again, with another outcome, or much later.

import assert from "node:assert/strict";
import { KeptAccount } from "../../../src/detect/scandog/account/kept_account.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { FloodEvent, ScanEvent } from "../../../src/event.ts";
import type { AttemptOutcome } from "../../../src/outcome.ts";
import { Judged } from "./judged.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const SECOND_LOOK_MS = 610_000;

const SCANNER = "198.51.100.7";
const USED = { outcome: "used", facts: ["open", "replied", "handshake"] } as const;

/** One refused port after the other. */
function refused(judged: Judged, from: number, to: number): Judged {
  for (let port = from; port <= to; port++) judged.refused(SCANNER, port);
  return judged;
}

Deno.test("OutcomeIntake lets what was used stay used, and what was excused stay excused", () => {
  for (
    const said of [
      { ...USED, facts: [...USED.facts] },
      { outcome: "harmless", excuse: "came-again" },
    ] as Partial<AttemptOutcome>[]
  ) {
    const account = new KeptAccount({ only: [], listMax: 0 });
    const judged = refused(new Judged({ account }), 21, 26);
    judged.take({ port: 26, sourcePort: 40_026, ...said }).refused(SCANNER, 26);
    assert.deepEqual(judged.refused(SCANNER, 27).named(), [], said.outcome);
    assert.deepEqual(judged.refused(SCANNER, 28).named(), [SCANNER], said.outcome);
    const [{ outcomes }] = account.explanation().sources;
    assert.deepEqual(outcomes, { refused: 7, [said.outcome!]: 1 });
  }
});

Deno.test("OutcomeIntake takes no silence for news of what was refused", () => {
  const account = new KeptAccount({ only: [], listMax: 0 });
  const judged = refused(new Judged({ account }), 21, 23);
  judged.take({ port: 22, sourcePort: 40_022, outcome: "silent", facts: [] });
  const [{ outcomes }] = account.explanation().sources;
  assert.deepEqual(outcomes, { refused: 3 });
});

Deno.test("OutcomeIntake counts a target anew that rested for longer than --remember", () => {
  for (const [seconds, isOneStory] of [[-10, true], [10, false]] as const) {
    const judged = refused(new Judged(), 21, 24);
    judged.wait(scandogOptions().remember + seconds);
    refused(judged, 21, 27).intake.finish();
    // Sooner the first four count as of then; later all seven count anew, and are a scan of a moment.
    const [end] = judged.events.filter(({ action }) => action === "scan-end") as ScanEvent[];
    assert.equal(end.attempts, 7);
    assert.equal(end.endUs - end.startUs > 3600e6, isOneStory, `${seconds} s`);
  }
});

Deno.test("OutcomeIntake proves a scanner by a handshake that comes after the scan was found", () => {
  const judged = refused(new Judged(), 21, 27);
  judged.take({ port: 80, sourcePort: 40_080, ...USED, facts: [...USED.facts] }).intake.finish();
  const [end] = judged.events.filter(({ action }) => action === "scan-end") as ScanEvent[];
  assert.deepEqual([end.evidence, end.ports.open], ["handshake", "80"]);
});

Deno.test("OutcomeIntake looks twice at silent datagrams only where nobody was heard of the target's side", () => {
  for (const [isHeard, named] of [[true, [SCANNER]], [false, []]] as const) {
    const judged = new Judged();
    judged.take({
      port: 5000,
      facts: isHeard ? ["closed"] : [],
      outcome: isHeard ? "refused" : "silent",
    });
    for (let i = 100; i < 160; i++) {
      judged.take({
        target: "udp",
        destination: `203.0.113.${i}`,
        port: 161,
        sourcePort: 40_000,
        outcome: "silent",
        facts: [],
        techniques: ["udp"],
      });
    }
    assert.deepEqual(judged.named(), named);
  }
});

Deno.test("OutcomeIntake takes what is accepted and comes again later from another port for a check", () => {
  for (
    const [rounds, pause, named] of [
      [1, 0, [SCANNER]],
      [2, 290, [SCANNER]],
      [2, 306, []],
    ] as const
  ) {
    const judged = new Judged();
    for (let round = 0; round < rounds; round++) {
      if (round > 0) judged.wait(pause);
      for (let port = 21; port < 45; port++) {
        const sourcePort = 40_000 + 100 * round + port;
        judged.take({
          port,
          sourcePort,
          outcome: "empty",
          facts: ["open", "replied", "handshake"],
        });
      }
    }
    assert.deepEqual(
      judged.wait(SECOND_LOOK_MS / 1000 + 1).wait(1).named(),
      named,
      `${rounds} rounds, ${pause} s`,
    );
  }
});

Deno.test("OutcomeIntake counts a use once that is said as an outcome and in the counts of later ones", () => {
  for (const [used, named] of [[15, [SCANNER]], [16, []]] as const) {
    const judged = new Judged();
    const fail = (port: number, uses: number) =>
      judged.take({ port, sourcePort: 40_000 + port, uses: { all: uses, host: uses, port: 0 } });
    fail(5000, 0);
    fail(5001, 0);
    for (let i = 1; i <= used; i++) {
      const uses = { all: i, host: i, port: 1 };
      judged.take({
        ...USED,
        facts: [...USED.facts],
        port: 9000 + i,
        sourcePort: 50_000 + i,
        uses,
      });
    }
    for (let port = 5002; port < 5030; port++) fail(port, used);
    assert.deepEqual(judged.named(), named, `${used} uses`);
  }
});

Deno.test("OutcomeIntake takes no scanner that comes back to what it found for a check", () => {
  const found = { outcome: "empty", facts: ["open", "replied", "handshake"] } as const;
  for (const [port, excused] of [[80, undefined], [81, 1]] as const) {
    const account = new KeptAccount({ only: [], listMax: 0 });
    const judged = refused(new Judged({ account }), 21, 27);
    judged.take({ ...found, facts: [...found.facts], port: 80, sourcePort: 40_080 });
    // What it did is forgotten by now, but for what it found.
    judged.wait(scandogOptions().remember + 10);
    for (const sourcePort of [50_000, 50_001]) {
      judged.take({ ...found, facts: [...found.facts], port, sourcePort }).wait(306);
    }
    const [{ outcomes }] = account.explanation().sources;
    assert.equal(outcomes.harmless, excused, `port ${port}`);
  }
});

Deno.test("OutcomeIntake counts in a flood each packet of a source that fails there again, as of one source", () => {
  const silent = { outcome: "silent", facts: [], techniques: ["syn"] } satisfies Partial<
    AttemptOutcome
  >;
  const judged = new Judged({ floodSources: 512 });
  for (let i = 0; i < 520; i++) {
    // No two of them are copies of one probe.
    const numbers = { sourcePort: 1024 + 7 * i, sequence: 1 + 7 * i, signature: i };
    judged.take({ ...silent, ...numbers, source: `${1 + (i >> 8)}.${i & 255}.3.9`, port: 80 });
  }
  for (let port = 80; port < 85; port++) {
    judged.take({ ...silent, source: "99.1.1.1", port, sequence: 7 * port, packets: 3 });
  }
  judged.intake.finish();
  const floods = judged.events.filter((event): event is FloodEvent => event.action === "flood");
  const end = floods.find(({ phase }) => phase === "end")!;
  assert.deepEqual([end.packets, end.sources], [520 + 5 * 3, 521]);
});
