// Attempts that come into an IPv4 network (/24) from outside, and those of hosts inside. Knows
// addresses and counts; it is what tells a router that asks (ARP) on behalf of others from a host that
// looks for its neighbours.

import { classOf, isHostClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Mark, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";

/** Networks counted at once; a collision starts one anew. */
const NETWORKS = 256;
/** Attempts from outside count this long. */
const OUTSIDE_MS = 15_000;
/** Fewer attempts explain nothing. */
const OUTSIDE_MIN = 2;
/**
 * One visible attempt from outside explains so many requests: most go to hosts that are not there. Of a
 * slow row fewer: in the same time any network has visitors that have nothing to do with it.
 */
export const REQUESTS_EXPLAINED = 32;
export const ROW_EXPLAINED = 2;
/** Neighbours a host must try itself before what it asks by ARP is taken for its own. */
const INSIDE_MIN = 2;
/** A kernel's timers come this late, not more. */
const KERNEL_LATE_MS = 60;
/** Who asks for new neighbours this far apart on average resolves what passes by; tools ask faster. */
const SLOW_MS = 500;
/** The average forgets one part in so many with each request. */
const PACE_SHARE = 8;
/** A pause counts as no more than this: after a long one a sweep's first request passes for slow. */
const PAUSE_MAX_MS = 4000;
/** All but the last octet of an IPv4 address in a little-endian word. */
const NETWORK_MASK = 0x00ffffff;

export class Outsiders {
  private readonly network = new Int32Array(NETWORKS);
  private readonly outside = new Int32Array(NETWORKS);
  private readonly requests = new Int32Array(NETWORKS);
  /** The same of the window before: what came late in it explains what is asked early in this. */
  private readonly outsideBefore = new Int32Array(NETWORKS);
  private readonly requestsBefore = new Int32Array(NETWORKS);
  private readonly sinceMs = new Int32Array(NETWORKS);
  private readonly host = new Int32Array(NETWORKS);
  private readonly inside = new Int32Array(NETWORKS);
  private readonly patient = new Uint8Array(NETWORKS);
  private readonly hostMs = new Int32Array(NETWORKS);
  private readonly asker = new Int32Array(NETWORKS);
  private readonly askedMs = new Int32Array(NETWORKS);
  private readonly pauseMs = new Float64Array(NETWORKS);
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(hash: Hash, clock: Clock) {
    this.hash = hash;
    this.clock = clock;
  }

  /** A new attempt; `from` and `to` are the last words of its addresses. */
  note(from: number, to: number): void {
    if (!this.noteArrival(from, to)) this.inside[this.insider(from)]++;
  }

  /** An answer, or an attempt: true when it comes from outside, so that a router must resolve `to`. */
  noteArrival(from: number, to: number): boolean {
    if (((to ^ from) & NETWORK_MASK) === 0) return false;
    this.outside[this.place(to)]++;
    return true;
  }

  /**
   * An attempt, or an answer, from outside turned out to be of use: ordinary visitors explain nothing,
   * for they know whom they want. A monitor's pings do: it asks for who is not there as well.
   */
  noteUse(table: Conversations, slot: number): void {
    if (isHostClass(classOf(table.get(slot, Word.Key)))) return;
    const isUnseen = table.has(slot, Mark.ReplyOnly);
    const from = table.get(slot, (isUnseen ? Word.Responder : Word.Initiator) + 3);
    const to = table.get(slot, (isUnseen ? Word.Initiator : Word.Responder) + 3);
    if (((to ^ from) & NETWORK_MASK) === 0) return;
    const at = this.place(to);
    if (this.outside[at] > 0) this.outside[at]--;
    else if (this.outsideBefore[at] > 0) this.outsideBefore[at]--;
  }

  /** True when the host itself lately tried more than one of its neighbours. */
  isInsider(host: number): boolean {
    return this.inside[this.insider(host)] >= INSIDE_MIN;
  }

  /** A host repeated a request as kernels do. */
  notePatience(host: number): void {
    this.patient[this.insider(host)] = 1;
  }

  /** True when it lately did. */
  isPatient(host: number): boolean {
    return this.patient[this.insider(host)] !== 0;
  }

  private insider(host: number): number {
    const at = this.hash.pair(host, 1) & (NETWORKS - 1);
    if (this.host[at] !== host || this.clock.since(this.hostMs[at]) > OUTSIDE_MS) {
      this.host[at] = host;
      this.inside[at] = this.patient[at] = 0;
      this.hostMs[at] = this.clock.ms;
    }
    return at;
  }

  /**
   * A host asks for a neighbour it has not asked for yet. True when it does so at the pace of packets
   * that come for them: where the answers are not in the capture, a router's requests look like a
   * sweep, but for their pace. Unlike the counts above, the pace is kept as long as the host is.
   */
  isSlow(host: number): boolean {
    const { pauseMs, askedMs, clock } = this;
    const at = this.hash.pair(host, 2) & (NETWORKS - 1);
    if (this.asker[at] === host) {
      const pause = Math.min(clock.since(askedMs[at]), PAUSE_MAX_MS);
      pauseMs[at] += (pause - pauseMs[at]) / PACE_SHARE;
    } else {
      this.asker[at] = host;
      pauseMs[at] = 0;
    }
    askedMs[at] = clock.ms;
    return pauseMs[at] >= SLOW_MS;
  }

  /** Counts a request by a neighbour of its target. */
  noteRequest(target: number, asker: number): void {
    if (((target ^ asker) & NETWORK_MASK) === 0) this.requests[this.place(target)]++;
  }

  /**
   * True when attempts from outside explain a request by a neighbour of its target. `requests`: how many
   * each of them explains.
   */
  isExplained(target: number, asker: number, requests: number): boolean {
    if (((target ^ asker) & NETWORK_MASK) !== 0) return false;
    return this.isEnough(this.place(target), requests);
  }

  /** As `isExplained`, by what was known last, however long ago: for a request that once was. */
  isStillExplained(target: number, requests: number): boolean {
    const network = target & NETWORK_MASK;
    const at = this.hash.pair(network, 0) & (NETWORKS - 1);
    return this.network[at] !== network || this.isEnough(at, requests);
  }

  private isEnough(at: number, requests: number): boolean {
    const outside = this.outside[at] + this.outsideBefore[at];
    return outside >= OUTSIDE_MIN &&
      this.requests[at] + this.requestsBefore[at] <= outside * requests;
  }

  private place(address: number): number {
    const network = address & NETWORK_MASK;
    const at = this.hash.pair(network, 0) & (NETWORKS - 1);
    const age = this.clock.since(this.sinceMs[at]);
    if (this.network[at] !== network || age > OUTSIDE_MS) {
      const isNext = this.network[at] === network && age <= 2 * OUTSIDE_MS;
      this.outsideBefore[at] = isNext ? this.outside[at] : 0;
      this.requestsBefore[at] = isNext ? this.requests[at] : 0;
      this.network[at] = network;
      this.outside[at] = this.requests[at] = 0;
      this.sinceMs[at] = this.clock.ms;
    }
    return at;
  }
}

/** True for the time between a kernel's first ARP request and its second or third. */
export function isKernelsPause(ms: number): boolean {
  const late = ms % 1000;
  return ms > 900 && ms < 3200 && (late <= KERNEL_LATE_MS || late >= 980);
}
