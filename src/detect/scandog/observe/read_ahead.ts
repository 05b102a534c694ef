// What the next records will be asked for is read before their turn, so that many wait for memory at once: of each
// what the gate knows of its source, whether its flow is used, the line of the index, and the entry that this leads
// to. Changes nothing.
//
// Loops that do one thing: a processor looks some hundred instructions ahead, and must find the next load there.

import { Kind, RECORD_BYTES, TcpFlag } from "../../../record.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { Protocol } from "./protocol.ts";

/** Records that are read ahead at once. */
export const BLOCK = 64;
/** Where fewer of a block were looked at, as in a flood or a bulk transfer, the next is not worth it. */
const WORTH_IT = BLOCK / 2;
/** Who sends: the one that began the conversation, the other, or one of them. Bits. */
const ASKER = 1, ANSWERER = 2, EITHER = ASKER | ANSWERER;

export class ReadAhead extends Protocol {
  /** What was read: kept, for what nobody keeps is not read. */
  seen = 0;
  /** Byte offset of the first record that is not in the block at hand. */
  private until = 0;
  /** Records of the block that were looked at. */
  private looks = 0;
  /** Hashes of the sources and flows of the block's records. */
  private readonly sources = new Int32Array(BLOCK);
  private readonly flows = new Int32Array(BLOCK);
  private packets = 0;
  /** Hashes of attempts that these may be about, two of a record at most, and where these are. */
  private readonly hashes = new Int32Array(2 * BLOCK);
  private readonly slots = new Int32Array(2 * BLOCK);
  private count = 0;

  /** Others lie where the records before were. */
  begin(): void {
    this.until = 0;
  }

  /** The record at `base` is looked at, and those behind it come before `end`. */
  look(base: number, end: number): void {
    if (base >= this.until) {
      this.until = Math.min(base + BLOCK * RECORD_BYTES, end);
      if (this.looks >= WORTH_IT) this.read(base, this.until);
      this.looks = 0;
    }
    this.looks++;
  }

  private read(base: number, end: number): void {
    const { records, table, attempts, used, sources, flows, hashes, slots } = this;
    this.packets = this.count = 0;
    for (let at = base; at < end; at += RECORD_BYTES) {
      const kind = records.kind(at);
      if (kind === Kind.Tcp) this.take(at, TargetClass.Tcp, this.sideOf(at));
      else if (kind === Kind.Udp) this.take(at, TargetClass.Udp, EITHER);
    }
    const { packets, count } = this;
    let seen = 0;
    for (let i = 0; i < packets; i++) seen ^= attempts.readGate(sources[i]);
    for (let i = 0; i < packets; i++) seen ^= used.touch(flows[i]);
    for (let i = 0; i < count; i++) seen ^= table.touchSet(hashes[i]);
    for (let i = 0; i < count; i++) slots[i] = table.slotOf(hashes[i]);
    // A new attempt takes over the entry of least worth.
    for (let i = 0; i < count; i++) if (slots[i] < 0) seen ^= table.touchWorths(hashes[i]);
    for (let i = 0; i < count; i++) if (slots[i] < 0) slots[i] = table.slotFor(hashes[i]);
    for (let i = 0; i < count; i++) seen ^= table.touch(slots[i]);
    this.seen = seen;
  }

  /** Takes the attempts down that a record may be looked for in. */
  private take(base: number, targetClass: number, side: number): void {
    const { records, packet, hashes, memory: { hash } } = this;
    const from = hash.address(records.i32, records.sourceAt(base));
    const to = hash.address(records.i32, records.destinationAt(base));
    this.flows[this.packets] = packet.flowHashAt(base);
    this.sources[this.packets++] = from;
    if ((side & ASKER) !== 0) {
      const key = targetKey(targetClass, records.destinationPort(base));
      hashes[this.count++] = hash.triple(from, to, key);
    }
    if ((side & ANSWERER) !== 0) {
      const key = targetKey(targetClass, records.sourcePort(base));
      hashes[this.count++] = hash.triple(to, from, key);
    }
  }

  /** The side that a segment comes from; where its flags do not say it, the lower port is the target's. */
  private sideOf(base: number): number {
    const { records } = this;
    const flags = records.tcpFlags(base);
    if ((flags & TcpFlag.Syn) !== 0) return (flags & TcpFlag.Ack) !== 0 ? ANSWERER : ASKER;
    if ((flags & TcpFlag.Rst) !== 0) return ANSWERER;
    return records.destinationPort(base) <= records.sourcePort(base) ? ASKER : ANSWERER;
  }
}
