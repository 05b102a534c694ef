// TCP: from segments to what became of attempts (RFC 9293). Knows flags, sequence numbers and the
// life of an attempt; nothing of weights.
//
// Control segments tell nearly everything. Data is only asked whether there was any, so segments of
// conversations known to be used end at one look into a small cache.

import { TcpFlag } from "../../../record.ts";
import { Decision } from "../../../decision.ts";
import {
  isPrivileged,
  isReplyLike,
  isServicePort,
  TargetClass,
  targetKey,
} from "../probe/classes.ts";
import { Proof } from "../probe/proof.ts";
import { EXOTIC, tcpTechnique, TechniqueBit } from "../probe/techniques.ts";
import { Mark, Outcome, Rank, Stage } from "../table/attempt_state.ts";
import { Change, Unasked } from "../table/outcome_queue.ts";
import { CONTROL, isKnownSegment } from "../../../used_flows.ts";
import { NUMBERED_COPY_US } from "./copies.ts";
import { isOsProbe, isWindows, OS_TIMESTAMP } from "./probe_form.ts";
import { BANNER_BYTES_MAX, TcpClosing } from "./tcp_closing.ts";

/** Bare ACKs of a connection that began before the capture; a scanner sends one or two. */
const MIDSTREAM_PACKETS = 4;
/** Kernels wait a second before they repeat an answer. */
const RESENT_US = 500_000;

export class Tcp extends TcpClosing {
  /** `Packet.flowHash` of the segment, where it may be of a known connection. */
  private flow = 0;

  /** Reads the segment that the other calls are about. */
  read(base: number): void {
    const { packet, at } = this;
    packet.read(base);
    at.begin(base);
    this.flow = isKnownSegment(at.flags) ? packet.flowHash() : 0;
  }

  /** True for a segment that needs no look: of a connection known to be used, whose end tells nothing more. */
  isKnown(): boolean {
    return this.used.has(this.flow);
  }

  /** What becomes of attempts by the segment that was read. */
  process(): void {
    if (this.attempts.passOver()) return;
    this.at.complete();
    this.packet.noteSender();
    if ((this.at.flags & TcpFlag.Syn) === 0) this.view.isSynOnly = false;
    switch (this.at.flags & CONTROL) {
      case TcpFlag.Ack:
        this.view.isEndsOnly = false;
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

  // ---- SYN

  private syn(): void {
    const { attempts, table } = this;
    const timestamp = this.records.timestampValue(this.at.base);
    const isStack = timestamp !== 0 && timestamp !== OS_TIMESTAMP;
    const isOs = timestamp === OS_TIMESTAMP && isOsProbe(this.records, this.at.base);
    const technique = isStack ? TechniqueBit.Connect : TechniqueBit.Syn;
    const key = this.at.forwardKey();
    let slot = attempts.current(key);
    // What came before the SYN was no connection of it, and excuses nothing. And a client that now comes by way of
    // another router shows who that router is.
    if (slot >= 0 && (this.isPrelude(slot) || this.isBehindAnother(slot))) {
      attempts.beginAnew(slot);
      slot = -1;
    }
    if (slot < 0) {
      if (!attempts.follow()) return;
      // The table has forgotten the target, so what was known of this flow is too old.
      attempts.forgetFlow();
      const marks = (isStack || isWindows(this.records, this.at.base) ? Mark.Stack : 0) |
        (isOs ? Mark.OsProbe : 0);
      attempts.probe(key, technique, marks);
      return;
    }
    if (isOs) table.mark(slot, Mark.OsProbe);
    attempts.repeat(slot);
    const isNew = table.sourcePort.of(slot) !== this.at.sourcePort ||
      table.sequence.of(slot) !== this.at.sequence;
    if (!isNew) {
      if (table.has(slot, Mark.Reset)) {
        this.outcomes.push(slot, Change.SynAgain, this.packet.from);
      }
      return;
    }
    table.sourcePort.set(slot, this.at.sourcePort);
    table.sequence.set(slot, this.at.sequence);
    // Its answer has a number of its own, and contradicts no answer to another connection.
    table.peerSequence.set(slot, 0);
    table.unmark(slot, Mark.JustRefused | Mark.Contradicted);
    const isUsed = table.outcome(slot) === Outcome.Used;
    if (!isUsed || table.has(slot, Mark.Learned)) attempts.connectsAnew(slot);
    if (isUsed) return;
    table.setStage(slot, Stage.Sent);
    table.techniques.set(slot, table.techniques.of(slot) | technique);
    table.unmark(slot, Mark.Ambiguous);
    if (table.outcome(slot) === Outcome.None) attempts.await(slot);
  }

  /**
   * True for a new connection to a target that was used, by way of another link-layer address than before, of which
   * nothing is proved. A copy of the SYN, captured behind a router, is none.
   */
  private isBehindAnother(slot: number): boolean {
    const { table, attempts, at } = this;
    if (table.outcome(slot) !== Outcome.Used || table.scan.of(slot) !== 0) return false;
    if (table.sequence.of(slot) === at.sequence || table.has(slot, Mark.Learned)) return false;
    return attempts.isMoved(slot) && !this.view.links.isProved(this.packet.linkSource());
  }

  /** True for an attempt that weighs nothing, of segments that a SYN does not follow in any connection. */
  private isPrelude(slot: number): boolean {
    const { table } = this;
    if (table.scan.of(slot) !== 0 || table.has(slot, Mark.Counted | Mark.Deferred)) return false;
    if (table.outcome(slot) === Outcome.None) {
      return table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid;
    }
    const excuse = table.excuse(slot);
    return table.outcome(slot) === Outcome.Harmless &&
      (excuse === Decision.Midstream || excuse === Decision.Expired ||
        excuse === Decision.Backscatter);
  }

  private synAck(): void {
    const { attempts, table } = this;
    const slot = attempts.backward(this.at.backwardKey());
    const isKnown = this.isFlow(slot, this.at.destinationPort);
    // Each that nobody asked for is counted, or what is a probe could not be told from chance.
    if (!isKnown) this.unaskedProbes.note(this.packet.from, this.at);
    const isProbe = !isKnown && this.unaskedProbes.isLow(this.packet.from, this.at);
    if (slot >= 0 && !isProbe) return this.answered(slot);
    const key = this.at.forwardKey();
    const own = attempts.forward(key);
    if (own >= 0) {
      attempts.repeat(own);
      table.techniques.set(own, table.techniques.of(own) | TechniqueBit.SynAck);
      return attempts.unasked(Unasked.SynAck);
    }
    if (attempts.isFlood()) return;
    if (!isProbe) attempts.unasked(Unasked.SynAck);
    if (!isProbe && !this.isSynAckProbe()) attempts.answersNothing(TechniqueBit.Syn);
    if (!attempts.followAnswer()) return;
    if (isProbe) this.beginFirst(slot);
    if (isProbe || this.isSynAckProbe()) {
      attempts.probe(key, TechniqueBit.SynAck, Mark.Ambiguous);
      return;
    }
    // An answer to a SYN that was not seen. Where its receiver is seen sending other things, the
    // SYN was forged (backscatter), and a RST that may follow is no probe either.
    const reply = attempts.beginFromReply(this.at.backwardKey(), TechniqueBit.Syn);
    table.mark(reply, Mark.Open | Mark.Replied);
    table.setStage(reply, Stage.Answered);
    table.peerSequence.set(reply, this.at.sequence);
    table.sequence.set(reply, (this.at.acknowledgement - 1) | 0);
    if (this.packet.isBackscatter()) {
      attempts.settle(reply, Outcome.Harmless, Decision.Backscatter);
    } else attempts.await(reply);
  }

  /**
   * The probe before this one passed for the answer to a SYN that was not seen (`reply`): it is begun now. The target's
   * reset is the answer of a host that did not ask.
   */
  private beginFirst(reply: number): void {
    const { attempts, table } = this;
    const port = this.unaskedProbes.takeFirst(this.packet.from);
    const key = targetKey(TargetClass.Tcp, port);
    if (port < 0 || attempts.forward(key) >= 0) return;
    const isRefused = reply >= 0 && table.sourcePort.of(reply) === port &&
      table.has(reply, Mark.Reset);
    const slot = attempts.begin(key, TechniqueBit.SynAck, Mark.Ambiguous, Stage.Sent);
    if (!isRefused) return attempts.await(slot);
    table.mark(slot, Mark.Closed);
    attempts.settle(slot, Outcome.Refused);
    attempts.answered(slot, true);
  }

  private answered(slot: number): void {
    const { attempts, table } = this;
    const isFirst = !table.has(slot, Mark.Open);
    const isSame = table.peerSequence.of(slot) === this.at.sequence;
    if (this.isContradiction(slot, isSame)) return this.contradicted(slot);
    // Repeated, because nobody answered; but not captured twice.
    if (!isFirst && isSame && attempts.sinceProbeUs(slot) > RESENT_US) {
      this.outcomes.push(slot, Change.Proved, Proof.Absent);
      // Where ends are all there is to see, what nothing follows passes for a connection that is kept open.
      if (this.view.isEndsOnly) attempts.settle(slot, Outcome.HalfOpen);
    }
    table.mark(slot, Mark.Open | Mark.Replied);
    // The answer to an earlier SYN from another port has a number of its own.
    if (this.isFlow(slot, this.at.destinationPort) || table.has(slot, Mark.ReplyOnly)) {
      table.peerSequence.set(slot, this.at.sequence);
    }
    if (table.stage(slot) === Stage.Sent) table.setStage(slot, Stage.Answered);
    const isUsed = table.outcome(slot) === Outcome.Used;
    if (table.has(slot, Mark.ReplyOnly) && !isUsed) {
      attempts.unasked(Unasked.SynAck);
      // To another port than the first: the client, unseen, comes again and again.
      if (table.sourcePort.of(slot) !== this.at.destinationPort) {
        if (table.outcome(slot) === Outcome.None) {
          attempts.settle(slot, Outcome.Harmless, Decision.CameAgain);
        } else this.outcomes.push(slot, Change.Reconnected);
      }
    }
    attempts.answered(slot, isFirst);
  }

  /** True for a second SYN-ACK of another number to the same SYN, or one after a refusal: one of them is forged. */
  private isContradiction(slot: number, isSame: boolean): boolean {
    const { table } = this;
    if (table.has(slot, Mark.Contradicted)) return true;
    if (table.has(slot, Mark.ReplyOnly) || !this.isFlow(slot, this.at.destinationPort)) {
      return false;
    }
    if (this.at.acknowledgement !== ((table.sequence.of(slot) + 1) | 0)) return false;
    return table.peerSequence.of(slot) === 0 ? table.has(slot, Mark.JustRefused) : !isSame;
  }

  /**
   * True for a SYN-ACK that no server sends: from a client's port to a service. What victims of
   * floods send out (backscatter) comes from a service, to ports of every size.
   */
  private isSynAckProbe(): boolean {
    return !isPrivileged(this.at.sourcePort) && !isServicePort(this.at.sourcePort) &&
      isServicePort(this.at.destinationPort);
  }

  /** A segment with ACK and nothing else of interest. */
  private segment(): void {
    const { attempts, table } = this;
    // The side with the lower port is likelier to be the responder: one look-up for most segments.
    const towards = this.at.destinationPort <= this.at.sourcePort;
    const first = towards
      ? attempts.currentProbe(this.at.forwardKey())
      : attempts.backward(this.at.backwardKey());
    if (this.segmentOf(first, towards)) return;
    const second = towards
      ? attempts.backward(this.at.backwardKey())
      : attempts.currentProbe(this.at.forwardKey());
    if (this.segmentOf(second, !towards)) return;
    const own = towards ? first : second, back = towards ? second : first;
    if (own < 0 && !this.isAskers(back)) return this.midstream(TechniqueBit.Ack, back);
    if (own < 0) return this.replyOfAnother(back);
    // Another connection to a known target. In a capture of one direction its data is use enough.
    if (this.at.payload === 0) this.anotherProbe(own, TechniqueBit.Ack);
    else if (!this.packet.isTargetSideSeen()) return this.use(own);
    table.rank(own, Rank.Idle, this.clock.ms);
  }

  /** The target's data in another connection to it than the latest, as of a client that has several. */
  private replyOfAnother(slot: number): void {
    const { table } = this;
    if (this.at.payload > 0 && table.has(slot, Mark.Open)) this.noteReply(slot);
  }

  private noteReply(slot: number): void {
    const { table } = this;
    const bytes = Math.min(table.replyBytes.of(slot) + this.at.payload, 0x7fffffff);
    table.replyBytes.set(slot, bytes);
    if (bytes > BANNER_BYTES_MAX) this.use(slot);
  }

  /** True when the segment belongs to this conversation; then it was dealt with. */
  private segmentOf(slot: number, fromInitiator: boolean): boolean {
    const { table } = this;
    if (slot < 0) return false;
    const isFlow = this.isFlow(slot, fromInitiator ? this.at.sourcePort : this.at.destinationPort);
    if (table.outcome(slot) === Outcome.Used) {
      if (fromInitiator && table.packets(slot) === 0) this.attempts.repeat(slot);
      else if (!isFlow && !fromInitiator && !this.isAskers(slot)) return false;
    } else {
      if (!isFlow) return false;
      if (fromInitiator) this.fromInitiator(slot);
      else this.fromResponder(slot);
      if (table.outcome(slot) !== Outcome.Used) return true;
    }
    this.attempts.knowFlow(this.flow);
    table.rank(slot, Rank.Used, this.clock.ms);
    return true;
  }

  private fromInitiator(slot: number): void {
    const { attempts, table } = this;
    if (table.has(slot, Mark.Ambiguous) && this.isCopy(slot)) return;
    attempts.repeat(slot);
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      // Data in a connection from before the capture: used, if one direction is all there is to see.
      if (table.has(slot, Mark.Replied)) return this.use(slot);
      if (this.packet.isTargetSideSeen()) return;
      if (this.at.payload > 0 || this.isAnswered(slot)) this.use(slot);
      else if (table.packets(slot) >= MIDSTREAM_PACKETS) {
        attempts.settle(slot, Outcome.Harmless, Decision.Midstream);
      }
      return;
    }
    switch (table.stage(slot)) {
      case Stage.Answered:
        // A proof needs the number that the target sent, and nobody else under its name.
        if (this.at.acknowledgement !== ((table.peerSequence.of(slot) + 1) | 0)) break;
        if (!table.has(slot, Mark.Contradicted)) {
          table.mark(slot, Mark.Handshake);
          this.outcomes.push(slot, Change.Proved, Proof.Handshake);
          this.packet.noteNeighbour();
        }
        this.connected(slot);
        break;
      case Stage.Sent:
        // The SYN-ACK was not seen. Where nothing is seen of the responder that is how captures of
        // one direction look; otherwise someone acknowledges what was never sent.
        if (this.packet.isTargetSideSeen()) break;
        table.peerSequence.set(slot, (this.at.acknowledgement - 1) | 0);
        this.connected(slot);
        break;
    }
    // Where the target is seen, its acknowledgement says that the data arrived.
    if (
      table.stage(slot) === Stage.Open && this.at.payload > 0 && !this.packet.isTargetSideSeen()
    ) {
      this.use(slot);
    }
  }

  /** True where the source sent data first, and now acknowledges other data than then. */
  private isAnswered(slot: number): boolean {
    const { table } = this;
    return table.stage(slot) === Stage.Mid &&
      table.acknowledgement.of(slot) !== this.at.acknowledgement;
  }

  /** True for the packet that the conversation began with, captured once more. */
  private isCopy(slot: number): boolean {
    const { table } = this;
    return table.sequence.of(slot) === this.at.sequence &&
      table.acknowledgement.of(slot) === this.at.acknowledgement &&
      this.attempts.sinceProbeUs(slot) < NUMBERED_COPY_US;
  }

  private fromResponder(slot: number): void {
    const { table } = this;
    table.mark(slot, Mark.Replied);
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      return this.use(slot);
    }
    if (!table.has(slot, Mark.Open)) return;
    // Before the handshake is complete a server sends nothing but its SYN-ACK.
    if (table.stage(slot) === Stage.Answered) this.connected(slot);
    if (this.isDataAcknowledged(slot)) return this.use(slot);
    this.noteReply(slot);
  }

  /**
   * A segment of no known connection: one from before the capture, or a probe. `back`: what its receiver seems to have
   * asked its sender, or -1; nobody but the sender has shown that.
   */
  protected midstream(technique: number, back: number): void {
    const { attempts } = this;
    if (!attempts.follow()) return;
    const isAnswer = isReplyLike(this.at.sourcePort, this.at.destinationPort);
    if (this.at.payload > 0 && (!isAnswer || back < 0)) {
      if (isAnswer) {
        attempts.answersNothing(TechniqueBit.Ack);
        const slot = attempts.beginFromReply(this.at.backwardKey(), 0);
        this.table.setStage(slot, Stage.Mid);
        this.table.mark(slot, Mark.Replied);
      } else attempts.await(attempts.begin(this.at.forwardKey(), technique, 0, Stage.Mid));
      return;
    }
    const timestamp = this.records.timestampValue(this.at.base);
    const marks = Mark.Ambiguous | (isAnswer ? Mark.ReplyLike : 0) |
      (timestamp !== 0 ? Mark.Stack : 0);
    attempts.probe(this.at.forwardKey(), technique, marks);
  }

  // ---- What no TCP sends

  private oddFlags(): void {
    const { attempts, table } = this;
    const technique = tcpTechnique(this.at.flags);
    const key = this.at.forwardKey();
    let slot = attempts.current(key);
    if (slot < 0) {
      if (!attempts.follow()) return;
      slot = attempts.probe(key, technique);
      if ((technique & EXOTIC) !== 0) this.outcomes.push(slot, Change.Exotic, technique);
      return;
    }
    attempts.repeat(slot);
    const isOwn = table.sourcePort.of(slot) === this.at.sourcePort;
    if (isOwn && table.outcome(slot) === Outcome.Used) return; // a broken stack's segment
    const techniques = table.techniques.of(slot);
    if ((techniques & technique) !== 0) return;
    table.techniques.set(slot, techniques | technique);
    if ((technique & EXOTIC) !== 0) this.outcomes.push(slot, Change.Exotic, technique);
  }
}
