// One packet to one record, layer by layer: link, network, transport. Knows their order and counts
// the outcome.

import { Field, Kind, linkSourceField, Quirk } from "../record.ts";
import { Counter } from "./counters.ts";
import type { Fragments } from "./network/fragments.ts";
import { isUnicast } from "./group.ts";
import { decodeLink } from "./link/link.ts";
import { walk } from "./link/walk.ts";
import { decodeNetwork } from "./network/network.ts";
import type { Packet } from "./packet.ts";
import { Reason } from "./reason.ts";
import { findTunnel, mayBeCut } from "./tunnel.ts";

/** Decodes the packet captured in packet.bytes[start, end). As `Decoder.decode`; the time is already in the record. */
export function decodeGeneral(
  packet: Packet,
  fragments: Fragments,
  start: number,
  end: number,
  wireLength: number,
  linkType: number,
  interfaceIndex: number,
  base: number,
): number {
  packet.open(start, end, wireLength, interfaceIndex, base);
  let reason: number = decodeLink(packet, linkType, start);
  if (reason === Reason.None) reason = decodeNetwork(packet, fragments);
  if (reason === Reason.None) reason = lookInside(packet, fragments, interfaceIndex);
  if (reason !== Reason.None) {
    packet.counters[Counter.Reason + reason]++;
    packet.unread.count(reason, packet.network, linkType);
    return reason;
  }
  const { record } = packet, kind = record[base + Field.Kind];
  packet.putLinkSource(linkSourceField(kind));
  if ((packet.quirks & Quirk.LinkMulticast) !== 0 && kind !== Kind.Arp) {
    if (isUnicast(record, base + Field.Destination)) packet.quirks |= Quirk.UnicastInGroup;
  }
  if (isCut(packet)) packet.counters[Counter.Cut]++;
  packet.putU32(Field.Quirks, packet.quirks);
  packet.counters[Counter.Kind + kind]++;
  return Reason.None;
}

/** Did the capture cut its transport header? What a fragment has no more of was cut by who sent it. */
function isCut({ quirks, end, wireEnd }: Packet): boolean {
  if ((quirks & (Quirk.Truncated | Quirk.BadTransportLength)) !== Quirk.Truncated) return false;
  return (quirks & Quirk.Fragment) === 0 || end < wireEnd;
}

/**
 * Where the packet is a tunnel's that is to be looked into: decodes the one inside into the same record, and
 * so on. Each is shorter than the one before.
 */
function lookInside(packet: Packet, fragments: Fragments, interfaceIndex: number): number {
  for (;;) {
    const tunnel = findTunnel(packet);
    if (tunnel === 0) return Reason.None;
    if (((packet.limits.inside ?? 0) & tunnel) === 0) {
      packet.unread.countTunnel(tunnel);
      return Reason.None;
    }
    const { at, network, payloadAt, payloadEnd, payloadLength, base } = packet;
    packet.open(at, payloadEnd, payloadAt + payloadLength - at, interfaceIndex, base);
    packet.isCopy = mayBeCut(tunnel);
    packet.network = network;
    packet.at = at;
    let reason = walk(packet);
    if (reason === Reason.None) reason = decodeNetwork(packet, fragments);
    if (reason !== Reason.None) return reason;
  }
}
