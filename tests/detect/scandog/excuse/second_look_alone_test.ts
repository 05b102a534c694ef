// The second look by itself: what waits, how long, what is passed and what is counted, asked of attempts that
// were written by hand.

import assert from "node:assert/strict";
import { SecondLook } from "../../../../src/detect/scandog/excuse/second_look.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { acceptedBy } from "../../../../src/detect/scandog/table/uses.ts";
import { Change } from "../../../../src/detect/scandog/table/outcome_queue.ts";
import { Decision } from "../../../../src/decision.ts";
import { Entries, type Entry, SOURCE, TARGET, words } from "../entries.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const ACCEPTED_MAX = 512;
const ANSWERS_PER_LOST = 2;
const CHECK_MS = 305_000;
const CHECK_PACKETS = 12;
const PORTS_OF_A_CHECK = 6;
const ROUND_MS = 5_000;
const ROUNDS_MIN = 3;
const SECOND_LOOK_MS = 610_000;
const UNANSWERED_MAX = 128;

/** How many are looked at between two batches of packets. */
const RELEASED_AT_ONCE = 1024;
/** So many may wait at a time. */
const WAITING_MAX = 1 << 14;
const { Udp, IcmpEcho, Arp } = TargetClass;
const { Silent, Refused, HalfOpen, Empty, Harmless } = Outcome;

class Looked extends Entries {
  readonly look = new SecondLook(this.memory, this.view);

  /** The target's side is seen: somebody there sends. */
  showSide(target: string): void {
    const { hash } = this.memory;
    const both = new Int32Array([0, 0, 0, 0, ...words(target)]);
    this.view.noteSender(hash.address(both, 4), both, 4);
  }

  /** Attempts that wait, one for each target. */
  waiting(count: number, entry: Entry): number[] {
    return Array.from({ length: count }, (_, i) => {
      const slot = this.add({ target: `10.0.${i >> 8}.${i & 255}`, ...entry });
      this.look.add(slot);
      return slot;
    });
  }

  /** Slots that are to be counted as failed, taken off the queue. */
  failed(): number[] {
    const { outcomes } = this.memory;
    const slots: number[] = [];
    while (outcomes.next()) {
      assert.equal(outcomes.change, Change.Failed);
      slots.push(outcomes.slot);
    }
    return slots;
  }
}

Deno.test("SecondLook looks twice at what was accepted, and at datagrams where the capture sees one side only", () => {
  for (
    const [entry, isSeen, isOpen] of [
      [{ outcome: Empty }, true, true],
      [{ outcome: HalfOpen, marks: Mark.GentleReset }, true, true],
      [{ outcome: HalfOpen }, true, false],
      [{ outcome: Refused }, false, false],
      [{ outcome: Silent }, false, false], // TCP
      [{ kind: Udp, outcome: Silent }, false, true],
      [{ kind: Udp, outcome: Silent }, true, false],
      [{ kind: Udp, outcome: Refused }, false, false],
      [{ kind: IcmpEcho, outcome: Silent }, false, true],
      [{ kind: IcmpEcho, outcome: Silent }, true, false],
    ] as [Entry, boolean, boolean][]
  ) {
    const looked = new Looked();
    if (isSeen) looked.showSide(TARGET);
    assert.equal(looked.look.isOpen(looked.add(entry)), isOpen, JSON.stringify(entry));
  }
});

Deno.test("SecondLook lets a monitor's lost pings wait, where more than so many come back for each", () => {
  const lost = 3;
  for (const more of [0, 1]) {
    const looked = new Looked();
    looked.waiting(lost, { kind: IcmpEcho, outcome: Silent });
    looked.waiting(ANSWERS_PER_LOST * lost + more, { kind: IcmpEcho, outcome: Empty });
    looked.showSide("10.9.9.9");
    const next = looked.add({ target: "10.9.9.9", kind: IcmpEcho, outcome: Silent });
    assert.equal(looked.look.isOpen(next), more === 1);
  }
});

Deno.test("SecondLook counts what has waited its time, and not before", () => {
  const looked = new Looked();
  const [slot] = looked.waiting(1, { outcome: Empty });
  looked.wait(SECOND_LOOK_MS - 1).look.turn();
  assert.deepEqual(looked.failed(), []);
  looked.wait(1).look.turn();
  assert.deepEqual(looked.failed(), [slot]);
  assert.ok(!looked.memory.table.has(slot, Mark.Deferred));
  looked.look.turn();
  assert.deepEqual(looked.failed(), [], "once");
});

Deno.test("SecondLook counts nothing that was passed, and what became of use meanwhile", () => {
  const looked = new Looked();
  const [passed, used, left] = looked.waiting(3, { outcome: Empty });
  looked.look.pass(passed);
  assert.equal(looked.memory.table.outcome(passed), Harmless);
  looked.memory.table.setOutcome(used, Outcome.Used);
  assert.equal(looked.look.hurry(), false, "nothing waits any more");
  assert.deepEqual(looked.failed(), [left]);
});

Deno.test("SecondLook releases a bounded number when a capture ends, and says whether one more waits", () => {
  for (const more of [0, 1]) {
    const looked = new Looked();
    const slots = looked.waiting(RELEASED_AT_ONCE + more, { outcome: Empty });
    assert.equal(looked.look.hurry(), more === 1);
    const failed = looked.failed();
    assert.equal(failed.length, RELEASED_AT_ONCE);
    looked.look.hurry();
    assert.deepEqual([...failed, ...looked.failed()], slots);
  }
});

Deno.test("SecondLook counts the oldest that waits at once where no more can wait", () => {
  const looked = new Looked({ memory: 16 });
  const slots = looked.waiting(WAITING_MAX, { outcome: Empty });
  assert.deepEqual(looked.failed(), []);
  for (let i = 0; i < 3; i++) {
    looked.look.add(looked.add({ port: 1 + i, outcome: Empty }));
    assert.deepEqual(looked.failed(), [slots[i]]);
  }
});

Deno.test("SecondLook is full of one source's attempts at its bound, of each kind apart", () => {
  for (
    const [entry, most] of [
      [{ outcome: Empty }, ACCEPTED_MAX],
      [{ kind: Udp, outcome: Silent }, UNANSWERED_MAX],
    ] as const
  ) {
    const looked = new Looked();
    const [first] = looked.waiting(most - 1, entry);
    assert.ok(!looked.look.isFull(first));
    looked.waiting(1, { target: "10.9.9.9", ...entry });
    assert.ok(looked.look.isFull(first));
    const other = looked.add({ source: "192.0.2.1", ...entry });
    assert.ok(!looked.look.isFull(other), "another source");
    const kind = looked.add(entry.outcome === Empty ? { kind: Udp } : { outcome: Empty });
    assert.ok(!looked.look.isFull(kind), "another kind");
  }
});

Deno.test("SecondLook lets only so many silent ports of one host wait: more are a scan", () => {
  const looked = new Looked();
  for (let port = 1; port <= PORTS_OF_A_CHECK; port++) {
    const slot = looked.add({ port, kind: Udp });
    assert.ok(!looked.look.isFull(slot));
    looked.look.add(slot);
  }
  const next = looked.add({ port: 99, kind: Udp });
  assert.ok(looked.look.isFull(next));
  assert.ok(!looked.look.isFull(looked.add({ target: "10.9.9.9", kind: Udp })), "another host");
  looked.wait(SECOND_LOOK_MS + 1);
  assert.ok(!looked.look.isFull(next), "later");
});

Deno.test("SecondLook releases all of a source at once, of both kinds, and of no other", () => {
  const looked = new Looked();
  const accepted = looked.waiting(5, { outcome: Empty });
  const silent = looked.waiting(4, { kind: Udp, outcome: Silent });
  looked.waiting(3, { source: "192.0.2.1", outcome: Empty });
  looked.look.releaseAll(accepted[0]);
  assert.deepEqual(looked.failed().sort(), [...accepted, ...silent].sort());
});

Deno.test("SecondLook takes a later round of datagrams for a monitor's from the third on", () => {
  const looked = new Looked();
  for (
    const [repeatMs, isNext] of [[ROUND_MS - 1, false], [ROUND_MS, true]] as const
  ) {
    const target = `10.0.0.${repeatMs & 255}`;
    assert.equal(looked.look.isNextRound(looked.add({ target, kind: Udp, repeatMs })), isNext);
  }
  for (
    const [packets, marks, isMonitors] of [
      [ROUNDS_MIN - 1, Mark.Deferred, false],
      [ROUNDS_MIN, Mark.Deferred, true],
      [ROUNDS_MIN, 0, false],
    ] as const
  ) {
    const slot = looked.add({ target: `10.1.${packets}.${marks & 1}`, kind: Udp, packets, marks });
    assert.equal(looked.look.isMonitors(slot), isMonitors, `${packets} ${marks}`);
  }
  const tcp = looked.add({ packets: ROUNDS_MIN, marks: Mark.Deferred });
  assert.ok(!looked.look.isMonitors(tcp), "no datagram");
});

Deno.test("SecondLook takes what was accepted and is tried regularly for a check, but not of a scan", () => {
  const looked = new Looked();
  const check = looked.add({ outcome: Empty, packets: CHECK_PACKETS });
  assert.ok(looked.look.isCheck(check));
  looked.memory.table.scan.set(check, 5);
  assert.ok(!looked.look.isCheck(check));
  const packets = CHECK_PACKETS;
  const learned = looked.add({ port: 1, outcome: Empty, marks: Mark.Learned, packets });
  assert.ok(!looked.look.isCheck(learned));
  assert.ok(!looked.look.isCheck(looked.add({ port: 2, outcome: Refused, packets })));
});

Deno.test("SecondLook takes a connection for a check once it came so often, or so long after the first time", () => {
  for (
    const [entry, packets, repeatMs, isCheck] of [
      [{}, CHECK_PACKETS - 1, CHECK_MS - 1, false],
      [{}, CHECK_PACKETS, 0, true],
      [{}, 2, CHECK_MS, true],
      [{ kind: IcmpEcho }, 2, 0, true], // no connection
    ] as [Entry, number, number, boolean][]
  ) {
    const looked = new Looked();
    const slot = looked.add({ outcome: Empty, packets, ...entry });
    looked.memory.table.repeatMs.set(slot, repeatMs);
    assert.equal(looked.look.isCheck(slot), isCheck, `${packets} ${repeatMs}`);
  }
});

Deno.test("SecondLook passes one that came again, no retry, where no more could be seen, and counts it in time", () => {
  for (
    const [afterMs, isEarly, isPassed] of [
      [ROUND_MS, true, true],
      [ROUND_MS - 1, true, false],
      [ROUND_MS, false, false],
    ] as const
  ) {
    const looked = new Looked();
    const [slot] = looked.waiting(1, { outcome: Empty });
    looked.memory.table.repeatMs.set(slot, afterMs);
    looked.look.noteAgain(slot);
    looked.look.release(slot, isEarly);
    assert.deepEqual(looked.failed(), isPassed ? [] : [slot], `${afterMs} ${isEarly}`);
    assert.equal(looked.memory.table.outcome(slot), isPassed ? Harmless : Empty);
  }
});

Deno.test("SecondLook passes a router's answered request that packets then followed", () => {
  for (const isRouted of [true, false]) {
    const looked = new Looked();
    const [slot] = looked.waiting(1, { kind: Arp, outcome: Empty });
    if (isRouted) looked.view.noteReached(looked.hash("10.0.0.0"), false);
    looked.look.release(slot, false);
    assert.deepEqual(looked.failed(), isRouted ? [] : [slot]);
  }
});

Deno.test("SecondLook releases the latest 1024 of a source at once, and once", () => {
  for (const [count, released] of [[1024, 1024], [1025, 1024]]) {
    const looked = new Looked();
    const slots = looked.waiting(count, { outcome: Empty });
    looked.look.releaseAll(slots[0]);
    assert.deepEqual(looked.failed().reverse(), slots.slice(count - released));
    const later = looked.add({ port: 7, outcome: Empty });
    looked.look.add(later);
    looked.look.releaseAll(slots[0]);
    assert.deepEqual(looked.failed(), [later]);
  }
});

Deno.test("SecondLook goes back over what was passed, and no further than to a place that was taken over", () => {
  for (const [outcome, isOver] of [[Harmless, true], [Refused, false], [Empty, false]] as const) {
    const looked = new Looked();
    const { table } = looked.memory;
    const [first, second, third] = looked.waiting(3, { outcome: Empty });
    table.unmark(second, Mark.Deferred);
    table.setOutcome(second, outcome);
    looked.look.releaseAll(third);
    assert.deepEqual(looked.failed(), isOver ? [third, first] : [third], `outcome ${outcome}`);
  }
});

Deno.test("SecondLook releases none of another source that is counted with it", () => {
  const looked = new Looked();
  const placeOf = (source: string) => looked.hash(source) & 4095;
  let i = 0;
  while (placeOf(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`) !== placeOf(SOURCE)) i++;
  const other = `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`;
  const [own] = looked.waiting(1, { outcome: Empty });
  looked.waiting(1, { source: other, outcome: Empty });
  const [latest] = looked.waiting(1, { target: "192.0.2.1", outcome: Empty });
  looked.look.releaseAll(own);
  assert.deepEqual(looked.failed(), [latest, own]);
});

Deno.test("SecondLook leaves what has taken the place of one that waited to its own time", () => {
  for (const ms of [0, 1]) {
    const looked = new Looked();
    const [slot] = looked.waiting(1, { outcome: Empty });
    const { table, clock } = looked.memory;
    looked.wait(ms);
    table.createdMs.set(slot, clock.ms);
    looked.look.add(slot);
    looked.wait(SECOND_LOOK_MS - ms).look.turn();
    assert.deepEqual(looked.failed(), ms === 0 ? [slot] : []);
    looked.wait(ms).look.turn();
    assert.deepEqual(looked.failed(), ms === 0 ? [] : [slot]);
  }
});

Deno.test("SecondLook has room again for a source whose attempts have waited", () => {
  for (
    const [entry, most] of [[{ outcome: Empty }, ACCEPTED_MAX], [
      { kind: Udp },
      UNANSWERED_MAX,
    ]] as const
  ) {
    const looked = new Looked();
    const [slot] = looked.waiting(most, entry);
    assert.ok(looked.look.isFull(slot));
    looked.wait(SECOND_LOOK_MS).look.turn();
    assert.ok(!looked.look.isFull(slot));
  }
});

Deno.test("what waits accepted speaks for its source until it is counted; datagrams and pings do not", () => {
  for (const [kind, all] of [[TargetClass.Tcp, 1], [IcmpEcho, 0], [Udp, 0]]) {
    const looked = new Looked();
    const [slot] = looked.waiting(1, { kind, outcome: Empty });
    assert.equal(acceptedBy(looked.memory, slot).all, all, `kind ${kind}`);
    looked.look.release(slot, true);
    assert.equal(acceptedBy(looked.memory, slot).all, 0);
  }
  const looked = new Looked();
  const [passed] = looked.waiting(1, { outcome: Empty });
  looked.look.pass(passed);
  looked.look.release(passed, true);
  assert.equal(acceptedBy(looked.memory, passed).all, 1, "what comes again stays accepted");
  assert.equal(looked.memory.table.excuse(passed), Decision.CameAgain);
});

Deno.test("SecondLook counts ports of each host on its own, as long as any waited lately", () => {
  const looked = new Looked();
  const wait = (port: number, target = TARGET) => {
    const slot = looked.add({ port, kind: Udp, target });
    looked.look.add(slot);
    return slot;
  };
  for (let port = 1; port < PORTS_OF_A_CHECK; port++) wait(port);
  const slot = wait(1, "203.0.113.77");
  assert.ok(!looked.look.isFull(slot), "one of another host");
  looked.wait(SECOND_LOOK_MS);
  assert.ok(looked.look.isFull(wait(PORTS_OF_A_CHECK)), "the sixth, just in time");
  assert.ok(!looked.look.isFull(looked.add({ port: 99, target: TARGET })), "no datagram");
  looked.wait(SECOND_LOOK_MS + 1);
  assert.ok(!looked.look.isFull(wait(PORTS_OF_A_CHECK + 1)), "the first of the next");
});

Deno.test("SecondLook waits only for datagrams and pings of a source that mostly come back, of its own counts", () => {
  const looked = new Looked();
  looked.waiting(9, { kind: IcmpEcho, outcome: Empty });
  looked.waiting(1, { kind: IcmpEcho, outcome: Silent });
  looked.showSide("10.9.9.9");
  const silent = { target: "10.9.9.9", outcome: Silent };
  assert.ok(looked.look.isOpen(looked.add({ ...silent, kind: IcmpEcho })));
  assert.ok(!looked.look.isOpen(looked.add({ ...silent, kind: Udp })), "no ping");
  const other = { ...silent, kind: IcmpEcho, source: "192.0.2.1" };
  assert.ok(!looked.look.isOpen(looked.add(other)), "another source");
});
