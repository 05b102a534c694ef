// From the arguments to a running command, and from its end to an exit status. Knows no particular command.

import { commandHelp, type HelpForm, overview } from "../options/help.ts";
import { type Given, readArguments, spellings } from "../options/arguments.ts";
import type { Command } from "../options/command.ts";
import { COMMANDS, loadCommands } from "./commands.ts";
import { type ConfigFile, readConfig } from "../options/config_file.ts";
import { oneLine } from "../format/printable.ts";
import { BadUsage, CannotRun, Exit, inPlainWords } from "../failure.ts";
import type { Rows } from "../options/row.ts";
import { faultText, type Settings, settle } from "../options/settings.ts";
import { BUILD } from "../version.ts";
import { isColoured, lineWidth, writeError, writeOut } from "./terminal.ts";

/** Runs what the arguments ask for. Gives the exit status; never throws for what a user may do. */
export async function start(args: readonly string[]): Promise<number> {
  try {
    const [name = "", ...rest] = args;
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    return await (load === undefined ? answerFor(args) : run(await load(), rest));
  } catch (error) {
    if (error instanceof BadUsage) {
      for (const fault of shortened(error.faults)) writeError(`scandog: ${oneLine(fault)}\n`);
      return Exit.BadUsage;
    }
    // Deno's own refusal names the object and the flag that would allow it.
    if (error instanceof CannotRun || error instanceof Deno.errors.NotCapable) {
      writeError(`scandog: ${oneLine(inPlainWords(error.message))}\n`);
      return Exit.CannotRun;
    }
    throw error;
  }
}

/** A file that was given by mistake has a fault in every line. */
const FAULTS_MAX = 20;

/** The first faults, how many others there are, and the last, which says where help is. */
function shortened(faults: readonly string[]): string[] {
  const more = faults.length - FAULTS_MAX;
  if (more <= 1) return [...faults];
  return [...faults.slice(0, FAULTS_MAX - 1), `${more} more faults`, faults.at(-1)!];
}

/** Commands that are no command of the table, and what they do. */
const OTHERS = {
  completions: "Prints completions for bash, zsh, fish or nu: scandog completions SHELL.",
  help: "Prints the whole help, or that of a command: scandog help COMMAND.",
  version: "Prints the version.",
} as const;

/** What needs no command of ours: help, version, completions; or there is none of that name. */
async function answerFor(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case undefined:
      writeError(`${overview(await loadCommands(), OTHERS, form(false, Deno.stderr))}\n`);
      return Exit.BadUsage;
    case "-h":
    case "--help":
      return await help(rest[0], name === "--help");
    case "help": {
      const [command, ...more] = rest.filter((word) => !word.startsWith("-"));
      refuseWords(more);
      return await help(command, true);
    }
    // Asked by scripts.
    case "-V":
    case "--version":
    case "version":
      refuseWords(rest.filter((word) => !word.startsWith("-")));
      writeOut(`scandog ${BUILD}`);
      return Exit.Done;
    case "completions":
      return await complete(args);
  }
  if (name.startsWith("-")) {
    throw new BadUsage([`there is no option ${name} before a command`, SEE_HELP]);
  }
  return await unknownCommand(name);
}

function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return;
  throw new BadUsage([`${JSON.stringify(word)} is one operand too many`, SEE_HELP]);
}

/** `name`: the command; without it, all. */
async function help(name: string | undefined, whole: boolean): Promise<number> {
  const commands = await loadCommands();
  if (name === undefined || name in OTHERS) {
    writeOut(overview(commands, OTHERS, form(whole)));
    return Exit.Done;
  }
  const command = commands.find((command) => command.name === name);
  if (command === undefined) return await unknownCommand(name);
  writeOut(commandHelp(command, form(whole)));
  return Exit.Done;
}

function form(whole: boolean, stream: { isTerminal(): boolean } = Deno.stdout): HelpForm {
  return { width: lineWidth(), colour: isColoured(stream), whole };
}

async function unknownCommand(name: string): Promise<never> {
  const { nearest } = await import("../options/nearest.ts");
  const near = nearest(name, [...Object.keys(COMMANDS), ...Object.keys(OTHERS)]);
  throw new BadUsage([`there is no command ${JSON.stringify(name)}${near}`, SEE_HELP]);
}

/** Completions come from the grammar. */
async function complete(args: readonly string[]): Promise<number> {
  if (args.length === 1) throw new BadUsage([`no SHELL is given: ${SHELLS}`, SEE_COMPLETIONS]);
  if (args[1] === "-h" || args[1] === "--help") return await help(undefined, true);
  const { answer } = await import("../options/grammar.ts");
  return answer(await loadCommands(), args, {
    out: writeOut,
    error: (text) => writeError(`${text}\n`),
    width: lineWidth(),
  });
}

const SHELLS = "bash, zsh, fish, nu or pwsh";
const SEE_COMPLETIONS = "such as: scandog completions bash >/etc/bash_completion.d/scandog";
const SEE_HELP = "scandog --help lists the commands";

async function run(command: Command, args: readonly string[]): Promise<number> {
  const given = readArguments(command.options, args);
  if (given.help !== undefined) return await help(command.name, given.help === "whole");
  const printOnly = given.texts.get("printConfig") === "true";
  const { settings, file, faults } = await settingsOf(command, given, printOnly);
  faults.unshift(...await usageFaults(command, given));
  if (!printOnly) faults.push(...operandFaults(command, given));
  if (faults.length > 0) {
    throw new BadUsage([...faults, `scandog ${command.name} --help lists the options`]);
  }
  if (!printOnly) {
    const program = { reload: () => reload(command, given), commands: loadCommands };
    return command.run(settings, given.operands, program);
  }
  const { configText } = await import("../options/print_config.ts");
  writeOut(configText(command, settings, file));
  return Exit.Done;
}

/** The settings in effect, and everything that is wrong with them. */
async function settingsOf(
  command: Command,
  given: Given,
  printOnly = false,
): Promise<{ settings: Settings; file?: ConfigFile; faults: string[] }> {
  const file = "config" in command.options
    ? await readConfig(given.texts.get("config"), command.options, allOptions)
    : undefined;
  // What it takes to read it again with other keys in it; a binary has all its modules in memory.
  if (file !== undefined && !Deno.build.standalone) await loadCommands();
  const { settings, faults } = settle(command.options, given.texts, file);
  const all = [...file?.faults ?? [], ...faults];
  // Whether values go together can be said only of values.
  if (faults.length === 0) {
    const found = command.check?.(settings) ?? [];
    all.push(
      ...found.filter(({ missing }) => !(missing && printOnly))
        .map((fault) => faultText(settings, fault)),
    );
  }
  return { settings, file, faults: all };
}

/** See `Program.reload`. */
async function reload(command: Command, given: Given): Promise<Settings> {
  const { settings, faults } = await settingsOf(command, given);
  if (faults.length > 0) throw new BadUsage(faults);
  return settings;
}

/** The options of all commands: a file may serve several. Of one name, it is one that may be in a file. */
async function allOptions(): Promise<Rows> {
  const all: Rows = {};
  for (const { options } of await loadCommands()) {
    for (const [key, row] of Object.entries(options)) {
      if (all[key] === undefined || row.commandLineOnly === undefined) all[key] = row;
    }
  }
  return all;
}

async function usageFaults(command: Command, given: Given): Promise<string[]> {
  if (given.unknown.length === 0) return given.faults;
  const { nearest } = await import("../options/nearest.ts");
  const names = [...spellings(command.options).keys(), "--help"];
  // One letter is near to every other.
  const near = (name: string) => name.length > 2 ? nearest(name, names) : "";
  const unknown = await Promise.all(given.unknown.map(async (name) => {
    const others = await commandsWith(name);
    return `there is no option ${name}${others === "" ? near(name) : `; ${others}`}`;
  }));
  return [...unknown, ...given.faults];
}

/** Whose an option is: `it is one of watch and log`; empty for nobody's. */
async function commandsWith(name: string): Promise<string> {
  const commands = (await loadCommands()).filter(({ options }) => spellings(options).has(name));
  const names = commands.map(({ name }) => name);
  return names.length === 0 ? "" : `it is one of ${new Intl.ListFormat("en").format(names)}`;
}

/** What other programs, tcpdump first, take as operands. */
const OPERANDS_OF_OTHERS = [
  { key: "interface", what: "a device" },
  { key: "read", what: "a capture" },
  { key: "filter", what: "a filter" },
] as const;

function operandFaults(
  { operand, options }: Pick<Command, "operand" | "options">,
  { operands, notValues }: Pick<Given, "operands" | "notValues">,
): string[] {
  const { metavar, min, max } = operand ?? { metavar: "operand", min: 0, max: 0 };
  if (operands.length < min) return [`no ${metavar} is given`];
  if (operands.length > max) {
    const word = operands[max];
    const places = OPERANDS_OF_OTHERS.filter(({ key }) => key in options)
      .map(({ key, what }) => `${what} goes after --${key}`);
    const hint = places.length === 0 ? "" : `: ${places.join(", ")}`;
    return [notValues.get(word) ?? `${JSON.stringify(word)} is one ${metavar} too many${hint}`];
  }
  if (operands.includes("")) return [`${metavar} must be something, got ""`];
  return [];
}
