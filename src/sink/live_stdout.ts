// Standard output of a program that runs on. Whoever reads it may pause (`| less`, a stopped
// service): that must hold up neither detection nor the signal that ends the program. So a thread of
// the runtime waits in write(2), and here lines wait in a bounded queue. Knows bytes; no event.
//
// `StdoutSink` is for a replay, which loses nothing because it waits for its reader.

import { Backlog } from "./backlog.ts";
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
  /** A terminal that fails has been closed; a file that fails may have room again later. */
  isTerminal?: boolean;
  later?: Later;
  clock?: () => number;
}

/** Lines are gathered into writes of at most so many characters, or of one line. */
const CHUNK_CHARACTERS = 65536;
/** Between two tries to write to a disk that was full. */
const RETRY_MS = 1_000;
/** A pipe that is full and was left in non-blocking mode. */
const BUSY_MS = 10;
/** How long `flush` waits for a reader that takes its time. */
const PATIENCE_MS = 1_000;

export class LiveStdoutSink implements Sink {
  readonly name = "standard output";
  readonly counters = newCounters();
  readonly #options: LiveStdoutOptions;
  readonly #stream: AsyncStream;
  readonly #backlog: Backlog<string>;
  readonly #trouble: Trouble;
  readonly #retry: Alarm;
  /** What is being written: bytes left of so many lines. */
  #chunk = new Uint8Array(0);
  #chunkLines = 0;
  /** The loop that empties the queue, while it runs. */
  #pump: Promise<void> | undefined;
  #gone = false;
  #closed = false;

  constructor(options: LiveStdoutOptions) {
    this.#options = options;
    this.#stream = options.stream ?? Deno.stdout;
    this.#backlog = new Backlog(options.queue);
    this.#trouble = new Trouble(this.name, options.notice, options.clock);
    this.#retry = new Alarm(options.later ?? later);
  }

  write(line: string): void {
    if (this.#gone || this.#closed) {
      this.counters.dropped++;
      return;
    }
    if (!this.#backlog.push(line)) {
      this.counters.dropped++;
      this.#trouble.failed(`nobody reads, the queue of ${this.#backlog.capacity} lines is full`, 1);
    }
    this.#count();
    if (!this.#retry.pending) this.#start();
  }

  async flush(): Promise<void> {
    this.#retry.cancel();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const id = setTimeout(resolve, PATIENCE_MS);
    await Promise.race([this.#start(), late]);
    clearTimeout(id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    this.#retry.cancel();
    const lost = this.#chunkLines + this.#backlog.length;
    this.counters.dropped += lost;
    this.#backlog.clear();
    this.counters.waiting = this.#chunkLines = 0;
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
      while (!this.#gone && this.#gather()) {
        while (this.#chunk.length > 0) {
          this.#chunk = this.#chunk.subarray(await this.#stream.write(this.#chunk));
        }
        this.counters.written += this.#chunkLines;
        this.#chunkLines = 0;
        this.#count();
        this.#trouble.passed();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      // In the very turn that found nothing more, so that no line comes between.
      this.#pump = undefined;
    }
  }

  /** Takes lines off the queue, unless some are begun; false when there are none. */
  #gather(): boolean {
    if (this.#chunkLines > 0) return true;
    let text = "";
    for (let line = this.#backlog.first(); line !== undefined; line = this.#backlog.first()) {
      if (this.#chunkLines > 0 && text.length + line.length > CHUNK_CHARACTERS) break;
      text += line + "\n";
      this.#chunkLines++;
      this.#backlog.shift();
    }
    this.#chunk = new TextEncoder().encode(text);
    return this.#chunkLines > 0;
  }

  #failed(error: unknown): void {
    if (error instanceof Deno.errors.WouldBlock) {
      this.#again(BUSY_MS);
      return;
    }
    this.counters.failures++;
    const { isTerminal = false, onGone } = this.#options;
    if (error instanceof Deno.errors.BrokenPipe || isTerminal) {
      this.#gone = true;
      this.counters.dropped += this.#chunkLines + this.#backlog.length;
      this.#chunkLines = 0;
      this.#backlog.clear();
      this.#count();
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
    this.counters.waiting = this.#chunkLines + this.#backlog.length;
  }
}
