// The whole command line as a grammar of @optique/core, which makes help and shell completions from
// it. Loaded only for these: arguments.ts reads the arguments of a command that is to run.

import { group, object, or } from "@optique/core/constructs";
import { runParser } from "@optique/core/facade";
import { type Message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import type { Usage } from "@optique/core/usage";
import type { ValueParser } from "@optique/core/valueparser";
import { BUILD } from "../version.ts";
import type { Command, Operand } from "./command.ts";
import { Exit } from "../failure.ts";
import { defaultOf, isFlag, kebab, type Row, type Rows } from "./row.ts";

/**
 * What a grammar reads: the command's name, the texts of its options by group and key (`no KEY` for
 * a flag denied), and its operands.
 */
export interface Reading {
  command: string;
  options: Record<string, Record<string, string | true | readonly string[] | undefined>>;
  operands: readonly string[];
}

type AnyParser = Parser<"sync", unknown, unknown>;

/** The grammar of all commands. */
export function grammarOf(commands: readonly Command[]): Parser<"sync", Reading, unknown> {
  const parsers = commands.map((each) =>
    command(each.name, commandGrammar(each), {
      brief: words(each.summary),
      ...(each.notes !== undefined && { footer: words(each.notes) }),
      usageLine: shortUsage(each),
    })
  );
  return or(...parsers as unknown as [AnyParser]) as Parser<"sync", Reading, unknown>;
}

function commandGrammar({ name, options, operand }: Command): AnyParser {
  return object({
    command: constant(name),
    operands: operand === undefined ? constant([]) : operandGrammar(operand),
    options: object(
      Object.fromEntries(
        Object.entries(byGroup(options)).map(([label, rows]) => [
          label,
          group(label, object(groupGrammar(rows))),
        ]),
      ),
    ),
  });
}

/** `[OPTION...] FILE...`: the options are listed below it anyway. */
function shortUsage({ operand }: Command): Usage {
  const options: Usage = [{
    type: "multiple",
    min: 0,
    terms: [{ type: "argument", metavar: "OPTION" }],
  }];
  if (operand === undefined) return options;
  const metavar = operand.metavar as ValueParser["metavar"];
  return [...options, {
    type: "multiple",
    min: operand.min,
    terms: [{ type: "argument", metavar }],
  }];
}

function operandGrammar({ metavar, help, min, max, isFile }: Operand): AnyParser {
  const value = valueParser({ metavar, isFile });
  return multiple(argument(value, { description: words(help) }), { min, max });
}

/** The parsers of one option, by the key that their texts have in a `Reading`. */
function optionGrammar(key: string, row: Row): Record<string, AnyParser> {
  const name = `--${kebab(key)}` as const;
  const description = words(helpText(row));
  if (isFlag(row)) {
    // That every flag can be denied is said once, not beside each of them.
    const denial = flag(`--no-${kebab(key)}`, { hidden: "help" });
    return { [key]: optional(flag(name, { description })), [`no ${key}`]: optional(denial) };
  }
  const names = row.short === undefined ? [name] as const : [`-${row.short}`, name] as const;
  const parser = option(...names as [typeof name], valueParser(row.kind), { description });
  return { [key]: row.kind.isList ? multiple(parser) : optional(parser) };
}

/** Help, choices and default in one text. */
function helpText(row: Row): string {
  const shown = defaultOf(row);
  const choices = row.kind.choices === undefined ? "" : ` One of ${row.kind.choices.join(", ")}.`;
  return row.help + choices + (shown === "" ? "" : ` Default: ${shown}.`);
}

/** Takes any text: values are judged when all of them are known, so that all faults are told. */
function valueParser(
  { metavar, choices, isFile }: { metavar: string; choices?: readonly string[]; isFile?: boolean },
): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: metavar as ValueParser["metavar"],
    placeholder: "",
    parse: (value) => ({ success: true, value }),
    format: (value) => value,
    *suggest(prefix) {
      if (isFile && !prefix.startsWith("-")) yield { kind: "file", pattern: prefix, type: "file" };
      for (const choice of choices ?? []) {
        if (choice.startsWith(prefix)) yield { kind: "literal", text: choice };
      }
    },
  };
}

/** Plain words: nothing in them is markup. */
function words(plain: string): Message {
  return [text(plain)];
}

function byGroup(options: Rows): Record<string, Rows> {
  const groups: Record<string, Rows> = {};
  for (const [key, row] of Object.entries(options)) (groups[row.group] ??= {})[key] = row;
  return groups;
}

function groupGrammar(rows: Rows): Record<string, AnyParser> {
  return Object.assign({}, ...Object.entries(rows).map(([key, row]) => optionGrammar(key, row)));
}

/**
 * Answers `--help`, `--version` and `completions`, and says what is wrong with arguments that name
 * no command. Gives the exit status.
 */
export function answer(
  commands: readonly Command[],
  args: readonly string[],
  print: { out: (text: string) => void; error: (text: string) => void; width: number },
): number {
  let status: number = Exit.Done;
  runParser(grammarOf(commands), "scandog", args, {
    brief: words("Watches a server or a network for port scans and says who, what and how sure."),
    help: { option: { names: ["--help", "-h"] } },
    version: { option: true, value: `scandog ${BUILD}` },
    completion: { command: { names: ["completions"] } },
    usageLine: [{ type: "ellipsis" }],
    aboveError: "none",
    maxWidth: print.width,
    termWidth: "auto",
    stdout: print.out,
    stderr: (text) => print.error(text.replace(/^Error: /, "scandog: ")),
    onError: () => status = Exit.BadUsage,
  });
  return status;
}
