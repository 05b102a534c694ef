// What can be a probe of one host. Knows records.

import { Kind, Quirk, type Records } from "../../../record.ts";
import { sameWords } from "../table/attempt_table.ts";

/** IPv4 multicast (224.0.0.0/4): the first octet. 240.0.0.0/4 is unicast. */
const FIRST_GROUP_OCTET = 224, LAST_GROUP_OCTET = 239;
const GROUP_OCTET_6 = 0xff;
/** 255.255.255.255. */
const EVERYBODY = -1;
/** The last octet that a broadcast to a network ends in, as a rule. */
const BROADCAST_OCTET = 255;

/** Of what has none of these nothing is odd. */
const ODD = Quirk.LinkMulticast | Quirk.Fragment | Quirk.BadTransportLength;

/**
 * False for what cannot be a probe of one host: groups and broadcasts, no sender, fragments without
 * the header that says what they are, and packets from a port to itself (the LAND attack).
 */
export function isProbeable(records: Records, base: number): boolean {
  if (records.hasQuirk(base, ODD) && !isWhole(records, base)) return false;
  return isToHost(records, base) && isFromHost(records, base);
}

/** As `isProbeable`, of a packet to a host that others were sent to; it may err towards false. */
export function isOneMore(records: Records, base: number): boolean {
  return !records.hasQuirk(base, ODD) && isFromHost(records, base);
}

function isToHost(records: Records, base: number): boolean {
  const { bytes, i32 } = records;
  const to = records.destinationAt(base);
  if (records.ipVersion(base) !== 4) return bytes[to * 4] !== GROUP_OCTET_6;
  return bytes[to * 4 + 12] !== 0 && !isGroup(bytes[to * 4 + 12]) && i32[to + 3] !== EVERYBODY;
}

/** True for a sender that may be a host, and is not the target itself by the same port. */
function isFromHost(records: Records, base: number): boolean {
  const { bytes, i32 } = records;
  const from = records.sourceAt(base), to = records.destinationAt(base);
  const last = i32[from + 3];
  if (records.ipVersion(base) === 4) {
    if (isGroup(bytes[from * 4 + 12]) || last === 0) return false;
  } else {
    if (bytes[from * 4] === GROUP_OCTET_6) return false;
    if ((i32[from] | i32[from + 1] | i32[from + 2] | last) === 0) return false;
  }
  return last !== i32[to + 3] || !isToItself(records, base);
}

/** True for a packet from a port to itself. */
function isToItself(records: Records, base: number): boolean {
  const from = records.sourceAt(base), to = records.destinationAt(base);
  return sameWords(records.i32, from, records.i32, to) && hasPorts(records.kind(base)) &&
    records.sourcePort(base) === records.destinationPort(base);
}

function hasPorts(kind: number): boolean {
  return kind === Kind.Tcp || kind === Kind.Udp || kind === Kind.Sctp;
}

/** False for a frame to a group, for a part of a datagram, and for a segment that no kernel answers. */
function isWhole(records: Records, base: number): boolean {
  // Nobody answers a bare protocol in a frame to everybody.
  const isToAll = records.hasQuirk(base, Quirk.LinkMulticast);
  if (isToAll && (isBroadcast(records, base) || records.kind(base) === Kind.Ip)) return false;
  if (records.hasQuirk(base, Quirk.Fragment) && !records.hasQuirk(base, Quirk.FragmentHeader)) {
    return false;
  }
  return !records.hasQuirk(base, Quirk.BadTransportLength) || records.kind(base) !== Kind.Tcp;
}

/** True for a broadcast to a network: in a frame to everybody any other packet is one to its host. */
function isBroadcast(records: Records, base: number): boolean {
  return records.ipVersion(base) === 4 &&
    records.bytes[records.destinationAt(base) * 4 + 15] === BROADCAST_OCTET;
}

/** True for the first octet of an IPv4 group. */
function isGroup(octet: number): boolean {
  return octet >= FIRST_GROUP_OCTET && octet <= LAST_GROUP_OCTET;
}
