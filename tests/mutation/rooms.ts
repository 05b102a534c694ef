// Which tests answer for which part of the sources, and how many faults they must notice.

export interface Room {
  /** Under src/, a folder or a file. */
  sources: string[];
  /** Under tests/, folders or files. Tests on a live wire are in no room's list but that of `live`. */
  tests: string[];
  /** Of a hundred faults so many must be noticed. */
  noticed: number;
}

/** In a folder they are left out: they take a wire between namespaces, and seconds. */
export const ON_A_WIRE = /(^|\/)live_test\.ts$/;

/** What the detector says of traffic: rule by rule, of whole captures, and of the attacks. */
const DETECTOR = ["detect/scandog", "golden_test.ts", "attacks"];
const detector = (...sources: string[]) => sources.map((path) => `detect/scandog/${path}`);
const room = (noticed: number, tests: string[], ...sources: string[]) => ({
  sources,
  tests,
  noticed,
});
/** What becomes of attempts: protocols and tables. */
const packets = (folder: string) => room(90, DETECTOR, ...detector(folder));
/** The judging half: from the excuse to what is told. */
const judging = (...sources: string[]) => room(85, DETECTOR, ...detector(...sources));

export const ROOMS: Record<string, Room> = {
  decode: room(90, ["decode"], "decode"),
  pcap: room(90, ["pcap"], "pcap/file"),
  // Devices: it takes root and namespaces; without them what is only seen there survives.
  live: room(
    75,
    ["pcap", "live/pcap_live_test.ts", "live/pcap_devices_test.ts"],
    "pcap/live",
  ),
  ring: room(90, ["ring"], "ring"),
  // What reads devices is seen on a wire alone.
  capture: room(75, [
    "capture",
    "pipeline_test.ts",
    "command/replay_faults_test.ts",
    "command/input_files_test.ts",
  ], "capture"),
  classic: room(90, ["detect/classic", "golden_test.ts", "differential"], "detect/classic"),
  packetlog: room(90, ["packetlog"], "packetlog"),
  observe: packets("observe"),
  table: packets("table"),
  probe: packets("probe"),
  excuse: judging("excuse"),
  weigh: judging("weigh"),
  suspect: judging("suspect"),
  shape: judging("shape"),
  scan: judging("scan"),
  judge: judging("judge.ts", "outcome_intake.ts", "outcome_report.ts", "view.ts"),
  detector: judging("detector.ts", "options.ts", "memory.ts", "sizes.ts", "clock.ts", "limits.ts"),
  beside: judging("beside"),
  account: judging("account"),
  // What the detector has in common with those that hand it records and take what it says.
  words: room(
    85,
    [...DETECTOR, "outcome_test.ts", "keyed_hash_test.ts", "used_flows_test.ts"],
    "account.ts",
    "decision.ts",
    "failure_class.ts",
    "keyed_hash.ts",
    "used_flows.ts",
  ),
  format: room(85, ["format"], "format"),
  sink: room(80, ["sink"], "sink"),
  state: room(80, ["state"], "state"),
};
