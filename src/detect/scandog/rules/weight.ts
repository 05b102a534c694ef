// What a failed attempt weighs. Knows the table of conversations and the options; nothing of who
// made the attempt. Here stands what is easily harmless, and why.

import { inPrefixes } from "../../../address.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "../probe/classes.ts";
import { type Conversations, Mark, Verdict, Word } from "../table/conversations.ts";
import type { ScandogOptions, TargetRule } from "../options.ts";
import { TechniqueBit } from "../probe/techniques.ts";

/** Horizontal points of one host whose failure means what it seems to mean. */
export const FULL_POINTS = 6;
const HALF_POINTS = FULL_POINTS / 2;
/** Two thirds: what browsers and crawlers fail at as well. */
const WEB_POINTS = 4;
/** A kernel's own ARP: somebody on this host tries dead neighbours, by whatever means. */
const KERNEL_POINTS = 2;
const LEAST_POINTS = 1;
const EXOTIC_POINTS = 2 * FULL_POINTS;
const DOMAIN = 53;
const HTTP = 80;
const HTTPS = 443;
/** What a silent UDP port weighs of a refused one. */
const SILENT_UDP_SHARE = 2 / 3;

/**
 * True for an attempt that was accepted: its failure is only that nothing was done with it, or that
 * nothing but the answer was seen.
 */
export function isSoft(table: Conversations, slot: number): boolean {
  const verdict = table.verdict(slot);
  return verdict === Verdict.Empty ||
    (verdict === Verdict.HalfOpen && table.has(slot, Mark.Gentle | Mark.ReplyOnly));
}

/** Which rule says what a failed port weighs. */
export const PortRule = {
  /** The target is a host, not a port. */
  None: 0,
  /** Like an answer, or like a connection from before the capture. */
  ReplyLike: 1,
  Exotic: 2,
  Accepted: 3,
  /** A FIN probe or an IP protocol: nothing harmless fails on many of them. */
  FinOrProtocol: 4,
  SilentUdp: 5,
  Privileged: 6,
  Other: 7,
  /** Looks like an answer, but several such answers of its source were refused. */
  Unasked: 8,
  /** The user's rule for this target. */
  Target: 9,
} as const;

/** Which rule says how many points a failed host has. */
export const HostRule = {
  ReplyLike: 0,
  Exotic: 1,
  /** Begun by a packet that ends ordinary connections as well. */
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
  /** The first failure in its network of what clients do everywhere: no points. */
  Spread: 12,
  /** A host that its source uses otherwise: no points. */
  UsedHost: 13,
  /** One of the addresses that its asker goes through in order. */
  ArpRow: 14,
  /** A web server, where nothing of TCP but SYNs was seen: it may have answered. */
  WebUnseen: 15,
} as const;

/** Points of each `HostRule`. */
const POINTS: readonly number[] = [
  0,
  EXOTIC_POINTS,
  0,
  HALF_POINTS,
  WEB_POINTS,
  FULL_POINTS,
  HALF_POINTS,
  LEAST_POINTS,
  HALF_POINTS,
  WEB_POINTS,
  KERNEL_POINTS,
  HALF_POINTS,
  0,
  0,
  FULL_POINTS,
  LEAST_POINTS,
];

/**
 * Weight towards a scan of many ports. `soft`: as `isSoft`; `exotic`: bits of such techniques;
 * `onePort`: its source's probes all leave from one port.
 */
export function portWeight(
  table: Conversations,
  slot: number,
  soft: boolean,
  exotic: number,
  onePort: boolean,
  options: ScandogOptions,
): number {
  return weightOf(portRule(table, slot, soft, exotic, onePort), options);
}

/** What a port weighs by one of `PortRule`; `Target` has a weight of its own. */
export function weightOf(rule: number, options: ScandogOptions): number {
  switch (rule) {
    case PortRule.None:
    case PortRule.ReplyLike:
      return 0;
    case PortRule.Exotic:
      return options.exoticWeight;
    case PortRule.FinOrProtocol:
    case PortRule.Privileged:
      return options.privilegedWeight;
    case PortRule.SilentUdp:
      return Math.ceil(options.privilegedWeight * SILENT_UDP_SHARE);
    default:
      return options.portWeight;
  }
}

/** The rule for a failed port; arguments as of `portWeight`. */
export function portRule(
  table: Conversations,
  slot: number,
  soft: boolean,
  exotic: number,
  onePort: boolean,
): number {
  const key = table.get(slot, Word.Key);
  const kind = classOf(key);
  if (isHostClass(kind)) return PortRule.None;
  // What looks like an answer counts only when the target itself refused it as unasked for.
  const isRefused = table.verdict(slot) === Verdict.Refused && table.has(slot, Mark.Closed);
  if (table.has(slot, Mark.ReplyLike) && (kind !== TargetClass.Udp || !isRefused)) {
    return PortRule.ReplyLike;
  }
  // A kernel sent it (it has a timestamp), each from a port of its own: of connections from before the
  // capture, that are kept alive, closed, or reset because the other end was restarted.
  if (table.has(slot, Mark.Ambiguous) && table.has(slot, Mark.Stack) && !onePort) {
    return PortRule.ReplyLike;
  }
  const techniques = table.get(slot, Word.Techniques);
  if (exotic !== 0) return PortRule.Exotic;
  // Health checks open and close; a scanner's open ports are few among its refused ones.
  if (soft) return PortRule.Accepted;
  if (kind === TargetClass.IpProtocol || (techniques & TechniqueBit.Fin) !== 0) {
    return PortRule.FinOrProtocol;
  }
  const isLow = isPrivileged(portOf(key));
  // Where only requests are seen, one client of a domain controller asks seven privileged ports,
  // though from a new port each.
  const isQuestion = kind === TargetClass.Udp && table.verdict(slot) === Verdict.Silent && !onePort;
  if (isLow && isQuestion) return PortRule.SilentUdp;
  return isLow ? PortRule.Privileged : PortRule.Other;
}

/**
 * True for a rule of what nothing harmless fails at. Uses of high ports do not excuse it: each file that a
 * client fetches by FTP is one.
 */
export function isPlain(rule: number): boolean {
  return rule === PortRule.Privileged || rule === PortRule.Exotic ||
    rule === PortRule.FinOrProtocol;
}

/** Points towards a sweep of many hosts. `onePort`: its source's probes all leave from one port. */
export function hostPoints(
  table: Conversations,
  slot: number,
  soft: boolean,
  exotic: number,
  onePort: boolean,
): number {
  return pointsOf(hostRule(table, slot, soft, exotic, onePort));
}

/** Points of a host by one of `HostRule`. */
export function pointsOf(rule: number): number {
  return POINTS[rule];
}

/**
 * True for a datagram between equal ports that was refused, by whomever: who had asked would be there. So
 * that a sweep of NTP from its own port does not pass for answers.
 */
function isRefusedQuestion(table: Conversations, slot: number): boolean {
  const key = table.get(slot, Word.Key);
  return classOf(key) === TargetClass.Udp && table.verdict(slot) === Verdict.Refused &&
    table.get(slot, Word.SourcePort) === portOf(key);
}

/** The rule for a failed host; arguments as of `hostPoints`. */
export function hostRule(
  table: Conversations,
  slot: number,
  soft: boolean,
  exotic: number,
  onePort: boolean,
): number {
  const key = table.get(slot, Word.Key);
  if (table.has(slot, Mark.ReplyLike) && !isRefusedQuestion(table, slot)) return HostRule.ReplyLike;
  const silent = table.verdict(slot) === Verdict.Silent;
  switch (classOf(key)) {
    case TargetClass.Tcp:
      if (exotic !== 0) return HostRule.Exotic;
      // Connections from before the capture end with FIN, ACK and RST to many hosts; but each
      // comes from a port of its own.
      if (table.has(slot, Mark.Ambiguous) && !onePort) return HostRule.Ambiguous;
      if (soft) return HostRule.Accepted;
      if (!table.has(slot, Mark.Stack) || !isCommon(portOf(key))) return HostRule.Failed;
      return table.has(slot, Mark.Unseen) && isWeb(portOf(key)) ? HostRule.WebUnseen : HostRule.Web;
    case TargetClass.Udp:
      // A client takes a new port for each server; a scanner's socket has one.
      if (!silent) return HostRule.Failed;
      return onePort ? HostRule.SilentUdp : HostRule.SilentUdpOfClient;
    case TargetClass.IcmpEcho:
      return soft ? HostRule.AnsweredPing : silent ? HostRule.SilentPing : HostRule.Failed;
    case TargetClass.Arp:
      if (table.has(slot, Mark.Gentle)) return HostRule.KernelArp;
      return silent && isRow(table, slot) ? HostRule.ArpRow : HostRule.Arp;
    default:
      return HostRule.Failed;
  }
}

/**
 * True for a request of one who goes through a network by ARP. A kernel asks three times, and at either end
 * of a capture only one may be seen; but that is not answered, and not repeated at a tool's pace.
 */
export function isRow(table: Conversations, slot: number): boolean {
  return table.has(slot, Mark.Row) &&
    (!table.has(slot, Mark.Early) || table.has(slot, Mark.Ambiguous | Mark.Replied));
}

/**
 * True for a segment that is numbered like its source's last one to another port: a tool's, however
 * much its ports look like those of an answer. No two connections have the same numbers.
 */
export function isCopied(table: Conversations, slot: number): boolean {
  const last = table.get(slot, Word.Link) - 1;
  return last >= 0 && table.has(slot, Mark.Ambiguous) && table.has(last, Mark.Ambiguous) &&
    table.sameInitiator(slot, last) &&
    table.get(slot, Word.Acknowledgement) !== 0 &&
    table.get(slot, Word.Acknowledgement) === table.get(last, Word.Acknowledgement) &&
    table.get(slot, Word.Sequence) === table.get(last, Word.Sequence);
}

/** True for what a client's own stack and programs send: whole TCP connections, and datagrams. */
export function isClients(table: Conversations, slot: number): boolean {
  const kind = classOf(table.get(slot, Word.Key));
  return kind === TargetClass.Udp || (kind === TargetClass.Tcp && table.has(slot, Mark.Stack));
}

/**
 * True for services that one client uses at hundreds of places: the web over TCP and UDP, names,
 * peers, and what talks between equal ports. `onePort`: its attempts all leave from one port.
 */
export function isEverywhere(table: Conversations, slot: number, onePort: boolean): boolean {
  const port = portOf(table.get(slot, Word.Key));
  const isTcp = classOf(table.get(slot, Word.Key)) === TargetClass.Tcp;
  if (!isTcp && table.get(slot, Word.SourcePort) === port) return true;
  if (onePort) return false;
  return isTcp ? isCommon(port) : port === HTTPS || port === DOMAIN;
}

/** What browsers, crawlers and peer-to-peer programs connect to, and fail at, all day. */
function isCommon(port: number): boolean {
  return isWeb(port) || !isPrivileged(port);
}

function isWeb(port: number): boolean {
  return port === HTTP || port === HTTPS;
}

/** True for what passive FTP and its kin connect to. */
export function isDataPort(key: number): boolean {
  return classOf(key) === TargetClass.Tcp && (!isPrivileged(portOf(key)));
}

/** The rule of a target, if one applies. */
export function ruleFor(
  rules: readonly TargetRule[],
  table: Conversations,
  slot: number,
): TargetRule | undefined {
  if (rules.length === 0) return undefined;
  const port = portOf(table.get(slot, Word.Key));
  const at = table.addressAt(slot, Word.Responder) * 4;
  return rules.find(({ prefix, ports }) =>
    (prefix === undefined || inPrefixes([prefix], table.bytes, at)) &&
    (ports === undefined || (port >= ports.from && port <= ports.to))
  );
}
