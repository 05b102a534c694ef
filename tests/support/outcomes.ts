// Outcomes of attempts, made for tests.

import type { AttemptOutcome } from "../../src/outcome.ts";

/** 2026-01-01. */
export const OUTCOME_START_US = 1_767_225_600_000_000;

/** A refused SYN to port 22, or what `given` makes of it. */
export function attemptOutcome(given: Partial<AttemptOutcome> = {}): AttemptOutcome {
  const firstUs = given.firstUs ?? OUTCOME_START_US;
  return {
    source: "198.51.100.7",
    destination: "203.0.113.10",
    target: "tcp",
    port: 22,
    sourcePort: 40000,
    outcome: "refused",
    witness: "target",
    techniques: ["syn"],
    facts: ["closed"],
    firstUs,
    latestUs: given.latestUs ?? firstUs,
    settledUs: given.settledUs ?? firstUs + 1000,
    packets: 1,
    replyBytes: 0,
    interface: 0,
    ttl: 50,
    trafficClass: 0,
    tcpFlags: 2,
    ipVersion: 4,
    window: 1024,
    ipId: 0,
    size: 0,
    options: "none",
    dontFragment: false,
    sequence: 1000,
    acknowledgement: 0,
    signature: 77,
    linkSource: 0,
    uses: { all: 0, host: 0, port: 0 },
    ...given,
  };
}
