// The latest attempt of each source, whatever became of it: the begin of the chain of all its attempts. Knows
// hashes and slots.
//
// A fixed table with one place for a hash: a source that collides with another begins its chain anew, so that
// a scan may then know less of what its source did before it was found; never more.

const PLACES = 1 << 16;

export class SourceHeads {
  private readonly hashes = new Int32Array(PLACES);
  private readonly heads = new Int32Array(PLACES);

  /** A source begins an attempt: slot + 1 of the one before; 0: none is known. */
  push(source: number, slot: number): number {
    const at = source & (PLACES - 1);
    const before = this.hashes[at] === source ? this.heads[at] : 0;
    this.hashes[at] = source;
    this.heads[at] = slot + 1;
    return before;
  }

  /** Slot + 1 of the source's latest attempt; 0: none is known. */
  latest(source: number): number {
    const at = source & (PLACES - 1);
    return this.hashes[at] === source ? this.heads[at] : 0;
  }
}
