// Which pair of counters an attempt belongs to: its subject and host, or its subject and target key.
// Knows the tables; nothing of shapes.

import { classOf, TargetClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import type { AttemptTable } from "./attempt_table.ts";
import type { Hash } from "./hash.ts";
import type { Pairs } from "./pairs.ts";
import type { Subjects } from "./subjects.ts";

/**
 * Hosts and routers ask for neighbours all day, and on a switch only the questions are seen, not the
 * answers: so only a burst of them counts.
 */
const ARP_MEMORY_MS = 5_000;

/** Second arguments of hashes, so that the same numbers mean different keys. */
const HOST_PAIR = 0x5d0f;
const PORT_PAIR = 0x71c3;
const ROW_PAIR = 0x2e65;
const NETWORK_PAIR = 0x49e7;
const CHECK = 0x2b99;

/** The tables that pairs are looked up in. */
interface Tables {
  table: AttemptTable;
  subjects: Subjects;
  pairs: Pairs;
  hash: Hash;
  clock: Clock;
}

export class PairsOf {
  declare private readonly table: AttemptTable;
  declare private readonly subjects: Subjects;
  declare private readonly pairs: Pairs;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly rememberMs: number;

  constructor({ table, subjects, pairs, hash, clock }: Tables, rememberMs: number) {
    this.table = table;
    this.subjects = subjects;
    this.pairs = pairs;
    this.hash = hash;
    this.clock = clock;
    this.rememberMs = rememberMs;
  }

  /** The pair of the subject and the attempt's host. */
  host(slot: number, subject: number): number {
    const { table } = this;
    const target = table.targetHash(slot);
    return this.pair(target, subject, HOST_PAIR, this.rememberMs);
  }

  /** The pair of the subject and the attempt's target key, on whatever hosts. */
  port(slot: number, subject: number): number {
    const key = this.table.key(slot);
    if (classOf(key) !== TargetClass.Arp) {
      return this.pair(key, subject, PORT_PAIR, this.rememberMs);
    }
    // Nobody goes through a network by chance, however slowly.
    return this.table.isArpInOrder(slot)
      ? this.pair(key, subject, ROW_PAIR, this.rememberMs)
      : this.pair(key, subject, PORT_PAIR, ARP_MEMORY_MS);
  }

  /** What the subject did with the attempt's target key in the target's network: IPv4 /24, IPv6 /64. */
  network(slot: number, subject: number): number {
    const { table, hash } = this;
    const network = hash.network(table.words, table.targetAt(slot));
    const what = hash.pair(network, table.key(slot));
    return this.pair(what, subject, NETWORK_PAIR, this.rememberMs);
  }

  private pair(what: number, subject: number, kind: number, memoryMs: number): number {
    const { hash, subjects } = this;
    const epoch = subjects.epoch.of(subject);
    return this.pairs.touch(
      hash.triple(what, subject, kind),
      hash.triple(what ^ CHECK, epoch, subject),
      epoch,
      this.clock.ms,
      memoryMs,
    );
  }
}
