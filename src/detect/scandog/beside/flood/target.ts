// One host, or one network of hosts, at which sources try once and are not heard of again: how many, with what,
// since when, how fast. Knows counts and addresses as words. Made at start, reused.

import type { Listing } from "../../../../event.ts";
import { isHostClass } from "../../probe/classes.ts";
import { sameWords } from "../../table/attempt_entries.ts";
import { FloodPackets } from "../../table/flood_packets.ts";
import { isMappedAt } from "../../table/network_prefix.ts";
import { Answer, PortMap } from "../../table/port_map.ts";
import { Rate } from "./rate.ts";

const ADDRESS_WORDS = 4;
const HOST_BITS = 256;
const LAST_OCTET_SHIFT = 24;
/**
 * From a few sources that come again and again it is a flood as well: from so many times fewer of them, with so
 * many times more packets.
 */
const POOL_SHARE = 8;
const POOL_PACKETS = 16;
/** A network is flooded, and not one of its hosts, where none of them has more than one in so many sources. */
const HOST_SHARE = 4;

/**
 * Of a crowd's clients, which send more than one packet each, a few are always lost or late; of a flood's sources a
 * few are always real.
 */
const CROWD_SHARE = 4;
/** Who asks once for so many answers, or oftener, asked for the others as well. */
const ASKS_SHARE = 8;
/** Of the packets, where one port is flooded and no other. */
const ONE_PORT_SHARE = 0.95;
/** Of so many packets each one's port is looked at, then of each batch one. */
const PORTS_LOOKED_AT = 65_536;

const NOTHING = new FloodPackets();

export class FloodTarget {
  declare isNetwork: boolean;
  /** Of answers that it did not ask for. */
  declare isOfAnswers: boolean;
  /** It is a flood. */
  declare isOn: boolean;
  /** Its number once it was told; 0 before. */
  declare story: number;
  /** Detector time when it became one. */
  declare onMs: number;
  /** It was found while too many were told. */
  declare isWithheld: boolean;
  /** Detector time when the window began in which sources are counted, and of the latest packet. */
  declare windowMs: number;
  declare lastMs: number;
  declare startUs: number;
  declare endUs: number;
  /** `startUs` when it was told. */
  declare namedUs: number;
  declare packets: number;
  /** Sources that came once and were not heard of again. */
  declare sources: number;
  /** Packets of sources that came again after all. */
  declare private cameAgain: number;
  /** Of answers: what its target asked itself since it is one. */
  declare private asks: number;
  /** Some were counted at their first packet, and may come again. */
  declare isEarly: boolean;
  /** Of a network: sources at the host that has most. */
  declare mostAtOne: number;
  declare techniques: number;
  /** Bits of target classes. */
  declare classes: number;
  declare interface: number;
  declare isIpv4: boolean;
  readonly ports = new PortMap();
  /** The port that leads, by how much, and its packets since it does (Boyer and Moore's majority vote). */
  declare private port: number;
  declare private lead: number;
  declare private portPackets: number;
  /** Distinct hosts; of an IPv6 network a lower bound. */
  declare hosts: number;
  /** The first host. */
  readonly first = new Int32Array(ADDRESS_WORDS);
  private readonly hostBits = new Int32Array(HOST_BITS / 32);
  private readonly rates = new Rate();

  constructor() {
    this.begin(NOTHING, 0, false);
  }

  /** Begins to count, with these packets, which are not counted yet; `isNetwork`: at all hosts of a network. */
  begin(packets: FloodPackets, ms: number, isNetwork: boolean): void {
    const { words, at, fromUs, toUs, interface: device } = packets;
    this.isOfAnswers = packets.isOfAnswers;
    this.isNetwork = isNetwork;
    this.isOn = this.isWithheld = this.isEarly = false;
    this.windowMs = this.lastMs = this.onMs = ms;
    this.startUs = this.namedUs = fromUs;
    this.endUs = toUs;
    this.story =
      this.packets =
      this.sources =
      this.cameAgain =
      this.asks =
      this.mostAtOne =
      this.techniques =
      this.classes =
      this.port =
      this.lead =
      this.portPackets =
      this.hosts =
        0;
    this.interface = device;
    this.isIpv4 = isMappedAt(words, at);
    for (let i = 0; i < ADDRESS_WORDS; i++) this.first[i] = words[at + i];
    this.ports.clear();
    this.hostBits.fill(0);
    this.rates.clear();
  }

  /** Counts packets, and the sources that they are the first of; `isEarly`: these may come again. */
  add(packets: FloodPackets, ms: number, isEarly = false): void {
    const { words, at, targetClass, fromUs, toUs, count, portCount } = packets;
    this.lastMs = ms;
    this.isEarly ||= isEarly;
    if (fromUs < this.startUs) this.startUs = fromUs;
    if (toUs > this.endUs) this.endUs = toUs;
    this.packets += count;
    this.sources += packets.sources;
    this.techniques |= packets.techniques;
    this.classes |= 1 << targetClass;
    this.rates.add(fromUs, toUs, count);
    if (!isHostClass(targetClass)) {
      const looked = this.packets > PORTS_LOOKED_AT ? 1 : portCount;
      for (let i = 1; i < looked; i++) this.notePort(packets.ports[i], 1);
      this.notePort(packets.ports[0], count - looked + 1);
    }
    const octet = this.isIpv4 ? words[at + 3] >>> LAST_OCTET_SHIFT : packets.hash & HOST_BITS - 1;
    const mask = 1 << (octet & 31);
    if ((this.hostBits[octet >>> 5] & mask) !== 0) return;
    this.hostBits[octet >>> 5] |= mask;
    this.hosts++;
  }

  private notePort(port: number, packets: number): void {
    this.ports.note(port, Answer.Silent);
    if (port === this.port) {
      this.lead += packets;
      this.portPackets += packets;
    } else if (this.lead > 0) this.lead -= packets;
    else {
      this.port = port;
      this.lead = this.portPackets = packets;
    }
  }

  /** Its ports; one alone where nearly all packets go there: a visitor of another port may fail meanwhile. */
  listPorts(): Listing {
    if (this.portPackets >= ONE_PORT_SHARE * this.packets) {
      return { count: 1, list: `${this.port}` };
    }
    return { count: this.ports.count, list: this.ports.ranges(Answer.Silent, Answer.Open) };
  }

  /** One of its sources came again: it is there. */
  takeBack(): void {
    this.cameAgain++;
    if (this.sources > 0) this.sources--;
  }

  /** Its target asks somebody: that may be what is answered. */
  noteAsks(): void {
    this.asks++;
  }

  /**
   * True for a crowd of clients that were taken for a flood at their first packets; and for answers to one that asks
   * a lot, where the capture lost some of its questions, or sees a part of its ways.
   */
  isCrowd(enough: number): boolean {
    if (this.isOfAnswers && this.asks * ASKS_SHARE > this.sources) return true;
    return !this.isFlood(enough) || this.cameAgain > (CROWD_SHARE - 1) * this.sources;
  }

  /** True when it has as many sources, or packets, as a flood has; `enough`: sources. */
  isFlood(enough: number): boolean {
    if (this.isNetwork && this.mostAtOne * HOST_SHARE > this.sources) return false;
    return this.sources >= enough ||
      (this.sources * POOL_SHARE >= enough && this.packets >= enough * POOL_PACKETS);
  }

  /** True for a packet to this host. */
  isHost(words: Int32Array, at: number): boolean {
    return sameWords(this.first, 0, words, at);
  }

  /** Its hosts by their last octet; of an IPv6 network they are not known. */
  octets(): number[] {
    if (!this.isIpv4) return [];
    return Array.from({ length: HOST_BITS }, (_, octet) => octet)
      .filter((octet) => (this.hostBits[octet >>> 5] >>> (octet & 31) & 1) !== 0);
  }

  /** Packets a second. */
  rate(): { mean: number; peak: number } {
    return this.rates.of(this.packets, this.endUs - this.startUs);
  }
}
