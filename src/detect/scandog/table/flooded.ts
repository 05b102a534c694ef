// Whom the floods go to that go on now: hosts by a part of their hashes, and the number of networks. It errs towards
// "yes". The judging half keeps it; who observes packets asks it, before it hands on what only floods are told.

const PLACES = 256;

export class Flooded {
  private readonly hosts = new Uint8Array(PLACES);
  private networks = 0;
  private count = 0;

  /** True while a flood goes on. */
  isAny(): boolean {
    return this.count > 0;
  }

  /** True when a flood may go to the host with this hash. */
  has(host: number): boolean {
    return this.networks > 0 || this.hosts[host & PLACES - 1] !== 0;
  }

  /** A flood begins (`by` 1) or is over (-1); `host`: hash of its target, of a network undefined. */
  change(host: number | undefined, by: 1 | -1): void {
    this.count += by;
    if (host === undefined) this.networks += by;
    else this.hosts[host & PLACES - 1] += by;
  }
}
