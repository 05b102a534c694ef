// Segments that look like answers (SYN-ACK, RST) but go where no client speaks from: probes. Knows ports
// and who sent how many such; nothing of attempts.
//
// Victims of forged floods answer to whatever ports the forger wrote down, now and then a low one. Who
// probes goes for the low ones.

import type { Segment } from "./segment.ts";

/** Clients' ports begin here (rlogin and its kin: 512 to 1023), but for those a forger makes up. */
const FIRST_OF_CLIENTS = 512;
const FIRST_UNPRIVILEGED = 1024;
/** Unasked answers to clients' ports for each one to a low port: from chance alone there are 127. */
const OTHERS_MAX = 8;
/** Senders counted at once; a collision starts one anew. */
const SENDERS = 256;

export class Knocks {
  private readonly sender = new Int32Array(SENDERS);
  private readonly low = new Int32Array(SENDERS);
  private readonly others = new Int32Array(SENDERS);
  /** Of the latest: source port in the upper half, destination port in the lower. */
  private readonly latest = new Int32Array(SENDERS);

  /**
   * True for a segment to a low port from one who sends few such to others. `from`: hash of its source;
   * call it for each segment that nobody asked for, or the counts are wrong.
   *
   * A scan that leaves from a low port (nmap -g 53) gets answers from many ports to that one; who probes
   * sends them from one port to many. So the first of a sender proves nothing.
   */
  isLow(from: number, segment: Segment): boolean {
    const at = from & (SENDERS - 1);
    if (this.sender[at] !== from) {
      this.sender[at] = from;
      this.low[at] = this.others[at] = 0;
      this.latest[at] = 0;
    }
    const before = this.latest[at];
    this.latest[at] = segment.sourcePort << 16 | segment.destinationPort;
    if (segment.destinationPort >= FIRST_OF_CLIENTS) {
      this.others[at]++;
      return false;
    }
    this.low[at]++;
    return this.others[at] <= this.low[at] * OTHERS_MAX &&
      before >>> 16 === segment.sourcePort && before !== this.latest[at];
  }
}

/** True for a segment from a client's port to a privileged one: no answer. */
export function isFromClient(segment: Segment): boolean {
  return segment.sourcePort >= FIRST_UNPRIVILEGED && segment.destinationPort < FIRST_UNPRIVILEGED;
}
