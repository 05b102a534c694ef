// What a failed attempt is and weighs: which row of the two tables of failures it falls under. Pure: knows
// the attempt, the options, and whether its source's probes all leave from one port; nothing of who made it.

import { inPrefixes } from "../../../address.ts";
import type { TargetWeight } from "../../../detector.ts";
import { HOST_CLASSES, HostClass, PORT_CLASSES, PortClass } from "../../../failure_class.ts";
import type { Memory } from "../memory.ts";
import type { ScandogOptions } from "../options.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "../probe/classes.ts";
import { DONT_FRAGMENT, Options, OPTIONS_MASK } from "../probe/form.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { ArpMark, Mark, Outcome } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";

const HTTP = 80;
const HTTPS = 443;

/**
 * True for an attempt that was accepted: its failure is only that nothing was done with it, or that
 * nothing but the answer was seen.
 */
export function isSoft(table: AttemptTable, slot: number): boolean {
  const outcome = table.outcome(slot);
  return outcome === Outcome.Empty ||
    (outcome === Outcome.HalfOpen && table.has(slot, Mark.GentleReset | Mark.ReplyOnly));
}

/**
 * True for a SYN-ACK whose SYN was not seen: anybody can send those to an address that never asked. A RST
 * as well; but those that a flood in its name earns are told by their ports (`excuse/forged_ports.ts`).
 */
function isAnswerAlone(table: AttemptTable, slot: number): boolean {
  return table.outcome(slot) === Outcome.HalfOpen && table.has(slot, Mark.ReplyOnly);
}

/** True for a question that was answered once and never again, which is weighed where many are alike. */
function isAnsweredOnce(table: AttemptTable, slot: number): boolean {
  return classOf(table.key.of(slot)) === TargetClass.Udp && table.outcome(slot) === Outcome.Empty;
}

/** True for a refused SYN without what every kernel's has: don't fragment, and options beside the MSS. */
export function isRawSyn(table: AttemptTable, slot: number): boolean {
  if (classOf(table.key.of(slot)) !== TargetClass.Tcp || table.outcome(slot) !== Outcome.Refused) {
    return false;
  }
  if (table.techniques.of(slot) !== TechniqueBit.Syn || table.has(slot, Mark.ReplyOnly)) {
    return false;
  }
  const form = table.form.of(slot), options = form & OPTIONS_MASK;
  return (form & DONT_FRAGMENT) === 0 && (options === Options.None || options === Options.MssOnly);
}

/** What a failed port weighs by its class; `Target` has a weight of its own. */
export function weightOf(portClass: number, options: ScandogOptions): number {
  const { weighs } = PORT_CLASSES[portClass];
  return weighs === undefined ? 0 : Math.ceil(options[weighs.option] * weighs.share);
}

/** The class of a failed port. `onePort`: its source's probes all leave from one port. */
export function portClassOf(
  table: AttemptTable,
  slot: number,
  exotic: number,
  onePort: boolean,
): number {
  const key = table.key.of(slot);
  const kind = classOf(key);
  if (isHostClass(kind)) return PortClass.None;
  if (isAnsweredOnce(table, slot)) return PortClass.AnsweredOnce;
  // What looks like an answer counts only when the target itself refused it as unasked for.
  const isRefused = table.outcome(slot) === Outcome.Refused && table.has(slot, Mark.Closed);
  if (table.has(slot, Mark.ReplyLike) && (kind !== TargetClass.Udp || !isRefused)) {
    return PortClass.ReplyLike;
  }
  if (isAnswerAlone(table, slot)) return PortClass.ReplyLike;
  if (exotic !== 0) return PortClass.Exotic;
  if (isSoft(table, slot)) return PortClass.Accepted;
  const isFin = (table.techniques.of(slot) & TechniqueBit.Fin) !== 0;
  if (kind === TargetClass.IpProtocol || isFin) return PortClass.FinOrProtocol;
  if (!isPrivileged(portOf(key))) return PortClass.Other;
  const isQuestion = kind === TargetClass.Udp && table.outcome(slot) === Outcome.Silent && !onePort;
  return isQuestion ? PortClass.SilentUdp : PortClass.Privileged;
}

/** The class of a failed host; arguments as of `portClassOf`. */
export function hostClassOf(
  table: AttemptTable,
  slot: number,
  exotic: number,
  onePort: boolean,
): number {
  const key = table.key.of(slot);
  if (isAnsweredOnce(table, slot)) return HostClass.AnsweredOnce;
  if (table.has(slot, Mark.ReplyLike)) {
    // To one port of many hosts: their own clients have ports of all kinds.
    if (isRefusedEnd(table, slot)) return HostClass.RefusedEnd;
    if (!isRefusedQuestion(table, slot)) return HostClass.ReplyLike;
  }
  const isSilent = table.outcome(slot) === Outcome.Silent;
  switch (classOf(key)) {
    case TargetClass.Tcp:
      if (exotic !== 0) return HostClass.Exotic;
      // Each from a port of its own: connections from before the capture, to many hosts, or a tool's.
      if (table.has(slot, Mark.Ambiguous) && !onePort) {
        return isRefusedEnd(table, slot) ? HostClass.RefusedEnd : HostClass.Ambiguous;
      }
      if (isSoft(table, slot)) return HostClass.Accepted;
      if (!table.has(slot, Mark.Stack) || !isCommon(portOf(key))) return HostClass.Failed;
      return table.has(slot, Mark.MaybeAnswered) && isWeb(portOf(key))
        ? HostClass.WebUnseen
        : HostClass.Web;
    case TargetClass.Udp:
      if (!isSilent) return HostClass.Failed;
      return onePort ? HostClass.SilentUdp : HostClass.SilentUdpOfClient;
    case TargetClass.IcmpEcho:
      if (isSoft(table, slot)) return HostClass.AnsweredPing;
      return isSilent ? HostClass.SilentPing : HostClass.Failed;
    case TargetClass.Arp:
      if (table.hasArp(slot, ArpMark.Kernels)) return HostClass.KernelArp;
      return isSilent && table.isArpInOrder(slot) ? HostClass.ArpRow : HostClass.Arp;
    default:
      return HostClass.Failed;
  }
}

/** True for a segment that may end an old connection, of which the target knows nothing. */
export function isRefusedEnd(table: AttemptTable, slot: number): boolean {
  return table.has(slot, Mark.Ambiguous) && table.outcome(slot) === Outcome.Refused;
}

/**
 * True for a datagram between equal ports that was refused, by whomever: who had asked would be there. So
 * that a sweep of NTP from its own port does not pass for answers.
 */
function isRefusedQuestion(table: AttemptTable, slot: number): boolean {
  const key = table.key.of(slot);
  return classOf(key) === TargetClass.Udp && table.outcome(slot) === Outcome.Refused &&
    table.sourcePort.of(slot) === portOf(key);
}

/** What browsers, crawlers and peer-to-peer programs connect to, and fail at, all day. */
export function isCommon(port: number): boolean {
  return isWeb(port) || !isPrivileged(port);
}

export function isWeb(port: number): boolean {
  return port === HTTP || port === HTTPS;
}

/** The user's weight for a target, if there is one. */
export function targetWeightOf(
  weights: readonly TargetWeight[],
  table: AttemptTable,
  slot: number,
): TargetWeight | undefined {
  const port = portOf(table.key.of(slot));
  const at = table.targetAt(slot) * 4;
  return weights.find(({ prefix, ports }) =>
    inPrefixes([prefix], table.bytes, at) &&
    (ports === undefined || (port >= ports.from && port <= ports.to))
  );
}

/** One failed attempt, weighed. One object is filled again and again. */
export class Failure {
  declare slot: number;
  /** Bits of techniques that no TCP sends, which count each on its own; 0: the attempt as such. */
  declare exotic: number;
  /** `PortClass` and `HostClass`. */
  declare portClass: number;
  declare hostClass: number;
  declare weight: number;
  declare points: number;

  /** Fills it with what an attempt weighs; `onePort`: as of `portClassOf`. */
  weigh(
    { table, options }: Pick<Memory, "table" | "options">,
    slot: number,
    exotic: number,
    onePort: boolean,
  ): void {
    this.slot = slot;
    this.exotic = exotic;
    this.portClass = portClassOf(table, slot, exotic, onePort);
    this.hostClass = hostClassOf(table, slot, exotic, onePort);
    this.weight = weightOf(this.portClass, options);
    this.points = HOST_CLASSES[this.hostClass].points;
    const chosen = targetWeightOf(options.weigh, table, slot);
    if (chosen === undefined) return;
    this.portClass = PortClass.Target;
    this.weight = chosen.weight;
    if (chosen.weight === 0) this.points = 0;
  }
}
