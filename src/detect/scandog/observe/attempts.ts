// The life of an attempt as packets show it: begun, answered or not, settled. Knows records and the table of
// attempts. What became of them it says in the queue of outcomes; it calls nobody who decides.

import { Kind } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import { Decision } from "../../../decision.ts";
import { classOf, isHostClass, TargetClass } from "../probe/classes.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import type { Hash } from "../../../keyed_hash.ts";
import { FloodPackets } from "../table/flood_packets.ts";
import { isSameNetwork } from "../table/network_prefix.ts";
import { Change } from "../table/outcome_queue.ts";
import { PendingQueue } from "../table/pending.ts";
import { copiesOf, copiesOfReply } from "../table/probe_copies.ts";
import { USED_FLOWS, UsedFlows } from "../../../used_flows.ts";
import type { View } from "../view.ts";
import { Admission } from "./admission.ts";
import { NUMBERED_COPY_US } from "./copies.ts";
import type { FloodGate } from "./flood_gate.ts";
import type { Packet } from "./packet.ts";
import { formOf, lookOf, signatureOf, wireOf } from "./probe_form.ts";

/** What packets of a kind are aimed at; of the others a whole host. */
const CLASS_OF_KIND: Readonly<Record<number, number>> = {
  [Kind.Tcp]: TargetClass.Tcp,
  [Kind.Udp]: TargetClass.Udp,
};

export class Attempts extends Admission {
  /** Flows of which no packet needs a look. */
  readonly used = new UsedFlows(USED_FLOWS);
  /** Attempts that wait for an answer. */
  declare readonly waiting: PendingQueue;
  private readonly answering = new FloodPackets();
  /** The attempt that was over when it was last looked for; -1: none. */
  private over = -1;
  declare private readonly rememberUs: number;
  declare readonly view: View;
  declare readonly table: AttemptTable;
  declare private readonly hash: Hash;

  constructor(memory: Memory, view: View, packet: Packet, gate: FloodGate) {
    super(memory, packet, gate);
    this.view = view;
    this.table = memory.table;
    this.hash = memory.hash;
    this.rememberUs = memory.options.remember * 1e6;
    const waitMs = memory.options.answerWait * 1000;
    this.waiting = new PendingQueue(memory.sizes.attempts, memory.clock, waitMs);
  }

  /** The packet's flow is known to be used: no segment that goes on with it needs a look. */
  knowFlow(flow: number): void {
    const { memory: { options }, packet, used } = this;
    if (used.add(flow)) options.flows?.used(packet.base, flow);
  }

  /** What was known of the packet's flow is too old. */
  forgetFlow(): void {
    const { memory: { options }, packet, used } = this;
    const flow = packet.flowHash();
    if (used.forget(flow)) options.flows?.forgotten(packet.base, flow);
  }

  /** A segment answers what its receiver did not send; `kind`: see `Unasked`. */
  unasked(kind: number): void {
    if (this.packet.isBackscatter()) this.outcomes.push(-1, Change.Unasked, kind);
  }

  /** The packet answers what its destination, which is seen sending other things, did not send; `technique`: that. */
  answersNothing(technique: number): void {
    const { packet, view } = this;
    if (!view.senders.has(packet.to) || !packet.isBackscatter()) return;
    this.outcomes.push(-1, Change.FloodingAnswer, technique);
  }

  /** The packet at hand, which answers what its destination did not send by this technique, for who counts floods. */
  answer(technique: number): FloodPackets {
    const { records, packet: { base, to, timeUs }, answering } = this;
    answering.words = records.i32;
    answering.at = records.destinationAt(base);
    answering.hash = to;
    answering.isOfAnswers = true;
    answering.targetClass = CLASS_OF_KIND[records.kind(base)] ?? TargetClass.IcmpEcho;
    answering.ports[0] = records.destinationPort(base);
    answering.portCount = answering.count = 1;
    answering.techniques = technique;
    answering.fromUs = answering.toUs = timeUs;
    answering.interface = records.interface(base);
    return answering;
  }

  // ---- Finding

  /** The attempt of the packet's source at its destination, or -1. */
  forward(key: number): number {
    const { records, packet } = this;
    return this.table.find(
      records.i32,
      records.sourceAt(packet.base),
      records.destinationAt(packet.base),
      key,
      this.hash.triple(packet.from, packet.to, key),
    );
  }

  /**
   * The attempt that a new probe by the packet's source belongs to, or -1. One whose story has ended, or that
   * was let rest for longer than is remembered, is over: the next probe of its target is a new attempt.
   */
  current(key: number): number {
    const slot = this.forward(key);
    this.over = slot >= 0 && this.isOver(slot) ? slot : -1;
    return this.over >= 0 ? -1 : slot;
  }

  /** An attempt is begun anew by the next probe of its target. */
  beginAnew(slot: number): void {
    this.over = slot;
  }

  /** True for a packet of an attempt's source that another link-layer address sends than the first one. */
  isMoved(slot: number): boolean {
    const before = this.table.linkSource.of(slot), now = this.packet.linkSource();
    return before !== 0 && now !== 0 && before !== now;
  }

  /** As `current`; but what is no mere probe, as connections that go on, is never over. */
  currentProbe(key: number): number {
    const slot = this.forward(key);
    const isProbe = slot >= 0 && this.table.has(slot, Mark.Ambiguous);
    this.over = isProbe && this.isOver(slot) ? slot : -1;
    return this.over >= 0 ? -1 : slot;
  }

  private isOver(slot: number): boolean {
    const { table } = this;
    return this.memory.stories.isOver(table.scan.of(slot)) || this.isNewVisit(slot) ||
      this.isAfterSentOn(slot) || this.packet.timeUs - table.latestUs(slot) > this.rememberUs;
  }

  /** True for a new connection to what the source's scan, that has ended, had found open. */
  private isNewVisit(slot: number): boolean {
    const { table, records, packet } = this;
    return table.has(slot, Mark.Learned) && table.scan.of(slot) === 0 &&
      (table.sourcePort.of(slot) !== records.sourcePort(packet.base) ||
        table.sequence.of(slot) !== records.sequence(packet.base));
  }

  /**
   * True for an attempt that sent on another host's, where the packet does not follow one of that host to the same
   * target: it is the sender's own.
   */
  private isAfterSentOn(slot: number): boolean {
    const { table, packet } = this;
    if (table.outcome(slot) !== Outcome.Harmless || table.excuse(slot) !== Decision.SentOn) {
      return false;
    }
    const other = table.link.of(slot) - 1;
    return table.key.of(other) !== table.key.of(slot) || !table.sameTarget(other, slot) ||
      packet.timeUs - table.latestUs(other) > NUMBERED_COPY_US;
  }

  /** The attempt of the packet's destination at its source, or -1. */
  backward(key: number): number {
    const { records, packet } = this;
    return this.table.find(
      records.i32,
      records.destinationAt(packet.base),
      records.sourceAt(packet.base),
      key,
      this.hash.triple(packet.to, packet.from, key),
    );
  }

  /** The attempt between the hosts of the packet quoted in an ICMP error; `reversed`: by its destination. */
  quoted(key: number, reversed: boolean): number {
    const { records, packet } = this;
    const source = records.innerSourceAt(packet.base);
    const destination = records.innerDestinationAt(packet.base);
    const a = reversed ? destination : source, b = reversed ? source : destination;
    const { i32 } = records;
    return this.table.seek(i32, a, b, key);
  }

  // ---- Beginning

  /** Begins an attempt of the packet's source. The new slot. */
  begin(key: number, technique: number, marks: number, stage: number): number {
    const { records, table, packet } = this;
    const { base } = packet;
    const slot = this.place(
      records.sourceAt(base),
      records.destinationAt(base),
      key,
      this.hash.triple(packet.from, packet.to, key),
    );
    table.sourcePort.set(slot, records.sourcePort(base));
    table.sequence.set(slot, records.sequence(base));
    table.techniques.set(slot, technique);
    table.setState(slot, stage | marks);
    table.acknowledgement.set(slot, records.acknowledgement(base));
    table.setPackets(slot, 1, records.interface(base));
    table.look.set(slot, lookOf(records, base));
    table.signature.set(slot, signatureOf(records, base));
    table.wire.set(slot, wireOf(records, base));
    table.form.set(slot, formOf(records, base));
    table.linkSource.set(slot, packet.linkSource());
    if (classOf(key) !== TargetClass.Arp) {
      this.view.visitors.note(table.sourceEnd(slot), table.targetEnd(slot));
    }
    this.outcomes.push(slot, Change.Begun, this.copiesOf(slot));
    this.noteVictim();
    return slot;
  }

  /** Begins an attempt that waits for its answer; the new slot. */
  probe(key: number, technique: number, marks = 0): number {
    const slot = this.begin(key, technique, marks, Stage.Sent);
    this.await(slot);
    return slot;
  }

  /** As `begin`, for an attempt of which only the answer was seen. */
  beginFromReply(key: number, technique: number): number {
    const { records, packet } = this;
    const from = records.sourceAt(packet.base), to = records.destinationAt(packet.base);
    this.view.visitors.noteArrival(records.i32[from + 3], records.i32[to + 3]);
    return this.beginUnseen(
      to,
      from,
      key,
      technique,
      records.destinationPort(packet.base),
    );
  }

  /** As `begin`, for an attempt of which only an ICMP error was seen, or of neighbour discovery. */
  beginFromQuote(key: number, technique: number): number {
    const { records, packet } = this;
    return this.beginUnseen(
      records.innerSourceAt(packet.base),
      records.innerDestinationAt(packet.base),
      key,
      technique,
      records.innerSourcePort(packet.base),
    );
  }

  private beginUnseen(
    from: number,
    to: number,
    key: number,
    technique: number,
    sourcePort: number,
  ): number {
    const { records, table, hash } = this;
    const { base } = this.packet;
    const { i32 } = records;
    const both = hash.triple(hash.address(i32, from), hash.address(i32, to), key);
    const slot = this.place(from, to, key, both);
    table.sourcePort.set(slot, sourcePort);
    table.techniques.set(slot, technique);
    table.setState(slot, Stage.Sent | Mark.ReplyOnly);
    table.setPackets(slot, 0, records.interface(base));
    table.look.set(slot, lookOf(records, base));
    this.outcomes.push(slot, Change.Begun, copiesOfReply(this.memory, slot, this.replyNumber()));
    return slot;
  }

  /** What copies of the packet agree in, which is a probe of the attempt. */
  private copiesOf(slot: number): number {
    const { records, packet: { base } } = this;
    const ipId = records.ipId(base), acknowledgement = records.acknowledgement(base);
    return copiesOf(this.memory, slot, records.sequence(base), ipId, acknowledgement);
  }

  /** The number of a segment that answers; what refuses a probe with ACK repeats its own (RFC 9293 section 3.5.2). */
  private replyNumber(): number | undefined {
    const { records, packet: { base } } = this;
    if (records.kind(base) !== Kind.Tcp) return undefined;
    return records.acknowledgement(base) || records.sequence(base);
  }

  private place(from: number, to: number, key: number, hash: number): number {
    const { table, packet, memory, clock, records: { i32 } } = this;
    if (classOf(key) !== TargetClass.Arp) this.noteReached();
    let slot = this.over;
    this.over = -1;
    if (slot >= 0 && table.key.of(slot) === key && table.isSource(slot, i32, from)) {
      table.renew(slot, clock.ms, packet.timeUs);
    } else {
      const place = table.placeFor(hash);
      // An attempt that must give way before its time is up is judged all the same: an answer would have
      // come soon after it, and a flood must not buy silence for a scan.
      const before = table.moveAside(place);
      if (before >= 0) this.outcomes.push(before, Change.Displaced);
      slot = table.take(place, i32, from, to, key, hash, clock.ms, packet.timeUs);
    }
    table.earlier.set(slot, memory.heads.push(table.sourceHash(slot), slot));
    return slot;
  }

  /** The packet reaches its destination; not asked of ARP, which only looks for it. */
  noteReached(): void {
    const { records, packet } = this;
    const words = records.i32;
    const from = records.sourceAt(packet.base), to = records.destinationAt(packet.base);
    this.view.noteReached(packet.to, isSameNetwork(words, from, to));
  }

  /** Puts an attempt in the queue for silence, if it is not there. A full queue judges its oldest. */
  await(slot: number): void {
    const { table, waiting } = this;
    if (table.has(slot, Mark.Pending)) return;
    table.mark(slot, Mark.Pending);
    if (waiting.isFull()) {
      const queuedMs = waiting.oldestMs();
      const oldest = waiting.shift();
      if (this.isStill(oldest, queuedMs)) this.outcomes.push(oldest, Change.Overdue);
    }
    waiting.push(slot);
  }

  /** True when the slot is still that of the attempt that was put into the queue at `queuedMs`. */
  isStill(slot: number, queuedMs: number): boolean {
    const { table } = this;
    // Its place may have been taken over, by an attempt that waits further back.
    return table.has(slot, Mark.Pending) && ((table.createdMs.of(slot) - queuedMs) | 0) <= 0;
  }

  // ---- What becomes of it

  /** Says what became of an attempt; `excuse`: why it is harmless. A used one stays used. */
  settle(slot: number, outcome: number, excuse: number = Decision.Undecided): void {
    const { table } = this;
    const before = table.outcome(slot);
    if (before === outcome || before === Outcome.Used) return;
    // What was found harmless stays so, whatever answers it.
    if (before === Outcome.Harmless && outcome !== Outcome.Used) return;
    // A late refusal tells more than silence, but silence or neglect never undo an answer.
    if (before >= Outcome.Refused && outcome > Outcome.Refused) return;
    table.setOutcome(slot, outcome);
    if (excuse !== Decision.Undecided) table.setExcuse(slot, excuse);
    if (outcome === Outcome.Used) {
      this.noteUse(slot);
      if (table.has(slot, Mark.Handshake)) this.noteConversation(slot);
    }
    this.outcomes.push(slot, Change.Settled, outcome | excuse << 8);
    if (outcome === Outcome.Used && table.has(slot, Mark.ReplyOnly)) {
      this.outcomes.push(slot, Change.UnseenUsed);
    }
  }

  /**
   * A conversation, proved by the handshake, of which the packet comes from the target: who sent for its ends on
   * this link, when those are two.
   */
  private noteConversation(slot: number): void {
    const { table, packet, view } = this;
    const asker = table.linkSource.of(slot), answerer = packet.linkSource();
    if (asker === 0 || answerer === 0 || asker === answerer) return;
    if (packet.from !== table.targetHash(slot)) return;
    view.links.noteConversation(asker, table.words, table.sourceAt(slot));
    view.links.noteConversation(answerer, table.words, table.targetAt(slot));
  }

  /** Whoever uses a target knew whom to ask for, and explains no ARP. A monitor's pings do: it pings hosts that are gone. */
  private noteUse(slot: number): void {
    const { table, view } = this;
    if (isHostClass(classOf(table.key.of(slot)))) return;
    const source = table.sourceEnd(slot), target = table.targetEnd(slot);
    if (table.has(slot, Mark.ReplyOnly)) view.visitors.takeBack(target, source);
    else view.visitors.takeBack(source, target);
  }

  /** The source sent one more packet to the same target. */
  repeat(slot: number): void {
    this.table.repeat(slot, this.packet.timeUs);
    this.noteVictim();
    if (this.isFlood()) this.cameAgain();
    const concerns = this.table.scan.of(slot) !== 0 || this.table.has(slot, Mark.Flooded);
    if (concerns) this.outcomes.push(slot, Change.Repeated);
  }

  /** The source tries the same target anew, with another connection that the packet begins. */
  connectsAnew(slot: number): void {
    this.outcomes.push(slot, Change.Reconnected, this.copiesOf(slot));
  }

  /** The target answered, accepting or refusing; `isFirst`: for the first time. */
  answered(slot: number, isFirst: boolean): void {
    this.outcomes.push(slot, Change.Answered, isFirst ? 1 : 0);
    if (isFirst) this.noteReached();
  }

  /** The target answers and accepts, by which the attempt has this outcome. */
  accepted(slot: number, outcome: number): void {
    const isFirst = !this.table.has(slot, Mark.Open);
    this.table.mark(slot, Mark.Open | Mark.Replied);
    this.settle(slot, outcome);
    this.answered(slot, isFirst);
  }

  /** Microseconds since the source's last packet to the target. */
  sinceProbeUs(slot: number): number {
    return this.packet.timeUs - this.table.latestUs(slot);
  }
}
