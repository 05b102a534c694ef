// Answers to probes that were not seen: were they made by their receiver? Knows ports and hashes.
//
// Who forges an address in a flood takes any port from 1024 on for each packet, so that answers reach
// the host of that address at ports all over the range. A scanner's own probes leave from one port,
// from ports in a row, or from where its kernel takes client ports from.

import type { Clock } from "../clock.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import { isEphemeral } from "../probe/classes.ts";

/** Hosts watched at once; a collision starts one anew. */
const HOSTS = 1024;
/** A host is watched so long after an answer. */
const WATCH_MS = 3_600_000;
/** Ports this near to the one before are of one program's row. */
const ROW = 256;
/** Ports out of all order that no scanner's probes leave from. */
const STRAY_MIN = 3;

export class ForgedPorts {
  declare private readonly table: Conversations;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  private readonly host = new Int32Array(HOSTS);
  private readonly port = new Uint16Array(HOSTS);
  private readonly stray = new Uint8Array(HOSTS);
  private readonly ordered = new Uint8Array(HOSTS);
  private readonly latestMs = new Int32Array(HOSTS);

  constructor(
    table: Conversations,
    hash: Hash,
    clock: Clock,
  ) {
    this.table = table;
    this.hash = hash;
    this.clock = clock;
  }

  /**
   * True when the probe of an attempt, of which only the answer was seen, was forged, by this answer and
   * those before. To be asked once for each attempt.
   */
  isForged(slot: number): boolean {
    const { table, hash } = this;
    const port = table.get(slot, Word.SourcePort);
    if (port === 0) return false;
    return this.note(hash.address(table.words, table.addressAt(slot, Word.Initiator)), port);
  }

  /** An answer reaches a port of the host. */
  private note(host: number, port: number): boolean {
    const at = this.hash.pair(host, HOSTS) & (HOSTS - 1);
    if (this.host[at] !== host || this.clock.since(this.latestMs[at]) > WATCH_MS) {
      this.host[at] = host;
      this.stray[at] = this.ordered[at] = 0;
      this.port[at] = port;
    }
    this.latestMs[at] = this.clock.ms;
    const isInRow = Math.abs(port - this.port[at]) <= ROW;
    this.port[at] = port;
    const counts = isInRow || isEphemeral(port) ? this.ordered : this.stray;
    // Both are halved together, so that what a host did once does not speak for it for ever.
    if (counts[at] === 255) {
      this.stray[at] >>>= 1;
      this.ordered[at] >>>= 1;
    }
    counts[at]++;
    // Of any ports from 1024 on, one half is not ephemeral.
    return this.stray[at] >= STRAY_MIN && 3 * this.stray[at] >= this.ordered[at];
  }
}
