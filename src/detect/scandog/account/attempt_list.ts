// The attempts of one source that are to be listed one by one: a bounded number, those that counted
// before those that did not. Knows notes; nothing of tables.

import type { AttemptAccount } from "../../../account.ts";

/** 2: the attempt counts; 1: it failed and does not count; 0: anything else. -1: it is listed no longer. */
export type Rank = -1 | 0 | 1 | 2;

/** An attempt as it is known so far. */
export interface Note {
  account: AttemptAccount;
  rank: Rank;
}

export class AttemptList {
  private readonly notes = new Set<Note>();
  /** Notes by the rank that they had, latest last; one whose rank has changed stands here all the same. */
  private readonly byRank: Note[][] = [[], [], []];
  declare private readonly max: number;

  /** At most `max` are kept. */
  constructor(max: number) {
    this.max = max;
  }

  /** How many are kept now. */
  get size(): number {
    return this.notes.size;
  }

  /** Takes a note, if there is room or one of lower rank gives way; false when there is none. */
  add(note: Note): boolean {
    if (this.size === this.max && !this.giveWay(note.rank)) return false;
    this.notes.add(note);
    this.ranked(note);
    return true;
  }

  /** A note's rank has changed, or it is new. */
  ranked(note: Note): void {
    this.byRank[note.rank].push(note);
  }

  private giveWay(rank: number): boolean {
    for (let lower = 0; lower < rank; lower++) {
      const stack = this.byRank[lower];
      for (let note = stack.pop(); note !== undefined; note = stack.pop()) {
        if (note.rank !== lower) continue;
        note.rank = -1;
        return this.notes.delete(note);
      }
    }
    return false;
  }

  /** In order of time. */
  all(): AttemptAccount[] {
    return [...this.notes].map(({ account }) => account).sort((a, b) => a.timeUs - b.timeUs);
  }
}
