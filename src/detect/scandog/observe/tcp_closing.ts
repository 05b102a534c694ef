// How TCP connections end: RST and FIN (RFC 9293 sections 3.6 and 3.10). Knows the segment at hand and
// the life of an attempt. An ending tells more than any other segment: whether a port refused, and
// whether anything was said, which the sequence numbers show even where data was not captured.

import { TcpFlag } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import { isReplyLike } from "../probe/classes.ts";
import { Proof } from "../probe/proof.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import { Change, Unasked } from "../table/outcome_queue.ts";
import { AnswerProbes, isFromClient } from "./answer_probes.ts";
import type { Attempts } from "./attempts.ts";
import { Protocol } from "./protocol.ts";
import { Segment } from "./segment.ts";

/** A server may greet before the client says a word; more than this is no greeting but data. */
export const BANNER_BYTES_MAX = 600;
/** What a client may have sent when it breaks off; more is a number that has nothing to do with its SYN's. */
const SENT_MAX = 1 << 24;

export abstract class TcpClosing extends Protocol {
  declare protected readonly at: Segment;
  /** Counts what looks like answers. */
  protected readonly unaskedProbes = new AnswerProbes();

  constructor(memory: Memory, attempts: Attempts) {
    super(memory, attempts);
    this.at = new Segment(this.records);
  }

  /** True for a slot whose latest connection is from this port. */
  protected isFlow(slot: number, initiatorPort: number): boolean {
    return slot >= 0 && this.table.sourcePort.of(slot) === initiatorPort;
  }

  /** A RST, with or without ACK. */
  protected reset(): void {
    const { attempts } = this;
    const back = attempts.backward(this.at.backwardKey());
    if (this.isFlow(back, this.at.destinationPort)) {
      // Who has a connection to that service breaks off one of its own.
      const isOwn = this.table.has(back, Mark.Ambiguous) &&
        this.isAskers(attempts.forward(this.at.forwardKey()));
      return isOwn ? undefined : this.refused(back);
    }
    const own = attempts.forward(this.at.forwardKey());
    if (this.isFlow(own, this.at.sourcePort)) return this.abandoned(own);
    if (back >= 0) {
      this.noteUnasked();
      return this.isProbe() ? this.probed() : this.refused(back);
    }
    if (own < 0) return this.resetOfUnknown();
    if (this.at.isRefusal()) attempts.unasked(Unasked.Refusal);
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
        if (this.isRefusalOfAccepted(slot)) return this.contradicted(slot);
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
  private isRefusalOfAccepted(slot: number): boolean {
    const { at, table } = this;
    return at.isRefusal() && table.peerSequence.of(slot) !== 0 && !table.has(slot, Mark.ReplyOnly);
  }

  /** Answers contradict each other: one of them is forged, so none proves or opens anything. */
  protected contradicted(slot: number): void {
    const { table } = this;
    table.mark(slot, Mark.Contradicted);
    table.unmark(slot, Mark.Open | Mark.Closed | Mark.Handshake | Mark.Reset | Mark.OddReset);
    this.attempts.settle(slot, Outcome.HalfOpen);
  }

  /** The initiator broke off. */
  private abandoned(slot: number): void {
    const { attempts, table } = this;
    if (table.has(slot, Mark.Ambiguous) || table.outcome(slot) === Outcome.Used) return;
    const isBare = this.at.isBare();
    // Its number tells what was said, where a capture filter left out the segments that said it. A FIN
    // before it may have taken a number as well.
    const sent = (this.at.sequence - table.sequence.of(slot) - 1) | 0;
    const isSent = this.at.sequence !== 0 && sent > 1 && sent <= SENT_MAX;
    if (isSent && this.isSaidAlone(slot)) return this.use(slot);
    switch (table.stage(slot)) {
      case Stage.Answered:
        // Only who received our SYN-ACK knows this number, or who sent the SYN and guesses well.
        if (
          isBare && this.at.sequence === ((table.sequence.of(slot) + 1) | 0) &&
          !table.has(slot, Mark.Contradicted)
        ) {
          // Kernels that know of no connection have no window to offer; who makes resets up seldom knows that.
          // And one from elsewhere on the link is of whose address it is, who sent no SYN.
          const isKernels = this.at.window === 0 && !attempts.isMoved(slot);
          table.mark(slot, isKernels ? Mark.Reset : Mark.Reset | Mark.OddReset);
          // The same SYN may be answered anew, with another number.
          table.peerSequence.set(slot, 0);
          this.outcomes.push(slot, Change.ResetAnswer, this.packet.from);
          this.outcomes.push(slot, Change.Proved, isKernels ? Proof.Reset : Proof.OddReset);
        }
        break;
      case Stage.Sent:
        // Without the SYN-ACK in sight it proves nothing, but no forged source does it.
        if (isBare && this.at.sequence === ((table.sequence.of(slot) + 1) | 0)) {
          this.outcomes.push(slot, Change.Proved, Proof.Likely);
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
    const { table } = this;
    return !this.packet.isTargetSideSeen() ||
      (this.view.isEndsOnly && table.has(slot, Mark.Open));
  }

  /** A RST that belongs to nothing known: the answer to a probe that was not seen, or a probe. */
  private resetOfUnknown(): void {
    const { attempts, table } = this;
    if (attempts.isFlood()) return;
    const isBare = this.at.isBare();
    if (isBare) this.outcomes.push(-1, Change.ResetUnasked, this.packet.from);
    this.noteUnasked();
    if (this.isProbe()) return this.probed();
    if (!this.packet.isBackscatter()) {
      // RFC 9293 section 3.10.7.1: without ACK in the probe the RST has sequence 0 and an ACK;
      // otherwise it has no ACK and the probe's acknowledgement as its sequence.
      if (isBare && isReplyLike(this.at.destinationPort, this.at.sourcePort)) return;
      if (!isBare && this.at.sequence !== 0) return;
      if (!attempts.followAnswer()) return;
      const technique = isBare ? TechniqueBit.Ack : TechniqueBit.Syn;
      const slot = attempts.beginFromReply(this.at.backwardKey(), technique);
      table.mark(slot, Mark.Closed | Mark.Replied | (isBare ? Mark.Ambiguous : 0));
      attempts.settle(slot, Outcome.Refused);
      return;
    }
    // Only the answer to a SYN has sequence 0; a client's RST, which needs no answer, has its own.
    if (isBare || this.at.sequence === 0) {
      attempts.unasked(isBare ? Unasked.Reset : Unasked.Refusal);
    }
    // To a service it is no answer: a client's, of a connection that is forgotten.
    const isAnswer = isReplyLike(this.at.sourcePort, this.at.destinationPort);
    if (isAnswer) attempts.answersNothing(isBare ? TechniqueBit.Ack : TechniqueBit.Syn);
  }

  /** Counts a RST that belongs to nothing known, unless its ports say already that it is no answer. */
  private noteUnasked(): void {
    const { at, packet } = this;
    if (at.isRefusal() || !isFromClient(at)) this.unaskedProbes.note(packet.from, at);
  }

  /** True for a RST that answers nothing. */
  private isProbe(): boolean {
    const { at, packet } = this;
    return (!at.isRefusal() && isFromClient(at)) || this.unaskedProbes.isLow(packet.from, at);
  }

  private probed(): void {
    const { attempts, at } = this;
    if (at.isBare()) attempts.unasked(Unasked.Reset);
    if (!attempts.followAnswer()) return;
    attempts.probe(at.forwardKey(), TechniqueBit.OtherTcp, Mark.Ambiguous);
  }

  /**
   * True for an attempt whose source was seen asking, or would not be seen: what others send it alone makes no
   * connection, of which more could be parts.
   */
  protected isAskers(slot: number): boolean {
    return slot >= 0 && (this.table.packets(slot) > 0 || !this.packet.isTargetSideSeen());
  }

  /** See `Tcp`. */
  protected abstract midstream(technique: number, back: number): void;

  /** A FIN with ACK: of something known, or a probe. */
  protected fin(): void {
    const { attempts, table } = this;
    const own = attempts.currentProbe(this.at.forwardKey());
    if (this.isFlow(own, this.at.sourcePort)) {
      if (table.has(own, Mark.Ambiguous)) attempts.repeat(own);
      else this.closed(own);
      return;
    }
    const back = attempts.backward(this.at.backwardKey());
    if (this.isFlow(back, this.at.destinationPort)) return this.responderClosed(back);
    if (own >= 0) this.anotherProbe(own, TechniqueBit.Maimon);
    else if (!this.isAskers(back)) this.midstream(TechniqueBit.Maimon, back);
  }

  /** The initiator closes: with or without having said something? */
  private closed(slot: number): void {
    const { attempts, table } = this;
    if (table.outcome(slot) === Outcome.Used || table.stage(slot) === Stage.Mid) return;
    const sent = (this.at.sequence - table.sequence.of(slot) - 1) | 0;
    // What the initiator says that it sent, and got, counts where the responder cannot be seen.
    const isAlone = this.isSaidAlone(slot);
    if (isAlone && (this.at.payload > 0 || sent > 0)) return this.use(slot);
    // The responder may have sent data that was not captured: then the initiator acknowledges it.
    if (isAlone && table.peerSequence.of(slot) !== 0) {
      const got = (this.at.acknowledgement - table.peerSequence.of(slot) - 2) | 0;
      if ((this.at.flags & TcpFlag.Ack) !== 0 && got > BANNER_BYTES_MAX) return this.use(slot);
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
    const sent = (this.at.sequence - table.peerSequence.of(slot) - 1) | 0;
    if (sent + this.at.payload > BANNER_BYTES_MAX || this.isDataAcknowledged(slot)) {
      return this.use(slot);
    }
    // A server that waited in vain for a word. It may come yet, or have been lost to the capture.
    if (table.outcome(slot) === Outcome.None) this.attempts.settle(slot, Outcome.Empty);
  }

  /** The responder acknowledges more than the initiator's SYN and FIN: it was told something. */
  protected isDataAcknowledged(slot: number): boolean {
    return ((this.at.acknowledgement - this.table.sequence.of(slot) - 2) | 0) > 0;
  }

  /** The initiator is known to have completed the handshake. */
  protected connected(slot: number): void {
    const { table } = this;
    table.setStage(slot, Stage.Open);
    const techniques = table.techniques.of(slot);
    table.techniques.set(slot, techniques & ~TechniqueBit.Syn | TechniqueBit.Connect);
  }

  /** Data flowed. */
  protected use(slot: number): void {
    this.attempts.settle(slot, Outcome.Used);
  }

  /** A probe of another kind, or of another connection, to a target that is known. */
  protected anotherProbe(slot: number, technique: number): void {
    const { attempts, table } = this;
    attempts.repeat(slot);
    if (table.outcome(slot) === Outcome.Used || !table.has(slot, Mark.Ambiguous)) return;
    table.techniques.set(slot, table.techniques.of(slot) | technique);
  }
}
