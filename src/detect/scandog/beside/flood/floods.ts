// Who is flooded: hosts, and networks of hosts, at which hundreds of sources try once and are never heard of
// again. Knows attempts that came to nothing, and packets for which a flood left no time; names no source,
// because a flood's sources are forged.
//
// What no flood's source is: one that another packet of it shows to be there (it sends again when it got no
// answer, as kernels do, or goes on with what it began), one that has a scan, one whose attempts work.
//
// All memory is taken at start: a place for each host or network at which sources failed lately. A full set
// gives up the one with the fewest, so that a flood is not hidden by failures elsewhere.

import type { Memory } from "../../memory.ts";
import { classOf, isServicePort, portOf, TargetClass } from "../../probe/classes.ts";
import { TechniqueBit } from "../../probe/techniques.ts";
import { AddressTable } from "../../table/address_table.ts";
import { Mark, Outcome } from "../../table/attempt_state.ts";
import { networkOf, Width } from "../../table/network_prefix.ts";
import { type FloodPackets, floodPackets } from "../../table/flood_packets.ts";
import { FloodTarget } from "./target.ts";

/** Hosts and networks that are counted at once. */
const TARGETS = 64;
/** The window in which sources are counted. */
const WINDOW_MS = 10_000;
/** A flood is over after so long without a packet. */
export const OVER_MS = 60_000;
/** Kernels send again after a second what is not answered, and a few times only (RFC 6298 section 2). */
const AGAIN_MS = 900;
const AGAIN_MAX = 6;
/** Tells a network from the host that has its first address. */
const NETWORK = 0x40000000;

/** True for what may be an answer: from a service to a client. */
export function isAnswer(key: number, sourcePort: number): boolean {
  return classOf(key) === TargetClass.Udp && isServicePort(sourcePort) &&
    !isServicePort(portOf(key));
}

export class Floods {
  private readonly index = new AddressTable(TARGETS, AddressTable.FIRST_WORD);
  private readonly targets = Array.from({ length: TARGETS }, () => new FloodTarget());
  private readonly network = new Int32Array(4);
  private readonly packets = floodPackets();
  /** Floods that go on. */
  count = 0;
  /** The host whose flood the packet before belonged to. */
  declare private latest: FloodTarget;
  declare private readonly memory: Memory;
  declare private readonly over: (flood: FloodTarget) => void;

  /** `over`: takes each flood that is over, or must give way. */
  constructor(memory: Memory, over: (flood: FloodTarget) => void) {
    this.memory = memory;
    this.over = over;
    this.latest = this.targets[0];
  }

  /** The attempt is the first of its source that failed. */
  single(slot: number): void {
    const { table } = this.memory;
    if (!this.isForgers(slot)) return;
    table.mark(slot, Mark.Flooded);
    this.once(this.packetsOf(slot, table.packets(slot), 1), false);
  }

  /** A source that did not do more fails once more. */
  more(slot: number): void {
    if (this.count === 0) return;
    const packets = this.packetsOf(slot, this.memory.table.packets(slot), 0);
    this.find(packets)?.add(packets, this.memory.clock.ms);
  }

  /** One more packet of an attempt that was counted. */
  again(slot: number): void {
    const packets = this.packetsOf(slot, 1, 0);
    packets.fromUs = packets.toUs;
    this.find(packets)?.add(packets, this.memory.clock.ms);
  }

  private packetsOf(slot: number, count: number, sources: number): FloodPackets {
    const { table } = this.memory;
    const { packets } = this;
    packets.words = table.words;
    packets.at = table.targetAt(slot);
    packets.hash = table.targetHash(slot);
    packets.targetClass = classOf(table.key(slot));
    packets.ports[0] = portOf(table.key(slot));
    packets.portCount = 1;
    packets.techniques = table.techniques.of(slot);
    packets.fromUs = table.firstUs(slot);
    packets.toUs = table.latestUs(slot);
    packets.count = count;
    packets.sources = sources;
    packets.interface = table.interface(slot);
    return packets;
  }

  /** False for what a machine that is there sends, and for what may be an answer. */
  private isForgers(slot: number): boolean {
    const { table } = this.memory;
    const key = table.key(slot);
    if (table.has(slot, Mark.ReplyOnly) || classOf(key) === TargetClass.Arp) return false;
    if ((table.techniques.of(slot) & TechniqueBit.SynAck) !== 0) return false;
    if (isAnswer(key, table.sourcePort(slot))) return false;
    // Who is refused has no reason to come again: a crowd of ordinary clients before a closed door.
    if (table.outcome(slot) === Outcome.Refused && table.has(slot, Mark.Stack)) return false;
    const packets = table.packets(slot);
    return packets === 1 || packets > AGAIN_MAX || table.repeatMs(slot) < AGAIN_MS;
  }

  /**
   * These are the first packets of sources that are not known otherwise; `isEarly`: nothing is known yet of what
   * becomes of them.
   */
  once(packets: FloodPackets, isEarly: boolean): void {
    const { ms } = this.memory.clock;
    const flood = this.find(packets);
    if (flood !== undefined) {
      flood.add(packets, ms);
      flood.isEarly ||= isEarly;
      return;
    }
    const host = this.counting(packets, packets.words, packets.at, packets.hash, false);
    host.add(packets, ms);
    host.isEarly ||= isEarly;
    if (this.start(host)) return;
    networkOf(packets.words, packets.at, Width.Link, this.network);
    this.network[0] ^= NETWORK;
    const hash = this.memory.hash.address(this.network, 0);
    const atOne = host.sources;
    const network = this.counting(packets, this.network, 0, hash, true);
    network.add(packets, ms);
    network.isEarly ||= isEarly;
    network.mostAtOne = Math.max(network.mostAtOne, atOne);
    this.start(network);
  }

  /** A source that was counted came again: it is there. */
  cameAgain(packets: FloodPackets): void {
    this.find(packets)?.takeBack();
  }

  /** The host at words[at] answers from this UDP port: one of those who asked it is there. */
  answered(words: Int32Array, at: number, hash: number, port: number): void {
    const flood = this.findAt(words, at, hash);
    if (flood?.ports.get(port)) flood.takeBack();
  }

  /** The flood that these packets belong to. */
  private find({ words, at, hash }: FloodPackets): FloodTarget | undefined {
    return this.findAt(words, at, hash);
  }

  private findAt(words: Int32Array, at: number, hash: number): FloodTarget | undefined {
    if (this.latest.isOn && this.latest.isHost(words, at)) return this.latest;
    const host = this.targets[this.index.find(words, at, hash)];
    if (host?.isOn) return this.latest = host;
    networkOf(words, at, Width.Link, this.network);
    this.network[0] ^= NETWORK;
    const network =
      this.targets[this.index.find(this.network, 0, this.memory.hash.address(this.network, 0))];
    return network?.isOn ? network : undefined;
  }

  /** What counts at this address, from now on if nothing did; its window begins anew when it is full. */
  private counting(
    packets: FloodPackets,
    words: Int32Array,
    at: number,
    hash: number,
    isNetwork: boolean,
  ): FloodTarget {
    const { index, targets, memory: { clock } } = this;
    let place = index.find(words, at, hash);
    if (place >= 0 && clock.since(targets[place].windowMs) <= WINDOW_MS) {
      index.seen(place);
      return targets[place];
    }
    if (place < 0) {
      place = index.victim(hash);
      if (index.worth(place) > 0) this.end(place);
    }
    index.take(place, words, at, hash);
    const target = targets[place];
    target.isNetwork = isNetwork;
    target.begin(packets, clock.ms);
    return target;
  }

  private start(target: FloodTarget): boolean {
    if (!target.isFlood(this.memory.options.floodSources)) return false;
    this.count++;
    target.onMs = this.memory.clock.ms;
    return target.isOn = true;
  }

  private end(place: number): void {
    const target = this.targets[place];
    if (target.isOn) {
      this.over(target);
      this.count--;
    }
    target.isOn = false;
    this.index.free(place);
  }

  /** What was taken for a flood was none. It is remembered for the rest of its window. */
  dismiss(target: FloodTarget): void {
    target.isOn = false;
    this.count--;
    target.windowMs = this.memory.clock.ms;
  }

  /** Those that are over end. */
  turn(): void {
    const { clock } = this.memory;
    this.targets.forEach((target, place) => {
      if (target.isOn && clock.since(target.lastMs) > OVER_MS) this.end(place);
    });
  }

  /** Floods that are not over. */
  goingOn(): FloodTarget[] {
    return this.count === 0 ? [] : this.targets.filter(({ isOn }) => isOn);
  }

  /** The capture has ended, and so have all floods. */
  finish(): void {
    this.targets.forEach((target, place) => target.isOn && this.end(place));
  }
}
