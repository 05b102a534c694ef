// Standard output of a run over files. Lines are collected and written many at once, because a flood
// may bring many and a system call for each would cost more than finding it. Knows bytes.
//
// It is the one sink that waits for its reader: whoever pipes a replay somewhere wants all of it,
// and a replay can wait (`drained`). A thread of the runtime waits in write(2), so that a signal is
// seen meanwhile: who reads standard output may never come back. `LiveStdoutSink` is for a live
// capture, which must not wait.

import type { AsyncStream } from "./live_stdout.ts";
import { ATOMIC_BYTES, nextPiece, pieceBytesMax } from "./pieces.ts";
import { newCounters, type Sink } from "./sink.ts";

/** What a full pipe can take at once on Linux. */
const BUFFER_BYTES = 65536;

/** The most bytes that UTF-8 needs for one UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/** So much may wait while the run goes on: what is read and what is written then overlap. */
const WAITING_BYTES_MAX = 1 << 20;

/** How long to wait before a pipe that is full and does not block is tried again. */
const RETRY_MS = 1;

/** How long a reader is waited for after the run was stopped. */
const PATIENCE_MS = 1_000;

export interface StdoutOptions {
  stream?: AsyncStream;
  /** Most bytes to write at once; absent: as standard output takes them. */
  pieceBytes?: number;
  /** Called before bytes are written, so that a progress line can make room. */
  beforeWrite?: () => void;
  /** Called once when nothing more can be written: the reader has gone (`| head`), or a fault. */
  onGone?: () => void;
}

interface Chunk {
  bytes: Uint8Array;
  lines: number;
}

export class StdoutSink implements Sink {
  readonly name = "standard output";
  readonly counters = newCounters();
  /** Why nothing more can be written (a full disk). A reader that has gone is none. */
  failure: unknown;
  private readonly stream: AsyncStream;
  private pieceBytes: number;
  private readonly encoder = new TextEncoder();
  private buffer = new Uint8Array(BUFFER_BYTES);
  private used = 0;
  private lines = 0;
  /** Full buffers, the first one being written. */
  private chunks: Chunk[] = [];
  private waitingBytes = 0;
  private planned = false;
  /** The loop that writes, while there is something to write. */
  private pump: Promise<void> | undefined;
  private gone = false;

  constructor(private readonly options: StdoutOptions = {}) {
    this.stream = options.stream ?? Deno.stdout;
    // Asked now: later in a run permissions are given up.
    this.pieceBytes = options.pieceBytes ?? pieceBytesMax();
  }

  /** One line without its newline. It is written when the batch of packets at hand is done. */
  write(line: string): void {
    const text = line + "\n";
    if (text.length * BYTES_PER_UNIT_MAX > BUFFER_BYTES - this.used) this.turnOver();
    if (text.length * BYTES_PER_UNIT_MAX > BUFFER_BYTES) {
      this.take(this.encoder.encode(text), 1);
    } else if (this.gone) {
      this.counters.dropped++;
    } else {
      this.used += this.encoder.encodeInto(text, this.buffer.subarray(this.used)).written;
      this.lines++;
      this.counters.waiting++;
      this.planFlush();
    }
  }

  /** Whole lines as bytes, `lines` of them with their newlines, which are copied. */
  writeLines(bytes: Uint8Array, lines: number): void {
    this.turnOver();
    this.take(bytes.slice(), lines);
  }

  /** Resolves once all that was written so far has been taken, or never will be. */
  flush(): Promise<void> {
    this.turnOver();
    return this.pump ?? Promise.resolve();
  }

  /** What a run waits for between two batches; undefined while it may go on. */
  drained(): Promise<void> | undefined {
    if (this.counters.waiting === 0) return undefined;
    // A progress line would be drawn in between.
    if (this.options.beforeWrite !== undefined) return this.flush();
    return this.waitingBytes < WAITING_BYTES_MAX ? undefined : this.flush();
  }

  /**
   * The end: waits for the reader, but once `signal` says that the run was stopped for a moment only.
   * What nobody took then is counted as dropped. Gives how many lines that cost.
   */
  async finish(signal?: AbortSignal): Promise<number> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stopped = () => timer = setTimeout(resolve, PATIENCE_MS);
    signal?.addEventListener("abort", stopped);
    if (signal?.aborted) stopped();
    await Promise.race([this.flush(), late]);
    signal?.removeEventListener("abort", stopped);
    clearTimeout(timer);
    const lost = this.counters.waiting;
    this.giveUp();
    return lost;
  }

  async close(): Promise<void> {
    await this.finish();
  }

  /** A microtask runs as soon as the batch of packets at hand is done. */
  private planFlush(): void {
    if (this.planned) return;
    this.planned = true;
    queueMicrotask(() => {
      this.planned = false;
      this.turnOver();
    });
  }

  /** What is in the buffer is on its way. */
  private turnOver(): void {
    if (this.used === 0) return;
    const chunk = { bytes: this.buffer.slice(0, this.used), lines: this.lines };
    this.used = this.lines = 0;
    this.counters.waiting -= chunk.lines;
    this.take(chunk.bytes, chunk.lines);
  }

  private take(bytes: Uint8Array, lines: number): void {
    if (this.gone) {
      this.counters.dropped += lines;
      return;
    }
    this.chunks.push({ bytes, lines });
    this.counters.waiting += lines;
    this.waitingBytes += bytes.length;
    this.pump ??= this.writeAll();
  }

  /** Never rejects. */
  private async writeAll(): Promise<void> {
    try {
      for (let chunk = this.chunks[0]; chunk !== undefined; chunk = this.chunks[0]) {
        this.options.beforeWrite?.();
        for (let at = 0; at < chunk.bytes.length;) {
          at += await this.writeSome(nextPiece(chunk.bytes, at, this.pieceBytes));
        }
        if (this.gone) break;
        this.chunks.shift();
        this.counters.waiting -= chunk.lines;
        this.waitingBytes -= chunk.bytes.length;
        this.counters.written += chunk.lines;
      }
    } catch (error) {
      this.giveUp();
      if (!(error instanceof Deno.errors.BrokenPipe)) {
        this.counters.failures++;
        this.failure = error;
      }
      this.options.onGone?.();
    } finally {
      // In the very turn that found nothing more, so that no line comes between.
      this.pump = undefined;
    }
  }

  /** Nothing is written any more; what waits is lost. */
  private giveUp(): void {
    this.gone = true;
    this.counters.dropped += this.counters.waiting;
    this.counters.waiting =
      this.used =
      this.lines =
      this.waitingBytes =
        0;
    this.chunks = [];
  }

  private async writeSome(bytes: Uint8Array): Promise<number> {
    try {
      return await this.stream.write(bytes);
    } catch (error) {
      // Whoever started us may have left the pipe in non-blocking mode.
      if (!(error instanceof Deno.errors.WouldBlock) || this.gone) throw error;
      this.pieceBytes = Math.min(this.pieceBytes, ATOMIC_BYTES);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return 0;
    }
  }
}
