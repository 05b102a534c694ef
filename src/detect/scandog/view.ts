// What the capture shows of addresses, whatever becomes of attempts: who sends, whom packets
// reach, who speaks on the link, who forwards. Knows hashes of addresses and time. Each is a Bloom filter
// that may err towards "yes"; every use of it errs on the side of silence.

import type { Prefix } from "../../address.ts";
import type { Clock } from "./clock.ts";
import type { Memory } from "./memory.ts";
import type { Hash } from "./table/hash.ts";
import { AddressSet } from "./table/address_set.ts";
import { ArpAskers } from "./table/arp_askers.ts";
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
  private readonly senders = new AddressSet(SENDERS_BITS, HOUR_MS);
  /** Networks (IPv4 /24, IPv6 /64) of which somebody sent one. */
  private readonly sides = new AddressSet(MANY_BITS, HOUR_MS);
  /** Whom packets were sent to; and of those from another network, so that a router found the neighbour. */
  private readonly reached = new AddressSet(MANY_BITS, HOUR_MS);
  private readonly routed = new AddressSet(MANY_BITS, HOUR_MS);
  /** Who asks or answers by ARP or neighbour discovery. */
  private readonly speakers = new AddressSet(FEW_BITS, HOUR_MS);
  /** Who advertises itself as a router, or says that somebody cannot be reached. */
  private readonly routers = new AddressSet(FEW_BITS, HOUR_MS);
  /** Sockets that asked a service, whatever server it is at. */
  private readonly questions = new AddressSet(MANY_BITS, MINUTE_MS);
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
  declare private readonly clock: Clock;
  declare private readonly hash: Hash;

  constructor({ clock, hash, options }: Memory) {
    this.clock = clock;
    this.hash = hash;
    this.home = options.home;
    this.askers = new ArpAskers(hash, clock);
    this.visitors = new Visitors(hash, clock);
    this.links = new LinkAddresses(hash, clock);
  }

  /** The address at words[at] sends; `address`: its hash. */
  noteSender(address: number, words: Int32Array, at: number): void {
    const { ms } = this.clock;
    if (this.senders.add(address, ms)) this.sides.add(this.hash.network(words, at), ms);
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

  /** True when the address was lately seen sending. */
  isSender(address: number): boolean {
    return this.senders.has(address);
  }

  /** The same of the address at words[at]. */
  isSenderAt(words: Int32Array, at: number): boolean {
    return this.isSender(this.hash.address(words, at));
  }

  /** A packet goes to the address; `isNear`: from its own network. */
  noteReached(address: number, isNear: boolean): void {
    this.reached.add(address, this.clock.ms);
    if (!isNear) this.routed.add(address, this.clock.ms);
  }

  /** True when packets were lately sent to the address. */
  isReached(address: number): boolean {
    return this.reached.has(address);
  }

  /** The same of packets from another network: IPv4 /24, IPv6 /64. */
  isRouted(address: number): boolean {
    return this.routed.has(address);
  }

  noteSpeaker(address: number): void {
    this.speakers.add(address, this.clock.ms);
  }

  /** True when the address was lately heard on this link. */
  isSpeaker(address: number): boolean {
    return this.speakers.has(address);
  }

  noteRouter(address: number): void {
    this.routers.add(address, this.clock.ms);
  }

  isRouter(address: number): boolean {
    return this.routers.has(address);
  }

  /** A socket of the host asks a service, of whatever server. */
  noteQuestion(host: number, port: number, service: number): void {
    this.questions.add(this.hash.pair(host, port << 16 | service), this.clock.ms);
  }

  /** True when the socket lately asked the service. */
  hasAsked(host: number, port: number, service: number): boolean {
    return this.questions.has(this.hash.pair(host, port << 16 | service));
  }
}
