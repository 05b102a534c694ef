// Lists of hosts as they are told: addresses, and in older lines ranges of them. Knows no event.

import { formatAddress, isMapped, parseAddress } from "../address.ts";

/** As many as a /20: more than a line of ours has. */
const EXPANDED_MAX = 4096;

/** Single addresses of a list; what is none, and a range that is too long, is left out. */
export function addressesOf(list: readonly string[]): string[] {
  return list.slice(0, EXPANDED_MAX).flatMap((text) => {
    const [first, last] = text.split("-").map(parseAddress);
    if (first === undefined) return [];
    if (last === undefined) return text.includes("-") ? [] : [text];
    return isMapped(first, 0) && isMapped(last, 0) ? expanded(first, last) : [];
  }).slice(0, EXPANDED_MAX);
}

function expanded(first: Uint8Array, last: Uint8Array): string[] {
  const from = new DataView(first.buffer), to = new DataView(last.buffer).getUint32(12);
  const count = to - from.getUint32(12) + 1;
  if (count < 1 || count > EXPANDED_MAX) return [];
  return Array.from({ length: count }, () => {
    const text = formatAddress(first);
    from.setUint32(12, from.getUint32(12) + 1);
    return text;
  });
}
