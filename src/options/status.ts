// Options for the status of a running program: its control socket, and its file of metrics.

import { FILE } from "./kinds.ts";
import type { Rows } from "./row.ts";

/** Where `scandog status` asks when no socket is named. */
export const CONTROL_DEFAULT = "/run/scandog/control";
const STATUS = "Status";

export const STATUS_OPTIONS = {
  control: {
    kind: { ...FILE, metavar: "PATH" },
    help:
      "Answers `scandog status` over this UNIX socket. Root and the group of --user may ask. Nothing can be " +
      "changed over it.",
    group: STATUS,
  },
  metricsFile: {
    kind: FILE,
    help:
      "Writes metrics for Prometheus to this file every 15 s and replaces it as a whole: for the textfile " +
      "collector of node_exporter.",
    group: STATUS,
  },
} satisfies Rows;
