// What benchmarks measured last, kept beside them for README.md. Each writes its own part with --record; nothing here
// measures.

import { inRepository } from "../support/paths.ts";

const FILE = inRepository("tests/bench/recorded.json");

/** What one program needs for a packet, beyond its start: medians. */
export interface Slope {
  /** By the clock. */
  ns: number;
  /** By processor time, of all threads. */
  cpuNs: number;
  /** By the clock, what is left for no packets. */
  startMs: number;
}

/** The programs that are compared, the real one first. */
export const COMPARED = ["scanlogd", "scanlogd-2", "scandog"] as const;
type Slopes = Record<typeof COMPARED[number], Slope>;

/** The programs that watch a wire, and the kinds of traffic on it (`live_traffic.ts`). */
export const LIVE_PROGRAMS = [
  "scandog",
  "scanlogd-2",
  "tcpdump",
  "tcpdump -s 256",
  "scanlogd",
] as const;
export const LIVE_KINDS = ["syns", "segments", "downloads"] as const;
export type LiveKind = typeof LIVE_KINDS[number];
/** Nanoseconds of processor time per packet: of those that came first, and of as many after them. */
type LiveCost = Record<"first" | "next", Record<typeof LIVE_PROGRAMS[number], number>>;

export interface Recorded {
  /** `bench`: captures of `packets` packets, and of four times as many. */
  slope: {
    of: string;
    deno: string;
    cores: number;
    packets: number;
    runs: number;
    mix: Slopes;
    flood: Slopes;
  };
  /** `bench-live`: on a wire that is filled. */
  live: { of: string; packets: number; runs: number } & Record<LiveKind, LiveCost>;
  /** `bench-worst`: an ordinary packet, and those of the costliest traffic that was found. */
  worst: {
    of: string;
    packets: number;
    runs: number;
    ordinaryNs: number;
    found: { name: string; ns: number; perSecond: number }[];
  };
  /** `bench-idle`: of each second in which nothing came. */
  idle: { of: string; mib: number; cpuMs: number; wakeUps: number };
  /** `bench-memory`: after so many SYNs, each from another source. */
  flood: { of: string; packets: number; mib: number };
  /** `bench-start`: whole processes on one small capture, medians. */
  start: { of: string; replayMs: number; classicMs: number };
}

export function recorded(): Recorded {
  return JSON.parse(Deno.readTextFileSync(FILE));
}

/** What the binary says that was measured, or which commit the sources were of. Throws where that cannot be said. */
function measured(of: "binary" | "sources"): string {
  if (of === "sources") return `sources (${sourcesCommit()})`;
  const binary = Deno.env.get("SCANDOG_BINARY");
  if (binary === undefined) throw new Error("--record is for a binary: SCANDOG_BINARY names it");
  return output(binary, "--version");
}

function sourcesCommit(): string {
  if (output("git", "status", "--porcelain", "main.ts", "src") !== "") {
    throw new Error("--record is for sources that are committed");
  }
  // The last that changed them: benchmarks and documents come after.
  return output("git", "log", "-1", "--format=%h %cs", "--", "main.ts", "src");
}

function output(program: string, ...args: string[]): string {
  const { stdout } = new Deno.Command(program, { args, cwd: inRepository(".") }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

/** Replaces one part by what was measured now, of the binary or of these sources, to three digits. */
export function record<K extends keyof Recorded>(
  part: K,
  figures: Omit<Recorded[K], "of">,
  of: "binary" | "sources" = "binary",
): void {
  const all = { ...recorded(), [part]: { of: measured(of), ...figures } };
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(3)) : value;
  Deno.writeTextFileSync(FILE, `${JSON.stringify(all, rounded, 2)}\n`);
}

/** In README.md: how it was measured, and a row for each capture. */
export function slopeTable({ slope }: Recorded): string {
  const { packets, runs, deno, cores } = slope;
  const row = (words: string, slopes: Slopes) => {
    const cells = COMPARED.map((name) => slopeCell(slopes[name], slopes.scanlogd));
    return `| ${words} | ${cells.join(" | ")} |`;
  };
  return `A packet costs this by the clock, after the\n` +
    `start (in brackets: ratio by processor time); medians of ${runs} runs of ${
      packets / 1e6
    } and ` +
    `${4 * packets / 1e6} million packets, Deno ${deno}, ${cores} cores:\n\n` +
    "| | scanlogd 2.2.8 | `--profile scanlogd-2` | `--profile scandog` |\n|---|---|---|---|\n" +
    `${row("many scans in a server's busy traffic", slope.mix)}\n` +
    `${row("SYNs from random forged sources", slope.flood)}\n`;
}

/** `110 ns after 0.60 s, 0.59 times as fast (0.49)`; without the times for the real program itself. */
function slopeCell(ours: Slope, real: Slope): string {
  const cost = `${ours.ns.toFixed(0)} ns after ${(ours.startMs / 1000).toFixed(2)} s`;
  if (ours === real) return cost;
  const times = (of: "ns" | "cpuNs") => (real[of] / ours[of]).toPrecision(2);
  return `${cost}, ${times("ns")} times as fast (${times("cpuNs")})`;
}

/** The sentence in README.md. */
export function costSentence({ idle, flood, start }: Recorded): string {
  return `A \`watch\` that nothing\ncomes to takes ${idle.mib.toFixed(0)} MiB, ` +
    `${idle.cpuMs.toFixed(1)} ms of a processor and ${
      idle.wakeUps.toFixed(0)
    } wake-ups a second, ` +
    `and ${flood.mib.toFixed(0)} MiB after ${
      (flood.packets / 1e6).toFixed(0)
    } million forged sources;\n` +
    `a small capture ${start.replayMs.toFixed(0)} ms, ${
      start.classicMs.toFixed(0)
    } as scanlogd-2 ` +
    `(\`bench-idle\`, \`bench-memory\`, \`bench-start\`).`;
}

/** Packets a second from which on traffic is a flood. */
const FLOOD = 100_000;

/** The sentences in README.md. */
export function worstSentence({ worst: { ordinaryNs, found } }: Recorded): string {
  const costliest = (isFlood: boolean) => {
    const all = found.filter(({ perSecond }) => perSecond >= FLOOD === isFlood);
    const [most] = all.toSorted((a, b) => b.ns * b.perSecond - a.ns * a.perSecond);
    return {
      percent: (most.ns * most.perSecond / 1e7).toFixed(0),
      perSecond: most.perSecond.toLocaleString("en"),
      times: (Math.max(...all.map(({ ns }) => ns)) / ordinaryNs).toFixed(0),
    };
  };
  const flood = costliest(true), slower = costliest(false);
  return `Of the costliest\ntraffic that a search found, a packet of a flood costs up to ${flood.times} times an ` +
    `ordinary one (${flood.percent} % of a processor at ${flood.perSecond} a second), of slower traffic up to ` +
    `${slower.times} times (at most ${slower.percent} %; \`bench-worst\`).`;
}

/** The sentence in README.md. */
export function liveSentence({ live }: Recorded): string {
  const times = (kind: LiveKind, name: "scandog" | "scanlogd", part: "first" | "next") =>
    (live[kind][part][name] / live[kind][part].tcpdump).toPrecision(2);
  const both = (kind: LiveKind) =>
    `${times(kind, "scandog", "first")}, then ${times(kind, "scandog", "next")}`;
  return `Live, the first million packets and the next cost so many times\n` +
    `tcpdump's: forged SYNs ${both("syns")} (scanlogd ${times("syns", "scanlogd", "next")}), ` +
    `small segments ${both("segments")}, downloads ${both("downloads")} (\`bench-live\`).`;
}
