// Traceroutes: how many probes of one pass for parts of one. Their looks are the source's own, so they excuse what one
// run has and no more. Knows hashes and time.

import { TRACED_HOST_MS, TRACED_HOSTS, TRACED_PORT_MS, TRACED_PORTS } from "../limits.ts";
import type { Memory } from "../memory.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import type { Hash } from "../table/hash.ts";
import { Buckets } from "./buckets.ts";

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
