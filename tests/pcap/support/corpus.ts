// The public captures in ../shared, if they are there (SCANDOG_SHARED says where else).

import { CaptureFileError } from "../../../src/pcap/file/capture_file_error.ts";
import { CaptureReader } from "../../../src/pcap/file/reader.ts";
import { Step } from "../../../src/pcap/file/step.ts";

const SHARED = Deno.env.get("SCANDOG_SHARED") ??
  new URL("../../../../shared", import.meta.url).pathname;

/** The folder of the captures. */
export const CAPTURES = `${SHARED}/captures`;

/** What the manifest says of one capture: packets are as tshark counts them. */
export interface Entry {
  file: string;
  packets: number;
  linktype: number[];
}

/** The captures' manifest, null when they are not there. */
export function readManifest(): Entry[] | null {
  try {
    return JSON.parse(Deno.readTextFileSync(`${CAPTURES}/manifest.json`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Calls `onPacket` for each packet of a capture, cut as libpcap cuts it, and returns the damage, or null. */
export function readCapture(
  file: string,
  onPacket: (reader: CaptureReader) => void,
): CaptureFileError | null {
  using input = Deno.openSync(`${CAPTURES}/${file}`);
  const reader = new CaptureReader(file, { cutToSnapshot: true });
  try {
    for (let step = reader.next(); step !== Step.End; step = reader.next()) {
      if (step === Step.Packet) onPacket(reader);
      else reader.filled(input.readSync(reader.space()) ?? 0);
    }
    return null;
  } catch (error) {
    if (error instanceof CaptureFileError) return error;
    throw error;
  }
}
