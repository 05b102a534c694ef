// What a network's own helpers send: traceroutes, and the pings of DHCP servers.

import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { classOf, isEphemeral, isHostClass, portOf, TargetClass } from "../probe/classes.ts";
import { ttlIn } from "../probe/form.ts";
import {
  EXPIRED_PORT_MS,
  EXPIRED_PORTS,
  STREAM_DATAGRAMS,
  STREAMED_PORT_MS,
  STREAMED_PORTS,
  TRACED_HOST_MS,
  TRACED_HOSTS,
  TRACED_PORT_MS,
  TRACED_PORTS,
  TRAVERSAL_DATAGRAMS,
} from "../limits.ts";
import { AddressSet } from "../table/address_set.ts";
import { Mark } from "../table/attempt_state.ts";
import type { View } from "../view.ts";
import { Buckets } from "./buckets.ts";
import { type Excuse, targetBit } from "./excuse.ts";

/** Targets at which probes died on their way, and how long each is known. */
const KNOWN_BITS = 1 << 16;
const KNOWN_MS = 3_600_000;

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
 * A router says that a probe died on its way, as each of a traceroute does but the last. A firewall is mapped by the
 * same errors, port by port, and an accomplice can make them up: so of one host they excuse as many ports as one
 * traceroute has, and of one port as many hosts of a network as several have. Pings have no ports to be mapped.
 */
export function expired(memory: Memory): Excuse {
  const { table, hash, clock } = memory;
  const traced = new Buckets(clock, TRACED_PORTS, TRACED_PORT_MS);
  const ports = new Buckets(clock, EXPIRED_PORTS, EXPIRED_PORT_MS);
  const hosts = new Buckets(clock, TRACED_HOSTS, TRACED_HOST_MS);
  const aim = (slot: number) =>
    hash.triple(
      table.sourceHash(slot),
      table.key.of(slot),
      hash.network(table.words, table.targetAt(slot)),
    );
  /** Each hop asks the same target anew. */
  const known = new AddressSet(clock, KNOWN_BITS, KNOWN_MS);
  const target = (slot: number) => hash.pair(table.hostsHash(slot), table.key.of(slot));
  const portsOf = (slot: number) => {
    const key = table.key.of(slot);
    return classOf(key) === TargetClass.Udp && isEphemeral(portOf(key)) ? traced : ports;
  };
  return {
    decision: Decision.Expired,
    targets: ~0,
    holds: (slot) =>
      isHostClass(classOf(table.key.of(slot))) || known.has(target(slot)) ||
      (!portsOf(slot).isFull(table.hostsHash(slot)) && !hosts.isFull(aim(slot))),
    spend: (slot) => {
      if (!known.add(target(slot))) return;
      portsOf(slot).add(table.hostsHash(slot));
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
