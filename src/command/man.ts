// `scandog man`: the manual page, made from the tables of commands and options in the man(7)
// language. Knows no particular command.

import { BUILD, BUILD_DAY } from "../version.ts";
import { type Command, defineCommand } from "../options/command.ts";
import { GLOSSARY } from "./glossary.ts";
import { FIELDS } from "../verdict/expectation.ts";
import { DEFAULT_CONFIG } from "../options/config_file.ts";
import { Exit } from "../failure.ts";
import { defaultOf, isFlag, kebab, type Row } from "../options/row.ts";
import { writeOut } from "./terminal.ts";

/** Lines of the source, so that it can be read too. */
const WIDTH = 78;
/** Keys of an expectation that must be written. */
const NEEDED: Record<string, string> = {
  source: " Needed of a scan.",
  destination: " Needed of a flood.",
};

export const MAN = defineCommand({
  name: "man",
  summary: "Prints the manual page: scandog man | man -l -",
  options: {},
  async run(_settings, _operands, program) {
    writeOut(
      manualPage(await program.commands(), BUILD_DAY || new Date().toISOString().slice(0, 10)),
    );
    return Exit.Done;
  },
});

/** The whole page. `day` is its date, `2026-11-22`. */
export function manualPage(commands: readonly Command[], day: string): string {
  return [
    `.TH SCANDOG 8 "${day}" "scandog ${BUILD.split(" ")[0]}" "System Manager's Manual"`,
    ".SH NAME",
    "scandog \\- detect port scans on a server or a network",
    ".SH SYNOPSIS",
    ...commands.flatMap(synopsis).slice(1),
    ".SH DESCRIPTION",
    ...filled(
      "scandog detects port scans and writes one line for each scan: who scans, what, how, from how far away, " +
        "what the scanner learned, and whether the source address can be believed. It never acts against a " +
        "source, because a source address can be forged.",
    ),
    ".SH COMMANDS",
    ...commands.flatMap(commandPart),
    ".SH ALERTS",
    ...filled("Each line tells one event. These are the words of a line, roughly in their order:"),
    ...GLOSSARY.flatMap(([words, meaning]) => [".TP", `.B ${escaped(words)}`, ...filled(meaning)]),
    ".SH EXPECTATIONS",
    ...filled(
      "A file for --expect has a line for each scan and each flood (shape=flood). A line has words of the form " +
        "KEY=VALUE. # begins a comment. A value with spaces stands in double quotes. Words and lines may be in any " +
        "order. Only the keys that are given are compared. A scan or flood without a line is a difference too. " +
        "--write-expect writes such a file. The keys:",
    ),
    ...Object.entries(FIELDS).flatMap(([key, { words }]) => [
      ".TP",
      `.B ${escaped(key)}`,
      ...filled(`${words[0].toUpperCase()}${words.slice(1)}.${NEEDED[key] ?? ""}`),
    ]),
    ".SH EXAMPLES",
    ...commands.flatMap(({ examples = [] }) => examples).flatMap(([line, what]) => [
      ".TP",
      `.B ${escaped(line)}`,
      ...filled(`${what[0].toUpperCase()}${what.slice(1)}.`),
    ]),
    ".SH FILES",
    ".TP",
    ".I \\(ti/.config/scandog/scandog.toml",
    ...filled(
      "Configuration of a user, or scandog/scandog.toml in $XDG_CONFIG_HOME. If it is there, the system's " +
        "configuration is not read. Root has none, so that HOME cannot decide what root does.",
    ),
    ".TP",
    `.I ${escaped(DEFAULT_CONFIG)}`,
    ...filled(
      "Configuration of the system, in TOML. The key of an option is its name without the dashes in front. The " +
        "command line wins. When scandog runs as root, it refuses a file that others may write.",
    ),
    ".SH ENVIRONMENT",
    ...["TZ", "NO_COLOR, TERM", "XDG_CONFIG_HOME, HOME"].flatMap((name, i) => [
      ".TP",
      `.B ${escaped(name)}`,
      ...filled(
        [
          "The zone of printed clock times: a name, a file, or rules such as " +
          "CET-1CEST,M3.5.0,M10.5.0/3.",
          "If NO_COLOR is set, or TERM is dumb, a terminal gets no colours.",
          "Where a user's configuration is.",
        ][i],
      ),
    ]),
    ".SH EXIT STATUS",
    ...statuses({
      0: "Done. A live capture that a signal ends is done, too.",
      1: "It could not run, or a file is damaged. One line names the object and the remedy. What came before the damage is " +
        "reported first.",
      2: "Bad usage, on the command line or in the configuration file. Every fault is named.",
      3: "--expect or --fail-on-scan was not met.",
    }),
    ".SH SEE ALSO",
    ".BR pcap\\-filter (7),",
    ".BR tcpdump (8)",
  ].join("\n") + "\n";
}

function synopsis({ name, operand, options }: Command): string[] {
  const words = Object.keys(options).length === 0 ? [] : ["[\\fIOPTION\\fR...]"];
  if (operand !== undefined) {
    const { min, max, metavar } = operand;
    const text = `\\fI${escaped(metavar)}\\fR${max > 1 ? "..." : ""}`;
    words.push(min > 0 ? text : `[${text}]`);
  }
  return [".br", `.B scandog ${escaped(name)}`, ...(words.length === 0 ? [] : [words.join(" ")])];
}

function commandPart({ name, summary, notes, operand, options }: Command): string[] {
  return [
    `.SS scandog ${escaped(name)}`,
    ...filled(summary),
    ...(notes === undefined ? [] : paragraph(notes)),
    ...(operand === undefined
      ? []
      : [".TP", `.I ${escaped(operand.metavar)}`, ...filled(operand.help)]),
    ...[...Map.groupBy(Object.entries(options), ([, row]) => row.group)].flatMap(
      ([group, rows]) => [".PP", `.I ${escaped(group)}`, ...rows.flatMap(optionPart)],
    ),
  ];
}

function optionPart([key, row]: [string, Row]): string[] {
  const short = row.short === undefined ? "" : `\\fB\\-${row.short}\\fR, `;
  const long = isFlag(row)
    ? `\\fB\\-\\-\\fR[\\fBno\\-\\fR]\\fB${escaped(kebab(key))}\\fR`
    : `\\fB\\-\\-${escaped(kebab(key))}\\fR \\fI${escaped(row.kind.metavar)}\\fR`;
  const choices = row.kind.choices === undefined ? "" : ` One of ${row.kind.choices.join(", ")}.`;
  const shown = defaultOf(row);
  const commandLine = row.commandLineOnly === undefined ? "" : " Not in a configuration file.";
  return [
    ".TP",
    short + long,
    ...filled(row.help + choices + (shown === "" ? "" : ` Default: ${shown}.`) + commandLine),
  ];
}

function statuses(meanings: Record<number, string>): string[] {
  return Object.entries(meanings).flatMap(([status, text]) => [
    ".TP",
    `.B ${status}`,
    ...filled(text),
  ]);
}

function paragraph(text: string): string[] {
  return [".PP", ...filled(text)];
}

/** Text in lines, none of which can be taken for a command of the language. */
export function filled(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((word) => word !== "").map(escaped)) {
    if (line !== "" && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines.map((line) => /^[.']/.test(line) ? `\\&${line}` : line);
}

/** Plain text: a backslash would begin a command, and a minus sign shall stay one when copied. */
export function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-");
}
