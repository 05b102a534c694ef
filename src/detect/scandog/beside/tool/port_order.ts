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

/** What is counted of one scan. */
export class PortOrder {
  private lastPort = 0;
  private up = 0;
  private down = 0;
  /** Popular ports of TCP: how many, the last one, and the steps between them by number and by popularity. */
  private popular = 0;
  private lastPopular = 0;
  private popularUp = 0;
  private popularDown = 0;
  private rankUp = 0;
  private rankDown = 0;
  private others = 0;
  /** When the last popular port was asked, and the first other one. */
  private popularUs = -Infinity;
  private othersUs = Infinity;

  /** Takes the ports in the order in which they failed, which is nearly that of the probes. */
  count({ port, targetClass, timeUs }: Probe): void {
    if (targetClass > TargetClass.Sctp) return;
    if (this.lastPort !== 0) {
      if (port > this.lastPort) this.up++;
      if (port < this.lastPort) this.down++;
    }
    this.lastPort = port;
    if (targetClass !== TargetClass.Tcp) return;
    if (RANK[port] === 0) {
      this.others++;
      if (timeUs < this.othersUs) this.othersUs = timeUs;
      return;
    }
    const last = this.lastPopular;
    if (this.popular++ > 0 && port !== last) {
      if (port > last) this.popularUp++;
      else this.popularDown++;
      if (RANK[port] > RANK[last]) this.rankUp++;
      else this.rankDown++;
    }
    this.lastPopular = port;
    if (timeUs > this.popularUs) this.popularUs = timeUs;
  }

  /** Undefined for too few ports, and for an order that is none of these. */
  order(): Order | undefined {
    const { up, down } = this;
    const steps = up + down;
    if (steps < STEPS_MIN) return undefined;
    // Answers overtake each other, so a few steps may go the wrong way.
    if (up >= steps * 0.95) return "ascending";
    if (down >= steps * 0.95) return "descending";
    return up >= steps * 0.3 && up <= steps * 0.7 ? "random" : undefined;
  }

  /** Evidence for nmap's order, in bits; 0 when it is another. */
  popularFirstBits(): number {
    const { popular, others } = this;
    if (popular < POPULAR_MIN || this.popularUs > this.othersUs) return 0;
    const isShuffled = this.popularUp > 0 && this.popularDown > 0 && this.rankUp > 0 &&
      this.rankDown > 0;
    return isShuffled ? Math.min(BITS_MAX, Math.floor(choicesLog2(popular, others))) : 0;
  }
}

/** log2 of C(k + n, k). */
function choicesLog2(k: number, n: number): number {
  let bits = 0;
  for (let i = 1; i <= Math.min(k, n); i++) bits += Math.log2((Math.max(k, n) + i) / i);
  return bits;
}
