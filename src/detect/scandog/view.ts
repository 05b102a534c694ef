// What the capture shows of addresses, whatever becomes of attempts: who sends, whom packets
// reach, who speaks on the link, who forwards. Knows hashes of addresses and time. Each is a Bloom filter
// that may err towards "yes"; every use of it errs on the side of silence.

import type { Prefix } from "../../address.ts";
import type { Memory } from "./memory.ts";
import type { Hash } from "../../keyed_hash.ts";
import { AddressSet } from "./table/address_set.ts";
import { ArpAskers } from "./table/arp_askers.ts";
import type { AttemptTable } from "./table/attempt_table.ts";
import { LeaseAnswers } from "./table/lease_answers.ts";
import { LinkAddresses } from "./table/link_addresses.ts";
import { isSameNetwork } from "./table/network_prefix.ts";
import { Visitors } from "./table/visitors.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Bits of each generation. */
const SENDERS_BITS = 1 << 20;
const MANY_BITS = 1 << 18;
const FEW_BITS = 1 << 16;

export class View {
  /** Of TCP nothing but SYN and SYN-ACK was ever seen: a filter, or nothing came to anything yet. */
  isSynOnly = true;
  /** Of TCP nothing but begins and ends of connections was ever seen: a filter left out what they said. */
  isEndsOnly = true;
  /** Who sent a packet that could be a probe or an answer. */
  declare readonly senders: AddressSet;
  /** Networks (IPv4 /24, IPv6 /64) of which somebody sent one. */
  declare private readonly sides: AddressSet;
  /** Whom packets were sent to; and of those from another network, so that a router found the neighbour. */
  declare readonly reached: AddressSet;
  declare readonly routed: AddressSet;
  /** Who asks or answers by ARP or neighbour discovery. */
  declare readonly speakers: AddressSet;
  /** Who advertises itself as a router (RFC 4861 section 4.2). */
  declare readonly routers: AddressSet;
  /** Sockets that asked a service, whatever server it is at. */
  declare private readonly questions: AddressSet;
  /** Who asks for neighbours, and how. */
  declare readonly askers: ArpAskers;
  /** Who sends under which link-layer address. */
  declare readonly links: LinkAddresses;
  /** Who comes into networks from outside. */
  declare readonly visitors: Visitors;
  /** DHCP servers, and their answers. */
  readonly leases = new LeaseAnswers();
  /** Monitored addresses; empty when not known. */
  declare readonly home: readonly Prefix[];
  declare private readonly hash: Hash;

  constructor({ clock, hash, options }: Memory) {
    this.hash = hash;
    this.home = options.home;
    this.senders = new AddressSet(clock, SENDERS_BITS, HOUR_MS);
    this.sides = new AddressSet(clock, MANY_BITS, HOUR_MS);
    this.reached = new AddressSet(clock, MANY_BITS, HOUR_MS);
    this.routed = new AddressSet(clock, MANY_BITS, HOUR_MS);
    this.speakers = new AddressSet(clock, FEW_BITS, HOUR_MS);
    this.routers = new AddressSet(clock, FEW_BITS, HOUR_MS);
    this.questions = new AddressSet(clock, MANY_BITS, MINUTE_MS);
    this.askers = new ArpAskers(hash, clock);
    this.visitors = new Visitors(hash, clock);
    this.links = new LinkAddresses(hash, clock);
  }

  /** The address at words[at] sends; `address`: its hash. */
  noteSender(address: number, words: Int32Array, at: number): void {
    if (this.senders.add(address)) this.sides.add(this.hash.network(words, at));
  }

  /**
   * True when the capture sees what the target of a packet sends: the target itself was lately seen sending, or
   * somebody else of its network. `from` and `to`: word indices of the two addresses; hosts of one network
   * share a side, so there only the target itself tells. Then silence is silence, and nothing that a source
   * alone has sent excuses it.
   */
  isSideSeen(words: Int32Array, from: number, to: number): boolean {
    if (this.senders.has(this.hash.address(words, to))) return true;
    return !isSameNetwork(words, from, to) && this.sides.has(this.hash.network(words, to));
  }

  /** The same of the target of an attempt. */
  isTargetSideSeen(table: AttemptTable, slot: number): boolean {
    return this.isSideSeen(table.words, table.sourceAt(slot), table.targetAt(slot));
  }

  /** A packet goes to the address; `isNear`: from its own network. */
  noteReached(address: number, isNear: boolean): void {
    this.reached.add(address);
    if (!isNear) this.routed.add(address);
  }

  /** A socket of the host asks a service, of whatever server. */
  noteQuestion(host: number, port: number, service: number): void {
    this.questions.add(this.hash.pair(host, port << 16 | service));
  }

  /** True when the socket lately asked the service. */
  hasAsked(host: number, port: number, service: number): boolean {
    return this.questions.has(this.hash.pair(host, port << 16 | service));
  }
}
