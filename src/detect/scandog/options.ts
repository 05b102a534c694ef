// The options of the detector, checked. Knows parameters and prefixes.

import type { Prefix } from "../../address.ts";
import type { DetectorOptions, FlowNotes, MayTell, TargetWeight } from "../../detector.ts";
import type { AttemptOutcome } from "../../outcome.ts";
import { defaults, faults, SCANDOG, type Values } from "../../params.ts";
import type { Account } from "./account/account.ts";

export type Sensitivity = "low" | "normal" | "high";

export interface ScandogOptions extends Values<typeof SCANDOG> {
  /** Keys the hashes: random when live, fixed in replay. */
  seed: number;
  /** Monitored addresses; empty when not known. Only says whose replies may stand for a probe. */
  home: readonly Prefix[];
  /** Sources never reported. */
  ignore: readonly Prefix[];
  weigh: readonly TargetWeight[];
  /** Takes notes of decisions; absent: nobody asks. */
  account?: Account;
  /**
   * Takes each outcome that may speak against its source, and what is to be taken back of those; absent: nobody
   * asks. Called while packets are judged, so it must return soon.
   */
  takeOutcome?: (outcome: AttemptOutcome) => void;
  /**
   * Asked before a scan (its running number) is told, and again while it is not told; absent: each may be. Must be
   * quick.
   */
  mayTell?: (scan: number) => MayTell;
  /** Takes flows of which no more segments are needed; absent: nobody leaves them out. */
  flows?: FlowNotes;
}

/** Thresholds times this: what is hard to tell apart is then left out, or let in. */
const SCALE: Record<Sensitivity, number> = { low: 2, normal: 1, high: 0.5 };
const SCALED = ["scanWeight", "sweepHosts", "blockTargets"] as const;

/** All options from some, for one sensitivity. Given values are taken as they are. */
export function scandogOptions(
  given: Partial<ScandogOptions> = {},
  sensitivity: Sensitivity = "normal",
): ScandogOptions {
  const values = defaults(SCANDOG);
  for (const key of SCALED) {
    const { min, max } = SCANDOG[key];
    const scaled = Math.ceil(values[key] * SCALE[sensitivity]);
    values[key] = Math.min(max, Math.max(min, scaled));
  }
  return { seed: 1, home: [], ignore: [], weigh: [], ...values, ...given };
}

/** Options that are asked anew for each failure. All others are part of what tables hold, or of how much. */
const ASKED_ANEW: ReadonlySet<string> = new Set([
  "scanWeight",
  "sweepHosts",
  "blockTargets",
  "failureRatio",
  "networkFactor",
  "groupSources",
  "exoticWeight",
  "privilegedWeight",
  "portWeight",
]);

/** Takes other options; false, and nothing is changed, when one of them cannot be changed. Throws as `checkOptions`. */
export function takeOptions(options: ScandogOptions, given: DetectorOptions): boolean {
  const { values, home, ignore, weigh = [] } = given;
  if (JSON.stringify(home) !== JSON.stringify(options.home)) return false;
  const before = options as unknown as Record<string, unknown>;
  for (const key of Object.keys(SCANDOG)) {
    if (!ASKED_ANEW.has(key) && values[key] !== before[key]) return false;
  }
  const next = { ...options, ...values, ignore, weigh };
  checkOptions(next);
  Object.assign(options, next);
  return true;
}

/** Values that contradict each other, one sentence each; each alone is in its range. */
export function relationFaults(values: Values<typeof SCANDOG>): string[] {
  const found: string[] = [];
  // A single target must never be a scan, whatever it weighs.
  if (values.scanWeight <= values.exoticWeight || values.scanWeight <= values.privilegedWeight) {
    found.push("--scan-weight must be above the weight of any single port");
  }
  // What ends a scan must not be longer than what is remembered, or its end would come first.
  if (values.endSilence > values.remember) {
    found.push("--end-silence must be at most --remember");
  }
  return found;
}

/** Throws when a value is out of its range or two contradict each other. */
export function checkOptions(options: ScandogOptions): void {
  const found = [...faults(SCANDOG, options), ...relationFaults(options)];
  if (found.length > 0) throw new RangeError(`Cannot create ScandogDetector: ${found.join("; ")}`);
}
