// The Internet checksum (RFC 1071) and the pseudo-headers that TCP and UDP put before it.

import { parseAddress } from "../../src/address.ts";
import { bytes, u32 } from "../decode/build.ts";

/** As it is written into a header whose own field is 0. */
export function internetChecksum(data: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) sum += data[i] << 8 | (data[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

const known = new Map<string, Uint8Array>();

function addressBytes(text: string): Uint8Array {
  let found = known.get(text);
  if (found === undefined) {
    const parsed = parseAddress(text);
    if (parsed === undefined) throw new TypeError(`Not an address: ${text}`);
    known.set(text, found = text.includes(":") ? parsed : parsed.subarray(12));
  }
  return found;
}

export function pseudoHeader(
  from: string,
  to: string,
  protocol: number,
  length: number,
): Uint8Array {
  const pair = [addressBytes(from), addressBytes(to)];
  return from.includes(":")
    ? bytes(...pair, u32(length), 0, 0, 0, protocol)
    : bytes(...pair, 0, protocol, length >> 8, length & 255);
}
