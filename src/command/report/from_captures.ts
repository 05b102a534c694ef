// Captures as the source of a report: the same run as a replay makes. Its events go through the line
// that would be logged, so that a report of captures and one of their log tell the same story; beside
// them come the attempts, one by one, which no log has.

import type { AttemptAccount } from "../../account.ts";
import type { Prefix } from "../../address.ts";
import type { MakeDetector } from "../../detector.ts";
import { Explainer } from "../../detect/scandog/account/explainer.ts";
import {
  type ScandogOptions,
  scandogOptions,
  type TargetWeight,
} from "../../detect/scandog/options.ts";
import type { Profile } from "../../event.ts";
import { scanId } from "../../format/event_id.ts";
import { jsonLine } from "../../format/json.ts";
import { UTC } from "../../format/zone.ts";
import { HomeLabels } from "../../label/home_labels.ts";
import type { KnownScanners } from "../../label/known_scanners.ts";
import { PROFILES } from "../../options/profiles.ts";
import { type Progress, type ReplayTotals, runReplay } from "../../pipeline.ts";
import type { Fold } from "../../report/fold.ts";
import { readLine } from "../../report/json_line.ts";
import { Tried, type TriedOutcome } from "../../report/tried.ts";
import { VERSION } from "../../version.ts";
import { REPLAY_SEED } from "../capture_files.ts";
import type { TunableValues } from "../../options/tunables.ts";

export interface CapturesRun {
  files: string[];
  profile: Profile;
  numbers: TunableValues;
  home: Prefix[] | undefined;
  ignore: Prefix[];
  weigh: readonly TargetWeight[];
  known: KnownScanners | undefined;
  observer: string | undefined;
  onHome(home: Prefix[]): void;
  onTurn(progress: Progress): void;
  onNotice(text: string): void;
}

/** Attempts of each source that are drawn. */
const LISTED_MAX = 100_000;

/** Runs the detector over the captures, into `fold`. Attempts are known of the scandog profile only. */
export async function readCaptures(
  run: CapturesRun,
  fold: Fold,
  signal: AbortSignal,
): Promise<{ totals: ReplayTotals; tried?: Tried }> {
  const { profile, numbers, home, known } = run;
  const context = {
    zone: UTC,
    interfaceName: () => undefined,
    observer: run.observer,
    version: VERSION,
    seed: REPLAY_SEED,
  };
  /** Names of scans by the detector's numbers, of those that are told. */
  const names = new Map<number, string>();
  const labels = new HomeLabels(home, true, {
    onHome: run.onHome,
    onEvent: (event) => {
      const told = readLine(jsonLine(known?.tag(event) ?? event, context));
      if (typeof told === "string" || !fold.add(told)) return;
      if ("scan" in event) names.set(event.scan, scanId(event, REPLAY_SEED));
    },
  });

  let explainer: Explainer | undefined;
  const make = await detectorOf(run, (made) => explainer = made);
  const totals = await runReplay(
    {
      files: run.files,
      speed: 0,
      path: numbers.path,
      seed: REPLAY_SEED,
      cutToSnapshot: profile !== "scandog",
    },
    labels.over(make),
    { onEvent: labels.event, onTurn: run.onTurn, onNotice: run.onNotice },
    signal,
  );
  if (profile !== "scandog" || explainer === undefined) return { totals };
  return { totals, tried: triedOf(explainer, names) };
}

async function detectorOf(
  { profile, numbers: { detector }, home, ignore, weigh }: CapturesRun,
  onMade: (explainer: Explainer) => void,
): Promise<MakeDetector> {
  const settings = { home: home ?? [], ignore, weigh, seed: REPLAY_SEED };
  if (profile !== "scandog") return await PROFILES[profile].make(detector, settings);
  const options = scandogOptions({ ...detector, ...settings } as Partial<ScandogOptions>);
  return (records, emit) => {
    const made = new Explainer(records, options, { only: [], listMax: LISTED_MAX }, emit);
    onMade(made);
    return made;
  };
}

function triedOf(explainer: Explainer, names: ReadonlyMap<number, string>): Tried {
  const tried = new Tried();
  for (const { listed } of explainer.explanation().sources) {
    for (const attempt of listed) {
      const scan = attempt.scan === undefined ? undefined : names.get(attempt.scan);
      const outcome = outcomeOf(attempt);
      if (scan === undefined || outcome === undefined) continue;
      const { timeUs, target, port, source, destination } = attempt;
      tried.add({ timeUs, transport: target, port, source, destination, outcome, scan });
    }
  }
  return tried;
}

/** As the scanner saw it: whatever accepted was open, what failed in our favour was not tried. */
function outcomeOf({ outcome }: AttemptAccount): TriedOutcome | undefined {
  switch (outcome) {
    case "used":
    case "half-open":
    case "empty":
      return "open";
    case "refused":
      return "refused";
    case "silent":
    case "undecided":
      return "silent";
    case "harmless":
      return undefined;
  }
}
