// How much is written to standard output at once. Knows bytes and newlines.
//
// On a stream that does not block, the runtime says only that it is full, not how much of a write went
// through before: what is written again comes twice, and that again and again. What the kernel takes whole or not at all, up to
// PIPE_BUF bytes (pipe(7)), is safe, if it also ends with a line: the runtime holds back the rest of one.

import { isOutputNonBlocking } from "../system/stream.ts";

/** PIPE_BUF of Linux. More than the runtime's own buffer for lines, which it goes past then. */
export const ATOMIC_BYTES = 4096;

/** Bytes that may be written to standard output at once. */
export function pieceBytesMax(): number {
  return isOutputNonBlocking() ? ATOMIC_BYTES : Infinity;
}

/** The piece of `bytes` from `at` on that is written next: whole lines where one fits. */
export function nextPiece(bytes: Uint8Array, at: number, bytesMax: number): Uint8Array {
  if (bytes.length - at <= bytesMax) return bytes.subarray(at);
  const newline = bytes.subarray(at, at + bytesMax).lastIndexOf(0x0a);
  return bytes.subarray(at, at + (newline < 0 ? bytesMax : newline + 1));
}
