// Lines appended to a file, which may be moved away (logrotate) and whose disk may fill up. Knows one
// path.
//
// Needs `--allow-write=PATH` and nothing else. Open it after privileges are dropped where the path can still be
// reached: then what works at start works at rotation too, and root follows nobody's links. Several
// processes may append to one file: each line is one write.

import { SystemError } from "../system/system_error.ts";
import { Backlog } from "./backlog.ts";
import { escapeLine } from "./escape.ts";
import { newCounters, type Notice, type Sink } from "./sink.ts";
import { Alarm, type Later, later } from "./timer.ts";
import { reasonNotWritten } from "../failure.ts";
import { reasonOf, Trouble } from "./trouble.ts";

/** What of `Deno.FsFile` is used here; tests bring their own. */
export interface LogHandle {
  /** Writes some of the bytes and says how many; throws when it cannot. */
  writeSync(bytes: Uint8Array): number;
  seekSync(offset: number, whence: Deno.SeekMode): number;
  close(): void;
}

export interface LogFileOptions {
  path: string;
  /** From `SINK` in params. */
  queue: number;
  lineBytes: number;
  notice: Notice;
  later?: Later;
  clock?: () => number;
  open?: (path: string) => LogHandle;
}

/** Between two tries to write to a disk that was full. */
const RETRY_MS = 1_000;

/** The log file cannot be used at all. One line with the path and the remedy. */
export class LogFileError extends SystemError {
  readonly path: string;

  constructor(path: string, error: unknown) {
    const isDenied = error instanceof Deno.errors.PermissionDenied;
    const remedy = isDenied
      ? "; it must be a file that the user scandog becomes (--user) can write, as by " +
        `install -o scandog -m 0640 /dev/null ${path}`
      : "";
    super(`open the log file ${path}`, 0, reasonNotWritten(error) + remedy);
    this.name = "LogFileError";
    this.path = path;
  }
}

export class LogFile implements Sink {
  readonly name: string;
  readonly counters = newCounters();
  readonly #options: LogFileOptions;
  readonly #backlog: Backlog<Uint8Array>;
  readonly #trouble: Trouble;
  readonly #retry: Alarm;
  #file: LogHandle | undefined;
  /** Bytes of the first waiting line that are in the file already. */
  #begun = 0;
  #closed = false;

  /** Opens the file, makes it (mode 0640) if need be. Throws `LogFileError`. */
  constructor(options: LogFileOptions) {
    this.name = `log file ${options.path}`;
    this.#options = options;
    this.#backlog = new Backlog(options.queue);
    this.#trouble = new Trouble(this.name, options.notice, options.clock);
    this.#retry = new Alarm(options.later ?? later);
    try {
      this.#file = this.#open();
    } catch (error) {
      throw new LogFileError(options.path, error);
    }
  }

  write(line: string): void {
    if (this.#closed) {
      this.counters.dropped++;
      return;
    }
    const bytes = new TextEncoder().encode(escapeLine(line, this.#options.lineBytes) + "\n");
    if (!this.#backlog.push(bytes)) {
      this.counters.dropped++;
      this.#trouble.failed(`the queue of ${this.#backlog.capacity} lines is full`, 1);
    }
    if (!this.#retry.pending) this.#drain();
    this.counters.waiting = this.#backlog.length;
  }

  flush(): void {
    this.#retry.cancel();
    this.#drain();
    this.counters.waiting = this.#backlog.length;
  }

  /** Opens the path anew; if that cannot be, goes on with the file it has. */
  reopen(): void {
    if (this.#closed) return;
    let next: LogHandle;
    try {
      next = this.#open();
    } catch (error) {
      this.counters.failures++;
      this.#trouble.failed(`cannot be opened anew: ${reasonOf(error)}`);
      return;
    }
    // A line that was begun is finished where it was begun, if there is room; in a new file it is
    // written whole, so that no file begins with half a line.
    this.flush();
    if (this.#begun > 0 && !isSameFile(this.#file!, next)) this.#begun = 0;
    this.#file?.close();
    this.#file = next;
    this.flush();
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.flush();
    this.#closed = true;
    this.#retry.cancel();
    this.#file?.close();
    this.#file = undefined;
    const lost = this.#backlog.length;
    this.counters.dropped += lost;
    this.#backlog.clear();
    this.counters.waiting = 0;
    this.#trouble.ended(lost);
    return Promise.resolve();
  }

  #drain(): void {
    for (let next = this.#backlog.first(); next !== undefined; next = this.#backlog.first()) {
      try {
        const count = this.#file?.writeSync(next.subarray(this.#begun)) ?? 0;
        if (count === 0) throw new Error("nothing could be written");
        this.#begun += count;
      } catch (error) {
        this.counters.failures++;
        this.#trouble.failed(reasonOf(error));
        this.#retry.set(() => this.flush(), RETRY_MS);
        return;
      }
      // After a short write the loop comes back for the rest of the same line.
      if (this.#begun < next.length) continue;
      this.#begun = 0;
      this.#backlog.shift();
      this.counters.written++;
      this.#trouble.passed();
    }
  }

  #open(): LogHandle {
    const { path, open = openAppending } = this.#options;
    const file = open(path);
    try {
      sizeOf(file);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

/** Fails for a pipe or a terminal. Deno's fstat would need permission to read; this needs none. */
function sizeOf(file: LogHandle): number {
  return file.seekSync(0, Deno.SeekMode.End);
}

function openAppending(path: string): LogHandle {
  // Opening a pipe would wait for its reader, so where we may look, we look first.
  if (Deno.permissions.querySync({ name: "read", path }).state === "granted") refuseSpecial(path);
  return Deno.openSync(path, { append: true, create: true, mode: 0o640 });
}

function refuseSpecial(path: string): void {
  try {
    if (!Deno.statSync(path).isFile) throw new Error("it is no regular file; name another");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Asked only when half a line is at the end of the old file: then equal sizes tell that it was not
 * moved away. (A different file of the very same size would get the other half of that line.)
 */
function isSameFile(old: LogHandle, next: LogHandle): boolean {
  return sizeOf(old) === sizeOf(next);
}
