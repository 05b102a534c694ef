// `deno task bench`: replays captures with scandog and with the real scanlogd, in turn, and prints how many times
// as fast it is. First what a packet costs beyond the start (a capture four times as long takes so much
// longer) and what the start costs, on `mix` and `flood`; then five million packets of a server's traffic, whole
// processes; then peak memory for one and for fifty million packets, and garbage collections.
//
// By the clock both threads of a replay count once; by processor time both are added. On a busy machine believe
// the second, and the least of each more than the median.
//
// The real program is run by `scanlogd-oracle` from the optional folder beside the repository; see
// tests/differential. Arguments: --packets N (default 5000000), --runs N (default 7), --only slope, --record (what the
// sources cost a packet, for README.md: then `deno task docs`).

import { parseArgs } from "node:util";
import { MEASURED_FROM } from "./heap.ts";
import { measure, type Measured, median } from "./measure.ts";
import { scandogCommand, scanlogdCommand } from "./programs.ts";
import { COMPARED, record, type Slope } from "./recorded.ts";
import { TRAFFIC } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "5000000" },
    runs: { type: "string", default: "7" },
    folder: { type: "string", default: "build/bench" },
    only: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

/** The capture, made once: it is the same for every run with this number of packets. */
function capture(kind: keyof typeof TRAFFIC, count: number): string {
  const path = `${values.folder}/${kind}-${count}.pcap`;
  try {
    Deno.statSync(path);
  } catch {
    console.log(`making ${path}`);
    Deno.mkdirSync(values.folder, { recursive: true });
    TRAFFIC[kind](`${path}.tmp`, count);
    Deno.renameSync(`${path}.tmp`, path);
  }
  return path;
}

/** Reads the file once, so that every run finds it in the page cache. */
function warm(path: string): void {
  using file = Deno.openSync(path);
  const buffer = new Uint8Array(1 << 20);
  while (file.readSync(buffer) !== null);
}

const row = (name: string, { wallMs, rssKiB }: Measured, count: number) =>
  `  ${name.padEnd(22)} ${wallMs.toFixed(0).padStart(6)} ms  ` +
  `${(count / wallMs / 1000).toFixed(1).padStart(5)} Mpps  ${(rssKiB / 1024).toFixed(0)} MiB`;

/** Ours first. */
const PROFILES = ["scanlogd-2", "scandog"] as const;
const MODES = ["raw", "pcap"] as const;

/** How many times as fast as `theirs` each run of ours was: smallest, median and largest. */
function ratios(theirs: Measured[], ours: Measured[]): string {
  const all = theirs.map((result, i) => result.wallMs / ours[i].wallMs).sort((a, b) => a - b);
  return [all[0], all[all.length >> 1], all.at(-1)!].map((ratio) => ratio.toFixed(2)).join(" / ");
}

async function compare(kind: keyof typeof TRAFFIC): Promise<void> {
  const path = capture(kind, packets);
  warm(path);
  const found = new Map<string, Measured[]>();
  for (let i = 0; i <= runs; i++) {
    const round: [string, string[] | undefined][] = [
      ...PROFILES.map((profile): [string, string[]] => [
        profile,
        scandogCommand(["--profile", profile, "--quiet", path]),
      ]),
      ...MODES.map((mode): [string, string[] | undefined] => [mode, scanlogdCommand(path, mode)]),
    ];
    for (const [name, command] of round) {
      if (command === undefined) continue;
      const result = await measure(command);
      // The first round warms caches and is not counted.
      if (i > 0) found.set(name, [...found.get(name) ?? [], result]);
    }
  }
  console.log(`${kind}: ${packets} packets, ${runs} runs, medians`);
  for (const profile of PROFILES) {
    console.log(row(`scandog (${profile})`, median(found.get(profile)!), packets));
  }
  const [raw, pcap] = MODES.map((mode) => found.get(mode));
  if (raw === undefined || pcap === undefined) {
    console.log("  the real scanlogd is not here to compare with");
    return;
  }
  for (const mode of MODES) {
    console.log(row(`scanlogd (${mode})`, median(found.get(mode)!), packets));
  }
  const lines = ([first]: Measured[]) => first.lines.join("\n");
  const same = lines(found.get("scanlogd-2")!) === lines(raw);
  console.log(`  scanlogd-2: the same lines: ${same ? "yes" : "NO"}`);
  const faster = median(raw).wallMs < median(pcap).wallMs ? raw : pcap;
  for (const profile of PROFILES) {
    const times = ratios(faster, found.get(profile)!);
    console.log(`  ${profile}: times as fast as its faster mode: ${times} (min/median/max)`);
  }
}

/** What one program needed, by run: the capture once, and one of four times as many packets. */
interface Pair {
  once: Measured[];
  four: Measured[];
}

/** Nanoseconds a packet, and milliseconds of start: of the least times, and of the medians. */
function slopeOf({ once, four }: Pair, of: "wallMs" | "cpuMs", pick: (times: number[]) => number) {
  const short = pick(once.map((run) => run[of])), long = pick(four.map((run) => run[of]));
  const ns = (long - short) / (3 * packets) * 1e6;
  return { ns, startMs: short - ns * packets / 1e6 };
}

const least = (times: number[]) => Math.min(...times);
const middle = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** Prints slope and start of each program, and how many times as fast as the real one ours is; returns what was found. */
async function slope(kind: "mix" | "flood"): Promise<Map<string, Pair>> {
  const paths = [capture(kind, packets), capture(kind, 4 * packets)];
  paths.forEach(warm);
  const commands = (path: string): [string, string[] | undefined][] => [
    ...PROFILES.map((profile): [string, string[]] => [
      profile,
      scandogCommand(["--profile", profile, "--quiet", path]),
    ]),
    ["scanlogd", scanlogdCommand(path, "raw")],
  ];
  const found = new Map<string, Pair>();
  for (let run = 0; run <= runs; run++) {
    for (const [i, path] of paths.entries()) {
      for (const [name, command] of commands(path)) {
        if (command === undefined) continue;
        const result = await measure(command);
        if (run === 0) continue;
        const pair = found.get(name) ?? { once: [], four: [] };
        (i === 0 ? pair.once : pair.four).push(result);
        found.set(name, pair);
      }
    }
  }
  console.log(`${kind}: ${packets} and ${4 * packets} packets, ${runs} runs, least (median)`);
  const real = found.get("scanlogd");
  for (const [name, pair] of found) {
    const shown = (["wallMs", "cpuMs"] as const).map((of) => {
      const [low, mid] = [least, middle].map((pick) => slopeOf(pair, of, pick));
      const times = real === undefined || pair === real
        ? ""
        : [least, middle].map((pick) =>
          (slopeOf(real, of, pick).ns / slopeOf(pair, of, pick).ns).toFixed(2)
        );
      return `${of === "wallMs" ? "clock" : "processor"} ${low.ns.toFixed(0)} (${
        mid.ns.toFixed(0)
      }) ns a packet, start ${low.startMs.toFixed(0)} ms` +
        (times === "" ? "" : `, ${times[0]} (${times[1]}) times as fast`);
    });
    console.log(`  ${name.padEnd(10)} ${shown.join("; ")}`);
  }
  return found;
}

/** The medians, for README.md. */
function recordSlopes(mix: Map<string, Pair>, flood: Map<string, Pair>): void {
  const medians = (found: Map<string, Pair>) => {
    const pairs = COMPARED.map((name) => {
      const pair = found.get(name);
      if (pair === undefined) throw new Error(`--record needs the real scanlogd to compare with`);
      const { ns, startMs } = slopeOf(pair, "wallMs", middle);
      return [name, { ns, cpuNs: slopeOf(pair, "cpuMs", middle).ns, startMs }];
    });
    return Object.fromEntries(pairs) as Record<typeof COMPARED[number], Slope>;
  };
  record(
    "slope",
    {
      deno: Deno.version.deno,
      cores: navigator.hardwareConcurrency,
      packets,
      runs,
      mix: medians(mix),
      flood: medians(flood),
    },
    "sources",
  );
}

/** Garbage collections while packets are processed: none, if nothing is allocated for a packet. */
async function collections(kind: keyof typeof TRAFFIC): Promise<void> {
  const program = new URL("./heap.ts", import.meta.url).pathname;
  const flags = ["run", "--quiet", "--no-check", "--allow-read", "--v8-flags=--trace-gc"];
  const { lines } = await measure([Deno.execPath(), ...flags, program, capture(kind, packets)]);
  const after = lines.slice(lines.indexOf(MEASURED_FROM) + 1);
  const count = after.filter((line) => /Scavenge|Mark-Compact|Minor/.test(line)).length;
  const measured = after.find((line) => line.endsWith(" packets"));
  console.log(`garbage collections, ${kind}: ${count} in ${measured}`);
}

async function memory(): Promise<void> {
  console.log("peak memory, flood of forged sources through a pipe");
  for (const count of [1_000_000, 50_000_000]) {
    const { rssKiB } = await measure(
      scandogCommand(["--profile", "scanlogd-2", "--quiet", "-"]),
      capturePipe(count),
    );
    console.log(`  ${count} packets: ${(rssKiB / 1024).toFixed(1)} MiB`);
  }
}

/** A command that writes the flood to its standard output. */
function capturePipe(count: number): string[] {
  const program = new URL("./write_flood.ts", import.meta.url).pathname;
  return [Deno.execPath(), "run", "--quiet", "--allow-all", program, `${count}`];
}

const mix = await slope("mix"), flood = await slope("flood");
if (values.record) recordSlopes(mix, flood);
if (values.only !== "slope") {
  await compare("ordinary");
  for (const kind of ["ordinary", "flood"] as const) {
    await collections(kind);
  }
  await memory();
}
