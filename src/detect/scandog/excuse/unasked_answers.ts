// Datagrams that look like answers of a service, at a host that never asked: a few come late, or after a question that
// the capture missed; where there are more, they are probes from the service's port. Knows attempts and counts.
//
// The witness is the target, by what it did not send: where its side cannot be seen this says nothing, nor of a host
// that has the source's answers to other questions.

import { UNASKED_ANSWER_MS, UNASKED_ANSWERS } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, isAskedFirst, TargetClass } from "../probe/classes.ts";
import { Mark } from "../table/attempt_state.ts";
import { isAnswered } from "../table/uses.ts";
import type { View } from "../view.ts";
import { Buckets } from "./buckets.ts";

export class UnaskedAnswers {
  /** By source and host, and by source and port. */
  declare private readonly ofHost: Buckets;
  declare private readonly ofPort: Buckets;
  declare private readonly memory: Memory;
  declare private readonly view: View;

  constructor(memory: Memory, view: View) {
    this.memory = memory;
    this.view = view;
    this.ofHost = new Buckets(memory.clock, UNASKED_ANSWERS, UNASKED_ANSWER_MS);
    this.ofPort = new Buckets(memory.clock, UNASKED_ANSWERS, UNASKED_ANSWER_MS);
  }

  /** A datagram that nobody answered, and that no excuse explains: past so many it looks like an answer no longer. */
  note(slot: number): void {
    const { table, hash } = this.memory;
    if (!table.has(slot, Mark.ReplyLike) || classOf(table.key.of(slot)) !== TargetClass.Udp) return;
    if (!isAskedFirst(table.sourcePort.of(slot)) || isAnswered(this.memory, slot)) return;
    if (!this.view.isTargetSideSeen(table, slot)) return;
    const host = table.hostsHash(slot);
    const port = hash.pair(table.sourceHash(slot), table.key.of(slot));
    if (this.ofHost.isFull(host) || this.ofPort.isFull(port)) table.unmark(slot, Mark.ReplyLike);
    this.ofHost.add(host);
    this.ofPort.add(port);
  }
}
