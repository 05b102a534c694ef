// Help from the tables of commands and options: the short form with what is used every day, the whole
// form with every number that can be tuned, last. Knows text and its width; no particular command.

import type { Command, Operand } from "./command.ts";
import { defaultOf, isFlag, kebab, type Row } from "./row.ts";

/** How it is to look. */
export interface HelpForm {
  /** Characters in a line. */
  width: number;
  /** Headings and names in bold. */
  colour: boolean;
  /** Everything; else what is used every day. */
  whole: boolean;
}

/** Groups of numbers with good defaults: last in the whole form, and not in the short one. */
export const TUNING_GROUPS: readonly string[] = ["Thresholds", "Capture path"];

/** Names no longer than this stand before their text; longer ones above it. */
const NAME_CHARACTERS_MAX = 26;
const INDENT = 2;

const BOLD = "\u001b[1m";
const PLAIN = "\u001b[0m";

/** What the program is and its commands. `others`: commands that are in no table, with their texts. */
export function overview(
  commands: readonly Command[],
  others: Readonly<Record<string, string>>,
  form: HelpForm,
): string {
  const rows: [string, string][] = commands.map(({ name, summary }) => [name, summary]);
  const lines = [
    ...filled(
      "Detects port scans on a server or a network, in live traffic and in capture files.",
      form.width,
    ),
    "",
    ...usage("scandog COMMAND [OPTION...]", form),
    "",
    ...table([...rows, ...Object.entries(others)], form),
    "",
    ...examples([
      ["scandog watch -i eth0", "tell scans as they happen"],
      ["scandog replay capture.pcap", "find the scans in a capture"],
      ["scandog explain capture.pcap", "why there was an alert, or none"],
    ], form),
  ];
  const more = form.whole
    ? [
      "",
      ...filled(
        "Every option can be in a configuration file (TOML) under the same name; --print-config shows the values in " +
          "effect. Exit status: 0 done, 1 could not run, 2 bad usage, 3 --expect or --fail-on-scan was not met. " +
          "scandog man prints the manual.",
        form.width,
      ),
    ]
    : [];
  const tail = "scandog COMMAND -h shows the common options, scandog COMMAND --help shows all.";
  return [...lines, ...more, "", ...filled(tail, form.width)].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Command, form: HelpForm): string {
  const { name, summary, notes, operand, options } = command;
  const groups = [...Map.groupBy(Object.entries(options), ([, row]) => row.group)];
  const isTuning = ([group]: [string, unknown]) => TUNING_GROUPS.includes(group);
  const shown = groups.filter((group) => !isTuning(group));
  const tuning = groups.filter(isTuning);
  if (form.whole) shown.push(...tuning);
  const left = form.whole ? 0 : tuning.reduce((sum, [, rows]) => sum + rows.length, 0);
  return [
    ...filled(summary, form.width),
    "",
    ...usage(`scandog ${name}${usageTail(command)}`, form),
    ...(operand === undefined ? [] : ["", ...table([[operand.metavar, operand.help]], form)]),
    ...shown.flatMap(([group, rows]) => [
      "",
      heading(`${group}:`, form),
      ...table(
        rows.map(([key, row]): [string, string] => [optionNames(key, row), helpText(row)]),
        form,
      ),
    ]),
    ...(command.examples === undefined ? [] : ["", ...examples(command.examples, form)]),
    ...(notes === undefined || !form.whole ? [] : ["", ...filled(notes, form.width)]),
    "",
    ...filled(
      left > 0
        ? `${left} more option${left === 1 ? "" : "s"}: scandog ${name} --help lists all.`
        : hasFlag(command)
        ? "A flag is denied by --no- before its name."
        : "",
      form.width,
    ),
  ].join("\n").trimEnd();
}

function hasFlag({ options }: Command): boolean {
  return Object.values(options).some(isFlag);
}

function usage(line: string, form: HelpForm): string[] {
  const [first, ...more] = filled(`Usage: ${line}`, form.width);
  return [first.replace("Usage:", heading("Usage:", form)), ...more];
}

function usageTail({ options, operand }: Command): string {
  return (Object.keys(options).length > 0 ? " [OPTION...]" : "") +
    (operand === undefined ? "" : ` ${operandText(operand)}`);
}

/** `FILE...`, `[COMMAND]`. */
export function operandText({ metavar, min, max }: Operand): string {
  const text = `${metavar}${max > 1 ? "..." : ""}`;
  return min > 0 ? text : `[${text}]`;
}

/** `-i, --interface IFACE`; the letter's place stays empty where there is none. */
function optionNames(key: string, row: Row): string {
  const short = row.short === undefined ? "    " : `-${row.short}, `;
  const value = isFlag(row)
    ? ""
    : row.bare === undefined
    ? ` ${row.kind.metavar}`
    : ` [${row.kind.metavar}]`;
  return `${short}--${kebab(key)}${value}`;
}

/** Help, choices and default in one text. */
export function helpText(row: Row): string {
  const shown = defaultOf(row);
  const choices = row.kind.choices === undefined ? "" : ` One of ${row.kind.choices.join(", ")}.`;
  return row.help + choices + (shown === "" ? "" : ` Default: ${shown}.`);
}

function examples(lines: readonly (readonly [string, string])[], form: HelpForm): string[] {
  return [
    heading("Examples:", form),
    ...lines.flatMap((
      [line, what],
    ) => [`${" ".repeat(INDENT)}${line}`, ...filled(what, form.width, 6)]),
  ];
}

function heading(text: string, { colour }: HelpForm): string {
  return colour ? `${BOLD}${text}${PLAIN}` : text;
}

/** Names before their texts, all texts in one column. */
function table(rows: readonly [string, string][], form: HelpForm): string[] {
  const longest = Math.max(...rows.map(([name]) => name.length));
  // On a narrow terminal texts stand below the names, or there would be a word a line.
  const nameMax = Math.min(longest, NAME_CHARACTERS_MAX, Math.floor(form.width / 3));
  const column = INDENT + nameMax + 2;
  return rows.flatMap(([name, text]) => {
    const lines = filled(text, form.width, column);
    const start = " ".repeat(INDENT) + heading(name, form);
    if (name.length > nameMax) return [start, ...lines];
    const [first = "", ...more] = lines;
    return [start + " ".repeat(column - INDENT - name.length) + first.trimStart(), ...more];
  });
}

/** Words in lines of at most `width` characters, each after `indent` spaces. */
function filled(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    if (line !== "" && indent + line.length + 1 + word.length > width) {
      lines.push(" ".repeat(indent) + line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return line === "" ? lines : [...lines, " ".repeat(indent) + line];
}
