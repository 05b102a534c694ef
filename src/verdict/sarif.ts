// A verdict as SARIF 2.1.0 (OASIS): a result for each scan found, and for each one that is missing.

import { rfc3339 } from "../format/zone.ts";
import { VERSION } from "../version.ts";
import { expectationText } from "./expectation.ts";
import { scanText, type Told } from "./told.ts";

const RULES = {
  "unexpected-scan": "A scan that no expectation names",
  "expected-scan": "A scan that an expectation names",
  "missing-scan": "An expected scan that was not found",
} as const;

/** The whole text. */
export function sarif({ files, expect, found, verdict, faults }: Told): string {
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
