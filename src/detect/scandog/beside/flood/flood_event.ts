// What the lines of a flood say: never its thousands of sources. Knows floods and events; nothing of packets, nor
// of when it is said.

import { formatAddress } from "../../../../address.ts";
import type { FloodEvent } from "../../../../event.ts";
import { kindOf } from "../../probe/classes.ts";
import { techniqueNames } from "../../probe/techniques.ts";
import { PROFILE } from "../../scan/ration.ts";
import { networkOf, textOf, Width } from "../../table/network_prefix.ts";
import type { FloodTarget } from "./target.ts";

/** What is told of a flood now; `nowUs`: the time of the latest packet. Allocates. */
export function floodEvent(
  flood: FloodTarget,
  phase: FloodEvent["phase"],
  nowUs: number,
): FloodEvent {
  return {
    action: "flood",
    phase,
    story: flood.story,
    profile: PROFILE,
    timeUs: Math.max(nowUs, flood.endUs),
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
    ...(flood.isOfAnswers ? { answers: true } : {}),
    packets: flood.packets,
    sources: flood.sources,
    rate: flood.rate(),
  };
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
