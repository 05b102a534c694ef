// What came in one order and is to be taken in another: a bounded heap by time. Equal times keep the order in
// which they came, so that the same stream is always taken in the same order. Knows times; nothing of what waits.

interface Waiting<T> {
  timeUs: number;
  order: number;
  item: T;
}

export class Reorder<T> {
  private readonly heap: Waiting<T>[] = [];
  private order = 0;

  /** At most `capacity` wait; a full one gives its earliest before its time. */
  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.heap.length;
  }

  get isFull(): boolean {
    return this.heap.length >= this.capacity;
  }

  /** Time of the earliest; Infinity where nothing waits. Microseconds since 1970. */
  get earliestUs(): number {
    return this.heap.length === 0 ? Infinity : this.heap[0].timeUs;
  }

  push(timeUs: number, item: T): void {
    const { heap } = this;
    const own = { timeUs, order: this.order++, item };
    let at = heap.length;
    heap.push(own);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(own, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = own;
  }

  /** Takes the earliest out. Throws a RangeError where nothing waits. */
  shift(): T {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined) throw new RangeError("Cannot shift a Reorder: nothing waits");
    if (heap.length === 0) return last.item;
    const { item } = heap[0];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return item;
  }
}

function isBefore<T>(a: Waiting<T>, b: Waiting<T>): boolean {
  return a.timeUs !== b.timeUs ? a.timeUs < b.timeUs : a.order < b.order;
}
