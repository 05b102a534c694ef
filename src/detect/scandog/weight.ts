// What a failed attempt weighs. Knows the table of conversations and the options; nothing of who
// made the attempt. Here stands what is easily harmless, and why.

import { inPrefixes } from "../../address.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "./classes.ts";
import { type Conversations, Mark, Verdict, Word } from "./conversations.ts";
import type { ScandogOptions, TargetRule } from "./options.ts";
import { TechniqueBit } from "./techniques.ts";

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
const HTTPS = 443;
/** What a silent UDP port weighs of a refused one. */
const SILENT_UDP_SHARE = 2 / 3;
/** A UDP flow of so many datagrams is a stream, whether or not it is answered. */
const STREAM_DATAGRAMS = 10;

/** True for an attempt that was accepted: its failure is only that nothing was done with it. */
export function isSoft(table: Conversations, slot: number): boolean {
  const verdict = table.verdict(slot);
  return verdict === Verdict.Empty ||
    (verdict === Verdict.HalfOpen && table.has(slot, Mark.Gentle));
}

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
  const key = table.get(slot, Word.Key);
  const kind = classOf(key);
  if (isHostClass(kind)) return 0;
  // What looks like an answer counts only when the target itself refused it as unasked for.
  const isRefused = table.verdict(slot) === Verdict.Refused && table.has(slot, Mark.Closed);
  if (table.has(slot, Mark.ReplyLike) && (kind !== TargetClass.Udp || !isRefused)) return 0;
  const port = portOf(key);
  const techniques = table.get(slot, Word.Techniques);
  if (exotic !== 0) return options.exoticWeight;
  // Health checks open and close; a scanner's open ports are few among its refused ones.
  if (soft) return options.portWeight;
  if (kind === TargetClass.IpProtocol || (techniques & TechniqueBit.Fin) !== 0) {
    return options.privilegedWeight;
  }
  if (kind === TargetClass.Udp && table.verdict(slot) === Verdict.Silent) {
    // Where only requests are seen, one client of a domain controller asks seven privileged ports,
    // though from a new port each.
    if (isStream(table, slot)) return 0;
    return isPrivileged(port) && !onePort
      ? Math.ceil(options.privilegedWeight * SILENT_UDP_SHARE)
      : weightOf(port, options);
  }
  return weightOf(port, options);
}

function weightOf(port: number, options: ScandogOptions): number {
  return isPrivileged(port) ? options.privilegedWeight : options.portWeight;
}

/** Points towards a sweep of many hosts. `onePort`: its source's probes all leave from one port. */
export function hostPoints(
  table: Conversations,
  slot: number,
  soft: boolean,
  exotic: number,
  onePort: boolean,
): number {
  if (table.has(slot, Mark.ReplyLike)) return 0;
  const key = table.get(slot, Word.Key);
  const silent = table.verdict(slot) === Verdict.Silent;
  switch (classOf(key)) {
    case TargetClass.Tcp:
      if (exotic !== 0) return EXOTIC_POINTS;
      // Connections from before the capture end with FIN, ACK and RST to many hosts; but each
      // comes from a port of its own.
      if (table.has(slot, Mark.Ambiguous) && !onePort) return 0;
      if (soft) return HALF_POINTS;
      return table.has(slot, Mark.Stack) && isCommon(portOf(key)) ? WEB_POINTS : FULL_POINTS;
    case TargetClass.Udp:
      if (isStream(table, slot)) return 0;
      // A client takes a new port for each server; a scanner's socket has one.
      return !silent ? FULL_POINTS : onePort ? HALF_POINTS : LEAST_POINTS;
    case TargetClass.IcmpEcho:
      return soft ? HALF_POINTS : silent ? WEB_POINTS : FULL_POINTS;
    case TargetClass.Arp:
      return table.has(slot, Mark.Gentle) ? KERNEL_POINTS : HALF_POINTS;
    default:
      return FULL_POINTS;
  }
}

/** One-way UDP (video, telemetry), or a service that talks between equal ports (printers, games). */
function isStream(table: Conversations, slot: number): boolean {
  const port = portOf(table.get(slot, Word.Key));
  return table.verdict(slot) === Verdict.Silent &&
    (table.packets(slot) >= STREAM_DATAGRAMS ||
      (table.get(slot, Word.SourcePort) === port && !isPrivileged(port)));
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
  return port === 80 || port === HTTPS || !isPrivileged(port);
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
