// Reads the arguments of one command by its table of options. Knows how options are spelled; not
// what their values mean.
//
// The grammar that help and completions are made from (grammar.ts) could read them too. This does it
// without loading that library, which saves 50 ms of each start, and names every fault at once
// rather than the first. A test holds the two to the same reading.

import { isFlag, kebab, Refusal, type Row, type Rows } from "./row.ts";

/** What the arguments said. */
export interface Given {
  /** Text of each option given, by key; for a flag `true` or `false`. */
  texts: Map<string, string>;
  operands: string[];
  /** Options that there are not, as they were spelled. */
  unknown: string[];
  /** Other faults: one sentence each. */
  faults: string[];
  /** `--help` or `-h` is among them. */
  help: boolean;
}

interface Spelling {
  key: string;
  row: Row;
  /** A flag's text; undefined for options that have a value. */
  flag?: string;
}

/** Every way to spell an option of the table: `--name`, its short form, `--no-name` for flags. */
export function spellings(options: Rows): Map<string, Spelling> {
  const found = new Map<string, Spelling>();
  for (const [key, row] of Object.entries(options)) {
    const flag = isFlag(row) ? "true" : undefined;
    found.set(`--${kebab(key)}`, { key, row, flag });
    if (row.short !== undefined) found.set(`-${row.short}`, { key, row, flag });
    if (flag !== undefined) found.set(`--no-${kebab(key)}`, { key, row, flag: "false" });
  }
  return found;
}

/**
 * Reads `--name VALUE`, `--name=VALUE`, `--flag`, `--no-flag` and operands in any order; `--` ends
 * the options and `-` alone is an operand (standard input).
 */
export function readArguments(options: Rows, args: readonly string[]): Given {
  const known = spellings(options);
  const given: Given = { texts: new Map(), operands: [], unknown: [], faults: [], help: false };
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
      given.help = true;
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

/** Is the next argument the value of an option that may have none? */
function isValueOf({ kind }: Row, next: string | undefined): boolean {
  return next !== undefined && !(kind.parse(next) instanceof Refusal);
}

function take({ texts, faults }: Given, name: string, { key, row }: Spelling, text: string): void {
  const before = texts.get(key);
  if (before === undefined) texts.set(key, text);
  else if (row.kind.isList) texts.set(key, `${before},${text}`);
  else if (!isFlag(row)) faults.push(`${name} is given twice`);
  else if (before !== text) faults.push(`--${kebab(key)} and --no-${kebab(key)} contradict`);
  else faults.push(`${name} is given twice`);
}
