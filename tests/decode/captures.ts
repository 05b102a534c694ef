// The captures there are to try: the project's own, and the public ones that may lie in a sibling folder
// (SCANDOG_SHARED, or `shared` beside the repository).

import { gunzipSync } from "node:zlib";
import { inRepository } from "../support/paths.ts";
import { exists } from "../support/skip.ts";

const SHARED = Deno.env.get("SCANDOG_SHARED") ?? inRepository("../shared");

/** One line of the public captures' manifest. */
export interface SharedCapture {
  file: string;
  linktype: number[];
}

/** The files of `testdata`, in order. */
export function testdataCaptures(): string[] {
  const cases = inRepository("testdata/cases");
  return [...Deno.readDirSync(cases)].map((entry) => entry.name).sort().flatMap((name) =>
    ["capture.pcap", "capture.pcap.gz", "capture.pcapng", "capture.pcapng.gz"]
      .map((file) => `${cases}/${name}/${file}`).filter(exists)
  );
}

/** The public captures' paths with their link types; empty if they are not there. */
export function sharedManifest(): { path: string; linkTypes: number[] }[] {
  const folder = `${SHARED}/captures`;
  if (!exists(`${folder}/manifest.json`)) return [];
  const manifest: SharedCapture[] = JSON.parse(Deno.readTextFileSync(`${folder}/manifest.json`));
  return manifest.map(({ file, linktype }) => ({ path: `${folder}/${file}`, linkTypes: linktype }));
}

/** The public captures' paths; empty if they are not there. */
export function sharedCaptures(): string[] {
  return sharedManifest().map(({ path }) => path);
}

/** A capture's bytes, unpacked. */
export function openCapture(path: string): Uint8Array {
  const stored = Deno.readFileSync(path);
  return stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
}
