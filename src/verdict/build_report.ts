// `--report`: the verdict on a replay in a form that build servers show. Knows scans, verdicts and the
// two formats; nothing of how they came about.
//
// JUnit: a test for each expectation, and a failed one for each scan that was not expected. SARIF
// 2.1.0: a result for each scan found, and for each one that is missing.

import type { ScanEvent } from "../event.ts";
import { rfc3339 } from "../format/zone.ts";
import { VERSION } from "../version.ts";
import type { Verdict } from "./judge.ts";
import { type Expectation, expectationText, type FieldName, valuesOf } from "./expectation.ts";

export const REPORT_FORMATS = ["junit", "sarif"] as const;

export type ReportFormat = typeof REPORT_FORMATS[number];

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

/** The whole text of a report. */
export function reportText(format: ReportFormat, told: Told): string {
  return format === "junit" ? junit(told) : sarif(told);
}

const USUAL: readonly FieldName[] = ["source", "destination", "shape", "techniques", "ports"];

function scanText(event: ScanEvent): string {
  return expectationText(valuesOf(event, USUAL));
}

function junit({ files, expect, expectations, verdict, faults }: Told): string {
  const { missing, unexpected } = verdict;
  const failures = missing.length + unexpected.length;
  const className = xml(expect ?? "no scan expected");
  const testCase = (name: string, inner = "") =>
    `    <testcase classname="${className}" name="${xml(name)}"${
      inner === "" ? "/>" : `>${inner}</testcase>`
    }`;
  const cases = [
    ...expectations.map((expectation) =>
      testCase(
        expectationText(expectation.values),
        missing.includes(expectation)
          ? `<failure message="line ${expectation.line}: not found"/>`
          : "",
      )
    ),
    ...unexpected.map((event) => testCase(scanText(event), `<failure message="not expected"/>`)),
    ...faults.map((fault) => testCase("reading", `<error message="${xml(fault)}"/>`)),
  ];
  // A suite without a test looks like one that did not run.
  if (cases.length === 0) cases.push(testCase("no scan"));
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites tests="${cases.length}" failures="${failures}" errors="${faults.length}">`,
    `  <testsuite name="${xml(`scandog replay ${files.join(" ")}`)}" tests="${cases.length}" ` +
    `failures="${failures}" errors="${faults.length}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** Text for XML 1.0: what it has no place for becomes a question mark. */
function xml(text: string): string {
  const allowed = [...text].map((char) => /[\t\n\r -\ud7ff\ue000-\ufffd]/u.test(char) ? char : "?");
  return allowed.join("").replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("\n", "&#10;");
}

const RULES = {
  "unexpected-scan": "A scan that no expectation names",
  "expected-scan": "A scan that an expectation names",
  "missing-scan": "An expected scan that was not found",
} as const;

function sarif({ files, expect, found, verdict, faults }: Told): string {
  const unexpected = new Set(verdict.unexpected);
  // A scan does not say which of several captures it was in.
  const captures = files.length === 1 && files[0] !== "-" ? [location(files[0])] : [];
  const results = [
    ...found.map((event) => {
      const surprising = unexpected.has(event);
      return {
        ruleId: surprising ? "unexpected-scan" : "expected-scan",
        level: surprising ? "error" : "note",
        message: { text: `${scanText(event)} from ${rfc3339(event.startUs)} on` },
        locations: captures,
      };
    }),
    ...verdict.missing.map(({ line, values }) => ({
      ruleId: "missing-scan",
      level: "error",
      message: { text: expectationText(values) },
      locations: [location(expect!, line)],
    })),
  ];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "scandog",
          version: VERSION,
          rules: Object.entries(RULES).map(([id, text]) => ({
            id,
            shortDescription: { text },
          })),
        },
      },
      invocations: [{
        executionSuccessful: faults.length === 0,
        toolExecutionNotifications: faults.map((text) => ({ level: "error", message: { text } })),
      }],
      results,
    }],
  };
  return JSON.stringify(log, null, 2) + "\n";
}

function location(path: string, line?: number) {
  const uri = path.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri: path.startsWith("/") ? `file://${uri}` : uri },
      ...(line !== undefined && { region: { startLine: line } }),
    },
  };
}
