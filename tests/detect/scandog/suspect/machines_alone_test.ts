// Machines on the link by themselves: whose story an address is, asked of subjects that failed by hand.

import assert from "node:assert/strict";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import type { Scan } from "../../../../src/detect/scandog/scan/scan.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { words } from "../entries.ts";
import { Suspects } from "./suspects.ts";

const OWN = "10.77.0.2", MADE_UP = ["10.77.0.60", "10.77.0.61"], FAR = "192.0.2.7";
const [HERS, THEIRS] = [2, 3].map((last) => new Uint8Array([2, 0, 0, 0, 0, last]));
const DECOY_WAIT_S = 4;

class Linked extends Suspects {
  private port = 21;

  constructor() {
    super({ decoyWait: DECOY_WAIT_S });
    this.view.links.noteClaim(HERS, 0, words(OWN), 0);
  }

  linkOf(mac: Uint8Array | null): number {
    return mac === null ? 0 : this.view.links.hashOf(mac, 0);
  }

  /** An attempt from this link-layer address; its slot. */
  tries(source: string, mac: Uint8Array | null, kind: number = TargetClass.Tcp): number {
    const { table, heads } = this.memory;
    const slot = this.add({ source, kind, port: this.port++, outcome: Outcome.Refused });
    table.linkSource.set(slot, this.linkOf(mac));
    table.earlier.set(slot, heads.push(table.sourceHash(slot), slot));
    return slot;
  }

  /** A subject that failed so often, and its latest attempt. */
  failed(
    source: string,
    mac: Uint8Array | null = HERS,
    count = 7,
  ): [slot: number, subject: number] {
    const { subjects } = this.memory;
    const subject = this.admit(source);
    let slot = -1;
    for (let i = 0; i < count; i++) {
      addFailed(this.memory, subject, slot = this.tries(source, mac));
      subjects.failed.add(subject, 1);
    }
    return [slot, subject];
  }

  /** It reached a shape; true where its machine answers for it. */
  begins([slot, subject]: [number, number]): boolean {
    return this.machines.begin(slot, subject, ShapeCode.Ports);
  }

  /** A scan of its own, as a source's that is no machine's. */
  scanOf([, subject]: [number, number]): Scan {
    const scan = this.scans.begin(subject, ShapeCode.Ports)!;
    this.scans.join(scan, subject);
    return scan;
  }

  sourcesOf(scan: Scan | undefined): string[] | undefined {
    return scan?.members.map((member) => this.memory.subjects.text(member));
  }
}

Deno.test("a machine answers for an address of its network that it made up, and first for its own only by a story", () => {
  const cases: [string, source: string, mac: Uint8Array | null, answers: boolean][] = [
    ["made up", MADE_UP[0], HERS, true],
    ["its own, without a story", OWN, HERS, false],
    ["another network's", FAR, HERS, false],
    ["a machine that claims nothing", MADE_UP[0], THEIRS, false],
    ["not known from where", MADE_UP[0], null, false],
  ];
  for (const [what, source, mac, answers] of cases) {
    const linked = new Linked();
    const failed = linked.failed(source, mac);
    assert.equal(linked.begins(failed), answers, what);
    const expected = answers ? [source] : undefined;
    assert.deepEqual(linked.sourcesOf(linked.scans.of(failed[1])), expected, what);
  }
});

Deno.test("a machine's further addresses join its story, which is named after the one that it claims", () => {
  for (const isOwnFirst of [false, true]) {
    const linked = new Linked();
    const { scans, machines } = linked;
    const own = linked.failed(OWN), made = linked.failed(MADE_UP[0]);
    if (isOwnFirst) machines.began(own[0], linked.scanOf(own));
    else assert.ok(linked.begins(made));
    assert.ok(linked.begins(isOwnFirst ? made : own));
    const story = scans.of(own[1])!;
    assert.deepEqual(linked.sourcesOf(story)?.sort(), [OWN, MADE_UP[0]]);
    assert.deepEqual([story.kindOfSources, story.primary, story.isGuess], ["decoy", own[1], false]);
    assert.equal(story.nextUpdateMs, linked.memory.clock.ms, "it is to be said at once");
    const [, other] = linked.failed(FAR);
    assert.equal(scans.of(other), undefined);
  }
});

Deno.test("two addresses that a machine claims are both its own, and neither is forged", () => {
  const linked = new Linked();
  const six = ["2001:db8:7::2", "2001:db8:7::3"];
  for (const address of six) linked.view.links.noteClaim(THEIRS, 0, words(address), 0);
  const [first, second] = six.map((source) => linked.failed(source, THEIRS));
  linked.machines.began(first[0], linked.scanOf(first));
  assert.ok(linked.begins(second));
  const story = linked.scans.of(first[1])!;
  assert.deepEqual([story.kindOfSources, story.primary], ["distributed", first[1]]);
  const guess = linked.scanOf(linked.failed(MADE_UP[0]));
  guess.isGuess = true;
  linked.machines.join(guess, linked.failed(MADE_UP[1])[1]);
  assert.deepEqual([guess.kindOfSources, guess.isGuess], ["decoy", true], "none is its own");
});

Deno.test("the address that a machine claims is taken in where it has a part, and waited for where it only tried", () => {
  const { Tcp, Arp } = TargetClass;
  const cases: [string, before: (linked: Linked) => void, waitMs: number, isIn: boolean][] = [
    ["nothing was heard of it", () => {}, 0, false],
    ["it tried something", (linked) => linked.tries(OWN, HERS, Tcp), 4000, false],
    ["it asked for a neighbour", (linked) => linked.tries(OWN, HERS, Arp), 0, false],
    ["it failed half as often", (linked) => linked.failed(OWN, HERS, 4), 0, true],
    ["it failed less often", (linked) => linked.failed(OWN, HERS, 3), 4000, false],
    ["it failed from elsewhere", (linked) => linked.failed(OWN, THEIRS, 7), 4000, false],
  ];
  for (const [what, before, waitMs, isIn] of cases) {
    const linked = new Linked();
    before(linked);
    const scan = linked.scanOf(linked.failed(MADE_UP[0]));
    assert.equal(linked.machines.complete(scan), waitMs, what);
    assert.deepEqual(linked.sourcesOf(scan), isIn ? [MADE_UP[0], OWN] : [MADE_UP[0]], what);
    assert.equal(scan.primary === linked.sources.find(linked.add({ source: OWN })), isIn, what);
    // From now on it is the machine's story.
    const next = linked.failed(MADE_UP[1]);
    assert.ok(linked.begins(next));
    assert.equal(linked.scans.of(next[1]), scan, what);
  }
  const linked = new Linked();
  const elsewhere = linked.scanOf(linked.failed(MADE_UP[0], THEIRS));
  linked.tries(OWN, HERS);
  assert.equal(linked.machines.complete(elsewhere), 0, "of no machine");
});

Deno.test("a story that is full, and one that finds no place, are nobody else's", () => {
  const full = new Linked();
  const story = full.scanOf(full.failed(MADE_UP[0]));
  full.machines.complete(story);
  while (story.members.length < 128) story.members.push(0);
  assert.equal(full.begins(full.failed(MADE_UP[1])), false);
  const none = new Linked();
  for (let i = 0; i < none.memory.sizes.scans; i++) {
    none.scanOf(none.failed(`192.0.${i}.1`, null, 40)).attempts = 1e6;
  }
  const failed = none.failed(MADE_UP[0]);
  assert.equal(none.begins(failed), true, "who would begin another is no source of its own");
  assert.equal(none.scans.of(failed[1]), undefined);
});
