// What an ARP request means that nobody was seen to answer. Knows requests and their askers; nothing of
// weights.
//
// A request that comes again after one second, and two, is a kernel's that has something to deliver. A
// router does so for every address that a sweep from outside tries; a host on its own behalf is seen
// trying other neighbours.

import type { ArpAskers } from "./arp_askers.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Mark, Word } from "../table/conversations.ts";
import { Why } from "../ledger.ts";
import { isKernelsPause, type Outsiders, REQUESTS_EXPLAINED, ROW_EXPLAINED } from "./outsiders.ts";

/**
 * Between two of a kernel's three requests. What seems to be asked once, this near to the begin or the end
 * of a capture, may be the last of three, or the first.
 */
export const KERNEL_PAUSE_MS = 1100;

/** How many such requests each attempt from outside explains, when they are asked. */
export function requestsExplained(table: Conversations, slot: number): number {
  const isSlowRow = table.has(slot, Mark.Row) && table.has(slot, Mark.Unhurried);
  return isSlowRow ? ROW_EXPLAINED : REQUESTS_EXPLAINED;
}

export class ArpSilence {
  declare private readonly table: Conversations;
  declare private readonly outsiders: Outsiders;
  declare private readonly askers: ArpAskers;
  declare private readonly clock: Clock;

  constructor(table: Conversations, outsiders: Outsiders, askers: ArpAskers, clock: Clock) {
    this.table = table;
    this.clock = clock;
    this.outsiders = outsiders;
    this.askers = askers;
  }

  /** Why the request is harmless all the same; `Why.Undecided` if it is not. */
  whyHarmless(slot: number): number {
    const { table, outsiders } = this;
    const asker = table.get(slot, Word.Initiator + 3);
    const age = this.clock.since(table.get(slot, Word.CreatedMs));
    if (age < KERNEL_PAUSE_MS) table.mark(slot, Mark.Early);
    if (this.isFromOutside(slot, asker)) return Why.ArpOutside;
    const after = table.get(slot, Word.RepeatMs);
    // A lone one may be the last of three, when the capture began after the first.
    const isKernel = after === 0
      ? outsiders.isPatient(asker) || this.isForwarders(slot)
      : isKernelsPause(after);
    if (!isKernel || table.has(slot, Mark.Ambiguous)) {
      const isSlow = table.has(slot, Mark.Unhurried) && !table.has(slot, Mark.Row);
      return isSlow ? Why.ArpPace : Why.Undecided;
    }
    if (!outsiders.isInsider(asker)) return Why.ArpKernel;
    table.mark(slot, Mark.Gentle);
    return Why.Undecided;
  }

  /**
   * True for a lone request at the begin of the capture by one who forwards: for packets of its own it would
   * take an address that reaches as far as the target's (RFC 6724 section 5, rule 2).
   */
  private isForwarders(slot: number): boolean {
    const { table } = this;
    return table.has(slot, Mark.Early) &&
      isLinkLocal(table.bytes, table.addressAt(slot, Word.Initiator) * 4) &&
      !isLinkLocal(table.bytes, table.addressAt(slot, Word.Responder) * 4);
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

/** True for an address of fe80::/10. */
function isLinkLocal(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xfe && (bytes[at + 1] & 0xc0) === 0x80;
}
