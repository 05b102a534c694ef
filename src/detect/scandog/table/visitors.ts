// Attempts that come into an IPv4 network (/24) from outside, and those of hosts inside. Knows
// addresses and counts; it is what tells a router that asks (ARP) on behalf of others from a host that
// looks for its neighbours.

import { INSIDE_MIN, OUTSIDE_MIN, OUTSIDE_MS } from "../limits.ts";
import type { Clock } from "../clock.ts";
import type { Hash } from "../../../keyed_hash.ts";
import { LAST_OCTET } from "./network_prefix.ts";

/** Networks, and hosts, counted at once; a collision starts one anew. */
const PLACES = 256;

export class Visitors {
  private readonly network = new Int32Array(PLACES);
  private readonly outside = new Int32Array(PLACES);
  private readonly requests = new Int32Array(PLACES);
  /** The same of the window before: what came late in it explains what is asked early in this. */
  private readonly outsideBefore = new Int32Array(PLACES);
  private readonly requestsBefore = new Int32Array(PLACES);
  private readonly sinceMs = new Int32Array(PLACES);
  private readonly host = new Int32Array(PLACES);
  private readonly inside = new Int32Array(PLACES);
  private readonly patient = new Uint8Array(PLACES);
  private readonly hostMs = new Int32Array(PLACES);
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(hash: Hash, clock: Clock) {
    this.hash = hash;
    this.clock = clock;
  }

  /** A new attempt; `from` and `to` are the last words of its addresses, here and below. */
  note(from: number, to: number): void {
    if (isInside(from, to)) this.inside[this.hostPlace(from)]++;
    else this.noteArrival(from, to);
  }

  /** An answer, or an attempt, comes from outside, so that a router must resolve `to`. */
  noteArrival(from: number, to: number): void {
    if (!isInside(from, to)) this.outside[this.place(to)]++;
  }

  /**
   * What came from outside turned out to be of use: ordinary visitors explain nothing, for they know
   * whom they want.
   */
  takeBack(from: number, to: number): void {
    if (isInside(from, to)) return;
    const at = this.place(to);
    if (this.outside[at] > 0) this.outside[at]--;
    else if (this.outsideBefore[at] > 0) this.outsideBefore[at]--;
  }

  /** True when the host itself lately tried more than one of its neighbours. */
  isInsider(host: number): boolean {
    const at = this.knownPlace(host);
    return at >= 0 && this.inside[at] >= INSIDE_MIN;
  }

  /** A host repeated a request as kernels do. */
  notePatience(host: number): void {
    this.patient[this.hostPlace(host)] = 1;
  }

  /** True when the host lately repeated a request as kernels do. */
  isPatient(host: number): boolean {
    const at = this.knownPlace(host);
    return at >= 0 && this.patient[at] !== 0;
  }

  /** The place of a host that is known; -1 for another. */
  private knownPlace(host: number): number {
    const at = this.hash.pair(host, 1) & (PLACES - 1);
    const isKnown = this.host[at] === host && this.clock.since(this.hostMs[at]) <= OUTSIDE_MS;
    return isKnown ? at : -1;
  }

  private hostPlace(host: number): number {
    const known = this.knownPlace(host);
    if (known >= 0) return known;
    const at = this.hash.pair(host, 1) & (PLACES - 1);
    this.host[at] = host;
    this.inside[at] = this.patient[at] = 0;
    this.hostMs[at] = this.clock.ms;
    return at;
  }

  /** Counts a request by a neighbour of its target. */
  noteRequest(asker: number, target: number): void {
    if (isInside(asker, target)) this.requests[this.place(target)]++;
  }

  /**
   * True when attempts from outside explain a request by a neighbour of its target. `requests`: how many
   * each of them explains.
   */
  isExplained(asker: number, target: number, requests: number): boolean {
    if (!isInside(asker, target)) return false;
    const network = target & LAST_OCTET;
    const at = this.hash.pair(network, 0) & (PLACES - 1);
    if (this.network[at] !== network) return false;
    const age = this.clock.since(this.sinceMs[at]);
    // The window of the counts may have ended since: see `place`.
    if (age > 2 * OUTSIDE_MS) return false;
    return age > OUTSIDE_MS
      ? isEnough(this.outside[at], this.requests[at], requests)
      : this.isEnoughAt(at, requests);
  }

  /** As `isExplained`, by what was known last, however long ago: for a request that once was. */
  isStillExplained(target: number, requests: number): boolean {
    const network = target & LAST_OCTET;
    const at = this.hash.pair(network, 0) & (PLACES - 1);
    return this.network[at] !== network || this.isEnoughAt(at, requests);
  }

  private isEnoughAt(at: number, requests: number): boolean {
    return isEnough(
      this.outside[at] + this.outsideBefore[at],
      this.requests[at] + this.requestsBefore[at],
      requests,
    );
  }

  private place(address: number): number {
    const network = address & LAST_OCTET;
    const at = this.hash.pair(network, 0) & (PLACES - 1);
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

/** True for two addresses of one network. */
function isInside(from: number, to: number): boolean {
  return ((to ^ from) & LAST_OCTET) === 0;
}

function isEnough(outside: number, asked: number, requests: number): boolean {
  return outside >= OUTSIDE_MIN && asked <= outside * requests;
}
