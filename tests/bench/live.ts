// `deno task bench-live`: fills a wire with each kind of `LIVE_TRAFFIC`, and prints for scandog, tcpdump and the real
// scanlogd on that wire: packets that passed, those lost, and processor time per packet, of all threads and of
// each that takes part; and resident memory before and after.
//
// The first packets are dear: the engine compiles while they come. So each program is sent the same number twice:
// what the first cost it, and the next, is told apart. tcpdump is measured as anybody starts it, with whole packets,
// and with 256 bytes of each. As root; the wire and everything on it are in namespaces that vanish at the end.
// Arguments: --packets N (default 1000000), --runs N (default 3), --only KIND, --record (for README.md: then
// `deno task docs`).

import { parseArgs } from "node:util";
import { INTERFACE, type Running, Target } from "../live/target.ts";
import { LIVE_TRAFFIC } from "./live_traffic.ts";
import { medianOf, threads } from "./process.ts";
import { LIVE_KINDS, LIVE_PROGRAMS, type LiveKind, record } from "./recorded.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

/** Whose processor time the others are told in. */
const REFERENCES = ["tcpdump", "tcpdump -s 256"] as const;

/** Between the last packet and the reading of counters. */
const SETTLE_MS = 1500;

/** What one program spent on one sending, nanoseconds of processor time per packet that arrived. */
interface Cost {
  ns: number;
  /** Of its threads, dearest first. */
  threads: string;
}

interface Result {
  arrived: number;
  lost: string;
  /** Of the first packets that came, and of as many after them. */
  first: Cost;
  next: Cost;
  rssBefore: number;
  rssAfter: number;
}

function rssMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]) / 1024;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

type Name = typeof LIVE_PROGRAMS[number];

/** A program that watches, as the whole machine numbers it, and how it is ended: then it says what it lost. */
interface Watcher {
  pid(): number;
  end(): Promise<string>;
}

/** Sends to the target while one program watches. */
async function watched(kind: LiveKind, name: Name): Promise<Result> {
  let result: Result | undefined;
  await Target.with(async (target) => {
    await LIVE_TRAFFIC[kind].prepare(target, name === "scanlogd");
    const program = await START[name](target);
    await pause();
    const pid = program.pid();
    const before = target.passed(), rssBefore = rssMiB(pid);
    const first = await send(target, kind, pid), next = await send(target, kind, pid);
    const arrived = target.passed() - before, rssAfter = rssMiB(pid);
    result = { arrived, first, next, rssBefore, rssAfter, lost: await program.end() };
  });
  return result!;
}

/** Sends the traffic once, and tells what it cost the process. */
async function send(target: Target, kind: LiveKind, pid: number): Promise<Cost> {
  const before = threads(pid), passed = target.passed();
  LIVE_TRAFFIC[kind].send(target, packets);
  await pause();
  const after = threads(pid), arrived = target.passed() - passed;
  const costs = [...after].map(([id, { name, cpuMs }]) => ({
    name,
    ns: (cpuMs - (before.get(id)?.cpuMs ?? 0)) * 1e6 / arrived,
  })).sort((a, b) => b.ns - a.ns);
  return {
    ns: costs.reduce((sum, { ns }) => sum + ns, 0),
    threads: costs.filter(({ ns }) => ns >= 1).map(({ name, ns }) => `${name} ${ns.toFixed(0)}`)
      .join(", "),
  };
}

async function scandog(profile: string, target: Target): Promise<Watcher> {
  const watch = await target.startScandog(
    ["--profile", profile, "--user", "nobody", "--buffer-size", "32"],
  );
  return {
    pid: () => watch.pid,
    async end() {
      await watch.stop();
      return /lost: (.*)/.exec(watch.err)?.[1] ?? watch.err;
    },
  };
}

function tcpdump(words: string[], target: Target): Promise<Watcher> {
  const running: Running = target.start(
    ["tcpdump", "-n", "-i", INTERFACE, "-B", "32768", "-w", "/dev/null", ...words],
  );
  return Promise.resolve({
    pid: () => running.pid,
    async end() {
      await running.stop("SIGINT");
      return /(\d+ packets dropped by kernel)/.exec(running.err)?.[1] ?? running.err;
    },
  });
}

function scanlogd(target: Target): Promise<Watcher> {
  target.startScanlogd();
  return Promise.resolve({
    pid: () => target.pidOf("scanlogd"),
    end: () => Promise.resolve("not told"),
  });
}

const START: Record<Name, (target: Target) => Promise<Watcher>> = {
  scandog: (target) => scandog("scandog", target),
  "scanlogd-2": (target) => scandog("scanlogd-2", target),
  tcpdump: (target) => tcpdump([], target),
  "tcpdump -s 256": (target) => tcpdump(["-s", "256"], target),
  scanlogd,
};

/** The medians of each program. */
async function compare(kind: LiveKind) {
  console.log(LIVE_TRAFFIC[kind].words);
  const found = new Map<Name, Result[]>(LIVE_PROGRAMS.map((name) => [name, []]));
  // In turns, so that a machine whose speed changes is the same for all.
  for (let i = 0; i < runs; i++) {
    for (const name of LIVE_PROGRAMS) {
      const result = await watched(kind, name);
      console.log(row(name, result));
      found.get(name)!.push(result);
    }
  }
  const medians = (part: "first" | "next") =>
    Object.fromEntries(
      LIVE_PROGRAMS.map((name) => [
        name,
        medianOf(found.get(name)!.map((result) => result[part].ns)),
      ]),
    ) as Record<Name, number>;
  const costs = { first: medians("first"), next: medians("next") };
  for (const part of ["first", "next"] as const) {
    for (const name of LIVE_PROGRAMS) {
      const ns = costs[part][name];
      const times = REFERENCES.map((other) => `${(ns / costs[part][other]).toFixed(2)} ${other}`);
      console.log(`  ${name.padEnd(14)} the ${part}: ${ns.toFixed(0)} ns, ${times.join(", ")}`);
    }
  }
  return costs;
}

function row(name: Name, { arrived, lost, first, next, rssBefore, rssAfter }: Result): string {
  const cost = ({ ns, threads }: Cost) => `${ns.toFixed(0)} (${threads})`;
  return `  ${name.padEnd(14)} ${arrived} packets, lost: ${lost}; ns a packet: ${cost(first)}, ` +
    `then ${cost(next)}; ${rssBefore.toFixed(0)} to ${rssAfter.toFixed(0)} MiB`;
}

if (values.record && values.only !== undefined) throw new Error("--record is for all kinds");
const costs: Partial<Record<LiveKind, Awaited<ReturnType<typeof compare>>>> = {};
for (const kind of LIVE_KINDS) {
  if (values.only === undefined || values.only === kind) costs[kind] = await compare(kind);
}
if (values.record) {
  const { syns, segments, downloads } = costs;
  record(
    "live",
    { packets, runs, syns: syns!, segments: segments!, downloads: downloads! },
    "sources",
  );
}
