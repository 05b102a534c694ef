// Several files of sensors' lines as one stream in the order of its time. Knows files and times; nothing of what is
// said. Each file is taken to be nearly in order: a line that claims to be of the future waits until its file has
// nothing else, and so holds up nobody but its own sensor.

import { Reorder } from "../../correlate/reorder.ts";
import { reasonOf } from "../../failure.ts";
import type { Line } from "../lines.ts";
import { readMessage, type SensorMessage } from "./message.ts";

/** Messages of one file that are put in order. */
const AHEAD_MAX = 256;

/** What was read, for the summary. */
export interface LinesRead {
  lines: number;
  /** Lines that no sensor of ours wrote. */
  unreadable: number;
  /** One sentence for each file that was not read to its end, or that holds nothing of sensors. */
  faults: string[];
}

/** One file of those that are merged. */
export interface MergedFile {
  /** For messages. */
  name: string;
  /** Its lines, until it ends. */
  chunks: AsyncIterable<Line[]>;
}

/** One file, read as far as needed. */
class Source {
  readonly ahead = new Reorder<SensorMessage>(AHEAD_MAX);
  private readonly chunks: AsyncIterator<Line[]>;
  private lines: Line[] = [];
  private at = 0;
  private isOver = false;
  private isUseful = false;

  /** `signal` ends the reading early: then nothing can be said of what was not read. */
  constructor(
    private readonly file: MergedFile,
    private readonly read: LinesRead,
    private readonly signal: AbortSignal,
  ) {
    this.chunks = file.chunks[Symbol.asyncIterator]();
  }

  /** True when more is to be read before the earliest message is known. */
  get isShort(): boolean {
    return !this.isOver && this.ahead.size < AHEAD_MAX;
  }

  /** Reads on until enough is there. */
  async fill(): Promise<void> {
    try {
      while (this.isShort) {
        if (this.at < this.lines.length) this.takeLine();
        else await this.nextLines();
      }
    } catch (error) {
      this.isOver = true;
      this.read.faults.push(`${this.file.name}: not read to its end: ${reasonOf(error)}`);
    }
  }

  private async nextLines(): Promise<void> {
    const { done, value } = await this.chunks.next();
    this.lines = value ?? [];
    this.at = 0;
    if (!done) return;
    this.isOver = true;
    if (this.isUseful || this.signal.aborted) return;
    this.read.faults.push(`${this.file.name}: holds no line that a sensor's --outcomes wrote`);
  }

  private takeLine(): void {
    const line = this.lines[this.at++];
    if (line !== undefined && line.trim() === "") return;
    this.read.lines++;
    const message = line === undefined ? "unreadable" : readMessage(line);
    if (message === "unreadable") {
      this.read.unreadable++;
      return;
    }
    this.isUseful = true;
    if (message !== "unused") this.ahead.push(message.timeUs, message);
  }
}

/**
 * Calls `take` for each message of all files, in the order of their time; `pause` after some, for what must be waited
 * for. `signal` ends it early.
 */
export async function mergeFiles(
  files: readonly MergedFile[],
  take: (message: SensorMessage) => void,
  pause: () => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<LinesRead> {
  const read: LinesRead = { lines: 0, unreadable: 0, faults: [] };
  const sources = files.map((file) => new Source(file, read, signal));
  for (let taken = 0; !signal.aborted; taken++) {
    let earliest: Source | undefined;
    for (const source of sources) {
      if (source.isShort) await source.fill();
      if (source.ahead.size === 0) continue;
      if (earliest === undefined || source.ahead.earliestUs < earliest.ahead.earliestUs) {
        earliest = source;
      }
    }
    if (earliest === undefined) break;
    take(earliest.ahead.shift());
    if (taken % PAUSE_AFTER === 0) await pause();
  }
  return read;
}

/** Messages between two pauses. */
const PAUSE_AFTER = 1024;
