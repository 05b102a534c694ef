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

export class AnswerProbes {
  private readonly sender = new Int32Array(SENDERS);
  private readonly low = new Int32Array(SENDERS);
  private readonly others = new Int32Array(SENDERS);
  /** Of the latest: source port in the upper half, destination port in the lower. */
  private readonly latest = new Int32Array(SENDERS);
  /** The same of the one before. */
  private readonly before = new Int32Array(SENDERS);

  /** Counts a segment that nobody asked for; `from`: hash of its source. */
  note(from: number, segment: Segment): void {
    const at = from & (SENDERS - 1);
    if (this.sender[at] !== from) {
      this.sender[at] = from;
      this.low[at] = this.others[at] = 0;
      this.latest[at] = this.before[at] = 0;
    }
    this.before[at] = this.latest[at];
    this.latest[at] = segment.sourcePort << 16 | segment.destinationPort;
    if (segment.destinationPort >= FIRST_OF_CLIENTS) this.others[at]++;
    else this.low[at]++;
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
    return segment.destinationPort < FIRST_OF_CLIENTS &&
      this.others[at] <= this.low[at] * OTHERS_MAX &&
      this.before[at] >>> 16 === segment.sourcePort && this.before[at] !== this.latest[at];
  }
}

/** True for a segment from a client's port to a privileged one: no answer. */
export function isFromClient(segment: Segment): boolean {
  return segment.sourcePort >= FIRST_UNPRIVILEGED && segment.destinationPort < FIRST_UNPRIVILEGED;
}
