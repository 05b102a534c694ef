// `deno task bench-worst`: time per packet of the scandog profile on the inputs that cost it most, as a
// multiple of that on ordinary traffic, and the real scanlogd's on the same input. Whole processes
// in turn; the time of a replay of nothing is taken off, so that it is the packets' alone.
//
// Arguments: --packets N (default 2000000), --runs N (default 5).

import { parseArgs } from "node:util";
import { measure } from "./measure.ts";
import { scandogCommand, scanlogdCommand } from "./programs.ts";
import { WORST } from "./worst_traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "2000000" },
    runs: { type: "string", default: "5" },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);
const NAMES = Object.keys(WORST) as (keyof typeof WORST)[];

const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1];

const folder = Deno.makeTempDirSync({ prefix: "scandog-bench-" });
try {
  const files = NAMES.map((name, i) => {
    const path = `${folder}/${i}.pcap`;
    WORST[name](path, packets);
    return path;
  });
  const empty = `${folder}/empty.pcap`;
  WORST.ordinary(empty, 0);
  const own = (path: string) => measure(scandogCommand(["--quiet", path]));
  const real = (path: string) => {
    const command = scanlogdCommand(path, "pcap");
    return command === undefined ? undefined : measure(command);
  };
  const ours: number[][] = NAMES.map(() => []), theirs: number[][] = NAMES.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [times, program] of [[ours, own], [theirs, real]] as const) {
      const nothing = await program(empty);
      for (const [i, path] of files.entries()) {
        const all = await program(path);
        if (nothing === undefined || all === undefined) continue;
        times[i].push((all.wallMs - nothing.wallMs) / packets * 1e6);
      }
    }
  }
  const ordinary = median(ours[0]);
  console.log(`${packets} packets, ${runs} runs, medians, nanoseconds a packet`);
  for (const [i, name] of NAMES.entries()) {
    const ns = median(ours[i]);
    const other = theirs[i].length === 0 ? "" : `   scanlogd ${median(theirs[i]).toFixed(0)}`;
    const ratio = (ns / ordinary).toFixed(2);
    console.log(`  ${name.padEnd(36)} ${ns.toFixed(0).padStart(5)}   ${ratio} of ordinary${other}`);
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
