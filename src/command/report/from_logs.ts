// Event logs as the source of a report: files of lines of JSON, also gzipped, or standard input. What a line
// tells is the report's.

import { reasonOf } from "../../failure.ts";
import { grouped } from "../../format/figures.ts";
import type { Fold } from "../../report/fold.ts";
import { readLine } from "../../report/json_line.ts";
import { linesOf } from "../lines.ts";

export interface LogsRead {
  lines: number;
  /** Lines that are no events of scandog. */
  foreign: number;
  /** One sentence for each file that was not read to its end. */
  faults: string[];
}

/** Reads all files, one after the other, into `fold`. `signal` ends it early. */
export async function readLogs(
  files: readonly string[],
  fold: Fold,
  signal: AbortSignal,
): Promise<LogsRead> {
  const read: LogsRead = { lines: 0, foreign: 0, faults: [] };
  for (const file of files) {
    if (signal.aborted) break;
    try {
      for await (const line of linesOf(file, signal)) {
        if (line === undefined) {
          read.lines++;
          read.foreign++;
          continue;
        }
        if (line.trim() === "") continue;
        read.lines++;
        const told = readLine(line);
        if (told === "foreign") read.foreign++;
        else if (told !== "unused") fold.add(told);
      }
    } catch (error) {
      const name = file === "-" ? "standard input" : file;
      read.faults.push(`${name}: not read to its end: ${reasonOf(error)}`);
    }
  }
  if (read.lines > 0 && read.foreign === read.lines) {
    read.faults.push(
      `none of the ${
        grouped(read.lines)
      } lines is an event of scandog: a report reads those of --format json`,
    );
  }
  return read;
}
