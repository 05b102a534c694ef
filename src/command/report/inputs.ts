// The files of a report: captures, or logs of events? Looks at how each begins, and names each by its digest. Knows
// nothing of what is told.

import { createHash } from "node:crypto";
import { constants, gunzipSync } from "node:zlib";
import { BadUsage, CannotRun, reasonOf } from "../../failure.ts";
import type { ReadFile } from "../../report/input.ts";

export type InputSort = "captures" | "log";

const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** pcap in both orders and both units, Kuznetzov's, and pcapng. */
const CAPTURE_MAGICS = [
  "a1b2c3d4",
  "d4c3b2a1",
  "a1b23c4d",
  "4d3cb2a1",
  "a1b2cd34",
  "34cdb2a1",
  "0a0d0d0a",
];

/** Can be read once only, so that nobody may look into it first: standard input, or another pipe. */
export function isStream(file: string): boolean {
  if (file === "-") return true;
  try {
    return !Deno.statSync(file).isFile;
  } catch {
    return false; // Whoever opens it says why it cannot be.
  }
}

/**
 * What all files are; streams are taken for captures. Throws `BadUsage` for a mixture, `CannotRun` for what is
 * neither.
 */
export function sortOf(files: readonly string[]): InputSort {
  const sorts = files.filter((file) => !isStream(file))
    .map((file) => ({ file, sort: sniff(file) }));
  const log = sorts.find(({ sort }) => sort === "log");
  const capture = sorts.find(({ sort }) => sort === "captures");
  if (log !== undefined && capture !== undefined) {
    throw new BadUsage([
      `${capture.file} is a capture and ${log.file} a log of events: a report is of one sort`,
    ]);
  }
  return log === undefined ? "captures" : "log";
}

/** A quiet day's log is empty. What is no text is left to the reader of captures, who says why. */
function sniff(file: string): InputSort {
  const head = unzipped(headOf(file), file);
  if (CAPTURE_MAGICS.includes(hex(head.subarray(0, 4)))) return "captures";
  if (head.includes(0)) return "captures";
  const text = new TextDecoder().decode(head);
  if (text.trim() === "" || /(^|\s)\{"/.test(text)) return "log";
  throw new CannotRun(
    `${file}: neither a capture nor a log of events: a report reads the lines of --format json`,
  );
}

function headOf(file: string): Uint8Array {
  try {
    using opened = Deno.openSync(file);
    const bytes = new Uint8Array(HEAD_BYTES);
    let length = 0;
    for (let read: number | null = 1; length < HEAD_BYTES && read !== null && read > 0;) {
      read = opened.readSync(bytes.subarray(length));
      length += read ?? 0;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    throw new CannotRun(`${file}: cannot be read: ${reasonOf(error)}`);
  }
}

function unzipped(head: Uint8Array, file: string): Uint8Array {
  if (hex(head.subarray(0, 2)) !== "1f8b") return head;
  try {
    // Only its beginning is there.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new CannotRun(`${file}: cannot be unpacked: ${(error as Error).message}`);
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Name, size and digest, as far as they can be had. */
export function described(file: string): ReadFile {
  if (file === "-") return { name: "standard input" };
  const name = file.replace(/^.*\//, "");
  // Opening a pipe anew would wait for another writer.
  if (isStream(file)) return { name };
  try {
    using opened = Deno.openSync(file);
    const hash = createHash("sha256");
    const chunk = new Uint8Array(CHUNK_BYTES);
    let bytes = 0;
    for (let read = opened.readSync(chunk); read !== null; read = opened.readSync(chunk)) {
      hash.update(chunk.subarray(0, read));
      bytes += read;
    }
    return { name, bytes, sha256: hash.digest("hex") };
  } catch {
    // Whoever reads its contents says why they cannot be read.
    return { name };
  }
}

/** SHA-256 in base 64. */
export function digest64(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
