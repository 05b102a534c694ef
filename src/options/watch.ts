// The options of `scandog watch`.

import { CAPTURE_OPTIONS } from "./capture.ts";
import { CONFINEMENT_OPTIONS } from "./confinement.ts";
import { FLEET_OPTIONS } from "./fleet.ts";
import { MASK } from "./log.ts";
import type { Rows, ValuesOf } from "./row.ts";
import { SHARED_OPTIONS } from "./shared.ts";
import { SINK_OPTIONS } from "./sinks.ts";
import { STATUS_OPTIONS } from "./status.ts";

/** Live capture has a ring of its own size. */
const SHARED = Object.fromEntries(
  Object.entries(SHARED_OPTIONS).filter(([key]) => key !== "ringRecords"),
) as typeof SHARED_OPTIONS;

export const WATCH_OPTIONS = {
  ...CAPTURE_OPTIONS,
  ...SHARED,
  ...SINK_OPTIONS,
  ...CONFINEMENT_OPTIONS,
  ...STATUS_OPTIONS,
  ...FLEET_OPTIONS,
  logPackets: {
    kind: MASK,
    help: "Also logs every TCP packet with any of these flags, as `scandog log -f` does.",
    group: "Output",
  },
} satisfies Rows;

export type WatchValues = ValuesOf<typeof WATCH_OPTIONS>;
