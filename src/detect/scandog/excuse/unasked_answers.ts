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

/**
 * Makes what is told of each datagram that nobody answered and that no excuse explains: past so many, by source and host
 * or by source and port, it looks like an answer no longer.
 */
export function unaskedAnswers(memory: Memory, view: View): (slot: number) => void {
  const { table, hash, clock } = memory;
  const ofHost = new Buckets(clock, UNASKED_ANSWERS, UNASKED_ANSWER_MS);
  const ofPort = new Buckets(clock, UNASKED_ANSWERS, UNASKED_ANSWER_MS);
  return (slot) => {
    if (!table.has(slot, Mark.ReplyLike) || classOf(table.key.of(slot)) !== TargetClass.Udp) return;
    if (!isAskedFirst(table.sourcePort.of(slot)) || isAnswered(memory, slot)) return;
    if (!view.isTargetSideSeen(table, slot)) return;
    const host = table.hostsHash(slot);
    const port = hash.pair(table.sourceHash(slot), table.key.of(slot));
    if (ofHost.isFull(host) || ofPort.isFull(port)) table.unmark(slot, Mark.ReplyLike);
    ofHost.add(host);
    ofPort.add(port);
  };
}
