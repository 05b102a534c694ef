// The account of `scandog explain`: notes what the detector decides, for each source. Only reads the
// detector's tables, so that the detector does what it does without it. Makes no decision of its own.
//
// Of an attempt in a slot it keeps a few numbers, in arrays as long as the table of attempts;
// totals are exact, lists bounded.

import { formatAddress, type Prefix } from "../../../address.ts";
import {
  type AttemptAccount,
  type Explanation,
  OUTCOMES,
  type ScanAccount,
  SHAPES,
  type Telling,
  type Threshold,
} from "../../../account.ts";
import { Decision, DECISIONS } from "../../../decision.ts";
import { TARGET_NAMES } from "../../../outcome.ts";
import { HOST_CLASSES, PORT_CLASSES } from "../../../failure_class.ts";
import { classOf, isHostClass, portOf } from "../probe/classes.ts";
import { techniqueNames } from "../probe/techniques.ts";
import type { Scan } from "../scan/scan.ts";
import { type Reached, ShapeCode } from "../shape/shapes.ts";
import { type Account, type AccountTables, type GroupReached } from "./account.ts";
import { AccountSources } from "./account_sources.ts";
import type { Note, Rank } from "./attempt_list.ts";
import type { SourceNotes } from "./source_notes.ts";
import { OUTCOME_SHIFT } from "../table/attempt_state.ts";
import { thresholdOf } from "./thresholds.ts";

export interface AccountOptions {
  /** The sources that notes are kept of; empty: all. */
  only: readonly Prefix[];
  /** Attempts listed one by one, of each source. */
  listMax: number;
}

export class KeptAccount implements Account {
  declare readonly sources: AccountSources;
  declare private tables: AccountTables;
  /** By slot: outcome, decision, and what was counted. */
  declare private outcomes: Uint8Array;
  declare private decisions: Uint8Array;
  declare private weights: Uint16Array;
  declare private points: Uint16Array;
  /** By slot: attempts that are listed. */
  private readonly notes = new Map<number, Note>();
  /** Accounts of the scans that go on, by place. */
  private readonly scans: ScanAccount[] = [];
  /** What was last reached by a source, or several; and by a network. */
  private ownReached: Threshold[] = [];
  private networkReached: Threshold[] = [];
  private gatedCount = 0;
  declare private readonly options: AccountOptions;

  constructor(options: AccountOptions) {
    this.options = options;

    this.sources = new AccountSources(options.only, options.listMax);
  }

  open(tables: AccountTables): void {
    this.tables = tables;
    const { slots: capacity } = tables.table;
    this.outcomes = new Uint8Array(capacity);
    this.decisions = new Uint8Array(capacity);
    this.weights = new Uint16Array(capacity);
    this.points = new Uint16Array(capacity);
  }

  private sourceOf(slot: number): SourceNotes | undefined {
    const { table } = this.tables;
    return this.sources.of(table.bytes, table.sourceAt(slot) * 4);
  }

  private sourceOfSubject(subject: number): SourceNotes | undefined {
    const { subjects } = this.tables;
    return this.sources.find(subjects.bytes, subjects.addressAt(subject) * 4);
  }

  // ---- Attempts

  begun(slot: number): void {
    this.notes.delete(slot);
    this.outcomes[slot] = this.weights[slot] = this.points[slot] = 0;
    this.decisions[slot] = Decision.Undecided;
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    source.begun(this.tables.table.firstUs(slot));
    this.note(slot, source);
  }

  settled(slot: number, why: number): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    source.outcomes[this.outcomes[slot]]--;
    this.outcomes[slot] = this.tables.table.outcome(slot) >>> OUTCOME_SHIFT;
    source.outcomes[this.outcomes[slot]]++;
    // What was counted before it was found harmless stays counted.
    if (why !== Decision.Undecided && this.decisions[slot] === Decision.Undecided) {
      this.decide(slot, why, source);
    }
    this.renew(slot);
  }

  decided(slot: number, why: number): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    if (why === Decision.TakenBack) {
      source.totals.weight -= this.weights[slot];
      source.totals.points -= this.points[slot];
      this.weights[slot] = this.points[slot] = 0;
    }
    this.decide(slot, why, source);
  }

  private decide(slot: number, why: number, source: SourceNotes): void {
    source.decisions[this.decisions[slot]]--;
    this.decisions[slot] = why;
    source.decisions[why]++;
    this.note(slot, source);
  }

  weighed(
    slot: number,
    weight: number,
    points: number,
    portClass: number,
    hostClass: number,
  ): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    this.weights[slot] += weight;
    this.points[slot] += points;
    source.totals.weight += weight;
    source.totals.points += points;
    this.decide(slot, Decision.Counted, source);
    const note = this.notes.get(slot);
    if (note === undefined) return;
    note.account.weighed = {
      weight: this.weights[slot],
      points: this.points[slot],
      portRule: PORT_CLASSES[portClass].name,
      hostRule: HOST_CLASSES[hostClass].name,
    };
  }

  scanned(slot: number, scan: Scan): void {
    const account = this.scans[scan.index()];
    if (account !== undefined) account.attempts++;
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    this.decide(slot, Decision.Scanned, source);
    const note = this.notes.get(slot);
    if (note !== undefined) note.account.scan = scan.number;
  }

  gated(bytes: Uint8Array, at: number): void {
    this.gatedCount++;
    const find = this.options.only.length > 0 ? this.sources.of : this.sources.find;
    const source = find.call(this.sources, bytes, at);
    if (source !== undefined) source.totals.gated++;
  }

  // ---- Shapes

  reached(slot: number, subject: number, shapes: readonly Reached[]): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    const { destination, target, port } = this.attempt(slot);
    const targetText = port === undefined ? target : `${target} ${port}`;
    const isNetwork = this.tables.subjects.width.of(subject) !== 0;
    const near = shapes.map((shape) => thresholdOf(shape, destination, targetText, isNetwork));
    if (isNetwork) this.networkReached = near;
    else this.ownReached = near;
    for (const threshold of near) source.near(threshold);
  }

  overlooked(slot: number): void {
    if (this.sourceOf(slot) === undefined) return;
    for (const near of this.networkReached) {
      if (near.reached >= near.enough) near.held ??= "neighbours";
    }
  }

  grouped(subject: number, group: GroupReached): void {
    const { shape, reached, enough, sources, isScan } = group;
    const threshold = { rule: SHAPES[shape], reached, enough, sources };
    this.ownReached = [threshold];
    if (sources < 2) return;
    const held = reached >= enough && !isScan ? { held: "sources" as const } : {};
    this.sourceOfSubject(subject)?.near({ ...threshold, ...held });
  }

  happened(subject: number, what: "dismissed" | "restarts"): void {
    const source = this.sourceOfSubject(subject);
    if (source !== undefined) source.totals[what]++;
  }

  // ---- Scans

  joined(scan: Scan, subject: number): void {
    const { subjects, clock } = this.tables;
    const address = subjects.text(subject);
    let account = this.scans[scan.index()];
    if (account === undefined || account.scan !== scan.number) {
      account = {
        scan: scan.number,
        rule: SHAPES[scan.foundBy],
        reached: this.reachedBy(scan.foundBy),
        beganUs: clock.lastUs,
        slow: scan.slow,
        named: address,
        sources: 0,
        decoy: scan.kindOfSources === "decoy",
        attempts: 0,
      };
      this.scans[scan.index()] = account;
    }
    account.sources++;
    this.sources.of(subjects.bytes, subjects.addressAt(subject) * 4)?.joined(account);
  }

  /** What was reached of the shape that a scan was found by. */
  private reachedBy(shape: number): Threshold | undefined {
    if (shape !== ShapeCode.Network) {
      return this.ownReached.find((near) => near.rule === SHAPES[shape]);
    }
    return this.networkReached.find(({ reached, enough }) => reached >= enough);
  }

  told(scan: Scan, telling: Telling): void {
    const account = this.scans[scan.index()];
    if (account === undefined) return;
    const { subjects } = this.tables;
    account.telling = telling;
    account.slow = scan.slow;
    if (telling !== "told") return;
    const at = subjects.addressAt(scan.primary) * 4;
    account.named = subjects.text(scan.primary);
    const source = this.sources.of(subjects.bytes, at);
    if (source !== undefined) source.totals.scanned = true;
  }

  // ---- Lists

  private attempt(slot: number): AttemptAccount {
    const { table } = this.tables;
    const key = table.key.of(slot);
    const targetClass = classOf(key);
    const sourcePort = table.sourcePort.of(slot);
    return {
      source: formatAddress(table.bytes, table.sourceAt(slot) * 4),
      ...(sourcePort !== 0 && !isHostClass(targetClass) ? { sourcePort } : {}),
      destination: formatAddress(table.bytes, table.targetAt(slot) * 4),
      target: TARGET_NAMES[targetClass - 1],
      ...(isHostClass(targetClass) ? {} : { port: portOf(key) }),
      timeUs: table.firstUs(slot),
      techniques: techniqueNames(table.techniques.of(slot)),
      outcome: OUTCOMES[this.outcomes[slot]],
      decision: DECISIONS[this.decisions[slot]].name,
    };
  }

  /** Notes the attempt one by one if it may be listed, or what has changed about it. */
  private note(slot: number, source: SourceNotes): void {
    if (this.options.listMax === 0) return;
    const rank = rankOf(this.decisions[slot]);
    let note = this.notes.get(slot);
    if (note === undefined || note.rank < 0) {
      note = { account: this.attempt(slot), rank };
      if (this.sources.list(source, note)) this.notes.set(slot, note);
      return;
    }
    if (note.rank !== rank) {
      note.rank = rank;
      source.attempts.ranked(note);
    }
    this.renew(slot);
  }

  /** Techniques and ports are known only after an attempt has begun, and may change. */
  private renew(slot: number): void {
    const note = this.notes.get(slot);
    if (note !== undefined) Object.assign(note.account, this.attempt(slot));
  }

  /** Everything that was noted. */
  explanation(): Omit<Explanation, "absent" | "floods"> {
    for (const slot of this.notes.keys()) this.renew(slot);
    const withPackets = this.options.only.length > 0;
    return {
      sources: this.sources.all().map((notes) => notes.account(withPackets)),
      leftOut: this.sources.leftOut,
      gated: this.gatedCount,
    };
  }
}

/** Which attempts are listed before others: 2 counts, 1 failed, 0 is of no concern. */
function rankOf(decision: number): Rank {
  switch (decision) {
    case Decision.Counted:
    case Decision.Scanned:
      return 2;
    case Decision.Undecided:
    case Decision.Used:
    case Decision.UsedUnseen:
      return 0;
    default:
      return 1;
  }
}
