// A flood is told by one line when it begins and one when it is over, never by its thousands of sources. Knows
// floods and events; nothing of packets.
//
// Whoever forges sources can flood as many hosts as he likes: the lines draw on a budget of their own, and what
// it refuses is counted and said.

import { formatAddress } from "../../../../address.ts";
import type { Emit, FloodEvent } from "../../../../event.ts";
import type { Memory } from "../../memory.ts";
import { kindOf } from "../../probe/classes.ts";
import { techniqueNames } from "../../probe/techniques.ts";
import { PROFILE, Ration } from "../../scan/ration.ts";
import { networkOf, textOf, Width } from "../../table/network_prefix.ts";
import type { FloodTarget } from "./target.ts";

export class FloodStory {
  declare private readonly memory: Memory;
  declare private readonly emit: Emit;
  declare readonly ration: Ration;
  private stories = 0;

  constructor(memory: Memory, emit: Emit) {
    this.memory = memory;
    this.emit = emit;
    this.ration = new Ration(memory, emit, "flood");
  }

  /** Tells that a flood has begun, once. */
  begin(flood: FloodTarget): void {
    if (flood.story !== 0 || flood.isWithheld) return;
    flood.isWithheld = !this.ration.take(flood.startUs);
    if (flood.isWithheld) return;
    flood.story = ++this.stories;
    flood.namedUs = flood.startUs;
    this.emit(this.event(flood, "begin"));
  }

  /** Tells that a flood is over; one that was too short to be told yet is told whole. */
  end(flood: FloodTarget): void {
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
      kind: kindOf(flood.classes, !flood.isIpv4),
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
