// What a subject is charged with, whoever it is: one failure is added here to its counters, they are read for the
// shapes, and what was used after all is given back. Knows subjects, pairs and attempts; nothing of thresholds.

import { Decision } from "../../../decision.ts";
import { HostClass, PORT_CLASSES } from "../../../failure_class.ts";
import { ACCEPTED_PER_USE } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "../probe/classes.ts";
import { type Counters, type Reached, scanIn, shapesOf } from "../shape/shapes.ts";
import { chargeOf, pointsIn, weightIn, withoutPoints } from "../table/attempt_entries.ts";
import { Mark } from "../table/attempt_state.ts";
import { acceptedBy, noteUse, usedAtHost, usedInNetwork, usedOfKey } from "../table/uses.ts";
import { eachFailed } from "../table/attempt_chains.ts";
import type { Failure } from "../weigh/failures.ts";

/** Failed attempts looked through for those at a host that is used: the latest. */
const LOOKED_MAX = 16;
/** Bits of ports, and so many set say nothing but "many". */
const PORT_BITS = 128;
const PORT_BITS_MANY = 120;
/** Distinct ports from the bits they set (linear counting, Whang 1990): of many some share a bit. */
const PORTS_FOR_BITS = Float64Array.from(
  { length: PORT_BITS_MANY },
  (_, bits) => -PORT_BITS * Math.log1p(-bits / PORT_BITS),
);
const NOTHING = { all: 0, ofKey: 0 };
/** Keeps what was used, and what of it was charged all the same, apart. */
const CHARGED_USE = 0x6a95;
/** Bits of a charge: what was charged to the pair with the host, and to that with the port. */
const OF_HOST = 1 << 16;
const OF_PORT = 1 << 17;
/** Nothing harmless fails at it: see `PORT_CLASSES`. */
const PLAIN = 1 << 18;
/** It was used before, once: that counts as no use while it is charged. */
const ONCE = 1 << 19;

/** The pair of the subject and the attempt's host, with all that the subject used there. */
export function hostPair(memory: Memory, slot: number, subject: number): number {
  const { pairs, pairsOf } = memory;
  const host = pairsOf.host(slot, subject);
  pairs.used.raise(host, usedAtHost(memory, slot));
  return host;
}

/**
 * The pair of the subject and the attempt's target key, with all that the subject used of it. What earlier
 * stories of it were charged with all the same is no use.
 */
export function portPair(memory: Memory, slot: number, subject: number): number {
  const { pairs, pairsOf, acquaintances } = memory;
  const port = pairsOf.port(slot, subject);
  const charged = acquaintances.count(chargedUse(memory, slot)) - pairs.once.of(port);
  pairs.used.raise(port, usedOfKey(memory, slot) - Math.max(0, charged));
  return port;
}

/** Hash of a source and a target key: what was answered once, and charged. */
function chargedUse({ hash, table }: Memory, slot: number): number {
  return hash.triple(table.sourceHash(slot), table.key.of(slot), CHARGED_USE);
}

function isArp({ table }: Memory, slot: number): boolean {
  return classOf(table.key.of(slot)) === TargetClass.Arp;
}

/**
 * Charges a failure to a subject, and to the pairs of it with the attempt's host and port; false when the same
 * target was counted before.
 */
export function charge(
  memory: Memory,
  failure: Failure,
  subject: number,
  host: number,
  port: number,
): boolean {
  const { table, subjects, pairs, hash, clock, account } = memory;
  const { slot, weight, points, portClass, hostClass } = failure;
  const key = table.key.of(slot), target = table.targetHash(slot);
  const isNewPort = pairs.note(host, hash.pair(key, failure.exotic));
  const isNewHost = pairs.note(port, target);
  if (!isNewPort && !isNewHost) return false;
  const ofHost = isNewPort ? chargeHost(memory, failure, host) : 0;
  const ofPort = isNewHost ? chargePort(memory, failure, port) : 0;
  if (subjects.failed.of(subject) === 0) subjects.firstMs.set(subject, clock.ms);
  subjects.failed.add(subject, 1);
  subjects.weight.add(subject, weight);
  subjects.lastMs.set(subject, clock.ms);
  // ARP comes before every packet to a neighbour; with its points each would count twice.
  if (!isArp(memory, slot)) subjects.points.add(subject, points);
  subjects.notePort(subject, key & 0x7f ^ (key >>> 7 & 0x7f) ^ (key >>> 14));
  subjects.noteHost(subject, target & 127);
  // Only what a source was charged with is given back when its attempt is used after all.
  if (subjects.width.of(subject) !== 0) return true;
  table.charged.set(slot, chargeOf(weight, points, ofHost | ofPort));
  account?.weighed(slot, isNewPort ? weight : 0, isNewHost ? points : 0, portClass, hostClass);
  return true;
}

/** Charges the pair with a failure's host; the bits of that. */
function chargeHost({ pairs }: Memory, { weight, portClass }: Failure, host: number): number {
  pairs.weight.add(host, weight);
  pairs.failed.add(host, 1);
  if (!PORT_CLASSES[portClass].isPlain) return OF_HOST;
  pairs.addPlainWeight(host, weight);
  return OF_HOST | PLAIN;
}

/** Charges the pair with a failure's port; the bits of that. */
function chargePort(memory: Memory, { slot, points, hostClass }: Failure, port: number): number {
  const { pairs, acquaintances, clock } = memory;
  pairs.points.add(port, points);
  pairs.failed.add(port, 1);
  if (hostClass !== HostClass.AnsweredOnce) return OF_PORT;
  pairs.once.add(port, 1);
  acquaintances.add(chargedUse(memory, slot), clock.ms);
  return OF_PORT | ONCE;
}

/** The shape of a scan that a subject has with its latest failure, if any. `host` and `port`: the pairs of that. */
export function shapeOf(
  memory: Memory,
  slot: number,
  subject: number,
  host: number,
  port: number,
): Reached | undefined {
  const { options, account } = memory;
  const shapes = shapesOf(counters(memory, slot, subject, host, port), options);
  account?.reached(slot, subject, shapes);
  return scanIn(shapes);
}

function counters(
  memory: Memory,
  slot: number,
  subject: number,
  host: number,
  port: number,
): Counters {
  const { table, subjects, pairs, pairsOf, options } = memory;
  const width = subjects.width.of(subject), failed = subjects.failed.of(subject);
  // Fewer failures make no sweep, and need no look at what else there was.
  const isMany = width === 0 && failed >= options.sweepHosts;
  const accepted = isMany ? acceptedBy(memory, slot) : NOTHING;
  return {
    hostWeight: pairs.weight.of(host),
    hostFailed: pairs.failed.of(host),
    hostUsed: pairs.used.of(host),
    plainWeight: pairs.plainWeight(host),
    plainUses: pairs.plainUses(host),
    portPoints: pairs.points.of(port),
    portFailed: pairs.failed.of(port),
    portUsed: pairs.usedStill(port) + Math.floor(accepted.ofKey / ACCEPTED_PER_USE),
    networkFailed: isMany ? pairs.failed.of(pairsOf.network(slot, subject)) : 0,
    networkUsed: isMany ? usedInNetwork(memory, slot) : 0,
    siteFailed: pairs.failed.of(pairsOf.site(slot, subject)),
    failed,
    used: subjects.used.of(subject) + Math.floor(accepted.all / ACCEPTED_PER_USE),
    weight: subjects.weight.of(subject),
    points: subjects.points.of(subject),
    ports: PORTS_FOR_BITS[subjects.portBits(subject)] ?? Infinity,
    hosts: subjects.hostBits(subject),
    samePort: subjects.sameSourcePort.of(subject),
    isDatagram: classOf(table.key.of(slot)) === TargetClass.Udp,
    width,
  };
}

/** An attempt was used: in the subject's favour, and in that of what it failed at on the same host. */
export function credit(memory: Memory, slot: number, subject: number): void {
  const { pairs, table } = memory;
  pairs.used.add(portPair(memory, slot, subject), 1);
  takeBack(memory, slot, subject);
  // That a neighbour is there does not make it one that is used.
  if (isArp(memory, slot)) return;
  const host = hostPair(memory, slot, subject);
  pairs.used.add(host, 1);
  if (isLowPort(table.key.of(slot))) pairs.addPlainUse(host);
  const failed = pairs.failed.of(host);
  if (failed > 0 && pairs.used.of(host) >= failed) forgive(memory, slot, subject);
}

/** Takes back what an attempt was charged with. */
export function takeBack(memory: Memory, slot: number, subject: number): void {
  const { table, subjects, pairs, account, pairsOf } = memory;
  if (!table.has(slot, Mark.Counted)) return;
  const charged = table.charged.of(slot);
  if (charged === 0) return;
  takePoints(memory, slot, subject);
  table.charged.set(slot, 0);
  account?.decided(slot, Decision.TakenBack);
  const weight = weightIn(charged);
  subjects.failed.take(subject, 1);
  subjects.weight.take(subject, weight);
  if ((charged & OF_HOST) === 0) return;
  const host = pairsOf.host(slot, subject);
  pairs.weight.take(host, weight);
  if ((charged & PLAIN) !== 0) pairs.addPlainWeight(host, -weight);
  pairs.failed.take(host, 1);
}

/** The host is used after all: that other ports of it failed does not make it part of a sweep. */
function forgive(memory: Memory, slot: number, subject: number): void {
  eachFailed(memory, subject, LOOKED_MAX, (other) => {
    if (memory.table.sameTarget(other, slot)) takePoints(memory, other, subject);
  });
}

function takePoints(memory: Memory, slot: number, subject: number): void {
  const { table, pairs, subjects, pairsOf } = memory;
  const charged = table.charged.of(slot);
  const points = pointsIn(charged);
  subjects.points.take(subject, points);
  if ((charged & OF_PORT) !== 0) {
    const port = pairsOf.port(slot, subject);
    pairs.points.take(port, points);
    pairs.failed.take(port, 1);
    if ((charged & ONCE) !== 0) {
      pairs.once.add(port, -1);
      noteUse(memory, table.sourceHash(slot), table.key.of(slot));
    }
  }
  table.charged.set(slot, withoutPoints(charged) & ~OF_PORT);
}

/** True for a privileged port. */
function isLowPort(key: number): boolean {
  const kind = classOf(key);
  return !isHostClass(kind) && kind !== TargetClass.IpProtocol && isPrivileged(portOf(key));
}
