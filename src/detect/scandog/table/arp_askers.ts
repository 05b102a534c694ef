// Who asks (ARP) for one address after the other, how fast, and who does not wait for answers as kernels do.
// Knows hosts and the order and pace of their requests; nothing of attempts.
//
// A kernel asks for whom its packets go to, in no order, and asks again after a second. A tool goes
// through a network, and asks again sooner or not at all. Where the answers are not in the capture, a
// router's requests look like a sweep, but for their pace.

import {
  ARP_PACE_SHARE,
  ARP_PAUSE_MAX_MS,
  ARP_ROW_MIN,
  ARP_SLOW_MS,
  ARP_STEP_MAX,
  HASTY_MIN,
} from "../limits.ts";
import type { Clock } from "../clock.ts";
import { KERNEL_AGAIN_MS } from "../probe/arp_pace.ts";
import { LAST_OCTET } from "./network_prefix.ts";
import type { Hash } from "../../../keyed_hash.ts";

/** Hosts followed at once; a collision starts one anew. */
const HOSTS = 256;

export class ArpAskers {
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  private readonly host = new Int32Array(HOSTS);
  /** Two rows a host, so that a request for its router does not break the one it goes through. */
  private readonly latest = new Int32Array(2 * HOSTS);
  private readonly length = new Int32Array(2 * HOSTS);
  /** The row of its latest request. */
  private readonly row = new Uint8Array(HOSTS);
  private readonly hasty = new Uint8Array(HOSTS);
  /** Pace, kept apart: a collision must not make a sweep look slow. */
  private readonly asker = new Int32Array(HOSTS);
  private readonly askedMs = new Int32Array(HOSTS);
  private readonly pauseMs = new Float64Array(HOSTS);

  constructor(hash: Hash, clock: Clock) {
    this.hash = hash;
    this.clock = clock;
  }

  /** A host asks for a neighbour that it has not asked for yet. Both are the last words of addresses. */
  note(asker: number, target: number): void {
    this.notePace(asker);
    const at = this.place(asker);
    const first = 2 * at;
    const { latest, length } = this;
    let row = isNext(latest[first], target) ? first : first + 1;
    if (!isNext(latest[row], target)) {
      row = length[first] <= length[first + 1] ? first : first + 1;
      length[row] = 0;
    }
    latest[row] = target;
    length[row]++;
    this.row[at] = row - first;
  }

  private notePace(asker: number): void {
    const { pauseMs, askedMs, clock } = this;
    const at = this.pacePlace(asker);
    if (this.asker[at] === asker) {
      const pause = Math.min(clock.since(askedMs[at]), ARP_PAUSE_MAX_MS);
      pauseMs[at] += (pause - pauseMs[at]) / ARP_PACE_SHARE;
    } else {
      this.asker[at] = asker;
      pauseMs[at] = 0;
    }
    askedMs[at] = clock.ms;
  }

  /** True when the host's latest request was one of a row through the network's addresses. */
  isInOrder(asker: number): boolean {
    const at = this.hash.pair(asker, 3) & (HOSTS - 1);
    return this.host[at] === asker && this.length[2 * at + this.row[at]] > ARP_ROW_MIN;
  }

  /** True when the host asks at the pace of packets that come for its neighbours. */
  isSlow(asker: number): boolean {
    const at = this.pacePlace(asker);
    return this.asker[at] === asker && this.pauseMs[at] >= ARP_SLOW_MS;
  }

  /** A request came again, so many milliseconds after the first, and not at a kernel's pace. */
  noteAgain(asker: number, afterMs: number): void {
    if (afterMs >= KERNEL_AGAIN_MS) return;
    const at = this.place(asker);
    if (this.hasty[at] < HASTY_MIN) this.hasty[at]++;
  }

  /** True for a host whose requests came again sooner than a kernel's, several times. */
  isHasty(asker: number): boolean {
    const at = this.hash.pair(asker, 3) & (HOSTS - 1);
    return this.host[at] === asker && this.hasty[at] >= HASTY_MIN;
  }

  private pacePlace(asker: number): number {
    return this.hash.pair(asker, 2) & (HOSTS - 1);
  }

  private place(host: number): number {
    const at = this.hash.pair(host, 3) & (HOSTS - 1);
    if (this.host[at] !== host) {
      this.host[at] = host;
      this.hasty[at] = 0;
      this.length[2 * at] = this.length[2 * at + 1] = 0;
      this.latest[2 * at] = this.latest[2 * at + 1] = 0;
    }
    return at;
  }
}

/** True for addresses of one network (/24) that follow one another, up or down. */
function isNext(latest: number, target: number): boolean {
  if (((latest ^ target) & LAST_OCTET) !== 0) return false;
  const step = Math.abs((target >>> 24) - (latest >>> 24));
  return step > 0 && step <= ARP_STEP_MAX;
}
