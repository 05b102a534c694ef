// `deno task bench-live`: fills a wire as fast as one core sends (trafgen), with SYNs from forged sources and with
// the data of one connection, and prints for scandog, tcpdump and the real scanlogd on that wire: packets
// sent, received, lost, and processor time per packet; and scandog's resident memory before and after.
//
// The first packets are dear: the engine compiles while they come. As root; the wire and everything on it are
// in namespaces that vanish at the end. Arguments: --packets N (default 1000000), --runs N (default 3).

import { parseArgs } from "node:util";
import { INTERFACE, type Running, SCANNER, TARGET, Target } from "../live/target.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

const SCANLOGD = "scanlogd";

/** Clock ticks a second in /proc/PID/stat. */
const TICKS = 100;
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

interface Result {
  name: string;
  sent: number;
  received: number;
  lost: string;
  nsPerPacket: number;
  rssBefore: number;
  rssAfter: number;
}

/** Processor time of all threads, in milliseconds. */
function cpuMs(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS;
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
    const cpuBefore = cpuMs(pid), rssBefore = rssMiB(pid);
    const before = target.received();
    target.scan([
      "trafgen",
      "--dev",
      "wan1",
      "--conf",
      config,
      "--num",
      `${packets}`,
      "--cpus",
      "1",
    ]);
    await pause();
    const received = target.received() - before;
    const nsPerPacket = (cpuMs(pid) - cpuBefore) * 1e6 / received;
    const rssAfter = rssMiB(pid);
    const lost = await program.end();
    result = { name, sent: packets, received, lost, nsPerPacket, rssBefore, rssAfter };
  });
  return result!;
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
  ["tcpdump -w /dev/null", tcpdump],
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
  const medians = new Map<string, number>();
  for (const [name, results] of found) {
    for (const { sent, received, lost, nsPerPacket, rssBefore, rssAfter } of results) {
      console.log(
        `  ${name.padEnd(22)} sent ${sent}, arrived ${received}, lost: ${lost}; ` +
          `${nsPerPacket.toFixed(0)} ns a packet; ${rssBefore.toFixed(0)} to ${
            rssAfter.toFixed(0)
          } MiB`,
      );
    }
    const times = results.map(({ nsPerPacket }) => nsPerPacket).sort((a, b) => a - b);
    medians.set(name, times[runs >> 1]);
  }
  const reference = medians.get("tcpdump -w /dev/null")!;
  for (const [name, ns] of medians) {
    console.log(
      `  ${name.padEnd(22)} ${(ns / reference).toFixed(2)} times tcpdump's processor time`,
    );
  }
}

for (const kind of Object.keys(TRAFFIC) as Kind[]) await compare(kind);
