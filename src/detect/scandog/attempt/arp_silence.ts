// What an ARP request means that nobody was seen to answer. Knows requests and their askers; nothing of
// weights.
//
// A request that comes again after one second, and two, is a kernel's that has something to deliver. A
// router does so for every address that a sweep from outside tries; a host on its own behalf is seen
// trying other neighbours.

import type { ArpAskers } from "./arp_askers.ts";
import { type Conversations, Mark, Word } from "../table/conversations.ts";
import { Why } from "../ledger.ts";
import { isKernelsPause, type Outsiders, REQUESTS_EXPLAINED, ROW_EXPLAINED } from "./outsiders.ts";

/** How many such requests each attempt from outside explains, when they are asked. */
export function requestsExplained(table: Conversations, slot: number): number {
  const isSlowRow = table.has(slot, Mark.Row) && table.has(slot, Mark.Unhurried);
  return isSlowRow ? ROW_EXPLAINED : REQUESTS_EXPLAINED;
}

export class ArpSilence {
  declare private readonly table: Conversations;
  declare private readonly outsiders: Outsiders;
  declare private readonly askers: ArpAskers;

  constructor(table: Conversations, outsiders: Outsiders, askers: ArpAskers) {
    this.table = table;
    this.outsiders = outsiders;
    this.askers = askers;
  }

  /** Why the request is harmless all the same; `Why.Undecided` if it is not. */
  whyHarmless(slot: number): number {
    const { table, outsiders } = this;
    const asker = table.get(slot, Word.Initiator + 3);
    if (this.isFromOutside(slot, asker)) return Why.ArpOutside;
    const after = table.get(slot, Word.RepeatMs);
    // A lone one may be the last of three, when the capture began after the first.
    const isKernel = after === 0 ? outsiders.isPatient(asker) : isKernelsPause(after);
    if (!isKernel || table.has(slot, Mark.Ambiguous)) {
      const isSlow = table.has(slot, Mark.Unhurried) && !table.has(slot, Mark.Row);
      return isSlow ? Why.ArpPace : Why.Undecided;
    }
    if (!outsiders.isInsider(asker)) return Why.ArpKernel;
    table.mark(slot, Mark.Gentle);
    return Why.Undecided;
  }

  /** True when attempts from outside explain it. They do not explain a tool's requests. */
  private isFromOutside(slot: number, asker: number): boolean {
    const { table, outsiders } = this;
    if (this.askers.isHasty(asker)) return false;
    const target = table.get(slot, Word.Responder + 3);
    // A router's kernel would have asked again.
    const isOnce = table.get(slot, Word.RepeatMs) === 0 && !table.has(slot, Mark.Early) &&
      !outsiders.isPatient(asker);
    const requests = isOnce && table.has(slot, Mark.Row)
      ? ROW_EXPLAINED
      : requestsExplained(table, slot);
    return table.has(slot, Mark.Explained)
      ? outsiders.isStillExplained(target, requests)
      : outsiders.isExplained(target, asker, requests);
  }
}
