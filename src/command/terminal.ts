// Standard output and error for what is not alerts: help, notices, progress. Knows bytes and
// terminals; nothing of what is said.

import { CannotRun, reasonOf } from "../failure.ts";
import { plural } from "../format/figures.ts";
import { variable } from "../options/environment.ts";
import { ATOMIC_BYTES, nextPiece } from "../sink/pieces.ts";

const ENCODER = new TextEncoder();

/** Lines of help are no wider than this, however wide the terminal is. */
const LINE_WIDTH_MAX = 100;
/** And no narrower: less holds no word beside a name. */
const LINE_WIDTH_MIN = 40;

/**
 * Writes whole lines to standard output; the end of the last one may be left out. A reader that has
 * gone (`| head`) has read enough. Throws `CannotRun` for everything else, such as a full disk.
 */
export function writeOut(text: string): void {
  try {
    writeAll(Deno.stdout, text.endsWith("\n") ? text : `${text}\n`);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw outputFailure(error);
  }
}

/** What to say when standard output cannot be written. */
export function outputFailure(error: unknown): CannotRun {
  return new CannotRun(`standard output: cannot be written: ${reasonOf(error)}`);
}

/** What to say of lines that nobody took before the end. */
export function linesLost(lines: number): string {
  return `standard output: closed, ${plural(lines, "line")} could not be written`;
}

/** Writes to standard error, as it is. That it is closed or full is nobody's fault: it is ignored. */
export function writeError(text: string): void {
  try {
    writeAll(Deno.stderr, text, ERROR_PATIENCE_MS);
  } catch {
    // There is nowhere left to say it.
  }
}

/** Between two tries of a pipe that is full and does not block. */
const RETRY_MS = 1;
/** So long what is said on standard error may hold up the program. */
const ERROR_PATIENCE_MS = 100;

/** In pieces after which it is known how much went through: whoever started us may have left a pipe in non-blocking mode. */
function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
  patienceMs = Infinity,
): void {
  const bytes = ENCODER.encode(text);
  let waitedMs = 0;
  for (let at = 0; at < bytes.length;) {
    try {
      at += stream.writeSync(nextPiece(bytes, at, ATOMIC_BYTES));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock) || waitedMs >= patienceMs) throw error;
      Atomics.wait(PAUSE, 0, 0, RETRY_MS);
      waitedMs += RETRY_MS;
    }
  }
}

/** Never notified: waiting on it is a pause. */
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Width for help: the terminal's, if there is one. */
export function lineWidth(): number {
  return Deno.stdout.isTerminal() ? widthOf(Deno.consoleSize().columns) : LINE_WIDTH_MAX;
}

/** A terminal that says it has no columns (a serial line, some containers) has the usual number. */
export function widthOf(columns: number): number {
  return Math.min(LINE_WIDTH_MAX, Math.max(LINE_WIDTH_MIN, columns === 0 ? 80 : columns));
}

/** Colour is for terminals, and for nobody who has set NO_COLOR. */
export function isColoured(stream: { isTerminal(): boolean }): boolean {
  return stream.isTerminal() && !Deno.noColor && variable("TERM") !== "dumb";
}
