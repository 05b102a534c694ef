// A file that grows, read as far as it is now, again and again, also over its rotation. Knows files and lines.

import { type Line, LineSplitter } from "../lines.ts";

const CHUNK_BYTES = 1 << 16;

export class Tail {
  private file: Deno.FsFile | undefined;
  private splitter = new LineSplitter();
  private readBytes = 0;
  private readonly chunk = new Uint8Array(CHUNK_BYTES);

  /** The file may be absent as yet. */
  constructor(readonly path: string) {}

  /** The next lines that are there; undefined where there are none now. Throws what reading throws. */
  next(): Line[] | undefined {
    this.file ??= open(this.path);
    if (this.file === undefined) return undefined;
    const bytes = this.file.readSync(this.chunk);
    if (bytes !== null) {
      this.readBytes += bytes;
      return this.splitter.push(this.chunk.subarray(0, bytes));
    }
    return this.isReplaced() ? this.restart() : undefined;
  }

  /** True for a file that was moved away, or cut to nothing. */
  private isReplaced(): boolean {
    try {
      const now = Deno.statSync(this.path), own = this.file!.statSync();
      return now.ino !== own.ino || now.dev !== own.dev || now.size < this.readBytes;
    } catch {
      // Moved away, and not made anew yet: what is open may still grow.
      return false;
    }
  }

  /** What is left of the old file: a line without its end. The new one is opened with the next call. */
  private restart(): Line[] {
    const rest = this.splitter.finish();
    this.close();
    this.splitter = new LineSplitter();
    this.readBytes = 0;
    return rest;
  }

  /** All lines that are there now. */
  async *untilEnd(signal: AbortSignal): AsyncGenerator<Line[]> {
    for (let lines = this.next(); lines !== undefined && !signal.aborted; lines = this.next()) {
      yield lines;
    }
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }
}

function open(path: string): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
