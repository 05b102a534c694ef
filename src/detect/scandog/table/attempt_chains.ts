// The failed attempts of a subject, and all attempts of a source: each links to the one before it, from the latest
// on. A place in the table of attempts may have been taken over since; there the chain ends. Knows attempts and
// subjects.

import type { Tables } from "./tables.ts";

type Chains = Pick<Tables, "table" | "subjects">;

/** True for an attempt of the subject. */
export function isOf({ table, subjects }: Chains, slot: number, subject: number): boolean {
  return table.isSource(slot, subjects.words, subjects.addressAt(subject));
}

/** The attempt in this slot is the subject's latest that failed. */
export function addFailed({ table, subjects }: Chains, subject: number, slot: number): void {
  table.link.set(slot, subjects.head.of(subject));
  subjects.head.set(subject, slot + 1);
}

/** The slot of a subject's latest failed attempt; -1: it is not known any longer. */
export function latestFailed(tables: Chains, subject: number): number {
  const slot = tables.subjects.head.of(subject) - 1;
  return slot >= 0 && isOf(tables, slot, subject) ? slot : -1;
}

/** Calls `take` with a subject's failed attempts, the latest first and at most `max`, until it says false. */
export function eachFailed(
  tables: Chains,
  subject: number,
  max: number,
  take: (slot: number) => boolean | void,
): void {
  const { table } = tables;
  let slot = tables.subjects.head.of(subject) - 1;
  for (let i = 0; i < max && slot >= 0 && isOf(tables, slot, subject); i++) {
    // What takes it may link it elsewhere.
    const next = table.link.of(slot) - 1;
    if (take(slot) === false) return;
    slot = next;
  }
}

/**
 * Calls `take` with a source's attempts, whatever became of them, the latest first and at most `max`, until it says
 * false. `source`: the hash of its address.
 */
export function eachAttempt(
  { table, heads }: Pick<Tables, "table" | "heads">,
  source: number,
  max: number,
  take: (slot: number) => boolean | void,
): void {
  let slot = heads.latest(source) - 1, beforeUs = Infinity;
  for (let i = 0; i < max && slot >= 0; i++) {
    const firstUs = table.firstUs(slot);
    // A place that was taken over leads elsewhere, or forward in time.
    if (table.sourceHash(slot) !== source || firstUs > beforeUs) return;
    beforeUs = firstUs;
    if (take(slot) === false) return;
    slot = table.earlier.of(slot) - 1;
  }
}
