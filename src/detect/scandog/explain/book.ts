// The ledger of `scandog explain`: notes what the detector decides, for each source. Only reads the
// detector's tables, so that the detector does what it does without it. Makes no decision of its own.
//
// Of an attempt in a slot it keeps a few numbers, in arrays as long as the table of conversations;
// totals are exact, lists bounded.

import { formatAddress, type Prefix } from "../../../address.ts";
import {
  type AttemptAccount,
  type Decision,
  DECISIONS,
  type Explanation,
  HOST_RULES,
  OUTCOMES,
  PORT_RULES,
  type PortRuleName,
  RULES,
  type ScanAccount,
  type TargetName,
  TELLINGS,
  type Threshold,
} from "../../../account.ts";
import { Field } from "../../../record.ts";
import { Actor } from "../table/actors.ts";
import { classOf, isHostClass, portOf, TargetClass } from "../probe/classes.ts";
import { Word } from "../table/conversations.ts";
import { type GroupReached, type Ledger, type LedgerTables, Told, Why } from "../ledger.ts";
import { Rule } from "../rules/rules.ts";
import type { Scan } from "../scan/scan.ts";
import { techniqueNames } from "../probe/techniques.ts";
import type { Note } from "./attempt_list.ts";
import { nearness } from "./nearness.ts";
import type { SourceNotes } from "./source_notes.ts";
import { Sources } from "./sources.ts";

export interface BookOptions {
  /** The sources that notes are kept of; empty: all. */
  only: readonly Prefix[];
  /** Attempts listed one by one, of each source. */
  listMax: number;
}

/** `Verdict` is in the fourth to sixth bit of a state. */
const VERDICT_SHIFT = 3;
const TARGETS: Record<number, TargetName> = {
  [TargetClass.Tcp]: "tcp",
  [TargetClass.Udp]: "udp",
  [TargetClass.Sctp]: "sctp",
  [TargetClass.IcmpEcho]: "ping",
  [TargetClass.IcmpTimestamp]: "timestamp",
  [TargetClass.IcmpMask]: "mask",
  [TargetClass.IpProtocol]: "protocol",
  [TargetClass.Arp]: "arp",
};

export class Book implements Ledger {
  declare readonly sources: Sources;
  declare private tables: LedgerTables;
  /** By slot: verdict, decision, and what was counted. */
  declare private verdicts: Uint8Array;
  declare private decisions: Uint8Array;
  declare private weights: Uint16Array;
  declare private points: Uint16Array;
  /** By slot: attempts that are listed. */
  private readonly notes = new Map<number, Note>();
  /** Scans that go on, and of each the account. */
  private readonly scans = new Map<Scan, ScanAccount>();
  /** What was reached when the rules were last asked about a source, or several; and a network. */
  private reached: Threshold[] = [];
  private networkReached: Threshold[] = [];
  private gatedCount = 0;
  declare private readonly options: BookOptions;

  constructor(options: BookOptions) {
    this.options = options;

    this.sources = new Sources(options.only, options.listMax);
  }

  open(tables: LedgerTables): void {
    this.tables = tables;
    const { capacity } = tables.table;
    this.verdicts = new Uint8Array(capacity);
    this.decisions = new Uint8Array(capacity);
    this.weights = new Uint16Array(capacity);
    this.points = new Uint16Array(capacity);
  }

  private sourceOf(slot: number): SourceNotes | undefined {
    const { table } = this.tables;
    return this.sources.of(table.bytes, table.addressAt(slot, Word.Initiator) * 4);
  }

  private sourceOfActor(actor: number): SourceNotes | undefined {
    const { actors } = this.tables;
    return this.sources.find(actors.bytes, actors.addressAt(actor) * 4);
  }

  // ---- Attempts

  begun(slot: number): void {
    this.notes.delete(slot);
    this.verdicts[slot] = this.weights[slot] = this.points[slot] = 0;
    this.decisions[slot] = Why.Undecided;
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    source.begun(this.tables.table.firstUs(slot));
    this.note(slot, source);
  }

  settled(slot: number, why: number): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    source.outcomes[this.verdicts[slot]]--;
    this.verdicts[slot] = this.tables.table.verdict(slot) >>> VERDICT_SHIFT;
    source.outcomes[this.verdicts[slot]]++;
    // What was counted before it was found harmless stays counted.
    if (why !== Why.Undecided && this.decisions[slot] === Why.Undecided) {
      this.decide(slot, why, source);
    }
    this.renew(slot);
  }

  decided(slot: number, why: number): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    if (why === Why.TakenBack) {
      source.weight -= this.weights[slot];
      source.points -= this.points[slot];
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

  weighed(slot: number, weight: number, points: number, portRule: number, hostRule: number): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    this.weights[slot] += weight;
    this.points[slot] += points;
    source.weight += weight;
    source.points += points;
    this.decide(slot, Why.Counted, source);
    const note = this.notes.get(slot);
    if (note === undefined) return;
    note.account.weighed = {
      weight: this.weights[slot],
      points: this.points[slot],
      // What weighs nothing by its own rule is never weighed.
      portRule: PORT_RULES[portRule] as PortRuleName,
      hostRule: HOST_RULES[hostRule],
    };
  }

  scanned(slot: number, scan: Scan): void {
    const account = this.scans.get(scan);
    if (account !== undefined) account.attempts++;
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    this.decide(slot, Why.Scanned, source);
    const note = this.notes.get(slot);
    if (note !== undefined) note.account.scan = scan.number;
  }

  gated(base: number): void {
    this.gatedCount++;
    const { bytes } = this.tables.records;
    const find = this.options.only.length > 0 ? this.sources.of : this.sources.find;
    const source = find.call(this.sources, bytes, base + Field.Source);
    if (source !== undefined) source.gated++;
  }

  // ---- Rules

  asked(slot: number, actor: number, host: number, port: number): void {
    const source = this.sourceOf(slot);
    if (source === undefined) return;
    const { destination, target, port: number } = this.attempt(slot);
    const targetText = number === undefined ? target : `${target} ${number}`;
    const { actors } = this.tables;
    // The rules about networks do not ask.
    const isDatagram = target === "udp" && actors.get(actor, Actor.IsNetwork) === 0;
    const near = nearness(this.tables, {
      actor,
      host,
      port,
      isDatagram,
      hostText: destination,
      targetText,
    });
    if (near.some(({ network }) => network)) this.networkReached = near;
    else this.reached = near;
    for (const threshold of near) source.near(threshold);
  }

  overlooked(slot: number): void {
    if (this.sourceOf(slot) === undefined) return;
    for (const near of this.networkReached) {
      if (near.reached >= near.enough) near.held ??= "neighbours";
    }
  }

  grouped(actor: number, group: GroupReached): void {
    const { rule, reached, enough, sources, isScan } = group;
    const threshold = { rule: RULES[rule], reached, enough, sources };
    this.reached = [threshold];
    if (sources < 2) return;
    const held = reached >= enough && !isScan ? { held: "sources" as const } : {};
    this.sourceOfActor(actor)?.near({ ...threshold, ...held });
  }

  dismissed(actor: number): void {
    const source = this.sourceOfActor(actor);
    if (source !== undefined) source.dismissed++;
  }

  restarted(actor: number): void {
    const source = this.sourceOfActor(actor);
    if (source !== undefined) source.restarts++;
  }

  // ---- Scans

  joined(scan: Scan, actor: number): void {
    const { actors, clock } = this.tables;
    const address = formatAddress(actors.bytes, actors.addressAt(actor) * 4);
    let account = this.scans.get(scan);
    if (account === undefined || account.scan !== scan.number) {
      account = {
        scan: scan.number,
        rule: RULES[scan.foundBy],
        reached: this.reachedBy(scan.foundBy),
        beganUs: clock.lastUs,
        slow: scan.slow,
        named: address,
        sources: 0,
        decoy: scan.kindOfSources === "decoy",
        attempts: 0,
      };
      this.scans.set(scan, account);
    }
    account.sources++;
    this.sources.of(actors.bytes, actors.addressAt(actor) * 4)?.joined(account);
  }

  /** What was reached on the rule that found a scan. */
  private reachedBy(rule: number): Threshold | undefined {
    if (rule !== Rule.Network) return this.reached.find((near) => near.rule === RULES[rule]);
    return this.networkReached.find(({ reached, enough }) => reached >= enough);
  }

  told(scan: Scan, told: number): void {
    const account = this.scans.get(scan);
    if (account === undefined) return;
    const { actors } = this.tables;
    account.telling = TELLINGS[told];
    account.slow = scan.slow;
    if (told !== Told.Yes) return;
    const at = actors.addressAt(scan.primary) * 4;
    account.named = formatAddress(actors.bytes, at);
    const source = this.sources.of(actors.bytes, at);
    if (source !== undefined) source.isNamed = true;
  }

  // ---- Lists

  private attempt(slot: number): AttemptAccount {
    const { table } = this.tables;
    const key = table.get(slot, Word.Key);
    const targetClass = classOf(key);
    const sourcePort = table.get(slot, Word.SourcePort);
    return {
      source: formatAddress(table.bytes, table.addressAt(slot, Word.Initiator) * 4),
      ...(sourcePort !== 0 && !isHostClass(targetClass) ? { sourcePort } : {}),
      destination: formatAddress(table.bytes, table.addressAt(slot, Word.Responder) * 4),
      target: TARGETS[targetClass],
      ...(isHostClass(targetClass) ? {} : { port: portOf(key) }),
      timeUs: table.firstUs(slot),
      techniques: techniqueNames(table.get(slot, Word.Techniques)),
      outcome: OUTCOMES[this.verdicts[slot]],
      decision: DECISIONS[this.decisions[slot]],
    };
  }

  /** Notes the attempt one by one if it may be listed, or what has changed about it. */
  private note(slot: number, source: SourceNotes): void {
    if (this.options.listMax === 0) return;
    const rank = rankOf(DECISIONS[this.decisions[slot]]);
    let note = this.notes.get(slot);
    if (note === undefined || note.isGone) {
      note = { account: this.attempt(slot), rank, isGone: false };
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
  explanation(): Omit<Explanation, "absent"> {
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
function rankOf(decision: Decision): 0 | 1 | 2 {
  switch (decision) {
    case "counted":
    case "scanned":
      return 2;
    case "undecided":
    case "used":
      return 0;
    default:
      return 1;
  }
}
