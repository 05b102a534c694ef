// An attempt's first packet as plain numbers: each from where the table keeps it.

import assert from "node:assert/strict";
import { Probe } from "../../../../../src/detect/scandog/beside/tool/probe.ts";
import { TargetClass } from "../../../../../src/detect/scandog/probe/classes.ts";
import { DONT_FRAGMENT, Options, packLook } from "../../../../../src/detect/scandog/probe/form.ts";
import { Mark, Outcome } from "../../../../../src/detect/scandog/table/attempt_state.ts";
import { Entries, type Entry } from "../../entries.ts";

function read(entry: Entry): Probe {
  const entries = new Entries();
  const probe = new Probe();
  assert.ok(probe.read(entries.memory.table, entries.add(entry)));
  return probe;
}

Deno.test("Probe reads each field of an attempt", () => {
  const entries = new Entries();
  const { table, clock } = entries.memory;
  const slot = entries.add({
    ...{ target: "203.0.113.10", port: 8080, sourcePort: 40_000 },
    ...{ sequence: 0xdeadbeef | 0, acknowledgement: 0xcafebabe | 0 },
  });
  table.look.set(slot, packLook(57, 0xb8, 0x12, 6));
  table.wire.set(slot, 65_535 << 16 | 54_321);
  table.form.set(slot, 1460 << 16 | Options.Windows | DONT_FRAGMENT);
  const probe = new Probe();
  assert.ok(probe.read(table, slot));
  const { source: _, ...seen } = probe;
  assert.deepEqual(seen, {
    targetClass: TargetClass.Tcp,
    port: 8080,
    sourcePort: 40_000,
    sequence: 0xdeadbeef,
    acknowledgement: 0xcafebabe,
    flags: 0x12,
    ttl: 57,
    version: 6,
    window: 65_535,
    ipId: 54_321,
    options: Options.Windows,
    mss: 1460,
    payload: 1460,
    dontFragment: true,
    target: 0xcb00710a,
    targetReversed: 0x0a7100cb,
    isDropped: true,
    isAskedAgain: false,
    timeUs: clock.lastUs,
  });
  table.form.set(slot, 0);
  assert.ok(probe.read(table, slot));
  assert.equal(probe.dontFragment, false);
});

Deno.test("Probe tells silent targets asked once from those asked again, and both from those that answered", () => {
  const { Silent, Refused } = Outcome;
  const cases: [Entry, isDropped: boolean, isAskedAgain: boolean][] = [
    [{ outcome: Silent, packets: 1 }, true, false],
    [{ outcome: Silent, packets: 2 }, false, true],
    [{ outcome: Refused, packets: 1 }, false, false],
    [{ outcome: Refused, packets: 2 }, false, false],
  ];
  for (const [entry, ...expected] of cases) {
    const { isDropped, isAskedAgain } = read(entry);
    assert.deepEqual([isDropped, isAskedAgain], expected, JSON.stringify(entry));
  }
});

Deno.test("Probe tells sources apart, by the second word of an IPv6 address or by the last", () => {
  const of = (source: string) => read({ source }).source;
  assert.equal(of("198.51.100.7"), of("198.51.100.7"));
  assert.notEqual(of("198.51.100.7"), of("198.51.100.8"));
  assert.notEqual(of("2001:db8:1:2::7"), of("2001:db8:1:3::7"));
});

Deno.test("Probe reads nothing of an attempt whose own packet was not seen", () => {
  const entries = new Entries();
  const slot = entries.add({ marks: Mark.ReplyOnly });
  assert.equal(new Probe().read(entries.memory.table, slot), false);
});
