// FTP: a control connection, and beside it a data connection for each file, to ports that the control
// connection agreed on (RFC 959 section 5.2). Knows conversations, actors and pairs. Data connections of
// empty files, cut off ones, and those that a firewall keeps out look like a connect scan of high ports.

import { Actor, type Actors } from "../table/actors.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { type Conversations, Mark, Stage, Verdict, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import { isDataPort } from "./weight.ts";

/** Where control connections go: FTP, FTP over TLS, and where it is put when 21 is taken. */
const CONTROL_KEYS: readonly number[] = [21, 990, 2121].map((port) =>
  targetKey(TargetClass.Tcp, port)
);

/** Where active FTP's data connections come from. */
const DATA_PORT = 20;
/** Lost data connections that an actor may have: a client whose files do not come gives up earlier. */
const LOST_MAX = 64;

export class Companions {
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly pairs: Pairs;
  declare private readonly hash: Hash;

  constructor(
    table: Conversations,
    actors: Actors,
    pairs: Pairs,
    hash: Hash,
  ) {
    this.table = table;
    this.actors = actors;
    this.pairs = pairs;
    this.hash = hash;
  }

  /**
   * True for an accepted attempt that goes with another connection between the same two hosts: a data
   * connection is empty when the file is. `host`: the pair of the actor and the host.
   */
  has(slot: number, host: number): boolean {
    return this.pairs.get(host, Pair.Used) > 0 || this.hasControl(slot) ||
      this.table.get(slot, Word.SourcePort) === DATA_PORT;
  }

  /**
   * True for a data connection that a firewall did not let through, beside its control connection: for
   * some of them, because who keeps a control connection may scan as well. Only where the client itself
   * says which port (active FTP) may it refuse.
   */
  hasLost(slot: number, actor: number): boolean {
    const { table, actors } = this;
    if (!table.has(slot, Mark.Stack) || table.has(slot, Mark.Ambiguous)) return false;
    const isActive = table.get(slot, Word.SourcePort) === DATA_PORT;
    if (!isActive && table.verdict(slot) !== Verdict.Silent) return false;
    if (actors.get(actor, Actor.Companions) >= LOST_MAX || !this.hasControl(slot)) return false;
    actors.add(actor, Actor.Companions, 1);
    return true;
  }

  /** True for a connection that was used to a port that a control connection beside it agreed on. */
  isFile(slot: number): boolean {
    return isDataPort(this.table.get(slot, Word.Key)) && this.hasControl(slot);
  }

  /** True when the two hosts of an attempt have a control connection, whoever began it. */
  private hasControl(slot: number): boolean {
    const { table, hash } = this;
    const a = table.addressAt(slot, Word.Initiator), b = table.addressAt(slot, Word.Responder);
    const from = hash.address(table.words, a), to = hash.address(table.words, b);
    for (const key of CONTROL_KEYS) {
      if (this.isControl(table.find(table.words, a, b, key, hash.triple(from, to, key)))) {
        return true;
      }
      if (this.isControl(table.find(table.words, b, a, key, hash.triple(to, from, key)))) {
        return true;
      }
    }
    return false;
  }

  /** Open, used, or found in mid-stream; not one that was only tried, or is over without a word. */
  private isControl(slot: number): boolean {
    if (slot < 0) return false;
    switch (this.table.verdict(slot)) {
      case Verdict.Used:
        return true;
      case Verdict.None:
      case Verdict.Neutral:
        return this.table.has(slot, Mark.Open | Mark.Unseen) ||
          this.table.stage(slot) >= Stage.Open;
      case Verdict.Silent:
        return this.table.has(slot, Mark.Unseen);
      default:
        return false;
    }
  }
}
