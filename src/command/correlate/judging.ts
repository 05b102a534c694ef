// The correlator and the format of its lines, made from the options. Knows options; nothing of where outcomes come
// from.

import { Correlator } from "../../correlate/correlator.ts";
import { scandogOptions } from "../../detect/scandog/options.ts";
import type { DetectorEvent, Emit } from "../../event.ts";
import { Directions } from "../../label/direction.ts";
import { type CorrelateValues, FLEET_DEFAULTS } from "../../options/correlate.ts";
import { tunableValues } from "../../options/tunables.ts";
import { SCANLOGD_2 } from "../../params.ts";
import { makeFormat } from "../formats.ts";

export interface LineParts {
  values: CorrelateValues;
  /** Keys names of events: equal for all who read the same stream. */
  seed: number;
  /** Name of this machine, where it was asked before. */
  hostname?: string;
  lineBytesMax?: number;
  now?: () => number;
}

/** An event as it is told: with its direction, and its line; no line where the format has no words for it. */
export type MakeLine = (event: DetectorEvent) => { event: DetectorEvent; line: string | undefined };

/** The numbers of the judging half: those of a detector, but for what many sensors make of them. */
export function fleetNumbers(values: CorrelateValues): Record<string, number> {
  const given = values as Record<string, unknown>;
  const { detector } = tunableValues("scandog", values);
  const others = Object.entries(FLEET_DEFAULTS).filter(([key]) => given[key] === undefined);
  return { ...detector, ...Object.fromEntries(others) };
}

/** Throws a RangeError for impossible options. `seed`: keys hashes. */
export function makeCorrelator(values: CorrelateValues, seed: number, emit: Emit): Correlator {
  const { home = [], ignore = [], weigh = [], reorder, secondLook, silentAfter } = values;
  const { sensorsMax, sensorRate } = values;
  return new Correlator({
    detector: scandogOptions({ ...fleetNumbers(values), home, ignore, weigh, seed }),
    reorderUs: reorder * 1e6,
    secondLookUs: secondLook * 1e6,
    silentUs: silentAfter * 1e6,
    sensorsMax,
    sensorRate,
  }, emit);
}

/** Throws `CannotRun` when a file that the options name cannot be read. `format`: another than the options'. */
export function lineMaker(parts: LineParts, format = parts.values.format): MakeLine {
  const { values, seed, hostname, lineBytesMax, now } = parts;
  const { home = [], tz, observer, knownScanners } = values;
  const directions = new Directions(home, values.home !== undefined);
  const make = makeFormat(format, {
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
  return (event) => {
    const tagged = directions.tag(event);
    return { event: tagged, line: make(tagged) };
  };
}
