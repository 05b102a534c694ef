// UDP: an answer is use, an ICMP error refusal, and nothing says little (RFC 768 promises nothing).
// Knows ports and TTL; nothing of weights.

import {
  isFromService,
  isLease,
  isLeaseAnswer,
  isLeaseQuestion,
  isReplyLike,
  isShortAnswer,
  TargetClass,
  targetKey,
} from "../probe/classes.ts";
import { payloadIn } from "../probe/form.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { Mark, Outcome, Rank, Stage } from "../table/attempt_state.ts";
import { Change } from "../table/outcome_queue.ts";
import { isCopy, noteLatest } from "./copies.ts";
import { formOf } from "./probe_form.ts";
import { Protocol } from "./protocol.ts";

/** Who gets no answer asks again sooner (RFC 1035 section 4.2.1: from two seconds on). Milliseconds. */
const RESENT_MS = 5_000;
/** Who repeats a question more often than that streams: as a disguise it costs a sweep so many times its packets. */
const REPEATED_MAX = 16;

/** Both ports of an association between two servers, and of many a client's (RFC 5905 section 9.1). */
const NTP = 123;

export class Udp extends Protocol {
  process(base: number): void {
    const { records, packet, attempts } = this;
    const sourcePort = records.sourcePort(base);
    const destinationPort = records.destinationPort(base);
    packet.read(base);
    this.noteLease(packet.from, sourcePort, destinationPort);
    const flow = packet.flowHash();
    if (this.used.has(flow)) return;
    if (attempts.passOver()) return this.noteUnasked(base);
    packet.noteSender();
    // The side with the lower port is likelier to have been asked: one look-up for most datagrams.
    const isTowards = destinationPort <= sourcePort;
    const backKey = targetKey(TargetClass.Udp, sourcePort);
    let back = isTowards ? -1 : attempts.backward(backKey);
    const key = targetKey(TargetClass.Udp, destinationPort);
    const own = back >= 0 && this.isAnswer(base, back) ? -1 : attempts.current(key);
    if (own >= 0) return this.again(base, own, flow);
    if (isTowards) back = attempts.backward(backKey);
    if (back >= 0 && this.isAnswer(base, back)) return this.answered(back, flow);
    if (attempts.follow()) this.begin(base, key);
  }

  /** One more datagram to a target. */
  private again(base: number, slot: number, flow: number): void {
    const { records, attempts, table } = this;
    const sourcePort = records.sourcePort(base);
    if (table.sourcePort.of(slot) !== sourcePort) {
      this.view.noteQuestion(this.packet.from, sourcePort, records.destinationPort(base));
    }
    if (isCopy(table, slot, records, base)) return;
    noteLatest(table, slot, records, base);
    attempts.repeat(slot);
    if (table.stage(slot) === Stage.Answered && this.isAnother(base, slot)) {
      table.setStage(slot, Stage.Open);
    }
    if (table.stage(slot) === Stage.Again) return this.keep(slot, flow);
    if (table.outcome(slot) !== Outcome.Used) this.outcomes.push(slot, Change.DatagramAgain);
  }

  /** True for another question than the first one, the same of a later round, or a stream's; no mere repetition. */
  private isAnother(base: number, slot: number): boolean {
    const { table, records } = this;
    return payloadIn(table.form.of(slot)) !== payloadIn(formOf(records, base)) ||
      table.repeatMs.of(slot) >= RESENT_MS || table.packets(slot) > REPEATED_MAX;
  }

  /** True when the datagram goes to the port that asked: both ports must fit. */
  private isAnswer(base: number, slot: number): boolean {
    const { records } = this;
    const port = records.destinationPort(base);
    return this.table.sourcePort.of(slot) === port ||
      this.view.hasAsked(this.packet.to, port, records.sourcePort(base));
  }

  private answered(slot: number, flow: number): void {
    const { attempts, table } = this;
    attempts.accepted(slot, Outcome.Used);
    switch (table.stage(slot)) {
      case Stage.Sent:
        return table.setStage(slot, Stage.Answered);
      case Stage.Open:
        table.setStage(slot, Stage.Again);
        return this.keep(slot, flow);
    }
  }

  private begin(base: number, key: number): void {
    const { records, attempts, view } = this;
    const sourcePort = records.sourcePort(base), destinationPort = records.destinationPort(base);
    // A late answer of DNS or NTP, or one to a multicast question, looks like a probe. Between two equal
    // ports a question looks like an answer as well: scanners of SIP ask from its own port. But NTP servers
    // answer those clients that are servers, too, all day.
    const looksLikeOne = sourcePort === destinationPort
      ? sourcePort === NTP
      : isReplyLike(sourcePort, destinationPort) || isLease(sourcePort, destinationPort);
    const isAnswer = looksLikeOne && !isShortAnswer(sourcePort, records.payloadLength(base));
    view.noteQuestion(this.packet.from, sourcePort, destinationPort);
    if (isAnswer && !view.senders.has(this.packet.to)) {
      this.outcomes.push(-1, Change.AnswerOf, targetKey(TargetClass.Udp, sourcePort));
    }
    this.noteUnasked(base);
    const marks = isAnswer ? Mark.ReplyLike : 0;
    noteLatest(this.table, attempts.probe(key, TechniqueBit.Udp, marks), records, base);
  }

  /** Notes a service's answer to a client's socket that is not known to have asked that service. */
  private noteUnasked(base: number): void {
    const { records, attempts, view } = this;
    const service = records.sourcePort(base), port = records.destinationPort(base);
    if (!isFromService(service, port)) return;
    if (!view.hasAsked(this.packet.to, port, service)) attempts.answersNothing(TechniqueBit.Udp);
  }

  /**
   * A question to a group: whoever answers does so from its own address. The same with a server that
   * answers from another of its addresses.
   */
  group(base: number): void {
    const { records } = this;
    const from = this.memory.hash.address(records.i32, records.sourceAt(base));
    const sourcePort = records.sourcePort(base), destinationPort = records.destinationPort(base);
    this.noteLease(from, sourcePort, destinationPort);
    this.view.noteQuestion(from, sourcePort, destinationPort);
  }

  private noteLease(from: number, sourcePort: number, destinationPort: number): void {
    const { leases } = this.view;
    if (isLeaseAnswer(sourcePort, destinationPort)) leases.note(from);
    if (isLeaseQuestion(sourcePort, destinationPort)) leases.noteQuestion(from);
  }

  private keep(slot: number, flow: number): void {
    this.table.rank(slot, Rank.Used, this.clock.ms);
    this.attempts.knowFlow(flow);
  }
}
