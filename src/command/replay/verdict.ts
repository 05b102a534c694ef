// The end of a replay: the summary, whether the expectations are met, and the exit status.

import { BadUsage, CannotRun, Exit, reasonOf } from "../../failure.ts";
import { plural } from "../../format/figures.ts";
import type { ReplayTotals } from "../../pipeline.ts";
import { readSmallText } from "../../system/small_file.ts";
import { type Expectation, parseExpectations } from "../../verdict/expectation.ts";
import { differenceLines, type Findings, isMet, judge } from "../../verdict/judge.ts";
import type { Diagnostics } from "../diagnostics.ts";
import { hasSummary, summaryLines } from "../summary.ts";
import { writeError } from "../terminal.ts";

/** What a replay found, and what was expected of it. */
export interface Outcome {
  scans: number;
  visits: number;
  found: Findings;
  expectations: Expectation[] | undefined;
  /** The file that the expectations are from. */
  expect: string | undefined;
  failOnScan: boolean;
}

/** Says everything that is said after the last packet, the worst last. Gives the exit status. */
export function conclude(totals: ReplayTotals, outcome: Outcome, say: Diagnostics): number {
  const { scans, visits, found, expectations, expect, failOnScan } = outcome;
  // Of a file that could not even be opened there is nothing to sum up.
  if (hasSummary(totals)) {
    for (const line of summaryLines(totals, scans, visits)) say.notice(line);
  }
  let status: number = Exit.Done;
  if (failOnScan && scans > 0) {
    status = Exit.Unmet;
    say.error(`--fail-on-scan: ${plural(scans, "scan")} found`);
  }
  const isWhole = totals.faults.length === 0;
  if (expectations !== undefined && !meets(expectations, found, expect!, isWhole, say)) {
    status = Exit.Unmet;
  }
  for (const fault of totals.faults) say.error(fault);
  return totals.faults.length > 0 ? Exit.CannotRun : status;
}

/** True when exactly what was expected was found; says what differs. `isWhole`: all was read. */
export function meets(
  expectations: Expectation[],
  found: Findings,
  file: string,
  isWhole: boolean,
  say: Diagnostics,
): boolean {
  const verdict = judge(expectations, found.all());
  if (isMet(verdict) && found.lost === 0) {
    if (isWhole) say.notice(`--expect ${file}: all ${verdict.met} met`);
    return true;
  }
  const { met, missing, unexpected } = verdict;
  say.error(
    `--expect ${file}: ${missing.length} missing, ${unexpected.length + found.lost} unexpected, ` +
      `${met} as expected`,
  );
  for (const line of differenceLines(file, verdict)) writeError(`${line}\n`);
  return false;
}

/** Reads a file of expectations. Throws `CannotRun`, or `BadUsage` with every fault in it. */
export function readExpectations(file: string): Expectation[] {
  let text: string;
  try {
    text = readSmallText(file);
  } catch (error) {
    throw new CannotRun(`--expect ${file}: cannot be read: ${reasonOf(error)}`);
  }
  if (text.includes("\0")) throw new BadUsage([`--expect ${file}: is no text; name another file`]);
  const { expectations, faults } = parseExpectations(file, text);
  if (faults.length > 0) throw new BadUsage(faults);
  return expectations;
}
