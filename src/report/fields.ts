// Reads members of foreign JSON: each has the expected type, or counts as absent. Knows no event.

/** An object of a line; anything else is an empty one. */
export type Members = Readonly<Record<string, unknown>>;

/** Longer text in a log is not ours. */
const TEXT_UNITS_MAX = 1000;
/** As many as there are ports. */
const LIST_MAX = 65_536;
/** Times outside are no times of packets. 0001-01-01 and 9999-12-31. */
const TIME_US_MIN = -62_135_596_800e6;
const TIME_US_MAX = 253_402_300_799e6;

export function members(value: unknown): Members {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value as Members : {};
}

/** Text of reasonable length, cut where it is not. Undefined for what is none, and for nothing. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return value.length > TEXT_UNITS_MAX ? `${value.slice(0, TEXT_UNITS_MAX)}...` : value;
}

/** A count: finite, whole, not negative. */
export function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** An array of text, or the older form of it: one text with commas. */
export function listOf(value: unknown): string[] {
  const items = typeof value === "string" ? value.split(",", LIST_MAX) : value;
  if (!Array.isArray(items)) return [];
  const texts: string[] = [];
  for (const item of items.slice(0, LIST_MAX)) {
    const text = textOf(typeof item === "number" ? `${item}` : item);
    if (text !== undefined) texts.push(text.trim());
  }
  return texts;
}

const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

/** RFC 3339 to microseconds since 1970; undefined for what is no time. */
export function timeOf(value: unknown): number | undefined {
  const found = typeof value === "string" ? RFC_3339.exec(value) : null;
  if (found === null) return undefined;
  const seconds = Date.parse(`${found[1]}${found[3].toUpperCase()}`) / 1000;
  const us = seconds * 1e6 + Number((found[2] ?? "").padEnd(6, "0").slice(0, 6));
  return us >= TIME_US_MIN && us <= TIME_US_MAX ? us : undefined;
}
