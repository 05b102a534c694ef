// What a process took over a long run, and whether it grows. Pure: knows numbers.

/** One look at the process. */
export interface Sample {
  seconds: number;
  rssKib: number;
  descriptors: number;
  threads: number;
}

/** While tables fill and code is compiled, memory grows by right. */
export const WARM_UP_PART = 0.4;
/** What is left after a garbage collector's work shows a leak; what is there before it shows the load. */
export const WINDOW_SECONDS = 60;
export const SLOPE_KIB_A_MINUTE_MAX = 2048;

/** The steepness of the straight line that fits best, in KiB a minute. */
export function slopeKibAMinute(samples: readonly Sample[]): number {
  const n = samples.length;
  const meanX = samples.reduce((sum, { seconds }) => sum + seconds, 0) / n;
  const meanY = samples.reduce((sum, { rssKib }) => sum + rssKib, 0) / n;
  let above = 0, below = 0;
  for (const { seconds, rssKib } of samples) {
    above += (seconds - meanX) * (rssKib - meanY);
    below += (seconds - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below * 60;
}

/** What is left once the warm-up is over. */
export function warm(samples: readonly Sample[]): Sample[] {
  const from = (samples.at(-1)?.seconds ?? 0) * WARM_UP_PART;
  return samples.filter(({ seconds }) => seconds >= from);
}

/** The least memory of each window: what the collector leaves. */
export function floors(samples: readonly Sample[]): Sample[] {
  const byWindow = new Map<number, Sample>();
  for (const sample of samples) {
    const window = Math.floor(sample.seconds / WINDOW_SECONDS);
    const least = byWindow.get(window);
    if (least === undefined || sample.rssKib < least.rssKib) byWindow.set(window, sample);
  }
  return [...byWindow.values()];
}

/** One sentence for each thing that grows. */
export function soakFaults(samples: readonly Sample[]): string[] {
  const kept = warm(samples);
  const least = floors(kept);
  if (least.length < 4) return [`only ${least.length} minutes after the warm-up: too few to judge`];
  const found: string[] = [];
  const slope = slopeKibAMinute(least);
  if (slope > SLOPE_KIB_A_MINUTE_MAX) {
    found.push(
      `memory grows by ${slope.toFixed(0)} KiB a minute, more than ${SLOPE_KIB_A_MINUTE_MAX}`,
    );
  }
  // The first half's most is what a busy moment takes; the second half may not need more.
  const half = kept.length >> 1;
  for (const what of ["descriptors", "threads"] as const) {
    const most = (part: readonly Sample[]) => Math.max(...part.map((sample) => sample[what]));
    const [before, after] = [most(kept.slice(0, half)), most(kept.slice(half))];
    if (after > before) found.push(`${what} grow from ${before} to ${after}`);
  }
  return found;
}
