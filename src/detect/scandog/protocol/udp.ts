// UDP: an answer is use, an ICMP error refusal, and nothing says little (RFC 768 promises nothing).
// Knows ports and TTL; nothing of weights.

import { Field, type Records } from "../../../record.ts";
import type { AddressSet } from "../table/address_set.ts";
import type { Attempts } from "../attempt/attempts.ts";
import { isLease, type Leases } from "../attempt/leases.ts";
import { Copies } from "../attempt/copies.ts";
import { isEphemeral, isReplyLike, TargetClass, targetKey } from "../probe/classes.ts";
import {
  type Conversations,
  Mark,
  Rank,
  Stage,
  Verdict,
  Word,
  wordAt,
} from "../table/conversations.ts";
import type { Clock } from "../clock.ts";
import type { Hash } from "../table/hash.ts";
import { Why } from "../ledger.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import type { UsedFlows } from "../table/used_flows.ts";

/** A flow of so many datagrams is in use, answered or not: telemetry, video, log lines. */
const STREAM_DATAGRAMS = 16;
/** The same where no answer was ever seen to its source: a client goes on only if it is answered. */
const STREAM_UNHEARD = 5;

/** Both ports of an association between two servers, and of many a client's (RFC 5905 section 9.1). */
const NTP = 123;

export class Udp {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: Conversations;
  declare private readonly copies: Copies;
  declare private readonly used: UsedFlows;
  declare private readonly askers: AddressSet;
  declare private readonly leases: Leases;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly traceTtl: number;

  constructor(
    records: Records,
    attempts: Attempts,
    table: Conversations,
    used: UsedFlows,
    askers: AddressSet,
    leases: Leases,
    hash: Hash,
    clock: Clock,
    traceTtl: number,
  ) {
    this.records = records;
    this.attempts = attempts;
    this.table = table;
    this.copies = new Copies(records, table);
    this.used = used;
    this.askers = askers;
    this.leases = leases;
    this.hash = hash;
    this.clock = clock;
    this.traceTtl = traceTtl;
  }

  process(base: number): void {
    const { u16, bytes } = this.records;
    const { attempts, table } = this;
    const sourcePort = u16[(base + Field.SourcePort) >> 1];
    const destinationPort = u16[(base + Field.DestinationPort) >> 1];
    attempts.packet(base);
    this.leases.note(attempts.from, sourcePort, destinationPort);
    const flow = attempts.flowHash(TargetClass.Udp, sourcePort, destinationPort);
    if (this.used.has(flow)) return;
    if (attempts.isSkipped()) return;
    attempts.noteSender();
    const key = targetKey(TargetClass.Udp, destinationPort);
    const towards = destinationPort <= sourcePort;
    let back = towards ? -1 : attempts.backward(targetKey(TargetClass.Udp, sourcePort));
    const own = back >= 0 ? -1 : attempts.forward(key);
    if (own >= 0) {
      if (table.get(own, Word.SourcePort) !== sourcePort) {
        this.noteQuestion(attempts.from, sourcePort, destinationPort);
      }
      if (this.copies.isCopy(base, own)) return;
      attempts.repeat(own);
      if (table.verdict(own) === Verdict.Used) return this.keep(own, flow);
      if (this.isStream(own)) attempts.settle(own, Verdict.Used);
      else attempts.later.datagram(own);
      return;
    }
    if (towards) back = attempts.backward(targetKey(TargetClass.Udp, sourcePort));
    if (back >= 0) {
      const isFirst = !table.has(back, Mark.Open);
      table.mark(back, Mark.Open | Mark.Replied);
      attempts.settle(back, Verdict.Used);
      if (isFirst) attempts.answered(back, true);
      return this.keep(back, flow);
    }
    if (!attempts.isFollowed()) return;
    // A late answer of DNS or NTP, or one to a multicast question, looks like this.
    const isLike = isReplyLike(sourcePort, destinationPort);
    const isWanted = isLike &&
      this.askers.has(this.socket(attempts.to, destinationPort, sourcePort));
    // Between two equal ports a question looks like that as well: scanners of SIP ask from its own port.
    // But NTP servers answer those clients that are servers, too, all day.
    const isAnswer = sourcePort === destinationPort
      ? sourcePort === NTP
      : isLike || isLease(sourcePort, destinationPort);
    const marks = isAnswer ? Mark.ReplyLike : 0;
    this.noteQuestion(attempts.from, sourcePort, destinationPort);
    if (isAnswer && !attempts.isDestinationSeen()) {
      attempts.answerOf(targetKey(TargetClass.Udp, sourcePort));
    }
    const slot = attempts.begin(key, TechniqueBit.Udp, marks, Stage.Sent);
    this.copies.note(base, slot);
    if (isWanted) attempts.settle(slot, Verdict.Neutral, Why.Wanted);
    else if (isEphemeral(destinationPort) && bytes[base + Field.Ttl] <= this.traceTtl) {
      // Traceroute: RFC 1393's ports, and a TTL that dies.
      attempts.settle(slot, Verdict.Neutral, Why.Traceroute);
    } else attempts.await(slot);
  }

  /** True for a flow that is in use, answered or not. */
  private isStream(slot: number): boolean {
    const { attempts, table } = this;
    if (table.packets(slot) < STREAM_UNHEARD || table.has(slot, Mark.Closed)) return false;
    return table.packets(slot) >= STREAM_DATAGRAMS ||
      (!attempts.isDestinationSeen() && !attempts.later.isHeard(slot));
  }

  /**
   * A question to a group: whoever answers does so from its own address. The same with a server that
   * answers from another of its addresses.
   */
  group(base: number): void {
    const { u16 } = this.records;
    const from = this.hash.address(this.records.i32, wordAt(base, Field.Source));
    const sourcePort = u16[(base + Field.SourcePort) >> 1];
    const destinationPort = u16[(base + Field.DestinationPort) >> 1];
    this.leases.note(from, sourcePort, destinationPort);
    this.noteQuestion(from, sourcePort, destinationPort);
  }

  private noteQuestion(host: number, port: number, service: number): void {
    this.askers.add(this.socket(host, port, service), this.clock.ms);
  }

  /** A socket that asked a service, whatever server it is at. */
  private socket(host: number, port: number, service: number): number {
    return this.hash.pair(host, port << 16 | service);
  }

  private keep(slot: number, flow: number): void {
    this.table.rank(slot, Rank.Used, this.clock.ms);
    this.used.add(flow);
  }
}
