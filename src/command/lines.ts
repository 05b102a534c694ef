// Lines of text files, also gzipped, or of standard input. Knows files; nothing of what a line tells.

import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** No line of ours is longer; what is may be no text at all. */
const LINE_UNITS_MAX = 4 * 1024 * 1024;

/** A line without its end; undefined for one that is too long to be one. */
export type Line = string | undefined;

/** Bytes, piece by piece, to lines. */
export class LineSplitter {
  private readonly decoder = new TextDecoder();
  private rest = "";
  private isTooLong = false;

  /** The lines that end in these bytes. */
  push(bytes: Uint8Array): Line[] {
    const lines: Line[] = (this.rest + this.decoder.decode(bytes, { stream: true })).split("\n");
    this.rest = lines.pop()!;
    if (this.isTooLong && lines.length > 0) {
      lines[0] = undefined;
      this.isTooLong = false;
    }
    if (this.rest.length > LINE_UNITS_MAX) {
      this.rest = "";
      this.isTooLong = true;
    }
    return lines;
  }

  /** What is left when there are no more bytes: a line without an end, or none. */
  finish(): Line[] {
    const rest = this.rest + this.decoder.decode();
    if (this.isTooLong) return [undefined];
    return rest === "" ? [] : [rest];
  }
}

/**
 * The lines of a file, or (`-`) of standard input, many at once. `signal` ends them at once, also while nothing comes,
 * or nobody opens the other end of a pipe.
 */
export async function* lineChunksOf(file: string, signal: AbortSignal): AsyncGenerator<Line[]> {
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) return resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const opened = file === "-" ? Deno.stdin : await Promise.race([Deno.open(file), stopped]);
  if (opened === undefined) return;
  const reader = opened.readable.getReader();
  // A read that waits ends with it; that what is closed then was at fault is nobody's concern.
  stopped.then(() => reader.cancel()).catch(() => {});
  const splitter = new LineSplitter();
  try {
    for await (const chunk of await unpacked(reader)) {
      if (signal.aborted) return;
      yield splitter.push(chunk);
    }
  } catch (error) {
    // What is packed seems cut where we stopped.
    if (!signal.aborted) throw error;
  }
  if (!signal.aborted) yield splitter.finish();
}

/** The same, one by one. */
export async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<Line> {
  for await (const lines of lineChunksOf(file, signal)) yield* lines;
}

/** A rotated log may be several gzip members in a row, which a `DecompressionStream` refuses. */
async function unpacked(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
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
