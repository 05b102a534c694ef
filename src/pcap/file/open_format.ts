// Tells a capture file's format by its first bytes, and says clearly when it is none. Knows where
// the formats live, not what they hold.

import { CaptureFileError } from "./capture_file_error.ts";
import type { InputWindow } from "./input_window.ts";
import { FILE_HEADER_BYTES, isPcapMagic, PcapRecords } from "./pcap_records.ts";
import { PcapngBlocks, SECTION_BYTES_MIN, SECTION_HEADER } from "./pcapng_blocks.ts";
import type { CaptureFormat } from "./step.ts";

const MAGIC_BYTES = 4;

/** First bytes, in hexadecimal, of what people give a capture program by mistake, and the remedy. */
const FOREIGN: readonly (readonly [hex: string, advice: string])[] = [
  ["1f8b", "gzip data inside gzip data: decompress it first with `gunzip -c`"],
  ["28b52ffd", "zstd data: decompress it first with `zstd -dc`"],
  ["fd377a585a", "xz data: decompress it first with `xz -dc`"],
  ["425a68", "bzip2 data: decompress it first with `bzip2 -dc`"],
  ["04224d18", "lz4 data: decompress it first with `lz4 -dc`"],
  ["504b0304", "a zip archive: unpack it first"],
  ["736e6f6f70", "a snoop capture: convert it with `editcap -F pcap`"],
  ["474d4255", "a Network Monitor capture: convert it with `editcap -F pcap`"],
  ["1c0001ac", "an Ixia hardware capture: convert it with `editcap -F pcap`"],
  ["ac01001c", "an Ixia hardware capture: convert it with `editcap -F pcap`"],
  ["1c0001ab", "an Ixia software capture: convert it with `editcap -F pcap`"],
  ["ab01001c", "an Ixia software capture: convert it with `editcap -F pcap`"],
  ["a12b3c4d", "a Navtel capture, which libpcap does not read either: write it anew as pcap"],
  ["4d3c2ba1", "a Navtel capture, which libpcap does not read either: write it anew as pcap"],
  ["a1b234cd", "a capture in Mesquita's format, which libpcap does not read either"],
  ["cd34b2a1", "a capture in Mesquita's format, which libpcap does not read either"],
  ["7b22", "JSON, which holds no packets"],
];

/**
 * The format of the file whose first bytes are in `window`, with its file header taken; null while
 * more bytes are needed. Throws `CaptureFileError` for an empty file, one that is cut in its
 * header, and one that is no capture. `cutToSnapshot` as in `CaptureReaderOptions`.
 */
export function openFormat(
  name: string,
  window: InputWindow,
  cutToSnapshot: boolean,
): CaptureFormat | null {
  const { view, at, limit } = window;
  const have = limit - at;
  if (have < FILE_HEADER_BYTES && !window.ended) return null;
  if (have === 0) {
    throw new CaptureFileError(name, "the file is empty, capture again", 0);
  }
  if (have < MAGIC_BYTES) {
    throw new CaptureFileError(name, `a file of ${have} bytes is no capture, capture again`, 0);
  }
  const magic = view.getUint32(at, true);
  const little = isPcapMagic(magic);
  if (little || isPcapMagic(view.getUint32(at, false))) {
    if (have < FILE_HEADER_BYTES) throw cutHeader(name, "pcap", have, FILE_HEADER_BYTES);
    return new PcapRecords(name, window, little, cutToSnapshot);
  }
  if (magic === SECTION_HEADER) {
    if (have < FILE_HEADER_BYTES) throw cutHeader(name, "pcapng", have, SECTION_BYTES_MIN);
    return new PcapngBlocks(name, window);
  }
  throw noCapture(name, window.bytes.subarray(at, Math.min(limit, at + 8)));
}

function cutHeader(name: string, format: string, have: number, need: number): CaptureFileError {
  const reason = `${format} file cut in its header, ${have} of ${need} bytes there, capture again`;
  return new CaptureFileError(name, reason, have);
}

function noCapture(name: string, first: Uint8Array): CaptureFileError {
  const hex = Array.from(first, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const foreign = FOREIGN.find(([magic]) => hex.startsWith(magic));
  const reason = foreign !== undefined
    ? `not a pcap or pcapng file but ${foreign[1]}`
    : `not a capture file: pcap or pcapng is needed, or gzip or zstd of these; this begins with ${hex}`;
  return new CaptureFileError(name, reason, 0);
}
