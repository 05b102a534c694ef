// The first packets of a capture file, for a look before the replay. Knows files and the decoder; what
// is wrong with a file is for the replay to say.

import { FileInput } from "../capture/file_input.ts";
import { Decoder, isLinkTypeKnown } from "../decode/decoder.ts";
import { CaptureFileError } from "../pcap/capture_file_error.ts";
import { CaptureReader } from "../pcap/reader.ts";
import { Step } from "../pcap/step.ts";
import { defaults, PATH } from "../params.ts";
import { RECORD_BYTES, Records } from "../record.ts";

/** So many are looked at. */
export const FIRST_PACKETS = 4096;
/** And so many bytes read: a file may hold much that is no packet. */
const BYTES_MAX = 8 << 20;
/** Enough for fragments among so few packets; the decoder takes this memory at start. */
const DATAGRAMS = 64;

/**
 * Decodes up to `FIRST_PACKETS` packets of a file. None of what is no plain file: it could not be
 * read a second time.
 */
export function firstPackets(name: string, seed: number): { records: Records; count: number } {
  const records = Records.allocate(FIRST_PACKETS);
  const nothing = { records, count: 0 };
  if (!isPlainFile(name)) return nothing;
  const input = FileInput.open(name);
  if (typeof input === "string") return nothing;
  const options = { ...defaults(PATH), fragmentDatagrams: DATAGRAMS, seed };
  const decoder = new Decoder(records, options);
  const reader = new CaptureReader(name);
  let count = 0, read = 0;
  try {
    for (let seen = 0; seen < FIRST_PACKETS && read < BYTES_MAX;) {
      const step = reader.next();
      if (step === Step.End) break;
      if (step === Step.NeedBytes) {
        const piece = input.read(reader.space());
        reader.filled(piece);
        read += piece;
        continue;
      }
      seen++;
      if (!isLinkTypeKnown(reader.linkType)) continue;
      const { bytes, start, end, wireLength, timeUs, linkType, interface: device } = reader;
      const base = count * RECORD_BYTES;
      if (decoder.decode(bytes, start, end, wireLength, timeUs, linkType, device, base) === 0) {
        count++;
      }
    }
  } catch (error) {
    // A mistake of ours is not the file's. Damage, or a read that fails, leaves what came before.
    const isFiles = error instanceof CaptureFileError;
    if (!isFiles && (error instanceof TypeError || error instanceof RangeError)) throw error;
  } finally {
    input.close();
  }
  return { records, count };
}

function isPlainFile(name: string): boolean {
  try {
    return name !== "-" && Deno.statSync(name).isFile;
  } catch {
    return false;
  }
}
