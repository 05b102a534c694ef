// A verdict as JUnit XML: a test for each expectation, and a failed one for each scan or flood
// that was not expected. Elements and attributes are those that Jenkins, GitLab and their kin have in common.

import { expectationText } from "./expectation.ts";
import { findingText, type Told } from "./told.ts";

/** The whole text. */
export function junit({ files, expect, expectations, verdict, faults }: Told): string {
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
          ? `<failure type="missing" message="line ${expectation.line}: not found"/>`
          : "",
      )
    ),
    ...unexpected.map((event) =>
      testCase(findingText(event), `<failure type="unexpected" message="not expected"/>`)
    ),
    ...faults.map((fault) =>
      testCase("reading", `<error type="reading" message="${xml(fault)}"/>`)
    ),
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
