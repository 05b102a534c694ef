// The correlator and its lines, as the options have them. Knows options; nothing of where outcomes come from.

import { Correlator } from "../../correlate/correlator.ts";
import { scandogOptions } from "../../detect/scandog/options.ts";
import type { DetectorEvent } from "../../event.ts";
import { Directions } from "../../label/direction.ts";
import { type CorrelateValues, FLEET_DEFAULTS } from "../../options/correlate.ts";
import { tunableValues } from "../../options/tunables.ts";
import { SCANLOGD_2 } from "../../params.ts";
import { type Format, makeFormat } from "../formats.ts";

export interface JudgingParts {
  values: CorrelateValues;
  /** Keys hashes and names of events: equal for all who read the same stream. */
  seed: number;
  /** Name of this machine, where it was asked before. */
  hostname?: string;
  lineBytesMax?: number;
  now?: () => number;
  /** Takes each event with its line; no line where the format has no words for it. */
  tell(event: DetectorEvent, line: string | undefined): void;
}

/** The numbers of the judging half: those of a detector, but for what many sensors make of them. */
export function fleetNumbers(values: CorrelateValues): Record<string, number> {
  const given = values as Record<string, unknown>;
  const { detector } = tunableValues("scandog", values);
  const others = Object.entries(FLEET_DEFAULTS).filter(([key]) => given[key] === undefined);
  return { ...detector, ...Object.fromEntries(others) };
}

/** Throws `CannotRun` when a file that the options name cannot be read. */
export function makeCorrelator(parts: JudgingParts): Correlator {
  const { values, seed, tell } = parts;
  const { home = [], ignore = [], weigh = [], reorder, secondLook, silentAfter } = values;
  const directions = new Directions(home, values.home !== undefined);
  const format = lineFormat(parts);
  const detector = scandogOptions({ ...fleetNumbers(values), home, ignore, weigh, seed });
  const { sensorsMax, sensorRate } = values;
  return new Correlator({
    detector,
    reorderUs: reorder * 1e6,
    secondLookUs: secondLook * 1e6,
    silentUs: silentAfter * 1e6,
    sensorsMax,
    sensorRate,
  }, (event) => {
    const tagged = directions.tag(event);
    tell(tagged, format(tagged));
  });
}

function lineFormat({ values, seed, hostname, lineBytesMax, now }: JudgingParts): Format {
  const { format, tz, observer, knownScanners } = values;
  return makeFormat(format, {
    tz,
    observer,
    hostname,
    lineLength: SCANLOGD_2.lineLength.default,
    lineBytesMax,
    now,
    seed,
    // The devices are the sensors'.
    interfaceName: () => undefined,
    knownScanners,
  });
}
