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

/** Each row is at the place of its code. */
export const PORT_CLASSES: readonly PortClassRow[] = [
  { code: P.None, name: "none", words: "no port", isPlain: false },
  { code: P.ReplyLike, name: "reply-like", words: "looks like an answer", isPlain: false },
  {
    code: P.Exotic,
    name: "exotic",
    words: "probe that no TCP sends",
    weighs: { option: "exoticWeight", share: 1 },
    isPlain: true,
  },
  // Health checks open and close; a scanner's open ports are few among its refused ones.
  {
    code: P.Accepted,
    name: "accepted",
    words: "accepted, then nothing said",
    weighs: { option: "portWeight", share: 1 },
    isPlain: false,
  },
  {
    code: P.FinOrProtocol,
    name: "fin-or-protocol",
    words: "FIN probe or IP protocol",
    weighs: { option: "privilegedWeight", share: 1 },
    isPlain: true,
  },
  // Where only requests are seen, one client of a domain controller asks seven privileged ports.
  {
    code: P.SilentUdp,
    name: "silent-udp",
    words: "silent UDP port below 1024",
    weighs: { option: "privilegedWeight", share: 2 / 3 },
    isPlain: false,
  },
  {
    code: P.Privileged,
    name: "privileged",
    words: "port below 1024",
    weighs: { option: "privilegedWeight", share: 1 },
    isPlain: true,
  },
  {
    code: P.Other,
    name: "other",
    words: "port from 1024 on",
    weighs: { option: "portWeight", share: 1 },
    isPlain: false,
  },
  {
    code: P.Unasked,
    name: "unasked",
    words: "one of several answers that nobody asked for",
    weighs: { option: "portWeight", share: 1 },
    isPlain: false,
  },
  { code: P.Target, name: "target", words: "rule for this target (--weigh)", isPlain: false },
  // No kernel asks two ports of a host from one port, nor with such a SYN.
  {
    code: P.RawSocket,
    name: "raw-socket",
    words: "refused SYN of a raw socket",
    weighs: { option: "privilegedWeight", share: 1 },
    isPlain: true,
  },
  // A few ports of one host that answer are a client's.
  {
    code: P.AnsweredOnce,
    name: "answered-once",
    words: "answered once, and never used again",
    isPlain: false,
  },
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

/** Each row is at the place of its code. */
export const HOST_CLASSES: readonly HostClassRow[] = [
  { code: H.ReplyLike, name: "reply-like", words: "looks like an answer", points: 0 },
  { code: H.Exotic, name: "exotic", words: "probe that no TCP sends", points: 2 * FULL_POINTS },
  // Connections from before the capture end with FIN, ACK and RST to many hosts.
  { code: H.Ambiguous, name: "ambiguous", words: "may end an old connection", points: 0 },
  { code: H.Accepted, name: "accepted", words: "accepted, then nothing said", points: 3 },
  // Browsers and crawlers fail at these as well.
  { code: H.Web, name: "web", words: "as clients fail too", points: 4 },
  { code: H.Failed, name: "failed", words: "failed plainly", points: FULL_POINTS },
  { code: H.SilentUdp, name: "silent-udp", words: "silent UDP", points: 3 },
  // A client takes a new port for each server; a scanner's socket has one.
  {
    code: H.SilentUdpOfClient,
    name: "silent-udp-of-client",
    words: "silent UDP from a new port each",
    points: 1,
  },
  { code: H.AnsweredPing, name: "answered-ping", words: "answered ping", points: 3 },
  { code: H.SilentPing, name: "silent-ping", words: "silent ping", points: 4 },
  // Somebody on this host tries dead neighbours, by whatever means.
  { code: H.KernelArp, name: "kernel-arp", words: "ARP of a kernel", points: 2 },
  { code: H.Arp, name: "arp", words: "ARP", points: 3 },
  {
    code: H.Spread,
    name: "spread",
    words: "first failure in its network of what clients do everywhere",
    points: 0,
  },
  {
    code: H.UsedHost,
    name: "used-host",
    words: "a host that the source uses otherwise",
    points: 0,
  },
  {
    code: H.ArpRow,
    name: "arp-row",
    words: "ARP for one address after the other",
    points: FULL_POINTS,
  },
  // It may have answered.
  {
    code: H.WebUnseen,
    name: "web-unseen",
    words: "a web server, but nothing of TCP except SYNs is seen",
    points: 1,
  },
  // The target knows of no such connection; a client's old ones end at servers that have no network in common.
  {
    code: H.RefusedEnd,
    name: "refused-end",
    words: "may end an old connection, but was refused",
    points: 3,
  },
  // Many of them are a sweep, a few are what any program does once.
  {
    code: H.AnsweredOnce,
    name: "answered-once",
    words: "answered once, and never used again",
    points: 1,
  },
];
