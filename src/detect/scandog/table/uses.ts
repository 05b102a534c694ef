// What sources lately used, whether or not they ever fail: counts of at most 255 that may err upwards, see
// `Acquaintances`. Knows attempts and hashes.

import { classOf, TargetClass } from "../probe/classes.ts";
import type { Tables } from "./tables.ts";

/** Targets in all, targets of one host, and hosts with one target key. */
interface Uses {
  all: number;
  host: number;
  port: number;
}

/** Keeps what was used at a host and what was used at a port apart. */
const HABIT = 0x3c6f;
/** Keeps what was used in a network apart from both. */
const NETWORK = 0x6c3b;
/** Keeps what accepted and was told nothing apart, and what of that was counted as failed. */
const ACCEPTED = 0x51f7, COUNTED = 0x2ea9;
/** Keeps what others said apart from what is so. */
const WATCHER = 0x1d53;

/** Hash of a source, by its hash, and a target key: what it used on whatever hosts. */
function ofKey({ hash }: Tables, source: number, key: number): number {
  return hash.triple(source, key, HABIT);
}

/** Hash of an attempt's source, its target key and the network of its target (IPv4 /24, IPv6 /64). */
function ofNetwork({ table, hash }: Tables, slot: number): number {
  const network = hash.network(table.words, table.targetAt(slot));
  return hash.triple(table.sourceHash(slot), hash.pair(network, table.key.of(slot)), NETWORK);
}

/** What a source used on all hosts. `source`: hash of its address. */
export function usedBy({ acquaintances }: Tables, source: number): number {
  return acquaintances.count(source);
}

/** How many targets the source of an attempt used at its host. */
export function usedAtHost(tables: Tables, slot: number): number {
  return tables.acquaintances.count(tables.table.hostsHash(slot));
}

/** At how many hosts the source of an attempt used its target key. */
export function usedOfKey(tables: Tables, slot: number): number {
  const { table, acquaintances } = tables;
  return acquaintances.count(ofKey(tables, table.sourceHash(slot), table.key.of(slot)));
}

/** At how many hosts of its target's network the source of an attempt used its target key. */
export function usedInNetwork(tables: Tables, slot: number): number {
  return tables.acquaintances.count(ofNetwork(tables, slot));
}

/** True when the attempt's target itself lately used something at its source. */
export function isAnswered({ table, hash, acquaintances }: Tables, slot: number): boolean {
  return acquaintances.count(hash.pair(table.targetHash(slot), table.sourceHash(slot))) > 0;
}

/**
 * A source, by its hash, was answered from a target key of some host; its question was not seen. It
 * does not count as known to that host, which may be a scanner that sends from a service's port.
 */
export function noteUse(tables: Tables, source: number, key: number): void {
  tables.acquaintances.add(ofKey(tables, source, key), tables.clock.ms);
}

/**
 * An attempt was used: known of its source from now on, whether or not it has a place. Where only its target was seen it
 * does not count as known to that host: see `noteUse`.
 */
export function noteUsed(tables: Tables, slot: number): void {
  const { table, acquaintances, clock } = tables;
  const source = table.sourceHash(slot);
  noteUse(tables, source, table.key.of(slot));
  acquaintances.add(ofNetwork(tables, slot), clock.ms);
  if (classOf(table.key.of(slot)) === TargetClass.Arp) return; // its target is there, not used
  if (table.packets(slot) > 0) acquaintances.add(table.hostsHash(slot), clock.ms);
  acquaintances.add(source, clock.ms);
}

/**
 * What the source of an attempt connected to without a word, in all and with its target key, as long as it is not known
 * whether it comes again as a check does.
 */
export function acceptedBy(tables: Tables, slot: number): { all: number; ofKey: number } {
  const { table } = tables, source = table.sourceHash(slot);
  const ofKeys = ofKey(tables, source, table.key.of(slot));
  return { all: acceptedOf(tables, source), ofKey: acceptedOf(tables, ofKeys) };
}

function acceptedOf({ acquaintances, hash }: Tables, of: number): number {
  const counted = acquaintances.count(hash.pair(of, COUNTED));
  return Math.max(0, acquaintances.count(hash.pair(of, ACCEPTED)) - counted);
}

/** A target accepted and was told nothing; `isCounted`: it did not come again, and is counted as a failure now. */
export function noteAccepted(tables: Tables, slot: number, isCounted: boolean): void {
  const { table, hash, acquaintances, clock } = tables;
  const source = table.sourceHash(slot), what = isCounted ? COUNTED : ACCEPTED;
  acquaintances.add(hash.pair(source, what), clock.ms);
  acquaintances.add(hash.pair(ofKey(tables, source, table.key.of(slot)), what), clock.ms);
}

/**
 * Another who watched says what the source of an attempt had used. `watcher`: who says it, whose next word
 * replaces this one; several add up. `isAdded`: one of each was added already.
 */
export function noteUsesOf(
  tables: Tables,
  slot: number,
  { all, host, port }: Uses,
  watcher: number,
  isAdded: boolean,
): void {
  const { acquaintances, clock, table, hash } = tables;
  const source = table.sourceHash(slot);
  const hashes = [source, table.hostsHash(slot), ofKey(tables, source, table.key.of(slot))];
  const counts = [all, host, port];
  for (let i = 0; i < hashes.length; i++) {
    const said = hash.triple(hashes[i], watcher, WATCHER);
    for (let count = acquaintances.count(said); count < counts[i]; count++) {
      acquaintances.add(said, clock.ms);
      if (count < counts[i] - 1 || !isAdded) acquaintances.add(hashes[i], clock.ms);
    }
  }
}
