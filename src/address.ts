// Addresses as 16 bytes, as text, and as prefixes. A leaf. Not for the packet path: text allocates.

/** True when the 16 bytes at `at` are IPv4-mapped (RFC 4291 section 2.5.5.2). */
export function isMapped(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}

/** The 16 bytes at `at` as text: dotted quad when IPv4-mapped, otherwise RFC 5952. */
export function formatAddress(bytes: Uint8Array, at = 0): string {
  if (isMapped(bytes, at)) {
    return `${bytes[at + 12]}.${bytes[at + 13]}.${bytes[at + 14]}.${bytes[at + 15]}`;
  }
  const groups = Array.from(
    { length: 8 },
    (_, i) => bytes[at + 2 * i] << 8 | bytes[at + 2 * i + 1],
  );
  // RFC 5952 section 4.2.3: the longest run of zero groups, the first of equals, never a single one.
  let best = -1, bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLength) [best, bestLength] = [i, j - i];
    if (j > i) i = j;
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (best < 0) return hex(groups);
  return `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

/**
 * Text to 16 bytes: dotted quad (becomes IPv4-mapped) or RFC 4291 section 2.2, including `::` and
 * an embedded dotted quad. No zone, no leading zeros in a quad. Undefined when it is not an address.
 */
export function parseAddress(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  if (!text.includes(":")) {
    if (!parseQuad(text, bytes, 12)) return undefined;
    bytes[10] = bytes[11] = 0xff;
    return bytes;
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const parts = halves.map((half) => half === "" ? [] : half.split(":"));
  const tail = parts[parts.length - 1];
  const quad = tail.at(-1)?.includes(".") ? tail.pop()! : undefined;
  const groups = parts.reduce((sum, part) => sum + part.length, 0) + (quad === undefined ? 0 : 2);
  if (halves.length === 1 ? groups !== 8 : groups > 7) return undefined;
  const put = (part: string[], at: number) =>
    part.every((group) => {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return false;
      const value = parseInt(group, 16);
      bytes[at++] = value >> 8;
      bytes[at++] = value & 0xff;
      return true;
    });
  const tailBytes = tail.length * 2 + (quad === undefined ? 0 : 4);
  if (halves.length === 2 && !put(parts[0], 0)) return undefined;
  if (!put(tail, 16 - tailBytes)) return undefined;
  if (quad !== undefined && !parseQuad(quad, bytes, 12)) return undefined;
  return bytes;
}

function parseQuad(text: string, into: Uint8Array, at: number): boolean {
  const parts = text.split(".");
  if (parts.length !== 4) return false;
  return parts.every((part, i) => {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return false;
    into[at + i] = Number(part);
    return true;
  });
}

/** A network: the address of 16 bytes, and how many of its 128 bits count (IPv4 /24 is 120). */
export interface Prefix {
  address: Uint8Array;
  bits: number;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a bare address. Host bits are cleared. Undefined when malformed. */
export function parsePrefix(text: string): Prefix | undefined {
  const [host, length, ...rest] = text.trim().split("/");
  const address = parseAddress(host);
  if (address === undefined || rest.length > 0) return undefined;
  const mapped = isMapped(address, 0) && !host.includes(":");
  let bits = 128;
  if (length !== undefined) {
    if (!/^[0-9]{1,3}$/.test(length) || Number(length) > (mapped ? 32 : 128)) return undefined;
    bits = Number(length) + (mapped ? 96 : 0);
  }
  for (let bit = bits; bit < 128; bit++) address[bit >> 3] &= ~(0x80 >> (bit & 7));
  return { address, bits };
}

/** True when the 16 bytes at `at` are inside one of the prefixes. Linear: for short lists. */
export function inPrefixes(prefixes: readonly Prefix[], bytes: Uint8Array, at: number): boolean {
  return prefixes.some(({ address, bits }) => {
    const whole = bits >> 3;
    for (let i = 0; i < whole; i++) if (bytes[at + i] !== address[i]) return false;
    const rest = bits & 7;
    return rest === 0 || ((bytes[at + whole] ^ address[whole]) & (0xff00 >> rest) & 0xff) === 0;
  });
}

/** `10.0.0.0/8`, as `parsePrefix` reads it. */
export function prefixText({ address, bits }: Prefix): string {
  const text = formatAddress(address);
  return isMapped(address, 0) && bits >= 96 ? `${text}/${bits - 96}` : `${text}/${bits}`;
}
