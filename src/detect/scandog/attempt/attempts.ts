// The life of an attempt: begun by a packet, answered or not, settled. Knows records and the table of
// conversations; nothing of transports (they call this) or rules (this calls `Evidence`).

import { inPrefixes, type Prefix } from "../../../address.ts";
import type { Records } from "../../../record.ts";
import * as record from "../../../record.ts";
import type { AddressSet } from "../table/address_set.ts";
import * as classes from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import type { Conversations } from "../table/conversations.ts";
import * as conversations from "../table/conversations.ts";
import type { Evidence } from "./evidence.ts";
import type { Flood } from "../flood/flood.ts";
import type { FloodGate } from "../flood/flood_gate.ts";
import type { ForgedPorts } from "./forged_ports.ts";
import type { Hash } from "../table/hash.ts";
import { type Ledger, Why } from "../ledger.ts";
import type { Misuse } from "../misuse/misuse.ts";
import type { Outsiders } from "./outsiders.ts";
import { lookOf } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import type { Reached } from "./reached.ts";
import type { SecondLook } from "./second_look.ts";
import type { Twins } from "./twins.ts";
import type { Waiting } from "./waiting.ts";
import { formOf, wireOf } from "../tool/wire.ts";
import type { ZombieSigns } from "../scan/zombie_signs.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Field } = record;
const { TargetClass } = classes;
const { Mark, Rank, Stage, Verdict, Word, wordAt } = conversations;

/** Keeps flows of two protocols apart that agree in everything else. */
const CLASS_STEP = 0x9e3779b1;

export class Attempts {
  /** Of TCP nothing but SYN and SYN-ACK was ever seen: a filter, or nothing came to anything yet. */
  isSynOnly = true;
  /** Hashes of the current packet's source and destination. */
  from = 0;
  to = 0;
  private base = 0;
  private timeUs = 0;
  declare private readonly records: Records;
  declare readonly table: Conversations;
  declare private readonly waiting: Waiting;
  declare private readonly evidence: Evidence;
  declare readonly later: SecondLook;
  declare private readonly scans: Scans;
  declare private readonly twins: Twins;
  declare private readonly flood: Flood;
  declare private readonly gate: FloodGate;
  declare private readonly senders: AddressSet;
  declare private readonly outsiders: Outsiders;
  declare private readonly reached: Reached;
  declare private readonly forged: ForgedPorts;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly home: readonly Prefix[];
  declare private readonly misuse: Misuse;
  declare readonly zombies: ZombieSigns;
  declare private readonly ledger: Ledger | undefined;

  constructor(
    records: Records,
    table: Conversations,
    waiting: Waiting,
    evidence: Evidence,
    later: SecondLook,
    scans: Scans,
    twins: Twins,
    flood: Flood,
    gate: FloodGate,
    senders: AddressSet,
    outsiders: Outsiders,
    reached: Reached,
    forged: ForgedPorts,
    hash: Hash,
    clock: Clock,
    home: readonly Prefix[],
    misuse: Misuse,
    zombies: ZombieSigns,
    ledger: Ledger | undefined,
  ) {
    this.records = records;
    this.table = table;
    this.waiting = waiting;
    waiting.connect(this);
    this.evidence = evidence;
    this.later = later;
    this.scans = scans;
    this.twins = twins;
    this.flood = flood;
    this.gate = gate;
    this.senders = senders;
    this.outsiders = outsiders;
    this.reached = reached;
    this.forged = forged;
    this.hash = hash;
    this.clock = clock;
    this.home = home;
    this.misuse = misuse;
    this.zombies = zombies;
    this.ledger = ledger;
  }

  /** Sets the packet that the other calls are about. */
  packet(base: number): void {
    this.base = base;
    const { i32, f64 } = this.records;
    this.from = this.hash.address(i32, wordAt(base, Field.Source));
    this.to = this.hash.address(i32, wordAt(base, Field.Destination));
    this.timeUs = f64[base >> 3];
  }

  /** The source is alive: it sends. */
  noteSender(): void {
    this.senders.add(this.from, this.clock.ms);
  }

  /** True when the destination was lately seen sending; may err towards true. */
  isDestinationSeen(): boolean {
    return this.senders.has(this.to);
  }

  /** Hash of the packet's flow: both addresses and both ports, the same in both directions. */
  flowHash(targetClass: number, sourcePort: number, destinationPort: number): number {
    const mixed = Math.imul(targetClass, CLASS_STEP);
    return destinationPort <= sourcePort
      ? this.hash.triple(this.from, this.to, mixed ^ (destinationPort << 16 | sourcePort))
      : this.hash.triple(this.to, this.from, mixed ^ (sourcePort << 16 | destinationPort));
  }

  /** The same of any other address, by its hash. */
  isSeen(hash: number): boolean {
    return this.senders.has(hash);
  }

  /**
   * True when an answer to a probe that was not seen proves nothing: its receiver is seen sending
   * other things, so this would have been seen too, had it sent it. An answer of a monitored address
   * counts all the same, because a capture filter may have dropped the probe.
   */
  isBackscatter(): boolean {
    return this.senders.has(this.to) &&
      !inPrefixes(this.home, this.records.bytes, this.base + Field.Source);
  }

  /** A segment answers what its receiver did not send; `kind`: see `Unasked`. */
  unasked(kind: number): void {
    if (this.isBackscatter()) this.misuse.segment(this.base, this.from, this.to, kind);
  }

  /** The same of an ICMP error; `hash`: of the sender of what it quotes. */
  unaskedError(hash: number): void {
    this.misuse.error(this.base, hash);
  }

  /** The conversation that the packet's source began with its destination, or -1. */
  forward(key: number): number {
    return this.table.find(
      this.records.i32,
      wordAt(this.base, Field.Source),
      wordAt(this.base, Field.Destination),
      key,
      this.hash.triple(this.from, this.to, key),
    );
  }

  /** The conversation that the packet's destination began with its source, or -1. */
  backward(key: number): number {
    return this.table.find(
      this.records.i32,
      wordAt(this.base, Field.Destination),
      wordAt(this.base, Field.Source),
      key,
      this.hash.triple(this.to, this.from, key),
    );
  }

  /** The conversation between the hosts of the packet quoted in an ICMP error. */
  quoted(key: number, reversed: boolean): number {
    const { i32 } = this.records;
    const source = wordAt(this.base, Field.InnerSource);
    const destination = wordAt(this.base, Field.InnerDestination);
    const a = reversed ? destination : source, b = reversed ? source : destination;
    const hash = this.hash.triple(this.hash.address(i32, a), this.hash.address(i32, b), key);
    return this.table.find(i32, a, b, key, hash);
  }

  /** False for the first packet of a source in a flood: it is only remembered. */
  isFollowed(): boolean {
    if (this.gate.pass(this.from, this.clock.ms)) {
      this.gate.note(this.to); // its answers are to be seen as well
      return true;
    }
    this.flood.single();
    this.ledger?.gated(this.base);
    return false;
  }

  /** True for a packet that a flood has no time for: the first one of its source. */
  isSkipped(): boolean {
    return this.gate.isFlood() && !this.isFollowed();
  }

  /** True while answers to what was not followed are answers to a flood. */
  isFlood(): boolean {
    return this.gate.isFlood();
  }

  /** Begins a conversation by the packet's source. The new slot. */
  begin(key: number, technique: number, marks: number, stage: number): number {
    const { i32, u16, bytes } = this.records;
    const { base, table } = this;
    const slot = this.place(
      wordAt(base, Field.Source),
      wordAt(base, Field.Destination),
      key,
      this.hash.triple(this.from, this.to, key),
    );
    if (key >>> 16 !== TargetClass.Arp) {
      this.outsiders.note(
        i32[wordAt(base, Field.Source) + 3],
        i32[wordAt(base, Field.Destination) + 3],
      );
    }
    table.set(slot, Word.SourcePort, u16[(base + Field.SourcePort) >> 1]);
    table.set(slot, Word.Sequence, i32[wordAt(base, Field.Sequence)]);
    table.set(slot, Word.Techniques, technique);
    table.set(slot, Word.State, stage | marks);
    table.set(slot, Word.Acknowledgement, i32[wordAt(base, Field.Acknowledgement)]);
    table.set(slot, Word.Packets, u16[(base + Field.Interface) >> 1] << 16 | 1);
    table.set(slot, Word.Look, lookOf(bytes, base));
    table.set(slot, Word.Signature, this.twins.signature(base));
    table.set(slot, Word.Wire, wireOf(this.records, base));
    table.set(slot, Word.Form, formOf(this.records, base));
    this.twins.compare(base, slot, this.to);
    return slot;
  }

  /** As `begin`, for a conversation of which only the answer was seen. */
  beginFromReply(key: number, technique: number): number {
    const { i32 } = this.records;
    this.outsiders.noteArrival(
      i32[wordAt(this.base, Field.Source) + 3],
      i32[wordAt(this.base, Field.Destination) + 3],
    );
    return this.beginUnseen(
      wordAt(this.base, Field.Destination),
      wordAt(this.base, Field.Source),
      key,
      this.hash.triple(this.to, this.from, key),
      technique,
      this.records.u16[(this.base + Field.DestinationPort) >> 1],
    );
  }

  /** As `begin`, for a conversation of which only an ICMP error was seen. */
  beginFromQuote(key: number, technique: number): number {
    const { i32 } = this.records;
    const source = wordAt(this.base, Field.InnerSource);
    const destination = wordAt(this.base, Field.InnerDestination);
    return this.beginUnseen(
      source,
      destination,
      key,
      this.hash.triple(this.hash.address(i32, source), this.hash.address(i32, destination), key),
      technique,
      this.records.u16[(this.base + Field.InnerSourcePort) >> 1],
    );
  }

  private beginUnseen(
    from: number,
    to: number,
    key: number,
    hash: number,
    technique: number,
    sourcePort: number,
  ): number {
    const slot = this.place(from, to, key, hash);
    const { bytes, u16 } = this.records;
    this.table.set(slot, Word.SourcePort, sourcePort);
    this.table.set(slot, Word.Techniques, technique);
    this.table.set(slot, Word.State, Stage.Sent | Mark.ReplyOnly);
    this.table.set(slot, Word.Packets, u16[(this.base + Field.Interface) >> 1] << 16);
    this.table.set(slot, Word.Look, lookOf(bytes, this.base));
    this.twins.compareReplies(this.base, slot);
    if (this.forged.isForged(slot)) this.settle(slot, Verdict.Neutral, Why.Backscatter);
    return slot;
  }

  private place(from: number, to: number, key: number, hash: number): number {
    const { table } = this;
    const place = table.placeFor(hash);
    // An attempt that must give way before its time is up is judged now: an answer would have
    // come soon after it, and a flood must not buy silence for a scan.
    const before = table.unjudged(place);
    if (before >= 0 && table.has(before, Mark.Pending)) this.waiting.judge(before);
    if (before >= 0) this.later.giveUp(before);
    const slot = table.take(
      place,
      this.records.i32,
      from,
      to,
      key,
      hash,
      this.clock.ms,
      this.timeUs,
    );
    if (key >>> 16 !== TargetClass.Arp) this.reached.note(this.records, this.base, this.to);
    this.ledger?.begun(slot);
    return slot;
  }

  /** Puts an attempt in the queue for silence. */
  await(slot: number): void {
    this.waiting.add(slot);
  }

  /** Judges everything: the capture has ended, or time leapt. */
  judgeAll(): void {
    this.waiting.judgeAll();
    this.later.countAll();
  }

  /** Says what became of an attempt; `why`: why it is harmless. A used one stays used. */
  settle(slot: number, verdict: number, why: number = Why.Undecided): void {
    const { table } = this;
    const before = table.verdict(slot);
    if (before === verdict || before === Verdict.Used) return;
    // What was found harmless stays so, whatever answers it.
    if (before === Verdict.Neutral && verdict !== Verdict.Used) return;
    // A late refusal tells more than silence, but silence or neglect never undo an answer.
    if (before >= Verdict.Refused && verdict > Verdict.Refused) return;
    table.setVerdict(slot, verdict);
    this.later.noteAnswer(slot, verdict);
    this.ledger?.settled(slot, why);
    if (verdict === Verdict.Used) {
      this.evidence.use(slot);
      this.outsiders.noteUse(table, slot);
      if (table.has(slot, Mark.ReplyOnly)) this.misuse.used(slot);
    } else if (verdict >= Verdict.Refused) {
      if (!this.later.takes(slot)) this.evidence.fail(slot);
    } else table.rank(slot, Rank.Judged, this.clock.ms);
    this.scans.outcome(slot);
  }

  /** The initiator sent one more packet to the same target. */
  repeat(slot: number): void {
    this.table.repeat(slot, this.timeUs);
    if (this.table.get(slot, Word.Scan) !== 0) this.scans.repeat(slot, this.timeUs);
  }

  /** The packet answers a question that was not seen, of a host that is not seen sending: it was used. */
  answerOf(key: number): void {
    this.evidence.noteUse(this.to, key);
  }

  /** One more answer to a target's probes, which are not seen. */
  answeredAgain(slot: number): void {
    this.table.repeat(slot, this.timeUs);
    this.later.datagram(slot);
  }

  /** Microseconds since the initiator's last packet to the target. */
  sinceProbeUs(slot: number): number {
    return this.timeUs - this.table.latestUs(slot);
  }

  /** See `Visits.isBack`. */
  isBack(slot: number): boolean {
    return this.scans.isBack(slot);
  }

  /** See `Evidence.exotic`. */
  exotic(slot: number, technique: number): void {
    this.evidence.exotic(slot, technique);
    this.scans.outcome(slot);
  }

  /** The target answered, accepting or refusing; `isFirst`: for the first time. */
  answered(slot: number, isFirst: boolean): void {
    this.scans.outcome(slot);
    if (!isFirst) return;
    this.evidence.prove(slot, 0);
    this.reached.note(this.records, this.base, this.to);
  }

  /** The source of an attempt was proved, or (0) answered. */
  prove(slot: number, proof: number): void {
    this.evidence.prove(slot, proof);
  }
}
