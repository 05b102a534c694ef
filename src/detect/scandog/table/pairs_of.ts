// Which pair of counters an attempt belongs to: its subject and host, or its subject and target key.
// Knows the tables; nothing of shapes.

import { classOf, TargetClass } from "../probe/classes.ts";
import type { Tables } from "./tables.ts";

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
const SITE_PAIR = 0x34d1;
const CHECK = 0x2b99;

export class PairsOf {
  declare private readonly tables: Tables;
  declare private readonly rememberMs: number;

  constructor(tables: Tables, rememberMs: number) {
    this.tables = tables;
    this.rememberMs = rememberMs;
  }

  /** The pair of the subject and the attempt's host. */
  host(slot: number, subject: number): number {
    const target = this.tables.table.targetHash(slot);
    return this.pair(target, subject, HOST_PAIR, this.rememberMs);
  }

  /** The pair of the subject and the attempt's target key, on whatever hosts. */
  port(slot: number, subject: number): number {
    const { table } = this.tables;
    const key = table.key.of(slot);
    const isArp = classOf(key) === TargetClass.Arp;
    if (!isArp) return this.pair(key, subject, PORT_PAIR, this.rememberMs);
    // Nobody goes through a network by chance, however slowly.
    return table.isArpInOrder(slot)
      ? this.pair(key, subject, ROW_PAIR, this.rememberMs)
      : this.pair(key, subject, PORT_PAIR, ARP_MEMORY_MS);
  }

  /** What the subject did in the site of the attempt's host: IPv6 /48; IPv4 /24. */
  site(slot: number, subject: number): number {
    const { table, hash } = this.tables;
    const site = hash.site(table.words, table.targetAt(slot));
    return this.pair(site, subject, SITE_PAIR, this.rememberMs);
  }

  /** What the subject did with the attempt's target key in the target's network: IPv4 /24, IPv6 /64. */
  network(slot: number, subject: number): number {
    const { table, hash } = this.tables;
    const network = hash.network(table.words, table.targetAt(slot));
    const what = hash.pair(network, table.key.of(slot));
    return this.pair(what, subject, NETWORK_PAIR, this.rememberMs);
  }

  private pair(what: number, subject: number, kind: number, memoryMs: number): number {
    const { hash, subjects, pairs, clock } = this.tables;
    const epoch = subjects.epoch.of(subject);
    return pairs.touch(
      hash.triple(what, subject, kind),
      hash.triple(what ^ CHECK, epoch, subject),
      epoch,
      clock.ms,
      memoryMs,
    );
  }
}
