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

Deno.test("AnsweredOnce looks at one source after the other when a capture ends, and says whether one more waits", () => {
  const sweep = new Sweep();
  assert.equal(sweep.once.hurry(), false, "none waits");
  const ofTwo = [1, 2].map((i) =>
    sweep.hosts(ANSWERED_MIN, () => ({ source: `198.51.100.${i}` }), `203.0.${i}`)
  );
  const counted = () => {
    const slots: number[] = [];
    while (sweep.memory.outcomes.next()) slots.push(sweep.memory.outcomes.slot);
    return slots;
  };
  assert.equal(sweep.once.hurry(), true);
  assert.deepEqual(counted(), ofTwo[0]);
  assert.equal(sweep.once.hurry(), false);
  assert.deepEqual(counted(), ofTwo[1]);
});

Deno.test("AnsweredOnce leaves out what one source uses of a host for that source alone", () => {
  const sweep = new Sweep();
  const [first, second] = [1, 2].map((i) =>
    sweep.hosts(ANSWERED_MIN + 1, () => ({ source: `198.51.100.${i}` }))
  );
  sweep.ask("203.0.113.1", {
    source: "198.51.100.1",
    kind: TargetClass.Tcp,
    port: 443,
    stage: Stage.Open,
  });
  assert.deepEqual(sweep.counted(), [...first.slice(1), ...second]);
});

Deno.test("AnsweredOnce leaves out what was refused since, and what a scan that goes on has counted", () => {
  const sweep = new Sweep();
  const { table, stories } = sweep.memory;
  const slots = sweep.hosts(12);
  table.setOutcome(slots[0], Outcome.Refused);
  stories.begin(7000);
  stories.begin(8001);
  stories.end(8001);
  table.scan.set(slots[1], 7000);
  table.scan.set(slots[2], 8001);
  table.mark(slots[3], Mark.Counted);
  table.unmark(slots[4], Mark.Replied);
  assert.deepEqual(sweep.counted(), [slots[2], ...slots.slice(5)]);
});

Deno.test("AnsweredOnce goes back no further than to a place that was taken over", () => {
  for (const isOthers of [true, false]) {
    const sweep = new Sweep();
    const other = sweep.ask("203.0.113.99", { source: "198.51.100.9" });
    const slots = sweep.hosts(ANSWERED_MIN);
    sweep.memory.table.earlier.set(slots[0], (isOthers ? other : slots[5]) + 1);
    assert.deepEqual(sweep.counted(), slots);
  }
});

Deno.test("AnsweredOnce wants three of four from one socket, or of one question, or unwanted", () => {
  const kinds: ((i: number, isAlike: boolean) => Asked)[] = [
    (i, isAlike) => ({ sourcePort: isAlike ? 40_000 : 41_000 + i, payload: 100 + i }),
    (i, isAlike) => ({ sourcePort: 41_000 + i, payload: isAlike ? 40 : 100 + i }),
    (i, isAlike) => ({
      sourcePort: 41_000 + i,
      payload: 100 + i,
      marks: isAlike ? Mark.Unwanted : 0,
    }),
  ];
  for (const [kind, of] of kinds.entries()) {
    for (const [alike, counted] of [[14, 0], [15, 20]]) {
      for (const isFirst of [true, false]) {
        const sweep = new Sweep();
        sweep.hosts(20, (i) => of(i, isFirst ? i < alike : i >= 20 - alike));
        assert.equal(sweep.counted().length, counted, `kind ${kind}: ${alike}, ${isFirst}`);
      }
    }
  }
});

Deno.test("AnsweredOnce wants four hosts of each network, of one source", () => {
  for (const [more, counted] of [[0, 0], [1, 12]]) {
    const sweep = new Sweep();
    sweep.hosts(20, () => ({ source: "198.51.100.1" }), "203.0.1");
    sweep.hosts(20, () => ({ source: "198.51.100.1" }), "203.0.2");
    const first = sweep.counted().length;
    assert.equal(first, 40);
    // The other's networks are three, whoever asked there before.
    sweep.hosts(3, undefined, "203.0.1");
    sweep.hosts(4, undefined, "203.0.2");
    sweep.hosts(4 + more, undefined, "203.0.3");
    assert.equal(sweep.counted().length, counted, `${11 + more} of three networks`);
  }
});

Deno.test("AnsweredOnce counts the oldest 256 of a source: a story takes over what else belongs to it", () => {
  const sweep = new Sweep();
  const slots = [...sweep.hosts(200), ...sweep.hosts(100, undefined, "203.0.112")];
  assert.deepEqual(sweep.counted(), slots.slice(0, 256));
});

Deno.test("AnsweredOnce looks at eight sources in a turn, those that wait longest", () => {
  const sweep = new Sweep();
  const all = Array.from(
    { length: 9 },
    (_, i) => sweep.hosts(ANSWERED_MIN, () => ({ source: `198.51.100.${i}` }), `203.0.${i}`),
  );
  assert.deepEqual(sweep.counted(), all.slice(0, 8).flat());
  assert.deepEqual(sweep.counted(), all[8]);
});

Deno.test("AnsweredOnce lets a source wait once for a port, so that one of many answers crowds out no other", () => {
  const sweep = new Sweep();
  const [first] = sweep.hosts(ANSWERED_MIN);
  for (let i = 0; i < WAITING_MAX; i++) sweep.once.note(first);
  const other = sweep.hosts(ANSWERED_MIN, () => ({ source: "198.51.100.9" }), "203.0.112");
  const counted = sweep.counted();
  assert.ok(other.every((slot) => counted.includes(slot)), `${counted}`);
});
