// Which places of a table differ from what was saved of it. Knows numbers only.

export class ChangedSlots {
  declare private readonly marks: Uint8Array;
  /** How many there are. */
  count = 0;

  /** For places from 0 to below `capacity`. */
  constructor(capacity: number) {
    this.marks = new Uint8Array(capacity);
  }

  add(slot: number): void {
    if (this.marks[slot] !== 0) return;
    this.marks[slot] = 1;
    this.count++;
  }

  /** The first `max` of them, in order. Allocates. */
  first(max: number): number[] {
    const found: number[] = [];
    for (let slot = 0; found.length < Math.min(max, this.count); slot++) {
      if (this.marks[slot] !== 0) found.push(slot);
    }
    return found;
  }

  /** Forgets that these slots have changed: they are saved. */
  remove(slots: readonly number[]): void {
    for (const slot of slots) {
      if (this.marks[slot] === 0) continue;
      this.marks[slot] = 0;
      this.count--;
    }
  }
}
