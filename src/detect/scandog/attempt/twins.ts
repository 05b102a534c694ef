// What makes probes of several sources the same probe. Knows records and hashes; what follows from a
// twin is for `Decoys` to say.

import type { Records } from "../../../record.ts";
import * as record from "../../../record.ts";
import * as classes from "../probe/classes.ts";
import type { Conversations } from "../table/conversations.ts";
import * as conversations from "../table/conversations.ts";
import type { Decoys } from "../source/decoys.ts";
import type { Evidence } from "./evidence.ts";
import type { Hash } from "../table/hash.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Field, Kind } = record;
const { classOf, isEphemeral, portOf, TargetClass } = classes;
const { Mark, Word, wordAt } = conversations;

/** Instead of a number, where there is none. */
const UNNUMBERED = 1;

export class Twins {
  declare private readonly records: Records;
  declare private readonly table: Conversations;
  declare private readonly evidence: Evidence;
  declare private readonly decoys: Decoys;
  declare private readonly hash: Hash;

  constructor(
    records: Records,
    table: Conversations,
    evidence: Evidence,
    decoys: Decoys,
    hash: Hash,
  ) {
    this.records = records;
    this.table = table;
    this.evidence = evidence;
    this.decoys = decoys;
    this.hash = hash;
  }

  /** What the sender's stack looks like: the same for all packets of one tool. */
  signature(base: number): number {
    const { u16, i32, bytes } = this.records;
    return this.hash.triple(
      i32[wordAt(base, Field.OptionLayout)],
      u16[(base + Field.Window) >> 1] << 16 | u16[(base + Field.Mss) >> 1],
      bytes[base + Field.Kind] << 24 | bytes[base + Field.TcpFlags] << 16 |
        u16[(base + Field.IpLength) >> 1],
    );
  }

  /**
   * Answers to twins are twins: to the same port of several hosts, from one, with one number. ICMP errors
   * have no number, but nobody else asks for a protocol alone, and few from the same port.
   */
  compareReplies(base: number, slot: number): void {
    const { i32, bytes } = this.records;
    const { table } = this;
    const isSegment = bytes[base + Field.Kind] === Kind.Tcp;
    const kind = classOf(table.get(slot, Word.Key));
    if (!isSegment && kind !== TargetClass.IpProtocol && !this.isChosen(slot)) return;
    // What refuses a probe with ACK repeats its acknowledgement number as its own (RFC 9293 section 3.5.2).
    const number = isSegment
      ? i32[wordAt(base, Field.Acknowledgement)] || i32[wordAt(base, Field.Sequence)]
      : UNNUMBERED;
    if (number === 0) return;
    const target = this.hash.address(table.words, table.addressAt(slot, Word.Responder));
    this.findTwin(slot, this.lookOf(target, slot, number));
  }

  /** Looks whether another source just sent the same probe. `to`: hash of the target's address. */
  compare(base: number, slot: number, to: number): void {
    const { i32, u16, bytes } = this.records;
    if (bytes[base + Field.Protocol] === 0) return;
    const ipId = u16[(base + Field.IpId) >> 1];
    const sequence = i32[wordAt(base, Field.Sequence)];
    // Over IPv6 an ACK probe has no other number, nor has the start of an SCTP association.
    const acknowledgement = i32[wordAt(base, Field.Acknowledgement)];
    let number = this.hash.triple(sequence, ipId, acknowledgement);
    // nmap numbers bare headers anew for each decoy; nothing but scans of protocols has them.
    const isBare = bytes[base + Field.Kind] === Kind.Ip &&
      i32[wordAt(base, Field.PayloadLength)] === 0;
    if (isBare) number = UNNUMBERED;
    else if ((sequence | ipId | acknowledgement) === 0) {
      // Only the ports would agree, and those of two NTP clients do too.
      if (bytes[base + Field.IpVersion] !== 6 || !this.isChosen(slot)) return;
      number = UNNUMBERED;
    }
    this.findTwin(slot, this.lookOf(to, slot, number));
  }

  /**
   * True for a datagram from a port that its sender was given or chose: one of thousands. Two NTP clients
   * agree in both ports. Over IPv6 datagrams have no number.
   */
  private isChosen(slot: number): boolean {
    const { table } = this;
    const key = table.get(slot, Word.Key), port = table.get(slot, Word.SourcePort);
    return classOf(key) === TargetClass.Udp && isEphemeral(port) && port !== portOf(key);
  }

  /** What twins agree in: the target, both ports, and a number. */
  private lookOf(target: number, slot: number, number: number): number {
    const { table } = this;
    const ports = this.hash.triple(
      target,
      table.get(slot, Word.Key),
      table.get(slot, Word.SourcePort),
    );
    return this.hash.pair(ports, number);
  }

  private findTwin(slot: number, look: number): void {
    const { table } = this;
    const twin = this.decoys.twinOf(slot, look);
    if (twin < 0) {
      this.evidence.alone(slot, 1);
      return;
    }
    this.decoys.link(this.evidence.admit(slot), this.evidence.admit(twin));
    if (!table.has(twin, Mark.Twin)) this.evidence.alone(twin, -1);
    table.mark(twin, Mark.Twin);
    table.mark(slot, Mark.Twin);
  }
}
