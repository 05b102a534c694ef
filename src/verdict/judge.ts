// `--expect`: were exactly the expected scans and floods found? Knows expectations and events; no capture.

import type { DetectorEvent } from "../event.ts";
import { printable } from "../format/printable.ts";
import {
  type Expectation,
  expectationText,
  type FieldName,
  type Finding,
  namesFor,
  subjectOf,
  valuesOf,
} from "./expectation.ts";

/** Scans kept to be compared; a capture with more of them is not one to write expectations for. */
const SCANS_MAX = 100_000;

/** Keys printed for a scan that was not expected: enough to tell it, and to expect it next time. */
const USUAL: readonly FieldName[] = ["source", "shape", "techniques", "ports"];

/** Collects what is found: of each scan and each flood the last event, which knows most. */
export class Findings {
  private readonly scans = new Map<number, Finding>();
  private readonly floods = new Map<number, Finding>();
  /** Those that were not kept. */
  lost = 0;

  add(event: DetectorEvent): void {
    if ("scan" in event) this.keep(this.scans, event.scan, event);
    else if (event.action === "flood") this.keep(this.floods, event.story, event);
  }

  private keep(kept: Map<number, Finding>, number: number, event: Finding): void {
    if (kept.size >= SCANS_MAX && !kept.has(number)) this.lost++;
    else kept.set(number, event);
  }

  all(): Finding[] {
    return [...this.scans.values(), ...this.floods.values()];
  }
}

/** What became of the expectations. */
export interface Verdict {
  met: number;
  missing: Expectation[];
  unexpected: Finding[];
}

/**
 * Pairs expectations with scans and floods so that as many as possible are met. An expectation with few keys may fit
 * several; which one it takes must not decide whether another finds its own. `expectations`: undefined where nobody
 * wrote any; then no scan is expected, and floods are not compared.
 */
export function judge(
  expectations: readonly Expectation[] | undefined,
  found: readonly Finding[],
): Verdict {
  if (expectations === undefined) {
    return { met: 0, missing: [], unexpected: found.filter(({ action }) => action !== "flood") };
  }
  const bySubject = new Map<string, number[]>();
  for (const [index, event] of found.entries()) {
    const subject = subjectIn(event);
    const indices = bySubject.get(subject);
    if (indices === undefined) bySubject.set(subject, [index]);
    else indices.push(index);
  }
  const candidates = expectations.map(({ values }) =>
    (bySubject.get(subjectOf(values)) ?? []).filter((index) => fits(values, found[index]))
  );
  /** By scan: the expectation that it meets. */
  const taken = new Array<number | undefined>(found.length);

  // Augmenting paths (Kuhn's algorithm): a scan that is taken may be freed if its expectation can
  // have another one.
  const assign = (expectation: number, tried: Set<number>): boolean => {
    for (const index of candidates[expectation]) {
      if (tried.has(index)) continue;
      tried.add(index);
      const holder = taken[index];
      if (holder === undefined || assign(holder, tried)) {
        taken[index] = expectation;
        return true;
      }
    }
    return false;
  };
  const missing = expectations.filter((_, expectation) => !assign(expectation, new Set()));
  return {
    met: expectations.length - missing.length,
    missing,
    unexpected: found.filter((_, index) => taken[index] === undefined),
  };
}

function subjectIn(event: Finding): string {
  return subjectOf(valuesOf(event, event.action === "flood" ? ["destination"] : ["source"]));
}

function fits(values: ReadonlyMap<FieldName, string>, event: Finding): boolean {
  const own = valuesOf(event, values.keys());
  return [...values].every(([name, value]) => own.get(name) === value);
}

/** True when exactly what was expected was found. */
export function isMet({ missing, unexpected }: Verdict): boolean {
  return missing.length === 0 && unexpected.length === 0;
}

/**
 * The difference in the manner of `diff -u`: `-` expected and not found, `+` found and not expected.
 * A `+` line can be copied into the file.
 */
export function differenceLines(file: string, verdict: Verdict): string[] {
  const rest = new Set(verdict.unexpected);
  const lines = [`--- ${file}`, "+++ found"];
  for (const { line, values } of verdict.missing) {
    lines.push(`@@ line ${line} @@`, `-${expectationText(values)}`);
    // What was found instead, if anything was: most likely a scan of the same source, or a flood of the same target.
    const instead = [...rest].find((event) => subjectIn(event) === subjectOf(values));
    if (instead === undefined) continue;
    rest.delete(instead);
    lines.push(`+${foundText(instead, [...namesFor(instead, USUAL), ...values.keys()])}`);
  }
  if (rest.size > 0) lines.push("@@ end @@");
  for (const event of rest) lines.push(`+${foundText(event, namesFor(event, USUAL))}`);
  return lines;
}

function foundText(event: Finding, names: readonly FieldName[]): string {
  return printable(expectationText(valuesOf(event, names)));
}
