// Reads the arguments of one command by its table of options. Knows how options are spelled; not
// what their values mean.
//
// The grammar that help and completions are made from (grammar.ts) could read them too. This does it
// without loading that library, which saves 50 ms of each start, and names every fault at once
// rather than the first. A test holds the two to the same reading.

import { isFlag, kebab, Refusal, type Row, type Rows } from "./row.ts";
import { QUIET, VERBOSE } from "./verbosity.ts";

/** What the arguments said. */
export interface Given {
  /** Text of each option given, by key; for a flag `true` or `false`. */
  texts: Map<string, string>;
  operands: string[];
  /** Options that there are not, as they were spelled. */
  unknown: string[];
  /** Other faults: one sentence each. */
  faults: string[];
  /** Operands that an option before them may have been meant to take, and why it did not: `--syslog must be ...`. */
  notValues: Map<string, string>;
  /** `-h` (short) or `--help` (whole) is among them. */
  help?: "short" | "whole";
}

interface Spelling {
  key: string;
  row: Row;
  /** A flag's text; undefined for options that have a value. */
  flag?: string;
}

/** Options of all commands. */
const EVERYWHERE: Rows = { quiet: QUIET, verbose: VERBOSE };

/** Every way to spell an option of the table: `--name`, its short form, `--no-name` for flags. */
export function spellings(options: Rows): Map<string, Spelling> {
  const found = new Map<string, Spelling>();
  // Understood by every command; where there is nothing to say more or less of, they change nothing.
  for (const [key, row] of Object.entries({ ...EVERYWHERE, ...options })) {
    const flag = isFlag(row) ? "true" : undefined;
    found.set(`--${kebab(key)}`, { key, row, flag });
    if (row.short !== undefined) found.set(`-${row.short}`, { key, row, flag });
    if (flag !== undefined) found.set(`--no-${kebab(key)}`, { key, row, flag: "false" });
  }
  return found;
}

/**
 * Reads `--name VALUE`, `--name=VALUE`, `-nVALUE`, `--flag`, `--no-flag` and operands in any order; `--` ends
 * the options and `-` alone is an operand (standard input).
 */
export function readArguments(options: Rows, words: readonly string[]): Given {
  const known = spellings(options);
  const args = words.slice();
  const given: Given = {
    texts: new Map(),
    operands: [],
    unknown: [],
    faults: [],
    notValues: new Map(),
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      given.operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      given.operands.push(arg);
      continue;
    }
    if (arg === "--help" || arg === "-h") {
      given.help = arg === "--help" ? "whole" : given.help ?? "short";
      continue;
    }
    if (!known.has(arg) && splitLetters(args, i, known)) {
      i--;
      continue;
    }
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const spelling = known.get(name);
    if (spelling === undefined) {
      given.unknown.push(name);
    } else if (spelling.flag !== undefined) {
      if (equals >= 0) given.faults.push(`${name} takes no value`);
      else take(given, name, spelling, spelling.flag);
    } else if (equals >= 0) {
      take(given, name, spelling, arg.slice(equals + 1));
    } else if (spelling.row.bare !== undefined && !isValueOf(spelling.row, args[i + 1])) {
      take(given, name, spelling, spelling.row.bare);
      const next = args[i + 1], refusal = next && spelling.row.kind.parse(next);
      if (refusal instanceof Refusal) given.notValues.set(next, `${name} ${refusal.reason}`);
    } else if (i + 1 < args.length) {
      const word = args[++i];
      const whole = !spelling.row.kind.goesOn?.(word) || i + 1 >= args.length;
      take(given, name, spelling, whole ? word : `${word}:${args[++i]}`);
    } else {
      given.faults.push(`${name} needs a value: ${spelling.row.kind.metavar}`);
    }
  }
  return given;
}

/** `-qieth0` as tcpdump takes it: becomes `-q`, `-i`, `eth0`. False where it is no such word. */
function splitLetters(args: string[], i: number, known: Map<string, Spelling>): boolean {
  const [, letter, rest] = /^(-[A-Za-z])([^-].*)$/s.exec(args[i]) ?? [];
  const spelling = letter === undefined ? undefined : known.get(letter);
  if (spelling === undefined) return false;
  args.splice(i, 1, letter, spelling.flag === undefined ? rest : `-${rest}`);
  return true;
}

/** Is the next argument the value of an option that may have none? */
function isValueOf({ kind }: Row, next: string | undefined): boolean {
  if (next === undefined) return false;
  // What is written as an address of the net is no operand, though it may be none that is understood.
  return /^[a-z]+:\/\//.test(next) || !(kind.parse(next) instanceof Refusal);
}

function take({ texts, faults }: Given, name: string, { key, row }: Spelling, text: string): void {
  const before = texts.get(key);
  if (before === undefined) texts.set(key, text);
  else if (row.kind.isList) texts.set(key, `${before},${text}`);
  else if (!isFlag(row)) faults.push(`${name} is given twice`);
  else if (before !== text) faults.push(`--${kebab(key)} and --no-${kebab(key)} contradict`);
  else faults.push(`${name} is given twice`);
}
