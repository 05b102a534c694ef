// The program's own words on standard error: notices, and with `--verbose` details, with time and
// level. Alerts do not come this way. Knows no command.
//
// @logtape/logtape does the verbose form, where its 18 ms of loading do not matter; the two or three
// plain lines of a run that said nothing of it are written without.

import { inPlainWords } from "../failure.ts";
import { oneLine } from "../format/printable.ts";
import type { Fault } from "../options/settings.ts";
import { writeError } from "./terminal.ts";
import { systemZoneFault } from "./zones.ts";

/** What is said with which weight. */
export interface Diagnostics {
  /** Something is wrong; said even with `--quiet`. */
  error(text: string): void;
  /** Good to know. */
  notice(text: string): void;
  /** Said with `--verbose` only. */
  detail(text: string): void;
}

/** What is wrong with the two options together. */
export function diagnosticsFaults(
  { quiet, verbose }: { quiet: boolean; verbose: boolean },
): Fault[] {
  return quiet && verbose ? [{ reason: "--quiet and --verbose contradict" }] : [];
}

/** `category` names the command, `beforeWrite` lets a progress line make room. */
export async function openDiagnostics(
  { quiet, verbose, tz }: { quiet: boolean; verbose: boolean; tz?: string },
  category: string,
  beforeWrite: () => void,
): Promise<Diagnostics> {
  const say = await open({ quiet, verbose }, category, beforeWrite);
  const fault = tz === undefined ? systemZoneFault() : undefined;
  if (fault !== undefined) say.notice(fault);
  return say;
}

async function open(
  { quiet, verbose }: { quiet: boolean; verbose: boolean },
  category: string,
  beforeWrite: () => void,
): Promise<Diagnostics> {
  const write = (text: string) => {
    beforeWrite();
    writeError(text);
  };
  if (verbose) return await withTimes(category, write);
  const say = (text: string) => write(`scandog: ${oneLine(inPlainWords(text))}\n`);
  return { error: say, notice: quiet ? () => {} : say, detail: () => {} };
}

async function withTimes(category: string, write: (text: string) => void): Promise<Diagnostics> {
  const { configureSync, getLogger, getTextFormatter } = await import("@logtape/logtape");
  const format = getTextFormatter({ timestamp: "date-time-tz", level: "full" });
  configureSync({
    sinks: { stderr: (record) => write(format(record)) },
    loggers: [
      { category: "scandog", lowestLevel: "debug", sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
    reset: true,
  });
  const logger = getLogger(["scandog", category]);
  // Braces mark places in LogTape's messages; ours are finished texts.
  const plain = (text: string) =>
    oneLine(inPlainWords(text)).replaceAll("{", "{{").replaceAll("}", "}}");
  return {
    error: (text) => logger.error(plain(text)),
    notice: (text) => logger.info(plain(text)),
    detail: (text) => logger.debug(plain(text)),
  };
}
