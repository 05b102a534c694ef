// Small text files written by a person or a program: read whole, up to a maximum size. Knows no format.

/** A list of 300,000 addresses to ignore has 4 MiB. */
const BYTES_MAX = 32 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/**
 * The text of a file, UTF-8 without its byte order mark. Throws what the system says, and an error for a file that goes
 * on beyond 32 MiB, as a device does that has no end.
 */
export function readSmallText(path: string, bytesMax = BYTES_MAX): string {
  using file = Deno.openSync(path);
  const decoder = new TextDecoder();
  const piece = new Uint8Array(PIECE_BYTES);
  let text = "";
  let length = 0;
  for (let count = file.readSync(piece); count !== null; count = file.readSync(piece)) {
    length += count;
    if (length > bytesMax) throw new Error(`it has more than ${bytesMax >> 20} MiB; name another`);
    text += decoder.decode(piece.subarray(0, count), { stream: true });
  }
  return text + decoder.decode();
}
