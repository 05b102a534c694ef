// How many attempts of a source no other source repeated: of sources that have a place, one up and one down.

import assert from "node:assert/strict";
import { Singles } from "../../../../src/detect/scandog/beside/flood/singles.ts";
import { Visits } from "../../../../src/detect/scandog/beside/visit/visits.ts";
import { ZombieSigns } from "../../../../src/detect/scandog/beside/zombie_signs.ts";
import { Scans } from "../../../../src/detect/scandog/scan/scans.ts";
import { Campaigns } from "../../../../src/detect/scandog/suspect/campaigns.ts";
import { LookAlikes } from "../../../../src/detect/scandog/suspect/look_alikes.ts";
import { Machines } from "../../../../src/detect/scandog/suspect/machines.ts";
import { Sources } from "../../../../src/detect/scandog/suspect/sources.ts";
import { Entries } from "../entries.ts";

Deno.test("Sources count what a source did alone one by one, both ways, and answers it got", () => {
  const entries = new Entries();
  const { memory, view } = entries;
  const emit = () => {};
  const visits = new Visits(memory, view.links, emit);
  const scans = new Scans(memory, { view, emit, visits, zombies: new ZombieSigns() });
  const machines = new Machines(memory, view, scans);
  const lookAlikes = new LookAlikes(memory, scans, machines);
  const campaigns = new Campaigns(memory, scans, new Singles(memory), machines);
  const sources = new Sources(memory, scans, lookAlikes, machines, campaigns);
  const { alone, answered } = memory.subjects;
  const slot = entries.add({ port: 22 });
  // Nothing is counted of a source that has no place.
  sources.alone(slot, 1);
  sources.answered(slot);
  const subject = sources.admit(slot);
  const counts = () => [alone.of(subject), answered.of(subject)];
  assert.deepEqual(counts(), [0, 0]);
  for (let i = 0; i < 5; i++) sources.alone(slot, 1);
  assert.deepEqual(counts(), [5, 0]);
  for (const left of [4, 3]) {
    sources.alone(slot, -1);
    assert.deepEqual(counts(), [left, 0]);
  }
  sources.answered(slot);
  assert.deepEqual(counts(), [3, 1]);
  const other = entries.add({ source: "198.51.100.9", port: 22 });
  sources.alone(other, 1);
  sources.answered(other);
  assert.deepEqual(counts(), [3, 1], "another source's");
});
