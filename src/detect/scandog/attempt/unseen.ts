// Sources of whom only answers are seen. Those may answer what somebody else sent in their name, so such
// a scan is told late, or not at all. Knows attempts and scans; nothing of rules.

import { Actor, type Actors } from "../table/actors.ts";
import { type Conversations, Mark, Word } from "../table/conversations.ts";
import type { Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";

/** Attempts looked at: the latest. */
const LATELY = 16;

export class Unseen {
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly scans: Scans;

  constructor(table: Conversations, actors: Actors, scans: Scans) {
    this.table = table;
    this.actors = actors;
    this.scans = scans;
  }

  /** True when of most of what an actor did lately only the answers were seen. */
  isActor(actor: number): boolean {
    const { table } = this;
    const first = this.actors.get(actor, Actor.Head) - 1;
    let seen = 0, unseen = 0;
    for (let slot = first; slot >= 0 && seen + unseen < LATELY;) {
      if (!table.sameInitiator(slot, first)) break;
      if (table.has(slot, Mark.ReplyOnly)) unseen++;
      else seen++;
      slot = table.get(slot, Word.Link) - 1;
    }
    return unseen > seen;
  }

  /**
   * A failed attempt of an actor in a scan: true when it is the first that was seen itself. What came before
   * were answers to somebody else, see `Scans.tell`, or to what the source did before the capture. Unless
   * the scan was told it is none, and this attempt counts on its own.
   */
  isOver(scan: Scan, slot: number, actor: number): boolean {
    const { table } = this;
    if (!scan.isUnseen || scan.announced || table.has(slot, Mark.ReplyOnly)) return false;
    scan.tellMs = 0;
    this.scans.end(scan.index());
    table.set(slot, Word.Link, 0);
    this.actors.set(actor, Actor.Head, slot + 1);
    return true;
  }
}
