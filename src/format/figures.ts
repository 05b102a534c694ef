// Numbers as people read them. The same text for the same number everywhere, whatever the locale:
// output is compared in tests and by other people's programs.

/** `1234567` to `1,234,567`. */
export function grouped(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 scan`, `1,234 scans`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Three digits that count: `999`, `1.23 thousand`, `45.6 million`, `7.89 billion`. */
export function rounded(count: number): string {
  return scaled(count, 1000, ["", " thousand", " million", " billion", " trillion"]);
}

/** SI units, as disks and networks are sold: `999 B`, `1.23 kB`, `45.6 MB`. */
export function byteText(count: number): string {
  return scaled(count, 1000, [" B", " kB", " MB", " GB", " TB", " PB"]);
}

function scaled(count: number, step: number, units: readonly string[]): string {
  let unit = 0;
  // 999.5 and up would print as 1000.
  while (count >= step - 0.5 && unit < units.length - 1) {
    count /= step;
    unit++;
  }
  if (unit === 0) return `${Math.round(count)}${units[0]}`;
  const digits = count >= 99.95 ? 0 : count >= 9.995 ? 1 : 2;
  return `${count.toFixed(digits)}${units[unit]}`;
}

/**
 * A length of time in at most two units: `850 us`, `12 ms`, `1.2 s`, `3 min 20 s`, `5 h`,
 * `2 d 3 h`. Less than nothing (a clock that stepped back) is `0 s`.
 */
export function durationText(us: number): string {
  if (!(us > 0)) return "0 s";
  if (us < 999.5) return `${Math.round(us)} us`;
  if (us < 999_500) return `${Math.round(us / 1000)} ms`;
  if (us < 59_950_000) return `${(us / 1e6).toFixed(1)} s`;
  const seconds = Math.round(us / 1e6);
  if (seconds < 3600) return pair(seconds, 60, "min", 1, "s");
  if (seconds < 86400) return pair(seconds, 3600, "h", 60, "min");
  return pair(seconds, 86400, "d", 3600, "h");
}

function pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string) {
  const rest = Math.floor(seconds % big / small);
  const whole = `${Math.floor(seconds / big)} ${bigUnit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallUnit}`;
}
