// The detectors that `--profile` chooses from: their numbers, what may be wrong with these, and how
// each is made. The one place that knows all of them. A detector's code is loaded when it is made: a
// replay starts sooner with one of them, and while the capture thread starts as well.

import type { Prefix } from "../address.ts";
import {
  classicFaults,
  type ClassicValues,
  type Rules,
  SCANLOGD_1_RULES,
  SCANLOGD_2_RULES,
} from "../detect/classic/rules.ts";
import {
  relationFaults,
  type ScandogOptions,
  scandogOptions,
  type Sensitivity,
} from "../detect/scandog/options.ts";
import type { AskInsight } from "../insight.ts";
import type { Visits } from "../detect/scandog/beside/visit/visits.ts";
import type { Profile } from "../event.ts";
import { defaults, faults, SCANDOG, type Tunables, type Values } from "../params.ts";
import type { MakeDetector, TargetWeight } from "../detector.ts";
import type { AttemptOutcome } from "../outcome.ts";

/** What a detector is told besides its numbers. */
export interface DetectorSettings {
  /** Monitored addresses; empty: not said. */
  home: Prefix[];
  /** Sources never reported. */
  ignore: Prefix[];
  /** What failed attempts at some targets weigh, for the detector that weighs; absent: as all others. */
  weigh?: readonly TargetWeight[];
  /** Keys the hashes: random when live, fixed in replay. */
  seed: number;
  /** Is given what scanners found open, where the detector remembers it. */
  keepVisits?: (visits: Visits) => void;
  /** Is given whom to ask about sources near to a threshold; costs a tenth of the detector's time. */
  keepInsight?: (ask: AskInsight) => void;
  /** Is given outcomes, of the detector that has some: see `ScandogOptions`. Absent: none is made. */
  takeOutcome?: (outcome: AttemptOutcome) => void;
}

/** One value of `--profile`. */
export interface ProfileRow {
  tunables: Tunables;
  /** The numbers when none is given. */
  defaults(sensitivity: Sensitivity): Record<string, number>;
  /** What is wrong with the numbers, alone or together: one sentence a fault. */
  faults(values: Record<string, number>): string[];
  make(values: Record<string, number>, settings: DetectorSettings): Promise<MakeDetector>;
}

function classic(rules: Rules): ProfileRow {
  return {
    tunables: rules.tunables,
    defaults: () => defaults(rules.tunables),
    faults: (values) => classicFaults(rules, values as ClassicValues),
    async make(values, settings) {
      const { ClassicDetector } = await import("../detect/classic/detector.ts");
      const { PrefixFilter } = await import("../detect/prefix_filter.ts");
      return (records, emit) => {
        const options = { rules, values: values as ClassicValues };
        const detector = new ClassicDetector(records, options, emit);
        const all = settings.home.length === 0 && settings.ignore.length === 0;
        return all ? detector : new PrefixFilter(records, settings, detector);
      };
    },
  };
}

type ScandogValues = Values<typeof SCANDOG>;

const SCANDOG_ROW: ProfileRow = {
  tunables: SCANDOG,
  defaults: (sensitivity) =>
    Object.fromEntries(
      Object.entries(scandogOptions({}, sensitivity)).filter(([key]) => key in SCANDOG),
    ) as Record<string, number>,
  faults: (values) => {
    const found = faults(SCANDOG, values as ScandogValues);
    return found.length > 0 ? found : relationFaults(values as ScandogValues);
  },
  async make(values, settings) {
    const { home, ignore, weigh = [], seed, keepVisits, keepInsight, takeOutcome } = settings;
    const { ScandogDetector } = await import("../detect/scandog/detector.ts");
    const given = { ...values, home, ignore, weigh, seed, takeOutcome };
    const options = scandogOptions(given as Partial<ScandogOptions>);
    const accountOf = keepInsight && (await import("./insight.ts")).insightful;
    return (records, emit, _packets, flows) => {
      const account = accountOf?.(keepInsight!);
      const detector = new ScandogDetector(records, { ...options, account, flows }, emit);
      keepVisits?.(detector.visits);
      return detector;
    };
  },
};

export const PROFILES: Record<Profile, ProfileRow> = {
  scandog: SCANDOG_ROW,
  "scanlogd-2": classic(SCANLOGD_2_RULES),
  "scanlogd-1": classic(SCANLOGD_1_RULES),
};

export const PROFILE_NAMES = Object.keys(PROFILES) as Profile[];
