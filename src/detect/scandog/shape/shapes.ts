// When failed attempts are a scan: counters in, thresholds out. Pure; knows no table and no packet.
//
// All shapes ask the same two questions: is there enough failure of one kind, and is it not mostly
// success? Many ports of one host; one port (or a ping) on many hosts; a few ports on many hosts; a grid
// of both; anything at all from one raw socket. Peer-to-peer programs fail a lot, but at every host on
// another port: that has none of these shapes.

import { FULL_POINTS } from "../../../failure_class.ts";
import type { SCANDOG, Values } from "../../../params.ts";
import {
  FAILURES_PER_USE,
  GRID_POINTS,
  ONE_PORT_PROOF,
  PEERS_PER_SITE,
  PEERS_PORT_SHARE,
  SITE_FACTOR,
} from "../limits.ts";
import { Width } from "../table/network_prefix.ts";

/** The numbers that users may tune. */
type Thresholds = Values<typeof SCANDOG>;

/** What a scan was found by. */
export const ShapeCode = {
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

/** Why enough is no scan. */
export const Held = { No: 0, Successes: 1, Shape: 2 } as const;

/** What one subject has done: to the host and with the port of its latest failure, and in all. */
export interface Counters {
  /** Ports of the one host: what failed and what was used, and of those what nothing harmless fails at. */
  hostWeight: number;
  hostFailed: number;
  hostUsed: number;
  plainWeight: number;
  plainUses: number;
  /** Hosts of the one port. */
  portPoints: number;
  portFailed: number;
  portUsed: number;
  /** Of these, those of the one network (IPv4 /24, IPv6 /64). */
  networkFailed: number;
  networkUsed: number;
  /** Hosts of the one site (IPv6 /48, IPv4 /24) that failed. */
  siteFailed: number;
  /** All targets. */
  failed: number;
  used: number;
  weight: number;
  points: number;
  /** Distinct ports and hosts that failed; Infinity: more than can be counted. */
  ports: number;
  hosts: number;
  /** Failed attempts in a row that came from one source port; and whether the latest was a datagram: see `isRaw`. */
  samePort: number;
  isDatagram: boolean;
  /** `Width` where it is a network; 0: a single source. */
  width: number;
}

/** How near a subject is to one shape. */
export interface Reached {
  /** `ShapeCode`. */
  shape: number;
  /** Weight, points, or (grid) targets. */
  reached: number;
  enough: number;
  /** `Held`: enough was reached, and it is no scan all the same. */
  held: number;
  /** What failed and what was used, where successes hold it. */
  failed: number;
  used: number;
}

/**
 * How many times what one source needs a network needs: its hosts may fail independently. 1 for a single
 * source.
 */
export function factorOf(width: number, options: Thresholds): number {
  if (width === 0) return 1;
  return width === Width.Site ? options.networkFactor * SITE_FACTOR : options.networkFactor;
}

/** Weight on one host that is enough; `factor`: for networks. */
export function enoughWeight(factor: number, options: Thresholds): number {
  return options.scanWeight * factor;
}

/** Points on one port that are enough. */
export function enoughPoints(factor: number, options: Thresholds): number {
  return options.sweepHosts * FULL_POINTS * factor;
}

/** True when the failures outnumber the successes as a scanner's do. */
export function isFailing(failed: number, used: number, ratio: number): boolean {
  return failed >= used * ratio;
}

/**
 * True for what one raw socket sends out. One port for many peers is how every program speaks UDP,
 * and peer-to-peer programs do so to hundreds that are gone.
 */
function isRaw({ samePort, isDatagram }: Counters): boolean {
  return samePort >= ONE_PORT_PROOF && !isDatagram;
}

/**
 * Every target another host and another port, and not from one socket: peer-to-peer. But a port that
 * stands out is swept: a scanner may knock at others as well, or have done so before.
 */
function isScattered(c: Counters): boolean {
  return 2 * c.ports > c.failed && c.portFailed * PEERS_PORT_SHARE < c.failed && !isRaw(c);
}

/** Every shape that the targets have, with how near each is, in the order in which they are asked. */
export function shapesOf(c: Counters, options: Thresholds): Reached[] {
  const factor = factorOf(c.width, options);
  const found = [onOneHost(c, factor, options), onOnePort(c, factor, options)];
  // What several sources of a network do to several hosts and ports may be ordinary.
  if (c.width !== 0 || c.hosts < 2 || c.ports < 2) return found;
  if (3 * c.ports <= c.failed) found.push(fewPorts(c, options));
  if (c.ports >= 3 && c.hosts >= 3) found.push(grid(c, options));
  if (isRaw(c)) {
    found.push(onMany(c, options, ShapeCode.Socket, c.weight, enoughWeight(1, options), true));
  }
  return found;
}

/** The first shape that is reached and not held; undefined: no scan. */
export function scanIn(shapes: readonly Reached[]): Reached | undefined {
  return shapes.find(({ reached, enough, held }) => reached >= enough && held === Held.No);
}

function onOneHost(c: Counters, factor: number, options: Thresholds): Reached {
  const enough = enoughWeight(factor, options);
  const { failureRatio, privilegedWeight } = options;
  const isScan = isFailing(c.hostFailed, c.hostUsed, failureRatio) ||
    // Who fetches many files by FTP uses many high ports; they say nothing of the low ones.
    (c.plainWeight >= enough &&
      isFailing(c.plainWeight / privilegedWeight, c.plainUses, failureRatio));
  const held = c.hostWeight >= enough && !isScan ? Held.Successes : Held.No;
  const { hostWeight: reached, hostFailed: failed, hostUsed: used } = c;
  return { shape: ShapeCode.Ports, reached, enough, held, failed, used };
}

function onOnePort(c: Counters, factor: number, options: Thresholds): Reached {
  const enough = enoughPoints(factor, options);
  const held = c.portPoints < enough
    ? Held.No
    : !isFailing(c.portFailed, c.portUsed, options.failureRatio) && !isInOneNetwork(c, options)
    ? Held.Successes
    : isScattered(c)
    ? Held.Shape
    : Held.No;
  const { portPoints: reached, portFailed: failed, portUsed: used } = c;
  return { shape: ShapeCode.Hosts, reached, enough, held, failed, used };
}

/** True where one network fails as a scanner's targets do: what the port's servers elsewhere do says nothing of it. */
function isInOneNetwork(c: Counters, { failureRatio }: Thresholds): boolean {
  return c.networkFailed >= PEERS_PER_SITE &&
    isFailing(c.networkFailed, c.networkUsed, failureRatio);
}

function fewPorts(c: Counters, options: Thresholds): Reached {
  const isMany = c.hosts >= options.sweepHosts;
  return onMany(c, options, ShapeCode.FewPorts, c.points, enoughPoints(1, options), isMany);
}

function grid(c: Counters, options: Thresholds): Reached {
  const isDense = c.ports * c.hosts <= 2 * c.failed || isOfServices(c, options) ||
    isOfOneSite(c, options);
  const isGrid = isDense && c.points >= GRID_POINTS * c.failed;
  return onMany(c, options, ShapeCode.Grid, c.failed, options.blockTargets, isGrid);
}

/** True for one port after the other, most of them below 1024: wherever each peer listens, there it does not. */
function isOfServices(c: Counters, options: Thresholds): boolean {
  return 2 * c.ports > c.failed && 2 * c.weight > options.privilegedWeight * c.failed;
}

/** True for hosts that are mostly of one site, whatever their ports: peers live elsewhere, too, and some are there. */
function isOfOneSite(c: Counters, options: Thresholds): boolean {
  return c.siteFailed >= options.blockTargets && 2 * c.siteFailed > c.failed &&
    c.used * FAILURES_PER_USE <= c.failed;
}

/** A shape of several hosts and several ports; `hasShape`: what it alone asks for. */
function onMany(
  c: Counters,
  options: Thresholds,
  shape: number,
  reached: number,
  enough: number,
  hasShape: boolean,
): Reached {
  const fails = isFailing(c.failed, c.used, options.failureRatio);
  const isScan = fails && hasShape && c.failed >= options.sweepHosts;
  const held = reached < enough || isScan ? Held.No : fails ? Held.Shape : Held.Successes;
  return { shape, reached, enough, held, failed: c.failed, used: c.used };
}
