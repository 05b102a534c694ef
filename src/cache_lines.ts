// Where large memory begins, against lines of the processor's cache. A leaf: knows bytes only.
//
// V8 takes large buffers from the C library, which puts 16 bytes of its own before them: what is meant to fill
// one line lies in two, and what is meant to fill two in three. So here 48 more are passed over. Where memory
// begins elsewhere (small buffers, memory that was used before, other systems) nothing is lost but these.

/** Bytes of one line on every processor that Deno runs on but some of Apple's, where two such are one. */
export const LINE_BYTES = 64;
/** Bytes passed over, so that what follows begins with a line. */
export const LINE_OFFSET = 48;

/** `count` words of zeros that begin with a line. */
export function wordsInLines(count: number): Int32Array<ArrayBuffer> {
  return new Int32Array(new ArrayBuffer(LINE_OFFSET + count * 4), LINE_OFFSET, count);
}

/** The bytes of these words. */
export function bytesOf(words: Int32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** These words two by two, as doubles. */
export function doublesOf(words: Int32Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  return new Float64Array(words.buffer, words.byteOffset, words.byteLength >> 3);
}
