// Which options a reload cannot change in a running `watch`, and the message for each.

import { BadUsage } from "../../failure.ts";
import { CAPTURE_OPTIONS } from "../../options/capture.ts";
import { CONFINEMENT_OPTIONS } from "../../options/confinement.ts";
import { FLEET_OPTIONS } from "../../options/fleet.ts";
import { kebab } from "../../options/row.ts";
import { SINK_OPTIONS } from "../../options/sinks.ts";
import { STATUS_OPTIONS } from "../../options/status.ts";
import { tunableFaults, tunableValues } from "../../options/tunables.ts";
import type { WatchValues } from "../../options/watch.ts";
import { PATH } from "../../params.ts";
import type { Diagnostics } from "../diagnostics.ts";

/** Options that a running program cannot change: capture, logs and privileges are settled. */
const SETTLED = Object.keys({
  ...CAPTURE_OPTIONS,
  ...PATH,
  ...SINK_OPTIONS,
  ...CONFINEMENT_OPTIONS,
  ...STATUS_OPTIONS,
  ...FLEET_OPTIONS,
  profile: undefined,
  logPackets: undefined,
  filter: undefined,
  state: undefined,
}) as (keyof WatchValues)[];

/** One sentence for each option that differs and stays as it was. */
export function restartNeeded(before: WatchValues, after: WatchValues): string[] {
  return SETTLED.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${kebab(key)} has changed: that takes a restart`);
}

/** The new values, but for those that only a restart changes. Throws `BadUsage`. */
export function withoutSettled(before: WatchValues, after: WatchValues): WatchValues {
  const kept = Object.fromEntries(SETTLED.map((key) => [key, before[key]]));
  const taken = { ...after, ...kept } as WatchValues;
  // The new numbers were checked for the new profile; it is the old one that goes on.
  const faults = tunableFaults(taken.profile, tunableValues(taken.profile, taken));
  if (faults.length > 0) {
    throw new BadUsage(faults.map(({ key, reason }) => key ? `${kebab(key)} ${reason}` : reason));
  }
  return taken;
}

/** Says what is wrong with a configuration that was read again, and that the old one stays. */
export function sayKept(say: Diagnostics, error: unknown): void {
  const faults = error instanceof BadUsage ? error.faults : [(error as Error).message];
  for (const fault of faults) say.error(fault);
  say.error("the configuration stays as it was");
}
