// Which pair of counters an attempt belongs to: its actor and host, or its actor and target key.
// Knows the tables; nothing of rules.

import { Actor, type Actors } from "../table/actors.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import { isMappedAt, LAST_OCTET } from "../table/network_prefix.ts";
import type { Pairs } from "../table/pairs.ts";
import { isRow } from "./weight.ts";

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

export class Counters {
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly pairs: Pairs;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly rememberMs: number;

  constructor(
    table: Conversations,
    actors: Actors,
    pairs: Pairs,
    hash: Hash,
    clock: Clock,
    rememberMs: number,
  ) {
    this.table = table;
    this.actors = actors;
    this.pairs = pairs;
    this.hash = hash;
    this.clock = clock;
    this.rememberMs = rememberMs;
  }

  /** What the actor did to the attempt's host. */
  host(slot: number, actor: number): number {
    const { table, hash } = this;
    const target = hash.address(table.words, table.addressAt(slot, Word.Responder));
    return this.pair(target, actor, HOST_PAIR, this.rememberMs);
  }

  /** What the actor did with the attempt's target key, on whatever hosts. */
  port(slot: number, actor: number): number {
    const key = this.table.get(slot, Word.Key);
    if (classOf(key) !== TargetClass.Arp) {
      return this.pair(key, actor, PORT_PAIR, this.rememberMs);
    }
    // Nobody goes through a network by chance, however slowly.
    return isRow(this.table, slot)
      ? this.pair(key, actor, ROW_PAIR, this.rememberMs)
      : this.pair(key, actor, PORT_PAIR, ARP_MEMORY_MS);
  }

  /** What the actor did with the attempt's target key in the target's network: IPv4 /24, IPv6 /64. */
  network(slot: number, actor: number): number {
    const { table, hash } = this;
    const { words } = table;
    const at = table.addressAt(slot, Word.Responder);
    const isFour = isMappedAt(words, at);
    const network = isFour
      ? hash.pair(words[at + 3] & LAST_OCTET, 4)
      : hash.pair(words[at], words[at + 1]);
    const what = hash.pair(network, table.get(slot, Word.Key));
    return this.pair(what, actor, NETWORK_PAIR, this.rememberMs);
  }

  private pair(what: number, actor: number, kind: number, memoryMs: number): number {
    const { hash, actors } = this;
    const epoch = actors.get(actor, Actor.Epoch);
    return this.pairs.touch(
      hash.triple(what, actor, kind),
      hash.triple(what ^ CHECK, epoch, actor),
      epoch,
      this.clock.ms,
      memoryMs,
    );
  }
}
