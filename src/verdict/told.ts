// The content of a report on a replay, in any form.

import {
  type Expectation,
  expectationText,
  type FieldName,
  type Finding,
  namesFor,
  valuesOf,
} from "./expectation.ts";
import type { Verdict } from "./judge.ts";

/** What a report tells. */
export interface Told {
  /** All captures, in order. */
  files: readonly string[];
  /** The file of expectations; undefined: no scan was expected, and floods are told but not compared. */
  expect?: string;
  expectations: readonly Expectation[];
  found: readonly Finding[];
  verdict: Verdict;
  /** Captures that were not read to their end, a sentence each. */
  faults: readonly string[];
}

const USUAL: readonly FieldName[] = ["source", "destination", "shape", "techniques", "ports"];

/** A scan or a flood in the words of an expectation. */
export function findingText(event: Finding): string {
  return expectationText(valuesOf(event, namesFor(event, USUAL)));
}
