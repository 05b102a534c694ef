// The scandog detector: records in, scans out. Observes each record, judges what became of attempts, and looks
// after time. Knows no rule and no threshold of its own.

import type { DetectorOptions } from "../../detector.ts";
import type { Emit } from "../../event.ts";
import type { Records } from "../../record.ts";
import { Misuse } from "./beside/misuse/misuse.ts";
import { RECORD_BYTES } from "../../record.ts";
import type { Clock } from "./clock.ts";
import { Judge } from "./judge.ts";
import { Memory } from "./memory.ts";
import { Observer } from "./observe/observer.ts";
import { isProbeable } from "./observe/probeable.ts";
import { checkOptions, type ScandogOptions, takeOptions } from "./options.ts";
import { Mark } from "./table/attempt_state.ts";
import { Change } from "./table/outcome_queue.ts";
import { noteUse } from "./table/uses.ts";
import { View } from "./view.ts";

/** How often scans and floods are looked at. */
const TURN_MS = 500;
const LONG_PAUSE_MS = 10_000;
/** Attempts judged at most for each millisecond that passed, and in all, so that no packet pays for a long pause. */
const JUDGED_PER_MS = 64;
const JUDGED_MAX = 1024;

export class ScandogDetector {
  declare private readonly records: Records;
  declare private readonly memory: Memory;
  declare private readonly clock: Clock;
  declare private readonly observer: Observer;
  declare private readonly judge: Judge;
  declare private readonly misuse: Misuse;
  /** The record at hand. */
  private base = 0;
  private judgedMs = 0;
  private turnMs = 0;

  /** `records`: where `process` finds them. Throws a RangeError for impossible options. */
  constructor(records: Records, options: ScandogOptions, emit: Emit) {
    checkOptions(options);
    this.records = records;
    // Its own, which `reconfigure` changes.
    this.memory = new Memory({ ...options });
    this.clock = this.memory.clock;
    const view = new View(this.memory);
    this.observer = new Observer(this.memory, view, records);
    this.judge = new Judge(this.memory, view, emit);
    this.misuse = new Misuse(this.memory, emit);
    options.account?.open(this.memory);
  }

  /** What scanners found open, and who came back to it. */
  get visits(): Judge["visits"] {
    return this.judge.visits;
  }

  /** See `Detector`: thresholds, weights and whom to pass over may change, what tables hold may not. */
  reconfigure(options: DetectorOptions): boolean {
    return takeOptions(this.memory.options, options);
  }

  /** See `isProbeable`. */
  isProbeable(base: number): boolean {
    return isProbeable(this.records, base);
  }

  /** Takes `count` records that lie in a row from byte offset `base` on. Allocates nothing. */
  process(base: number, count: number): void {
    const end = base + count * RECORD_BYTES;
    const { records, clock, observer } = this;
    const { rows, ahead } = observer;
    ahead.begin();
    for (let at = base; at < end; at += RECORD_BYTES) {
      if (clock.ms === this.judgedMs) {
        const next = rows.pass(at, end);
        if (next !== at) clock.advance(records.timeUs(next - RECORD_BYTES));
        if (next === end) return;
        at = next;
      }
      clock.advance(records.timeUs(at));
      if (clock.ms !== this.judgedMs) this.judgeSilence();
      this.base = at;
      ahead.look(at, end);
      observer.observe(at);
      this.judgeOutcomes();
    }
  }

  /**
   * No packet came, but time passed: what waits for an answer is judged, and scans that fell silent
   * end. For live capture; microseconds since 1970.
   */
  advance(timeUs: number): void {
    this.clock.advance(timeUs);
    this.judgeDue();
    this.turn();
  }

  /** See `Detector`. */
  dueUs(): number {
    const dueMs = Math.min(
      this.observer.attempts.waiting.dueMs(),
      this.judge.dueMs(),
      this.misuse.dueMs(),
    );
    // What packets have made due already waits for no clock.
    if (dueMs <= 0) return -Infinity;
    // Before the first packet there is no time to count from.
    return dueMs === Infinity ? Infinity : this.clock.lastUs + dueMs * 1000;
  }

  /** The capture has ended: what still waits is judged, and every scan ends. */
  finish(): void {
    const { silence, attempts: { waiting } } = this.observer;
    this.judgeUnfollowed();
    for (this.judgeOutcomes(); waiting.size > 0; this.judgeOutcomes()) silence.settleOldest();
    do this.judgeOutcomes(); while (this.judge.hurry());
    this.judgeOutcomes();
    this.judge.flood.finish();
    this.misuse.finish();
    this.judge.finish();
  }

  /** Judges what became of attempts, in the order in which it came. */
  private judgeOutcomes(): void {
    const { outcomes } = this.memory;
    while (outcomes.next()) this.judgeOne(outcomes.slot, outcomes.change, outcomes.value);
  }

  private judgeOne(slot: number, change: number, value: number): void {
    const { table, outcomes } = this.memory;
    const { records, base, judge, observer: { attempts } } = this;
    switch (change) {
      case Change.Displaced:
        if (table.has(slot, Mark.Pending)) this.observer.silence.settle(slot);
        outcomes.push(slot, Change.GaveWay);
        outcomes.push(slot, Change.Released);
        return;
      case Change.Overdue:
        return this.observer.silence.settle(slot);
      case Change.AnswerOf:
        return noteUse(this.memory, attempts.packet.to, value);
      case Change.Unasked:
        return this.misuse.answers.segment(records, base, value);
      case Change.UnaskedError:
        return this.misuse.answers.error(records, base);
      case Change.ResetAnswer:
        return judge.zombies.reset(records, base, value);
      case Change.ResetUnasked:
        return judge.zombies.unasked(records, base, value);
      case Change.SynAgain:
        return judge.zombies.askedAgain(records, base, value);
      case Change.Unfollowed:
        return judge.flood.unfollowed(attempts.unfollowed.complete);
      case Change.FloodAgain:
        return judge.flood.cameAgain(records.i32, records.destinationAt(base), value);
      case Change.FloodAnswer:
        return judge.flood.answered(
          records.i32,
          records.sourceAt(base),
          value,
          records.sourcePort(base),
        );
      case Change.FloodingAnswer:
        return judge.flood.unasked(attempts.answer(value), attempts.packet.from);
      case Change.VictimAsks:
        return judge.flood.asks(records.i32, records.sourceAt(base), value);
      case Change.UnseenUsed:
        judge.flood.asks(table.words, table.sourceAt(slot), table.sourceHash(slot));
        return this.misuse.used(slot);
      default:
        return judge.take(slot, change, value);
    }
  }

  /** Hands on what was not followed, without waiting for more. */
  private judgeUnfollowed(): void {
    this.judge.flood.unfollowed(this.observer.attempts.unfollowed.takeRest());
  }

  /** Once a millisecond is often enough for what waits seconds. */
  private judgeSilence(): void {
    const most = Math.min(JUDGED_MAX, JUDGED_PER_MS * this.clock.since(this.judgedMs));
    this.judgedMs = this.clock.ms;
    this.judgeDue(most);
    if (this.clock.since(this.turnMs) >= TURN_MS) this.turn();
  }

  /** What has waited long enough for an answer, so many at most. */
  private judgeDue(most = Infinity): void {
    const { silence, attempts: { waiting } } = this.observer;
    for (let i = 0; i < most && waiting.isDue(); i++) {
      silence.settleOldest();
      this.judgeOutcomes();
    }
  }

  private turn(): void {
    this.judgeUnfollowed();
    // A flood is told while its attempts by the thousand wait to be judged.
    this.judge.flood.turn();
    // After a pause so long, live capture has judged all that waited: see `advance`. A replay does so now.
    if (this.clock.since(this.turnMs) >= LONG_PAUSE_MS) this.judgeDue();
    // What waits for silence is judged first, or a scan would end before its last attempts.
    if (this.observer.attempts.waiting.isDue()) return;
    this.turnMs = this.clock.ms;
    this.judge.turnSecondLook();
    this.judgeOutcomes();
    this.misuse.turn();
    this.judge.turn();
  }
}
