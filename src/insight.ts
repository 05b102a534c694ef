// What a running detector tells on request: which sources are near to a threshold, and how full its tables are. A
// leaf: plain data. Asked at most once a second, never per packet.

import type { Threshold } from "./account.ts";

/** A source that is not told, with the threshold that it came nearest to. */
export interface NearSource {
  source: string;
  near: Threshold;
  attempts: number;
  /** Time of its latest attempt. Microseconds since 1970. */
  lastUs: number;
}

export interface TableFill {
  name: string;
  /** Absent: not counted. */
  used?: number;
  capacity: number;
  /** Entries that had to give way while they were needed, since the start; absent: not counted. */
  evicted?: number;
}

export interface Insight {
  /** Nearest first; a bounded number. */
  nearest: NearSource[];
  /** Absent: the detector does not count them. */
  tables?: TableFill[];
}

/** Answers at once; bounded work. `sinceUs`: only sources heard of since then. */
export type AskInsight = (sinceUs: number) => Insight;
