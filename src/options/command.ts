// What a command is. Knows no particular command.

import type { Rows } from "./row.ts";
import type { Fault, Settings } from "./settings.ts";

/** What stands on the command line besides options. */
export interface Operand {
  metavar: string;
  help: string;
  min: number;
  max: number;
  isFile?: boolean;
}

/** What a command may ask of the program that runs it. */
export interface Program<R extends Rows = Rows> {
  /**
   * Reads the configuration file again and gives the settings that are then in effect. Throws `BadUsage`
   * or `CannotRun`, and the old settings stay good.
   */
  reload(): Promise<Settings<R>>;
  /** All commands there are. */
  commands(): Promise<Command[]>;
}

/** One command; its file exports one, and `commands.ts` lists it. */
export interface Command<R extends Rows = Rows> {
  name: string;
  /** One line. */
  summary: string;
  /** Paragraphs below the options in its help. */
  notes?: string;
  /** Whole command lines, and what each does. */
  examples?: readonly (readonly [line: string, what: string])[];
  options: R;
  operand?: Operand;
  /** Faults that show only when all values are known. */
  check?(settings: Settings<R>): Fault[];
  /**
   * Values in effect that depend on others, for `--print-config`; an option that has no part in
   * this run is undefined here.
   */
  derived?(settings: Settings<R>): Record<string, unknown>;
  /** Does it. Gives the exit status; throws `CannotRun` for 1. */
  run(settings: Settings<R>, operands: string[], program: Program<R>): Promise<number>;
}

/** Gives a command its type from its options. */
export function defineCommand<const R extends Rows>(command: Command<R>): Command<R> {
  return command;
}
