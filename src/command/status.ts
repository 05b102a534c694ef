// `scandog status`: shows what a running `watch` sees, asked over its control socket. Knows options and streams; the
// text of a status is in `src/status`.

import { CannotRun, Exit } from "../failure.ts";
import { COLOURS, PLAIN } from "../format/ink.ts";
import { defineCommand } from "../options/command.ts";
import { FLAG } from "../options/kinds.ts";
import type { Rows } from "../options/row.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { SHARED_OPTIONS } from "../options/shared.ts";
import { CONTROL_DEFAULT, STATUS_OPTIONS } from "../options/status.ts";
import { ask } from "../status/ask.ts";
import type { Status } from "../status/status.ts";
import { ORDERS, statusLines } from "../status/status_text.ts";
import { runTop } from "../status/top.ts";
import { whenStopped } from "./stop_signals.ts";
import { writeOut } from "./terminal.ts";

const GROUP = "Status";
const ONE_RUN = "it belongs to one run";

const OPTIONS = {
  control: {
    ...STATUS_OPTIONS.control,
    help: "The socket that the running `watch` answers on.",
    default: CONTROL_DEFAULT,
  },
  watch: {
    kind: FLAG,
    help: "Shows it anew every second, as top does; keys: q ends, p pauses, s sorts.",
    group: GROUP,
    short: "w",
    default: false,
    commandLineOnly: ONE_RUN,
  },
  json: {
    kind: FLAG,
    help: "One JSON object instead of lines for people.",
    group: GROUP,
    default: false,
    commandLineOnly: ONE_RUN,
  },
  metrics: {
    kind: FLAG,
    help: "Metrics in Prometheus' text format.",
    group: GROUP,
    default: false,
    commandLineOnly: ONE_RUN,
  },
  config: SHARED_OPTIONS.config,
  printConfig: SHARED_OPTIONS.printConfig,
} satisfies Rows;

type StatusSettings = Settings<typeof OPTIONS>;

export const STATUS = defineCommand({
  name: "status",
  summary: "Tells what a running watch sees now: packets, losses, scans under way, logs.",
  notes:
    "Asks over the socket that --control of watch (or control in the configuration file) names. Exit status: " +
    "0 it answered; 1 nobody answers there, or not to this user; 2 bad usage.",
  examples: [
    ["scandog status", "what the running watch sees now"],
    ["scandog status --watch", "the same, again and again"],
  ],
  options: OPTIONS,
  check: ({ values: { watch, json, metrics } }: StatusSettings): Fault[] =>
    [watch, json, metrics].filter(Boolean).length > 1
      ? [{ reason: "--watch, --json and --metrics are three forms: choose one" }]
      : [],
  run,
});

const FRAME_MS = 1000;
/** Rows of each list where all of it is on one screen. */
const ROWS_MAX = 6;

async function run({ values }: StatusSettings): Promise<number> {
  const { control, watch, json, metrics } = values;
  if (metrics || json) {
    writeOut(await ask(control, metrics ? "metrics" : "status"));
    return Exit.Done;
  }
  const isTerminal = Deno.stdout.isTerminal();
  const ink = isTerminal && !Deno.noColor ? COLOURS : PLAIN;
  if (!watch || !isTerminal) {
    writeOut(statusLines(await statusOf(control), { ink }).join("\n"));
    return Exit.Done;
  }
  // Before the screen is taken: that nobody answers is said on the one that stays.
  await statusOf(control);
  let order = 0;
  const stopper = new AbortController();
  const forget = whenStopped(() => stopper.abort());
  await runTop({
    intervalMs: FRAME_MS,
    onKey: (key) => {
      if (key === "s") order = (order + 1) % ORDERS.length;
    },
    frame: async (width) => {
      try {
        const options = { ink, width, order: ORDERS[order], rowsMax: ROWS_MAX };
        return statusLines(await statusOf(control), options);
      } catch (error) {
        // It may be on its way back, after an update.
        if (error instanceof CannotRun) return [error.message.slice(0, width)];
        throw error;
      }
    },
  }, stopper.signal).finally(forget);
  return Exit.Done;
}

async function statusOf(path: string): Promise<Status> {
  const answer = await ask(path, "status");
  try {
    return JSON.parse(answer) as Status;
  } catch {
    throw new CannotRun(`${path}: what answers there is no scandog of this version`);
  }
}
