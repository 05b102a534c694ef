// `scandog correlate --follow FILE...`: reads what is in the files, in the order of its time, and then each line as
// it is added.

import type { Correlator } from "../../correlate/correlator.ts";
import { reasonOf } from "../../failure.ts";
import { plural } from "../../format/figures.ts";
import type { Diagnostics } from "../diagnostics.ts";
import { type Line, lineChunksOf } from "../lines.ts";
import { placesOf } from "../places.ts";
import { feed } from "./feed.ts";
import type { LiveSource } from "./live.ts";
import { mergeFiles } from "./merge.ts";
import { readMessage } from "./message.ts";
import { Tail } from "./tail.ts";

/** Files are looked at so often. */
const LOOK_MS = 500;

export class GrowingFiles implements LiveSource {
  readonly name: string;
  readonly isWhole = true;
  readonly needs: { read: string[]; ports: number[] };
  private readonly tails: Tail[];
  private readonly hasInput: boolean;
  private unreadable = 0;
  private correlator!: Correlator;

  constructor(files: readonly string[], private readonly say: Diagnostics) {
    const named = files.filter((file) => file !== "-");
    this.hasInput = named.length < files.length;
    this.tails = named.map((file) => new Tail(file));
    this.name = plural(files.length, "file");
    // Who rotates a file puts another one in its place.
    this.needs = { read: [...new Set(named.flatMap((file) => folderOf(file)))], ports: [] };
  }

  async run(begin: (seed: number) => Correlator, signal: AbortSignal): Promise<void> {
    // Nobody else reads this: any seed will do.
    const correlator = begin(crypto.getRandomValues(new Uint32Array(1))[0]);
    this.correlator = correlator;
    await this.readPast(signal);
    const input = this.hasInput ? this.readInput(signal) : Promise.resolve();
    while (!signal.aborted) {
      for (const tail of this.tails) this.readOn(tail);
      correlator.advance(nowUs());
      await pause(LOOK_MS, signal);
    }
    for (const tail of this.tails) tail.close();
    // Standard input may never end.
    await Promise.race([input, pause(0, signal)]);
  }

  /** What was written before: its time is its own. */
  private async readPast(signal: AbortSignal): Promise<void> {
    const files = this.tails.map((tail) => ({ name: tail.path, chunks: tail.untilEnd(signal) }));
    let latestUs = -Infinity;
    const read = await mergeFiles(
      files,
      (message) => {
        latestUs = Math.max(latestUs, Math.min(message.timeUs, nowUs()));
        feed(this.correlator, message, latestUs);
      },
      () => undefined,
      signal,
    );
    this.unreadable += read.unreadable;
    for (const fault of read.faults) this.say.notice(fault);
    this.say.notice(`read ${plural(read.lines, "line")}; following`);
  }

  private readOn(tail: Tail): void {
    try {
      for (let lines = tail.next(); lines !== undefined; lines = tail.next()) this.take(lines);
    } catch (error) {
      this.say.notice(`${tail.path}: cannot be read: ${reasonOf(error)}`);
    }
  }

  private async readInput(signal: AbortSignal): Promise<void> {
    try {
      for await (const lines of lineChunksOf("-", signal)) this.take(lines);
    } catch (error) {
      this.say.error(`standard input: not read to its end: ${reasonOf(error)}`);
    }
  }

  /** Lines that were just written: the stream's time is now. */
  private take(lines: readonly Line[]): void {
    for (const line of lines) {
      if (line !== undefined && line.trim() === "") continue;
      const message = line === undefined ? "unreadable" : readMessage(line);
      if (message === "unreadable") this.unreadable++;
      else if (message !== "unused") feed(this.correlator, message, nowUs());
    }
  }

  status() {
    return { from: this.name, unreadable: this.unreadable };
  }
}

/** Of a file that may be absent as yet. */
function folderOf(file: string): string[] {
  const slash = file.lastIndexOf("/");
  return [slash < 0 ? "." : file.slice(0, slash + 1), ...placesOf(file)];
}

function nowUs(): number {
  return Date.now() * 1000;
}

/** Resolves after so long, or once it is to end. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
