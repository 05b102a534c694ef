// Which addresses packets were sent to, and which from another network: of those a router had to find
// the neighbour first, and did. Knows addresses; nothing of attempts.

import { Field, type Records } from "../../../record.ts";
import type { Clock } from "../clock.ts";
import { AddressSet } from "../table/address_set.ts";
import { wordAt } from "../table/conversations.ts";
import { isMappedAt, LAST_OCTET } from "../table/network_prefix.ts";

const BITS = 1 << 18;
const REMEMBERED_MS = 3_600_000;

export class Reached {
  declare private readonly clock: Clock;
  private readonly all = new AddressSet(BITS, REMEMBERED_MS);
  private readonly routed = new AddressSet(BITS, REMEMBERED_MS);

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The record's packet goes to the address of this hash. */
  note(records: Records, base: number, hash: number): void {
    const { ms } = this.clock;
    const words = records.i32;
    const from = wordAt(base, Field.Source), to = wordAt(base, Field.Destination);
    this.all.add(hash, ms);
    const isNear = isMappedAt(words, to)
      ? ((words[from + 3] ^ words[to + 3]) & LAST_OCTET) === 0
      : words[from] === words[to] && words[from + 1] === words[to + 1];
    if (!isNear) this.routed.add(hash, ms);
  }

  /** True when packets were lately sent to the address of this hash; may err towards true. */
  has(hash: number): boolean {
    return this.all.has(hash);
  }

  /** The same of packets from another network: IPv4 /24, IPv6 /64. */
  hasRouted(hash: number): boolean {
    return this.routed.has(hash);
  }
}
