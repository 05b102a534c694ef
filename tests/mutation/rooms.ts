// Which tests answer for which part of the sources, and how many faults they must notice.

export interface Room {
  /** Under src/, a folder or a file. */
  sources: string[];
  /** Under tests/, the quickest first: the first that fails ends the run. */
  tests: string[];
  /** Of a hundred faults so many must be noticed. */
  noticed: number;
}

export const ROOMS: Record<string, Room> = {
  decode: { sources: ["decode"], tests: ["decode"], noticed: 90 },
  pcap: { sources: ["pcap/file"], tests: ["pcap"], noticed: 90 },
  // Devices: it takes root and namespaces; without them what is only seen there survives.
  live: {
    sources: ["pcap/live"],
    tests: ["pcap", "live/pcap_live_test.ts", "live/pcap_devices_test.ts"],
    noticed: 75,
  },
  ring: { sources: ["ring"], tests: ["ring"], noticed: 90 },
  classic: {
    sources: ["detect/classic"],
    tests: ["detect/classic", "golden_test.ts", "differential"],
    noticed: 90,
  },
  packetlog: { sources: ["packetlog"], tests: ["packetlog"], noticed: 90 },
  // What becomes of attempts: protocols and tables.
  observe: {
    sources: ["detect/scandog/observe", "detect/scandog/table", "detect/scandog/probe"],
    tests: ["detect/scandog", "golden_test.ts", "attacks"],
    noticed: 90,
  },
  // The judging half: from the excuse to what is told.
  judge: {
    sources: [
      "detect/scandog/excuse",
      "detect/scandog/weigh",
      "detect/scandog/suspect",
      "detect/scandog/shape",
      "detect/scandog/scan",
      "detect/scandog/judge.ts",
      "detect/scandog/outcome_intake.ts",
      "detect/scandog/outcome_report.ts",
      "detect/scandog/view.ts",
    ],
    tests: ["detect/scandog", "golden_test.ts", "attacks"],
    noticed: 85,
  },
  beside: {
    sources: ["detect/scandog/beside", "detect/scandog/account"],
    tests: ["detect/scandog/beside", "detect/scandog/account", "golden_test.ts"],
    noticed: 85,
  },
  format: { sources: ["format"], tests: ["format"], noticed: 85 },
  sink: { sources: ["sink"], tests: ["sink"], noticed: 80 },
  state: { sources: ["state"], tests: ["state"], noticed: 80 },
};
