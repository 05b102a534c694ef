// How the memory is divided among the tables. Knows sizes only.

import { Subjects } from "./table/subjects.ts";
import { AttemptTable } from "./table/attempt_table.ts";
import { FoundPorts } from "./beside/visit/found_ports.ts";
import { Pairs } from "./table/pairs.ts";
import { PendingQueue } from "./table/pending.ts";
import { Probation } from "./table/probation.ts";
import { Tools } from "./beside/tool/tools.ts";

const MIB = 1 << 20;
/** 16 KiB of ports, 8 KiB of hosts, and the rest. */
const SCAN_COST = 26 * 1024;

/** Entries of each table; powers of two. */
export interface Sizes {
  attempts: number;
  probation: number;
  subjects: number;
  pairs: number;
  scans: number;
  foundPorts: number;
}

/**
 * Sizes that together take at most `mib` MiB. The table of attempts gets most: how many attempts can wait
 * for their answers at once decides what a flood can hide.
 */
export function sizesFor(mib: number): Sizes {
  const bytes = mib * MIB;
  return {
    attempts: power(bytes * 0.579 / (AttemptTable.ENTRY_COST + PendingQueue.ENTRY_COST)),
    probation: power(bytes * 0.125 / Probation.ENTRY_COST),
    subjects: power(bytes * 0.066 / Subjects.ENTRY_COST),
    pairs: power(bytes * 0.098 / Pairs.ENTRY_COST),
    scans: Math.max(8, Math.min(512, Math.floor(bytes * 0.086 / (SCAN_COST + Tools.SCAN_COST)))),
    foundPorts: power(bytes * 0.046 / FoundPorts.ENTRY_COST),
  };
}

function power(count: number): number {
  return Math.max(64, 2 ** Math.floor(Math.log2(count)));
}
