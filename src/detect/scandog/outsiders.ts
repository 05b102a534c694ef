// Attempts that come into an IPv4 network (/24) from outside, and those of hosts inside. Knows
// addresses and counts; it is what tells a router that asks (ARP) on behalf of others from a host that
// looks for its neighbours.

import type { Clock } from "./clock.ts";
import type { Hash } from "./hash.ts";

/** Networks counted at once; a collision starts one anew. */
const NETWORKS = 256;
/** Attempts from outside count this long. */
const OUTSIDE_MS = 15_000;
/** Fewer attempts explain nothing. */
const OUTSIDE_MIN = 2;
/** One visible attempt from outside explains so many requests: most go to hosts that are not there. */
const REQUESTS_EXPLAINED = 32;
/** Neighbours a host must try itself before what it asks by ARP is taken for its own. */
const INSIDE_MIN = 2;
/** A kernel's timers come this late, not more. */
const KERNEL_LATE_MS = 60;
/** All but the last octet of an IPv4 address in a little-endian word. */
const NETWORK_MASK = 0x00ffffff;

export class Outsiders {
  private readonly network = new Int32Array(NETWORKS);
  private readonly outside = new Int32Array(NETWORKS);
  private readonly requests = new Int32Array(NETWORKS);
  private readonly sinceMs = new Int32Array(NETWORKS);
  private readonly host = new Int32Array(NETWORKS);
  private readonly inside = new Int32Array(NETWORKS);
  private readonly patient = new Uint8Array(NETWORKS);
  private readonly hostMs = new Int32Array(NETWORKS);

  constructor(private readonly hash: Hash, private readonly clock: Clock) {}

  /** A new attempt; `from` and `to` are the last words of its addresses. */
  note(from: number, to: number): void {
    if (((to ^ from) & NETWORK_MASK) !== 0) this.outside[this.place(to)]++;
    else this.inside[this.insider(from)]++;
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

  /** Counts a request by a neighbour of its target; true when attempts from outside explain it. */
  explain(target: number, asker: number): boolean {
    if (((target ^ asker) & NETWORK_MASK) !== 0) return false;
    this.requests[this.place(target)]++;
    return this.isExplained(target, asker);
  }

  /** As `explain`, without counting. */
  isExplained(target: number, asker: number): boolean {
    if (((target ^ asker) & NETWORK_MASK) !== 0) return false;
    const at = this.place(target);
    return this.outside[at] >= OUTSIDE_MIN &&
      this.requests[at] <= this.outside[at] * REQUESTS_EXPLAINED;
  }

  private place(address: number): number {
    const network = address & NETWORK_MASK;
    const at = this.hash.pair(network, 0) & (NETWORKS - 1);
    if (
      this.network[at] !== network || this.clock.since(this.sinceMs[at]) > OUTSIDE_MS
    ) {
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
