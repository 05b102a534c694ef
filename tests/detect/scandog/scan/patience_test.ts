// When a scan ends, what it forgets, and how it asks again: outcomes and time, nothing else.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import { SCANDOG } from "../../../../src/params.ts";
import { Judged } from "../judged.ts";
import { Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7", CLIENT = "198.51.100.40";
const END_SILENCE = SCANDOG.endSilence.default;
const REMEMBER = SCANDOG.remember.default;

const ends = (judged: Judged) =>
  judged.events.filter((event): event is ScanEvent => event.action === "scan-end");

function scan(judged: Judged, source = SCANNER, first = 21): Judged {
  for (let port = first; port < first + 7; port++) judged.refused(source, port);
  return judged;
}

Deno.test("a scan in one go ends after --end-silence, not before", () => {
  const judged = scan(new Judged());
  judged.wait(END_SILENCE - 1);
  assert.equal(ends(judged).length, 0);
  judged.wait(2);
  assert.equal(ends(judged).length, 1);
});

Deno.test("a scan that pauses is waited for four times as long as its longest pause", () => {
  for (const [times, ended] of [[3.95, 0], [4.05, 1]]) {
    const judged = scan(new Judged());
    const pause = 100;
    judged.wait(pause).refused(SCANNER, 80).wait(times * pause);
    assert.equal(ends(judged).length, ended, `${times} pauses`);
  }
});

Deno.test("a scan is waited for no longer than --remember, however slow it is", () => {
  // Each pause is less than four of the one before; four of the last are more than two hours.
  for (
    const [endSilence, pauses] of [[REMEMBER, []], [END_SILENCE, [100, 390, 1500, 2000]]] as const
  ) {
    const judged = scan(new Judged({ endSilence }));
    for (const [i, pause] of pauses.entries()) judged.wait(pause).refused(SCANNER, 80 + i);
    judged.wait(REMEMBER - 1);
    assert.equal(ends(judged).length, 0);
    judged.wait(2);
    assert.equal(ends(judged).length, 1);
  }
});

Deno.test("the pauses before a scan was found count as its own, on average", () => {
  // Seven ports, a minute apart: from the second on, five minutes for six pauses, so four are 200 seconds.
  for (const [seconds, ended] of [[195, 0], [205, 1]]) {
    const judged = new Judged();
    for (let port = 21; port < 28; port++) {
      if (port > 21) judged.wait(60);
      judged.refused(SCANNER, port);
    }
    assert.equal(judged.scans().length, 1);
    assert.ok(judged.scans()[0].slow);
    judged.wait(seconds);
    assert.equal(ends(judged).length, ended, `${seconds} s`);
  }
});

Deno.test("a scan that took weeks to be found is waited for as one that took hours", () => {
  // Five days before each port but the first: 25 from the second on, more milliseconds than a signed word holds.
  const judged = new Judged({ remember: SCANDOG.remember.max });
  for (let port = 21; port < 28; port++) {
    // The detector's time leaps by no more than a day.
    for (let half = 0; half < (port > 21 ? 10 : 0); half++) judged.wait(43_200);
    judged.refused(SCANNER, port);
  }
  assert.equal(judged.scans().length, 1);
  judged.wait(86_000);
  assert.equal(ends(judged).length, 0);
});

Deno.test("a scan is slow when it took longer than --slow-after to be found, from the second failure on", () => {
  for (const [pause, slow] of [[11.9, false], [12.1, true]] as const) {
    const judged = new Judged();
    for (let port = 21; port < 28; port++) {
      if (port > 21) judged.wait(pause);
      judged.refused(SCANNER, port);
    }
    assert.equal(judged.scans()[0].slow, slow, `${pause} s`);
  }
});

/** Refused high ports of four hosts, of which no host and no port is enough by itself. */
function grid(traffic: Traffic, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    traffic.refused(CLIENT, `203.0.113.${i & 3}`, 5000 + 10 * (i >> 2), 40_000 + i);
  }
}

Deno.test("failures are forgotten after --remember without one, in all as of each host", () => {
  for (const [seconds, found] of [[REMEMBER - 1, 1], [REMEMBER + 1, 0]]) {
    const judged = new Judged();
    for (let port = 21; port < 25; port++) judged.refused(CLIENT, port);
    judged.wait(seconds);
    for (let port = 101; port < 105; port++) judged.refused(CLIENT, port);
    assert.equal(judged.scans().length, found, `${seconds} s`);
    const traffic = new Traffic();
    grid(traffic, 0, 12);
    grid(traffic.wait(seconds), 12, 24);
    assert.equal(traffic.named().length, found, `a grid, ${seconds} s`);
  }
});

Deno.test("successes are not forgotten with what its source failed at before", () => {
  for (const [uses, found] of [[13, 0], [12, 1]]) {
    const traffic = new Traffic();
    traffic.refused(CLIENT, "203.0.113.99", 5001).refused(CLIENT, "203.0.113.99", 5002);
    for (let i = 0; i < uses; i++) traffic.used(CLIENT, `10.7.${i}.1`, 8000 + i, 50_000 + i);
    grid(traffic.wait(REMEMBER + 1), 0, 24);
    assert.equal(traffic.named().length, found, `${uses} uses`);
  }
});

Deno.test("an attempt of an earlier scan that comes again is the new scan's, and counted in it once", () => {
  const judged = scan(new Judged()).wait(END_SILENCE + 5);
  scan(scan(judged));
  judged.intake.finish();
  assert.deepEqual(ends(judged).map(({ attempts }) => attempts), [7, 7]);
});
