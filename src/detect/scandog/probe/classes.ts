// What an attempt is aimed at, besides the host: a port of a transport, a kind of ping, a protocol.
// One number says both, so that one table serves all. Knows numbers only.

import { Kind } from "../../../record.ts";

/** The kind of target; with a port (or protocol number) it makes a target key. */
export const TargetClass = {
  Tcp: 1,
  Udp: 2,
  Sctp: 3,
  IcmpEcho: 4,
  IcmpTimestamp: 5,
  IcmpMask: 6,
  IpProtocol: 7,
  Arp: 8,
} as const;

/** A class and its port, protocol number, or 0. */
export function targetKey(targetClass: number, port: number): number {
  return targetClass << 16 | port;
}

export function classOf(key: number): number {
  return key >>> 16;
}

export function portOf(key: number): number {
  return key & 0xffff;
}

/** True for targets that are a whole host: there a port number says nothing. */
export function isHostClass(targetClass: number): boolean {
  return targetClass >= TargetClass.IcmpEcho && targetClass !== TargetClass.IpProtocol;
}

const PINGS = 1 << TargetClass.IcmpEcho | 1 << TargetClass.IcmpTimestamp |
  1 << TargetClass.IcmpMask;
const KINDS: Record<number, typeof Kind[keyof typeof Kind]> = {
  [1 << TargetClass.Tcp]: Kind.Tcp,
  [1 << TargetClass.Udp]: Kind.Udp,
  [1 << TargetClass.Sctp]: Kind.Sctp,
  [1 << TargetClass.Arp]: Kind.Arp,
};

/** `Kind` of packets to targets of these classes, a bit each. */
export function kindOf(classes: number, isIpv6: boolean): typeof Kind[keyof typeof Kind] {
  if ((classes & ~PINGS) === 0) return isIpv6 ? Kind.Icmp6 : Kind.Icmp;
  return KINDS[classes] ?? Kind.Ip;
}

/** First port that needs no privilege to serve. */
const FIRST_UNPRIVILEGED = 1024;
/** Where systems take client ports from (Linux: 32768; RFC 6335: 49152): nothing well known lives there. */
const FIRST_EPHEMERAL = 32768;

export function isPrivileged(port: number): boolean {
  return port < FIRST_UNPRIVILEGED;
}

export function isEphemeral(port: number): boolean {
  return port >= FIRST_EPHEMERAL;
}

/** Services above 1023 whose answers come from their own port. */
const SERVICE_PORTS = new Uint8Array(65536);
for (let port = 1; port < FIRST_UNPRIVILEGED; port++) SERVICE_PORTS[port] = 1;
for (
  const port of [
    ...[1194, 1433, 1434, 1701, 1812, 1813, 1883, 1900, 2049, 3074, 3128, 3306, 3389, 3478, 3479],
    ...[3702, 4500, 5060, 5061, 5222, 5228, 5349, 5351, 5353, 5355, 5432, 5683, 6379, 6443, 6881],
    ...[8000, 8008, 8080, 8443, 8444, 8888, 9000, 9090, 9200, 11211, 19302, 27017, 51820],
  ]
) SERVICE_PORTS[port] = 1;

/**
 * True when a packet between these ports looks like what a server sends to its client rather than
 * like a probe: from where services live to where clients' ports come from. `nmap -g 53` to low
 * ports does not pass as an answer; to high ports it does, which is why this only ever discounts
 * what has no other evidence.
 */
export function isReplyLike(sourcePort: number, destinationPort: number): boolean {
  if (destinationPort < FIRST_UNPRIVILEGED) return false;
  return SERVICE_PORTS[sourcePort] === 1 ||
    (sourcePort < FIRST_EPHEMERAL && destinationPort >= FIRST_EPHEMERAL);
}

/**
 * Services of which no datagram is shorter than this: DNS and its kin (RFC 1035 section 4.1.1: a header), NTP (RFC 9327
 * section 2: that of a control message), and QUIC and DTLS (RFC 9000 section 10.3, RFC 6347 section 4.1).
 */
const ANSWERS_WITH_HEADER: readonly number[] = [53, 123, 137, 443, 5353, 5355];
const ANSWER_BYTES_MIN = 12;

/** True for one of those services: none of them sends a datagram to keep a way open, as telephony and tunnels do. */
export function isAskedFirst(service: number): boolean {
  return ANSWERS_WITH_HEADER.includes(service);
}

/** True for a datagram of so many bytes that is too short for an answer of the service that it comes from. */
export function isShortAnswer(service: number, bytes: number): boolean {
  return bytes < ANSWER_BYTES_MIN && isAskedFirst(service);
}

/** True for ports below 1024 and well-known ones above. */
export function isServicePort(port: number): boolean {
  return SERVICE_PORTS[port] === 1;
}

/** True for what goes from a service to what is none: it may be an answer. */
export function isFromService(sourcePort: number, destinationPort: number): boolean {
  return isServicePort(sourcePort) && !isServicePort(destinationPort);
}

/** Ports of DHCP servers and clients (RFC 2131 section 4.1); relays use the server's. */
const DHCP_SERVER = 67;
const DHCP_CLIENT = 68;

/** True for what a DHCP server sends to its client. */
export function isLease(sourcePort: number, destinationPort: number): boolean {
  return sourcePort === DHCP_SERVER && destinationPort === DHCP_CLIENT;
}

/** True for what a DHCP client, or a relay in its name, asks. */
export function isLeaseQuestion(sourcePort: number, destinationPort: number): boolean {
  return destinationPort === DHCP_SERVER &&
    (sourcePort === DHCP_CLIENT || sourcePort === DHCP_SERVER);
}

/** True for what a DHCP server sends to its client, or to a relay. */
export function isLeaseAnswer(sourcePort: number, destinationPort: number): boolean {
  return sourcePort === DHCP_SERVER &&
    (destinationPort === DHCP_CLIENT || destinationPort === DHCP_SERVER);
}
