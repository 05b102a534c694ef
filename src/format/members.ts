// JSON objects as lines of at most so many bytes: lists are shortened first, then whole members are
// left out, the least telling first. So a line is whole JSON whatever its bound, and nobody after this
// has to cut it. Knows JSON; no event.

/** An object to be printed; members that are undefined are left out. */
export type Members = { [name: string]: unknown };

/** Makes the object, with at most the given number of items in each list that may be shortened. */
export type Make = (itemsMax: number) => Members;

/** One line without its end: ASCII only, so that no terminal or log reader can be led astray. */
export function printed(members: Members): string {
  return JSON.stringify(members, finiteOnly).replace(/[^\x20-\x7e]/g, escapeUnit);
}

/** JSON would print a number that is none as null. */
function finiteOnly(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * One line of at most `bytesMax` bytes. `leftOut`: paths of members that may go where shortening the
 * lists is not enough, in this order; `scandog.truncated` says so then. What is named nowhere in it
 * stays whatever the bound.
 */
export function boundedLine(make: Make, leftOut: readonly string[], bytesMax: number): string {
  const whole = printed(make(Infinity));
  if (whole.length <= bytesMax) return whole;
  // An item takes four bytes at least (`"1",`), so the longest list that fits has fewer than that.
  let fits = -1, low = 0, high = Math.ceil(bytesMax / 4);
  let line = whole;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const tried = printed(make(middle));
    if (tried.length <= bytesMax) [fits, line, low] = [middle, tried, middle + 1];
    else high = middle - 1;
  }
  return fits >= 0 ? line : without(make(0), leftOut, bytesMax);
}

function without(members: Members, leftOut: readonly string[], bytesMax: number): string {
  members.scandog = { ...members.scandog as Members, truncated: true };
  let line = printed(members);
  for (let i = 0; i < leftOut.length && line.length > bytesMax; i++) {
    remove(members, leftOut[i].split("."));
    line = printed(members);
  }
  return line;
}

function remove(members: Members, [name, ...rest]: string[]): void {
  const inner = members[name];
  if (rest.length === 0 || inner === undefined) delete members[name];
  else remove(inner as Members, rest);
}

/** The first `itemsMax` items of a list. */
export interface Shortened {
  items: string[];
  truncated: true | undefined;
}

/** Undefined stays so. */
export function shortened(list: readonly string[], itemsMax: number): Shortened {
  const isCut = list.length > itemsMax;
  return { items: isCut ? list.slice(0, itemsMax) : [...list], truncated: isCut || undefined };
}
