// What an option is: one row of a table. The command line, the configuration file, the help, the completions and the
// man page are all made from it. Knows no particular option.

import { optionName } from "../params.ts";

/** Why a value cannot be accepted, to be said after its name: `must be a whole number, got "x"`. */
export class Refusal {
  constructor(readonly reason: string) {}
}

/** A sort of value, and how it is written. */
export interface Kind<T> {
  /** Stands for the value in help: `FILE`. Empty for flags, which take none on the command line. */
  metavar: string;
  /** From the command line. Never throws. */
  parse(text: string): T | Refusal;
  /** From a configuration file. Never throws. */
  fromToml(value: unknown): T | Refusal;
  /** As it is written in a configuration file. */
  toml(value: T): string;
  /** All possible values, when they are few. */
  choices?: readonly string[];
  /** Likely values, for shells to complete; asked for then only. */
  suggest?(): readonly string[];
  /** The value names a file: shells complete it. */
  isFile?: boolean;
  /** This word of the command line is not the whole value: the next one follows after a colon. */
  goesOn?(text: string): boolean;
  /** Given more than once on the command line, the texts are joined by commas. */
  isList?: boolean;
}

/** One option. Its key in the table, in kebab case, is its name here and in the file. */
export interface Row<T = unknown> {
  kind: Kind<T>;
  /** One sentence or two. */
  help: string;
  /** Heading in the help. */
  group: string;
  /** One letter, for options used every day. */
  short?: string;
  /** Absent: no value unless one is given. */
  default?: T;
  /** In the help, where the default depends on something: `the system's`. */
  defaultText?: string;
  /** Cannot be in a configuration file, for this reason. */
  commandLineOnly?: string;
  /** What the option means without a value: it needs none then. */
  bare?: string;
}

/** A table of options. */
export type Rows = Record<string, Row>;

/** The values of a table: those without a default may be undefined. */
export type ValuesOf<R extends Rows> = {
  [K in keyof R]: R[K] extends { kind: Kind<infer T> }
    ? R[K] extends { default: unknown } ? T : T | undefined
    : never;
};

/** Flags have no value on the command line; `--no-NAME` denies them. */
export function isFlag(row: Row): boolean {
  return row.kind.metavar === "";
}

/** The default in words, for help and documents; empty when there is none to speak of. */
export function defaultOf({ default: value, defaultText, kind }: Row): string {
  if (defaultText !== undefined) return defaultText;
  return value === undefined || value === false ? "" : kind.toml(value).replaceAll('"', "");
}

/** `scanWeight` to `scan-weight`, the name without dashes as configuration files have it. */
export function kebab(key: string): string {
  return optionName(key).slice(2);
}
