// Why a packet could not be decoded to a record. Knows codes and their words; counts nothing.

/** What `Decoder.decode` returns. Every code but `None` is counted and the record's slot stays free. */
export const Reason = {
  /** The record is to be published. */
  None: 0,
  /** A whole frame of something that is neither IP nor ARP (LLDP, STP, ...). Not malformed. */
  OtherLinkProtocol: 1,
  /** ARP for hardware or addresses other than IPv4's. Not malformed. */
  OtherArp: 2,
  /** A link type that this decoder does not know. Not malformed. */
  UnknownLinkType: 3,
  /** A frame whose payload is encrypted (MACsec, 802.11). Not malformed. */
  Encrypted: 4,
  /** The frame, or the capture, ends inside the link-layer header. */
  LinkCut: 5,
  /** The link-layer header contradicts itself. */
  LinkMalformed: 6,
  /** The link layer announces IP of a version that the IP header does not have. */
  IpVersion: 7,
  /** Fewer bytes than the IP header's fixed part, or than the length it gives itself. */
  IpCut: 8,
  /** An IPv4 header length below 20 bytes. */
  IpHeaderLength: 9,
  /** A fragment that reaches past the 65535th byte of its datagram. */
  FragmentTooLong: 10,
  /** An ARP packet that ends before its addresses do. */
  ArpCut: 11,
} as const;

/** How many codes there are. */
export const REASONS = 12;

const TEXT: readonly string[] = [
  "decoded",
  "another link protocol",
  "ARP for other addresses than IPv4",
  "unknown link type",
  "encrypted",
  "link-layer header cut short",
  "link-layer header malformed",
  "IP version differs from the link layer's",
  "IP header cut short",
  "IPv4 header length below 20",
  "fragment past 65535 bytes",
  "ARP cut short",
];

/** A code in words, for a summary: "IP header cut short". */
export function reasonText(reason: number): string {
  return TEXT[reason] ?? `reason ${reason}`;
}

/** True where the packet was damaged or a lie, and not merely something else than IP. */
export function isMalformed(reason: number): boolean {
  return reason >= Reason.LinkCut;
}
