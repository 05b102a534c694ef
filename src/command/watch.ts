// `scandog watch`: the detector on live devices, until a signal. Knows the order of things at start
// (devices, logs, privileges) and what each signal means; how packets are read is the pipeline's.

import { parsePrefix } from "../address.ts";
import type { MakeDetector } from "../detector.ts";
import type { DetectorEvent } from "../event.ts";
import { kernelDirection } from "../capture/filters.ts";
import { PATH, SCANLOGD_2 } from "../params.ts";
import { type Opened, runWatch, type WatchTotals } from "../pipeline.ts";
import type { FanOut } from "../sink/fan_out.ts";
import { SystemError } from "../system/system_error.ts";
import { listenForSignals } from "../system/signals.ts";
import { CAPTURE_OPTIONS, kernelBytes } from "../options/capture.ts";
import { defineCommand } from "../options/command.ts";
import { confine, userToBecome } from "./confinement.ts";
import { CONFINEMENT_OPTIONS } from "../options/confinement.ts";
import { type Diagnostics, diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { DEFAULT_CONFIG, isRoot } from "../options/config_file.ts";
import { Directions } from "../label/direction.ts";
import { BadUsage, CannotRun, Exit } from "../failure.ts";
import { defaultFormat, hostName, makeFormat, wallClockUs } from "./formats.ts";
import { withPacketLog } from "./log/beside.ts";
import { MASK } from "../options/log.ts";
import { permittedLibraries } from "./libpcap.ts";
import { PROFILES } from "../options/profiles.ts";
import { kebab, type Rows, type ValuesOf } from "../options/row.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { SHARED_OPTIONS } from "../options/shared.ts";
import { SINK_OPTIONS } from "../options/sinks.ts";
import { lineBytesMax, LogSinks, syslogPorts } from "./log_sinks.ts";
import { statisticsLines } from "./statistics.ts";
import { foreignTunables, tunableFaults, tunableValues } from "../options/tunables.ts";
import { VisitKeeper } from "../state/visit_keeper.ts";
import { stateFaults } from "../options/shared.ts";
import { zoneOf } from "./zones.ts";

/** Live capture has a ring of its own size. */
const SHARED = Object.fromEntries(
  Object.entries(SHARED_OPTIONS).filter(([key]) => key !== "ringRecords"),
) as typeof SHARED_OPTIONS;

const OPTIONS = {
  ...CAPTURE_OPTIONS,
  ...SHARED,
  ...SINK_OPTIONS,
  ...CONFINEMENT_OPTIONS,
  logPackets: {
    kind: MASK,
    help: "Also logs every TCP packet with any of these flags, as `scandog log -f` does.",
    group: "Output",
  },
} satisfies Rows;

type WatchSettings = Settings<typeof OPTIONS>;
type WatchValues = ValuesOf<typeof OPTIONS>;

export const WATCH = defineCommand({
  name: "watch",
  summary: "Runs the detector on live devices until SIGINT or SIGTERM.",
  notes:
    "SIGHUP opens the log file anew and reads the configuration again; SIGUSR1 prints statistics. Exit status: 0 ended by a " +
    "signal; 1 a device, a log or the privileges are not as needed; 2 bad usage.",
  options: OPTIONS,
  check,
  run,
});

function check({ values, origins }: WatchSettings): Fault[] {
  const found: Fault[] = [];
  found.push(...diagnosticsFaults(values));
  if (values.interface.length > 1 && values.interface.includes("any")) {
    found.push({ key: "interface", reason: "any stands for all devices: name no other" });
  }
  const twice = values.interface.find((name, i) => values.interface.indexOf(name) < i);
  if (twice !== undefined) {
    found.push({ key: "interface", reason: `names ${JSON.stringify(twice)} twice` });
  }
  if ((values.liveRingRecords & (values.liveRingRecords - 1)) !== 0) {
    found.push({ key: "liveRingRecords", reason: "must be a power of two" });
  }
  found.push(...stateFaults(values.profile, origins.state));
  found.push(...foreignTunables(values.profile, origins));
  found.push(...tunableFaults(values.profile, tunableValues(values.profile, values)));
  return found;
}

async function run(
  { values }: WatchSettings,
  _operands: string[],
  reload: () => Promise<WatchSettings>,
): Promise<number> {
  const say = await openDiagnostics(values, "watch", () => {});
  const user = userToBecome(values);
  const ffi = permittedLibraries(values.libpcap);
  const { detector, path } = tunableValues(values.profile, values);
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  // Asked now: once privileges are given up, the host's name is not to be had.
  const host = hostName();
  const observer = values.observer ?? host;
  const state = values.profile === "scandog" ? values.state : undefined;
  const { keeper, open: openState } = await VisitKeeper.prepare(
    state,
    say,
    () => Date.now() * 1000,
  );
  /** The detector, and beside it the packet logger where that is asked for. */
  const detectorFor = async (values: WatchValues) => {
    const make = await detectorOf(values, seed, keeper);
    const { logPackets: mask, format, tz } = values;
    return mask === undefined ? make : withPacketLog(make, {
      mask,
      json: format === "json",
      context: { zone: zoneOf(tz), interfaceName: (index) => values.interface[index] },
      observer,
      hostname: host,
      lineBytesMax: lineBytesMax(values),
      seed,
      write: (line, event) => out?.write(line, event),
    });
  };
  const stopper = new AbortController();
  const logs = new LogSinks(values, say.error, () => stopper.abort());
  let format = formatOf(values, detector, seed, host);
  /** This machine's own, for directions where no other home is given. */
  let addresses: string[] = [];
  let directions = directionsOf(values, addresses);
  let replacement: MakeDetector | undefined;
  /** As of the latest reading of the configuration. */
  let settings = values;
  let out: FanOut | undefined;
  let totals: WatchTotals | undefined;
  const forget = listenForSignals({
    stop: () => stopper.abort(),
    stopAgain: () => Deno.exit(Exit.CannotRun),
    reload: () => {
      out?.reopen();
      reload().then(async ({ values: next }) => {
        for (const text of restartNeeded(values, next)) say.error(text);
        const taken = withoutSettled(values, next);
        settings = taken;
        directions = directionsOf(taken, addresses);
        format = formatOf(taken, tunableValues(taken.profile, taken).detector, seed, host);
        replacement = await detectorFor(taken);
        say.notice("the configuration was read again");
      }).catch((error) => sayKept(say, error));
    },
    statistics: () => sayStatistics(say, totals, out),
  });
  try {
    // What a wrong configuration needs on SIGHUP is loaded while files can be read.
    await import("../options/nearest.ts");
    await logs.connect(values.profile, observer).catch(asCannotRun);
    const result = await runWatch(
      {
        devices: values.interface,
        profile: values.profile,
        allPackets: values.logPackets === undefined ? undefined : kernelDirection(values.profile),
        filter: values.filter,
        promiscuous: values.promiscuous,
        snapshotBytes: values.snaplen,
        kernelBytes: kernelBytes(values.bufferSize),
        libpcap: values.libpcap,
        path: { ...path, ringRecords: values.liveRingRecords },
        seed,
        ffi,
      },
      await detectorFor(values),
      {
        onEvent: (event) => {
          const tagged = directions.tag(event);
          const line = format(tagged);
          if (line !== undefined) out?.write(line, tagged);
        },
        onOpened: (opened) => {
          const needs = needsOf(values);
          const openFiles = () => {
            out = logs.open();
            openState({ isRoot: isRoot(), owners: [0, user?.uid ?? 0] });
          };
          for (const text of confine(values, user, openFiles, needs)) say.detail(text);
          sayOpened(say, opened);
          directions = directionsOf(settings, addresses = opened.addresses);
          return Promise.resolve();
        },
        onNotice: say.notice,
        onAddresses: (changed) => {
          directions = directionsOf(settings, addresses = changed);
          say.detail(`addresses: ${addresses.join(", ")}`);
        },
        onTurn: (now) => {
          totals = now;
          keeper.turn(performance.now());
        },
        replacement: () => {
          const taken = replacement;
          replacement = undefined;
          return taken;
        },
      },
      stopper.signal,
    );
    totals = result.totals;
    for (const fault of result.faults) say.error(fault);
    if (result.faults.length > 0) return Exit.CannotRun;
    await out?.flush();
    sayStatistics(say, totals, out);
    return Exit.Done;
  } finally {
    keeper.close();
    await out?.close();
    forget();
  }
}

type Line = (event: DetectorEvent) => string | undefined;

function formatOf(
  values: WatchValues,
  detector: Record<string, number>,
  seed: number,
  host: string | undefined,
): Line {
  const { interface: devices } = values;
  return makeFormat(values.format ?? defaultFormat(values.profile), {
    tz: values.tz,
    observer: values.observer ?? host,
    hostname: host,
    lineLength: detector.lineLength ?? SCANLOGD_2.lineLength.default,
    lineBytesMax: lineBytesMax(values),
    now: wallClockUs,
    seed,
    interfaceName: (index) => devices[index],
    knownScanners: values.knownScanners,
  });
}

/** `addresses`: of the watched devices, with prefix lengths. */
function directionsOf({ home }: WatchValues, addresses: readonly string[]): Directions {
  if (home !== undefined) return new Directions(home, true);
  const own = addresses.map((text) => parsePrefix(text.replace(/[%/].*$/, "")));
  return new Directions(own.filter((prefix) => prefix !== undefined), false);
}

function detectorOf(
  values: WatchValues,
  seed: number,
  keeper: VisitKeeper,
): Promise<MakeDetector> {
  const { detector } = tunableValues(values.profile, values);
  return PROFILES[values.profile].make(detector, {
    home: values.home ?? [],
    ignore: values.ignore ?? [],
    seed,
    keepVisits: keeper.attach,
  });
}

/** Options that a running program cannot change: capture, logs and privileges are settled. */
const SETTLED = Object.keys({
  ...CAPTURE_OPTIONS,
  ...PATH,
  ...SINK_OPTIONS,
  ...CONFINEMENT_OPTIONS,
  profile: undefined,
  logPackets: undefined,
  filter: undefined,
  state: undefined,
}) as (keyof WatchValues)[];

function restartNeeded(before: WatchValues, after: WatchValues): string[] {
  return SETTLED.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${kebab(key)} has changed: that takes a restart`);
}

/** The new values, but for those that only a restart changes. Throws `BadUsage`. */
function withoutSettled(before: WatchValues, after: WatchValues): WatchValues {
  const kept = Object.fromEntries(SETTLED.map((key) => [key, before[key]]));
  const taken = { ...after, ...kept } as WatchValues;
  // The new numbers were checked for the new profile; it is the old one that goes on.
  const faults = tunableFaults(taken.profile, tunableValues(taken.profile, taken));
  if (faults.length > 0) {
    throw new BadUsage(faults.map(({ key, reason }) => key ? `${kebab(key)} ${reason}` : reason));
  }
  return taken;
}

function sayKept(say: Diagnostics, error: unknown): void {
  const faults = error instanceof BadUsage ? error.faults : [(error as Error).message];
  for (const fault of faults) say.error(fault);
  say.error("the configuration stays as it was");
}

/** What the process goes on needing once it is confined. */
function needsOf(values: WatchValues) {
  const folder = values.logFile?.replace(/[^/]*$/, "");
  // To be read again on SIGHUP.
  const config = values.config ?? DEFAULT_CONFIG;
  const lists = values.knownScanners === undefined ? [] : [values.knownScanners];
  return {
    read: values.chroot === undefined ? [config, ...lists].filter(isThere) : [],
    write: folder === undefined ? [] : [folder === "" ? "." : folder],
    ports: syslogPorts(values),
  };
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A log that cannot be used, or a library that is missing, is the place's fault. */
function asCannotRun(error: unknown): never {
  if (error instanceof SystemError) throw new CannotRun(error.message);
  throw error;
}

function sayOpened(say: Diagnostics, { devices, addresses, libpcap }: Opened): void {
  for (const { name, warnings } of devices) {
    for (const warning of warnings) say.notice(`${name}: ${warning}`);
  }
  say.notice(`watching ${devices.map(({ name }) => name).join(", ")}`);
  say.detail(`addresses: ${addresses.join(", ")}; ${libpcap}`);
}

function sayStatistics(
  say: Diagnostics,
  totals: WatchTotals | undefined,
  out: FanOut | undefined,
): void {
  if (totals === undefined || out === undefined) return say.notice("nothing was captured yet");
  for (const line of statisticsLines(totals, out.sinks)) say.notice(line);
}
