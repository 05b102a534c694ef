// How TCP connections end: RST and FIN (RFC 9293 sections 3.6 and 3.10). Knows the segment at hand and
// the life of an attempt. An ending tells more than any other segment: whether a port refused, and
// whether anything was said, which the sequence numbers show even where data was not captured.

import { TcpFlag } from "../../../record.ts";
import { isReplyLike } from "../probe/classes.ts";
import { Proof } from "../probe/proof.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { Change, type OutcomeQueue, Unasked } from "../table/outcome_queue.ts";
import { type AnswerProbes, isFromClient } from "./answer_probes.ts";
import type { Attempts } from "./attempts.ts";
import type { Segment } from "./segment.ts";

/** A server may greet before the client says a word; more than this is no greeting but data. */
export const BANNER_BYTES_MAX = 600;
/** What a client may have sent when it breaks off; more is a number that has nothing to do with its SYN's. */
const SENT_MAX = 1 << 24;

export class TcpClosing {
  declare private readonly segment: Segment;
  declare private readonly attempts: Attempts;
  declare private readonly table: AttemptTable;
  declare private readonly outcomes: OutcomeQueue;
  declare private readonly probes: AnswerProbes;

  constructor(segment: Segment, attempts: Attempts, outcomes: OutcomeQueue, probes: AnswerProbes) {
    this.segment = segment;
    this.attempts = attempts;
    this.table = attempts.table;
    this.outcomes = outcomes;
    this.probes = probes;
  }

  private isFlow(slot: number, initiatorPort: number): boolean {
    return slot >= 0 && this.table.sourcePort(slot) === initiatorPort;
  }

  /** A RST, with or without ACK. */
  reset(): void {
    const { attempts } = this;
    const back = attempts.backward(this.segment.backwardKey());
    if (this.isFlow(back, this.segment.destinationPort)) return this.refused(back);
    const own = attempts.forward(this.segment.forwardKey());
    if (this.isFlow(own, this.segment.sourcePort)) return this.abandoned(own);
    if (back >= 0) {
      const isBare = (this.segment.flags & TcpFlag.Ack) === 0;
      this.noteUnasked(isBare);
      return this.isProbe(isBare) ? this.probed(isBare) : this.refused(back);
    }
    if (own < 0) return this.resetOfUnknown();
    const isBare = (this.segment.flags & TcpFlag.Ack) === 0;
    if (!isBare && this.segment.sequence === 0) attempts.unasked(Unasked.Refusal);
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
        break;
      case Stage.Sent:
        break;
      default:
        if (this.isContradiction(slot)) return this.contradicted(slot);
        // Accepted, then thrown out before a word: as good as closed without data.
        if (table.outcome(slot) === Outcome.None) attempts.settle(slot, Outcome.Empty);
        return;
    }
    if (!table.has(slot, Mark.Open)) table.mark(slot, Mark.Closed);
    table.mark(slot, Mark.JustRefused);
    attempts.settle(slot, Outcome.Refused);
    attempts.answered(slot, isFirst);
  }

  /** True for the refusal of a SYN that was accepted: a RST after a SYN-ACK has a number of its own. */
  private isContradiction(slot: number): boolean {
    const { segment, table } = this;
    return segment.sequence === 0 && (segment.flags & TcpFlag.Ack) !== 0 &&
      table.peerSequence.of(slot) !== 0 && !table.has(slot, Mark.ReplyOnly);
  }

  /** Answers contradict each other: one of them is forged, so none proves or opens anything. */
  contradicted(slot: number): void {
    const { table } = this;
    table.mark(slot, Mark.Contradicted);
    table.unmark(slot, Mark.Open | Mark.Closed | Mark.Handshake | Mark.Reset | Mark.OddReset);
    this.attempts.settle(slot, Outcome.HalfOpen);
  }

  /** The initiator broke off. */
  private abandoned(slot: number): void {
    const { attempts, table } = this;
    if (table.has(slot, Mark.Ambiguous) || table.outcome(slot) === Outcome.Used) return;
    const isBare = (this.segment.flags & TcpFlag.Ack) === 0;
    // Its number tells what was said, where a capture filter left out the segments that said it. A FIN
    // before it may have taken a number as well.
    const sent = (this.segment.sequence - table.sequence(slot) - 1) | 0;
    const isSent = this.segment.sequence !== 0 && sent > 1 && sent <= SENT_MAX;
    if (isSent && this.isSaidAlone(slot)) return this.use(slot);
    switch (table.stage(slot)) {
      case Stage.Answered:
        // Only who received our SYN-ACK knows this number, or who sent the SYN and guesses well.
        if (
          isBare && this.segment.sequence === ((table.sequence(slot) + 1) | 0) &&
          !table.has(slot, Mark.Contradicted)
        ) {
          // Kernels that know of no connection have no window to offer; who makes resets up seldom knows that.
          // And one from elsewhere on the link is of whose address it is, who sent no SYN.
          const isKernels = this.segment.window === 0 && !attempts.isMoved(slot);
          table.mark(slot, isKernels ? Mark.Reset : Mark.Reset | Mark.OddReset);
          // The same SYN may be answered anew, with another number.
          table.peerSequence.set(slot, 0);
          this.outcomes.push(slot, Change.ResetAnswer, attempts.packet.from);
          attempts.prove(slot, isKernels ? Proof.Reset : Proof.OddReset);
        }
        break;
      case Stage.Sent:
        // Without the SYN-ACK in sight it proves nothing, but no forged source does it.
        if (isBare && this.segment.sequence === ((table.sequence(slot) + 1) | 0)) {
          attempts.prove(slot, Proof.Likely);
        }
        break;
      case Stage.Open:
        // After its FIN, which has a number of its own: the server greeted one that had left.
        if (table.outcome(slot) === Outcome.Empty) return;
        return this.closed(slot);
      default:
        return;
    }
    if (!isBare) table.mark(slot, Mark.GentleReset);
    attempts.settle(slot, Outcome.HalfOpen);
  }

  /**
   * True where the initiator's own numbers are all that can be seen of what was said: nobody sees the responder,
   * or the capture keeps the ends of connections alone, and this one was accepted.
   */
  private isSaidAlone(slot: number): boolean {
    const { attempts, table } = this;
    return !attempts.packet.isTargetSideSeen() ||
      (attempts.view.isEndsOnly && table.has(slot, Mark.Open));
  }

  /** A RST that belongs to nothing known: the answer to a probe that was not seen, or a probe. */
  private resetOfUnknown(): void {
    const { attempts, table } = this;
    if (attempts.isFlood()) return;
    const isBare = (this.segment.flags & TcpFlag.Ack) === 0;
    if (isBare) this.outcomes.push(-1, Change.ResetUnasked, attempts.packet.from);
    this.noteUnasked(isBare);
    if (this.isProbe(isBare)) return this.probed(isBare);
    if (!attempts.packet.isBackscatter()) {
      // RFC 9293 section 3.10.7.1: without ACK in the probe the RST has sequence 0 and an ACK;
      // otherwise it has no ACK and the probe's acknowledgement as its sequence.
      if (isBare && isReplyLike(this.segment.destinationPort, this.segment.sourcePort)) return;
      if (!isBare && this.segment.sequence !== 0) return;
      if (!attempts.followAnswer()) return;
      const technique = isBare ? TechniqueBit.Ack : TechniqueBit.Syn;
      const slot = attempts.beginFromReply(this.segment.backwardKey(), technique);
      table.mark(slot, Mark.Closed | Mark.Replied | (isBare ? Mark.Ambiguous : 0));
      attempts.settle(slot, Outcome.Refused);
      return;
    }
    // Only the answer to a SYN has sequence 0; a client's RST, which needs no answer, has its own.
    if (isBare || this.segment.sequence === 0) {
      attempts.unasked(isBare ? Unasked.Reset : Unasked.Refusal);
    }
  }

  /** Counts a RST that belongs to nothing known, unless its ports say already that it is no answer. */
  private noteUnasked(isBare: boolean): void {
    const { attempts, probes, segment } = this;
    if (this.isRefusal(isBare) || !isFromClient(segment)) {
      probes.note(attempts.packet.from, segment);
    }
  }

  /** Only an answer to a SYN has ACK and the sequence number 0. */
  private isRefusal(isBare: boolean): boolean {
    return !isBare && this.segment.sequence === 0;
  }

  /** True for a RST that answers nothing. */
  private isProbe(isBare: boolean): boolean {
    const { attempts, probes, segment } = this;
    return (!this.isRefusal(isBare) && isFromClient(segment)) ||
      probes.isLow(attempts.packet.from, segment);
  }

  private probed(isBare: boolean): void {
    const { attempts, segment } = this;
    if (isBare) attempts.unasked(Unasked.Reset);
    if (!attempts.followAnswer()) return;
    const key = segment.forwardKey();
    attempts.await(attempts.begin(key, TechniqueBit.OtherTcp, Mark.Ambiguous, Stage.Sent));
  }

  /** A FIN with ACK. True when it belongs to something known. */
  fin(): boolean {
    const { attempts, table } = this;
    const own = attempts.currentProbe(this.segment.forwardKey());
    if (this.isFlow(own, this.segment.sourcePort)) {
      if (table.has(own, Mark.Ambiguous)) attempts.repeat(own);
      else this.closed(own);
      return true;
    }
    const back = attempts.backward(this.segment.backwardKey());
    if (this.isFlow(back, this.segment.destinationPort)) {
      this.responderClosed(back);
      return true;
    }
    if (own >= 0) this.anotherProbe(own, TechniqueBit.Maimon);
    return own >= 0 || back >= 0;
  }

  /** The initiator closes: with or without having said something? */
  private closed(slot: number): void {
    const { attempts, table } = this;
    if (table.outcome(slot) === Outcome.Used || table.stage(slot) === Stage.Mid) return;
    const sent = (this.segment.sequence - table.sequence(slot) - 1) | 0;
    if (table.replyBytes.of(slot) > BANNER_BYTES_MAX) return this.use(slot);
    // What the initiator says that it sent, and got, counts where the responder cannot be seen.
    const isAlone = this.isSaidAlone(slot);
    if (isAlone && (this.segment.payload > 0 || sent > 0)) return this.use(slot);
    // The responder may have sent data that was not captured: then the initiator acknowledges it.
    if (isAlone && table.peerSequence.of(slot) !== 0) {
      const got = (this.segment.acknowledgement - table.peerSequence.of(slot) - 2) | 0;
      if ((this.segment.flags & TcpFlag.Ack) !== 0 && got > BANNER_BYTES_MAX) return this.use(slot);
    }
    attempts.settle(slot, Outcome.Empty);
  }

  private responderClosed(slot: number): void {
    const { table } = this;
    if (table.has(slot, Mark.Ambiguous) || table.stage(slot) === Stage.Mid) {
      return this.use(slot); // both ends speak: a connection from before the capture
    }
    if (!table.has(slot, Mark.Open)) return;
    if (table.stage(slot) === Stage.Answered) this.connected(slot);
    const sent = (this.segment.sequence - table.peerSequence.of(slot) - 1) | 0;
    if (sent + this.segment.payload > BANNER_BYTES_MAX || this.isDataAcknowledged(slot)) {
      return this.use(slot);
    }
    // A server that waited in vain for a word. It may come yet, or have been lost to the capture.
    if (table.outcome(slot) === Outcome.None) this.attempts.settle(slot, Outcome.Empty);
  }

  /** The responder acknowledges more than the initiator's SYN and FIN: it was told something. */
  isDataAcknowledged(slot: number): boolean {
    return ((this.segment.acknowledgement - this.table.sequence(slot) - 2) | 0) > 0;
  }

  /** The initiator is known to have completed the handshake. */
  connected(slot: number): void {
    const { table } = this;
    table.setStage(slot, Stage.Open);
    const techniques = table.techniques.of(slot);
    table.techniques.set(slot, techniques & ~TechniqueBit.Syn | TechniqueBit.Connect);
  }

  /** Data flowed. */
  use(slot: number): void {
    this.attempts.settle(slot, Outcome.Used);
  }

  /** A probe of another kind, or of another connection, to a target that is known. */
  anotherProbe(slot: number, technique: number): void {
    const { attempts, table } = this;
    attempts.repeat(slot);
    if (table.outcome(slot) === Outcome.Used || !table.has(slot, Mark.Ambiguous)) return;
    table.techniques.set(slot, table.techniques.of(slot) | technique);
  }
}
