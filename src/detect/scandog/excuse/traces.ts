// Traceroutes: how many probes of one pass for parts of one. Their looks are the source's own, so they excuse what one
// run has and no more. Knows hashes and time.

import type { Clock } from "../clock.ts";
import { TRACED_HOST_MS, TRACED_HOSTS, TRACED_PORT_MS, TRACED_PORTS } from "../limits.ts";
import type { Memory } from "../memory.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import type { Hash } from "../table/hash.ts";

/** Counters; those who share one have less between them. */
const COUNTERS = 1 << 12;

/** Counters that fill by one, and empty by one every so often. */
class Buckets {
  private readonly levels = new Uint16Array(COUNTERS);
  private readonly sinceMs = new Int32Array(COUNTERS);
  declare private readonly clock: Clock;
  declare private readonly most: number;
  declare private readonly eachMs: number;

  /** `most`: from which on one is full; `eachMs`: how long it takes to lose one. */
  constructor(clock: Clock, most: number, eachMs: number) {
    this.clock = clock;
    this.most = most;
    this.eachMs = eachMs;
  }

  private level(at: number): number {
    const left = Math.floor(this.clock.since(this.sinceMs[at]) / this.eachMs);
    return Math.max(0, this.levels[at] - left);
  }

  isFull(hash: number): boolean {
    return this.level(hash & (COUNTERS - 1)) >= this.most;
  }

  add(hash: number): void {
    const at = hash & (COUNTERS - 1);
    const level = this.level(at);
    // What has gone of the next one stays gone, or who is quick would never lose any.
    const gone = this.clock.since(this.sinceMs[at]) % this.eachMs;
    this.sinceMs[at] = level === 0 ? this.clock.ms : (this.clock.ms - gone) | 0;
    this.levels[at] = level + 1;
  }
}

export class Traces {
  declare private readonly table: AttemptTable;
  declare private readonly hash: Hash;
  /** Of a source and a host: ports. Of a source and a port: hosts. */
  declare private readonly ports: Buckets;
  declare private readonly hosts: Buckets;

  constructor({ table, hash, clock }: Memory) {
    this.table = table;
    this.hash = hash;
    this.ports = new Buckets(clock, TRACED_PORTS, TRACED_PORT_MS);
    this.hosts = new Buckets(clock, TRACED_HOSTS, TRACED_HOST_MS);
  }

  /** True while a probe may be one of a traceroute: of its host and of its port there were few. */
  mayBeOne(slot: number): boolean {
    return !this.ports.isFull(this.pair(slot)) && !this.hosts.isFull(this.aim(slot));
  }

  /** It passes for one. */
  spend(slot: number): void {
    this.ports.add(this.pair(slot));
    this.hosts.add(this.aim(slot));
  }

  private pair(slot: number): number {
    return this.hash.pair(this.table.sourceHash(slot), this.table.targetHash(slot));
  }

  private aim(slot: number): number {
    return this.hash.pair(this.table.sourceHash(slot), this.table.key(slot));
  }
}
