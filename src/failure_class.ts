// What a failed attempt can be: two tables, of failed ports and of failed hosts, a row each with what it
// weighs and why in words. A leaf: plain data. Which row an attempt falls under stands in the detector.

/** Options that say what a failed port weighs. */
export type WeightOption = "exoticWeight" | "privilegedWeight" | "portWeight";

/** Codes of failed ports. */
export const PortClass = {
  None: 0,
  ReplyLike: 1,
  Exotic: 2,
  Accepted: 3,
  FinOrProtocol: 4,
  SilentUdp: 5,
  Privileged: 6,
  Other: 7,
  Unasked: 8,
  Target: 9,
  RawSocket: 10,
  AnsweredOnce: 11,
} as const;

export interface PortClassRow {
  code: number;
  name: string;
  words: string;
  /** Which option it weighs, and what share of it, rounded up; absent: nothing, or (`Target`) what the user says. */
  weighs?: { option: WeightOption; share: number };
  /** Nothing harmless fails at it: uses of high ports do not excuse it. */
  isPlain: boolean;
}

const P = PortClass;

/** `isPlain` and `option` as of `PortClassRow`; `share`: of the option, where there is one. */
function port(
  code: number,
  name: string,
  words: string,
  isPlain: boolean,
  option?: WeightOption,
  share = 1,
): PortClassRow {
  return {
    code,
    name,
    words,
    isPlain,
    ...(option === undefined ? {} : { weighs: { option, share } }),
  };
}

/** Each row is at the place of its code. */
export const PORT_CLASSES: readonly PortClassRow[] = [
  port(P.None, "none", "no port", false),
  port(P.ReplyLike, "reply-like", "looks like an answer", false),
  port(P.Exotic, "exotic", "probe that no TCP sends", true, "exoticWeight"),
  // Health checks open and close; a scanner's open ports are few among its refused ones.
  port(P.Accepted, "accepted", "accepted, then nothing said", false, "portWeight"),
  port(P.FinOrProtocol, "fin-or-protocol", "FIN probe or IP protocol", true, "privilegedWeight"),
  // Where only requests are seen, one client of a domain controller asks seven privileged ports.
  port(P.SilentUdp, "silent-udp", "silent UDP port below 1024", false, "privilegedWeight", 2 / 3),
  port(P.Privileged, "privileged", "port below 1024", true, "privilegedWeight"),
  port(P.Other, "other", "port from 1024 on", false, "portWeight"),
  port(P.Unasked, "unasked", "one of several answers that nobody asked for", false, "portWeight"),
  port(P.Target, "target", "rule for this target (--weigh)", false),
  // No kernel asks two ports of a host from one port, nor with such a SYN.
  port(P.RawSocket, "raw-socket", "refused SYN of a raw socket", true, "privilegedWeight"),
  // A few ports of one host that answer are a client's.
  port(P.AnsweredOnce, "answered-once", "answered once, and never used again", false),
];

/** Codes of failed hosts. */
export const HostClass = {
  ReplyLike: 0,
  Exotic: 1,
  Ambiguous: 2,
  Accepted: 3,
  Web: 4,
  Failed: 5,
  SilentUdp: 6,
  SilentUdpOfClient: 7,
  AnsweredPing: 8,
  SilentPing: 9,
  KernelArp: 10,
  Arp: 11,
  Spread: 12,
  UsedHost: 13,
  ArpRow: 14,
  WebUnseen: 15,
  RefusedEnd: 16,
  AnsweredOnce: 17,
} as const;

/** Points of one host whose failure means what it seems to mean. */
export const FULL_POINTS = 6;

export interface HostClassRow {
  code: number;
  name: string;
  words: string;
  /** Points towards a sweep. */
  points: number;
}

const H = HostClass;

function host(code: number, name: string, words: string, points: number): HostClassRow {
  return { code, name, words, points };
}

/** Each row is at the place of its code. */
export const HOST_CLASSES: readonly HostClassRow[] = [
  host(H.ReplyLike, "reply-like", "looks like an answer", 0),
  host(H.Exotic, "exotic", "probe that no TCP sends", 2 * FULL_POINTS),
  // Connections from before the capture end with FIN, ACK and RST to many hosts.
  host(H.Ambiguous, "ambiguous", "may end an old connection", 0),
  host(H.Accepted, "accepted", "accepted, then nothing said", 3),
  // Browsers and crawlers fail at these as well.
  host(H.Web, "web", "as clients fail too", 4),
  host(H.Failed, "failed", "failed plainly", FULL_POINTS),
  host(H.SilentUdp, "silent-udp", "silent UDP", 3),
  // A client takes a new port for each server; a scanner's socket has one.
  host(H.SilentUdpOfClient, "silent-udp-of-client", "silent UDP from a new port each", 1),
  host(H.AnsweredPing, "answered-ping", "answered ping", 3),
  host(H.SilentPing, "silent-ping", "silent ping", 4),
  // Somebody on this host tries dead neighbours, by whatever means.
  host(H.KernelArp, "kernel-arp", "ARP of a kernel", 2),
  host(H.Arp, "arp", "ARP", 3),
  host(H.Spread, "spread", "first failure in its network of what clients do everywhere", 0),
  host(H.UsedHost, "used-host", "a host that the source uses otherwise", 0),
  host(H.ArpRow, "arp-row", "ARP for one address after the other", FULL_POINTS),
  // It may have answered.
  host(H.WebUnseen, "web-unseen", "a web server, but nothing of TCP except SYNs is seen", 1),
  // The target knows of no such connection; a client's old ones end at servers that have no network in common.
  host(H.RefusedEnd, "refused-end", "may end an old connection, but was refused", 3),
  // Many of them are a sweep, a few are what any program does once.
  host(H.AnsweredOnce, "answered-once", "answered once, and never used again", 1),
];
