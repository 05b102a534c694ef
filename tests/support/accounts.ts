// Accounts for tests: one of each, to be changed where a test wants it otherwise.

import type { AttemptAccount, Explanation, SourceAccount } from "../../src/account.ts";

/** 2026-11-21 22:14:52.123456. */
export const TIME_US = Date.parse("2026-11-21T22:14:52.123Z") * 1000 + 456;

export function attemptAccount(change: Partial<AttemptAccount> = {}): AttemptAccount {
  return {
    source: "10.9.0.2",
    sourcePort: 50000,
    destination: "10.9.0.1",
    target: "tcp",
    port: 22,
    timeUs: TIME_US,
    techniques: ["syn"],
    outcome: "refused",
    decision: "counted",
    weighed: { weight: 3, points: 6, portRule: "privileged", hostRule: "failed" },
    ...change,
  };
}

export function sourceAccount(change: Partial<SourceAccount> = {}): SourceAccount {
  return {
    source: "10.9.0.2",
    scanned: false,
    startUs: TIME_US,
    endUs: TIME_US + 90_000_000,
    attempts: 4,
    outcomes: { refused: 3, used: 1 },
    decisions: { counted: 3, used: 1 },
    weight: 9,
    points: 18,
    thresholds: [
      { rule: "ports", reached: 9, enough: 21, on: "10.9.0.1" },
      { rule: "hosts", reached: 6, enough: 48, on: "tcp 22" },
    ],
    scans: [],
    scanCount: 0,
    restarts: 0,
    gated: 0,
    dismissed: 0,
    partial: false,
    listed: [],
    ...change,
  };
}

export function explanationOf(...sources: SourceAccount[]): Explanation {
  return { sources, leftOut: 0, gated: 0, absent: [], floods: [] };
}
