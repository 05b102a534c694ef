// The fields of network and transport headers in words, one line a header. Reads only what was
// captured; a header that is cut says so. Knows wire formats; no record.

import { formatAddress } from "../address.ts";
import { MASK_NAMES } from "./flags.ts";
import { ICMP6_CODES, ICMP6_TYPES, ICMP_CODES, ICMP_TYPES, SCTP_CHUNKS } from "./packet_words.ts";

/** IPv6 headers before the upper layer that are followed. */
const EXTENSIONS_MAX = 16;
/** Bytes of a header that are shown: more than any but one made to be long has. */
const HEX_BYTES_MAX = 128;
/** SCTP chunks that are named. */
const CHUNKS_MAX = 32;

const EXTENSION_NAMES: Readonly<Record<number, string>> = {
  0: "hop-by-hop options",
  43: "routing",
  44: "fragment",
  51: "authentication",
  60: "destination options",
};

const IP_OPTION_NAMES: Readonly<Record<number, string>> = {
  7: "record-route",
  68: "timestamp",
  130: "security",
  131: "loose-source-route",
  136: "stream-id",
  137: "strict-source-route",
  148: "router-alert",
};

const TCP_OPTION_NAMES: Readonly<Record<number, string>> = {
  2: "mss",
  3: "window-scale",
  4: "sack-permitted",
  5: "sack",
  8: "timestamp",
  19: "md5",
  28: "user-timeout",
  29: "authentication",
  30: "multipath",
  34: "fast-open",
};

/** A window on bytes that reads past the end as undefined. */
class Reader {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  has(at: number, count: number): boolean {
    return at + count <= this.bytes.length;
  }

  u8(at: number): number {
    return this.view.getUint8(at);
  }

  u16(at: number): number {
    return this.view.getUint16(at);
  }

  u32(at: number): number {
    return this.view.getUint32(at);
  }

  hex(from: number, to: number): string {
    return boundedHex(this.bytes, from, to);
  }
}

/**
 * bytes[from, to) in hexadecimal, as many as there are; of more than `HEX_BYTES_MAX` the rest is
 * counted. A sender makes headers as long as it likes, and would push what follows out of its block.
 */
export function boundedHex(bytes: Uint8Array, from: number, to: number): string {
  const part = bytes.subarray(from, to);
  const digits = Array.from(
    part.subarray(0, HEX_BYTES_MAX),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
  const more = part.length - HEX_BYTES_MAX;
  return more > 0 ? `${digits}... (${more} more)` : digits;
}

/** Lines for the network header at `at`, and the transport header in it. */
export function headerLines(bytes: Uint8Array, at: number): string[] {
  const reader = new Reader(bytes);
  if (!reader.has(at, 1)) return ["no network header was captured"];
  const version = reader.u8(at) >> 4;
  if (version === 4) return ipv4(reader, at);
  if (version === 6) return ipv6(reader, at);
  return ["the network header is neither IPv4 nor IPv6"];
}

function ipv4(reader: Reader, at: number): string[] {
  if (!reader.has(at, 20)) return ["IPv4: cut"];
  const header = (reader.u8(at) & 15) * 4;
  const flags = reader.u16(at + 6);
  const offset = (flags & 0x1fff) * 8;
  const sum = header >= 20 && reader.has(at, header)
    ? checksum(reader, at, header) === 0 ? "right" : "wrong"
    : "not checked";
  const names = [
    flags & 0x8000 && "reserved",
    flags & 0x4000 && "don't fragment",
    flags & 0x2000 && "more fragments",
  ].filter(Boolean).join(", ");
  const protocol = reader.u8(at + 9);
  const lines = [
    `IPv4: version 4, header ${header} bytes, TOS 0x${hex8(reader.u8(at + 1))}, total length ` +
    `${reader.u16(at + 2)}, identification ${reader.u16(at + 4)}`,
    `IPv4: flags ${names || "none"}, fragment offset ${offset}, TTL ${reader.u8(at + 8)}, ` +
    `protocol ${protocol}, checksum 0x${hex16(reader.u16(at + 10))} (${sum})`,
    `IPv4: source ${quad(reader, at + 12)}, destination ${quad(reader, at + 16)}`,
  ];
  const end = Math.min(at + header, reader.bytes.length);
  if (header > 20) lines.push(`IPv4 options: ${options(reader, at + 20, end, IP_OPTION_NAMES)}`);
  if (offset > 0) return [...lines, "a later fragment: the transport header is in the first one"];
  return header < 20 ? lines : [...lines, ...transport(reader, protocol, at + header, 4)];
}

function ipv6(reader: Reader, at: number): string[] {
  if (!reader.has(at, 40)) return ["IPv6: cut"];
  const first = reader.u32(at);
  const lines = [
    `IPv6: version 6, traffic class 0x${hex8(first >>> 20 & 255)}, flow label ` +
    `0x${(first & 0xfffff).toString(16).padStart(5, "0")}, payload length ${reader.u16(at + 4)}`,
    `IPv6: next header ${reader.u8(at + 6)}, hop limit ${reader.u8(at + 7)}`,
    `IPv6: source ${formatAddress(reader.bytes, at + 8)}, destination ` +
    formatAddress(reader.bytes, at + 24),
  ];
  let next = reader.u8(at + 6), upper = at + 40;
  for (let i = 0; i < EXTENSIONS_MAX && next in EXTENSION_NAMES; i++) {
    const name = EXTENSION_NAMES[next];
    if (!reader.has(upper, 8)) return [...lines, `IPv6 ${name} header: cut`];
    const isFragment = next === 44;
    const units = reader.u8(upper + 1);
    const length = isFragment ? 8 : next === 51 ? (units + 2) * 4 : (units + 1) * 8;
    const word = reader.u16(upper + 2);
    lines.push(
      isFragment
        ? `IPv6 fragment header: offset ${word & 0xfff8}, ${word & 1 ? "more" : "last"}, ` +
          `identification ${reader.u32(upper + 4)}`
        : `IPv6 ${name} header: ${length} bytes: ${reader.hex(upper + 2, upper + length)}`,
    );
    next = reader.u8(upper);
    upper += length;
    if (isFragment && (word & 0xfff8) !== 0) return lines;
  }
  return [...lines, ...transport(reader, next, upper, 6)];
}

function transport(reader: Reader, protocol: number, at: number, version: number): string[] {
  switch (protocol) {
    case 6:
      return tcp(reader, at);
    case 17:
      return udp(reader, at);
    case 1:
      return icmp(reader, at, "ICMP", ICMP_TYPES, ICMP_CODES, version);
    case 58:
      return icmp(reader, at, "ICMPv6", ICMP6_TYPES, ICMP6_CODES, version);
    case 132:
      return sctp(reader, at);
    default:
      return [`protocol ${protocol}: ${Math.max(reader.bytes.length - at, 0)} bytes captured`];
  }
}

function tcp(reader: Reader, at: number): string[] {
  if (!reader.has(at, 20)) return [`TCP: cut: ${reader.hex(at, at + 20)}`];
  const header = (reader.u8(at + 12) >> 4) * 4;
  const flags = reader.u8(at + 13);
  const names = MASK_NAMES.filter((_, bit) => (flags >> bit & 1) === 1).join(" ");
  const lines = [
    `TCP: source port ${reader.u16(at)}, destination port ${reader.u16(at + 2)}, sequence ` +
    `${reader.u32(at + 4)}, acknowledgement ${reader.u32(at + 8)}`,
    `TCP: header ${header} bytes, reserved ${reader.u8(at + 12) & 15}, flags ${names || "none"}, ` +
    `window ${reader.u16(at + 14)}, checksum 0x${hex16(reader.u16(at + 16))}, urgent ` +
    `${reader.u16(at + 18)}`,
  ];
  const end = Math.min(at + header, reader.bytes.length);
  if (header > 20) lines.push(`TCP options: ${options(reader, at + 20, end, TCP_OPTION_NAMES)}`);
  return lines;
}

function udp(reader: Reader, at: number): string[] {
  if (!reader.has(at, 8)) return [`UDP: cut: ${reader.hex(at, at + 8)}`];
  return [
    `UDP: source port ${reader.u16(at)}, destination port ${reader.u16(at + 2)}, length ` +
    `${reader.u16(at + 4)}, checksum 0x${hex16(reader.u16(at + 6))}`,
  ];
}

function icmp(
  reader: Reader,
  at: number,
  name: string,
  types: Readonly<Record<number, string>>,
  codes: Readonly<Record<number, string>>,
  version: number,
): string[] {
  if (!reader.has(at, 8)) return [`${name}: cut: ${reader.hex(at, at + 8)}`];
  const type = reader.u8(at), code = reader.u8(at + 1);
  const codeName = codes[type << 8 | code];
  const lines = [
    `${name}: type ${type} (${types[type] ?? "unknown"}), code ${code}` +
    `${codeName === undefined ? "" : ` (${codeName})`}, checksum ` +
    `0x${hex16(reader.u16(at + 2))}, rest 0x${reader.hex(at + 4, at + 8)}`,
  ];
  const quotes = version === 6 ? type < 128 : [3, 4, 5, 11, 12].includes(type);
  if (!quotes || !reader.has(at + 8, 1)) return lines;
  // Of a packet inside only its own headers are told, so this ends.
  return [...lines, ...quoted(reader, at + 8).map((line) => `  about ${line}`)];
}

/** The quoted packet's addresses and ports. */
function quoted(reader: Reader, at: number): string[] {
  const version = reader.u8(at) >> 4;
  if (version === 4 && reader.has(at, 20)) {
    const upper = at + (reader.u8(at) & 15) * 4;
    const protocol = reader.u8(at + 9);
    return [
      `IPv4: source ${quad(reader, at + 12)}, destination ${quad(reader, at + 16)}, TTL ` +
      `${reader.u8(at + 8)}, protocol ${protocol}${ports(reader, upper, protocol)}`,
    ];
  }
  if (version === 6 && reader.has(at, 40)) {
    const protocol = reader.u8(at + 6);
    return [
      `IPv6: source ${formatAddress(reader.bytes, at + 8)}, destination ` +
      `${formatAddress(reader.bytes, at + 24)}, hop limit ${reader.u8(at + 7)}, next header ` +
      `${protocol}${ports(reader, at + 40, protocol)}`,
    ];
  }
  return ["a packet that is cut or no IP"];
}

function ports(reader: Reader, at: number, protocol: number): string {
  if (![6, 17, 132].includes(protocol) || !reader.has(at, 4)) return "";
  return `, source port ${reader.u16(at)}, destination port ${reader.u16(at + 2)}`;
}

function sctp(reader: Reader, at: number): string[] {
  if (!reader.has(at, 12)) return [`SCTP: cut: ${reader.hex(at, at + 12)}`];
  const lines = [
    `SCTP: source port ${reader.u16(at)}, destination port ${reader.u16(at + 2)}, verification ` +
    `tag 0x${reader.hex(at + 4, at + 8)}, checksum 0x${reader.hex(at + 8, at + 12)}`,
  ];
  for (let i = 0, chunk = at + 12; i < CHUNKS_MAX && reader.has(chunk, 4); i++) {
    const type = reader.u8(chunk), length = reader.u16(chunk + 2);
    lines.push(
      `SCTP chunk: type ${type} (${SCTP_CHUNKS[type] ?? "unknown"}), flags ` +
        `0x${hex8(reader.u8(chunk + 1))}, length ${length}`,
    );
    // Below 4 bytes the length is a lie, and the walk would not move.
    if (length < 4) break;
    chunk += (length + 3) & ~3;
  }
  return lines;
}

/** Kinds and data of options in bytes[at, end); an impossible length ends the list. */
function options(
  reader: Reader,
  at: number,
  end: number,
  names: Readonly<Record<number, string>>,
): string {
  const parts = [];
  while (at < end) {
    const kind = reader.u8(at);
    if (kind === 0) {
      parts.push("end");
      break;
    }
    if (kind === 1) {
      parts.push("nop");
      at++;
      continue;
    }
    const length = at + 1 < end ? reader.u8(at + 1) : 0;
    const name = names[kind] ?? `kind ${kind}`;
    if (length < 2 || at + length > end) {
      parts.push(`${name} with an impossible length`);
      break;
    }
    const data = reader.bytes.subarray(at + 2, at + length);
    const value = data.length === 0
      ? ""
      : data.length <= 2
      ? ` ${data.reduce((sum, byte) => sum << 8 | byte, 0)}`
      : ` 0x${reader.hex(at + 2, at + length)}`;
    parts.push(`${name}${value}`);
    at += length;
  }
  return parts.join(", ") || "none";
}

/** The Internet checksum (RFC 1071) of a header that contains it: 0 when it is right. */
function checksum(reader: Reader, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i += 2) sum += reader.u16(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function quad({ bytes }: Reader, at: number): string {
  return bytes.subarray(at, at + 4).join(".");
}

function hex8(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, "0");
}
