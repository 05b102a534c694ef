// `deno task bench-live`: fills a wire as fast as one core sends (trafgen), with SYNs from forged sources and with
// the data of one connection, and prints for scandog, tcpdump and the real scanlogd on that wire: packets
// sent, received, lost, and processor time per packet, of all threads and of each that takes part; and resident
// memory before and after.
//
// The first packets are dear: the engine compiles while they come. So each program is sent the same number twice:
// what the first cost it, and the next, is told apart. As root; the wire and everything on it are in namespaces
// that vanish at the end. Arguments: --packets N (default 1000000), --runs N (default 3), --only WORD of
// a kind of traffic.

import { parseArgs } from "node:util";
import { INTERFACE, type Running, SCANNER, TARGET, Target } from "../live/target.ts";
import { medianOf, threads } from "./process.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
    only: { type: "string", default: "" },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

const SCANLOGD = "scanlogd";
/** Whose processor time the others are told in. */
const REFERENCE = "tcpdump -w /dev/null";

/** Between the last packet and the reading of counters. */
const SETTLE_MS = 1500;

/** What is sent, in trafgen's words, after the link-layer header. */
const TRAFFIC = {
  "SYNs from forged sources": `ipv4(saddr=drnd(), daddr=${TARGET}, ttl=64), ` +
    "tcp(sport=drnd(), dport=drnd(), syn)",
  "a bulk transfer": `ipv4(saddr=${SCANNER}, daddr=${TARGET}, ttl=64), ` +
    "tcp(sport=443, dport=40000, ack, seq=dinc(1, 1000000), aseq=1000), fill('x', 1400)",
};
type Kind = keyof typeof TRAFFIC;

/** What one program spent on one sending, nanoseconds of processor time per packet that arrived. */
interface Cost {
  ns: number;
  /** Of its threads, dearest first. */
  threads: string;
}

interface Result {
  name: string;
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

/** Sends to the target while one program watches. */
async function flood(
  kind: Kind,
  name: string,
  start: (target: Target) => Promise<{ pid(): number; end(): Promise<string> }>,
): Promise<Result> {
  let result: Result | undefined;
  await Target.with(async (target) => {
    const config = `${target.folder}/flood.cfg`;
    await Deno.writeTextFile(
      config,
      `{ eth(da=${target.hardwareAddress()}), ${TRAFFIC[kind]} }\n`,
    );
    // Nobody answers: what is measured is receiving. Only scanlogd needs the address, because a raw
    // socket is given what is for this machine.
    if (name !== SCANLOGD) target.run(["ip", "addr", "flush", "dev", INTERFACE]);
    const program = await start(target);
    await pause();
    const pid = program.pid();
    const receivedBefore = target.received(), rssBefore = rssMiB(pid);
    const first = await send(target, config, pid), next = await send(target, config, pid);
    const arrived = target.received() - receivedBefore, rssAfter = rssMiB(pid);
    result = { name, arrived, first, next, rssBefore, rssAfter, lost: await program.end() };
  });
  return result!;
}

/** Sends `packets` to the target, and tells what they cost the process. */
async function send(target: Target, config: string, pid: number): Promise<Cost> {
  const before = threads(pid), received = target.received();
  target.scan(["trafgen", "--dev", "wan1", "--conf", config, "--num", `${packets}`, "--cpus", "1"]);
  await pause();
  const after = threads(pid), arrived = target.received() - received;
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

async function scandog(profile: string, target: Target) {
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

function tcpdump(target: Target) {
  const running: Running = target.start(
    ["tcpdump", "-n", "-i", INTERFACE, "-B", "32768", "-s", "256", "-w", "/dev/null"],
  );
  return Promise.resolve({
    pid: () => running.pid,
    async end() {
      await running.stop("SIGINT");
      return /(\d+ packets dropped by kernel)/.exec(running.err)?.[1] ?? running.err;
    },
  });
}

const programs: [string, Parameters<typeof flood>[2]][] = [
  ["scandog", (target) => scandog("scandog", target)],
  ["scandog (scanlogd-2)", (target) => scandog("scanlogd-2", target)],
  [REFERENCE, tcpdump],
  [SCANLOGD, (target) => {
    target.startScanlogd();
    return Promise.resolve({
      pid: () => target.pidOf("scanlogd"),
      end: () => Promise.resolve("not told"),
    });
  }],
];

async function compare(kind: Kind): Promise<void> {
  console.log(kind);
  const found = new Map<string, Result[]>(programs.map(([name]) => [name, []]));
  // In turns, so that a machine whose speed changes is the same for all.
  for (let i = 0; i < runs; i++) {
    for (const [name, start] of programs) found.get(name)!.push(await flood(kind, name, start));
  }
  for (const results of found.values()) for (const result of results) console.log(row(result));
  for (const part of ["first", "next"] as const) {
    const ns = (name: string) => medianOf(found.get(name)!.map((result) => result[part].ns));
    for (const [name] of programs) {
      console.log(
        `  ${name.padEnd(22)} the ${part} ${packets}: ${ns(name).toFixed(0)} ns a packet, ` +
          `${(ns(name) / ns(REFERENCE)).toFixed(2)} times ${REFERENCE}`,
      );
    }
  }
}

function row({ name, arrived, lost, first, next, rssBefore, rssAfter }: Result): string {
  const cost = ({ ns, threads }: Cost) => `${ns.toFixed(0)} (${threads})`;
  return `  ${name.padEnd(22)} arrived ${arrived}, lost: ${lost}; ns a packet: ${cost(first)}, ` +
    `then ${cost(next)}; ${rssBefore.toFixed(0)} to ${rssAfter.toFixed(0)} MiB`;
}

const kinds = Object.keys(TRAFFIC) as Kind[];
for (const kind of kinds.filter((kind) => kind.includes(values.only))) await compare(kind);
