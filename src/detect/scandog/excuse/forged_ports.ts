// Answers to probes that were not seen: were they made by their receiver? Knows ports and hashes.
//
// Who forges an address in a flood takes any port from 1024 on for each packet, so that answers reach
// the host of that address at ports all over the range. A scanner's own probes leave from one port,
// from ports in a row, or from where its kernel takes client ports from.

import { PORTS_IN_ROW, STRAY_PORTS_MIN } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { isEphemeral } from "../probe/classes.ts";

/** Hosts watched at once; a collision starts one anew. */
const HOSTS = 1024;
/** A host is watched so long after an answer. */
const WATCH_MS = 3_600_000;

export class ForgedPorts {
  private readonly host = new Int32Array(HOSTS);
  private readonly port = new Uint16Array(HOSTS);
  private readonly stray = new Uint8Array(HOSTS);
  private readonly ordered = new Uint8Array(HOSTS);
  private readonly latestMs = new Int32Array(HOSTS);
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** An answer reaches a port of the host that is the source of an attempt. */
  note(slot: number): void {
    const { table, clock } = this.memory;
    const port = table.sourcePort.of(slot);
    if (port === 0) return;
    const host = table.sourceHash(slot);
    const at = this.place(host);
    if (this.host[at] !== host || clock.since(this.latestMs[at]) > WATCH_MS) {
      this.host[at] = host;
      this.stray[at] = this.ordered[at] = 0;
      this.port[at] = port;
    }
    this.latestMs[at] = clock.ms;
    const isInRow = Math.abs(port - this.port[at]) <= PORTS_IN_ROW;
    this.port[at] = port;
    const counts = isInRow || isEphemeral(port) ? this.ordered : this.stray;
    // Both are halved together, so that what a host did once does not speak for it for ever.
    if (counts[at] === 255) {
      this.stray[at] >>>= 1;
      this.ordered[at] >>>= 1;
    }
    counts[at]++;
  }

  /** True when the probe of an attempt was forged, by its answer and those before. */
  isForged(slot: number): boolean {
    const { table } = this.memory;
    if (table.sourcePort.of(slot) === 0) return false;
    const host = table.sourceHash(slot);
    const at = this.place(host);
    // Of any ports from 1024 on, one half is not ephemeral.
    return this.host[at] === host && this.stray[at] >= STRAY_PORTS_MIN &&
      3 * this.stray[at] >= this.ordered[at];
  }

  private place(host: number): number {
    return this.memory.hash.pair(host, HOSTS) & (HOSTS - 1);
  }
}
