// Packets that are answers: to what their receiver asked of somebody else, or to what somebody else sent in
// their receiver's name.

import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { isReplyLike, portOf, TargetClass } from "../probe/classes.ts";
import { Mark } from "../table/attempt_state.ts";
import type { View } from "../view.ts";
import { type Excuse, targetBit } from "./excuse.ts";
import type { ForgedPorts } from "./forged_ports.ts";

const EVERY_TARGET = ~0;

/** Of an attempt of which only the answer was seen: its probe was forged. */
export function backscatter({ table }: Memory, forged: ForgedPorts): Excuse {
  return {
    decision: Decision.Backscatter,
    targets: EVERY_TARGET,
    holds: (slot) => table.has(slot, Mark.ReplyOnly) && forged.isForged(slot),
  };
}

/**
 * A kernel's segments (they have a timestamp) of connections from before the capture, where nobody sees what the
 * target sends.
 */
export function midstream({ table }: Memory, view: View): Excuse {
  return {
    decision: Decision.Midstream,
    targets: targetBit(TargetClass.Tcp),
    holds: (slot) =>
      table.has(slot, Mark.Ambiguous) && table.has(slot, Mark.Stack) &&
      !view.isTargetSideSeen(table, slot),
  };
}

/** A TFTP server answers from another port than the one that it is asked at (RFC 1350 section 4). */
const TFTP = 69;

/** A late answer of DNS or NTP, or one to a multicast question: the receiver's socket asked that service. */
export function wanted({ table }: Memory, view: View): Excuse {
  return {
    decision: Decision.Wanted,
    targets: targetBit(TargetClass.Udp),
    holds: (slot) => {
      const port = portOf(table.key.of(slot)), service = table.sourcePort.of(slot);
      const asker = table.targetHash(slot);
      const isAnswer = isReplyLike(service, port) && view.hasAsked(asker, port, service);
      return isAnswer || view.hasAsked(asker, port, TFTP);
    },
  };
}
