// Groups of look-alikes by themselves: what becomes of one whose scan is over, asked of subjects that were admitted by
// hand.

import assert from "node:assert/strict";
import { Visits } from "../../../../src/detect/scandog/beside/visit/visits.ts";
import { ZombieSigns } from "../../../../src/detect/scandog/beside/zombie_signs.ts";
import { COPIES_MIN } from "../../../../src/detect/scandog/limits.ts";
import { Scans } from "../../../../src/detect/scandog/scan/scans.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { LookAlikes } from "../../../../src/detect/scandog/suspect/look_alikes.ts";
import { Machines } from "../../../../src/detect/scandog/suspect/machines.ts";
import { Entries, words } from "../entries.ts";

class Alike extends Entries {
  readonly scans: Scans;
  readonly lookAlikes: LookAlikes;

  constructor() {
    super();
    const { memory, view } = this;
    const emit = () => {};
    const visits = new Visits(memory, view.links, emit);
    this.scans = new Scans(memory, { view, emit, visits, zombies: new ZombieSigns() });
    this.lookAlikes = new LookAlikes(memory, this.scans, new Machines(memory, view, this.scans));
  }

  /** So many subjects that sent the same probes. */
  group(count: number): number[] {
    const { subjects, clock } = this.memory;
    const members = Array.from({ length: count }, (_, i) => {
      const source = `198.51.100.${1 + i}`;
      return subjects.admit(words(source), 0, 0, this.hash(source), clock.ms);
    });
    for (let i = 0; i < COPIES_MIN; i++) {
      for (const member of members) this.lookAlikes.link(members[0], member);
    }
    return members;
  }
}

Deno.test("a group ends with its scan, unless more than half of its members are left to be found anew", () => {
  for (const [left, isGroup] of [[6, true], [4, true], [3, false]] as const) {
    const alike = new Alike();
    const { lookAlikes, scans, memory: { subjects } } = alike;
    const members = alike.group(6);
    assert.ok(lookAlikes.begin(members[0], ShapeCode.GroupPorts));
    const scan = scans.of(members[0])!;
    assert.equal(scan.members.length, 6);
    // It gives way to another, and then some of their places are taken over.
    scans.end(scan, true);
    for (const member of members.slice(left)) subjects.group.set(member, 0);
    assert.equal(lookAlikes.actingFor(members[0]) !== undefined, isGroup, `${left} of 6`);
  }
});
