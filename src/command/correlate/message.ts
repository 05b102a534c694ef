// What a line of a sensor can be: an outcome (`--outcomes`), or a scan that the sensor told (`--format json`). Knows
// both forms of lines; nothing of files.

import type { OwnScan } from "../../correlate/own_scans.ts";
import { readOutcomeLine } from "../../fleet/outcome_line.ts";
import { isSensorName } from "../../fleet/sensor_name.ts";
import type { AttemptOutcome } from "../../outcome.ts";
import { readLine } from "../../report/json_line.ts";

/** `timeUs`: by the sensor's clock, microseconds since 1970. */
export type SensorMessage =
  & { sensor: string; timeUs: number }
  & (
    | { what: "outcome"; outcome: AttemptOutcome }
    /** Outcomes that the sensor could not say. */
    | { what: "dropped"; count: number }
    | { what: "own"; scan: OwnScan }
  );

/** An event of ours that has no use here, and what is neither. */
export type NotRead = "unused" | "unreadable";

export function readMessage(line: string): SensorMessage | NotRead {
  const read = readOutcomeLine(line);
  if (read.outcome !== undefined) {
    const { sensor, outcome } = read;
    return { what: "outcome", sensor, timeUs: outcome.settledUs, outcome };
  }
  if (read.dropped !== undefined) {
    const { sensor, dropped: { count, toUs } } = read;
    return { what: "dropped", sensor, timeUs: toUs, count };
  }
  return readOwnScan(line);
}

/** An event as its sensor told it. `name`: whose event it is, where that is known otherwise. */
export function readOwnScan(line: string, name?: string): SensorMessage | NotRead {
  const told = readLine(line);
  if (told === "foreign") return "unreadable";
  // What another correlator told is no sensor's.
  if (told === "unused" || told.what !== "scan" || told.sensors !== undefined) return "unused";
  const { id, source, sources, endUs, timeUs, observer } = told;
  const sensor = name ?? observer;
  if (sensor === undefined || !isSensorName(sensor)) return "unused";
  const all = [...new Set([source, ...sources?.list ?? []])];
  return { what: "own", sensor, timeUs, scan: { id, sources: all, endUs } };
}
