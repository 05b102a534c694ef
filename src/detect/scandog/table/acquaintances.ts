// What each source used lately: how many things at each host, and each port at how many hosts. Small
// counters, kept whether or not a source ever fails. Knows hashes and counts.
//
// Most clients fail seldom, and nothing else is kept of them before they do; but what they used until
// then speaks for them. Two counters for each hash, of which the smaller is true or too high (a
// count-min sketch); every use of it errs on the side of silence. Two generations, as in `AddressSet`.

/** Counters of each generation: a power of two. */
const COUNTERS = 1 << 18;
/** With one hash for so many counters the generations turn: then one answer of sixty is too high. */
const COUNTERS_PER_HASH = 16;
/** A generation turns at least this often. */
const LIFE_MS = 7_200_000;
const COUNT_MAX = 255;

export class Acquaintances {
  private young = new Uint8Array(COUNTERS);
  private old = new Uint8Array(COUNTERS);
  private added = 0;
  private turnedMs = 0;

  /** One more use. */
  add(hash: number, ms: number): void {
    const a = first(hash), b = second(hash);
    const count = this.count(hash);
    if (this.young[a] === 0 || this.young[b] === 0) {
      if (
        this.added * COUNTERS_PER_HASH > COUNTERS || ((ms - this.turnedMs) >>> 0) > LIFE_MS
      ) this.turn(ms);
      this.added++;
    }
    if (count === COUNT_MAX) return;
    // What is in the old generation goes on in the young one.
    if (this.young[a] <= count) this.young[a] = count + 1;
    if (this.young[b] <= count) this.young[b] = count + 1;
  }

  /** How often, at most 255; may err upwards. */
  count(hash: number): number {
    const a = first(hash), b = second(hash);
    return Math.max(
      Math.min(this.young[a], this.young[b]),
      Math.min(this.old[a], this.old[b]),
    );
  }

  private turn(ms: number): void {
    [this.young, this.old] = [this.old, this.young];
    this.young.fill(0);
    this.added = 0;
    this.turnedMs = ms;
  }
}

function first(hash: number): number {
  return hash & (COUNTERS - 1);
}

function second(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 7 & (COUNTERS - 1);
}
