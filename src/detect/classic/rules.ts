// What differs between scanlogd 1.0 and 2.2.8 besides the numbers in params.ts, and which numbers
// go together. Knows no packet and no table.

import type { Profile } from "../../event.ts";
import { faults, optionName, SCANLOGD_1, SCANLOGD_2, type Values } from "../../params.ts";
import { TcpFlag } from "../../record.ts";

/** One scanlogd version. */
export interface Rules {
  profile: Profile;
  /** A packet to a new port with one of these TCP flags is not a probe: it may answer us. */
  answerFlags: number;
  /** Prints a source port or TTL of 0 as if it had varied: 0 is how this version says "varied". */
  zeroMeansVaried: boolean;
  /** The rows of `params.ts` with this version's defaults. */
  tunables: typeof SCANLOGD_2;
}

/** The tunable numbers of either version; the keys are the same. */
export type ClassicValues = Values<typeof SCANLOGD_2>;

/** scanlogd 1.0, as printed in Phrack 53, article 13. */
export const SCANLOGD_1_RULES: Rules = {
  profile: "scanlogd-1",
  answerFlags: TcpFlag.Ack,
  zeroMeansVaried: true,
  tunables: SCANLOGD_1,
};

/** scanlogd 2.2.8. */
export const SCANLOGD_2_RULES: Rules = {
  profile: "scanlogd-2",
  answerFlags: TcpFlag.Ack | TcpFlag.Rst,
  zeroMeansVaried: false,
  tunables: SCANLOGD_2,
};

/** The most ports that are compared for a packet of a known source: an attacker can cause this many comparisons. */
const PORTS_REMEMBERED_MAX = 4096;

/** Bounds the table's memory: 6 bytes a port. */
const PORTS_IN_TABLE_MAX = 1 << 24;

/**
 * Ports that one source can collect before its weights reach `scanWeight`: the port list's size.
 * 20 in 2.2.8 and 9 in 1.0, as there. A list of this size cannot overflow: each port but the one
 * that completes the scan leaves the sum below `scanWeight`, and none weighs less than the lighter
 * of the two weights.
 */
export function portsRemembered(values: ClassicValues): number {
  const lightest = Math.min(values.privilegedWeight, values.portWeight);
  return Math.max(1, Math.ceil(values.scanWeight / lightest) - 1);
}

/** What is wrong with these values, alone and together: one sentence a fault. */
export function classicFaults(rules: Rules, values: ClassicValues): string[] {
  const found = faults(rules.tunables, values);
  for (const [key, value] of Object.entries(values)) {
    if (!Number.isInteger(value)) found.push(`${optionName(key)} must be whole, got ${value}`);
  }
  if (found.length > 0) return found;

  // The first port of a source is stored without a look at the threshold, as in C. If it alone
  // reached the threshold, the scan would count as logged already, and never be.
  for (const key of ["privilegedWeight", "portWeight"] as const) {
    if (values[key] >= values.scanWeight) {
      found.push(
        `${optionName(key)} must be less than --scan-weight ${values.scanWeight}, got ${
          values[key]
        }`,
      );
    }
  }
  const ports = portsRemembered(values);
  if (ports > PORTS_REMEMBERED_MAX) {
    found.push(
      `--scan-weight ${values.scanWeight} would need ${ports} ports a source remembered, ` +
        `more than ${PORTS_REMEMBERED_MAX}`,
    );
  } else if (ports * values.tableSources > PORTS_IN_TABLE_MAX) {
    found.push(
      `--table-sources ${values.tableSources} of ${ports} ports each are more than ` +
        `${PORTS_IN_TABLE_MAX} ports in all: lower it or --scan-weight`,
    );
  }
  return found;
}
