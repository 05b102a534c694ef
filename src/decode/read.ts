// Numbers in network byte order at any offset. The caller has checked the bounds.

/** Two bytes, most significant first. */
export function u16At(bytes: Uint8Array, at: number): number {
  return bytes[at] << 8 | bytes[at + 1];
}

/** Four bytes, most significant first. */
export function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]) >>> 0;
}
