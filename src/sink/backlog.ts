// Lines that wait: first in, first out, bounded. Knows no line.

/** A queue of at most `capacity` items; costs O(1) an item. */
export class Backlog<T> {
  readonly capacity: number;
  #items: T[] = [];
  /** Items before this one are gone; the array is cut when they are half of it. */
  #head = 0;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Cannot create Backlog: capacity must be at least 1, got ${capacity}`);
    }
    this.capacity = capacity;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** False, and nothing done, when it is full. */
  push(item: T): boolean {
    if (this.length >= this.capacity) return false;
    this.#items.push(item);
    return true;
  }

  first(): T | undefined {
    return this.#items[this.#head];
  }

  /** Removes the first item, if there is one. */
  shift(): void {
    if (this.length === 0) return;
    this.#head++;
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Puts items before the first, in their order; they were here already, so the bound is not asked. */
  putBack(items: T[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
