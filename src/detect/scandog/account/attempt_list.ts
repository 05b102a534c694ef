// The attempts of one source that are to be listed one by one: a bounded number, those that counted
// before those that did not. Knows notes; nothing of tables.

import type { AttemptAccount } from "../../../account.ts";

/** An attempt as it is known so far. */
export interface Note {
  account: AttemptAccount;
  /** 2: the attempt counts; 1: it failed and does not count; 0: anything else. */
  rank: 0 | 1 | 2;
  /** The note has given way to another in its list. */
  isGone: boolean;
}

export class AttemptList {
  private readonly notes: Note[] = [];
  /** Notes of each rank when they came, latest last: where to look for one that gives way. */
  private readonly lesser: [Note[], Note[]] = [[], []];
  private live = 0;
  declare private readonly max: number;

  /** At most `max` are kept. */
  constructor(max: number) {
    this.max = max;
  }

  /** How many are kept now. */
  get size(): number {
    return this.live;
  }

  /** Takes a note, if there is room or one of lower rank gives way; false when there is none. */
  add(note: Note): boolean {
    if (this.live === this.max && !this.giveWay(note.rank)) return false;
    this.notes.push(note);
    this.live++;
    this.ranked(note);
    if (this.notes.length > 2 * this.max + 16) this.compact();
    return true;
  }

  /** A note's rank has changed, or it is new. */
  ranked(note: Note): void {
    if (note.rank < 2) this.lesser[note.rank as 0 | 1].push(note);
  }

  private giveWay(rank: number): boolean {
    for (let lower = 0; lower < Math.min(rank, 2); lower++) {
      const stack = this.lesser[lower as 0 | 1];
      for (let note = stack.pop(); note !== undefined; note = stack.pop()) {
        if (note.isGone || note.rank !== lower) continue;
        note.isGone = true;
        this.live--;
        return true;
      }
    }
    return false;
  }

  private compact(): void {
    const kept = this.notes.filter(({ isGone }) => !isGone);
    this.notes.length = 0;
    for (const note of kept) this.notes.push(note);
  }

  /** In order of time. */
  all(): AttemptAccount[] {
    return this.notes.filter(({ isGone }) => !isGone).map(({ account }) => account)
      .sort((a, b) => a.timeUs - b.timeUs);
  }
}
