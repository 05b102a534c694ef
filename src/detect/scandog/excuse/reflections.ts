// Answers that many servers send to a host that did not ask: somebody else did in its name, to have it flooded
// (reflection): datagrams, or TCP segments of servers that answer without a handshake. Knows attempts and time.
//
// Who scans from a service's port is one, or by far the busiest of those who send from it; of a thousand reflectors none
// is. To pass for one of them a scanner must send as many packets in other names as in its own, and those not alike:
// decoys ask the same ports.

import { Decision } from "../../../decision.ts";
import { CROWD_OF_SERVERS, LEADS_MIN } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, isServicePort, portOf, TargetClass } from "../probe/classes.ts";
import { Mark } from "../table/attempt_state.ts";
import { type Excuse, targetBit } from "./excuse.ts";

/** Targets watched at once, each with one service; a collision starts one anew. */
const PLACES = 1024;
/** A target is watched so long after a datagram. */
const WATCH_MS = 60_000;

export class Reflections implements Excuse {
  readonly decision = Decision.Backscatter;
  readonly targets = targetBit(TargetClass.Udp) | targetBit(TargetClass.Tcp);
  private readonly target = new Int32Array(PLACES);
  /** The source that sent more than all others, if one did, and how many more (Boyer and Moore 1981). */
  private readonly leader = new Int32Array(PLACES);
  private readonly lead = new Uint16Array(PLACES);
  /** Datagrams of others than the leader. */
  private readonly others = new Uint16Array(PLACES);
  /** Of the latest datagram. */
  private readonly port = new Uint16Array(PLACES);
  private readonly latestMs = new Int32Array(PLACES);
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** An attempt was begun. */
  note(slot: number): void {
    const { table, clock } = this.memory;
    if (!this.isAnswerLike(slot)) return;
    const { leader, lead, others, latestMs } = this;
    const target = this.targetOf(slot), at = target & (PLACES - 1);
    if (this.target[at] !== target || clock.since(latestMs[at]) > WATCH_MS) {
      this.target[at] = target;
      lead[at] = others[at] = 0;
    }
    latestMs[at] = clock.ms;
    // Decoys ask one port after the other, all of them.
    const port = portOf(table.key.of(slot));
    if (this.port[at] === port) return;
    this.port[at] = port;
    if (lead[at] === 0) leader[at] = table.sourceHash(slot);
    if (leader[at] === table.sourceHash(slot)) {
      lead[at] = Math.min(lead[at] + 1, 0xffff);
    } else {
      lead[at]--;
      others[at] = Math.min(others[at] + 1, 0xffff);
    }
  }

  holds(slot: number): boolean {
    const { table } = this.memory;
    if (!this.isAnswerLike(slot) || table.has(slot, Mark.LookAlike)) return false;
    const target = this.targetOf(slot), at = target & (PLACES - 1);
    if (this.target[at] !== target || this.others[at] < CROWD_OF_SERVERS) return false;
    return this.leader[at] !== table.sourceHash(slot) || this.lead[at] < LEADS_MIN;
  }

  /** From a service; of TCP a segment of no known connection. */
  private isAnswerLike(slot: number): boolean {
    const { table } = this.memory;
    const isTcp = classOf(table.key.of(slot)) === TargetClass.Tcp;
    return isServicePort(table.sourcePort.of(slot)) && (!isTcp || table.has(slot, Mark.ReplyLike));
  }

  /** Hash of the target and the port that answers come from. */
  private targetOf(slot: number): number {
    const { table, hash } = this.memory;
    return hash.pair(table.targetHash(slot), table.sourcePort.of(slot));
  }
}
