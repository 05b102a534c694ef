// `--expect`: were exactly the expected scans found? Knows expectations and events; no capture.

import type { DetectorEvent, ScanEvent } from "../event.ts";
import { printable } from "../format/printable.ts";
import { type Expectation, expectationText, type FieldName, valuesOf } from "./expectation.ts";

/** Scans kept to be compared; a capture with more of them is not one to write expectations for. */
const SCANS_MAX = 100_000;

/** Keys printed for a scan that was not expected: enough to tell it, and to expect it next time. */
const USUAL: readonly FieldName[] = ["source", "shape", "techniques", "ports"];

/** Collects what is found: of each scan the last event, which knows most. */
export class FoundScans {
  private readonly byNumber = new Map<number, ScanEvent>();
  /** Scans that were not kept. */
  lost = 0;

  add(event: DetectorEvent): void {
    if (!("scan" in event)) return;
    if (this.byNumber.size >= SCANS_MAX && !this.byNumber.has(event.scan)) this.lost++;
    else this.byNumber.set(event.scan, event);
  }

  all(): ScanEvent[] {
    return [...this.byNumber.values()];
  }
}

/** What became of the expectations. */
export interface Verdict {
  met: number;
  missing: Expectation[];
  unexpected: ScanEvent[];
}

/**
 * Pairs expectations with scans so that as many as possible are met. An expectation with few keys
 * may fit several scans; which one it takes must not decide whether another finds its own.
 */
export function judge(expectations: readonly Expectation[], found: readonly ScanEvent[]): Verdict {
  const bySource = new Map<string, number[]>();
  for (const [index, { source }] of found.entries()) {
    const indices = bySource.get(source);
    if (indices === undefined) bySource.set(source, [index]);
    else indices.push(index);
  }
  const candidates = expectations.map(({ values }) =>
    (bySource.get(values.get("source")!) ?? []).filter((index) => fits(values, found[index]))
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

function fits(values: ReadonlyMap<FieldName, string>, event: ScanEvent): boolean {
  const own = valuesOf(event, values.keys());
  return [...values].every(([name, value]) => own.get(name) === value);
}

/** True when exactly the expected scans were found. */
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
    // What was found instead, if anything was: most likely a scan of the same source.
    const instead = [...rest].find(({ source }) => source === values.get("source"));
    if (instead === undefined) continue;
    rest.delete(instead);
    lines.push(`+${foundText(instead, [...USUAL, ...values.keys()])}`);
  }
  if (rest.size > 0) lines.push("@@ end @@");
  for (const event of rest) lines.push(`+${foundText(event, USUAL)}`);
  return lines;
}

function foundText(event: ScanEvent, names: readonly FieldName[]): string {
  return printable(expectationText(valuesOf(event, names)));
}
