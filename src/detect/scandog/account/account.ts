// What the detector says of its decisions, one by one, to whoever asks why: what it decided about an
// attempt, and when a scan began or did not. Knows codes; nothing of words, and nothing of what becomes
// of what was said. Without an account nothing is said, and nothing is ever said for a mere packet.

import type { Telling } from "../../../account.ts";
import type { Scan } from "../scan/scan.ts";
import type { Reached } from "../shape/shapes.ts";
import type { Tables } from "../table/tables.ts";

/** Where an account looks up what it is told about. It must only read. */
export type AccountTables = Pick<Tables, "table" | "subjects" | "clock">;

/** How far several sources that look alike have come together. */
export interface GroupReached {
  /** `ShapeCode`. */
  shape: number;
  reached: number;
  enough: number;
  sources: number;
  /** Together they are a scan. */
  isScan: boolean;
}

/**
 * Takes notes. A slot means the attempt that has it in the table of attempts; a subject, a source or network
 * in the table of subjects.
 */
export interface Account {
  /** Called once, before anything else. */
  open(tables: AccountTables): void;
  /** A new attempt has the slot from now on. */
  begun(slot: number): void;
  /** The attempt's outcome has changed; `why`: the `Decision` that says why it is harmless, where it is. */
  settled(slot: number, why: number): void;
  /** One of `Decision`, but not that it was counted or is part of a scan. */
  decided(slot: number, why: number): void;
  /** The attempt counts: codes of `PortClass` and `HostClass`, and what was added by each. */
  weighed(slot: number, weight: number, points: number, portClass: number, hostClass: number): void;
  /** What a subject reached of each shape, after an attempt that counted. */
  reached(slot: number, subject: number, shapes: readonly Reached[]): void;
  /**
   * A shape was just reached by a network, but too few of its sources did nothing else and belong to no
   * other scan.
   */
  overlooked(slot: number): void;
  /** A weighed attempt of a subject is one of several sources' that look alike. */
  grouped(subject: number, group: GroupReached): void;
  /** A subject takes part in a scan, the first time as the one that was found. */
  joined(scan: Scan, subject: number): void;
  /** The attempt is part of the scan. */
  scanned(slot: number, scan: Scan): void;
  /** What became of its start; may be told later what was not told now. */
  told(scan: Scan, telling: Telling): void;
  /**
   * `dismissed`: a shape was reached, by packets of a scan from more sources than are named: told with it.
   * `restarts`: what the subject had done before was too long ago, and is forgotten.
   */
  happened(subject: number, what: "dismissed" | "restarts"): void;
  /** In a flood: a packet of a source is not followed. Its address: 16 bytes at `at`. */
  gated(bytes: Uint8Array, at: number): void;
}
