// Which of its settings a run of `scandog log` follows. The configuration file may be the daemon's: keys in it that
// do not apply to this run are ignored, as a replay does. On the command line such an option is a fault.

import { interfaceFaults } from "../../options/capture.ts";
import type { LOG_OPTIONS, LogValues } from "../../options/log.ts";
import type { Fault, Settings } from "../../options/settings.ts";
import { sinkFaults } from "../../options/sinks.ts";
import { diagnosticsFaults } from "../diagnostics.ts";

export type LogSettings = Settings<typeof LOG_OPTIONS>;

/** Less than this would not hold what is written at once. */
const ROTATE_MIB_MIN = 1;

/** Where the daemon writes. Of a file that is read, lines are printed unless a log is asked for. */
const LOGS = ["logFile", "syslog", "journald", "raw", "dir"] as const;

/** What is wrong with the values together. */
export function logFaults({ values, origins }: LogSettings): Fault[] {
  const given = (key: keyof typeof LOG_OPTIONS) => origins[key].from === "command line";
  const found: Fault[] = [...diagnosticsFaults(values), ...sinkFaults({ values, origins })];
  if (values.read === undefined && values.interface === undefined) {
    found.push({ reason: "one of --interface (-i) and --read (-r) is needed", missing: true });
  }
  if (values.read !== undefined && given("interface")) {
    found.push({ reason: "--interface and --read are alternatives: give one" });
  }
  if (values.read === undefined) found.push(...interfaceFaults(values.interface ?? []));
  if (values.summary && values.read === undefined) {
    found.push({ key: "summary", reason: "is of a file: give --read" });
  }
  if (values.report && (values.summary || values.format === "json" && given("format"))) {
    found.push({ key: "report", reason: "goes with neither --summary nor --format json" });
  }
  if (values.read !== undefined && given("filter")) {
    found.push({
      key: "filter",
      reason: "is for live capture; here: tcpdump -r FILE -w - EXPR | scandog log -r -",
    });
  }
  if (values.chroot !== undefined && given("chroot") && writesFiles(values)) {
    found.push({ key: "chroot", reason: "hides the files that must be rotated" });
  }
  const { rotateSize = 0 } = values;
  if (rotateSize > 0 && rotateSize < ROTATE_MIB_MIN) {
    found.push({ key: "rotateSize", reason: `must be 0 or at least ${ROTATE_MIB_MIN}` });
  }
  if (values.raw !== undefined && values.dir !== undefined && given("raw") === given("dir")) {
    found.push({ key: "raw", reason: "and --dir are alternatives: give one" });
  }
  return found;
}

/** The values in effect, and a message for each ignored setting on which somebody may rely. */
export function logValues({ values, origins }: LogSettings): {
  values: LogValues;
  notices: string[];
} {
  const given = (key: keyof typeof LOG_OPTIONS) => origins[key].from === "command line";
  const taken: LogValues = { ...values };
  const notices: string[] = [];
  const passOver = (key: typeof LOGS[number] | "chroot") => {
    if (key === "journald") taken.journald = false;
    else taken[key] = undefined;
  };
  if (values.read !== undefined) {
    for (const key of LOGS) if (!given(key)) passOver(key);
    passOver("chroot");
  }
  if (taken.raw !== undefined && taken.dir !== undefined) passOver(given("raw") ? "dir" : "raw");
  if (taken.chroot !== undefined && writesFiles(taken)) {
    passOver("chroot");
    notices.push("chroot is ignored: files must be in reach to be rotated");
  }
  // Its blocks are for people.
  if (taken.report) taken.format = "text";
  return { values: taken, notices };
}

/** Are there other logs than standard output? */
export function writesElsewhere({ syslog, journald, ...values }: LogValues): boolean {
  return syslog !== undefined || journald || writesFiles(values);
}

function writesFiles({ raw, dir, logFile }: Pick<LogValues, "raw" | "dir" | "logFile">): boolean {
  return (raw ?? dir ?? logFile) !== undefined;
}
