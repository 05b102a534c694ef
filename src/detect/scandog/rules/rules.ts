// When failed attempts are a scan. Knows the counters of one actor and its pairs, and thresholds.
//
// All rules ask the same two questions: is there enough failure of one shape, and is it not mostly
// success? The shapes: many ports of one host; one port (or a ping) on many hosts; a few ports on
// many hosts; a grid of both. Peer-to-peer programs fail a lot, but at every host on another port:
// that has none of these shapes.

import { Actor, type Actors } from "../table/actors.ts";
import type { ScandogOptions } from "../options.ts";
import { Width } from "../table/network_prefix.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import { FULL_POINTS } from "./weight.ts";

/** Failed TCP attempts in a row from one source port that only a tool makes. */
export const ONE_PORT_RUN = 4;
const ONE_PORT_PROOF = 12;
/** Bits of ports, and of those so many set say nothing but "many". */
const PORT_BITS = 128;
const PORT_BITS_MAX = 120;
const PORTS_FOR_BITS = Float64Array.from(
  { length: PORT_BITS + 1 },
  (_, bits) => bits >= PORT_BITS_MAX ? Infinity : -PORT_BITS * Math.log1p(-bits / PORT_BITS),
);
/** Of peers that are gone, fewer than one in so many had the port that peers like best. */
const PEERS_PORT_SHARE = 4;
/** A site's hosts are many more than a link's, so it needs more than a link does. */
const SITE_FACTOR = 1.5;
/** Points each failed target of a grid has on average, at least: more than silent UDP of a client. */
const GRID_POINTS = 2;

/** What a scan was found by. */
export const Rule = {
  None: 0,
  /** Many ports of one host. */
  Ports: 1,
  /** One port, or a ping, on many hosts. */
  Hosts: 2,
  /** A few ports on many hosts. */
  FewPorts: 3,
  /** A grid of ports and hosts. */
  Grid: 4,
  /** Anything at all that one raw socket sent out. */
  Socket: 5,
  /** The sources of one network, each with one attempt. */
  Network: 6,
  /** Sources that look alike, at the ports of one host. */
  GroupPorts: 7,
  /** Sources that look alike, at one port of the hosts of one network. */
  GroupHosts: 8,
} as const;

/**
 * How many times what one source needs a network needs: its hosts may fail independently. 1 for a single
 * source; `width`: its `Width`.
 */
export function factorOf(width: number, options: ScandogOptions): number {
  if (width === 0) return 1;
  return width === Width.Site ? options.networkFactor * SITE_FACTOR : options.networkFactor;
}

/** Weight on one host that is enough; `factor`: for networks. */
export function enoughWeight(factor: number, options: ScandogOptions): number {
  return options.scanWeight * factor;
}

/** Points on one port that are enough. */
export function enoughPoints(factor: number, options: ScandogOptions): number {
  return options.sweepHosts * FULL_POINTS * factor;
}

/**
 * The rule that finds a scan in what an actor did, or `Rule.None`. `isDatagram`: the latest attempt
 * was UDP.
 */
export function ruleOf(
  actors: Actors,
  actor: number,
  pairs: Pairs,
  host: number,
  port: number,
  isDatagram: boolean,
  options: ScandogOptions,
): number {
  if (isVertical(pairs, host, 1, options)) return Rule.Ports;
  if (isHorizontal(actors, actor, pairs, port, isDatagram, 1, options)) return Rule.Hosts;
  if (!isBlock(actors, actor, options)) return Rule.None;
  if (isFewPorts(actors, actor, options)) return Rule.FewPorts;
  if (isGrid(actors, actor, options)) return Rule.Grid;
  return isSocket(actors, actor, isDatagram, options) ? Rule.Socket : Rule.None;
}

/** True when the failures outnumber the successes as a scanner's do. */
export function isFailing(failed: number, used: number, ratio: number): boolean {
  return failed >= used * ratio;
}

/** Many ports of one host. `host`: the pair of the actor and the host. `factor`: for networks. */
export function isVertical(
  pairs: Pairs,
  host: number,
  factor: number,
  options: ScandogOptions,
): boolean {
  const enough = enoughWeight(factor, options);
  if (pairs.get(host, Pair.Weight) < enough) return false;
  const { failureRatio } = options;
  if (isFailing(pairs.get(host, Pair.Failed), pairs.get(host, Pair.Used), failureRatio)) {
    return true;
  }
  // Who fetches many files by FTP uses many high ports; they say nothing of the low ones.
  const plain = pairs.plainWeight(host);
  const failed = plain / options.privilegedWeight;
  return plain >= enough && isFailing(failed, pairs.plainUses(host), failureRatio);
}

/**
 * One port on many hosts. `port`: the pair of the actor and the target key; `isDatagram`: the latest
 * attempt was UDP.
 */
export function isHorizontal(
  actors: Actors,
  actor: number,
  pairs: Pairs,
  port: number,
  isDatagram: boolean,
  factor: number,
  options: ScandogOptions,
): boolean {
  return pairs.get(port, Pair.Points) >= enoughPoints(factor, options) &&
    isFailing(pairs.get(port, Pair.Failed), pairs.get(port, Pair.Used), options.failureRatio) &&
    !isScattered(actors, actor, pairs, port, isDatagram);
}

/**
 * Every target another host and another port, and not from one socket: peer-to-peer. But a port that
 * stands out is swept: a scanner may knock at others as well, or have done so before.
 */
export function isScattered(
  actors: Actors,
  actor: number,
  pairs: Pairs,
  port: number,
  isDatagram: boolean,
): boolean {
  const failed = actors.get(actor, Actor.Failed);
  return 2 * portsOf(actors, actor) > failed &&
    pairs.get(port, Pair.Failed) * PEERS_PORT_SHARE < failed &&
    !isRaw(actors, actor, isDatagram);
}

/**
 * Distinct ports that failed, from the bits they set (linear counting): of many some share a bit.
 * Infinite where nearly all are set.
 */
export function portsOf(actors: Actors, actor: number): number {
  return PORTS_FOR_BITS[actors.bits(actor, Actor.PortBits)];
}

/**
 * True for what one raw socket sends out. One port for many peers is how every program speaks UDP,
 * and peer-to-peer programs do so to hundreds that are gone.
 */
export function isRaw(actors: Actors, actor: number, isDatagram: boolean): boolean {
  return !isDatagram && actors.get(actor, Actor.SameSourcePort) >= ONE_PORT_PROOF;
}

/** What the three rules after this one have in common: several hosts, several ports, failing. */
export function isBlock(actors: Actors, actor: number, options: ScandogOptions): boolean {
  const failed = actors.get(actor, Actor.Failed);
  return failed >= options.sweepHosts &&
    isFailing(failed, actors.get(actor, Actor.Used), options.failureRatio) &&
    // Else it is the other rules' business.
    actors.bits(actor, Actor.HostBits) >= 2 && portsOf(actors, actor) >= 2;
}

/** A few ports on many hosts. */
export function isFewPorts(actors: Actors, actor: number, options: ScandogOptions): boolean {
  return 3 * portsOf(actors, actor) <= actors.get(actor, Actor.Failed) &&
    actors.bits(actor, Actor.HostBits) >= options.sweepHosts &&
    actors.get(actor, Actor.Points) >= enoughPoints(1, options);
}

/** A grid of ports and hosts. */
export function isGrid(actors: Actors, actor: number, options: ScandogOptions): boolean {
  const failed = actors.get(actor, Actor.Failed);
  const ports = portsOf(actors, actor);
  const hosts = actors.bits(actor, Actor.HostBits);
  return ports >= 3 && hosts >= 3 && failed >= options.blockTargets &&
    ports * hosts <= 2 * failed &&
    actors.get(actor, Actor.Points) >= GRID_POINTS * failed;
}

/** Anything at all that one raw socket sent out. */
export function isSocket(
  actors: Actors,
  actor: number,
  isDatagram: boolean,
  options: ScandogOptions,
): boolean {
  return isRaw(actors, actor, isDatagram) &&
    actors.get(actor, Actor.Weight) >= enoughWeight(1, options);
}
