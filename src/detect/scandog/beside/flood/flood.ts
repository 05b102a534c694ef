// A flood is told by one line when it begins and one when it is over, never by its thousands of sources. Knows
// floods and events; nothing of packets.
//
// Whoever forges sources can flood as many hosts as he likes: the lines draw on a budget of their own, and what
// it refuses is counted and said.

import { formatAddress } from "../../../../address.ts";
import type { Emit, FloodEvent } from "../../../../event.ts";
import { Kind } from "../../../../record.ts";
import type { Memory } from "../../memory.ts";
import { TargetClass } from "../../probe/classes.ts";
import { techniqueNames } from "../../probe/techniques.ts";
import { type Notices, PROFILE } from "../../scan/notices.ts";
import { Ration } from "../../scan/ration.ts";
import { networkOf, textOf, Width } from "../../table/network_prefix.ts";
import { Floods, OVER_MS } from "./floods.ts";
import { Singles } from "./singles.ts";
import type { FloodPackets } from "../../table/flood_packets.ts";
import type { FloodTarget } from "./target.ts";

/**
 * So long a client has, of whom only the first packet was looked at, to send another one: longer than a round trip,
 * and than a kernel waits for an answer until it sends its SYN again.
 */
const SETTLE_MS = 2500;

export class Flood {
  declare readonly singles: Singles;
  declare private readonly memory: Memory;
  declare private readonly emit: Emit;
  declare private readonly floods: Floods;
  declare private readonly ration: Ration;
  private stories = 0;

  constructor(memory: Memory, notices: Notices, emit: Emit) {
    this.memory = memory;
    this.emit = emit;
    this.singles = new Singles(memory);
    this.floods = new Floods(memory, (flood) => this.end(flood));
    this.ration = new Ration(memory, notices, "flood");
  }

  /** The attempt is the first failure of a source that nobody knows. */
  single(slot: number): void {
    this.singles.add(1);
    this.floods.single(slot);
  }

  /** One more packet of such an attempt. */
  again(slot: number): void {
    this.floods.again(slot);
  }

  /** The attempt is one more failure of a source that has no scan. */
  more(slot: number): void {
    this.floods.more(slot);
  }

  /** The first packets of sources, for which a flood left no time. */
  unfollowed(packets: FloodPackets): void {
    if (packets.count === 0) return;
    this.singles.add(packets.sources);
    this.floods.once(packets, true);
  }

  /** True while there is one. */
  goesOn(): boolean {
    return this.floods.count > 0;
  }

  /** A packet of a source that was there before, for which a flood left time. */
  cameAgain(packets: FloodPackets): void {
    this.floods.cameAgain(packets);
  }

  /** The host at words[at] answers from this UDP port: who asked it is there. */
  answered(words: Int32Array, at: number, hash: number, port: number): void {
    this.floods.answered(words, at, hash, port);
  }

  /** Tells what has begun, and what is over. */
  turn(): void {
    this.singles.turn();
    this.floods.turn();
    for (const flood of this.floods.goingOn()) this.look(flood);
    this.ration.turn();
  }

  /** In how many milliseconds `turn` has something to do, if nothing comes. */
  dueMs(): number {
    const floods = this.floods.goingOn();
    return Math.min(this.ration.dueMs(), ...floods.map((flood) => this.dueMsOf(flood)));
  }

  private dueMsOf(flood: FloodTarget): number {
    const { clock } = this.memory;
    const overMs = OVER_MS + 1 - clock.since(flood.lastMs);
    if (flood.story !== 0 || flood.isWithheld) return overMs;
    return flood.isEarly ? Math.min(overMs, SETTLE_MS - clock.since(flood.onMs)) : 0;
  }

  finish(): void {
    this.floods.finish();
    this.ration.finish();
  }

  /** Tells a flood when it is sure that it is one. */
  private look(flood: FloodTarget): void {
    if (flood.story !== 0) return;
    if (flood.isEarly && this.memory.clock.since(flood.onMs) < SETTLE_MS) return;
    if (flood.isCrowd(this.memory.options.floodSources)) this.floods.dismiss(flood);
    else this.begin(flood);
  }

  private begin(flood: FloodTarget): void {
    if (flood.story !== 0 || flood.isWithheld) return;
    flood.isWithheld = !this.ration.take(flood.startUs);
    if (flood.isWithheld) return;
    flood.story = ++this.stories;
    flood.namedUs = flood.startUs;
    this.emit(this.event(flood, "begin"));
  }

  private end(flood: FloodTarget): void {
    if (flood.story === 0 && flood.isCrowd(this.memory.options.floodSources)) return;
    this.begin(flood);
    if (flood.story !== 0) this.emit(this.event(flood, "end"));
  }

  private event(flood: FloodTarget, phase: FloodEvent["phase"]): FloodEvent {
    return {
      action: "flood",
      phase,
      story: flood.story,
      profile: PROFILE,
      timeUs: Math.max(this.memory.clock.lastUs, flood.endUs),
      startUs: flood.startUs,
      endUs: flood.endUs,
      namedUs: flood.namedUs,
      interface: flood.interface,
      ipVersion: flood.isIpv4 ? 4 : 6,
      kind: kindOf(flood),
      destination: textOf(flood.first),
      ...(flood.isNetwork ? { network: networkText(flood) } : {}),
      hosts: { count: flood.hosts, list: hostsOf(flood) },
      ports: flood.listPorts(),
      techniques: techniqueNames(flood.techniques),
      packets: flood.packets,
      sources: flood.sources,
      rate: flood.rate(),
    };
  }
}

/** `192.0.2.0/24` or `2001:db8::/64`. */
function networkText({ first, isIpv4 }: FloodTarget): string {
  networkOf(first, 0, Width.Link, network);
  return `${textOf(network)}/${isIpv4 ? 24 : 64}`;
}

const network = new Int32Array(4);

/** Those that are known; of an IPv6 network the first alone. */
function hostsOf(flood: FloodTarget): string {
  const octets = flood.octets();
  if (!flood.isNetwork || octets.length === 0) return textOf(flood.first);
  const bytes = new Uint8Array(flood.first.slice().buffer);
  return octets.map((octet) => {
    bytes[bytes.length - 1] = octet;
    return formatAddress(bytes);
  }).join(",");
}

const KINDS: Record<number, typeof Kind[keyof typeof Kind]> = {
  [1 << TargetClass.Tcp]: Kind.Tcp,
  [1 << TargetClass.Udp]: Kind.Udp,
  [1 << TargetClass.Sctp]: Kind.Sctp,
};
const PINGS = 1 << TargetClass.IcmpEcho | 1 << TargetClass.IcmpTimestamp |
  1 << TargetClass.IcmpMask;

/** `Kind` of its packets. */
function kindOf({ classes, isIpv4 }: FloodTarget): typeof Kind[keyof typeof Kind] {
  if ((classes & ~PINGS) === 0) return isIpv4 ? Kind.Icmp : Kind.Icmp6;
  return KINDS[classes] ?? Kind.Ip;
}
