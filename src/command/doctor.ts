// `scandog doctor`: checks whether this machine can capture, drop privileges and reach its logs, a line for each with
// the remedy. Knows the order of the checks; each check has its own file.

import { CAPTURE_OPTIONS } from "../options/capture.ts";
import { defineCommand } from "../options/command.ts";
import { userToBecome } from "./confinement.ts";
import { CONFINEMENT_OPTIONS } from "../options/confinement.ts";
import { CORRELATE_OPTIONS } from "../options/correlate.ts";
import { confinementCheck } from "./doctor/confinement.ts";
import { correlatorChecks } from "./doctor/correlator.ts";
import { fleetChecks } from "./doctor/fleet.ts";
import { fileTest, liveTest } from "./doctor/path.ts";
import { findingLines, findingsOf, isHealthy, refusalOf } from "./doctor/finding.ts";
import { sinkChecks, stateChecks } from "./doctor/sinks.ts";
import { statusChecks } from "./doctor/status.ts";
import { captureChecks, systemChecks } from "./doctor/system.ts";
import { Exit } from "../failure.ts";
import { FLEET_OPTIONS } from "../options/fleet.ts";
import { FLAG } from "../options/kinds.ts";
import type { Rows } from "../options/row.ts";
import { SHARED_OPTIONS } from "../options/shared.ts";
import { SINK_OPTIONS } from "../options/sinks.ts";
import { STATUS_OPTIONS } from "../options/status.ts";
import { writeOut } from "./terminal.ts";

const { subscribe, subscribeCredentials, subscribeCa } = CORRELATE_OPTIONS;

const OPTIONS = {
  json: {
    kind: FLAG,
    help: "One object of JSON rather than lines for people.",
    group: "Output",
    default: false,
    commandLineOnly: "it belongs to one run",
  },
  selfTest: {
    kind: FLAG,
    help: "Built-in packets through the whole path and, where capture is permitted, a real scan " +
      "of 127.0.0.2 on the loopback device. A watch that runs already tells of that scan.",
    group: "Program",
    default: true,
    commandLineOnly: "it belongs to one run",
  },
  config: SHARED_OPTIONS.config,
  state: SHARED_OPTIONS.state,
  interface: CAPTURE_OPTIONS.interface,
  libpcap: CAPTURE_OPTIONS.libpcap,
  ...CONFINEMENT_OPTIONS,
  ...SINK_OPTIONS,
  ...STATUS_OPTIONS,
  observer: SHARED_OPTIONS.observer,
  ...FLEET_OPTIONS,
  subscribe,
  subscribeCredentials,
  subscribeCa,
} satisfies Rows;

export const DOCTOR = defineCommand({
  name: "doctor",
  summary:
    "Checks whether this machine can capture, drop privileges and reach its logs: a line for each.",
  notes:
    "Checks what `watch` would use with the same options and configuration file, or with --subscribe what " +
    "`correlate` would use. In the end it gives up the privileges that these give up. Exit status: 0 no " +
    "fault; 1 a fault; 2 bad usage, also in the configuration file.",
  examples: [
    ["sudo scandog doctor", "before the service is started"],
    ["scandog doctor --json", "for a program"],
    ["sudo scandog doctor --config /etc/scandog-correlate.toml", "before a correlator is started"],
  ],
  options: OPTIONS,
  async run({ values }) {
    let user: ReturnType<typeof userToBecome>;
    // Without one, its own check says so; the logs are then judged as if for whoever runs this.
    const unknown = refusalOf(() => user = userToBecome(values));
    // Who reads what sensors publish takes no packets.
    const isCorrelator = values.subscribe !== undefined;
    const findings = await findingsOf([
      ...systemChecks(values, isCorrelator ? [] : captureChecks(values)),
      ...sinkChecks(values, user),
      ...stateChecks(values.state, user),
      ...statusChecks(values, user),
      ...fleetChecks(values, user),
      ...correlatorChecks(values),
      ...(values.selfTest && !isCorrelator
        ? [
          { name: "self-test", look: fileTest },
          { name: "live test", look: () => liveTest(values.libpcap) },
        ]
        : []),
      // Whom to become is not known then, and the check of the user has failed already.
      ...(unknown === undefined ? [confinementCheck(values, user)] : []),
    ]);
    const healthy = isHealthy(findings);
    writeOut(
      values.json ? JSON.stringify({ healthy, findings }) : findingLines(findings).join("\n"),
    );
    return healthy ? Exit.Done : Exit.CannotRun;
  },
});
