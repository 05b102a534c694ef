// Who asks (ARP) for one address after the other, and who does not wait for answers as kernels do. Knows
// hosts and the order and pace of their requests; nothing of attempts.
//
// A kernel asks for whom its packets go to, in no order, and asks again after a second. A tool goes
// through a network, and asks again sooner or not at all.

import type { Hash } from "../table/hash.ts";

/** Hosts followed at once; a collision starts one anew. */
const HOSTS = 256;
/** Requests in order after which the next ones are a tool's: chance orders fewer. */
const ROW_MIN = 6;
/** Steps between neighbours in a row: a tool leaves out itself and whom it knows. */
const STEP_MAX = 2;
/** No kernel asks again sooner. */
const KERNEL_PAUSE_MS = 900;
/** Requests that came again too soon which make a tool: the network may have delayed one. */
const HASTY_MIN = 3;
/** All but the last octet of an IPv4 address in a little-endian word. */
const NETWORK_MASK = 0x00ffffff;

export class ArpAskers {
  declare private readonly hash: Hash;
  private readonly host = new Int32Array(HOSTS);
  /** Two rows a host, so that a request for its router does not break the one it goes through. */
  private readonly latest = new Int32Array(2 * HOSTS);
  private readonly length = new Int32Array(2 * HOSTS);
  private readonly hasty = new Uint8Array(HOSTS);

  constructor(hash: Hash) {
    this.hash = hash;
  }

  /**
   * A host asks for a neighbour that it has not asked for yet: true when it goes through the network's
   * addresses one after the other. Both are the last words of addresses.
   */
  isRow(asker: number, target: number): boolean {
    const first = 2 * this.place(asker);
    const { latest, length } = this;
    let row = isNext(latest[first], target) ? first : first + 1;
    if (!isNext(latest[row], target)) {
      row = length[first] <= length[first + 1] ? first : first + 1;
      length[row] = 0;
    }
    latest[row] = target;
    return ++length[row] > ROW_MIN;
  }

  /** A request came again, so many milliseconds after the first. */
  repeated(asker: number, afterMs: number): void {
    if (afterMs >= KERNEL_PAUSE_MS) return;
    const at = this.place(asker);
    if (this.hasty[at] < HASTY_MIN) this.hasty[at]++;
  }

  /** True for a host whose requests came again sooner than a kernel's, several times. */
  isHasty(asker: number): boolean {
    return this.hasty[this.place(asker)] >= HASTY_MIN;
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
  if (((latest ^ target) & NETWORK_MASK) !== 0) return false;
  const step = Math.abs((target >>> 24) - (latest >>> 24));
  return step > 0 && step <= STEP_MAX;
}
