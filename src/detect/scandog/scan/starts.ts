// Which scans are told, and what is said of the others. Knows scans and who is behind them; nothing of what is
// told of a scan.

import { Told } from "../account/account.ts";
import type { Memory } from "../memory.ts";
import { isProved } from "../probe/proof.ts";
import { Budget, budgetLevel, effortOf } from "./budget.ts";
import type { Notices } from "./notices.ts";
import type { Scan } from "./scan.ts";
import { Turns } from "./turns.ts";
import { Withheld } from "./withheld.ts";

export class Starts {
  private readonly withheld = new Withheld();
  declare private readonly memory: Memory;
  declare private readonly turns: Turns;

  constructor(memory: Memory) {
    const { alertBurst, alertRefill } = memory.options;
    this.memory = memory;
    this.turns = new Turns(new Budget(alertBurst, alertRefill * 1000));
  }

  /** True when the scan may be told; else it is counted, and waits for its turn or to have done more. */
  ask(scan: Scan): boolean {
    const { subjects, options, clock } = this.memory;
    const isTooMany = subjects.scans.of(scan.primary) >= options.sourceAlerts;
    if (isTooMany) this.turns.leave(scan);
    else if (this.turns.ask(scan, this.level(scan), clock.ms)) {
      this.told(scan);
      return true;
    }
    this.withhold(scan, isTooMany ? Told.SourceAlerts : Told.Budget);
    return false;
  }

  /** The scan whose turn has come, of these; undefined: none. It is to be told. */
  next(scans: readonly Scan[]): Scan | undefined {
    const scan = this.turns.next(scans, this.memory.clock.ms);
    if (scan !== undefined) this.told(scan);
    return scan;
  }

  /** In how many milliseconds one of those that wait is to be told, if nothing comes. */
  dueMs(): number {
    return this.turns.dueMs(this.memory.clock.ms);
  }

  /** True for a scan that waits and would now be asked for elsewhere: it has done more, or was proved real. */
  hasRisen(scan: Scan): boolean {
    return scan.waitLevel >= 0 && this.level(scan) !== scan.waitLevel;
  }

  /** The scan ends, or must not be told. */
  leave(scan: Scan): void {
    this.turns.leave(scan);
    if (scan.suppressed) this.note(scan);
  }

  /** The effort of who was found at so many attempts; more than any where the source is proved real. */
  effortOf(subject: number, attempts: number, slow: boolean): number {
    return this.isProved(subject) ? Infinity : effortOf(attempts, slow);
  }

  private level(scan: Scan): number {
    return budgetLevel(scan.effort(), this.isProved(scan.primary));
  }

  private isProved(subject: number): boolean {
    return isProved(this.memory.subjects.proof.of(subject));
  }

  private told(scan: Scan): void {
    const { subjects } = this.memory;
    subjects.scans.set(scan.primary, subjects.scans.of(scan.primary) + 1);
    if (!scan.suppressed) return;
    scan.suppressed = false;
    this.withheld.remove(
      this.hashOf(scan.primary),
      subjects.words,
      subjects.addressAt(scan.primary),
    );
  }

  /** Counts a scan that is not told; `why`: one of `Told`. */
  withhold(scan: Scan, why: number): void {
    scan.suppressed = true;
    this.withheld.add(this.hashOf(scan.primary), scan.endUs);
    this.note(scan);
    this.memory.account?.told(scan, why);
  }

  private note(scan: Scan): void {
    const { subjects } = this.memory;
    const at = subjects.addressAt(scan.primary);
    this.withheld.note(subjects.words, at, scan.destination, 0, scan.attempts);
  }

  /** A scan of so many attempts was found for which there is no place. Its source asks again as it goes on. */
  unplaced(subject: number, attempts: number): void {
    const { subjects, table, clock } = this.memory;
    this.withheld.add(this.hashOf(subject), clock.lastUs);
    const latest = subjects.head.of(subject) - 1;
    if (latest < 0) return;
    const at = subjects.addressAt(subject);
    this.withheld.note(subjects.words, at, table.words, table.targetAt(latest), attempts);
  }

  private hashOf(subject: number): number {
    const { subjects, hash } = this.memory;
    return hash.address(subjects.words, subjects.addressAt(subject));
  }

  /** True when `say` has something to say. */
  hasWithheld(): boolean {
    return this.withheld.count > 0;
  }

  /** Says how many were not told, and which of them did most; `active`: all scans that go on. False: none. */
  say(notices: Notices, active: readonly Scan[]): boolean {
    const { count, fromUs } = this.withheld;
    if (count === 0) return false;
    for (const scan of active) if (scan.suppressed) this.note(scan);
    notices.say("scan-start", count, fromUs, this.withheld.take());
    return true;
  }
}
