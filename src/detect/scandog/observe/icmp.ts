// ICMP and ICMPv6: pings as probes, errors as answers (RFC 792, RFC 950, RFC 4443). Knows types and
// codes; neighbour discovery is nobody's probe.

import { Kind, Quirk } from "../../../record.ts";
import { Decision } from "../../../decision.ts";
import { classOf, isEphemeral, isReplyLike, TargetClass, targetKey } from "../probe/classes.ts";
import { answeredBy, askedBy } from "../probe/pings.ts";
import { Proof } from "../probe/proof.ts";
import { TechniqueBit, USUAL_TECHNIQUE } from "../probe/techniques.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import { sameWords } from "../table/attempt_table.ts";
import { Change } from "../table/outcome_queue.ts";
import { NUMBERED_COPY_US } from "./copies.ts";
import { Protocol } from "./protocol.ts";

const UNREACHABLE = 3;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
const UNREACHABLE_6 = 1;
const TIME_EXCEEDED_6 = 3;
const PARAMETER_PROBLEM_6 = 4;

/** Codes of "destination unreachable". */
const PROTOCOL = 2;
const PORT = 3;
const NETWORK_PROHIBITED = 9, HOST_PROHIBITED = 10, PROHIBITED = 13;
const PROHIBITED_6 = 1, POLICY_6 = 5, REJECT_6 = 6;
const PORT_6 = 4;
/** Code of "parameter problem" for an unknown next header: IPv6's protocol unreachable. */
const NEXT_HEADER_6 = 1;

const PROTOCOL_ICMP = 1;
/** What ports, or pings, of a protocol are as targets; others are targets themselves. */
const CLASS_OF_PROTOCOL: Readonly<Record<number, number>> = {
  [PROTOCOL_ICMP]: TargetClass.IcmpEcho,
  6: TargetClass.Tcp,
  17: TargetClass.Udp,
  58: TargetClass.IcmpEcho,
  132: TargetClass.Sctp,
  136: TargetClass.Udp, // UDP-Lite
};

/** What is captured at once at two places is in order again after so long. */
const DISORDER_MS = 100;
/** Pings of one host that make it a conversation: `ping` goes on, a scanner asks once or twice. */
const PINGS_OF_A_USER = 5;
/** Answered pings of one host that are no sweep's: it would have had what it wants with the first. */
const PINGS_OF_A_MONITOR = 3;

export class Icmp extends Protocol {
  process(base: number): void {
    if (!this.enter(base)) return;
    const { records } = this;
    const isSix = records.kind(base) === Kind.Icmp6, type = records.type(base);
    const asked = askedBy(isSix, type), answered = answeredBy(isSix, type);
    if (asked !== 0) this.ping(base, asked);
    else if (answered !== 0) this.pong(answered);
    else if (isSix) this.errorOfSix(base, type, records.code(base));
    else this.errorOfFour(base, type, records.code(base));
  }

  private errorOfSix(base: number, type: number, code: number): void {
    switch (type) {
      case UNREACHABLE_6:
        return this.error(base, false, isRefusal6(code));
      case PARAMETER_PROBLEM_6:
        if (code === NEXT_HEADER_6) this.error(base, true, true);
        return;
      case TIME_EXCEEDED_6:
        return this.expired(base);
    }
  }

  private errorOfFour(base: number, type: number, code: number): void {
    switch (type) {
      case UNREACHABLE:
        return this.error(base, code === PROTOCOL, isRefusal(code));
      case PARAMETER_PROBLEM:
        return this.error(base, false, false);
      case TIME_EXCEEDED:
        return this.expired(base);
    }
  }

  private ping(base: number, targetClass: number): void {
    const { attempts, table } = this;
    const key = targetKey(targetClass, 0);
    const slot = attempts.current(key);
    if (slot < 0) {
      if (attempts.follow()) attempts.probe(key, USUAL_TECHNIQUE[targetClass]);
      return;
    }
    const number = this.records.sequence(base);
    const isSame = number === table.sequence.of(slot);
    if (isSame && attempts.sinceProbeUs(slot) < NUMBERED_COPY_US) return; // captured twice
    table.sequence.set(slot, number);
    if (table.has(slot, Mark.ReplyOnly)) this.asked(slot);
    attempts.repeat(slot);
    const isUsers = table.packets(slot) >= PINGS_OF_A_USER && table.has(slot, Mark.Replied);
    if (isUsers) attempts.settle(slot, Outcome.Used);
    else if (table.packets(slot) >= PINGS_OF_A_MONITOR) {
      this.outcomes.push(slot, Change.Reconnected);
    }
    this.outcomes.push(slot, Change.DatagramAgain);
  }

  /**
   * The ping of an answer that was captured before it, as happens where several queues of a device, or
   * several devices, make one capture. After longer it is a ping like any other.
   */
  private asked(slot: number): void {
    const { attempts, table } = this;
    const isAnswered = this.clock.since(table.createdMs.of(slot)) <= DISORDER_MS;
    if (table.outcome(slot) !== Outcome.Harmless) return;
    table.unmark(slot, Mark.ReplyOnly | (isAnswered ? 0 : Mark.Open | Mark.Replied));
    table.setOutcome(slot, Outcome.None);
    if (isAnswered) attempts.settle(slot, Outcome.Empty);
    else attempts.await(slot);
  }

  private pong(targetClass: number): void {
    const { attempts, table, packet } = this;
    const key = targetKey(targetClass, 0);
    let slot = attempts.backward(key);
    if (slot < 0) {
      attempts.answersNothing(USUAL_TECHNIQUE[targetClass]);
      if (!attempts.followAnswer()) return;
      slot = attempts.beginFromReply(key, USUAL_TECHNIQUE[targetClass]);
      if (packet.isBackscatter()) {
        table.mark(slot, Mark.Open | Mark.Replied);
        return attempts.settle(slot, Outcome.Harmless, Decision.Backscatter);
      }
    } else if (table.has(slot, Mark.Open) && table.has(slot, Mark.ReplyOnly)) {
      // One more answer to pings that are not seen.
      table.repeat(slot, packet.timeUs);
      this.outcomes.push(slot, Change.DatagramAgain);
    }
    // Answered, and nothing done with it: counts, but for less than a ping into the void.
    attempts.accepted(slot, Outcome.Empty);
  }

  /** Something on the way, or the target, refuses what the error quotes. */
  private error(base: number, isProtocol: boolean, isNo: boolean): void {
    const { records, attempts, table } = this;
    const sender = this.isSame(records.sourceAt(base), records.innerDestinationAt(base));
    // Who scans itself is refused by itself.
    if (sender ? !this.isToQuoted(base) : !this.isToSender(base)) return this.unasked(base);
    let slot = this.quoted(base, isProtocol);
    const sourcePort = records.innerSourcePort(base);
    const destinationPort = records.innerDestinationPort(base);
    if (slot < 0) {
      const key = this.quotedKey(base, false) || this.quotedKey(base, isProtocol);
      if (key === 0) return;
      // An answer of ours that came too late for its asker: the attempt itself is known.
      const asked = attempts.quoted(targetKey(classOf(key), sourcePort), true);
      if (asked >= 0) {
        // Whoever refuses the answer to a datagram is there, as the name on a forged one need not be.
        if (sender && isNo) {
          this.outcomes.push(asked, Change.Proved, Proof.Likely);
          table.mark(asked, Mark.Unwanted);
        } // A router knows no way to whom we answer.
        else if (!sender) this.outcomes.push(asked, Change.Proved, Proof.Absent);
        return;
      }
      const hash = this.memory.hash.address(records.i32, records.innerSourceAt(base));
      if (isReplyLike(sourcePort, destinationPort)) return;
      const isUdp = classOf(key) === TargetClass.Udp;
      if (
        isUdp && isEphemeral(destinationPort) &&
        records.innerTtl(base) <= this.memory.options.traceTtl
      ) {
        return; // a traceroute's, which was not seen
      }
      if (attempts.isFlood()) return;
      this.unasked(base);
      if (this.packet.isBackscatter()) {
        this.outcomes.push(-1, Change.UnaskedError, hash);
        return;
      }
      if (!attempts.followAnswer()) return;
      slot = attempts.beginFromQuote(key, USUAL_TECHNIQUE[classOf(key)]);
    }
    const isFirst = !table.has(slot, Mark.Closed | Mark.Open);
    if ((isNo || isProtocol) && !table.has(slot, Mark.Open)) table.mark(slot, Mark.Closed);
    if (table.stage(slot) !== Stage.Sent) return;
    attempts.settle(slot, Outcome.Refused);
    if (sender) attempts.answered(slot, isFirst);
  }

  /** The packet died on its way: traceroute, or a loop; no probe that could learn anything. */
  private expired(base: number): void {
    const slot = this.isToSender(base) ? this.quoted(base, false) : -1;
    if (slot < 0) return this.unasked(base);
    if (this.table.outcome(slot) === Outcome.None) {
      this.attempts.settle(slot, Outcome.Harmless, Decision.Expired);
    }
  }

  /** The error quotes nothing that its receiver is known to have sent. */
  private unasked(base: number): void {
    const technique = USUAL_TECHNIQUE[classOf(this.quotedKey(base, false))];
    this.attempts.answersNothing(technique || TechniqueBit.IpProtocol);
  }

  /**
   * True for an error to whom it quotes, by somebody else: an error about packets of others is nobody's (RFC
   * 1122 section 3.2.2), and who makes up his own shows nothing.
   */
  private isToSender(base: number): boolean {
    const { records } = this;
    return this.isToQuoted(base) &&
      !this.isSame(records.sourceAt(base), records.innerSourceAt(base));
  }

  private isToQuoted(base: number): boolean {
    const { records } = this;
    return records.hasQuirk(base, Quirk.Inner) &&
      this.isSame(records.destinationAt(base), records.innerSourceAt(base));
  }

  /** True when two addresses of the records are the same. */
  private isSame(a: number, b: number): boolean {
    return sameWords(this.records.i32, a, this.records.i32, b);
  }

  /** The attempt that the error quotes, or -1. */
  private quoted(base: number, isProtocol: boolean): number {
    const { attempts } = this;
    const key = this.quotedKey(base, isProtocol);
    let slot = key === 0 ? -1 : attempts.quoted(key, false);
    if (slot < 0 && isProtocol) {
      // The protocol of a port that was probed is not there at all.
      const port = this.quotedKey(base, false);
      if (port !== 0) slot = attempts.quoted(port, false);
    }
    if (slot >= 0) return slot;
    const protocol = this.records.innerProtocol(base);
    if (protocol === PROTOCOL_ICMP) {
      slot = attempts.quoted(targetKey(TargetClass.IcmpTimestamp, 0), false);
      if (slot < 0) slot = attempts.quoted(targetKey(TargetClass.IcmpMask, 0), false);
      if (slot >= 0) return slot;
    }
    return attempts.quoted(targetKey(TargetClass.IpProtocol, protocol), false);
  }

  /** What the quoted packet was aimed at; 0 when its ports are not there. */
  private quotedKey(base: number, isProtocol: boolean): number {
    const { records } = this;
    const protocol = records.innerProtocol(base);
    const targetClass = isProtocol
      ? TargetClass.IpProtocol
      : CLASS_OF_PROTOCOL[protocol] ?? TargetClass.IpProtocol;
    if (targetClass === TargetClass.IpProtocol) return targetKey(targetClass, protocol);
    if (targetClass === TargetClass.IcmpEcho) return targetKey(targetClass, 0);
    if (!records.hasQuirk(base, Quirk.InnerPorts)) return 0;
    return targetKey(targetClass, records.innerDestinationPort(base));
  }
}

/** True when the target, or a firewall that speaks for it, says no; false when nobody is there. */
function isRefusal(code: number): boolean {
  return code === PORT || code === NETWORK_PROHIBITED || code === HOST_PROHIBITED ||
    code === PROHIBITED;
}

function isRefusal6(code: number): boolean {
  return code === PORT_6 || code === PROHIBITED_6 || code === POLICY_6 || code === REJECT_6;
}
