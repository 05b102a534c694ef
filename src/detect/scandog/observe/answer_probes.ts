// Segments that look like answers (SYN-ACK, RST) but go where no client speaks from: probes. Knows ports
// and who sent how many such; nothing of attempts.
//
// Victims of forged floods answer to whatever ports the forger wrote down, now and then a low one. Who
// probes goes for the low ones.

import { isPrivileged } from "../probe/classes.ts";
import type { Segment } from "./segment.ts";

/** Those of a few services begin here, which trust who may use a low port: rlogin and its kin, NFS, old SSH. */
const FIRST_OF_TRUSTED = 512;
const TRUSTING: readonly number[] = [22, 111, 512, 513, 514, 515, 543, 544, 2049];
/** Unasked answers to clients' ports for each one to a low port: from chance alone there are 63. */
const OTHERS_MAX = 4;
/** Senders counted at once; a collision starts one anew. */
const SENDERS = 256;

export class AnswerProbes {
  private readonly sender = new Int32Array(SENDERS);
  private readonly low = new Int32Array(SENDERS);
  private readonly others = new Int32Array(SENDERS);
  /** Of the latest: source port in the upper half, destination port in the lower. */
  private readonly latest = new Int32Array(SENDERS);
  /** The same of the one before. */
  private readonly before = new Int32Array(SENDERS);
  /** The first was taken for a probe after all: see `takeFirst`. */
  private readonly taken = new Uint8Array(SENDERS);

  /** Counts a segment that nobody asked for; `from`: hash of its source. */
  note(from: number, segment: Segment): void {
    const at = from & (SENDERS - 1);
    if (this.sender[at] !== from) {
      this.sender[at] = from;
      this.low[at] = this.others[at] = 0;
      this.latest[at] = this.before[at] = this.taken[at] = 0;
    }
    this.before[at] = this.latest[at];
    this.latest[at] = segment.sourcePort << 16 | segment.destinationPort;
    if (isLowPort(segment.sourcePort, segment.destinationPort)) this.low[at]++;
    else this.others[at]++;
  }

  /**
   * True for the segment that was noted last, when it goes to a low port and its source sends few such to
   * others.
   *
   * A scan that leaves from a low port (nmap -g 53) gets answers from many ports to that one; who probes
   * sends them from one port to many. So the first of a sender proves nothing.
   */
  isLow(from: number, segment: Segment): boolean {
    const at = from & (SENDERS - 1);
    return isLowPort(segment.sourcePort, segment.destinationPort) &&
      this.others[at] <= this.low[at] * OTHERS_MAX &&
      this.before[at] >>> 16 === segment.sourcePort && this.before[at] !== this.latest[at];
  }

  /**
   * The segment that was noted last is the first of its source that passes for a probe, so the one before it, from the
   * same port, was one as well: the port that it went to. -1 where that was taken before, or is no low one.
   */
  takeFirst(from: number): number {
    const at = from & (SENDERS - 1);
    if (this.taken[at] !== 0) return -1;
    this.taken[at] = 1;
    const port = this.before[at] & 0xffff;
    return isLowPort(this.before[at] >>> 16, port) ? port : -1;
  }
}

/** True for a port that no client of a service speaks from. */
function isLowPort(service: number, port: number): boolean {
  return port < FIRST_OF_TRUSTED || (isPrivileged(port) && !TRUSTING.includes(service));
}

/** True for a segment from a client's port to a privileged one: no answer. */
export function isFromClient(segment: Segment): boolean {
  return !isPrivileged(segment.sourcePort) && isPrivileged(segment.destinationPort);
}
