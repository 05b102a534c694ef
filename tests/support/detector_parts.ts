// The parts of src/detect/scandog and the directions between them, in the order in which an outcome goes through
// them. What is allowed is written here once, after .github/adr/0024-one-model-of-the-detector.md.

/** What each part may import besides itself; a part is a folder, or a file that lies directly in the room. */
export const PART_MAY_IMPORT: Record<string, string[]> = {
  // Numbers of probes: classes of targets, techniques, distances. Knows nothing that is kept.
  probe: [],
  clock: [],
  // Thresholds of evidence, in one chapter.
  limits: [],
  // What is kept, and the accessors of it.
  table: ["probe", "clock", "limits"],
  // The account is only told: its interface is known wherever something is decided. Its other end, what
  // `explain` makes of it, knows the codes of shapes and what a scan is.
  account: ["probe", "table", "shape", "scan", "detector", "options"],
  options: ["account"],
  // Tables of `beside` take their share of memory too.
  sizes: ["table", "beside"],
  memory: ["table", "clock", "options", "sizes", "account"],
  view: ["memory", "table"],
  // From packets to outcomes. It calls nobody who decides, and so needs none of the parts below.
  observe: ["memory", "view", "probe", "table", "clock"],
  // A second look asks what is soft, and FTP data what clients commonly fail at: both are classes of failures.
  excuse: ["memory", "view", "probe", "table", "clock", "limits", "weigh"],
  weigh: ["memory", "options", "probe", "table"],
  // Pure: counters in, thresholds out. Of tables only the widths of networks.
  shape: ["limits", "table"],
  // One story: a scan is told with its tool, with what it learned, and with signs of a zombie.
  scan: ["memory", "view", "probe", "table", "limits", "beside"],
  // Visit, misuse, tool, flood: read outcomes, decide nothing about scans. Of `scan` they know what a scan is,
  // and how suppressed alerts are said.
  beside: ["memory", "probe", "table", "clock", "scan"],
  // Who answers for it. What excuses a source's FTP data and its first failures needs the source.
  suspect: ["memory", "view", "probe", "table", "limits", "excuse", "weigh", "shape", "scan"],
  // The judging half, its two doors for outcomes as plain data, and the whole.
  outcome_report: ["memory", "probe", "table"],
  judge: [
    "memory",
    "view",
    "probe",
    "table",
    "excuse",
    "suspect",
    "scan",
    "beside",
    "outcome_report",
  ],
  outcome_intake: ["memory", "view", "options", "probe", "table", "judge", "outcome_report"],
  detector: ["memory", "view", "options", "clock", "table", "observe", "judge", "beside"],
};

/**
 * Where records are read: observing, and what is told of packets that belong to no attempt. All else runs on
 * outcomes alone.
 */
export const READS_RECORDS = [
  "observe/",
  "beside/misuse/",
  "beside/zombie_signs.ts",
  "detector.ts",
  "account/explainer.ts",
];

/** Constructor parameters: what is common comes in one object, and at most four parts of one's own. */
export const CONSTRUCTOR_PARAMETERS_MAX = 5;
