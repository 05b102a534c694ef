// Questions that were answered once, asked of attempts that were written by hand: what counts and what does not, on
// both sides of each bound.

import assert from "node:assert/strict";
import { AnsweredOnce } from "../../../../src/detect/scandog/excuse/answered_once.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome, Stage } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Change } from "../../../../src/detect/scandog/table/outcome_queue.ts";
import { noteUsed } from "../../../../src/detect/scandog/table/uses.ts";
import { Entries, type Entry, SOURCE } from "../entries.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const ANSWERED_MIN = 8;
const ANSWERED_PER_NETWORK = 4;
const ONCE_PER_AGAIN = 4;
const SECOND_LOOK_MS = 610_000;

/** As many sources may wait at a time. */
const WAITING_MAX = 4096;

/** An attempt, and how long its question was. */
type Asked = Entry & { payload?: number; stage?: number };

class Sweep extends Entries {
  readonly once = new AnsweredOnce(this.memory);

  /** A question that was answered; its slot. */
  ask(target: string, { payload = 40, stage = Stage.Answered, ...entry }: Asked = {}): number {
    const { table, heads } = this.memory;
    const marks = (entry.marks ?? 0) | Mark.Open | Mark.Replied | stage;
    const slot = this.add({
      ...{ target, kind: TargetClass.Udp, port: 161, sourcePort: 40000, outcome: Outcome.Used },
      ...entry,
      marks,
    });
    table.form.set(slot, payload << 16);
    table.earlier.set(slot, heads.push(table.sourceHash(slot), slot));
    return slot;
  }

  /** The same of so many hosts of one network; `of`: what differs. */
  hosts(count: number, of: (i: number) => Asked = () => ({}), network = "203.0.113"): number[] {
    return Array.from({ length: count }, (_, i) => {
      this.wait(1);
      const slot = this.ask(`${network}.${1 + i}`, of(i));
      noteUsed(this.memory, slot);
      this.once.note(slot);
      return slot;
    });
  }

  /** What is counted once its time is up, or (`isLast`) at the end of the capture. */
  counted(isLast = false): number[] {
    const { outcomes, table } = this.memory;
    if (isLast) { while (this.once.hurry()); }
    else {
      this.wait(SECOND_LOOK_MS);
      this.once.turn();
    }
    const slots: number[] = [];
    while (outcomes.next()) {
      assert.equal(outcomes.change, Change.Failed);
      assert.equal(table.outcome(outcomes.slot), Outcome.Empty);
      slots.push(outcomes.slot);
    }
    return slots;
  }
}

Deno.test("AnsweredOnce counts hosts of one network that were asked once from one socket, the oldest first", () => {
  const sweep = new Sweep();
  const slots = sweep.hosts(ANSWERED_MIN, (i) => ({ payload: 20 + i }));
  assert.deepEqual(sweep.counted(), slots);
  assert.deepEqual(sweep.counted(), [], "each once");
});

Deno.test("AnsweredOnce leaves fewer hosts alone, and other transports", () => {
  assert.deepEqual(new Sweep().counted(), []);
  const few = new Sweep();
  few.hosts(ANSWERED_MIN - 1);
  assert.deepEqual(few.counted(), []);
  const tcp = new Sweep();
  tcp.hosts(20, () => ({ kind: TargetClass.Tcp }));
  assert.deepEqual(tcp.counted(), []);
});

Deno.test("AnsweredOnce waits as long as monitors take to come back, and no longer", () => {
  const sweep = new Sweep();
  const slots = sweep.hosts(ANSWERED_MIN);
  sweep.wait(SECOND_LOOK_MS - 2);
  sweep.once.turn();
  assert.equal(sweep.memory.outcomes.next(), false);
  sweep.wait(2);
  assert.deepEqual(sweep.counted(), slots);
});

Deno.test("AnsweredOnce takes one socket or one question, and at the end of a capture one socket only", () => {
  const ports = (i: number) => ({ sourcePort: 40000 + i });
  const both = (i: number) => ({ sourcePort: 40000 + i, payload: 20 + i });
  const refused = (i: number) => ({ ...both(i), marks: Mark.Unwanted });
  for (
    const [of, later, atEnd] of [[() => ({}), 20, 20], [ports, 20, 0], [both, 0, 0], [
      refused,
      20,
      20,
    ]] as const
  ) {
    for (const [isLast, expected] of [[false, later], [true, atEnd]] as const) {
      const sweep = new Sweep();
      sweep.hosts(20, of);
      assert.equal(sweep.counted(isLast).length, expected, `${of} ${isLast}`);
    }
  }
});

Deno.test("AnsweredOnce leaves alone what goes to networks that have nothing in common", () => {
  const spread = (perNetwork: number) => {
    const sweep = new Sweep();
    for (let i = 0; i < 12; i++) sweep.hosts(perNetwork, undefined, `198.18.${i}`);
    sweep.hosts(ANSWERED_MIN, undefined, "198.18.0");
    return sweep.counted().length;
  };
  assert.equal(spread(ANSWERED_PER_NETWORK - 1), 0);
  assert.ok(spread(ANSWERED_PER_NETWORK) >= 12 * ANSWERED_PER_NETWORK);
});

Deno.test("AnsweredOnce takes a second answer as use, and a sweep that returns to few hosts as one", () => {
  const again = (count: number) => {
    const sweep = new Sweep();
    sweep.hosts(40, (i) => ({ stage: i < count ? Stage.Again : Stage.Answered }));
    return sweep.counted().length;
  };
  const most = 40 / (ONCE_PER_AGAIN + 1);
  assert.equal(again(most), 40 - most);
  assert.equal(again(most + 1), 0);
  const unanswered = new Sweep();
  unanswered.hosts(40, () => ({ stage: Stage.Open }));
  assert.equal(unanswered.counted().length, 40, "a second question alone is no use");
});

Deno.test("AnsweredOnce leaves out hosts that serve the source otherwise, and its own clients", () => {
  const sweep = new Sweep();
  const slots = sweep.hosts(20);
  sweep.ask("203.0.113.1", { kind: TargetClass.Tcp, port: 443, stage: Stage.Open });
  sweep.ask("203.0.113.2", { port: 53, stage: Stage.Again });
  sweep.ask("203.0.113.3", { port: 500 });
  const { hash, acquaintances, clock } = sweep.memory;
  acquaintances.add(hash.pair(sweep.hash("203.0.113.4"), sweep.hash(SOURCE)), clock.ms);
  assert.deepEqual(sweep.counted(), [slots[2], ...slots.slice(4)]);
});

Deno.test("AnsweredOnce looks again at a source that goes on", () => {
  const sweep = new Sweep();
  const first = sweep.hosts(ANSWERED_MIN);
  sweep.wait(SECOND_LOOK_MS - 100);
  const second = sweep.hosts(ANSWERED_MIN, undefined, "203.0.112");
  sweep.wait(100).once.turn();
  assert.deepEqual(sweep.counted(), [...first, ...second]);
});

Deno.test("AnsweredOnce lets a source wait once for a port, so that one of many answers crowds out no other", () => {
  const sweep = new Sweep();
  const [first] = sweep.hosts(ANSWERED_MIN);
  for (let i = 0; i < WAITING_MAX; i++) sweep.once.note(first);
  const other = sweep.hosts(ANSWERED_MIN, () => ({ source: "198.51.100.9" }), "203.0.112");
  const counted = sweep.counted();
  assert.ok(other.every((slot) => counted.includes(slot)), `${counted}`);
});
