// MITRE ATT&CK: which of its techniques a scan or a flood is. Knows techniques and shapes of scans; no event.
//
// T1046 and T1018 are what somebody inside does to look around (tactic Discovery), T1595 what somebody
// outside does to a block of addresses (Reconnaissance). From packets alone the two cannot be told apart.

import type { Shape, Technique } from "../event.ts";
import { TCP_TECHNIQUES } from "../outcome.ts";

interface Entry {
  id: string;
  name: string;
}

const DISCOVERY: Entry = { id: "TA0007", name: "Discovery" };
const RECONNAISSANCE: Entry = { id: "TA0043", name: "Reconnaissance" };

const IMPACT: Entry = { id: "TA0040", name: "Impact" };

const PORTS: Entry = { id: "T1046", name: "Network Service Discovery" };
const HOSTS: Entry = { id: "T1018", name: "Remote System Discovery" };
const BLOCK: Entry = { id: "T1595", name: "Active Scanning" };
const BLOCK_BY_ADDRESS: Entry = { id: "T1595.001", name: "Scanning IP Blocks" };

/** Techniques that look for hosts, not for their ports. */
const HOST_DISCOVERY: ReadonlySet<Technique> = new Set<Technique>([
  "icmp-echo",
  "icmp-timestamp",
  "icmp-mask",
  "arp",
]);

const NETWORK_FLOOD: Entry = { id: "T1498", name: "Network Denial of Service" };
const DIRECT_FLOOD: Entry = { id: "T1498.001", name: "Direct Network Flood" };
const ENDPOINT_FLOOD: Entry = { id: "T1499", name: "Endpoint Denial of Service" };
const OS_FLOOD: Entry = { id: "T1499.001", name: "OS Exhaustion Flood" };

/** The members of ECS's `threat` of a flood: by TCP it exhausts its target's kernel as well as the network. */
export function floodThreat(techniques: readonly Technique[]) {
  const isTcp = techniques.some((name) => TCP_TECHNIQUES.includes(name));
  return {
    framework: "MITRE ATT&CK",
    tactic: columns([IMPACT]),
    technique: {
      ...columns(isTcp ? [NETWORK_FLOOD, ENDPOINT_FLOOD] : [NETWORK_FLOOD]),
      subtechnique: columns(isTcp ? [DIRECT_FLOOD, OS_FLOOD] : [DIRECT_FLOOD]),
    },
  };
}

/** The members of ECS's `threat`. */
export function threat(techniques: readonly Technique[], shape: Shape | undefined) {
  const found: Entry[] = [];
  if (techniques.some((name) => !HOST_DISCOVERY.has(name))) found.push(PORTS);
  if (techniques.some((name) => HOST_DISCOVERY.has(name))) found.push(HOSTS);
  const tactics = found.length > 0 ? [DISCOVERY] : [];
  const isBlock = shape === "horizontal" || shape === "block";
  if (isBlock) {
    found.push(BLOCK);
    tactics.push(RECONNAISSANCE);
  }
  return {
    framework: "MITRE ATT&CK",
    tactic: columns(tactics),
    technique: {
      ...columns(found),
      subtechnique: isBlock ? columns([BLOCK_BY_ADDRESS]) : undefined,
    },
  };
}

/** ECS has lists side by side, not a list of pairs. */
function columns(entries: readonly Entry[]): { id: string[]; name: string[] } {
  return { id: entries.map(({ id }) => id), name: entries.map(({ name }) => name) };
}
