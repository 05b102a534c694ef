// What a source used before it failed, in sixteen bits: the port that it used most, and how often. Knows
// target keys and counts. A client that fails at eight servers has used five hundred before, though
// nothing was kept of it then.
//
// One candidate, as in Boyer and Moore's vote: another port's use takes one from it. The port is kept
// as eight bits of its hash, above the count.

const COUNT_MAX = 255;

/** The credit after one more use of a port. `hash`: of the target key, keyed. */
export function addCredit(credit: number, hash: number): number {
  const port = hash >>> 24, count = credit & COUNT_MAX;
  if (count === 0) return port << 8 | 1;
  if (credit >>> 8 !== port) return credit - 1;
  return count === COUNT_MAX ? credit : credit + 1;
}

/** How often a port was used, by the credit. */
export function creditFor(credit: number, hash: number): number {
  return credit >>> 8 === hash >>> 24 ? credit & COUNT_MAX : 0;
}
