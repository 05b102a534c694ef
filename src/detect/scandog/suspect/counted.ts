// What a subject failed at, as counters: one failure is added here, whoever the subject is, and all of them are
// read for the shapes. Knows subjects and pairs; nothing of thresholds.

import { ONE_PORT_PROOF } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import type { Counters } from "../shape/shapes.ts";
import type { Failure } from "../weigh/failures.ts";
import type { Charges } from "./charges.ts";

/** Bits of ports, and of those so many set say nothing but "many". */
const PORT_BITS = 128;
const PORT_BITS_MAX = 120;
/** Distinct ports from the bits they set (linear counting, Whang 1990): of many some share a bit. */
const PORTS_FOR_BITS = Float64Array.from(
  { length: PORT_BITS + 1 },
  (_, bits) => bits >= PORT_BITS_MAX ? Infinity : -PORT_BITS * Math.log1p(-bits / PORT_BITS),
);

export class Counted {
  declare private readonly memory: Memory;
  declare private readonly charges: Charges;

  constructor(memory: Memory, charges: Charges) {
    this.memory = memory;
    this.charges = charges;
  }

  /**
   * Adds a failure to a subject; false when the same target was counted before. `host` and `port`: the pairs
   * of the subject with them.
   */
  add(failure: Failure, subject: number, host: number, port: number): boolean {
    const { table, subjects, pairs, hash, clock, account } = this.memory;
    const { slot, weight, points } = failure;
    const key = table.key(slot), target = table.targetHash(slot);
    const newPort = pairs.note(host, hash.pair(key, failure.exotic));
    const newHost = pairs.note(port, target);
    if (!newPort && !newHost) return false;
    // Only what a source was charged with is given back when its attempt is used after all.
    const isKept = subjects.width.of(subject) === 0;
    this.charges.charge(failure, newPort ? host : -1, newHost ? port : -1, isKept);
    if (subjects.failed.of(subject) === 0) subjects.firstMs.set(subject, clock.ms);
    subjects.failed.add(subject, 1);
    subjects.weight.add(subject, weight);
    subjects.lastMs.set(subject, clock.ms);
    // ARP comes before every packet to a neighbour; with its points each would count twice.
    if (classOf(key) !== TargetClass.Arp) subjects.points.add(subject, points);
    subjects.notePort(subject, key & 0x7f ^ (key >>> 7 & 0x7f) ^ (key >>> 14));
    subjects.noteHost(subject, target & 127);
    if (isKept) {
      account?.weighed(
        slot,
        newPort ? weight : 0,
        newHost ? points : 0,
        failure.portClass,
        failure.hostClass,
      );
    }
    return true;
  }

  /** The counters of a subject, with those of the pairs of its latest failure. */
  read(slot: number, subject: number, host: number, port: number): Counters {
    const { table, subjects, pairs } = this.memory;
    const isDatagram = classOf(table.key(slot)) === TargetClass.Udp;
    return {
      hostWeight: pairs.weight.of(host),
      hostFailed: pairs.failed.of(host),
      hostUsed: pairs.used.of(host),
      plainWeight: pairs.plainWeight(host),
      plainUses: pairs.plainUses(host),
      portPoints: pairs.points.of(port),
      portFailed: pairs.failed.of(port),
      portUsed: Math.max(0, pairs.used.of(port) - pairs.once.of(port)),
      failed: subjects.failed.of(subject),
      used: subjects.used.of(subject),
      weight: subjects.weight.of(subject),
      points: subjects.points.of(subject),
      ports: PORTS_FOR_BITS[subjects.portBits(subject)],
      hosts: subjects.hostBits(subject),
      samePort: isDatagram ? 0 : Math.min(subjects.sameSourcePort.of(subject), ONE_PORT_PROOF),
      width: subjects.width.of(subject),
    };
  }
}
