// TCP: from segments to what became of attempts (RFC 9293). Knows flags, sequence numbers and the
// life of an attempt; nothing of weights.
//
// Control segments tell nearly everything. Data is only asked whether there was any, so segments of
// conversations known to be used end at one look into a small cache.

import type { Records } from "../../../record.ts";
import * as record from "../../../record.ts";
import type { Attempts } from "../attempt/attempts.ts";
import { NUMBERED_COPY_US } from "../attempt/copies.ts";
import { isReplyLike, isServicePort } from "../probe/classes.ts";
import * as classes from "../probe/classes.ts";
import type { Conversations } from "../table/conversations.ts";
import * as conversations from "../table/conversations.ts";
import { Why } from "../ledger.ts";
import { Unasked } from "../misuse/misuse.ts";
import * as proof from "../probe/proof.ts";
import { tcpTechnique } from "../probe/techniques.ts";
import * as techniques from "../probe/techniques.ts";
import { isOsProbe, isWindows } from "../tool/wire.ts";
import { Knocks } from "./knocks.ts";
import { Segment } from "./segment.ts";
import { BANNER_BYTES_MAX, TcpClosing } from "./tcp_closing.ts";
import type { UsedFlows } from "../table/used_flows.ts";
import type { Clock } from "../clock.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Field, TcpFlag } = record;
const { TargetClass } = classes;
const { Mark, Rank, Stage, Verdict, Word, wordAt } = conversations;
const { Proof } = proof;
const { EXOTIC, TechniqueBit } = techniques;

const CONTROL = TcpFlag.Fin | TcpFlag.Syn | TcpFlag.Rst | TcpFlag.Ack;
const SYN_OR_ACK = TcpFlag.Syn | TcpFlag.Ack;
/** Bare ACKs of a connection that began before the capture; a scanner sends one or two. */
const MIDSTREAM_PACKETS = 4;
/** nmap's OS probes carry this timestamp (all bits set); no clock of a real stack starts there. */
const PROBE_TIMESTAMP = -1;
const FIRST_UNPRIVILEGED = 1024;
/** Kernels wait a second before they repeat an answer. */
const RESENT_US = 500_000;

export class Tcp {
  declare private readonly at: Segment;
  private readonly knocks = new Knocks();
  declare private readonly closing: TcpClosing;
  /** `Attempts.flowHash` of the segment, where it may be of a known connection. */
  private flow = 0;
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: Conversations;
  declare private readonly used: UsedFlows;
  declare private readonly clock: Clock;

  constructor(
    records: Records,
    attempts: Attempts,
    table: Conversations,
    used: UsedFlows,
    clock: Clock,
  ) {
    this.records = records;
    this.attempts = attempts;
    this.table = table;
    this.used = used;
    this.clock = clock;

    this.at = new Segment(records);
    this.closing = new TcpClosing(this.at, attempts, table, this.knocks);
  }

  /**
   * True for a segment that needs no look: of a connection known to be used, whose end tells nothing
   * more. Called before `process` for every TCP record.
   */
  isKnown(base: number): boolean {
    const { attempts, at } = this;
    attempts.packet(base);
    at.begin(base);
    if ((at.flags & SYN_OR_ACK) !== TcpFlag.Ack) return false;
    this.flow = this.flowHash();
    return this.used.has(this.flow);
  }

  private flowHash(): number {
    return this.attempts.flowHash(TargetClass.Tcp, this.at.sourcePort, this.at.destinationPort);
  }

  /** The segment that `isKnown` was asked about. */
  process(): void {
    if (this.attempts.isSkipped()) return;
    this.at.complete();
    this.attempts.noteSender();
    if ((this.at.flags & TcpFlag.Syn) === 0) this.attempts.isSynOnly = false;
    switch (this.at.flags & CONTROL) {
      case TcpFlag.Ack:
        return this.segment();
      case TcpFlag.Syn:
        return this.syn();
      case TcpFlag.Syn | TcpFlag.Ack:
        return this.synAck();
      case TcpFlag.Fin | TcpFlag.Ack:
        if (!this.closing.fin()) this.midstream(TechniqueBit.Maimon);
        return;
      case TcpFlag.Rst:
      case TcpFlag.Rst | TcpFlag.Ack:
        return this.closing.reset();
      default:
        return this.oddFlags();
    }
  }

  private isFlow(slot: number, initiatorPort: number): boolean {
    return slot >= 0 && (this.table.get(slot, Word.SourcePort) === initiatorPort);
  }

  // ---- SYN

  private syn(): void {
    const { attempts, table } = this;
    const timestamp = this.records.i32[wordAt(this.at.base, Field.TimestampValue)];
    const isStack = timestamp !== 0 && timestamp !== PROBE_TIMESTAMP;
    const isOs = timestamp === PROBE_TIMESTAMP && isOsProbe(this.records, this.at.base);
    const technique = isStack ? TechniqueBit.Connect : TechniqueBit.Syn;
    const key = this.at.forwardKey();
    const slot = attempts.forward(key);
    if (slot < 0) {
      if (!attempts.isFollowed()) return;
      // The table has forgotten the target, so what was known of this flow is too old.
      this.used.forget(this.flowHash());
      const marks = (isStack || isWindows(this.records, this.at.base) ? Mark.Stack : 0) |
        (isOs ? Mark.OsProbe : 0);
      attempts.await(attempts.begin(key, technique, marks, Stage.Sent));
      return;
    }
    if (isOs) table.mark(slot, Mark.OsProbe);
    attempts.repeat(slot);
    const isNew = table.get(slot, Word.SourcePort) !== this.at.sourcePort ||
      table.get(slot, Word.Sequence) !== this.at.sequence;
    if (!isNew) {
      if (table.has(slot, Mark.Reset)) attempts.zombies.askedAgain(this.at.base, attempts.from);
      return;
    }
    table.set(slot, Word.SourcePort, this.at.sourcePort);
    table.set(slot, Word.Sequence, this.at.sequence);
    if (table.has(slot, Mark.Learned) && attempts.isBack(slot)) this.judgeAnew(slot);
    if (table.verdict(slot) === Verdict.Used) return;
    attempts.later.again(slot);
    table.setStage(slot, Stage.Sent);
    table.set(slot, Word.Techniques, table.get(slot, Word.Techniques) | technique);
    table.unmark(slot, Mark.Ambiguous);
    table.set(slot, Word.ReplyBytes, 0);
    if (table.verdict(slot) === Verdict.None) attempts.await(slot);
  }

  /** A scanner comes back to what it found open: what it did there before says nothing of this time. */
  private judgeAnew(slot: number): void {
    const { table } = this;
    table.unmark(slot, Mark.Handshake | Mark.Reset);
    table.setVerdict(slot, Verdict.None);
    table.rank(slot, Rank.Pending, this.clock.ms);
    this.used.forget(this.flowHash());
  }

  private synAck(): void {
    const { attempts, table } = this;
    const slot = attempts.backward(this.at.backwardKey());
    const isKnown = this.isFlow(slot, this.at.destinationPort);
    // Each that nobody asked for is counted, or what is a probe could not be told from chance.
    const isKnock = !isKnown && this.knocks.isLow(attempts.from, this.at);
    if (slot >= 0 && !isKnock) return this.answered(slot);
    const key = this.at.forwardKey();
    const own = attempts.forward(key);
    if (own >= 0) {
      attempts.repeat(own);
      table.set(own, Word.Techniques, table.get(own, Word.Techniques) | TechniqueBit.SynAck);
      return attempts.unasked(Unasked.SynAck);
    }
    if (attempts.isFlood()) return;
    if (!isKnock) attempts.unasked(Unasked.SynAck);
    if (isKnock || this.isSynAckProbe()) {
      attempts.await(attempts.begin(key, TechniqueBit.SynAck, Mark.Ambiguous, Stage.Sent));
      return;
    }
    // An answer to a SYN that was not seen. Where its receiver is seen sending other things, the
    // SYN was forged (backscatter), and a RST that may follow is no probe either.
    const reply = attempts.beginFromReply(this.at.backwardKey(), TechniqueBit.Syn);
    table.mark(reply, Mark.Open | Mark.Replied);
    table.setStage(reply, Stage.Answered);
    table.set(reply, Word.PeerSequence, this.at.sequence);
    table.set(reply, Word.Sequence, (this.at.acknowledgement - 1) | 0);
    if (attempts.isBackscatter()) attempts.settle(reply, Verdict.Neutral, Why.Backscatter);
    else attempts.await(reply);
  }

  private answered(slot: number): void {
    const { attempts, table } = this;
    const isFirst = !table.has(slot, Mark.Open);
    const isSame = table.get(slot, Word.PeerSequence) === this.at.sequence;
    // Repeated, because nobody answered; but not captured twice.
    if (!isFirst && isSame && attempts.sinceProbeUs(slot) > RESENT_US) {
      attempts.prove(slot, Proof.Absent);
    }
    table.mark(slot, Mark.Open | Mark.Replied);
    table.set(slot, Word.PeerSequence, this.at.sequence);
    if (table.stage(slot) === Stage.Sent) table.setStage(slot, Stage.Answered);
    const isUsed = table.verdict(slot) === Verdict.Used;
    if (table.has(slot, Mark.ReplyOnly) && !isUsed) {
      attempts.unasked(Unasked.SynAck);
      // To another port than the first: the client, unseen, comes again and again.
      if (table.get(slot, Word.SourcePort) !== this.at.destinationPort) {
        if (table.verdict(slot) === Verdict.None) {
          attempts.settle(slot, Verdict.Neutral, Why.CameAgain);
        } else attempts.later.again(slot);
      }
    }
    attempts.answered(slot, isFirst);
  }

  /**
   * True for a SYN-ACK that no server sends: from a client's port to a service. What victims of
   * floods send out (backscatter) comes from a service, to ports of every size.
   */
  private isSynAckProbe(): boolean {
    return this.at.sourcePort >= FIRST_UNPRIVILEGED && !isServicePort(this.at.sourcePort) &&
      isServicePort(this.at.destinationPort);
  }

  /** A segment with ACK and nothing else of interest. */
  private segment(): void {
    const { attempts, table } = this;
    // The side with the lower port is likelier to be the responder: one look-up for most segments.
    const towards = this.at.destinationPort <= this.at.sourcePort;
    const first = towards
      ? attempts.forward(this.at.forwardKey())
      : attempts.backward(this.at.backwardKey());
    if (this.segmentOf(first, towards)) return;
    const second = towards
      ? attempts.backward(this.at.backwardKey())
      : attempts.forward(this.at.forwardKey());
    if (this.segmentOf(second, !towards)) return;
    const own = towards ? first : second;
    if (own < 0 && (towards ? second : first) < 0) return this.midstream(TechniqueBit.Ack);
    if (own < 0) return;
    // Another connection to a known target. In a capture of one direction its data is use enough.
    if (this.at.payload === 0) this.closing.anotherProbe(own, TechniqueBit.Ack);
    else if (!attempts.isDestinationSeen()) return this.closing.use(own);
    table.rank(own, Rank.Idle, this.clock.ms);
  }

  /** True when the segment belongs to this conversation; then it was dealt with. */
  private segmentOf(slot: number, fromInitiator: boolean): boolean {
    const { table } = this;
    if (slot < 0) return false;
    if (table.verdict(slot) !== Verdict.Used) {
      if (!this.isFlow(slot, fromInitiator ? this.at.sourcePort : this.at.destinationPort)) {
        return false;
      }
      if (fromInitiator) this.fromInitiator(slot);
      else this.fromResponder(slot);
      if (table.verdict(slot) !== Verdict.Used) return true;
    }
    this.used.add(this.flow);
    table.rank(slot, Rank.Used, this.clock.ms);
    return true;
  }

  private fromInitiator(slot: number): void {
    const { attempts, table } = this;
    if (table.has(slot, Mark.Ambiguous) && this.isCopy(slot)) return;
    attempts.repeat(slot);
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      // Data in a connection from before the capture: used, if one direction is all there is to see.
      const isUsed = this.at.payload > 0 && !attempts.isDestinationSeen();
      if (isUsed || table.has(slot, Mark.Replied)) this.closing.use(slot);
      else if (table.packets(slot) >= MIDSTREAM_PACKETS) {
        attempts.settle(slot, Verdict.Neutral, Why.Midstream);
      }
      return;
    }
    switch (table.stage(slot)) {
      case Stage.Answered:
        if (this.at.acknowledgement === ((table.get(slot, Word.PeerSequence) + 1) | 0)) {
          table.mark(slot, Mark.Handshake);
          attempts.prove(slot, Proof.Handshake);
        }
        this.closing.connected(slot);
        break;
      case Stage.Sent:
        // The SYN-ACK was not seen. Where nothing is seen of the responder that is how captures of
        // one direction look; otherwise someone acknowledges what was never sent.
        if (attempts.isDestinationSeen()) break;
        table.set(slot, Word.PeerSequence, (this.at.acknowledgement - 1) | 0);
        this.closing.connected(slot);
        break;
    }
    if (table.stage(slot) === Stage.Open && this.at.payload > 0) this.closing.use(slot);
  }

  /** True for the packet that the conversation began with, captured once more. */
  private isCopy(slot: number): boolean {
    const { table } = this;
    return table.get(slot, Word.Sequence) === this.at.sequence &&
      table.get(slot, Word.Acknowledgement) === this.at.acknowledgement &&
      this.attempts.sinceProbeUs(slot) < NUMBERED_COPY_US;
  }

  private fromResponder(slot: number): void {
    const { table } = this;
    table.mark(slot, Mark.Replied);
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      return this.closing.use(slot);
    }
    if (!table.has(slot, Mark.Open)) return;
    // Before the handshake is complete a server sends nothing but its SYN-ACK.
    if (table.stage(slot) === Stage.Answered) this.closing.connected(slot);
    if (this.closing.isDataAcknowledged(slot)) return this.closing.use(slot);
    const bytes = table.get(slot, Word.ReplyBytes) + this.at.payload;
    table.set(slot, Word.ReplyBytes, Math.min(bytes, 0x7fffffff));
    if (bytes > BANNER_BYTES_MAX) this.closing.use(slot);
  }

  /** A segment of no known connection: one from before the capture, or a probe. */
  private midstream(technique: number): void {
    const { attempts } = this;
    if (!attempts.isFollowed()) return;
    const isAnswer = isReplyLike(this.at.sourcePort, this.at.destinationPort);
    if (this.at.payload > 0) {
      const slot = isAnswer
        ? attempts.beginFromReply(this.at.backwardKey(), 0)
        : attempts.begin(this.at.forwardKey(), 0, 0, Stage.Mid);
      this.table.setStage(slot, Stage.Mid);
      if (isAnswer) this.table.mark(slot, Mark.Replied);
      return;
    }
    const timestamp = this.records.i32[wordAt(this.at.base, Field.TimestampValue)];
    const marks = Mark.Ambiguous | (isAnswer ? Mark.ReplyLike : 0) |
      (timestamp !== 0 ? Mark.Stack : 0);
    attempts.await(attempts.begin(this.at.forwardKey(), technique, marks, Stage.Sent));
  }

  // ---- What no TCP sends

  private oddFlags(): void {
    const { attempts, table } = this;
    const technique = tcpTechnique(this.at.flags);
    const key = this.at.forwardKey();
    let slot = attempts.forward(key);
    if (slot < 0) {
      if (!attempts.isFollowed()) return;
      slot = attempts.begin(key, technique, 0, Stage.Sent);
      attempts.await(slot);
      if ((technique & EXOTIC) !== 0) attempts.exotic(slot, technique);
      return;
    }
    attempts.repeat(slot);
    const isOwn = table.get(slot, Word.SourcePort) === this.at.sourcePort;
    if (isOwn && table.verdict(slot) === Verdict.Used) return; // a broken stack's segment
    const techniques = table.get(slot, Word.Techniques);
    if ((techniques & technique) !== 0) return;
    table.set(slot, Word.Techniques, techniques | technique);
    if ((technique & EXOTIC) !== 0) attempts.exotic(slot, technique);
  }
}
