// What a campaign leaves out, and what it forgets when it begins anew.

import assert from "node:assert/strict";
import { Judged } from "../judged.ts";
import { apart, PORTS, probe } from "./probes.ts";

/** Six sources of a campaign that try one port each in turn: it takes 42 in all. */
function campaign(judged: Judged, given: Parameters<typeof probe>[3] = {}, first = 0): Judged {
  for (let i = 0; i < 42; i++) probe(judged, apart(first + i % 6), PORTS[i], given);
  return judged;
}

Deno.test("a campaign is made of probes that were seen: answers alone look like those of any other", () => {
  assert.equal(campaign(new Judged()).scans().length, 1);
  assert.deepEqual(campaign(new Judged(), { facts: ["closed", "reply-only"] }).scans(), []);
});

Deno.test("clients of the host, who use it more than they fail there, are no campaign", () => {
  // The first seven failures of each are no campaign's; with the eighth it has failed as often as --failure-ratio
  // asks for four uses, and not for five.
  for (const [host, found] of [[4, 1], [5, 0]]) {
    const uses = { all: host, host, port: 0 };
    const judged = new Judged();
    for (let i = 0; i < 42; i++) {
      probe(judged, apart(i % 6), PORTS[100 + i], { uses, signature: i % 6 });
    }
    assert.equal(campaign(judged, { uses }).scans().length, found, `${host} uses`);
  }
});

Deno.test("a campaign that rested begins anew: its ports, sources and time from before are forgotten", () => {
  const judged = new Judged();
  for (let i = 0; i < 41; i++) probe(judged, apart(20 + i % 6), PORTS[i]);
  campaign(judged.wait(61));
  const [scan] = judged.scans();
  assert.deepEqual([scan.shape, scan.sources?.count, scan.slow], ["distributed", 6, false]);
});

Deno.test("a campaign that took more than a minute is slow", () => {
  for (const [seconds, slow] of [[1, false], [2, true]] as const) {
    const judged = new Judged();
    for (let i = 0; i < 42; i++) probe(judged.wait(seconds), apart(i % 6), PORTS[i]);
    assert.deepEqual(judged.scans().map((scan) => scan.slow), [slow], `${seconds} s each`);
  }
});

Deno.test("a campaign names 32 of its sources", () => {
  for (const [count, named] of [[32, 32], [33, 32]]) {
    // It takes 120 attempts: each source has tried more than three ports by then.
    const judged = new Judged({ scanWeight: 60 });
    for (let i = 0; i < 120; i++) probe(judged, apart(i % count), PORTS[i]);
    assert.deepEqual(judged.scans().map(({ sources }) => sources?.count), [named], `${count}`);
  }
});
