// Packets a second, on average and at most. Knows counts and times; a flood's packets come judged, so some
// seconds late and not in order.

/** Seconds that are counted at once: longer than an attempt can wait for its answer. */
const SECONDS = 64;
const SECOND_US = 1e6;

export class Rate {
  private readonly counts = new Int32Array(SECONDS);
  /** Which second each place counts, since 1970. */
  private readonly seconds = new Float64Array(SECONDS);
  private most = 0;

  clear(): void {
    this.counts.fill(0);
    this.seconds.fill(0);
    this.most = 0;
  }

  /** So many packets came between two times, evenly. */
  add(fromUs: number, toUs: number, packets: number): void {
    const first = Math.floor(fromUs / SECOND_US);
    const span = Math.min(SECONDS, Math.max(1, Math.floor(toUs / SECOND_US) - first + 1));
    for (let i = 0; i < span; i++) {
      this.note(first + i, Math.floor(packets * (i + 1) / span) - Math.floor(packets * i / span));
    }
  }

  private note(second: number, packets: number): void {
    const at = second % SECONDS;
    if (second < this.seconds[at]) return; // too late to matter
    if (second > this.seconds[at]) {
      this.seconds[at] = second;
      this.counts[at] = 0;
    }
    this.counts[at] += packets;
    if (this.counts[at] > this.most) this.most = this.counts[at];
  }

  /** Of so many packets in all, in so many microseconds. Of less than a second: as many as it would be in one. */
  of(packets: number, us: number): { mean: number; peak: number } {
    const mean = Math.round(packets / Math.max(us / SECOND_US, 0.001));
    return { mean, peak: us < SECOND_US ? mean : Math.max(mean, this.most) };
  }
}
