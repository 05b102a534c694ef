// Standard output of a program that runs on. Whoever reads it may pause (`| less`, a stopped
// service): that must hold up neither detection nor the signal that ends the program. So a thread of
// the runtime waits in write(2), and here lines wait in a bounded queue. Knows bytes; no event.
//
// `StdoutSink` is for a replay, which loses nothing because it waits for its reader.

import { ATOMIC_BYTES, nextPiece, pieceBytesMax } from "./pieces.ts";
import { newCounters, type Notice, type Sink } from "./sink.ts";
import { Alarm, type Later, later } from "./timer.ts";
import { reasonOf, Trouble } from "./trouble.ts";

/** `Deno.stdout`, or a test's stand-in. */
export interface AsyncStream {
  /** Writes some of the bytes and says how many. */
  write(bytes: Uint8Array): Promise<number>;
}

export interface LiveStdoutOptions {
  /** Lines, from `SINK.sinkQueue`. */
  queue: number;
  notice: Notice;
  /** Called once, when nobody can read what is written any more. */
  onGone?: () => void;
  stream?: AsyncStream;
  /** Most bytes to write at once; absent: as standard output takes them. */
  pieceBytes?: number;
  /** A terminal that fails has been closed; a file that fails may have room again later. */
  isTerminal?: boolean;
  later?: Later;
  clock?: () => number;
}

/** Lines are gathered into writes of this many bytes, or of one line. */
const CHUNK_BYTES = 1 << 18;
/** Between two tries to write to a disk that was full. */
const RETRY_MS = 1_000;
/** A pipe that is full and was left in non-blocking mode. */
const BUSY_MS = 10;
/** How long `flush` waits for a reader that takes its time. */
const PATIENCE_MS = 1_000;

/** Lines that were handed over together, with their ends. */
interface Waiting {
  bytes: Uint8Array;
  lines: number;
}

export class LiveStdoutSink implements Sink {
  readonly name = "standard output";
  readonly counters = newCounters();
  readonly #options: LiveStdoutOptions;
  readonly #stream: AsyncStream;
  readonly #encoder = new TextEncoder();
  readonly #trouble: Trouble;
  readonly #retry: Alarm;
  #pieceBytes: number;
  /** What nothing was written of yet, and how many lines that is. */
  #backlog: Waiting[] = [];
  #queued = 0;
  /** What is being written, how much of it is, and what ends where in the rest. */
  #chunk = new Uint8Array(0);
  #at = 0;
  #begun: { end: number; lines: number }[] = [];
  #begunLines = 0;
  /** The loop that empties the queue, while it runs. */
  #pump: Promise<void> | undefined;
  /** The latest try ended because the pipe was full. */
  #busy = false;
  #gone = false;
  #closed = false;

  constructor(options: LiveStdoutOptions) {
    this.#options = options;
    this.#stream = options.stream ?? Deno.stdout;
    this.#trouble = new Trouble(this.name, options.notice, options.clock);
    this.#retry = new Alarm(options.later ?? later);
    this.#pieceBytes = options.pieceBytes ?? pieceBytesMax();
  }

  write(line: string): void {
    this.#take(this.#encoder.encode(`${line}\n`), 1);
  }

  /**
   * Whole lines with their ends, which are copied. Of such a batch all is taken or none, so the queue
   * may grow by one batch beyond its bound.
   */
  writeLines(bytes: Uint8Array, lines: number): void {
    this.#take(bytes.slice(), lines);
  }

  #take(bytes: Uint8Array, lines: number): void {
    if (this.#gone || this.#closed) {
      this.counters.dropped += lines;
      return;
    }
    const { queue } = this.#options;
    if (this.#queued < queue) {
      this.#backlog.push({ bytes, lines });
      this.#queued += lines;
    } else {
      this.counters.dropped += lines;
      this.#trouble.failed(`nobody reads, the queue of ${queue} lines is full`, lines);
    }
    this.#count();
    if (!this.#retry.pending) this.#start();
  }

  async flush(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    let isLate = false;
    const id = setTimeout(() => {
      isLate = true;
      resolve();
    }, PATIENCE_MS);
    do {
      this.#retry.cancel();
      await Promise.race([this.#start(), late]);
      if (!this.#busy) break;
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
    } while (!isLate);
    clearTimeout(id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    this.#retry.cancel();
    const lost = this.#forget();
    this.#trouble.ended(lost);
  }

  #start(): Promise<void> {
    // A turn later, so that the lines of one batch of packets are written together.
    this.#pump ??= Promise.resolve().then(() => this.#empty());
    return this.#pump;
  }

  /** Writes until nothing waits or nothing goes. */
  async #empty(): Promise<void> {
    try {
      this.#busy = false;
      while (!this.#gone && this.#gather()) {
        while (this.#at < this.#chunk.length) {
          this.#at += await this.#stream.write(nextPiece(this.#chunk, this.#at, this.#pieceBytes));
          this.#passed();
        }
        this.#trouble.passed();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      // In the very turn that found nothing more, so that no line comes between.
      this.#pump = undefined;
    }
  }

  /** Counts what has gone out whole. */
  #passed(): void {
    while (this.#begun.length > 0 && this.#begun[0].end <= this.#at) {
      const { lines } = this.#begun.shift()!;
      this.counters.written += lines;
      this.#begunLines -= lines;
    }
    this.#count();
  }

  /** Takes lines off the queue, unless some are begun; false when there are none. */
  #gather(): boolean {
    if (this.#begun.length > 0) return true;
    let end = 0, count = 0;
    while (count < this.#backlog.length) {
      const { bytes, lines } = this.#backlog[count];
      if (count > 0 && end + bytes.length > CHUNK_BYTES) break;
      end += bytes.length;
      count++;
      this.#queued -= lines;
      this.#begunLines += lines;
      this.#begun.push({ end, lines });
    }
    this.#chunk = new Uint8Array(end);
    this.#at = 0;
    let at = 0;
    for (const { bytes } of this.#backlog.splice(0, count)) {
      this.#chunk.set(bytes, at);
      at += bytes.length;
    }
    return count > 0;
  }

  #failed(error: unknown): void {
    if (error instanceof Deno.errors.WouldBlock) {
      this.#busy = true;
      this.#pieceBytes = Math.min(this.#pieceBytes, ATOMIC_BYTES);
      this.#again(BUSY_MS);
      return;
    }
    this.counters.failures++;
    const { isTerminal = false, onGone } = this.#options;
    if (error instanceof Deno.errors.BrokenPipe || isTerminal) {
      this.#gone = true;
      this.#forget();
      onGone?.();
      return;
    }
    this.#trouble.failed(reasonOf(error));
    this.#again(RETRY_MS);
  }

  #again(ms: number): void {
    if (!this.#closed) this.#retry.set(() => void this.#start(), ms);
  }

  #count(): void {
    this.counters.waiting = this.#queued + this.#begunLines;
  }

  /** The waiting lines are lost. Returns their number. */
  #forget(): number {
    this.#count();
    const lost = this.counters.waiting;
    this.counters.dropped += lost;
    this.#backlog = [];
    this.#begun = [];
    this.#queued = this.#begunLines = this.counters.waiting = 0;
    return lost;
  }
}
