// The packet record: what a detector may know of one packet. A leaf: knows no wire format, no
// ring, no detector. One record is 128 bytes (two cache lines) in memory that both threads share;
// there is no object per packet anywhere on the path. What nearly every packet is asked for lies in the
// first line: a detector that passes a packet over has not waited for the second.

/** Bytes of one record. A power of two, so a slot's base is a shift. */
export const RECORD_BYTES = 128;

/**
 * Byte offsets in a record. Numbers are in the machine's own byte order (both threads run on one
 * machine) and are aligned to their size. Addresses are 16 bytes in network order; an IPv4 address
 * is IPv4-mapped (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), so one comparison serves both.
 */
export const Field = {
  /** f64, microseconds since 1970-01-01 UTC, whole (nanosecond captures are cut, not rounded). */
  TimeUs: 0,
  /** 16 bytes. ARP: the sender's protocol address. */
  Source: 8,
  /** 16 bytes. ARP: the target's protocol address. */
  Destination: 24,
  /** u16. TCP, UDP, SCTP; 0 otherwise. */
  SourcePort: 40,
  /** u16. TCP, UDP, SCTP; 0 otherwise. */
  DestinationPort: 42,
  /** u32. TCP sequence number; SCTP verification tag; ICMP echo: identifier << 16 | sequence; ICMP error: the first 4 bytes after the ports of the packet inside (TCP sequence number). */
  Sequence: 44,
  /** u32. Bits of `Quirk`. */
  Quirks: 48,
  /** u16. TCP window as sent (not scaled). */
  Window: 52,
  /** u16. IPv4 identification; IPv6: the low 16 bits of a fragment's identification, else 0 (atomic fragments too). */
  IpId: 54,
  /** u8. IP protocol number, the upper-layer one (after IPv6 extension headers); 0 for ARP. */
  Protocol: 56,
  /** u8. All eight TCP flag bits (`TcpFlag`). */
  TcpFlags: 57,
  /** u8. TTL or hop limit. */
  Ttl: 58,
  /** u8. Traffic class octet (TOS). */
  TrafficClass: 59,
  /** u8. `Kind`. */
  Kind: 60,
  /** u8. 4, 6, or 0 for ARP. */
  IpVersion: 61,
  /** u8. ICMP/ICMPv6 type; SCTP: type of the first chunk; ARP: operation (1 request, 2 reply). */
  Type: 62,
  /** u8. ICMP/ICMPv6 code. */
  Code: 63,
  /** u32. TCP acknowledgement number, whether or not ACK is set; SCTP: the INIT's initiate tag. */
  Acknowledgement: 64,
  /** u32. Bytes after the transport header, from the IP length (not from what was captured). Fragmented: of the whole datagram when it is whole, else of what this fragment holds. */
  PayloadLength: 68,
  /** u32. TCP option kinds in order, one nibble each from the lowest, at most eight (`OptionNibble`). */
  OptionLayout: 72,
  /** u16. TCP MSS option, 0 when absent. */
  Mss: 76,
  /** u8. TCP window scale shift, 255 when absent. */
  WindowScale: 78,
  /** u8. TCP: bytes of the TCP header (data offset × 4), as claimed. */
  TransportHeaderLength: 79,
  /** u32. TCP timestamp value (TSval), 0 when absent. */
  TimestampValue: 80,
  /** u16. TCP urgent pointer. */
  Urgent: 84,
  /** u16. IP length: header and payload, as the IP header says (IPv6: 40 + payload length, at most 65535). */
  IpLength: 86,
  /** u16. Index of the capture interface in the source's list (a file's sections start anew). */
  Interface: 88,
  /** u16. Ports of the packet embedded in an ICMP error (`Quirk.Inner`). */
  InnerSourcePort: 90,
  InnerDestinationPort: 92,
  /** u8. Protocol of the embedded packet; 58 for IPv6 neighbour discovery, see below. */
  InnerProtocol: 94,
  /** u8. Time-to-live inside an ICMP error's embedded packet, when `Quirk.Inner`. */
  InnerTtl: 95,
  /**
   * 6 bytes. Link-layer source address (Ethernet, 802.11, FDDI, Linux cooked), 0 when it is not known.
   * `linkSourceField` says which of the two it is: all but ICMP and ICMPv6 have no use for the fields of
   * an embedded packet, and these two none for TCP's timestamp and urgent pointer.
   */
  LinkSource: 90,
  LinkSourceOfIcmp: 80,
  /**
   * 16 bytes. Addresses of the embedded packet; unspecified unless `Quirk.Inner`. IPv6 neighbour discovery
   * (ICMPv6 types 135 and 136, and `InnerProtocol` 58): who asks, and whom it asks for.
   */
  InnerSource: 96,
  InnerDestination: 112,
} as const;

/** What a record describes. */
export const Kind = {
  /** A slot never written. */
  None: 0,
  Tcp: 1,
  Udp: 2,
  Icmp: 3,
  Icmp6: 4,
  Sctp: 5,
  Arp: 6,
  /** Any other IP protocol, told by `Field.Protocol`; also a packet whose transport header is not known. */
  Ip: 7,
} as const;

/** TCP flag bits (RFC 9293 section 3.1; ECE and CWR: RFC 3168). */
export const TcpFlag = {
  Fin: 1,
  Syn: 2,
  Rst: 4,
  Psh: 8,
  Ack: 16,
  Urg: 32,
  Ece: 64,
  Cwr: 128,
} as const;

/** Bits of `Field.Quirks`. */
export const Quirk = {
  /** One fragment of a datagram. Transport fields are set only with one of the next two bits. */
  Fragment: 1 << 0,
  /** With this fragment the transport header became known: count the datagram once, here. */
  FragmentHeader: 1 << 1,
  /** With this fragment the datagram became whole: here a kernel would deliver it. */
  FragmentWhole: 1 << 2,
  /**
   * The capture ended (snaplen) before the end of the fixed transport header: later fields are 0. Where
   * it is IP that leaves no room for one, with `BadTransportLength`. Too short for ports (TCP: flags),
   * the record is a `Kind.Ip`.
   */
  Truncated: 1 << 3,
  /** The IP header's lengths contradict themselves or the length on the wire: a kernel drops it. */
  BadIpLength: 1 << 4,
  /** The transport header's own length is impossible (TCP data offset, UDP length, SCTP chunk). */
  BadTransportLength: 1 << 5,
  /** IPv4 options (RFC 791) are present; the kinds worth a name follow. */
  IpOptions: 1 << 6,
  RecordRoute: 1 << 7,
  IpTimestamp: 1 << 8,
  LooseSourceRoute: 1 << 9,
  StrictSourceRoute: 1 << 10,
  RouterAlert: 1 << 11,
  /** IPv6 extension headers other than Fragment are present (RFC 8200 section 4). */
  ExtensionHeaders: 1 << 12,
  /** IPv6 Routing header. */
  RoutingHeader: 1 << 13,
  DontFragment: 1 << 14,
  /** The IPv4 header's reserved flag ("evil bit"). */
  ReservedIpFlag: 1 << 15,
  /** The link layer says that the monitored machine sent it (Linux cooked packet type 4). */
  Outgoing: 1 << 16,
  /** Link-layer destination is a group address, or cooked packet type 1 or 2. */
  LinkMulticast: 1 << 17,
  /** Behind one or more VLAN tags. */
  Vlan: 1 << 18,
  /** One of the four reserved bits beside the TCP data offset is set. */
  TcpReserved: 1 << 19,
  /** The embedded packet of an ICMP error was decoded: the Inner fields are valid. */
  Inner: 1 << 20,
  /** The TCP option list is malformed; `OptionLayout` holds what came before. */
  BadOptions: 1 << 21,
  /** The embedded packet's ports are valid too (its protocol has ports and they were inside). */
  InnerPorts: 1 << 22,
  /**
   * A unicast IP address in a frame to a group (`LinkMulticast` is set too): Linux answers UDP and ICMP
   * in one, other systems TCP as well. Also a network's own broadcast address, which no packet tells.
   */
  UnicastInGroup: 1 << 23,
} as const;

/** Where the link-layer source address lies in a record of this `Kind`: 6 bytes from here. */
export function linkSourceField(kind: number): number {
  return kind === Kind.Icmp || kind === Kind.Icmp6 ? Field.LinkSourceOfIcmp : Field.LinkSource;
}

/** Nibbles of `Field.OptionLayout`; 0 ends the list. */
export const OptionNibble = {
  Nop: 1,
  Mss: 2,
  WindowScale: 3,
  SackPermitted: 4,
  Sack: 5,
  EndOfList: 6,
  Timestamp: 8,
  Md5: 9,
  UserTimeout: 10,
  FastOpen: 14,
  Other: 15,
} as const;

/**
 * Typed views over the memory of some records. `base` arguments elsewhere are byte offsets of a
 * record in `bytes`, always a multiple of `RECORD_BYTES`, so `u32[(base + Field.Sequence) >> 2]`.
 */
export class Records {
  readonly bytes: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  /** The words of `u32` as signed: what only compares or hashes them is faster with these. */
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  /** How many records the memory holds. */
  readonly capacity: number;

  /** `buffer` from `byteOffset` on holds `capacity` records; `byteOffset` is a multiple of 8. */
  constructor(buffer: ArrayBufferLike, byteOffset: number, capacity: number) {
    const length = capacity * RECORD_BYTES;
    this.bytes = new Uint8Array(buffer, byteOffset, length);
    this.u16 = new Uint16Array(buffer, byteOffset, length >> 1);
    this.u32 = new Uint32Array(buffer, byteOffset, length >> 2);
    this.i32 = new Int32Array(buffer, byteOffset, length >> 2);
    this.f64 = new Float64Array(buffer, byteOffset, length >> 3);
    this.capacity = capacity;
  }

  // What a detector reads, by the byte offset of the record. Numbers of 32 bits come signed.

  timeUs(base: number): number {
    return this.f64[(base + Field.TimeUs) >> 3];
  }

  /** Word index of the address in `i32`; likewise the three below. */
  sourceAt(base: number): number {
    return (base + Field.Source) >> 2;
  }

  destinationAt(base: number): number {
    return (base + Field.Destination) >> 2;
  }

  innerSourceAt(base: number): number {
    return (base + Field.InnerSource) >> 2;
  }

  innerDestinationAt(base: number): number {
    return (base + Field.InnerDestination) >> 2;
  }

  /** True when one of these bits of `Quirk` is set. */
  hasQuirk(base: number, quirks: number): boolean {
    return (this.i32[(base + Field.Quirks) >> 2] & quirks) !== 0;
  }

  protocol(base: number): number {
    return this.bytes[base + Field.Protocol];
  }

  tcpFlags(base: number): number {
    return this.bytes[base + Field.TcpFlags];
  }

  ttl(base: number): number {
    return this.bytes[base + Field.Ttl];
  }

  trafficClass(base: number): number {
    return this.bytes[base + Field.TrafficClass];
  }

  kind(base: number): number {
    return this.bytes[base + Field.Kind];
  }

  ipVersion(base: number): number {
    return this.bytes[base + Field.IpVersion];
  }

  type(base: number): number {
    return this.bytes[base + Field.Type];
  }

  code(base: number): number {
    return this.bytes[base + Field.Code];
  }

  windowScale(base: number): number {
    return this.bytes[base + Field.WindowScale];
  }

  innerTtl(base: number): number {
    return this.bytes[base + Field.InnerTtl];
  }

  innerProtocol(base: number): number {
    return this.bytes[base + Field.InnerProtocol];
  }

  transportHeaderLength(base: number): number {
    return this.bytes[base + Field.TransportHeaderLength];
  }

  sourcePort(base: number): number {
    return this.u16[(base + Field.SourcePort) >> 1];
  }

  destinationPort(base: number): number {
    return this.u16[(base + Field.DestinationPort) >> 1];
  }

  window(base: number): number {
    return this.u16[(base + Field.Window) >> 1];
  }

  ipId(base: number): number {
    return this.u16[(base + Field.IpId) >> 1];
  }

  mss(base: number): number {
    return this.u16[(base + Field.Mss) >> 1];
  }

  ipLength(base: number): number {
    return this.u16[(base + Field.IpLength) >> 1];
  }

  interface(base: number): number {
    return this.u16[(base + Field.Interface) >> 1];
  }

  innerSourcePort(base: number): number {
    return this.u16[(base + Field.InnerSourcePort) >> 1];
  }

  innerDestinationPort(base: number): number {
    return this.u16[(base + Field.InnerDestinationPort) >> 1];
  }

  sequence(base: number): number {
    return this.i32[(base + Field.Sequence) >> 2];
  }

  acknowledgement(base: number): number {
    return this.i32[(base + Field.Acknowledgement) >> 2];
  }

  payloadLength(base: number): number {
    return this.i32[(base + Field.PayloadLength) >> 2];
  }

  optionLayout(base: number): number {
    return this.i32[(base + Field.OptionLayout) >> 2];
  }

  timestampValue(base: number): number {
    return this.i32[(base + Field.TimestampValue) >> 2];
  }

  /** Records in memory of their own, for tests and tools. */
  static allocate(capacity: number): Records {
    return new Records(new ArrayBuffer(capacity * RECORD_BYTES), 0, capacity);
  }
}
