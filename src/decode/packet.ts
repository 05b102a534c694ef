// The packet being decoded: where its bytes are, which record it fills, what was noted so far. One
// object for all packets; the layers hand it on. Knows the record, and no wire format.

import { Field, Quirk, type Records } from "../record.ts";
import { Unread } from "./unread.ts";

/** The four bytes as a number in the machine's own order, for one store instead of four. */
function word(...bytes: [number, number, number, number]): number {
  return new Uint32Array(Uint8Array.from(bytes).buffer)[0];
}

/** The machine's own order, which `copyIpv6` reads in so as to keep the bytes as they are. */
const LITTLE_ENDIAN = word(1, 0, 0, 0) === 1;
/** Bytes 8 to 11 of an IPv4-mapped address. */
const MAPPED = word(0, 0, 0xff, 0xff);
/** MSS, window scale and TCP header length of a packet without them (shift 255 says: no option). */
const NO_OPTIONS = word(0, 0, 0xff, 0);

/** Values of `network` that are no EtherType (those are above 1500). */
export const NETWORK_BY_VERSION = 0;

/** Limits from `params.ts` (`PATH`). */
export interface DecodeLimits {
  /** IPv6 extension headers followed in one packet. */
  extensionHeaders: number;
  /** Bits of `Tunnel`: the packets inside these are decoded instead of them. */
  inside?: number;
}

/** What the layers share while one packet is decoded. */
export class Packet {
  /** The memory that holds the packet, and more: only up to `end` may be read. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same memory, to read several bytes at once. */
  view: DataView = new DataView(this.bytes.buffer);
  /** Where the captured bytes end. */
  end = 0;
  /** Where the packet ended on the wire: past `end` when the capture cut it. */
  wireEnd = 0;
  /** Byte offset of the record to fill. */
  base = 0;
  /** Bits of `Quirk` noted so far. */
  quirks = 0;
  /** Set by the link layer: the EtherType of what it carries, or `NETWORK_BY_VERSION`. */
  network = 0;
  /** Set by the link layer: where that begins. */
  at = 0;
  /** Set by the link layer: where the sender's 6-byte address is; -1 when it has none. */
  linkSource = -1;
  /** It was copied into a tunnel, and perhaps cut there: its own lengths may reach beyond the frame. */
  isCopy = false;
  /** Where a frame that gives no record is counted. */
  unread = new Unread();
  /** Set by the walk over IPv6 extension headers: the protocol after them, and where it begins. */
  upper = 0;
  upperAt = 0;
  /** Set by the IP layer: what it carries was captured in payload[payloadAt, payloadEnd). */
  payload: Uint8Array = this.bytes;
  payloadAt = 0;
  payloadEnd = 0;
  /** Bytes of it by the IP header: not less than captured. */
  payloadLength = 0;
  /** That length is not the whole datagram's, so lengths inside are not held against it. */
  isPartial = false;

  declare readonly record: Uint8Array;
  declare readonly u16: Uint16Array;
  declare readonly u32: Uint32Array;
  declare readonly f64: Float64Array;
  declare readonly limits: DecodeLimits;
  declare readonly counters: Float64Array;

  constructor(records: Records, limits: DecodeLimits, counters: Float64Array) {
    this.limits = limits;
    this.counters = counters;

    this.record = records.bytes;
    this.u16 = records.u16;
    this.u32 = records.u32;
    this.f64 = records.f64;
  }

  /**
   * Begins a packet captured in bytes[start, end): clears its record (all but the time, which is
   * there, and the embedded packet's addresses), then writes the interface.
   */
  open(
    start: number,
    end: number,
    wireLength: number,
    interfaceIndex: number,
    base: number,
  ): void {
    this.end = end;
    this.wireEnd = start + wireLength;
    this.base = base;
    this.quirks = 0;
    this.linkSource = -1;
    this.isCopy = false;
    this.network = NETWORK_BY_VERSION;
    const f64 = this.f64, at = base >> 3;
    f64[at + 1] = 0;
    f64[at + 2] = 0;
    f64[at + 3] = 0;
    f64[at + 4] = 0;
    f64[at + 5] = 0;
    f64[at + 6] = 0;
    f64[at + 7] = 0;
    f64[at + 8] = 0;
    f64[at + 9] = 0;
    f64[at + 10] = 0;
    f64[at + 11] = 0;
    this.u32[(base + Field.Mss) >> 2] = NO_OPTIONS;
    this.u16[(base + Field.Interface) >> 1] = interfaceIndex;
  }

  /** Says where the payload is: `length` bytes long by the IP header, captured in bytes[at, end). */
  setPayload(bytes: Uint8Array, at: number, end: number, length: number, partial: boolean): void {
    this.payload = bytes;
    this.payloadAt = at;
    this.payloadEnd = end;
    this.payloadLength = length;
    this.isPartial = partial;
  }

  /** The packet ends at `end` on the wire: what comes after it is a trailer. */
  cutAt(end: number): void {
    if (end < this.wireEnd) this.wireEnd = end;
    if (end < this.end) this.end = end;
  }

  /** The last `count` bytes on the wire are no part of it. */
  cutTail(count: number): void {
    this.cutAt(this.wireEnd - count);
  }

  /** Writes an IPv4 address, four bytes from `from`, as IPv4-mapped into the 16 bytes at `field`. */
  putIpv4(field: number, bytes: Uint8Array, from: number): void {
    const record = this.record, at = this.base + field;
    this.f64[at >> 3] = 0;
    this.u32[(at + 8) >> 2] = MAPPED;
    record[at + 12] = bytes[from];
    record[at + 13] = bytes[from + 1];
    record[at + 14] = bytes[from + 2];
    record[at + 15] = bytes[from + 3];
  }

  /** Writes the sender's link-layer address, if there is one, into the 6 bytes at `field`. */
  putLinkSource(field: number): void {
    const { bytes, record, linkSource } = this, at = this.base + field;
    if (linkSource < 0) return;
    for (let i = 0; i < 6; i++) record[at + i] = bytes[linkSource + i];
  }

  /** Copies the address at one field of the record to another. */
  copyWithin(to: number, from: number): void {
    const { record, base } = this;
    record.copyWithin(base + to, base + from, base + from + 16);
  }

  /** Writes an IPv6 address, 16 bytes from `from`, at `field`. */
  putIpv6(field: number, bytes: Uint8Array, from: number): void {
    const record = this.record, at = this.base + field;
    for (let i = 0; i < 16; i++) record[at + i] = bytes[from + i];
  }

  /** As `putIpv6` from the packet's own bytes, four at a time. */
  copyIpv6(field: number, from: number): void {
    const { u32, view } = this, at = (this.base + field) >> 2;
    u32[at] = view.getUint32(from, LITTLE_ENDIAN);
    u32[at + 1] = view.getUint32(from + 4, LITTLE_ENDIAN);
    u32[at + 2] = view.getUint32(from + 8, LITTLE_ENDIAN);
    u32[at + 3] = view.getUint32(from + 12, LITTLE_ENDIAN);
  }

  putU8(field: number, value: number): void {
    this.record[this.base + field] = value;
  }

  putU16(field: number, value: number): void {
    this.u16[(this.base + field) >> 1] = value;
  }

  putU32(field: number, value: number): void {
    this.u32[(this.base + field) >> 2] = value;
  }
}

/**
 * Notes that a fixed transport header of `needed` bytes was not captured whole; and where the IP
 * header's own length leaves no room for it, that the length is impossible.
 */
export function noteShort(packet: Packet, needed: number): void {
  packet.quirks |= packet.payloadLength < needed && !packet.isPartial
    ? Quirk.Truncated | Quirk.BadTransportLength
    : Quirk.Truncated;
}
