// DHCP servers ping an address before they give it out, to see that nobody has it: of a network's new
// clients each makes a ping that is not answered. Knows hashes and counts.
//
// Each answer of a DHCP server pays for one such ping of its own, so that who only pretends to be one must
// send as many datagrams as it sends pings.

/** Servers at once; a collision starts one anew. */
const SERVERS = 256;
/** Answers kept: with an offer and an acknowledgement for each client, enough for an office. */
const ANSWERS_MAX = 255;
/** Ports of DHCP servers and clients (RFC 2131 section 4.1); relays use the server's. */
const SERVER_PORT = 67;
const CLIENT_PORT = 68;

export class Leases {
  private readonly server = new Int32Array(SERVERS);
  private readonly answers = new Uint8Array(SERVERS);

  /** A datagram between these ports was sent by the host of this hash. */
  note(host: number, sourcePort: number, destinationPort: number): void {
    if (sourcePort !== SERVER_PORT) return;
    if (destinationPort !== CLIENT_PORT && destinationPort !== SERVER_PORT) return;
    const at = host & (SERVERS - 1);
    if (this.server[at] !== host) {
      this.server[at] = host;
      this.answers[at] = 0;
    }
    if (this.answers[at] < ANSWERS_MAX) this.answers[at]++;
  }

  /** True for a silent ping of the host of this hash that an answer pays for. */
  take(host: number): boolean {
    const at = host & (SERVERS - 1);
    if (this.server[at] !== host || this.answers[at] === 0) return false;
    this.answers[at]--;
    return true;
  }
}

/** True for what a DHCP server sends to its client. */
export function isLease(sourcePort: number, destinationPort: number): boolean {
  return sourcePort === SERVER_PORT && destinationPort === CLIENT_PORT;
}
