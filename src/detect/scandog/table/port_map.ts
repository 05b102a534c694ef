// Which ports a scan probed and what each answered: exact for all 65,536, two bits each. Knows port
// numbers; of several hosts the best answer counts.

/** What a port answered. Only ever grows. */
export const Answer = { Unprobed: 0, Silent: 1, Closed: 2, Open: 3 } as const;

const PORTS = 65536;
const WORDS = PORTS / 16;
const NO_WORDS = new Uint32Array(0);

export class PortMap {
  /** Sixteen ports a word; taken with the first port, as most maps are made before there is one. */
  private words = NO_WORDS;
  /** The words that are not zero lie from the first of these to before the second. */
  private from = WORDS;
  private end = 0;
  /** Ports probed. */
  count = 0;

  /** Notes an answer; true when the port is new. */
  note(port: number, answer: number): boolean {
    const at = port >>> 4, shift = (port & 15) << 1;
    if (this.words === NO_WORDS) this.words = new Uint32Array(WORDS);
    const now = this.words[at] >>> shift & 3;
    if (answer <= now) return false;
    this.words[at] = this.words[at] & ~(3 << shift) | answer << shift;
    if (now !== Answer.Unprobed) return false;
    if (at < this.from) this.from = at;
    if (at >= this.end) this.end = at + 1;
    this.count++;
    return true;
  }

  get(port: number): number {
    if (this.count === 0) return Answer.Unprobed;
    return this.words[port >>> 4] >>> ((port & 15) << 1) & 3;
  }

  clear(): void {
    if (this.count === 0) return;
    this.words.fill(0, this.from, this.end);
    this.from = WORDS;
    this.end = this.count = 0;
  }

  /** How many ports gave this answer. */
  counted(answer: number): number {
    if (this.count === 0) return answer === Answer.Unprobed ? PORTS : 0;
    let sum = 0;
    for (let port = 0; port < PORTS; port++) {
      if (this.words[port >>> 4] !== 0) {
        if (this.get(port) === answer) sum++;
        continue;
      }
      // Most are sixteen that nobody probed.
      if (answer === Answer.Unprobed) sum += 16;
      port |= 15;
    }
    return sum;
  }

  /** Ports whose answer is at least `least` and at most `most`, as ranges: `21-25,80`. Allocates. */
  ranges(least: number, most: number): string {
    if (this.count === 0) return "";
    const parts: string[] = [];
    for (let port = 0; port < PORTS; port++) {
      if (this.words[port >>> 4] === 0) {
        port |= 15;
        continue;
      }
      if (!this.between(port, least, most)) continue;
      const first = port;
      while (port + 1 < PORTS && this.between(port + 1, least, most)) port++;
      parts.push(first === port ? `${first}` : `${first}-${port}`);
    }
    return parts.join(",");
  }

  private between(port: number, least: number, most: number): boolean {
    const answer = this.get(port);
    return answer >= least && answer <= most;
  }
}
