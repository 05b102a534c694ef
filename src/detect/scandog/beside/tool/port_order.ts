// In which order a scan took its ports, and what that says of the program. Knows ports and times.
//
// nmap shuffles its ports, then moves 28 popular ones to the front (random_port_cheat in portlist.cc,
// the same since 2008), whatever the technique: the only trait of its connect scan, which is made by
// the kernel. By chance k such ports come before all n - k others once in C(n, k) orders. A list
// sorted by popularity, or by number, is told from it by the shuffling.

import type { Probe } from "./probe.ts";
import { TargetClass } from "../../probe/classes.ts";

/** Most popular first. */
const POPULAR = [
  ...[80, 23, 443, 21, 22, 25, 3389, 110, 445, 139, 143, 53, 135, 3306, 8080, 1723, 111, 995, 993],
  ...[5900, 1025, 587, 8888, 199, 1720, 113, 554, 256],
];
/** Place of a port in that list, from 1; 0 for any other. */
const RANK = new Uint8Array(65536);
POPULAR.forEach((port, i) => RANK[port] = i + 1);

/** Fewer say too little. */
const POPULAR_MIN = 5;
const STEPS_MIN = 8;
/** Others may put popular ports first, too: more than this it never is. */
const BITS_MAX = 16;

export type Order = "ascending" | "descending" | "random";

/** Integers of one scan. */
const Word = {
  LastPort: 0,
  Up: 1,
  Down: 2,
  Popular: 3,
  LastPopular: 4,
  PopularUp: 5,
  PopularDown: 6,
  RankUp: 7,
  RankDown: 8,
  Others: 9,
} as const;
const WORDS = 10;
/** Times of one scan: of its last popular port, and of its first other one. */
const TIMES = 2;

export class PortOrders {
  declare private readonly words: Int32Array;
  declare private readonly times: Float64Array;

  constructor(scans: number) {
    this.words = new Int32Array(scans * WORDS);
    this.times = new Float64Array(scans * TIMES);
  }

  begin(scan: number): void {
    this.words.fill(0, scan * WORDS, (scan + 1) * WORDS);
    this.times[scan * TIMES] = -Infinity;
    this.times[scan * TIMES + 1] = Infinity;
  }

  /** Takes the ports in the order in which they failed, which is nearly that of the probes. */
  count(scan: number, { port, targetClass, timeUs }: Probe): void {
    if (targetClass > TargetClass.Sctp) return;
    const { words, times } = this;
    const at = scan * WORDS;
    if (words[at + Word.LastPort] !== 0) {
      if (port > words[at + Word.LastPort]) words[at + Word.Up]++;
      if (port < words[at + Word.LastPort]) words[at + Word.Down]++;
    }
    words[at + Word.LastPort] = port;
    if (targetClass !== TargetClass.Tcp) return;
    if (RANK[port] === 0) {
      words[at + Word.Others]++;
      if (timeUs < times[scan * TIMES + 1]) times[scan * TIMES + 1] = timeUs;
      return;
    }
    const last = words[at + Word.LastPopular];
    if (words[at + Word.Popular]++ > 0 && port !== last) {
      words[at + (port > last ? Word.PopularUp : Word.PopularDown)]++;
      words[at + (RANK[port] > RANK[last] ? Word.RankUp : Word.RankDown)]++;
    }
    words[at + Word.LastPopular] = port;
    if (timeUs > times[scan * TIMES]) times[scan * TIMES] = timeUs;
  }

  /** Undefined for too few ports, and for an order that is none of these. */
  orderOf(scan: number): Order | undefined {
    const at = scan * WORDS;
    const up = this.words[at + Word.Up], down = this.words[at + Word.Down];
    const steps = up + down;
    if (steps < STEPS_MIN) return undefined;
    // Answers overtake each other, so a few steps may go the wrong way.
    if (up >= steps * 0.95) return "ascending";
    if (down >= steps * 0.95) return "descending";
    return up >= steps * 0.3 && up <= steps * 0.7 ? "random" : undefined;
  }

  /** Evidence for nmap's order, in bits; 0 when it is another. */
  popularFirstBits(scan: number): number {
    const { words, times } = this;
    const at = scan * WORDS;
    const popular = words[at + Word.Popular], others = words[at + Word.Others];
    if (popular < POPULAR_MIN || times[scan * TIMES] > times[scan * TIMES + 1]) return 0;
    const isShuffled = words[at + Word.PopularUp] > 0 && words[at + Word.PopularDown] > 0 &&
      words[at + Word.RankUp] > 0 && words[at + Word.RankDown] > 0;
    return isShuffled ? Math.min(BITS_MAX, Math.floor(choicesLog2(popular, others))) : 0;
  }
}

/** log2 of C(k + n, k). */
function choicesLog2(k: number, n: number): number {
  let bits = 0;
  for (let i = 1; i <= Math.min(k, n); i++) bits += Math.log2((Math.max(k, n) + i) / i);
  return bits;
}
