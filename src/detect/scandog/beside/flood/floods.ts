// Who is flooded: hosts, and networks of hosts, at which hundreds of sources try once and are never heard of
// again. Knows attempts that came to nothing, and packets for which a flood left no time; names no source,
// because a flood's sources are forged.
//
// What no flood's source is: one that another packet of it shows to be there (it sends again when it got no
// answer, as kernels do, or goes on with what it began), one that has a scan, one whose attempts work.
//
// One line tells that a flood has begun and one that it is over. Whoever forges sources can flood as many hosts as
// they like: the lines draw on a budget of their own, and what it refuses is counted and said.
//
// All memory is taken at start: a place for each host or network at which sources failed lately. A full set
// gives up the one with the fewest, so that a flood is not hidden by failures elsewhere.

import type { Emit } from "../../../../event.ts";
import type { Memory } from "../../memory.ts";
import { classOf, isFromService, portOf, TargetClass } from "../../probe/classes.ts";
import { Ration } from "../../scan/ration.ts";
import { AddressSet } from "../../table/address_set.ts";
import { AddressTable } from "../../table/address_table.ts";
import { Mark, Outcome } from "../../table/attempt_state.ts";
import { networkOf, Width } from "../../table/network_prefix.ts";
import { FloodPackets } from "../../table/flood_packets.ts";
import { floodEvent } from "./flood_event.ts";
import { FloodTarget } from "./target.ts";

/** Hosts and networks that are counted at once. */
const TARGETS = 64;
/** The window in which sources are counted. */
const WINDOW_MS = 10_000;
/** A flood is over after so long without a packet. */
const OVER_MS = 60_000;
/**
 * So long a client has, of whom only the first packet was looked at, to send another one: longer than a round trip,
 * and than a kernel waits for an answer until it sends its SYN again.
 */
const SETTLE_MS = 2500;
/** Kernels send again after a second what is not answered, and a few times only (RFC 6298 section 2). */
const AGAIN_MS = 900;
const AGAIN_MAX = 6;
/** Tells a network from the host that has its first address, and who gets answers from who is asked. */
const NETWORK = 0x40000000, ANSWERS = 0x20000000;
/** Who answered what nobody asked, lately. */
const ANSWERERS_BITS = 1 << 18;
const ANSWERERS_MS = 60_000;

export class Floods {
  private readonly index = new AddressTable(TARGETS, AddressTable.FIRST_WORD);
  private readonly targets = Array.from({ length: TARGETS }, () => new FloodTarget());
  private readonly key = new Int32Array(4);
  declare private readonly answerers: AddressSet;
  private readonly packets = new FloodPackets();
  /** Floods that were told. */
  private stories = 0;
  /** The host whose flood the packet before belonged to. */
  declare private latest: FloodTarget;
  declare private readonly memory: Memory;
  declare private readonly emit: Emit;
  declare private readonly ration: Ration;

  constructor(memory: Memory, emit: Emit) {
    this.memory = memory;
    this.emit = emit;
    this.ration = new Ration(memory, emit, "flood");
    this.answerers = new AddressSet(memory.clock, ANSWERERS_BITS, ANSWERERS_MS);
    this.latest = this.targets[0];
  }

  /** The attempt is the first failure of a source that nobody knows. */
  single(slot: number): void {
    const { table } = this.memory;
    if (!this.isForgers(slot)) return;
    table.mark(slot, Mark.Flooded);
    this.once(this.packetsOf(slot, table.packets(slot), 1), false);
  }

  /** The attempt is one more failure of a source that has no scan. */
  more(slot: number): void {
    if (!this.memory.flooded.isAny()) return;
    const packets = this.packetsOf(slot, this.memory.table.packets(slot), 0);
    this.findOf(packets)?.add(packets, this.memory.clock.ms);
  }

  /** One more packet of an attempt that was counted. */
  again(slot: number): void {
    const packets = this.packetsOf(slot, 1, 0);
    packets.fromUs = packets.toUs;
    this.findOf(packets)?.add(packets, this.memory.clock.ms);
  }

  /** The first packets of sources, for which a flood left no time. */
  unfollowed(packets: FloodPackets): void {
    if (packets.count === 0) return;
    this.once(packets, true);
  }

  /**
   * One answer to what its target did not ask; `sender`: hash of whose it is. Early, as the target may be seen asking
   * for many after all.
   */
  unasked(answer: FloodPackets, sender: number): void {
    answer.sources = this.answerers.add(sender) ? 1 : 0;
    const isCounted = answer.sources > 0 || this.findOf(answer) !== undefined;
    if (isCounted) this.once(answer, true);
  }

  /** The host at words[at] asks somebody itself, or used a conversation of which only answers were seen. */
  asks(words: Int32Array, at: number, hash: number): void {
    const { index, targets, key } = this;
    // Counted before it is a flood as well.
    targets[index.find(key, 0, this.readHost(words, at, hash, true))]?.noteAsks();
    targets[index.find(key, 0, this.readNetwork(words, at, true))]?.noteAsks();
  }

  /** A packet goes to words[at] of a source that was there before, for which a flood left time: it is there. */
  cameAgain(words: Int32Array, at: number, hash: number): void {
    this.find(words, at, hash, false)?.takeBack();
  }

  /** The host at words[at] answers from this UDP port: one of those who asked it is there. */
  answered(words: Int32Array, at: number, hash: number, port: number): void {
    const flood = this.find(words, at, hash, false);
    if (flood?.ports.get(port)) flood.takeBack();
  }

  private packetsOf(slot: number, count: number, sources: number): FloodPackets {
    const { table } = this.memory;
    const { packets } = this;
    packets.words = table.words;
    packets.at = table.targetAt(slot);
    packets.hash = table.targetHash(slot);
    packets.isOfAnswers = false;
    packets.targetClass = classOf(table.key.of(slot));
    packets.ports[0] = portOf(table.key.of(slot));
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
    const key = table.key.of(slot);
    if (table.has(slot, Mark.ReplyOnly) || classOf(key) === TargetClass.Arp) return false;
    const isUdp = classOf(key) === TargetClass.Udp;
    if (isUdp && isFromService(table.sourcePort.of(slot), portOf(key))) return false;
    // Who is refused has no reason to come again: a crowd of ordinary clients before a closed door.
    if (table.outcome(slot) === Outcome.Refused && table.has(slot, Mark.Stack)) return false;
    const packets = table.packets(slot);
    return packets === 1 || packets > AGAIN_MAX || table.repeatMs.of(slot) < AGAIN_MS;
  }

  /**
   * These are the first packets of sources that are not known otherwise; `isEarly`: nothing is known yet of what
   * becomes of them.
   */
  private once(packets: FloodPackets, isEarly: boolean): void {
    const { ms } = this.memory.clock;
    const flood = this.findOf(packets);
    if (flood !== undefined) return flood.add(packets, ms, isEarly);
    const host = this.counting(packets, false);
    host.add(packets, ms, isEarly);
    if (this.start(host)) return;
    const atOne = host.sources;
    const network = this.counting(packets, true);
    network.add(packets, ms, isEarly);
    network.mostAtOne = Math.max(network.mostAtOne, atOne);
    this.start(network);
  }

  private findOf({ words, at, hash, isOfAnswers }: FloodPackets): FloodTarget | undefined {
    return this.find(words, at, hash, isOfAnswers);
  }

  /** The flood that packets to words[at] belong to, of answers or not. */
  private find(
    words: Int32Array,
    at: number,
    hash: number,
    isOfAnswers: boolean,
  ): FloodTarget | undefined {
    const { latest, index, targets, key } = this;
    const isLatest = latest.isOn && latest.isOfAnswers === isOfAnswers && latest.isHost(words, at);
    if (isLatest) return latest;
    const host = targets[index.find(key, 0, this.readHost(words, at, hash, isOfAnswers))];
    if (host?.isOn) return this.latest = host;
    const network = targets[index.find(key, 0, this.readNetwork(words, at, isOfAnswers))];
    return network?.isOn ? network : undefined;
  }

  /** Sets `key` to what the host at words[at], which has this hash, is found by; the hash of that. */
  private readHost(words: Int32Array, at: number, hash: number, isOfAnswers: boolean): number {
    const { key } = this;
    for (let i = 0; i < key.length; i++) key[i] = words[at + i];
    if (!isOfAnswers) return hash;
    key[0] ^= ANSWERS;
    return this.memory.hash.address(key, 0);
  }

  /** The same of its network, which no host is found by. */
  private readNetwork(words: Int32Array, at: number, isOfAnswers: boolean): number {
    const { key } = this;
    networkOf(words, at, Width.Link, key);
    key[0] ^= isOfAnswers ? NETWORK | ANSWERS : NETWORK;
    return this.memory.hash.address(key, 0);
  }

  /** What counts at these packets' target, or its network, from now on if nothing did; its window begins anew when it is full. */
  private counting(packets: FloodPackets, isNetwork: boolean): FloodTarget {
    const { index, targets, key, memory: { clock } } = this;
    const { words, at, isOfAnswers } = packets;
    const hash = isNetwork
      ? this.readNetwork(words, at, isOfAnswers)
      : this.readHost(words, at, packets.hash, isOfAnswers);
    let place = index.find(key, 0, hash);
    if (place >= 0 && clock.since(targets[place].windowMs) <= WINDOW_MS) {
      index.seen(place);
      return targets[place];
    }
    if (place < 0) {
      place = index.victim(hash);
      if (index.worth(place) > 0) this.end(place);
    }
    index.take(place, key, 0, hash);
    targets[place].begin(packets, clock.ms, isNetwork);
    return targets[place];
  }

  private start(target: FloodTarget): boolean {
    if (!target.isFlood(this.memory.options.floodSources)) return false;
    target.onMs = this.memory.clock.ms;
    this.turnOn(target, true);
    return true;
  }

  private end(place: number): void {
    const target = this.targets[place];
    if (target.isOn) {
      this.tellEnd(target);
      this.turnOn(target, false);
    }
    this.index.free(place);
  }

  private turnOn(target: FloodTarget, isOn: boolean): void {
    const { flooded, answered, hash } = this.memory;
    target.isOn = isOn;
    const host = target.isNetwork ? undefined : hash.address(target.first, 0);
    (target.isOfAnswers ? answered : flooded).change(host, isOn ? 1 : -1);
  }

  /** Tells what has begun, and what is over. */
  turn(): void {
    this.targets.forEach((target, place) => {
      if (target.isOn && this.overMs(target) <= 0) this.end(place);
    });
    for (const target of this.goingOn()) this.look(target);
    this.ration.turn();
  }

  /** Tells a flood when it is sure that it is one. */
  private look(target: FloodTarget): void {
    if (target.story !== 0 || this.settleMs(target) > 0) return;
    const isNone = target.isCrowd(this.memory.options.floodSources) || this.isAskers(target);
    if (!isNone) return this.tellBegin(target);
    // It was taken for a flood and is none. It is remembered for the rest of its window.
    this.turnOn(target, false);
    target.windowMs = this.memory.clock.ms;
  }

  /** Tells that a flood has begun, once. */
  private tellBegin(flood: FloodTarget): void {
    if (flood.story !== 0 || flood.isWithheld) return;
    flood.isWithheld = !this.ration.take(flood.startUs);
    if (flood.isWithheld) return;
    flood.story = ++this.stories;
    flood.namedUs = flood.startUs;
    this.emit(floodEvent(flood, "begin", this.memory.clock.lastUs));
  }

  /** Tells that a flood is over; one that was too short to be told yet is told whole. */
  private tellEnd(flood: FloodTarget): void {
    if (flood.story === 0 && flood.isCrowd(this.memory.options.floodSources)) return;
    this.tellBegin(flood);
    if (flood.story !== 0) this.emit(floodEvent(flood, "end", this.memory.clock.lastUs));
  }

  /** True for answers to who scans: faster than its probes could be followed. */
  private isAskers({ isOfAnswers, first }: FloodTarget): boolean {
    const { subjects, hash } = this.memory;
    const subject = isOfAnswers ? subjects.find(first, 0, 0, hash.address(first, 0)) : -1;
    return subject >= 0 && subjects.scan.of(subject) !== 0;
  }

  /** In how many milliseconds `turn` has something to do, if nothing comes. */
  dueMs(): number {
    const lookMs = (target: FloodTarget) =>
      target.story !== 0 || target.isWithheld ? Infinity : this.settleMs(target);
    return Math.min(
      this.ration.dueMs(),
      ...this.goingOn().map((target) => Math.min(this.overMs(target), lookMs(target))),
    );
  }

  /** In how many milliseconds it is over; at once: 0 or less. */
  private overMs({ lastMs }: FloodTarget): number {
    return OVER_MS + 1 - this.memory.clock.since(lastMs);
  }

  /** In how many milliseconds it is known whether clients were taken for a flood; 0 or less: it is. */
  private settleMs({ isEarly, onMs }: FloodTarget): number {
    return isEarly ? SETTLE_MS - this.memory.clock.since(onMs) : 0;
  }

  private goingOn(): FloodTarget[] {
    const { flooded, answered } = this.memory;
    return !flooded.isAny() && !answered.isAny() ? [] : this.targets.filter(({ isOn }) => isOn);
  }

  /** The capture has ended, and so have all floods. */
  finish(): void {
    this.targets.forEach((target, place) => target.isOn && this.end(place));
    this.ration.finish();
  }
}
