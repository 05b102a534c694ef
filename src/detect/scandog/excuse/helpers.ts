// What a network's own helpers send: traceroutes, and the pings of DHCP servers.

import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { isEphemeral, portOf, TargetClass } from "../probe/classes.ts";
import { ttlIn } from "../probe/form.ts";
import { Mark } from "../table/attempt_state.ts";
import type { View } from "../view.ts";
import { type Excuse, targetBit } from "./excuse.ts";

/** RFC 1393's ports, and a TTL that dies. */
export function traceroute({ table, options }: Memory): Excuse {
  return {
    decision: Decision.Traceroute,
    targets: targetBit(TargetClass.Udp),
    holds: (slot) =>
      !table.has(slot, Mark.ReplyOnly) && isEphemeral(portOf(table.key(slot))) &&
      ttlIn(table.look(slot)) <= options.traceTtl,
  };
}

/** A DHCP server pings an address before it gives it out; its answer pays for one such ping. */
export function lease({ table }: Memory, { leases }: View): Excuse {
  return {
    decision: Decision.Lease,
    targets: targetBit(TargetClass.IcmpEcho),
    holds: (slot) => leases.has(table.sourceHash(slot)),
    spend: (slot) => leases.spend(table.sourceHash(slot)),
  };
}
