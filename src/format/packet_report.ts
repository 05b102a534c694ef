// The detailed report: every header field of a packet, one block for each, as Perro's `ipretperro`
// gave it. Knows the wire formats of RFC 791, 8200, 9293, 768, 792, 4443 and 9260 as far as to name
// their fields; trusts no length in them. For reading, not for speed.

import { boundedHex, headerLines } from "./packet_headers.ts";
import { printable } from "./printable.ts";
import { dateTime, type Zone } from "./zone.ts";

/** Room for one block: every part of it is bounded, whatever a sender makes of its headers. */
export const REPORT_BYTES_MAX = 32768;

/** Bytes of the packet that are shown; the rest is counted. */
const DUMP_BYTES_MAX = 256;
const DUMP_BYTES = 16;

export interface ReportedPacket {
  timeUs: number;
  /** 0 to 999, below the microsecond. */
  nanos: number;
  interface: string;
  /** LINKTYPE_ value. */
  linkType: number;
  wireLength: number;
  bytes: Uint8Array;
  /** Where the network header begins; negative when there is none. */
  network: number;
}

/** Writes blocks into a buffer, one after another. */
export class PacketReport {
  private readonly encoder = new TextEncoder();
  private count = 0;

  constructor(private readonly buffer: Uint8Array, private readonly zone: Zone) {}

  /** Writes one block at `at`; `REPORT_BYTES_MAX` must be free. Gives where it ends. */
  write(packet: ReportedPacket, at: number): number {
    this.count++;
    const text = `${this.lines(packet).join("\n")}\n\n`;
    const { written } = this.encoder.encodeInto(text, this.buffer.subarray(at));
    return at + written;
  }

  private lines(packet: ReportedPacket): string[] {
    const { timeUs, nanos, bytes, wireLength, linkType, network } = packet;
    const below = Math.floor(timeUs) - Math.floor(timeUs / 1e3) * 1e3;
    const time = dateTime(timeUs, this.zone) + `${below}`.padStart(3, "0") +
      `${nanos}`.padStart(3, "0");
    const lines = [
      `packet ${this.count}: ${time} on ${printable(packet.interface)}`,
      `  frame: ${wireLength} bytes on the wire, ${bytes.length} captured, link type ${linkType}`,
    ];
    if (network > 0) {
      lines.push(`  link header: ${network} bytes: ${boundedHex(bytes, 0, network)}`);
    }
    if (network >= 0) lines.push(...headerLines(bytes, network).map((line) => `  ${line}`));
    lines.push(...dump(bytes).map((line) => `  ${line}`));
    return lines;
  }
}

/** `0x0000: 4500 003c ... E..<` */
function dump(bytes: Uint8Array): string[] {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, DUMP_BYTES_MAX); at += DUMP_BYTES) {
    const part = bytes.subarray(at, Math.min(at + DUMP_BYTES, DUMP_BYTES_MAX));
    const pairs = boundedHex(part, 0, part.length).replace(/(.{4})(?=.)/g, "$1 ").padEnd(39);
    const text = Array.from(
      part,
      (byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
    ).join("");
    lines.push(`0x${at.toString(16).padStart(4, "0")}: ${pairs}  ${text}`);
  }
  if (bytes.length > DUMP_BYTES_MAX) lines.push(`(${bytes.length - DUMP_BYTES_MAX} bytes more)`);
  return lines;
}
