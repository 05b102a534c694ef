// Event logs as the source of a report: files of lines of JSON, also gzipped, or standard input. Knows
// files and lines; what a line tells is the report's.

import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Fold } from "../../report/fold.ts";
import { readLine } from "../../report/json_line.ts";

/** No line of ours is longer; what is may be no text at all. */
const LINE_UNITS_MAX = 4 * 1024 * 1024;

export interface LogsRead {
  lines: number;
  /** Lines that are no events of scandog. */
  foreign: number;
  /** One sentence for each file that was not read to its end. */
  faults: string[];
}

/** Reads all files, one after the other, into `fold`. `signal` ends it early. */
export async function readLogs(
  files: readonly string[],
  fold: Fold,
  signal: AbortSignal,
): Promise<LogsRead> {
  const read: LogsRead = { lines: 0, foreign: 0, faults: [] };
  for (const file of files) {
    if (signal.aborted) break;
    try {
      for await (const line of linesOf(file, signal)) {
        if (line === undefined) {
          read.lines++;
          read.foreign++;
          continue;
        }
        if (line.trim() === "") continue;
        read.lines++;
        const told = readLine(line);
        if (told === "foreign") read.foreign++;
        else if (told !== "unused") fold.add(told);
      }
    } catch (error) {
      const name = file === "-" ? "standard input" : file;
      read.faults.push(`${name}: not read to its end: ${(error as Error).message}`);
    }
  }
  return read;
}

/** Lines without their ends; undefined for one that is too long to be one. */
async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<string | undefined> {
  const stream = file === "-" ? Deno.stdin.readable : (await Deno.open(file)).readable;
  const decoder = new TextDecoder();
  let rest = "", isTooLong = false;
  for await (const chunk of await unpacked(stream)) {
    if (signal.aborted) return;
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop()!;
    for (const [index, line] of parts.entries()) {
      if (index === 0 && isTooLong) {
        isTooLong = false;
        yield undefined;
      } else yield line;
    }
    if (rest.length > LINE_UNITS_MAX) [rest, isTooLong] = ["", true];
  }
  rest += decoder.decode();
  if (isTooLong) yield undefined;
  else if (rest !== "") yield rest;
}

/** A rotated log may be several gzip members in a row, which a `DecompressionStream` refuses. */
async function unpacked(
  stream: ReadableStream<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const reader = stream.getReader();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 2) {
    const { value, done } = await reader.read();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  async function* whole() {
    yield* first;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  }
  const [a, b] = first.flatMap((bytes) => [...bytes.subarray(0, 2)]);
  if (a !== 0x1f || b !== 0x8b) return whole();
  const from = Readable.from(whole());
  const gunzip = createGunzip();
  from.on("error", (error) => gunzip.destroy(error));
  return from.pipe(gunzip);
}
