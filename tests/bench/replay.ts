// `deno task bench`: replays two captures of five million packets with scandog and with the real
// scanlogd, in turn, and prints the ratio of whole-process wall times; then peak memory for one and
// for fifty million packets, and heap growth per packet.
//
// The real program is run by `scanlogd-oracle` from the optional folder beside the repository; see
// tests/differential. Arguments: --packets N (default 5000000), --runs N (default 7).

import { parseArgs } from "node:util";
import { MEASURED_FROM } from "./heap.ts";
import { measure, type Measured, median } from "./measure.ts";
import { scandogCommand, scanlogdCommand } from "./programs.ts";
import { TRAFFIC } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "5000000" },
    runs: { type: "string", default: "7" },
    folder: { type: "string", default: "build/bench" },
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

async function compare(kind: keyof typeof TRAFFIC): Promise<void> {
  const path = capture(kind, packets);
  warm(path);
  const real = { raw: scanlogdCommand(path, "raw"), pcap: scanlogdCommand(path, "pcap") };
  const ours = scandogCommand(["--profile", "scanlogd-2", "--quiet", path]);
  const found: Record<string, Measured[]> = { scandog: [], raw: [], pcap: [] };
  for (let i = 0; i <= runs; i++) {
    const round: Record<string, Measured> = { scandog: await measure(ours) };
    for (const mode of ["raw", "pcap"] as const) {
      if (real[mode] !== undefined) round[mode] = await measure(real[mode]);
    }
    // The first round warms caches and is not counted.
    if (i > 0) { for (const [name, result] of Object.entries(round)) found[name].push(result); }
  }
  console.log(`${kind}: ${packets} packets, ${runs} runs, medians`);
  console.log(row("scandog", median(found.scandog), packets));
  if (found.raw.length === 0) {
    console.log("  the real scanlogd is not here to compare with");
    return;
  }
  for (const mode of ["raw", "pcap"]) {
    console.log(row(`scanlogd (${mode})`, median(found[mode]), packets));
  }
  const lines = (results: Measured[]) => results[0].lines.join("\n");
  console.log(`  the same lines: ${lines(found.scandog) === lines(found.raw) ? "yes" : "NO"}`);
  const faster = median(found.raw).wallMs < median(found.pcap).wallMs ? found.raw : found.pcap;
  const ratios = faster.map((result, i) => result.wallMs / found.scandog[i].wallMs)
    .sort((a, b) => a - b);
  const text = [ratios[0], ratios[ratios.length >> 1], ratios.at(-1)!].map((r) => r.toFixed(2));
  console.log(`  scandog is faster than its faster mode by: ${text.join(" / ")} (min/median/max)`);
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

await compare("ordinary");
await compare("flood");
for (const kind of ["ordinary", "flood"] as const) {
  await collections(kind);
}
await memory();
