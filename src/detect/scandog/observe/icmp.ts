// ICMP and ICMPv6: pings as probes, errors as answers (RFC 792, RFC 950, RFC 4443). Knows types and
// codes; neighbour discovery is nobody's probe.

import { Kind, Quirk, type Records } from "../../../record.ts";
import { Decision } from "../../../decision.ts";
import type { Clock } from "../clock.ts";
import type { Memory } from "../memory.ts";
import { isEphemeral, isReplyLike, TargetClass, targetKey } from "../probe/classes.ts";
import { Proof } from "../probe/proof.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import { type AttemptTable, sameWords } from "../table/attempt_table.ts";
import type { Hash } from "../table/hash.ts";
import { Change, type OutcomeQueue } from "../table/outcome_queue.ts";
import type { View } from "../view.ts";
import type { Attempts } from "./attempts.ts";
import { NUMBERED_COPY_US } from "./copies.ts";

const UNREACHABLE = 3;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
const UNREACHABLE_6 = 1;
const TIME_EXCEEDED_6 = 3;
const PARAMETER_PROBLEM_6 = 4;

/** Codes of "destination unreachable". */
const HOST = 1;
const PROTOCOL = 2;
const PORT = 3;
const NETWORK_PROHIBITED = 9, HOST_PROHIBITED = 10, PROHIBITED = 13;
const PROHIBITED_6 = 1, POLICY_6 = 5, REJECT_6 = 6;
const ADDRESS_6 = 3;
const PORT_6 = 4;
/** Code of "parameter problem" for an unknown next header: IPv6's protocol unreachable. */
const NEXT_HEADER_6 = 1;

const PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58;
const PROTOCOL_SCTP = 132;

/** What is captured at once at two places is in order again after so long. */
const DISORDER_MS = 100;
/** Pings of one host that make it a conversation: `ping` goes on, a scanner asks once or twice. */
const PINGS_OF_A_USER = 5;
/** Answered pings of one host that are no sweep's: it would have had what it wants with the first. */
const PINGS_OF_A_MONITOR = 3;

export class Icmp {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: AttemptTable;
  declare private readonly view: View;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly outcomes: OutcomeQueue;
  declare private readonly traceTtl: number;

  constructor({ hash, clock, outcomes, options }: Memory, attempts: Attempts) {
    this.hash = hash;
    this.clock = clock;
    this.outcomes = outcomes;
    this.traceTtl = options.traceTtl;
    this.attempts = attempts;
    this.view = attempts.view;
    this.table = attempts.table;
    this.records = attempts.packet.records;
  }

  process(base: number): void {
    const { records, attempts } = this;
    attempts.packet.read(base);
    if (attempts.passOver()) return;
    attempts.packet.noteSender();
    const type = records.type(base);
    const code = records.code(base);
    if (records.kind(base) === Kind.Icmp6) {
      switch (type) {
        // Node information (RFC 4620) and extended echo (RFC 8335) ask whether somebody is there, as an echo does.
        case 128:
        case 139:
        case 160:
          return this.ping(base, TargetClass.IcmpEcho, TechniqueBit.IcmpEcho);
        case 129:
        case 140:
        case 161:
          return this.pong(TargetClass.IcmpEcho, TechniqueBit.IcmpEcho);
        case UNREACHABLE_6:
          return this.error(base, false, isRefusal6(code), code === ADDRESS_6);
        case PARAMETER_PROBLEM_6:
          if (code === NEXT_HEADER_6) this.error(base, true, true, false);
          return;
        case TIME_EXCEEDED_6:
          return this.expired(base);
      }
      return;
    }
    switch (type) {
      // So do an information request (RFC 792) and an extended echo.
      case 8:
      case 15:
      case 42:
        return this.ping(base, TargetClass.IcmpEcho, TechniqueBit.IcmpEcho);
      case 13:
        return this.ping(base, TargetClass.IcmpTimestamp, TechniqueBit.IcmpTimestamp);
      case 17:
        return this.ping(base, TargetClass.IcmpMask, TechniqueBit.IcmpMask);
      case 0:
      case 16:
      case 43:
        return this.pong(TargetClass.IcmpEcho, TechniqueBit.IcmpEcho);
      case 14:
        return this.pong(TargetClass.IcmpTimestamp, TechniqueBit.IcmpTimestamp);
      case 18:
        return this.pong(TargetClass.IcmpMask, TechniqueBit.IcmpMask);
      case UNREACHABLE:
        return this.error(base, code === PROTOCOL, isRefusal(code), code === HOST);
      case TIME_EXCEEDED:
        return this.expired(base);
      case PARAMETER_PROBLEM:
        return this.error(base, false, false, false);
    }
  }

  private ping(base: number, targetClass: number, technique: number): void {
    const { attempts, table } = this;
    const key = targetKey(targetClass, 0);
    const slot = attempts.current(key);
    if (slot < 0) {
      if (!attempts.follow()) return;
      attempts.await(attempts.begin(key, technique, 0, Stage.Sent));
      return;
    }
    const number = this.records.sequence(base);
    const isSame = number === table.sequence(slot);
    if (isSame && attempts.sinceProbeUs(slot) < NUMBERED_COPY_US) return; // captured twice
    table.setSequence(slot, number);
    if (table.has(slot, Mark.ReplyOnly)) this.asked(slot);
    attempts.repeat(slot);
    const isUsers = table.packets(slot) >= PINGS_OF_A_USER && table.has(slot, Mark.Replied);
    if (isUsers) attempts.settle(slot, Outcome.Used);
    else if (table.packets(slot) >= PINGS_OF_A_MONITOR) attempts.reconnected(slot);
    attempts.datagramAgain(slot);
  }

  /**
   * The ping of an answer that was captured before it, as happens where several queues of a device, or
   * several devices, make one capture. After longer it is a ping like any other.
   */
  private asked(slot: number): void {
    const { attempts, table } = this;
    const isAnswered = this.clock.since(table.createdMs(slot)) <= DISORDER_MS;
    if (table.outcome(slot) !== Outcome.Harmless) return;
    table.unmark(slot, Mark.ReplyOnly | (isAnswered ? 0 : Mark.Open | Mark.Replied));
    table.setOutcome(slot, Outcome.None);
    if (isAnswered) attempts.settle(slot, Outcome.Empty);
    else attempts.await(slot);
  }

  private pong(targetClass: number, technique: number): void {
    const { attempts, table } = this;
    const key = targetKey(targetClass, 0);
    let slot = attempts.backward(key);
    if (slot < 0) {
      if (!attempts.followAnswer()) return;
      slot = attempts.beginFromReply(key, technique);
      if (attempts.packet.isBackscatter()) {
        table.mark(slot, Mark.Open | Mark.Replied);
        return attempts.settle(slot, Outcome.Harmless, Decision.Backscatter);
      }
    }
    const isFirst = !table.has(slot, Mark.Open);
    if (!isFirst && table.has(slot, Mark.ReplyOnly)) attempts.answeredAgain(slot);
    table.mark(slot, Mark.Open | Mark.Replied);
    // Answered, and nothing done with it: counts, but for less than a ping into the void.
    attempts.settle(slot, Outcome.Empty);
    attempts.answered(slot, isFirst);
  }

  /** Something on the way, or the target, refuses what the error quotes. */
  private error(base: number, isProtocol: boolean, isNo: boolean, isHost: boolean): void {
    const { records, attempts, table } = this;
    const sender = this.isInnerDestination(base);
    // Who scans itself is refused by itself.
    if (sender ? !this.isToQuoted(base) : !this.isToSender(base)) return;
    if (isHost && !sender) this.view.noteRouter(attempts.packet.from);
    let slot = this.quoted(base, isProtocol);
    const sourcePort = records.innerSourcePort(base);
    const destinationPort = records.innerDestinationPort(base);
    if (slot < 0) {
      let key = this.quotedKey(base, false);
      if (key === 0) key = this.quotedKey(base, isProtocol);
      // An answer of ours that came too late for its asker: the attempt itself is known.
      const back = targetKey(key >>> 16, sourcePort);
      if (key === 0) return;
      const asked = attempts.quoted(back, true);
      if (asked >= 0) {
        // Whoever refuses the answer to a datagram is there, as the name on a forged one need not be.
        if (sender && isNo) {
          attempts.prove(asked, Proof.Likely);
          table.mark(asked, Mark.Unwanted);
        } // A router knows no way to whom we answer.
        else if (!sender) attempts.prove(asked, Proof.Absent);
        return;
      }
      const hash = this.hash.address(records.i32, records.innerSourceAt(base));
      if (isReplyLike(sourcePort, destinationPort)) return;
      const isUdp = key >>> 16 === TargetClass.Udp;
      if (isUdp && isEphemeral(destinationPort) && records.innerTtl(base) <= this.traceTtl) {
        return; // a traceroute's, which was not seen
      }
      if (attempts.isFlood()) return;
      if (attempts.packet.isBackscatter()) {
        this.outcomes.push(-1, Change.UnaskedError, hash);
        return;
      }
      if (!attempts.followAnswer()) return;
      slot = attempts.beginFromQuote(key, this.techniqueOf(key));
    }
    const isFirst = !table.has(slot, Mark.Closed | Mark.Open);
    if ((isNo || isProtocol) && !table.has(slot, Mark.Open)) table.mark(slot, Mark.Closed);
    if (table.stage(slot) !== Stage.Sent) return;
    attempts.settle(slot, Outcome.Refused);
    if (sender) attempts.answered(slot, isFirst);
  }

  /** The packet died on its way: traceroute, or a loop; no probe that could learn anything. */
  private expired(base: number): void {
    if (!this.isToSender(base)) return;
    const slot = this.quoted(base, false);
    if (slot >= 0 && this.table.outcome(slot) === Outcome.None) {
      this.attempts.settle(slot, Outcome.Harmless, Decision.Expired);
    }
  }

  /**
   * True for an error to whom it quotes, by somebody else: an error about packets of others is nobody's (RFC
   * 1122 section 3.2.2), and who makes up his own shows nothing.
   */
  private isToSender(base: number): boolean {
    const { records } = this;
    const { i32 } = records;
    const sender = records.innerSourceAt(base);
    return this.isToQuoted(base) && !sameWords(i32, records.sourceAt(base), i32, sender);
  }

  private isToQuoted(base: number): boolean {
    const { records } = this;
    const { i32 } = records;
    return records.hasQuirk(base, Quirk.Inner) &&
      sameWords(i32, records.destinationAt(base), i32, records.innerSourceAt(base));
  }

  private isInnerDestination(base: number): boolean {
    const { records } = this;
    const { i32 } = records;
    return sameWords(i32, records.sourceAt(base), i32, records.innerDestinationAt(base));
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
    if (isProtocol) return targetKey(TargetClass.IpProtocol, protocol);
    if (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMP6) {
      return targetKey(TargetClass.IcmpEcho, 0);
    }
    const targetClass = protocol === PROTOCOL_TCP
      ? TargetClass.Tcp
      : protocol === PROTOCOL_UDP
      ? TargetClass.Udp
      : protocol === PROTOCOL_SCTP
      ? TargetClass.Sctp
      : 0;
    if (targetClass === 0) return targetKey(TargetClass.IpProtocol, protocol);
    if (!records.hasQuirk(base, Quirk.InnerPorts)) return 0;
    return targetKey(targetClass, records.innerDestinationPort(base));
  }

  private techniqueOf(key: number): number {
    switch (key >>> 16) {
      case TargetClass.Tcp:
        return TechniqueBit.Syn;
      case TargetClass.Udp:
        return TechniqueBit.Udp;
      case TargetClass.Sctp:
        return TechniqueBit.SctpInit;
      case TargetClass.IcmpEcho:
        return TechniqueBit.IcmpEcho;
      default:
        return TechniqueBit.IpProtocol;
    }
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
