// When failed attempts are a scan. Knows the counters of one actor and its pairs, and thresholds.
//
// All rules ask the same two questions: is there enough failure of one shape, and is it not mostly
// success? The shapes: many ports of one host; one port (or a ping) on many hosts; a few ports on
// many hosts; a grid of both. Peer-to-peer programs fail a lot, but at every host on another port:
// that has none of these shapes.

import { Actor, type Actors } from "./actors.ts";
import type { ScandogOptions } from "./options.ts";
import { Pair, type Pairs } from "./pairs.ts";
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
/** Points each failed target of a grid has on average, at least: more than silent UDP of a client. */
const GRID_POINTS = 2;

/** True when the failures outnumber the successes as a scanner's do. */
function isFailing(failed: number, used: number, ratio: number): boolean {
  return failed >= used * ratio;
}

/** Many ports of one host. `host`: the pair of the actor and the host. `factor`: for networks. */
export function isVertical(
  pairs: Pairs,
  host: number,
  factor: number,
  options: ScandogOptions,
): boolean {
  return pairs.get(host, Pair.Weight) >= options.scanWeight * factor &&
    isFailing(pairs.get(host, Pair.Failed), pairs.get(host, Pair.Used), options.failureRatio);
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
  return pairs.get(port, Pair.Points) >= options.sweepHosts * FULL_POINTS * factor &&
    isFailing(pairs.get(port, Pair.Failed), pairs.get(port, Pair.Used), options.failureRatio) &&
    (!isScattered(actors, actor) || isRaw(actors, actor, isDatagram));
}

/** Every target another host and another port: peer-to-peer. */
function isScattered(actors: Actors, actor: number): boolean {
  return 2 * portsOf(actors, actor) > actors.get(actor, Actor.Failed);
}

/**
 * Distinct ports that failed, from the bits they set (linear counting): of many some share a bit.
 * Infinite where nearly all are set.
 */
function portsOf(actors: Actors, actor: number): number {
  return PORTS_FOR_BITS[actors.bits(actor, Actor.PortBits)];
}

/**
 * True for what one raw socket sends out. One port for many peers is how every program speaks UDP,
 * and peer-to-peer programs do so to hundreds that are gone.
 */
function isRaw(actors: Actors, actor: number, isDatagram: boolean): boolean {
  return !isDatagram && actors.get(actor, Actor.SameSourcePort) >= ONE_PORT_PROOF;
}

/** A few ports on many hosts, a grid, or anything at all that one raw socket sent out. */
export function isBlock(
  actors: Actors,
  actor: number,
  isDatagram: boolean,
  factor: number,
  options: ScandogOptions,
): boolean {
  const failed = actors.get(actor, Actor.Failed);
  if (failed < options.sweepHosts) return false;
  if (!isFailing(failed, actors.get(actor, Actor.Used), options.failureRatio)) return false;
  const ports = portsOf(actors, actor);
  const hosts = actors.bits(actor, Actor.HostBits);
  if (hosts < 2 || ports < 2) return false; // the other rules' business
  const points = actors.get(actor, Actor.Points);
  const few = 3 * ports <= failed && hosts >= options.sweepHosts &&
    points >= options.sweepHosts * FULL_POINTS * factor;
  const grid = ports >= 3 && hosts >= 3 && failed >= options.blockTargets * factor &&
    ports * hosts <= 2 * failed &&
    points >= GRID_POINTS * failed;
  const raw = isRaw(actors, actor, isDatagram) &&
    actors.get(actor, Actor.Weight) >= options.scanWeight * factor;
  return few || grid || raw;
}
