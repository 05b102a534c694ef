// Which scans go on, by the handles that their attempts carry. Knows numbers.

/** A handle: the scan's place in the pool, and above it the low bits of its running number. */
const INDEX_BITS = 10;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

/** Running numbers that a handle tells apart; the next one begins anew. */
const NUMBERS = 2 ** (32 - INDEX_BITS) - 1;

/** The handle of a scan; never 0, whatever the number, from 1 on. */
export function handleOf(number: number, index: number): number {
  return 1 + (number - 1) % NUMBERS << INDEX_BITS | index;
}

/** The place in the pool. */
export function indexOf(handle: number): number {
  return handle & INDEX_MASK;
}

export class Stories {
  private readonly handles = new Int32Array(INDEX_MASK + 1);

  begin(handle: number): void {
    this.handles[indexOf(handle)] = handle;
  }

  end(handle: number): void {
    this.handles[indexOf(handle)] = 0;
  }

  /** True for a handle of a scan that has ended. */
  isOver(handle: number): boolean {
    return handle !== 0 && this.handles[indexOf(handle)] !== handle;
  }
}
