// TCP: from segments to what became of attempts (RFC 9293). Knows flags, sequence numbers and the
// life of an attempt; nothing of weights.
//
// Control segments tell nearly everything. Data is only asked whether there was any, so segments of
// conversations known to be used end at one look into a small cache.

import { Field, type Records, TcpFlag } from "../../record.ts";
import type { Attempts } from "./attempts.ts";
import { isReplyLike, isServicePort, TargetClass, targetKey } from "./classes.ts";
import {
  type Conversations,
  Mark,
  More,
  Rank,
  Stage,
  Verdict,
  Word,
  wordAt,
} from "./conversations.ts";
import { Proof } from "./scans.ts";
import { EXOTIC, tcpTechnique, TechniqueBit } from "./techniques.ts";
import { isOsProbe } from "./tool/wire.ts";
import type { UsedFlows } from "./used_flows.ts";
import type { Clock } from "./clock.ts";

const CONTROL = TcpFlag.Fin | TcpFlag.Syn | TcpFlag.Rst | TcpFlag.Ack;
/** A server may greet before the client says a word; more than this is no greeting but data. */
const BANNER_BYTES_MAX = 600;
/** Bare ACKs of a connection that began before the capture; a scanner sends one or two. */
const MIDSTREAM_PACKETS = 4;
/** nmap's OS probes carry this timestamp (all bits set); no clock of a real stack starts there. */
const PROBE_TIMESTAMP = -1;
const FIRST_UNPRIVILEGED = 1024;

export class Tcp {
  private base = 0;
  /** `Attempts.usualHash` of a segment without control flags. */
  private usual = 0;
  private flags = 0;
  private sourcePort = 0;
  private destinationPort = 0;
  private sequence = 0;
  private acknowledgement = 0;
  private payload = 0;

  constructor(
    private readonly records: Records,
    private readonly attempts: Attempts,
    private readonly table: Conversations,
    private readonly used: UsedFlows,
    private readonly clock: Clock,
  ) {}

  /**
   * True for a segment that needs no look: of a conversation known to be used, and no control flag.
   * Called before `process` for every TCP record.
   */
  isKnown(base: number): boolean {
    const { bytes, u16 } = this.records;
    const { attempts } = this;
    attempts.packet(base);
    const sourcePort = u16[(base + Field.SourcePort) >> 1];
    const destinationPort = u16[(base + Field.DestinationPort) >> 1];
    this.sourcePort = sourcePort;
    this.destinationPort = destinationPort;
    if ((bytes[base + Field.TcpFlags] & CONTROL) !== TcpFlag.Ack) return false;
    this.usual = attempts.usualHash(TargetClass.Tcp, sourcePort, destinationPort);
    return this.used.has(this.usual);
  }

  process(base: number): void {
    const { bytes, i32 } = this.records;
    const { attempts } = this;
    const flags = bytes[base + Field.TcpFlags];
    this.base = base;
    this.flags = flags;
    this.sequence = i32[wordAt(base, Field.Sequence)];
    this.acknowledgement = i32[wordAt(base, Field.Acknowledgement)];
    this.payload = i32[wordAt(base, Field.PayloadLength)];
    attempts.noteSender();
    switch (flags & CONTROL) {
      case TcpFlag.Ack:
        return this.segment();
      case TcpFlag.Syn:
        return this.syn();
      case TcpFlag.Syn | TcpFlag.Ack:
        return this.synAck();
      case TcpFlag.Fin | TcpFlag.Ack:
        return this.fin();
      case TcpFlag.Rst:
      case TcpFlag.Rst | TcpFlag.Ack:
        return this.reset();
      default:
        return this.oddFlags();
    }
  }

  private forwardKey(): number {
    return targetKey(TargetClass.Tcp, this.destinationPort);
  }

  private backwardKey(): number {
    return targetKey(TargetClass.Tcp, this.sourcePort);
  }

  private isFlow(slot: number, initiatorPort: number): boolean {
    return slot >= 0 && (this.table.get(slot, Word.SourcePort) === initiatorPort);
  }

  // ---- SYN

  private syn(): void {
    const { attempts, table } = this;
    const timestamp = this.records.i32[wordAt(this.base, Field.TimestampValue)];
    const isStack = timestamp !== 0 && timestamp !== PROBE_TIMESTAMP;
    const isOs = timestamp === PROBE_TIMESTAMP && isOsProbe(this.records, this.base);
    const technique = isStack ? TechniqueBit.Connect : TechniqueBit.Syn;
    const key = this.forwardKey();
    const slot = attempts.forward(key);
    if (slot < 0) {
      if (!attempts.isFollowed()) return;
      const marks = (isStack ? Mark.Stack : 0) | (isOs ? Mark.OsProbe : 0);
      attempts.await(attempts.begin(key, technique, marks, Stage.Sent));
      return;
    }
    if (isOs) table.mark(slot, Mark.OsProbe);
    attempts.repeat(slot);
    const isNew = table.get(slot, Word.SourcePort) !== this.sourcePort ||
      table.get(slot, Word.Sequence) !== this.sequence;
    if (!isNew) return;
    table.set(slot, Word.SourcePort, this.sourcePort);
    table.set(slot, Word.Sequence, this.sequence);
    if (table.verdict(slot) === Verdict.Used) return;
    table.setStage(slot, Stage.Sent);
    table.set(slot, Word.Techniques, table.get(slot, Word.Techniques) | technique);
    table.unmark(slot, Mark.Ambiguous);
    table.setMore(slot, More.ReplyBytes, 0);
    if (table.verdict(slot) === Verdict.None) attempts.await(slot);
  }

  private synAck(): void {
    const { attempts, table } = this;
    const slot = attempts.backward(this.backwardKey());
    if (slot >= 0) return this.answered(slot);
    const key = this.forwardKey();
    const own = attempts.forward(key);
    if (own >= 0) {
      attempts.repeat(own);
      table.set(own, Word.Techniques, table.get(own, Word.Techniques) | TechniqueBit.SynAck);
      return;
    }
    if (attempts.isFlood()) return;
    if (this.isSynAckProbe()) {
      attempts.await(attempts.begin(key, TechniqueBit.SynAck, Mark.Ambiguous, Stage.Sent));
      return;
    }
    // An answer to a SYN that was not seen. Where its receiver is seen sending other things, the
    // SYN was forged (backscatter), and a RST that may follow is no probe either.
    const reply = attempts.beginFromReply(this.backwardKey(), TechniqueBit.Syn);
    table.mark(reply, Mark.Open | Mark.Replied);
    table.setStage(reply, Stage.Answered);
    table.set(reply, Word.PeerSequence, this.sequence);
    table.set(reply, Word.Sequence, (this.acknowledgement - 1) | 0);
    if (attempts.isBackscatter()) attempts.settle(reply, Verdict.Neutral);
    else attempts.await(reply);
  }

  private answered(slot: number): void {
    const { attempts, table } = this;
    const isFirst = !table.has(slot, Mark.Open);
    table.mark(slot, Mark.Open | Mark.Replied);
    table.set(slot, Word.PeerSequence, this.sequence);
    if (table.stage(slot) === Stage.Sent) table.setStage(slot, Stage.Answered);
    attempts.answered(slot, isFirst);
  }

  /**
   * True for a SYN-ACK that no server sends: from a client's port to a service. What victims of
   * floods send out (backscatter) comes from a service, to ports of every size.
   */
  private isSynAckProbe(): boolean {
    return this.sourcePort >= FIRST_UNPRIVILEGED && !isServicePort(this.sourcePort) &&
      isServicePort(this.destinationPort);
  }

  // ---- RST

  private reset(): void {
    const { attempts } = this;
    const back = attempts.backward(this.backwardKey());
    if (this.isFlow(back, this.destinationPort)) return this.refused(back);
    const own = attempts.forward(this.forwardKey());
    if (this.isFlow(own, this.sourcePort)) return this.abandoned(own);
    if (back >= 0) return this.refused(back);
    if (own >= 0) return;
    this.resetOfUnknown();
  }

  /** The responder said no. */
  private refused(slot: number): void {
    const { attempts, table } = this;
    const isFirst = !table.has(slot, Mark.Closed | Mark.Open);
    switch (table.stage(slot)) {
      case Stage.Mid:
        // Data to a host that knows no such connection: the probe of an ACK scan with payload,
        // unless the connection was seen to work.
        if (table.has(slot, Mark.Replied)) return;
        table.mark(slot, Mark.Ambiguous);
        table.set(slot, Word.Techniques, table.get(slot, Word.Techniques) | TechniqueBit.Ack);
        break;
      case Stage.Sent:
        break;
      default:
        // Accepted, then thrown out before a word: as good as closed without data.
        if (table.verdict(slot) === Verdict.None) attempts.settle(slot, Verdict.Empty);
        return;
    }
    if (!table.has(slot, Mark.Open)) table.mark(slot, Mark.Closed);
    attempts.settle(slot, Verdict.Refused);
    attempts.answered(slot, isFirst);
  }

  /** The initiator broke off. */
  private abandoned(slot: number): void {
    const { attempts, table } = this;
    if (table.has(slot, Mark.Ambiguous) || table.verdict(slot) === Verdict.Used) return;
    const isBare = (this.flags & TcpFlag.Ack) === 0;
    switch (table.stage(slot)) {
      case Stage.Answered:
        // Only who received our SYN-ACK knows this number, or who sent the SYN and guesses well.
        if (isBare && this.sequence === ((table.get(slot, Word.Sequence) + 1) | 0)) {
          table.mark(slot, Mark.Reset);
          attempts.prove(slot, Proof.Reset);
        }
        break;
      case Stage.Sent:
        // Without the SYN-ACK in sight it proves nothing, but no forged source does it.
        if (isBare && this.sequence === ((table.get(slot, Word.Sequence) + 1) | 0)) {
          attempts.prove(slot, Proof.Likely);
        }
        break;
      case Stage.Open:
        return this.closed(slot);
      default:
        return;
    }
    if (!isBare) table.mark(slot, Mark.Gentle);
    attempts.settle(slot, Verdict.HalfOpen);
  }

  /** A RST that belongs to nothing known: the answer to a probe that was not seen, or a probe. */
  private resetOfUnknown(): void {
    const { attempts, table } = this;
    if (attempts.isFlood()) return;
    const isBare = (this.flags & TcpFlag.Ack) === 0;
    if (!attempts.isBackscatter()) {
      // RFC 9293 section 3.10.7.1: without ACK in the probe the RST has sequence 0 and an ACK;
      // otherwise it has no ACK and the probe's acknowledgement as its sequence.
      if (isReplyLike(this.destinationPort, this.sourcePort)) return;
      if (!isBare && this.sequence !== 0) return;
      const technique = isBare ? TechniqueBit.Ack : TechniqueBit.Syn;
      const slot = attempts.beginFromReply(this.backwardKey(), technique);
      table.mark(slot, Mark.Closed | Mark.Replied | (isBare ? Mark.Ambiguous : 0));
      attempts.settle(slot, Verdict.Refused);
      return;
    }
    if (
      isBare && this.sourcePort >= FIRST_UNPRIVILEGED && this.destinationPort < FIRST_UNPRIVILEGED
    ) {
      const marks = Mark.Ambiguous;
      const probe = attempts.begin(this.forwardKey(), TechniqueBit.OtherTcp, marks, Stage.Sent);
      attempts.await(probe);
    }
  }

  // ---- FIN and the rest of a connection's life

  private fin(): void {
    const { attempts, table } = this;
    const own = attempts.forward(this.forwardKey());
    if (this.isFlow(own, this.sourcePort)) {
      if (table.has(own, Mark.Ambiguous)) return attempts.repeat(own);
      return this.closed(own);
    }
    const back = attempts.backward(this.backwardKey());
    if (this.isFlow(back, this.destinationPort)) return this.responderClosed(back);
    if (own >= 0) return this.anotherProbe(own, TechniqueBit.Maimon);
    if (back >= 0) return;
    this.midstream(TechniqueBit.Maimon);
  }

  /** The initiator closes: with or without having said something? */
  private closed(slot: number): void {
    const { attempts, table } = this;
    if (table.verdict(slot) === Verdict.Used || table.stage(slot) === Stage.Mid) return;
    const sent = (this.sequence - table.get(slot, Word.Sequence) - 1) | 0;
    if (this.payload > 0 || sent > 0) return this.use(slot);
    if (table.getMore(slot, More.ReplyBytes) > BANNER_BYTES_MAX) return this.use(slot);
    // The responder may have sent data that was not captured: then the initiator acknowledges it.
    if (table.get(slot, Word.PeerSequence) !== 0) {
      const got = (this.acknowledgement - table.get(slot, Word.PeerSequence) - 2) | 0;
      if ((this.flags & TcpFlag.Ack) !== 0 && got > BANNER_BYTES_MAX) return this.use(slot);
    }
    attempts.settle(slot, Verdict.Empty);
  }

  private responderClosed(slot: number): void {
    const { table } = this;
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      return this.use(slot); // both ends speak: a connection from before the capture
    }
    if (!table.has(slot, Mark.Open)) return;
    if (table.stage(slot) === Stage.Answered) this.connected(slot);
    const sent = (this.sequence - table.get(slot, Word.PeerSequence) - 1) | 0;
    if (sent + this.payload > BANNER_BYTES_MAX || this.isDataAcknowledged(slot)) this.use(slot);
  }

  /** The responder acknowledges more than the initiator's SYN and FIN: it was told something. */
  private isDataAcknowledged(slot: number): boolean {
    return ((this.acknowledgement - this.table.get(slot, Word.Sequence) - 2) | 0) > 0;
  }

  private use(slot: number): void {
    this.attempts.settle(slot, Verdict.Used);
  }

  /** A segment with ACK and nothing else of interest. */
  private segment(): void {
    const { attempts, table } = this;
    // The side with the lower port is likelier to be the responder: one look-up for most segments.
    const towards = this.destinationPort <= this.sourcePort;
    const first = towards
      ? attempts.forward(this.forwardKey())
      : attempts.backward(this.backwardKey());
    if (this.segmentOf(first, towards)) return;
    const second = towards
      ? attempts.backward(this.backwardKey())
      : attempts.forward(this.forwardKey());
    if (this.segmentOf(second, !towards)) return;
    const own = towards ? first : second;
    if (own < 0 && (towards ? second : first) < 0) return this.midstream(TechniqueBit.Ack);
    if (own < 0) return;
    // Another connection to a known target. In a capture of one direction its data is use enough.
    if (this.payload === 0) this.anotherProbe(own, TechniqueBit.Ack);
    else if (!attempts.isDestinationSeen()) return this.use(own);
    table.rank(own, Rank.Idle, this.clock.ms);
  }

  /** True when the segment belongs to this conversation; then it was dealt with. */
  private segmentOf(slot: number, fromInitiator: boolean): boolean {
    const { table } = this;
    if (slot < 0) return false;
    if (table.verdict(slot) === Verdict.Used) {
      const isUsual = fromInitiator === (this.destinationPort <= this.sourcePort);
      if (isUsual) this.used.add(this.usual);
      table.rank(slot, Rank.Used, this.clock.ms);
      return true;
    }
    if (!this.isFlow(slot, fromInitiator ? this.sourcePort : this.destinationPort)) return false;
    if (fromInitiator) this.fromInitiator(slot);
    else this.fromResponder(slot);
    return true;
  }

  private fromInitiator(slot: number): void {
    const { attempts, table } = this;
    attempts.repeat(slot);
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      // Data in a connection from before the capture: used, if one direction is all there is to see.
      const isUsed = this.payload > 0 && !attempts.isDestinationSeen();
      if (isUsed || table.has(slot, Mark.Replied)) this.use(slot);
      else if (table.packets(slot) >= MIDSTREAM_PACKETS) attempts.settle(slot, Verdict.Neutral);
      return;
    }
    switch (table.stage(slot)) {
      case Stage.Answered:
        if (this.acknowledgement === ((table.get(slot, Word.PeerSequence) + 1) | 0)) {
          table.mark(slot, Mark.Handshake);
          attempts.prove(slot, Proof.Handshake);
        }
        this.connected(slot);
        break;
      case Stage.Sent:
        // The SYN-ACK was not seen. Where nothing is seen of the responder that is how captures of
        // one direction look; otherwise someone acknowledges what was never sent.
        if (attempts.isDestinationSeen()) break;
        table.set(slot, Word.PeerSequence, (this.acknowledgement - 1) | 0);
        this.connected(slot);
        break;
    }
    if (table.stage(slot) === Stage.Open && this.payload > 0) this.use(slot);
  }

  private connected(slot: number): void {
    const { table } = this;
    table.setStage(slot, Stage.Open);
    const techniques = table.get(slot, Word.Techniques);
    table.set(slot, Word.Techniques, techniques & ~TechniqueBit.Syn | TechniqueBit.Connect);
  }

  private fromResponder(slot: number): void {
    const { table } = this;
    table.mark(slot, Mark.Replied);
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) return this.use(slot);
    if (!table.has(slot, Mark.Open)) return;
    // Before the handshake is complete a server sends nothing but its SYN-ACK.
    if (table.stage(slot) === Stage.Answered) this.connected(slot);
    if (this.isDataAcknowledged(slot)) return this.use(slot);
    const bytes = table.getMore(slot, More.ReplyBytes) + this.payload;
    table.setMore(slot, More.ReplyBytes, Math.min(bytes, 0x7fffffff));
    if (bytes > BANNER_BYTES_MAX) this.use(slot);
  }

  /** A probe of another kind, or of another connection, to a target that is known. */
  private anotherProbe(slot: number, technique: number): void {
    const { attempts, table } = this;
    attempts.repeat(slot);
    if (table.verdict(slot) === Verdict.Used || !table.has(slot, Mark.Ambiguous)) return;
    table.set(slot, Word.Techniques, table.get(slot, Word.Techniques) | technique);
  }

  /** A segment of no known connection: one from before the capture, or a probe. */
  private midstream(technique: number): void {
    const { attempts } = this;
    if (!attempts.isFollowed()) return;
    const isAnswer = isReplyLike(this.sourcePort, this.destinationPort);
    if (this.payload > 0) {
      const slot = isAnswer
        ? attempts.beginFromReply(this.backwardKey(), 0)
        : attempts.begin(this.forwardKey(), 0, 0, Stage.Mid);
      this.table.setStage(slot, Stage.Mid);
      if (isAnswer) this.table.mark(slot, Mark.Replied);
      return;
    }
    const marks = Mark.Ambiguous | (isAnswer ? Mark.ReplyLike : 0);
    attempts.await(attempts.begin(this.forwardKey(), technique, marks, Stage.Sent));
  }

  // ---- What no TCP sends

  private oddFlags(): void {
    const { attempts, table } = this;
    const technique = tcpTechnique(this.flags);
    const key = this.forwardKey();
    let slot = attempts.forward(key);
    if (slot < 0) {
      if (!attempts.isFollowed()) return;
      slot = attempts.begin(key, technique, 0, Stage.Sent);
      attempts.await(slot);
      if ((technique & EXOTIC) !== 0) attempts.exotic(slot, technique);
      return;
    }
    attempts.repeat(slot);
    const isOwn = table.get(slot, Word.SourcePort) === this.sourcePort;
    if (isOwn && table.verdict(slot) === Verdict.Used) return; // a broken stack's segment
    const techniques = table.get(slot, Word.Techniques);
    if ((techniques & technique) !== 0) return;
    table.set(slot, Word.Techniques, techniques | technique);
    if ((technique & EXOTIC) !== 0) attempts.exotic(slot, technique);
  }
}
