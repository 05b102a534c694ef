// What a detector says of flows, on its way back to who fills the ring: a place in shared memory for each record,
// by the record's count. Knows counts and numbers; nothing of what a flow is.
//
// A place is written while the reader of the ring has the record, and read once the record is given back: so the
// ring's own counters order both, and what is read up to one count is the same in every run. There are twice as many
// places as records in the ring, because they may be read up to a ring's length late.

import type { FlowNotes } from "../detector.ts";
import { RECORD_BYTES } from "../record.ts";

/** Of each place: what is said, and of which flow. */
const WORDS = 2;
/**
 * Before the first place: whether anything was ever said, and whether another detector goes on that knows nothing, and
 * from which record on.
 */
const IS_ANY = 0, IS_ANEW = 1, ANEW_AT = 2, FIRST = 4;
const NOTHING = 0, USED = 1, FORGOTTEN = 2;

/** The memory for a ring of `capacity` records, a power of two. */
export function createFlowNotices(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer((FIRST + 2 * capacity * WORDS) * 4);
}

abstract class End {
  declare protected readonly words: Int32Array;
  declare protected readonly mask: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.mask = (this.words.length - FIRST) / WORDS - 1;
  }

  protected placeOf(count: number): number {
    return FIRST + (count & this.mask) * WORDS;
  }
}

/** The detector's end. Of a record the last thing said counts; `begin` comes first. */
export class FlowNoticeWriter extends End implements FlowNotes {
  declare private base: number;
  declare private count: number;

  /** The record at byte offset `base` is the ring's record number `count`, and those behind it follow. */
  begin(base: number, count: number): void {
    this.base = base;
    this.count = count;
  }

  used(base: number, flow: number): void {
    this.put(base, USED, flow);
  }

  forgotten(base: number, flow: number): void {
    this.put(base, FORGOTTEN, flow);
  }

  /** From record number `count` on another detector goes on, that knows nothing. */
  beginAnew(count: number): void {
    this.words[ANEW_AT] = count;
    Atomics.store(this.words, IS_ANEW, 1);
  }

  private put(base: number, what: number, flow: number): void {
    const place = this.placeOf(this.count + (base - this.base) / RECORD_BYTES);
    this.words[IS_ANY] = 1;
    this.words[place] = what;
    this.words[place + 1] = flow;
  }
}

/** What becomes of what is read. */
export interface FlowSet {
  add(flow: number): unknown;
  forget(flow: number): unknown;
  clear(): void;
}

/** The end of who fills the ring. */
export class FlowNoticeReader extends End {
  private next = 0;

  /** Puts into `flows` what was said of the records before number `until`, which were all given back. */
  read(until: number, flows: FlowSet): void {
    const { words } = this;
    if (words[IS_ANEW] === 1 && ((until - words[ANEW_AT]) | 0) >= 0) {
      words[IS_ANEW] = 0;
      this.take(words[ANEW_AT], undefined);
      flows.clear();
    }
    // The places of a detector that says nothing stay out of the cache.
    if (words[IS_ANY] !== 1 && ((until - this.next) | 0) > 0) this.next = until;
    this.take(until, flows);
  }

  /** Takes off what was said before; `flows` undefined: it does not count. */
  private take(until: number, flows: FlowSet | undefined): void {
    const { words } = this;
    for (; ((until - this.next) | 0) > 0; this.next = (this.next + 1) | 0) {
      const place = this.placeOf(this.next);
      const what = words[place];
      if (what === NOTHING) continue;
      words[place] = NOTHING;
      if (what === USED) flows?.add(words[place + 1]);
      else flows?.forget(words[place + 1]);
    }
  }
}
