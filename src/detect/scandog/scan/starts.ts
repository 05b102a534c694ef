// Which scans are told, in what order, and what is said of the others. Knows scans and who is behind them;
// nothing of what is told of a scan.
//
// While some wait, a token that comes back is theirs, and goes to the one that did most: who comes first, and
// under how many names, decides nothing.

import type { Telling } from "../../../account.ts";
import type { Emit } from "../../../event.ts";
import type { Memory } from "../memory.ts";
import { isProved } from "../probe/proof.ts";
import { textOf } from "../table/network_prefix.ts";
import { BUDGET_LEVELS, budgetLevel, effortOf } from "./budget.ts";
import { Ration } from "./ration.ts";
import type { Scan } from "./scan.ts";
import { Withheld } from "./withheld.ts";

export class Starts {
  private readonly withheld = new Withheld();
  /** The number of the notice that is next: it names nobody whom an earlier one counted. */
  private notice = 1;
  declare private readonly memory: Memory;
  declare private readonly active: readonly Scan[];
  declare private readonly ration: Ration;

  /** `active`: all scans that go on, now and later. */
  constructor(memory: Memory, emit: Emit, active: readonly Scan[]) {
    this.memory = memory;
    this.active = active;
    this.ration = new Ration(memory, emit, "scan-start");
  }

  /** True when the scan may be told; else it is counted, and waits for its turn or to have done more. */
  ask(scan: Scan): boolean {
    const { subjects, options, clock } = this.memory;
    scan.waitLevel = -1;
    if (subjects.scans.of(scan.primary) >= options.sourceAlerts) {
      this.withhold(scan, "source-alerts");
      return false;
    }
    const level = this.level(scan);
    if (this.waitingAt(level).length === 0 && this.ration.budget.take(level, clock.ms)) {
      this.told(scan);
      return true;
    }
    scan.waitLevel = level;
    this.withhold(scan, "budget");
    return false;
  }

  private waitingAt(level: number): Scan[] {
    return this.active.filter(({ waitLevel }) => waitLevel === level);
  }

  /** The scan whose turn has come: the one that did most. It is to be told; undefined: none. */
  next(): Scan | undefined {
    const { ms } = this.memory.clock;
    for (let level = BUDGET_LEVELS - 1; level >= 0; level--) {
      const waiting = this.waitingAt(level);
      if (waiting.length === 0 || !this.ration.budget.has(level, ms)) continue;
      const most = waiting.reduce((most, scan) => scan.effort() > most.effort() ? scan : most);
      most.waitLevel = -1;
      this.ration.budget.take(level, ms);
      this.told(most);
      return most;
    }
    return undefined;
  }

  /** In how many milliseconds there is one to be told, or something to be said, if nothing comes. */
  dueMs(): number {
    const { ms } = this.memory.clock;
    const turnsMs = this.active.filter(({ waitLevel }) => waitLevel >= 0)
      .map(({ waitLevel }) => this.ration.budget.dueMs(waitLevel, ms));
    return Math.min(this.ration.dueMs(), ...turnsMs);
  }

  /** True for a scan that waits and would now be asked for elsewhere: it has done more, or was proved real. */
  hasRisen(scan: Scan): boolean {
    return scan.waitLevel >= 0 && this.level(scan) !== scan.waitLevel;
  }

  /** The scan ends, or must not be told. */
  leave(scan: Scan): void {
    scan.waitLevel = -1;
    this.note(scan);
  }

  /** The effort of who was found at so many attempts; more than any where the source is proved real. */
  effortOf(subject: number, attempts: number, slow: boolean): number {
    return effortOf(attempts, slow, isProved(this.memory.subjects.proof.of(subject)));
  }

  private level({ primary, attempts, slow }: Scan): number {
    return budgetLevel(this.effortOf(primary, attempts, slow));
  }

  private told(scan: Scan): void {
    const { subjects } = this.memory;
    const { primary } = scan;
    subjects.scans.add(primary, 1);
    if (scan.withheldIn === 0) return;
    scan.withheldIn = 0;
    const wasCounted = this.withheld.remove(this.memory.hashOf(primary), subjects.text(primary));
    if (wasCounted) this.ration.refused--;
  }

  /** Counts a scan that is not told; `why`: what is told of that. */
  withhold(scan: Scan, why: Telling): void {
    scan.withheldIn = this.notice;
    this.count(scan.primary, scan.endUs);
    this.note(scan);
    this.memory.account?.told(scan, why);
  }

  /** A scan of so many attempts was found for which there is no place. Its source asks again as it goes on. */
  unplaced(subject: number, attempts: number): void {
    const { subjects, table, clock } = this.memory;
    this.count(subject, clock.lastUs);
    const latest = subjects.head.of(subject) - 1;
    if (latest < 0) return;
    const at = table.targetAt(latest);
    this.noteMost(subject, table.words.subarray(at, at + 4), attempts);
  }

  /** Counts a subject that is not told of, once. */
  private count(subject: number, timeUs: number): void {
    if (this.withheld.add(this.memory.hashOf(subject))) this.ration.refuse(timeUs);
  }

  private note({ primary, destination, attempts, withheldIn }: Scan): void {
    if (withheldIn === this.notice) this.noteMost(primary, destination, attempts);
  }

  private noteMost(subject: number, target: Int32Array, attempts: number): void {
    if (!this.withheld.isMuch(attempts)) return;
    const source = this.memory.subjects.text(subject);
    this.withheld.note({ source, destination: textOf(target), attempts });
  }

  /** Says, when it is time, how many were not told and which of them did most. */
  turn(): void {
    if (this.ration.dueMs() <= 0) this.finish();
  }

  /** Says it now. */
  finish(): void {
    if (this.ration.refused === 0) return;
    for (const scan of this.active) this.note(scan);
    this.ration.finish(this.withheld.take());
    this.notice++;
  }
}
