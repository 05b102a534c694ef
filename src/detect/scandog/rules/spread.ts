// Failures that are spread over the internet, as a client's dead servers and peers are; a sweep goes
// through networks. Knows pairs and targets; nothing of rules.

import type { Counters } from "./counters.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import { isClients, isEverywhere } from "./weight.ts";

/** Failures for each success that a client may have, where its servers have no network in common. */
const FAILURES_PER_USE = 12;

export class Spread {
  declare private readonly table: Conversations;
  declare private readonly pairs: Pairs;
  declare private readonly counters: Counters;
  declare private readonly hash: Hash;

  constructor(
    table: Conversations,
    pairs: Pairs,
    counters: Counters,
    hash: Hash,
  ) {
    this.table = table;
    this.pairs = pairs;
    this.counters = counters;
    this.hash = hash;
  }

  /**
   * True for the first failure in a network (IPv4 /24, IPv6 /64) of what clients do everywhere.
   * `port`: the pair of the actor and the target key; `onePort`: its attempts all leave from one.
   */
  has(slot: number, actor: number, port: number, onePort: boolean): boolean {
    const { table, pairs } = this;
    if (!isClients(table, slot)) return false;
    const isUsed = pairs.get(port, Pair.Used) * FAILURES_PER_USE > pairs.get(port, Pair.Failed);
    if (!isUsed && !isEverywhere(table, slot, onePort)) return false;
    const network = this.counters.network(slot, actor);
    const target = this.hash.address(table.words, table.addressAt(slot, Word.Responder));
    if (pairs.note(network, target)) pairs.add(network, Pair.Failed, 1);
    return pairs.get(network, Pair.Failed) <= 1;
  }
}
