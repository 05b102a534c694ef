// What makes probes of several sources the same probe. Knows records and hashes; what follows from a
// twin is for `Decoys` to say.

import type { Records } from "../../../record.ts";
import * as record from "../../../record.ts";
import type { Conversations } from "../table/conversations.ts";
import * as conversations from "../table/conversations.ts";
import type { Decoys } from "../source/decoys.ts";
import type { Evidence } from "./evidence.ts";
import type { Hash } from "../table/hash.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Field, Kind } = record;
const { Mark, Word, wordAt } = conversations;

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

  /** Answers to twins are twins: to the same port of several hosts, from one, with one number. */
  compareReplies(base: number, slot: number): void {
    const { i32, bytes } = this.records;
    const { table } = this;
    if (bytes[base + Field.Kind] !== Kind.Tcp) return;
    // What refuses a probe with ACK repeats its acknowledgement number as its own (RFC 9293 section 3.5.2).
    const number = i32[wordAt(base, Field.Acknowledgement)] || i32[wordAt(base, Field.Sequence)];
    if (number === 0) return;
    const target = this.hash.address(table.words, table.addressAt(slot, Word.Responder));
    this.findTwin(
      slot,
      this.hash.pair(
        this.hash.triple(target, table.get(slot, Word.Key), table.get(slot, Word.SourcePort)),
        number,
      ),
    );
  }

  /** Looks whether another source just sent the same probe. `to`: hash of the target's address. */
  compare(base: number, slot: number, to: number): void {
    const { i32, u16, bytes } = this.records;
    const { table } = this;
    const ipId = u16[(base + Field.IpId) >> 1];
    const sequence = i32[wordAt(base, Field.Sequence)];
    // Without either, only the ports would agree, and those of two NTP clients do too.
    if (bytes[base + Field.Protocol] === 0 || (ipId === 0 && sequence === 0)) return;
    const look = this.hash.pair(
      this.hash.triple(to, table.get(slot, Word.Key), table.get(slot, Word.SourcePort)),
      this.hash.pair(sequence, ipId),
    );
    this.findTwin(slot, look);
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
