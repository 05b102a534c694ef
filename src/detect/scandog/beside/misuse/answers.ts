// Answers that nobody asked for, by the host that sent them: segments and errors that belong to no conversation.
// Knows packets; nothing of what their number shows.
//
// All memory is taken at start; a packet costs one look-up and a few bits. What displaces whom: see
// `AddressTable`.

import type { Records } from "../../../../record.ts";
import type { Clock } from "../../clock.ts";
import type { Memory } from "../../memory.ts";
import { isPrivileged, isReplyLike, isServicePort } from "../../probe/classes.ts";
import { AddressTable } from "../../table/address_table.ts";
import { sameWords } from "../../table/attempt_table.ts";
import type { Hash } from "../../../../keyed_hash.ts";
import { Unasked } from "../../table/outcome_queue.ts";

/** Hosts whose answers are collected at once. */
const HOSTS = 512;
const FIRST = AddressTable.FIRST_WORD;
/** Where in an entry the first address that got answers is, and bits of ports that answered, and of those asked. */
const OWN_ADDRESS = FIRST + 8, PORT_BITS_AT = FIRST + 25;
const OWN_PORT_BITS_AT = PORT_BITS_AT + 64, OWN_HOST_BITS_AT = PORT_BITS_AT + 72;
const WORDS = PORT_BITS_AT + 80;
const PORT_BITS = 2048;
const OWN_BITS = 256;
/** Raw tools' windows (nmap 1024, hping3 512); no kernel's SYN-ACK offers so little. */
export const TOOL_WINDOW_MAX = 1024;

/** What came from each host. "Own" is the side that got the answers. */
export class Answers extends AddressTable {
  readonly synAcks = this.column(FIRST);
  /** By kind: see `Unasked`. */
  readonly kinds = [this.synAcks, ...[1, 2, 3].map((kind) => this.column(FIRST + kind))];
  /** Distinct ports that answered, and of those the ones with a SYN-ACK first. */
  readonly ports = this.column(FIRST + 4);
  readonly open = this.column(FIRST + 5);
  readonly ownPorts = this.column(FIRST + 6);
  readonly ownHosts = this.column(FIRST + 7);
  /** The first. */
  readonly ownPort = this.column(FIRST + 12);
  /** SYN-ACKs from a client's port; TTLs and windows of all. */
  readonly tools = this.column(FIRST + 13);
  readonly ttlMin = this.column(FIRST + 14);
  readonly ttlMax = this.column(FIRST + 15);
  readonly windowMax = this.column(FIRST + 16);
  readonly lastMs = this.column(FIRST + 17);
  /** When it was said, or began; its number once it was said; packets by then. */
  readonly saidMs = this.column(FIRST + 18);
  readonly story = this.column(FIRST + 19);
  readonly said = this.column(FIRST + 20);
  /** A conversation worked: nothing is forged. */
  readonly real = this.column(FIRST + 21);
  readonly interface = this.column(FIRST + 22);
  readonly ipVersion = this.column(FIRST + 23);
  /** Not all answers came to one port of one host. */
  readonly varied = this.column(FIRST + 24);

  /** Times of the first and the latest packet. Microseconds since 1970. */
  readonly firstUs = new Float64Array(HOSTS);
  readonly lastUs = new Float64Array(HOSTS);
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly giveWay: (index: number) => void;

  /** `giveWay`: is told of an entry that gives way to a new host, before it does. */
  constructor({ hash, clock }: Memory, giveWay: (index: number) => void) {
    super(HOSTS, WORDS);
    this.hash = hash;
    this.clock = clock;
    this.giveWay = giveWay;
  }

  /** An unasked TCP segment; `kind`: one of `Unasked`. */
  segment(records: Records, base: number, kind: number): void {
    const port = records.sourcePort(base), own = records.destinationPort(base);
    // A client breaks off a connection from before the capture.
    if (kind === Unasked.Reset && !isReplyLike(port, own)) return;
    const host = records.sourceAt(base);
    const index = this.note(records, base, host, records.destinationAt(base), own);
    this.kinds[kind].count(index);
    if (kind !== Unasked.SynAck) return this.answer(index, port, false);
    const ttl = records.ttl(base), window = records.window(base);
    const isFirst = this.synAcks.of(index) === 1;
    if (isFirst || ttl < this.ttlMin.of(index)) this.ttlMin.set(index, ttl);
    this.ttlMax.raise(index, ttl);
    this.windowMax.raise(index, window);
    // From a client's port, and made by hand: nobody asked that port for anything.
    const isTool = !isPrivileged(port) && !isServicePort(port);
    if (isTool) this.tools.count(index);
    if (!isTool || window > TOOL_WINDOW_MAX) this.answer(index, port, true);
  }

  /** An ICMP error about a packet that its receiver did not send. */
  error(records: Records, base: number): void {
    const port = records.innerDestinationPort(base), own = records.innerSourcePort(base);
    const host = records.innerDestinationAt(base);
    const index = this.note(records, base, host, records.innerSourceAt(base), own);
    this.kinds[Unasked.Error].count(index);
    this.answer(index, port, false);
  }

  /** A port of the host answered. */
  private answer(index: number, port: number, isOpen: boolean): void {
    if (!this.setBit(index, PORT_BITS_AT, port & (PORT_BITS - 1))) return;
    this.ports.count(index);
    if (isOpen) this.open.count(index);
  }

  /** Counts an answer of the host at i32[host] to this port of the one at i32[ownHost]; the host's entry. */
  private note(
    records: Records,
    base: number,
    host: number,
    ownHost: number,
    ownPort: number,
  ): number {
    const { i32 } = records;
    const ownHash = this.hash.address(i32, ownHost);
    const index = this.touch(i32, host, this.hash.address(i32, host), this.giveWay);
    if (this.worth(index) === 1) {
      this.firstUs[index] = this.lastUs[index] = records.timeUs(base);
      const at = this.ownAddressAt(index);
      for (let i = 0; i < 4; i++) this.words[at + i] = i32[ownHost + i];
      this.ownPort.set(index, ownPort);
      this.saidMs.set(index, this.clock.ms);
      this.interface.set(index, records.interface(base));
      this.ipVersion.set(index, records.ipVersion(base));
    }
    if (!this.isOwn(index, i32, ownHost, ownPort)) this.varied.set(index, 1);
    this.lastMs.set(index, this.clock.ms);
    this.lastUs[index] = Math.max(this.lastUs[index], records.timeUs(base));
    if (this.setBit(index, OWN_PORT_BITS_AT, ownPort & (OWN_BITS - 1))) this.ownPorts.count(index);
    if (this.setBit(index, OWN_HOST_BITS_AT, ownHash & (OWN_BITS - 1))) this.ownHosts.count(index);
    return index;
  }

  /** Word index of the first address that got answers. */
  ownAddressAt(index: number): number {
    return this.addressAt(index) + OWN_ADDRESS;
  }

  private isOwn(index: number, addresses: Int32Array, at: number, port: number): boolean {
    return this.ownPort.of(index) === port &&
      sameWords(this.words, this.ownAddressAt(index), addresses, at);
  }

  /** True when all answers of one go to the same port as all those of the other. */
  isBeside(index: number, other: number): boolean {
    if (this.varied.of(index) !== 0 || this.varied.of(other) !== 0) return false;
    return this.isOwn(index, this.words, this.ownAddressAt(other), this.ownPort.of(other));
  }
}
