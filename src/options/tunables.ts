// Every tunable number as an option, made from its row in params.ts. Where profiles differ in a
// number's default or range, one option stands for all of them and says so.

import type { Sensitivity } from "../detect/scandog/options.ts";
import type { Profile } from "../event.ts";
import { defaults, PATH, pathFaults, type Tunable, type Tunables, type Values } from "../params.ts";
import { withUnit } from "../tunable.ts";
import { number } from "./kinds.ts";
import { PROFILES } from "./profiles.ts";
import { kebab, type Row } from "./row.ts";
import type { Fault, Origin } from "./settings.ts";

/** Tables of numbers, each with the profiles that have it; the capture path is of all of them. */
const TABLES: { rows: Tunables; profile?: Profile }[] = [
  ...Object.entries(PROFILES).map(([profile, { tunables }]) => ({
    rows: tunables,
    profile: profile as Profile,
  })),
  { rows: PATH },
];

interface Member {
  profile?: Profile;
  row: Tunable;
}

/** The options of all numbers, by key. */
export const TUNABLE_OPTIONS: Record<string, Row<number>> = Object.fromEntries(
  [...membersByKey()].map(([key, members]) => [key, optionOf(members)]),
);

function membersByKey(): Map<string, Member[]> {
  const byKey = new Map<string, Member[]>();
  for (const { rows, profile } of TABLES) {
    for (const [key, row] of Object.entries(rows)) {
      byKey.set(key, [...byKey.get(key) ?? [], { profile, row }]);
    }
  }
  return byKey;
}

function optionOf(members: Member[]): Row<number> {
  const rows = members.map(({ row }) => row);
  return {
    kind: number("N", {
      min: Math.min(...rows.map(({ min }) => min)),
      max: Math.max(...rows.map(({ max }) => max)),
      fraction: rows.some(({ fraction }) => fraction === true),
      unit: rows[0].unit || undefined,
    }),
    help: rows[0].reason,
    group: members[0].profile === undefined ? "Capture path" : "Thresholds",
    // Asked for by help and the like only; there are a hundred of them.
    get defaultText() {
      return defaultText(members);
    },
  };
}

/** `3 seconds (scanlogd-1: 5)`: the commonest default first, then where it differs. */
function defaultText(members: Member[]): string {
  const [{ row: first }] = members;
  const others = members.filter(({ row }) => row.default !== first.default);
  const exceptions = others.map(({ profile, row }) => `${profile}: ${row.default}`);
  const tail = exceptions.length === 0 ? "" : ` (${exceptions.join(", ")})`;
  return withUnit(first.default, first) + tail;
}

/** The numbers of one run, with the defaults of its profile. */
export interface TunableValues {
  detector: Record<string, number>;
  path: Values<typeof PATH>;
}

/** Fills in what was not given. `given` may hold other options too. */
export function tunableValues(profile: Profile, given: Record<string, unknown>): TunableValues {
  const fill = (numbers: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(numbers).map(([key, number]) => [key, given[key] as number ?? number]),
    );
  return {
    detector: fill(PROFILES[profile].defaults(given.sensitivity as Sensitivity ?? "normal")),
    path: fill(defaults(PATH)) as Values<typeof PATH>,
  };
}

/** Values outside the profile's ranges and, when there are none, relations that do not hold. */
export function tunableFaults(profile: Profile, values: TunableValues): Fault[] {
  const all = [
    ...PROFILES[profile].faults(values.detector),
    ...pathFaults(values.path),
  ];
  const keys = Object.keys(TUNABLE_OPTIONS);
  return all.map((sentence) => {
    // A fault begins with the option that is at fault.
    const key = keys.find((key) => sentence.startsWith(`--${kebab(key)} `));
    return key === undefined
      ? { reason: sentence }
      : { key, reason: sentence.slice(kebab(key).length + 3) };
  });
}

/** The profiles that have this number; undefined for a number of the capture path. */
export function profilesOf(key: string): Profile[] | undefined {
  const found = TABLES.filter(({ rows }) => key in rows);
  return found.some(({ profile }) => profile === undefined)
    ? undefined
    : found.map(({ profile }) => profile!);
}

/** Numbers on the command line that the profile does not have. A file may serve several profiles. */
export function foreignTunables(profile: Profile, origins: Record<string, Origin>): Fault[] {
  return ["sensitivity", ...Object.keys(TUNABLE_OPTIONS)].flatMap((key) => {
    // It is a word for numbers that the other profiles do not have.
    const profiles = key === "sensitivity" ? ["scandog"] as Profile[] : profilesOf(key);
    if (profiles === undefined || profiles.includes(profile)) return [];
    if (origins[key]?.from !== "command line") return [];
    return [{ key, reason: `is for ${profiles.join(", ")}; the profile is ${profile}` }];
  });
}
