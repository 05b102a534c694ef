// How many answers of DHCP servers still pay for a ping. Knows hashes and counts.
//
// DHCP servers ping an address before they give it out, to see that nobody has it: of a network's new
// clients each makes a ping that is not answered. Each answer pays for one such ping of its server, so that
// who only pretends to be one must send as many datagrams as it sends pings.

/** Questions of clients that are still to be answered; each is answered twice at most, offered and acknowledged. */
const QUESTIONS_MAX = 64;
/** Servers at once; a collision starts one anew. */
const SERVERS = 256;
/** Answers kept: with an offer and an acknowledgement for each client, enough for an office. */
const ANSWERS_MAX = 255;

export class LeaseAnswers {
  private readonly server = new Int32Array(SERVERS);
  private readonly answers = new Uint8Array(SERVERS);

  private questions = 0;
  private asker = 0;

  /** A client, or a relay in its name, asked for an address; `asker`: its hash. */
  noteQuestion(asker: number): void {
    if (this.questions < QUESTIONS_MAX) this.questions++;
    this.asker = asker;
  }

  /** The DHCP server of this hash sent an answer: it pays only where somebody had asked. */
  note(server: number): void {
    if (this.questions === 0 || this.asker === server) return;
    this.questions--;
    const at = server & (SERVERS - 1);
    if (this.server[at] !== server) {
      this.server[at] = server;
      this.answers[at] = 0;
    }
    if (this.answers[at] < ANSWERS_MAX) this.answers[at]++;
  }

  /** True when an answer of the host of this hash can pay for a ping. */
  has(server: number): boolean {
    const at = server & (SERVERS - 1);
    return this.server[at] === server && this.answers[at] > 0;
  }

  /** One answer has paid; only when there is one. */
  spend(server: number): void {
    this.answers[server & (SERVERS - 1)]--;
  }
}
