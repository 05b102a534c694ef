// Reads a configuration file: TOML whose top-level keys are the names of options. Knows files and
// lines; not what a value may be.

import { CannotRun, reasonOf } from "../failure.ts";
import { identity, whoRuns } from "../system/identity.ts";
import { readSmallText } from "../system/small_file.ts";
import { variable } from "./environment.ts";
import { kebab, type Rows } from "./row.ts";

/** The system's. */
export const DEFAULT_CONFIG = "/etc/scandog.toml";

/** Read when `--config` is not given: the first of these that is there. */
export function defaultConfigs(): string[] {
  return configsOf(identity() !== "other", variable("HOME"), variable("XDG_CONFIG_HOME"));
}

/**
 * A user's own (XDG Base Directory Specification, which ignores what is no whole path) comes before the
 * system's. Root has the system's only: what it does is not for HOME to say.
 */
export function configsOf(root: boolean, home = "", configHome = ""): string[] {
  const folder = configHome.startsWith("/") ? configHome : `${home}/.config`;
  const hasFolder = configHome.startsWith("/") || home.startsWith("/");
  return root || !hasFolder
    ? [DEFAULT_CONFIG]
    : [`${folder.replace(/\/+$/, "")}/scandog/scandog.toml`, DEFAULT_CONFIG];
}

export interface ConfigFile {
  path: string;
  /** By key of the option (`scanWeight`, not `scan-weight`). */
  entries: Map<string, { value: unknown; line: number }>;
  /** What is wrong with the file itself or its keys: one sentence each, with file and line. */
  faults: string[];
}

/**
 * Reads `path`, or a default file when it is undefined. `own` are the options of the command that is to run, which
 * decide where others have a key of the same name, except that a key is passed over which is for this command's line
 * only and another's in a file; `others` gives those of all commands, asked for only when a key is none of the
 * command's own.
 * Undefined when there is no default file. Throws `CannotRun` when a file cannot be read.
 */
export async function readConfig(
  path: string | undefined,
  own: Rows,
  others: () => Promise<Rows>,
): Promise<ConfigFile | undefined> {
  const found = firstOf(path === undefined ? defaultConfigs() : [path], path === undefined);
  if (found === undefined) return undefined;
  const { name, text } = found;
  const { parse, TomlError } = await import("smol-toml");
  const config: ConfigFile = { path: name, entries: new Map(), faults: [] };
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    config.faults.push(`${name}:${error.line}: not TOML: ${reason}`);
    return config;
  }
  const ownKeys = new Set(settable(own));
  const isOwn = Object.keys(table).every((written) => ownKeys.has(written));
  const foreign = isOwn ? {} : await others();
  const options = { ...foreign, ...own };
  const keys = new Map(Object.keys(options).map((key) => [kebab(key), key]));
  const foreignKeys = new Set(settable(foreign));
  for (const [written, value] of Object.entries(table)) {
    const line = lineOf(written, text, parse);
    const key = keys.get(written);
    if (key === undefined) {
      config.faults.push(`${name}:${line}: ${await unknownKey(written, [...keys.keys()])}`);
    } else if (options[key].commandLineOnly === undefined) {
      config.entries.set(key, { value, line });
    } else if (!foreignKeys.has(written)) {
      config.faults.push(
        `${name}:${line}: ${written} cannot be here: ${options[key].commandLineOnly}`,
      );
    }
  }
  return config;
}

/** Keys that a file may have. */
function settable(rows: Rows): string[] {
  return Object.keys(rows).filter((key) => rows[key].commandLineOnly === undefined).map(kebab);
}

function firstOf(
  names: readonly string[],
  byDefault: boolean,
): { name: string; text: string } | undefined {
  for (const name of names) {
    const text = readText(name, byDefault);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

async function unknownKey(written: string, names: string[]): Promise<string> {
  const { nearest } = await import("./nearest.ts");
  return `there is no option ${JSON.stringify(written)}${nearest(written, names)}`;
}

/** A file's text; undefined when it is read by default and is not there, or our sandbox does not show it. */
function readText(name: string, byDefault: boolean): string | undefined {
  // Asking first keeps Deno from asking the user about a file that was never mentioned.
  if (byDefault && Deno.permissions.querySync({ name: "read", path: name }).state !== "granted") {
    return undefined;
  }
  if (byDefault && name !== DEFAULT_CONFIG && isOutOfReach(name)) return undefined;
  try {
    refuseIfOthersMayWrite(name);
    return readSmallText(name);
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    if (byDefault && error instanceof Deno.errors.NotFound) return undefined;
    const remedy = byDefault ? "; --config /dev/null does without" : "";
    throw new CannotRun(`${name}: cannot be read: ${reasonOf(error)}${remedy}`);
  }
}

/**
 * In a folder that this user may not even look into, and so nobody's own: `runuser -u scandog` leaves HOME as root has
 * it. A file that is seen and cannot be read is said.
 */
function isOutOfReach(name: string): boolean {
  try {
    Deno.statSync(name);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

/** With root's rights, a file that others may write would give them a say in what root does. */
function refuseIfOthersMayWrite(name: string): void {
  const { mode, uid, isFile } = Deno.statSync(name);
  // Nobody can change what is in a device such as /dev/null.
  if (mode === null || !isFile) return;
  if ((mode & 0o022) === 0 && uid === 0) return;
  const who = identity();
  if (who === "other") return;
  throw new CannotRun(
    `${name}: refused: others may write it, and ${whoRuns(who)}; chown root and chmod go-w ${name}`,
  );
}

/**
 * The line (from 1) on which a top-level key is set; 1 if it cannot be told. A line that looks like
 * it may be inside a longer string: then what is before it is no whole document.
 */
function lineOf(key: string, text: string, parse: (text: string) => object): number {
  const lines = text.split("\n");
  const quoted = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const setter = new RegExp(`^\\s*\\[{0,2}\\s*(["']?)${quoted}\\1\\s*[=.\\]]`);
  for (const [index, line] of lines.entries()) {
    if (!setter.test(line)) continue;
    try {
      parse(lines.slice(0, index).join("\n"));
      return index + 1;
    } catch {
      continue;
    }
  }
  return 1;
}
