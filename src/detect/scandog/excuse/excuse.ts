// What an excuse is: an innocent reason for an attempt, as a question that changes nothing. Its name, its words
// and its witness stand in src/decision.ts, under its code.

export interface Excuse {
  /** One of `Decision`. */
  decision: number;
  /** The targets it is asked of: bits of `TargetClass`. */
  targets: number;
  /** True when it explains the attempt in this slot. */
  holds(slot: number): boolean;
  /** What it costs that it held: what it rests on explains so many attempts and no more. */
  spend?(slot: number): void;
}

/** The bit of a target class. */
export function targetBit(targetClass: number): number {
  return 1 << targetClass;
}
