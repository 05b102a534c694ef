// A verdict as SARIF 2.1.0 (OASIS): a result for each scan or flood found, and for each one that is missing.

import { rfc3339 } from "../format/zone.ts";
import { VERSION } from "../version.ts";
import { expectationText, type Finding } from "./expectation.ts";
import { findingText, type Told } from "./told.ts";

const RULES = {
  "unexpected-scan": "A scan that no expectation names",
  "expected-scan": "A scan that an expectation names",
  "missing-scan": "An expected scan that was not found",
  "flood": "A flood, where none is compared",
  "unexpected-flood": "A flood that no expectation names",
  "expected-flood": "A flood that an expectation names",
  "missing-flood": "An expected flood that was not found",
} as const;
type Rule = keyof typeof RULES;

/** The whole text. */
export function sarif({ files, expect, found, verdict, faults }: Told): string {
  const unexpected = new Set(verdict.unexpected);
  // A scan does not say which of several captures it was in.
  const captures = files.length === 1 && files[0] !== "-" ? [location(files[0])] : [];
  const results = [
    ...found.map((event) => {
      const surprising = unexpected.has(event);
      return {
        ruleId: ruleOf(event, surprising, expect !== undefined),
        level: surprising ? "error" : "note",
        message: { text: `${findingText(event)} from ${rfc3339(event.startUs)} on` },
        locations: captures,
      };
    }),
    ...verdict.missing.map(({ line, values }) => ({
      ruleId: values.get("shape") === "flood" ? "missing-flood" : "missing-scan" satisfies Rule,
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

function ruleOf({ action }: Finding, isUnexpected: boolean, isCompared: boolean): Rule {
  if (action !== "flood") return isUnexpected ? "unexpected-scan" : "expected-scan";
  if (!isCompared) return "flood";
  return isUnexpected ? "unexpected-flood" : "expected-flood";
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
