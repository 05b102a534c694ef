// What attempts were charged with, and how it is given back. Knows subjects, pairs and attempts; nothing of
// shapes.

import { Decision } from "../../../decision.ts";
import { HostClass } from "../../../failure_class.ts";
import type { Memory } from "../memory.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "../probe/classes.ts";
import { chargeOf, pointsIn, weightIn, withoutPoints } from "../table/attempt_entries.ts";
import { Mark } from "../table/attempt_state.ts";
import { noteUse, usedAtHost, usedOfKey } from "../table/uses.ts";
import { eachFailed } from "../table/failed_chain.ts";
import { type Failure, isPlain } from "../weigh/failures.ts";

/** Failed attempts looked through for those at a host that is used: the latest. */
const LOOKED_MAX = 16;
/** Keeps what was used, and what of it was charged all the same, apart. */
const CHARGED_USE = 0x6a95;
/** Bits of a charge: what was charged to the pair with the host, and to that with the port. */
const OF_HOST = 1 << 16;
const OF_PORT = 1 << 17;
/** The failure is of a class of which `isPlain` is true. */
const PLAIN = 1 << 18;
/** It was used before, once: that counts as no use while it is charged. */
const ONCE = 1 << 19;

export class Charges {
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** The pair of the subject and the attempt's host, with all that the subject used there. */
  host(slot: number, subject: number): number {
    const { pairs, pairsOf } = this.memory;
    const host = pairsOf.host(slot, subject);
    pairs.used.raise(host, usedAtHost(this.memory, slot));
    return host;
  }

  /**
   * The pair of the subject and the attempt's target key, with all that the subject used of it. What earlier
   * stories of it were charged with all the same is no use.
   */
  port(slot: number, subject: number): number {
    const { pairs, pairsOf, acquaintances } = this.memory;
    const port = pairsOf.port(slot, subject);
    const charged = acquaintances.count(this.chargedUse(slot)) - pairs.once.of(port);
    pairs.used.raise(port, usedOfKey(this.memory, slot) - Math.max(0, charged));
    return port;
  }

  /** Hash of a source and a target key: what was answered once, and charged. */
  private chargedUse(slot: number): number {
    const { hash, table } = this.memory;
    return hash.triple(table.sourceHash(slot), table.key(slot), CHARGED_USE);
  }

  private isArp(slot: number): boolean {
    return classOf(this.memory.table.key(slot)) === TargetClass.Arp;
  }

  /**
   * Charges a failure to the pair with its host and to that with its port; -1: not to that one. `isKept`: the
   * attempt keeps what it was charged with.
   */
  charge(
    { slot, weight, points, portClass, hostClass }: Failure,
    host: number,
    port: number,
    isKept: boolean,
  ): void {
    const { pairs, acquaintances, clock, table } = this.memory;
    let bits = 0;
    if (host >= 0) {
      pairs.weight.add(host, weight);
      pairs.failed.add(host, 1);
      bits |= OF_HOST;
      if (isPlain(portClass)) {
        pairs.addPlainWeight(host, weight);
        bits |= PLAIN;
      }
    }
    if (port >= 0) {
      pairs.points.add(port, points);
      pairs.failed.add(port, 1);
      bits |= OF_PORT;
      if (hostClass === HostClass.AnsweredOnce) {
        pairs.once.add(port, 1);
        acquaintances.add(this.chargedUse(slot), clock.ms);
        bits |= ONCE;
      }
    }
    if (isKept) table.charged.set(slot, chargeOf(weight, points, bits));
  }

  /** An attempt was used: in the subject's favour, and in that of what it failed at on the same host. */
  credit(slot: number, subject: number): void {
    const { pairs, table } = this.memory;
    pairs.used.add(this.port(slot, subject), 1);
    this.takeBack(slot, subject);
    // That a neighbour is there does not make it one that is used.
    if (this.isArp(slot)) return;
    const host = this.host(slot, subject);
    pairs.used.add(host, 1);
    if (isLowPort(table.key(slot))) pairs.addPlainUse(host);
    if (
      pairs.failed.of(host) > 0 && pairs.used.of(host) >= pairs.failed.of(host)
    ) {
      this.forgive(slot, subject);
    }
  }

  /** Takes back what an attempt was charged with. */
  takeBack(slot: number, subject: number): void {
    const { table, subjects, pairs, account, pairsOf } = this.memory;
    if (!table.has(slot, Mark.Counted)) return;
    const charged = table.charged.of(slot);
    if (charged === 0) return;
    this.takePoints(slot, subject);
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
  private forgive(slot: number, subject: number): void {
    const { table } = this.memory;
    eachFailed(this.memory, subject, LOOKED_MAX, (other) => {
      if (table.sameTarget(other, slot)) this.takePoints(other, subject);
    });
  }

  private takePoints(slot: number, subject: number): void {
    const { table, pairs, subjects, pairsOf } = this.memory;
    const charged = table.charged.of(slot);
    const points = pointsIn(charged);
    subjects.points.take(subject, points);
    if ((charged & OF_PORT) !== 0) {
      const port = pairsOf.port(slot, subject);
      pairs.points.take(port, points);
      pairs.failed.take(port, 1);
      if ((charged & ONCE) !== 0) {
        pairs.once.add(port, -1);
        noteUse(this.memory, table.sourceHash(slot), table.key(slot));
      }
    }
    table.charged.set(slot, withoutPoints(charged) & ~OF_PORT);
  }
}

/** True for a privileged port. */
function isLowPort(key: number): boolean {
  const kind = classOf(key);
  return !isHostClass(kind) && kind !== TargetClass.IpProtocol && isPrivileged(portOf(key));
}
