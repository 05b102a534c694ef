// The order in which several files are read: by the time of their first packets. Names do not tell it: rotated files
// sort in many ways, and several sensors capture at once. Knows files; nothing of what is in a packet.

import { OpenCapture } from "./open_capture.ts";

/** One file in its turn. */
export interface Turn {
  name: string;
  /** Its place among the files asked for. */
  index: number;
  /** Time of its first packet; 0 where it has none, or cannot be read. */
  firstUs: number;
}

/** The files in their order, and whether their times are known. */
export interface Order {
  turns: Turn[];
  /** False where a file is no plain one: it cannot be looked into first, so all are read as given. */
  isByTime: boolean;
}

function isPlainFile(name: string): boolean {
  if (name === "-") return false;
  try {
    return Deno.statSync(name).isFile;
  } catch (error) {
    // What is not there cannot be waited for either: it is said in its turn.
    return error instanceof Deno.errors.NotFound;
  }
}

/** Looks at the beginning of each file, unless there is only one. */
export function fileOrder(names: readonly string[], cutToSnapshot: boolean): Order {
  const turns = names.map((name, index) => ({ name, index, firstUs: 0 }));
  const isByTime = names.length > 1 && names.every(isPlainFile);
  if (!isByTime) return { turns, isByTime };
  for (const turn of turns) turn.firstUs = firstTime(turn.name, cutToSnapshot);
  // Stable, so that files without a packet keep their places among themselves.
  turns.sort((a, b) => a.firstUs - b.firstUs);
  return { turns, isByTime };
}

function firstTime(name: string, cutToSnapshot: boolean): number {
  const capture = OpenCapture.open(name, 0, {
    cutToSnapshot,
    canLookInside: false,
    isSmall: true,
  });
  if (typeof capture === "string") return 0;
  try {
    return capture.begin(undefined) ? capture.reader.timeUs : 0;
  } finally {
    capture.close();
  }
}
