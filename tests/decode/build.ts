// Packets made field by field, for tests. Checksums are 0: no decoder looks at them.

import { parseAddress } from "../../src/address.ts";

/** Bytes from numbers and other bytes. */
export function bytes(...parts: (number | Uint8Array | readonly number[])[]): Uint8Array {
  const length = parts.reduce<number>(
    (sum, part) => sum + (typeof part === "number" ? 1 : part.length),
    0,
  );
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    if (typeof part === "number") whole[at++] = part;
    else {
      whole.set(part, at);
      at += part.length;
    }
  }
  return whole;
}

/** `count` bytes that count up from `first`. */
export function counting(count: number, first = 0): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => first + i);
}

export function u16(value: number): number[] {
  return [value >>> 8 & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}

/** Four or sixteen bytes. */
function address(text: string): Uint8Array {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new TypeError(`Not an address: ${text}`);
  return text.includes(":") ? parsed : parsed.subarray(12);
}

export function ethernet(
  payload: Uint8Array,
  type = 0x0800,
  destination: readonly number[] = [2, 0, 0, 0, 0, 1],
): Uint8Array {
  return bytes(destination, [2, 0, 0, 0, 0, 2], u16(type), payload);
}

/** A VLAN tag's payload is the tag control, a type, and the rest. */
export function vlan(payload: Uint8Array, type: number, id = 5): Uint8Array {
  return bytes(u16(id), u16(type), payload);
}

export interface Ipv4Fields {
  source?: string;
  destination?: string;
  ttl?: number;
  tos?: number;
  id?: number;
  protocol?: number;
  /** Flags and fragment offset as they stand. */
  flags?: number;
  options?: Uint8Array;
  /** Total length, when it is not the true one. */
  length?: number;
  /** Header length in words, when it is not the true one. */
  words?: number;
}

export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0);
  const header = 20 + options.length;
  return bytes(
    0x40 | (fields.words ?? header / 4),
    fields.tos ?? 0,
    u16(fields.length ?? header + payload.length),
    u16(fields.id ?? 0x1234),
    u16(fields.flags ?? 0),
    fields.ttl ?? 64,
    fields.protocol ?? 6,
    u16(0),
    address(fields.source ?? "198.51.100.7"),
    address(fields.destination ?? "192.0.2.1"),
    options,
    payload,
  );
}

export interface Ipv6Fields {
  source?: string;
  destination?: string;
  hopLimit?: number;
  trafficClass?: number;
  next?: number;
  /** Payload length, when it is not the true one. */
  length?: number;
}

export function ipv6(payload: Uint8Array, fields: Ipv6Fields = {}): Uint8Array {
  const trafficClass = fields.trafficClass ?? 0;
  return bytes(
    u32((6 << 28 | trafficClass << 20 | 0xabcde) >>> 0),
    u16(fields.length ?? payload.length),
    fields.next ?? 6,
    fields.hopLimit ?? 64,
    address(fields.source ?? "2001:db8::7"),
    address(fields.destination ?? "2001:db8::1"),
    payload,
  );
}

/** IPv6's Fragment header before `payload`. */
export function fragmentHeader(
  payload: Uint8Array,
  next: number,
  offset: number,
  more: boolean,
  id: number,
): Uint8Array {
  return bytes(next, 0, u16(offset | (more ? 1 : 0)), u32(id), payload);
}

export interface TcpFields {
  sourcePort?: number;
  destinationPort?: number;
  sequence?: number;
  acknowledgement?: number;
  flags?: number;
  reserved?: number;
  window?: number;
  urgent?: number;
  options?: Uint8Array;
  /** Data offset in words, when it is not the true one. */
  words?: number;
  payload?: Uint8Array;
}

export function tcp(fields: TcpFields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0);
  const words = fields.words ?? Math.ceil((20 + options.length) / 4);
  return bytes(
    u16(fields.sourcePort ?? 40000),
    u16(fields.destinationPort ?? 80),
    u32(fields.sequence ?? 0xfedcba98),
    u32(fields.acknowledgement ?? 0x89abcdef),
    words << 4 | (fields.reserved ?? 0),
    fields.flags ?? 2,
    u16(fields.window ?? 1024),
    u16(0),
    u16(fields.urgent ?? 0),
    options,
    new Uint8Array(Math.ceil(options.length / 4) * 4 - options.length),
    fields.payload ?? new Uint8Array(0),
  );
}

export function udp(
  payload: Uint8Array,
  fields: { sourcePort?: number; destinationPort?: number; length?: number } = {},
): Uint8Array {
  return bytes(
    u16(fields.sourcePort ?? 40000),
    u16(fields.destinationPort ?? 53),
    u16(fields.length ?? 8 + payload.length),
    u16(0),
    payload,
  );
}

/** ICMP or ICMPv6: type, code, checksum, the second word, and what follows. */
export function icmp(
  type: number,
  code: number,
  word: number,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return bytes(type, code, u16(0), u32(word), payload);
}
