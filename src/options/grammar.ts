// The whole command line as a grammar of @optique/core, which makes shell completions from it. Loaded
// only for these: arguments.ts reads the arguments of a command that is to run, help.ts tells of them.

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
import { isFlag, kebab, type Kind, type Row, type Rows } from "./row.ts";
import { helpText } from "./help.ts";

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

/** Takes any text: values are judged when all of them are known, so that all faults are told. */
function valueParser(
  { metavar, choices, isFile, suggest }: Pick<
    Kind<unknown>,
    "metavar" | "choices" | "isFile" | "suggest"
  >,
): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: metavar as ValueParser["metavar"],
    placeholder: "",
    parse: (value) => ({ success: true, value }),
    format: (value) => value,
    *suggest(prefix) {
      if (isFile && !prefix.startsWith("-")) yield { kind: "file", pattern: prefix, type: "file" };
      for (const choice of choices ?? suggest?.() ?? []) {
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

/** Answers `completions`, also for the words that a shell asks about. Gives the exit status. */
export function answer(
  commands: readonly Command[],
  args: readonly string[],
  print: { out: (text: string) => void; error: (text: string) => void; width: number },
): number {
  let status: number = Exit.Done;
  runParser(or(grammarOf(commands), helpGrammar(commands)), "scandog", args, {
    help: { option: { names: ["--help", "-h"] } },
    version: { option: { names: ["--version", "-V"] }, command: true, value: `scandog ${BUILD}` },
    completion: { command: { names: ["completions"] } },
    aboveError: "none",
    maxWidth: print.width,
    termWidth: "auto",
    stdout: print.out,
    stderr: (text) => print.error(text.replace(/^Error: /, "scandog: ")),
    onError: () => status = Exit.BadUsage,
  });
  return status;
}

/** `help COMMAND`. */
function helpGrammar(commands: readonly Command[]): AnyParser {
  const choices = commands.map(({ name }) => name);
  return command("help", optional(argument(valueParser({ metavar: "COMMAND", choices }))), {
    brief: words("Prints the whole help, or that of a command."),
  });
}
