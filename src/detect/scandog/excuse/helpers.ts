// What a network's own helpers send: traceroutes, and the pings of DHCP servers.

import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { isEphemeral, portOf, TargetClass } from "../probe/classes.ts";
import { ttlIn } from "../probe/form.ts";
import {
  STREAM_DATAGRAMS,
  STREAMED_PORT_MS,
  STREAMED_PORTS,
  TRACED_HOST_MS,
  TRACED_HOSTS,
  TRACED_PORT_MS,
  TRACED_PORTS,
  TRAVERSAL_DATAGRAMS,
} from "../limits.ts";
import { Mark } from "../table/attempt_state.ts";
import type { View } from "../view.ts";
import { Buckets } from "./buckets.ts";
import { type Excuse, targetBit } from "./excuse.ts";

/**
 * RFC 1393's ports, and a TTL that dies. Such looks are the source's own, so they excuse of one host, and of one port,
 * as many as one run has and no more.
 */
export function traceroute(memory: Memory): Excuse {
  const { table, hash, clock, options } = memory;
  const ports = new Buckets(clock, TRACED_PORTS, TRACED_PORT_MS);
  const hosts = new Buckets(clock, TRACED_HOSTS, TRACED_HOST_MS);
  const aim = (slot: number) => hash.pair(table.sourceHash(slot), table.key.of(slot));
  return {
    decision: Decision.Traceroute,
    targets: targetBit(TargetClass.Udp),
    holds: (slot) =>
      !table.has(slot, Mark.ReplyOnly) && isEphemeral(portOf(table.key.of(slot))) &&
      ttlIn(table.look.of(slot)) <= options.traceTtl && !ports.isFull(table.hostsHash(slot)) &&
      !hosts.isFull(aim(slot)),
    spend: (slot) => {
      ports.add(table.hostsHash(slot));
      hosts.add(aim(slot));
    },
  };
}

/**
 * RTP and its kin send many datagrams before a scanner would have asked a second time: to as many ports of a host as
 * calls have.
 */
export function stream(memory: Memory): Excuse {
  const { table, clock } = memory;
  const ports = new Buckets(clock, STREAMED_PORTS, STREAMED_PORT_MS);
  return {
    decision: Decision.Stream,
    targets: targetBit(TargetClass.Udp),
    holds: (slot) => {
      const isBetweenPeers = isEphemeral(portOf(table.key.of(slot))) &&
        isEphemeral(table.sourcePort.of(slot));
      return table.packets(slot) >= (isBetweenPeers ? TRAVERSAL_DATAGRAMS : STREAM_DATAGRAMS) &&
        !ports.isFull(table.hostsHash(slot));
    },
    spend: (slot) => ports.add(table.hostsHash(slot)),
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
