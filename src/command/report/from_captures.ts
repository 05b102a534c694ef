// Captures as the source of a report: the same run as a replay makes. Its events go through the line
// that would be logged, so that a report of captures and one of their log tell the same story; beside
// them come the attempts, one by one, which no log has.

import type { Prefix } from "../../address.ts";
import type { MakeDetector, TargetWeight } from "../../detector.ts";
import { type ScandogOptions, scandogOptions } from "../../detect/scandog/options.ts";
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
import type { Tried } from "../../report/tried.ts";
import { VERSION } from "../../version.ts";
import { REPLAY_SEED } from "../capture_files.ts";
import type { TunableValues } from "../../options/tunables.ts";
import { TriedAccount } from "./tried_account.ts";

export interface CapturesRun {
  files: string[];
  /** As in `ReplaySource`. */
  bytes: number | undefined;
  profile: Profile;
  numbers: TunableValues;
  home: Prefix[] | undefined;
  ignore: Prefix[];
  weigh: readonly TargetWeight[];
  /** As in `DecodeSettings`. */
  inside: number;
  known: KnownScanners | undefined;
  observer: string | undefined;
  onHome(home: Prefix[]): void;
  onTurn(progress: Progress): void;
  onNotice(text: string): void;
}

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

  const account = profile === "scandog" ? new TriedAccount() : undefined;
  const make = await detectorOf(run, account);
  const totals = await runReplay(
    {
      files: run.files,
      bytes: run.bytes,
      speed: 0,
      path: numbers.path,
      seed: REPLAY_SEED,
      inside: run.inside,
      cutToSnapshot: profile !== "scandog",
    },
    labels.over(make),
    { onEvent: labels.event, onTurn: run.onTurn, onNotice: run.onNotice },
    signal,
  );
  return { totals, tried: account?.tried(names) };
}

async function detectorOf(
  { profile, numbers: { detector }, home, ignore, weigh }: CapturesRun,
  account: TriedAccount | undefined,
): Promise<MakeDetector> {
  const settings = { home: home ?? [], ignore, weigh, seed: REPLAY_SEED };
  if (account === undefined) return await PROFILES[profile].make(detector, settings);
  const { ScandogDetector } = await import("../../detect/scandog/detector.ts");
  const given = { ...detector, ...settings, account } as Partial<ScandogOptions>;
  const options = scandogOptions(given);
  return (records, emit) => new ScandogDetector(records, options, emit);
}
