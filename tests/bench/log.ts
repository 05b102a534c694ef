// `deno run -A tests/bench/log.ts`: logs every packet of two captures as text to a file, with scandog
// and with `tcpdump -nn -r`, in turn, and prints the ratio of whole-process wall times.
//
// tcpdump remembers every address and every TCP connection it prints, in lists that it searches from
// the front: with many of them it takes seconds for each ten thousand packets. `--limit SECONDS` ends
// it then, and the ratio is a lower bound. Arguments: --packets N (default 5000000), --runs N (3),
// --limit SECONDS (600), --folder FOLDER of the captures.

import { parseArgs } from "node:util";
import { scandogWords } from "../support/scandog.ts";
import { TRAFFIC } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "5000000" },
    runs: { type: "string", default: "3" },
    limit: { type: "string", default: "600" },
    folder: { type: "string", default: "build/bench" },
  },
});
const packets = Number(values.packets), runs = Number(values.runs), limit = Number(values.limit);

/** The capture, made once: it is the same for every run with this number of packets. */
function capture(kind: keyof typeof TRAFFIC): string {
  const path = `${values.folder}/${kind}-${packets}.pcap`;
  try {
    Deno.statSync(path);
  } catch {
    console.log(`making ${path}`);
    Deno.mkdirSync(values.folder, { recursive: true });
    TRAFFIC[kind](`${path}.tmp`, packets);
    Deno.renameSync(`${path}.tmp`, path);
  }
  return path;
}

interface Taken {
  ms: number;
  /** It was ended at the limit. */
  ended: boolean;
  bytes: number;
}

/** Runs a command with its standard output in a file. */
async function timed(command: string[], into: string): Promise<Taken> {
  const words = command.map((word) => `'${word}'`).join(" ");
  const started = performance.now();
  const { code } = await new Deno.Command("timeout", {
    args: [`${limit}`, "sh", "-c", `${words} > '${into}'`],
    stderr: "null",
  }).output();
  const ms = performance.now() - started;
  const TIMED_OUT = 124;
  if (code !== 0 && code !== TIMED_OUT) throw new Error(`${words}: exit status ${code}`);
  const { size } = Deno.statSync(into);
  Deno.removeSync(into);
  return { ms, ended: code === TIMED_OUT, bytes: size };
}

const middle = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

function row(name: string, taken: Taken[]): string {
  const ms = middle(taken.map(({ ms }) => ms));
  const end = taken.some(({ ended }) => ended) ? " (ended at the limit)" : "";
  const rate = (packets / ms / 1000).toFixed(2);
  return `  ${name.padEnd(8)} ${ms.toFixed(0).padStart(7)} ms ${rate.padStart(6)} Mpps, ` +
    `${(taken[0].bytes / 1e6).toFixed(0)} MB of text${end}`;
}

for (const kind of ["ordinary", "flood"] as const) {
  const path = capture(kind), into = `${values.folder}/log.txt`;
  const ours = scandogWords(["log", "-r", path, "-f", "all", "--quiet"], ["-A", "--no-check"]);
  const theirs = ["tcpdump", "-nn", "-r", path];
  const found: { ours: Taken[]; theirs: Taken[] } = { ours: [], theirs: [] };
  for (let i = 0; i < runs; i++) {
    found.ours.push(await timed(ours, into));
    // What is ended once would be ended again.
    if (!found.theirs.some(({ ended }) => ended)) found.theirs.push(await timed(theirs, into));
  }
  const ratio = middle(found.theirs.map(({ ms }) => ms)) / middle(found.ours.map(({ ms }) => ms));
  console.log(`${kind}: every one of ${packets} packets as text to a file, median of ${runs}`);
  console.log(row("scandog", found.ours));
  console.log(row("tcpdump", found.theirs));
  const atLeast = found.theirs.some(({ ended }) => ended) ? "at least " : "";
  console.log(`  scandog is faster by: ${atLeast}${ratio.toFixed(2)}`);
}
