// The five lines that end a replay on a terminal: the report's summary, made from the events as they were told. Keeps
// nothing where standard error is no terminal, so that other replays pay nothing.

import type { DetectorEvent } from "../../event.ts";
import { COLOURS, PLAIN } from "../../format/ink.ts";
import { jsonLine } from "../../format/json.ts";
import { UTC } from "../../format/zone.ts";
import type { ReplayTotals } from "../../pipeline.ts";
import { Fold } from "../../report/fold.ts";
import { gather } from "../../report/gather.ts";
import { readLine } from "../../report/json_line.ts";
import { summary } from "../../report/summary.ts";
import { VERSION } from "../../version.ts";
import { REPLAY_SEED } from "../capture_files.ts";

const CONTEXT = {
  zone: UTC,
  interfaceName: () => undefined,
  observer: undefined,
  hostname: undefined,
  version: VERSION,
  seed: REPLAY_SEED,
};

const COLUMNS_DEFAULT = 80;
const COLUMNS_MIN = 40;

export class ReplayStory {
  private readonly fold = new Fold();

  event(event: DetectorEvent): void {
    const told = readLine(jsonLine(event, CONTEXT));
    if (typeof told !== "string") this.fold.add(told);
  }

  /** At most five lines, as wide as the terminal. */
  lines({ decoded, faults }: ReplayTotals): string[] {
    const made = {
      version: VERSION,
      options: [],
      files: [],
      from: "captures" as const,
      amount: decoded.packets,
      foreign: 0,
      faults,
    };
    const input = { story: gather(this.fold), made, zone: UTC, zoneName: "UTC" };
    // The last column stays free: some terminals begin a new line there.
    return summary(input, columns() - 1, Deno.noColor ? PLAIN : COLOURS);
  }
}

/** A terminal that does not tell its size says 0. */
function columns(): number {
  try {
    const { columns } = Deno.consoleSize();
    return columns === 0 ? COLUMNS_DEFAULT : Math.max(columns, COLUMNS_MIN);
  } catch {
    return COLUMNS_DEFAULT;
  }
}
