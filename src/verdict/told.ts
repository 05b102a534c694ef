// What a report on a replay tells, whatever its form.

import type { ScanEvent } from "../event.ts";
import { type Expectation, expectationText, type FieldName, valuesOf } from "./expectation.ts";
import type { Verdict } from "./judge.ts";

/** What a report tells. */
export interface Told {
  /** All captures, in order. */
  files: readonly string[];
  /** The file of expectations; undefined: no scan was expected. */
  expect?: string;
  expectations: readonly Expectation[];
  found: readonly ScanEvent[];
  verdict: Verdict;
  /** Captures that were not read to their end, a sentence each. */
  faults: readonly string[];
}

const USUAL: readonly FieldName[] = ["source", "destination", "shape", "techniques", "ports"];

/** A scan in the words of an expectation. */
export function scanText(event: ScanEvent): string {
  return expectationText(valuesOf(event, USUAL));
}
