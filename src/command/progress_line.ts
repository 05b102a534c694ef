// The progress of a replay in one line of a terminal, written over and over. Knows no capture.

import { byteText, durationText, rounded } from "../format/figures.ts";
import { printable } from "../format/printable.ts";
import { writeError } from "./terminal.ts";

/** Often enough to look alive, seldom enough to cost nothing. */
const INTERVAL_MS = 100;

/** Carriage return, and erase to the end of the line (ECMA-48 EL). */
const ERASE = "\r\x1b[K";

/** What is known while a replay goes on. */
export interface ReplayProgress {
  file: string;
  /** Bytes of all files so far. */
  bytes: number;
  packets: number;
  elapsedMs: number;
}

export class ProgressLine {
  private shownMs = -INTERVAL_MS;
  private shown = false;

  /** `bytesTotal` of all files, undefined when it cannot be known (standard input). */
  constructor(
    private readonly write: (text: string) => void,
    private readonly bytesTotal: number | undefined,
    private readonly width: () => number,
  ) {}

  /** Shows where the replay is, unless it did so a moment ago. */
  update(progress: ReplayProgress): void {
    if (progress.elapsedMs - this.shownMs < INTERVAL_MS) return;
    this.shownMs = progress.elapsedMs;
    this.shown = true;
    // One column less: a full line would wrap, and then not be erased. Some terminals do not know
    // their width and say 0.
    const width = this.width() - 1;
    const text = progressText(progress, this.bytesTotal);
    this.write(ERASE + (width > 0 ? text.slice(0, width) : text));
  }

  /** Takes the line away, so that another can be written there. */
  clear(): void {
    if (!this.shown) return;
    this.shown = false;
    this.write(ERASE);
  }
}

/** `capture.pcap: 45 %, 230 MB of 512 MB, 12.1 million packets/s, 3.0 s left`. */
export function progressText(progress: ReplayProgress, bytesTotal: number | undefined): string {
  const { file, bytes, packets, elapsedMs } = progress;
  const rate = `${rounded(packets / Math.max(elapsedMs, 1) * 1000)} packets/s`;
  const name = printable(file);
  if (bytesTotal === undefined || bytesTotal === 0) return `${name}: ${byteText(bytes)}, ${rate}`;
  const part = Math.min(bytes / bytesTotal, 1);
  const left = part > 0 ? `, ${durationText(elapsedMs * 1000 * (1 / part - 1))} left` : "";
  return `${name}: ${Math.floor(part * 100)} %, ${byteText(bytes)} of ${byteText(bytesTotal)}, ` +
    rate + left;
}

/** One on standard error; undefined where nobody would see it, or nobody wants to. */
export function openProgress(quiet: boolean, bytes: number | undefined): ProgressLine | undefined {
  if (quiet || !Deno.stderr.isTerminal()) return undefined;
  return new ProgressLine(writeError, bytes, () => Deno.consoleSize().columns);
}
