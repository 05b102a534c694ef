// Captures with a known truth, and how the detector does on one. For tests and for `evaluate.ts`.

import type { ScanEvent } from "../../../src/event.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { type ScandogOptions, scandogOptions } from "../../../src/detect/scandog/options.ts";
import { runCapture } from "../../support/run_capture.ts";

export interface Truth {
  name: string;
  file: string;
  label: "scan" | "benign" | "hostile";
  /** Addresses that scan: each must be named. */
  sources: string[];
  /** Addresses that may be named beside them: sources of one scan of which any one will do. */
  also: string[];
}

export interface CaseResult {
  /** Sources that were named. */
  named: string[];
  missed: string[];
  innocent: string[];
  /** One line for each event. */
  lines: string[];
}

const ROOT = new URL("../../../", import.meta.url).pathname;
const CASES = ROOT + "testdata/cases/";

/** The golden cases. */
export function testCases(): Truth[] {
  return [...Deno.readDirSync(CASES)].filter(({ isDirectory }) => isDirectory).map(({ name }) => {
    const folder = CASES + name + "/";
    const truth = JSON.parse(Deno.readTextFileSync(folder + "case.json"));
    const file = [...Deno.readDirSync(folder)].find((entry) => entry.name.startsWith("capture."));
    return {
      name,
      file: folder + (file?.name ?? "capture.pcap"),
      label: truth.label,
      sources: truth.sources,
      also: forgedScans(truth.commands),
    };
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Addresses that whole scans of their own are forged from: nothing in the packets tells. */
function forgedScans(commands: { command: string }[]): string[] {
  return commands.flatMap(({ command }) => /^hping3 .*-a (\S+) /.exec(command)?.[1] ?? []);
}

/** The folder of public captures, or undefined where there is none. */
export function publicFolder(): string | undefined {
  const shared = Deno.env.get("SCANDOG_SHARED") ?? ROOT + "../shared";
  const folder = shared + "/captures/";
  try {
    Deno.statSync(folder + "manifest.json");
    return folder;
  } catch {
    return undefined;
  }
}

/** The public captures; none where the folder is not there. */
export function publicCaptures(): Truth[] {
  const folder = publicFolder();
  if (folder === undefined) return [];
  const manifest = JSON.parse(Deno.readTextFileSync(folder + "manifest.json")) as {
    file: string;
    label: Truth["label"];
    expected?: { sources: string[] };
  }[];
  return manifest.map(({ file, label, expected }) => ({
    name: file,
    file: folder + file,
    label,
    sources: expected?.sources ?? [],
    also: [],
  }));
}

/** Runs one, with the default options but for those given. */
export function runCase(truth: Truth, options: Partial<ScandogOptions> = {}): CaseResult {
  const { events } = runCapture(
    truth.file,
    (records, emit) => new ScandogDetector(records, scandogOptions(options), emit),
  );
  const scans = events.filter((event): event is ScanEvent => "scan" in event);
  const named = [...new Set(scans.map(({ source }) => source))];
  // A scan's other sources are named too, unless they are told as forged.
  const members = scans.filter(({ sources }) => sources !== undefined && sources.forged === 0)
    .flatMap(({ sources }) => sources!.list.split(","));
  const all = [...new Set([...named, ...members])];
  return {
    named: all,
    missed: truth.sources.filter((address) => !all.includes(address)),
    innocent: all.filter((address) =>
      !truth.sources.includes(address) && !truth.also.includes(address)
    ),
    lines: events.map((event) =>
      "scan" in event ? describe(event) : `${event.action} ${JSON.stringify(event)}`
    ),
  };
}

function describe(event: ScanEvent): string {
  const { ports, hosts } = event;
  const seconds = ((event.endUs - event.startUs) / 1e6).toFixed(1);
  return `${event.action} #${event.scan} ${event.source} ${event.shape} ${event.techniques} ` +
    `${event.attempts} attempts ${seconds} s, hosts ${hosts.count} (${hosts.list.slice(0, 40)}), ` +
    `ports ${ports.count} (${ports.list.slice(0, 60)}) open ${ports.open} closed ${ports.closed} ` +
    `silent ${ports.silent}, ${event.evidence}${event.slow ? ", slow" : ""}` +
    (event.sources ? `, ${event.sources.count} sources (${event.sources.list.slice(0, 80)})` : "");
}
