// What the pipeline needs of a detector: it takes records and gives events. The packet logger has this form too.
// Types only.

import type { Prefix } from "./address.ts";
import type { Emit } from "./event.ts";
import type { Records } from "./record.ts";

/** What every detector and the packet logger are to the pipeline. */
export interface Detector {
  /** Takes `count` records that lie in a row from byte offset `base` on. */
  process(base: number, count: number): void;
  /** No packet came, but time passed: live capture only. Microseconds since 1970. */
  advance?(timeUs: number): void;
  /**
   * From when on `advance` has something to do, if no packet comes: the time of packets, microseconds since
   * 1970; Infinity: nothing waits; -Infinity: at once. Never too late; too early costs a call.
   */
  dueUs?(): number;
  /**
   * Goes on with other options, keeping all it knows. False when that cannot be, since its tables would
   * have other sizes or what they hold another meaning: then nothing has changed, and a new detector is to
   * be made. Called between batches. A detector without it can change nothing.
   */
  reconfigure?(options: DetectorOptions): boolean;
  /** The capture has ended: say what is still unsaid. */
  finish(): void;
}

/** What a detector is told that may change while it runs. */
export interface DetectorOptions {
  /** Its tunables, all of them, by their names in params.ts. */
  values: Readonly<Record<string, number>>;
  /** Monitored addresses; empty: not said. */
  home: readonly Prefix[];
  /** Sources never reported. */
  ignore: readonly Prefix[];
  /** What failed attempts at some targets weigh; absent: as all others. */
  weigh?: readonly TargetWeight[];
}

/** What the user says that failed attempts at some targets weigh; the first that matches counts. */
export interface TargetWeight {
  prefix: Prefix;
  /** Target ports; absent: all. */
  ports?: { from: number; to: number };
  /** 0 never counts. */
  weight: number;
}

/**
 * Whether a scan may be told: now; perhaps `later`, until when it does not end; or `not` as it is, but it may have
 * grown when it is asked for again.
 */
export type MayTell = "now" | "later" | "not";

/** Other options for a running detector, and a new one for where it cannot take them. */
export interface DetectorChange {
  options: DetectorOptions;
  make: MakeDetector;
}

/** The bytes of the packets, one entry a record. */
export interface PacketBytes {
  /** The current entry, after `next()`: its bytes are bytes[start, end), good until the batch is over. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly wireLength: number;
  /** 0 to 999, the part of the time below the record's microsecond. */
  readonly nanos: number;
  readonly linkType: number;
  /** Goes to the next record's entry. */
  next(): void;
}

/** Takes what a detector says of flows, each with the record at hand; `flow`: `Hash.flow`. */
export interface FlowNotes {
  /** No segment that goes on with the flow is needed any more. */
  used(base: number, flow: number): void;
  /** They are needed again. */
  forgotten(base: number, flow: number): void;
}

/**
 * Makes the detector over the ring's records. `packets` has the packets' bytes where the source asked
 * for them: the detector takes one entry for each record. `flows`: where it may say what it needs no more.
 */
export type MakeDetector = (
  records: Records,
  emit: Emit,
  packets?: PacketBytes,
  flows?: FlowNotes,
) => Detector;
