// What the rest of the program needs of a sink. Knows no transport.

import type { DetectorEvent } from "../event.ts";

/** The packet logger's line: there is no more to say of it than what the line says. */
export interface PacketEvent {
  action: "packet";
  /** Time of the packet. Microseconds since 1970. */
  timeUs: number;
}

/** What a line tells of. A sink takes from it the time and, where the log has fields, the fields. */
export type SinkEvent = DetectorEvent | PacketEvent;

/** What became of the lines. All only grow, but `waiting`. */
export interface SinkCounters {
  /** Lines handed over whole to the file, the kernel or the daemon. */
  written: number;
  /** Lines lost: the queue was full, or the far end can never take them. */
  dropped: number;
  /** Times the far end could not be written to. */
  failures: number;
  /** Lines in the queue now. */
  waiting: number;
}

/**
 * Where lines go.
 *
 * `write` neither throws nor waits: what cannot be written at once waits in a bounded queue, and
 * what does not fit there is counted. So a slow disk or a dead daemon never touches detection.
 */
export interface Sink {
  /** For messages: `log file /var/log/scandog.log`. */
  readonly name: string;
  readonly counters: Readonly<SinkCounters>;
  /** One line without its newline. */
  write(line: string, event: SinkEvent): void;
  /** Tries once more to write what waits. Resolves within a bounded time, written or not. */
  flush(): Promise<void> | void;
  /** After SIGHUP: a file that was moved away is made anew. */
  reopen?(): void;
  /** Flushes; what still waits afterwards is counted as dropped. Nothing may be written later. */
  close(): Promise<void>;
}

/** Takes a sentence for the program's own log (stderr); called once in a while, never per line. */
export type Notice = (text: string) => void;

export function newCounters(): SinkCounters {
  return { written: 0, dropped: 0, failures: 0, waiting: 0 };
}
