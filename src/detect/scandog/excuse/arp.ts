// What ARP requests, and those of neighbour discovery, mean that nobody was seen to answer.
//
// A router asks for every address that somebody outside tries to reach, so it would look like the scanner of
// every sweep that comes in. It does not count when it shows itself as a router, or when attempts from outside
// explain what it asks for. A request that comes again after one second, and two, is a kernel's that has
// something to deliver; a host on its own behalf is seen trying other neighbours.

import { Decision } from "../../../decision.ts";
import { REQUESTS_EXPLAINED, ROW_EXPLAINED } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { isKernelsPause, KERNEL_PAUSE_MS } from "../probe/arp_pace.ts";
import { TargetClass } from "../probe/classes.ts";
import { ArpMark } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { isLinkLocal } from "../table/network_prefix.ts";
import type { View } from "../view.ts";
import { type Excuse, targetBit } from "./excuse.ts";

/** Asked of a new request. */
export function arpAtBegin({ table }: Memory, view: View): Excuse[] {
  return [
    excuse(Decision.ArpRouter, (slot) => isRouters(table, view, slot)),
    // Of a host that tries its neighbours itself it is to be seen whether it asks as kernels do.
    excuse(
      Decision.ArpPace,
      (slot) =>
        isUnhurried(table, slot) && !view.visitors.isInsider(table.sourceEnd(slot)) &&
        !isHosts(table, view, slot),
    ),
    excuse(
      Decision.ArpThere,
      (slot) => table.hasArp(slot, ArpMark.IsThere) && !table.hasArp(slot, ArpMark.InOrder),
    ),
  ];
}

/** Asked when no answer came. */
export function arpAtSilence({ table }: Memory, view: View): Excuse[] {
  const { visitors, askers } = view;
  return [
    // What it forwards may have been seen since.
    excuse(Decision.ArpRouter, (slot) => isRouters(table, view, slot)),
    // Packets went on to it, which a host that does not answer never gets.
    excuse(Decision.ArpThere, (slot) => view.reached.has(table.targetHash(slot))),
    // Attempts from outside do not explain a tool's requests.
    excuse(Decision.ArpOutside, (slot) => {
      const asker = table.sourceEnd(slot), target = table.targetEnd(slot);
      if (askers.isHasty(asker)) return false;
      const requests = requestsExplainedAtSilence(table, view, slot);
      return table.hasArp(slot, ArpMark.Explained)
        ? visitors.isStillExplained(target, requests)
        : visitors.isExplained(asker, target, requests);
    }),
    excuse(
      Decision.ArpKernel,
      (slot) =>
        isKernels(table, view, slot) && !visitors.isInsider(table.sourceEnd(slot)) &&
        !isHosts(table, view, slot),
    ),
    excuse(
      Decision.ArpPace,
      (slot) =>
        isUnhurried(table, slot) && !table.hasArp(slot, ArpMark.ToolsPace) &&
        !isKernels(table, view, slot) && !isHosts(table, view, slot),
    ),
  ];
}

function excuse(decision: number, holds: Excuse["holds"]): Excuse {
  return { decision, targets: targetBit(TargetClass.Arp), holds };
}

/** True for a request at the pace of packets that come for its neighbours, not of a row through them. */
function isUnhurried(table: AttemptTable, slot: number): boolean {
  return table.hasArp(slot, ArpMark.Unhurried) && !table.hasArp(slot, ArpMark.InOrder);
}

/** A new request that no excuse holds for: whether visitors explain it is known when these have been answered. */
export function noteRequest({ table }: Memory, { visitors }: View, slot: number): void {
  const asker = table.sourceEnd(slot), target = table.targetEnd(slot);
  visitors.noteRequest(asker, target);
  if (visitors.isExplained(asker, target, requestsExplained(table, slot))) {
    table.markArp(slot, ArpMark.Explained);
  }
}

/** A request that was not answered is at the end of the capture, when its time is not up. */
export function noteEdge({ table, clock }: Memory, slot: number): void {
  if (clock.since(table.createdMs.of(slot)) < KERNEL_PAUSE_MS) table.markArp(slot, ArpMark.AtEdge);
}

/** No excuse holds: a kernel's request of a host that tries its neighbours itself. */
export function noteKernels({ table }: Memory, view: View, slot: number): void {
  if (isKernels(table, view, slot)) table.markArp(slot, ArpMark.Kernels);
}

/** How many such requests each attempt from outside explains, when they are asked. */
function requestsExplained(table: AttemptTable, slot: number): number {
  const isSlowRow = table.hasArp(slot, ArpMark.InOrder) && table.hasArp(slot, ArpMark.Unhurried);
  return isSlowRow ? ROW_EXPLAINED : REQUESTS_EXPLAINED;
}

/** The same when no answer came: a router's kernel would have asked again. */
function requestsExplainedAtSilence(table: AttemptTable, view: View, slot: number): number {
  const isOnce = table.repeatMs.of(slot) === 0 && !table.hasArp(slot, ArpMark.AtEdge) &&
    !view.visitors.isPatient(table.sourceEnd(slot));
  return isOnce && table.hasArp(slot, ArpMark.InOrder)
    ? ROW_EXPLAINED
    : requestsExplained(table, slot);
}

/** True for a request of one who says that it is a router, or whose link-layer address was proved to be one's. */
function isRouters(table: AttemptTable, view: View, slot: number): boolean {
  return view.routers.has(table.sourceHash(slot)) ||
    view.links.isRouter(table.linkSource.of(slot), table.words, table.sourceAt(slot));
}

/** True for a request of one who does not forward: it asks for itself, whatever its pace. */
function isHosts(table: AttemptTable, view: View, slot: number): boolean {
  return view.links.isHost(table.linkSource.of(slot), table.words, table.sourceAt(slot));
}

/** True for a request at a kernel's pace. A lone one may be the last of three, when the capture began after the first. */
function isKernels(table: AttemptTable, view: View, slot: number): boolean {
  if (table.hasArp(slot, ArpMark.ToolsPace)) return false;
  const after = table.repeatMs.of(slot);
  return after === 0
    ? view.visitors.isPatient(table.sourceEnd(slot)) || isForwarders(table, slot)
    : isKernelsPause(after);
}

/**
 * True for a lone request at the begin of the capture by one who forwards: for packets of its own it would
 * take an address that reaches as far as the target's (RFC 6724 section 5, rule 2).
 */
function isForwarders(table: AttemptTable, slot: number): boolean {
  return table.hasArp(slot, ArpMark.AtEdge) &&
    isLinkLocal(table.words, table.sourceAt(slot)) &&
    !isLinkLocal(table.words, table.targetAt(slot));
}
