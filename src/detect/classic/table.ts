// The table of sources: a fixed number of entries taken over in turn, found by a hash with bounded
// chains. Knows addresses and links; what is kept about a source is the detector's.
//
// The order in which entries are cut off and taken over decides which scans are found, so it is
// scanlogd's, including that an entry cut off its chain keeps its place in the table until its turn
// comes. How the links are kept is not: scanlogd walks the chain of the entry that it takes over. In
// a flood of forged sources each walk costs mispredicted branches, so here chains are doubly linked,
// and every step of taking over is a store without a condition.

export class SourceTable {
  /**
   * The source address of each entry: the 32-bit word as it lies in a record's memory (scanlogd's
   * `s_addr`). Element `end` is for the one who searches a chain to put there what it seeks.
   */
  declare readonly source: Int32Array;
  /**
   * The entry that follows: element `e` for an entry, `heads + b` for the first of bucket `b`.
   * `end` at the end of a chain. Element `end` is a place to write what matters to nobody.
   */
  declare readonly link: Int32Array;
  /** Index in `link` of the first bucket. */
  declare readonly heads: number;
  /** Not an entry: ends every chain. */
  declare readonly end: number;
  /** Index in `link` of what leads to each entry; `end` once it is on no chain. */
  declare private readonly back: Int32Array;
  /** The entry to be taken over next: always the one created longest ago. */
  private oldest = 0;
  declare readonly capacity: number;

  constructor(capacity: number, hashBits: number) {
    this.capacity = capacity;

    this.heads = capacity;
    this.end = capacity + (1 << hashBits);
    this.source = new Int32Array(this.end + 1);
    this.link = new Int32Array(this.end + 1).fill(this.end);
    this.back = new Int32Array(this.end + 1).fill(this.end);
  }

  /**
   * Takes an entry off its chain: it is not found any more, and used again only when its turn comes.
   * No effect on one that is on none.
   */
  unlink(entry: number): void {
    const { link, back, end } = this;
    const before = back[entry];
    const after = link[entry];
    link[before] = after;
    back[after] = before;
    back[entry] = end;
    link[entry] = end;
  }

  /** Takes over the oldest entry for a source and links it first in `bucket`. Returns the entry. */
  take(source: number, bucket: number): number {
    const { link, back, heads } = this;
    const entry = this.oldest;
    this.oldest = entry + 1 === this.capacity ? 0 : entry + 1;
    this.unlink(entry);
    const first = link[heads + bucket];
    this.source[entry] = source;
    link[heads + bucket] = entry;
    back[entry] = heads + bucket;
    link[entry] = first;
    back[first] = entry;
    return entry;
  }
}
