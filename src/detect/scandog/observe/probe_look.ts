// What makes probes of several sources the same probe. Knows records and hashes; what follows from it is for
// `LookAlikes` to say.
//
// A tool that forges sources sends each probe once for each of them, back to back, with everything else the
// same: ports, sequence number, and mostly the IP identification.

import { Kind, type Records } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import { classOf, isEphemeral, portOf, TargetClass } from "../probe/classes.ts";
import { Hash } from "../../../keyed_hash.ts";

/**
 * Of what a stack looks like, the hash has no key: sensors agree in it, and tables have their keys elsewhere.
 */
const STACKS = new Hash(0);
/** Instead of a number, where there is none. */
const UNNUMBERED = 1;

export class ProbeLook {
  declare private readonly records: Records;
  declare private readonly memory: Memory;

  constructor(memory: Memory, records: Records) {
    this.records = records;
    this.memory = memory;
  }

  /** What the sender's stack looks like: the same for all packets of one tool. */
  signature(base: number): number {
    const { records } = this;
    return STACKS.triple(
      records.optionLayout(base),
      records.window(base) << 16 | records.mss(base),
      records.kind(base) << 24 | records.tcpFlags(base) << 16 | records.ipLength(base),
    );
  }

  /** Hash of what copies of the probe at `base` agree in; 0 where nothing would tell them from chance. */
  ofProbe(base: number, slot: number): number {
    const { records } = this;
    const sequence = records.sequence(base);
    // The number of a SYN is one of four thousand million; who forges sources may number their packets apart.
    const isNumbered = records.kind(base) === Kind.Tcp && sequence !== 0;
    const ipId = isNumbered ? 0 : records.ipId(base);
    // Over IPv6 an ACK probe has no other number, nor has the start of an SCTP association.
    const acknowledgement = records.acknowledgement(base);
    // nmap numbers bare headers anew for each decoy; nothing but scans of protocols has them.
    if (records.kind(base) === Kind.Ip && records.payloadLength(base) === 0) {
      return this.look(slot, UNNUMBERED);
    }
    if ((sequence | ipId | acknowledgement) !== 0) {
      return this.look(slot, this.memory.hash.triple(sequence, ipId, acknowledgement));
    }
    // Only the ports would agree, and those of two NTP clients do too.
    const isTold = records.ipVersion(base) === 6 && this.isChosen(slot);
    return isTold ? this.look(slot, UNNUMBERED) : 0;
  }

  /**
   * The same of an answer: answers to copies go to the same port of several hosts, from one, with one number.
   * ICMP errors have no number, but nobody else asks for a protocol alone, and few from the same port.
   */
  ofReply(base: number, slot: number): number {
    const { records } = this;
    const isSegment = records.kind(base) === Kind.Tcp;
    const kind = classOf(this.memory.table.key.of(slot));
    if (!isSegment && kind !== TargetClass.IpProtocol && !this.isChosen(slot)) return 0;
    // What refuses a probe with ACK repeats its acknowledgement number as its own (RFC 9293 section 3.5.2).
    const number = isSegment ? records.acknowledgement(base) || records.sequence(base) : UNNUMBERED;
    return number === 0 ? 0 : this.look(slot, number);
  }

  /**
   * True for a datagram from a port that its sender was given or chose: one of thousands. Two NTP clients
   * agree in both ports. Over IPv6 datagrams have no number.
   */
  private isChosen(slot: number): boolean {
    const { table } = this.memory;
    const key = table.key.of(slot), port = table.sourcePort.of(slot);
    return classOf(key) === TargetClass.Udp && isEphemeral(port) && port !== portOf(key);
  }

  /** What copies agree in: the target, both ports, and a number. Never 0. */
  private look(slot: number, number: number): number {
    const { table, hash } = this.memory;
    const ports = hash.triple(
      table.targetHash(slot),
      table.key.of(slot),
      table.sourcePort.of(slot),
    );
    return hash.pair(ports, number) || 1;
  }
}
