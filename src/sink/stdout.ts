// Standard output. Lines are collected and written many at once, because a flood may bring many and
// a system call for each would cost more than finding it.
//
// It is the one sink that waits for its reader: whoever pipes a replay somewhere wants all of it,
// and a replay can wait. (A live capture meanwhile drops in its ring, and counts.)

import { newCounters, type Sink } from "./sink.ts";

/** What a full pipe can take at once on Linux. */
const BUFFER_BYTES = 65536;

/** UTF-8 needs at most so many bytes for one UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/** How long to wait before a pipe that is full and does not block is tried again. */
const RETRY_MS = 1;

/** `Deno.stdout`, or a test's stand-in. */
export interface ByteStream {
  /** Writes some of the bytes and says how many. */
  writeSync(bytes: Uint8Array): number;
}

export interface StdoutOptions {
  stream?: ByteStream;
  /** Called before bytes are written, so that a progress line can make room. */
  beforeWrite?: () => void;
  /** Called once when nothing more can be written: the reader has gone (`| head`), or a fault. */
  onGone?: () => void;
}

export class StdoutSink implements Sink {
  readonly name = "standard output";
  readonly counters = newCounters();
  /** Why nothing more can be written (a full disk). A reader that has gone is none. */
  failure: unknown;
  private readonly stream: ByteStream;
  private readonly encoder = new TextEncoder();
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private used = 0;
  private planned = false;
  private gone = false;

  constructor(private readonly options: StdoutOptions = {}) {
    this.stream = options.stream ?? Deno.stdout;
  }

  /**
   * One line without its newline. It is written when the buffer is full, or else before the program
   * next waits for anything.
   */
  write(line: string): void {
    if (this.gone) {
      this.counters.dropped++;
      return;
    }
    const text = line + "\n";
    if (text.length * BYTES_PER_UNIT_MAX > BUFFER_BYTES - this.used) this.flush();
    if (text.length * BYTES_PER_UNIT_MAX > BUFFER_BYTES) {
      this.writeAll(this.encoder.encode(text));
    } else {
      this.used += this.encoder.encodeInto(text, this.buffer.subarray(this.used)).written;
      this.counters.waiting++;
      this.planFlush();
    }
  }

  /** Whole lines as bytes, `lines` of them with their newlines; written at once. */
  writeLines(bytes: Uint8Array, lines: number): void {
    this.flush();
    if (this.gone) this.counters.dropped += lines;
    else this.writeAll(bytes, lines);
  }

  flush(): void {
    const lines = this.counters.waiting;
    const bytes = this.buffer.subarray(0, this.used);
    this.counters.waiting = this.used = 0;
    if (bytes.length > 0) this.writeAll(bytes, lines);
  }

  close(): Promise<void> {
    this.flush();
    return Promise.resolve();
  }

  /** A microtask runs as soon as the batch of packets at hand is done. */
  private planFlush(): void {
    if (this.planned) return;
    this.planned = true;
    queueMicrotask(() => {
      this.planned = false;
      this.flush();
    });
  }

  private writeAll(bytes: Uint8Array, lines = 1): void {
    this.options.beforeWrite?.();
    try {
      for (let at = 0; at < bytes.length;) at += this.writeSome(bytes.subarray(at));
      this.counters.written += lines;
    } catch (error) {
      this.counters.dropped += lines;
      this.gone = true;
      if (!(error instanceof Deno.errors.BrokenPipe)) {
        this.counters.failures++;
        this.failure = error;
      }
      this.options.onGone?.();
    }
  }

  private writeSome(bytes: Uint8Array): number {
    try {
      return this.stream.writeSync(bytes);
    } catch (error) {
      // Whoever started us may have left the pipe in non-blocking mode.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(PAUSE, 0, 0, RETRY_MS);
      return 0;
    }
  }
}

/** Never notified: waiting on it is a pause. */
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
