// The codes of an account in words that need no knowledge of the code. Knows codes; nothing of numbers.

import { DECISIONS } from "../account.ts";
import type {
  AttemptAccount,
  Decision,
  HostRuleName,
  Outcome,
  PortRuleName,
  RuleName,
  TargetName,
  Telling,
  Threshold,
} from "../account.ts";

export const OUTCOME_WORDS: Record<Outcome, string> = {
  undecided: "undecided",
  used: "used",
  harmless: "harmless",
  refused: "refused",
  silent: "no answer",
  "half-open": "half-open",
  empty: "answered, then nothing",
};

/** What was decided about attempts, in a word or two. */
export function decisionHead(decision: Decision): string {
  switch (decision) {
    case "undecided":
    case "used":
    case "counted":
      return decision;
    case "taken-back":
      return "taken back";
    case "scanned":
      return "part of a scan";
    default:
      return isHarmless(decision) ? "harmless" : "not counted";
  }
}

/** True for what cannot be told from harmless traffic. */
export function isHarmless(decision: Decision): boolean {
  const index = DECISIONS.indexOf(decision);
  return index >= DECISIONS.indexOf("backscatter") && index < DECISIONS.indexOf("ignored");
}

/** Why, to be said after the head; empty where the head says all. */
export const DECISION_WORDS: Record<Decision, string> = {
  undecided: "neither used nor failed when the capture ended",
  backscatter: "an answer to a SYN that somebody else sent in the source's name",
  "mid-stream": "a connection from before the capture",
  wanted: "an answer to a question that went to a group or to another address",
  traceroute: "traceroute: UDP to a high port with a small TTL (--trace-ttl)",
  expired: "the TTL ended on the way, as a traceroute's does",
  "arp-pace": "ARP at the pace at which packets come for neighbours: a router's",
  "arp-router": "ARP of a host that has shown itself as a router",
  "arp-there": "ARP for a neighbour that is there",
  "arp-outside": "ARP on behalf of attempts from outside: a router's",
  "arp-kernel": "ARP repeated as by a kernel that delivers for others",
  "came-again": "tried again and again, as checks and monitors do",
  lease: "a DHCP server's ping to an address before it gives it out",
  ignored: "the source is on the list of --ignore",
  probation: "the only failure of the source; a second one makes both count",
  companion: "beside a used connection of the same two hosts, as FTP's data connections are",
  "reply-like": "looks like an answer: from a service's port to a client's",
  "target-rule": "a rule for this target gives it no weight",
  again: "a target that has counted already",
  greeting: "a ping that came back, beside a scan of ports",
  "no-room": "no place to follow the source in: sources that scan have them all",
  used: "speaks for the source",
  "taken-back": "counted at first, then used or tried again as checks do",
  counted: "",
  scanned: "",
};

export const PORT_RULE_WORDS: Record<PortRuleName, string> = {
  none: "no port",
  exotic: "probe that no TCP sends",
  accepted: "accepted, then nothing said",
  "fin-or-protocol": "FIN probe or IP protocol",
  "silent-udp": "silent UDP port below 1024",
  privileged: "port below 1024",
  other: "port from 1024 on",
  unasked: "one of several answers that nobody asked for",
  target: "rule for this target",
};

export const HOST_RULE_WORDS: Record<HostRuleName, string> = {
  "reply-like": "looks like an answer",
  exotic: "probe that no TCP sends",
  ambiguous: "may end an old connection",
  accepted: "accepted, then nothing said",
  web: "as clients fail too",
  failed: "failed plainly",
  "silent-udp": "silent UDP",
  "silent-udp-of-client": "silent UDP from a new port each",
  "answered-ping": "answered ping",
  "silent-ping": "silent ping",
  "kernel-arp": "ARP of a kernel",
  "arp-row": "ARP for one address after the other",
  arp: "ARP",
  "used-host": "a host that the source uses otherwise",
  "web-unseen": "a web server, but nothing of TCP except SYNs is seen",
  spread: "first failure in its network of what clients do everywhere",
};

/** What a rule looks for. */
export const RULE_WORDS: Record<RuleName, string> = {
  none: "none",
  ports: "many ports of one host",
  hosts: "many hosts by one port or ping",
  "few-ports": "many hosts by a few ports",
  grid: "a grid of ports and hosts",
  socket: "anything from one source port",
  network: "sources of one network together",
  "group-ports": "several sources alike, ports of one host",
  "group-hosts": "several sources alike, many hosts by one port",
};

/** What is counted towards a rule, and the option that says how much is enough. */
export const RULE_UNITS: Record<RuleName, { unit: string; option: string }> = {
  none: { unit: "weight", option: "" },
  ports: { unit: "weight", option: "--scan-weight" },
  hosts: { unit: "points", option: "--sweep-hosts" },
  "few-ports": { unit: "points", option: "--sweep-hosts" },
  grid: { unit: "failed targets", option: "--block-targets" },
  socket: { unit: "weight", option: "--scan-weight" },
  network: { unit: "weight", option: "--network-factor" },
  "group-ports": { unit: "weight", option: "--scan-weight" },
  "group-hosts": { unit: "points", option: "--sweep-hosts" },
};

/** Why a scan was not told, or that it was. */
export const TELLING_WORDS: Record<Telling, string> = {
  told: "told",
  nothing: "not told: its attempts are forgotten or belong to another scan",
  forged:
    "not told: only answers were seen, and the source sends other things: somebody forged its address",
  "source-alerts": "not told: --source-alerts were told of this source already",
  budget: "not told: too many scans at once (--alert-burst, --alert-refill)",
};

/** Why enough was not enough. */
export function heldText({ held, failed, used }: Threshold): string | undefined {
  switch (held) {
    case "successes":
      return `no scan, because too many succeed: ${failed} failed, ${used} used (--failure-ratio)`;
    case "shape":
      return "no scan, because every target is another host and another port, as peer-to-peer has it";
    case "sources":
      return "no scan, because the sources are too few (--group-sources) or tried too little each";
    case "neighbours":
      return "no scan, because its sources were used elsewhere too, or belong to other scans";
    default:
      return undefined;
  }
}

const TARGET_WORDS: Record<TargetName, string> = {
  tcp: "tcp",
  udp: "udp",
  sctp: "sctp",
  ping: "ping",
  timestamp: "timestamp request",
  mask: "mask request",
  protocol: "IP protocol",
  arp: "ARP",
};

/** `tcp 22`, `ping`. */
export function aimText({ target, port }: AttemptAccount): string {
  return port === undefined ? TARGET_WORDS[target] : `${TARGET_WORDS[target]} ${port}`;
}
