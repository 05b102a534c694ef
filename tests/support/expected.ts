// What each profile says of the golden cases: `testdata/cases/NAME/expected.json`, the lines of
// `scandog replay` with the defaults of the profile and UTC. Those of the scanlogd profiles were
// recorded from the real scanlogd (tests/lab), and only that changes them; those of scandog's own show a
// change of wording, of a count or of a judgement as a difference. Made anew by `deno task golden`.

import { REPLAY_SEED } from "../../src/command/capture_files.ts";
import { defaultFormat, makeFormat } from "../../src/command/formats.ts";
import type { Profile } from "../../src/event.ts";
import { HomeLabels } from "../../src/label/home_labels.ts";
import { PROFILE_NAMES, PROFILES } from "../../src/options/profiles.ts";
import { tunableValues } from "../../src/options/tunables.ts";
import { runCapture } from "./run_capture.ts";

export type Expected = Record<Profile, string[]>;

const CASES = new URL("../../testdata/cases/", import.meta.url).pathname;

/** The names of all cases, in order. */
export function caseNames(): string[] {
  return [...Deno.readDirSync(CASES)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).sort();
}

/** The path of a case's capture. */
export function captureOf(name: string): string {
  const file = [...Deno.readDirSync(CASES + name)].find((entry) => /^capture\./.test(entry.name));
  if (file === undefined) throw new Error(`testdata/cases/${name} has no capture`);
  return `${CASES}${name}/${file.name}`;
}

export function readExpected(name: string): Expected {
  return JSON.parse(Deno.readTextFileSync(`${CASES}${name}/expected.json`));
}

/** As it is kept: a line for each line, so that a difference shows which one changed. */
export function expectedText(expected: Expected): string {
  const ordered = Object.fromEntries(PROFILE_NAMES.map((name) => [name, expected[name]]));
  return JSON.stringify(ordered, null, 2) + "\n";
}

/** Gives whether anything changed. */
export function writeExpected(name: string, expected: Expected): boolean {
  const path = `${CASES}${name}/expected.json`, text = expectedText(expected);
  if (Deno.readTextFileSync(path) === text) return false;
  Deno.writeTextFileSync(path, text);
  return true;
}

/** The lines of `scandog replay --profile PROFILE --tz UTC FILE`. */
export async function replayLines(file: string, profile: Profile): Promise<string[]> {
  const { detector } = tunableValues(profile, {});
  const found: string[] = [];
  const name = defaultFormat(profile);
  const format = makeFormat(name, {
    tz: "UTC",
    observer: undefined,
    lineLength: detector.lineLength,
    seed: REPLAY_SEED,
    interfaceName: () => undefined,
    knownScanners: undefined,
  });
  const labels = new HomeLabels(undefined, name !== "scanlogd", {
    onHome: () => {},
    onEvent: (event) => {
      const line = format(event);
      if (line !== undefined) found.push(line);
    },
  });
  const settings = { home: [], ignore: [], seed: REPLAY_SEED };
  const make = labels.over(await PROFILES[profile].make(detector, settings));
  runCapture(file, (records) => make(records, labels.event), { seed: REPLAY_SEED });
  return found;
}
