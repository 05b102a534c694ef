// Captures made of a seed, for comparison with the real scanlogd: each mixes a few of the things on
// which a port scan detector's decisions hang. The same seed gives the same bytes everywhere.

import { Random } from "../support/random.ts";
import { LINK_LAYERS } from "./frames.ts";
import { ODDITIES } from "./oddities.ts";
import { Scene } from "./scene.ts";
import { TRAFFIC } from "./traffic.ts";

const INGREDIENTS = { ...TRAFFIC, ...ODDITIES };

export interface Generated {
  seed: number;
  /** What went in, for a failed test's message. */
  story: string;
  /** Zone in which its scans' times are to be printed. */
  timeZone: string;
  file: Uint8Array;
}

/** Zones and a second at which the clocks of each change. */
const ZONES: [string, string][] = [
  ["UTC", "2026-11-21T22:14:52Z"],
  ["Europe/Berlin", "2026-10-25T01:00:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["America/New_York", "2025-11-02T06:00:00Z"],
  ["America/St_Johns", "1999-04-04T03:31:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["Asia/Kathmandu", "1985-12-31T18:30:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
  ["Africa/Casablanca", "2026-02-15T02:00:00Z"],
  ["Africa/Monrovia", "1972-01-07T00:44:30Z"],
  ["UTC", "1970-01-01T01:02:00Z"],
  ["UTC", "2038-01-19T02:30:00Z"],
];

/** The capture of a seed. */
export function generate(seed: number): Generated {
  const random = new Random(seed);
  const [timeZone, moment] = random.pick(ZONES);
  const scene = new Scene(random, Date.parse(moment) * 1000 + random.between(-60e6, 60e6));
  const told: string[] = [];
  const rounds = random.between(2, 8);
  for (let i = 0; i < rounds; i++) {
    const name = random.pick(Object.keys(INGREDIENTS));
    told.push(name);
    INGREDIENTS[name](scene);
  }

  const linkName = random.pick(Object.keys(LINK_LAYERS));
  const link = LINK_LAYERS[linkName];
  const options = {
    littleEndian: !random.oneIn(4),
    nanoseconds: random.oneIn(4),
    // What a capture cut off a fragment is unknown, and everyone puts something else in its place.
    snaplen: random.oneIn(8) && !told.includes("scan in fragments")
      ? link.header.length + random.between(20, 64)
      : 262144,
  };
  const story = `${linkName}, snaplen ${options.snaplen}, ${timeZone}: ${told.join(", ")}`;
  return { seed, story, timeZone, file: scene.file(link, options) };
}
