// Whether attempts that several sensors saw would be a scan if one sensor had seen them all. Pure: knows what each
// weighs; nothing of who saw it.

import { FULL_POINTS } from "../failure_class.ts";
import type { SCANDOG, Values } from "../params.ts";
import { type Counters, scanIn, shapesOf } from "../detect/scandog/shape/shapes.ts";

/** One failed attempt, as it was weighed. */
export interface Weighed {
  /** Hash of the target's address, and the target's key. */
  host: number;
  key: number;
  weight: number;
  points: number;
}

/** True when they reach a shape. */
export function isScan(attempts: readonly Weighed[], thresholds: Values<typeof SCANDOG>): boolean {
  const hosts = new Map<number, Sums>(), keys = new Map<number, Sums>();
  let weight = 0, points = 0;
  for (const attempt of attempts) {
    add(hosts, attempt.host, attempt);
    add(keys, attempt.key, attempt);
    weight += attempt.weight;
    points += attempt.points;
  }
  const host = most(hosts, "weight"), key = most(keys, "points");
  const counters: Counters = {
    hostWeight: host.weight,
    hostFailed: host.count,
    hostUsed: 0,
    plainWeight: host.weight,
    plainUses: 0,
    portPoints: key.points,
    portFailed: key.count,
    portUsed: 0,
    networkFailed: 0,
    networkUsed: 0,
    siteFailed: 0, // of hosts no more is known than that they are several
    failed: attempts.length,
    used: 0,
    weight,
    points,
    ports: keys.size,
    hosts: hosts.size,
    samePort: 0,
    isDatagram: false,
    width: 0,
  };
  return scanIn(shapesOf(counters, thresholds)) !== undefined;
}

interface Sums {
  weight: number;
  points: number;
  count: number;
}

const NONE: Sums = { weight: 0, points: 0, count: 0 };

function add(sums: Map<number, Sums>, of: number, { weight, points }: Weighed): void {
  const sum = sums.get(of);
  if (sum === undefined) sums.set(of, { weight, points, count: 1 });
  else {
    sum.weight += weight;
    sum.points += points;
    sum.count++;
  }
}

function most(sums: Map<number, Sums>, what: "weight" | "points"): Sums {
  let found = NONE;
  for (const sum of sums.values()) if (sum[what] > found[what]) found = sum;
  return found;
}

/** The least that can be a scan: fewer attempts need not be looked at. */
export function fewestOf({ scanWeight, exoticWeight, sweepHosts }: Values<typeof SCANDOG>): number {
  // The host of a probe that no TCP sends counts twice.
  const hosts = Math.ceil(sweepHosts * FULL_POINTS / (2 * FULL_POINTS));
  return Math.min(Math.ceil(scanWeight / exoticWeight), hosts);
}
