// `deno task bench-worst`: processor time per packet of the scandog profile on the costliest traffic that was
// found (`worst_search.ts`, recipes in `worst_recipes.json`), as a multiple of that on ordinary traffic, and the real scanlogd's on
// the same input. Whole processes in turn, user and system time of all threads. What a capture of four times as
// many packets takes longer is the packets' alone: the start, the engine's compiling, and the burst of attempts that the
// begin of a flood may cost are in both. Beside the multiple stands what of a processor the traffic takes at its own rate.
//
// Arguments: --packets N of the longer captures (default 1000000), --runs N (default 5), --record (for README.md: then
// `deno task docs`).

import { parseArgs } from "node:util";
import { measure } from "./measure.ts";
import { scandogCommand, scanlogdCommand } from "./programs.ts";
import { type Recipe, RecipeFile } from "./recipe.ts";
import { record } from "./recorded.ts";
import { worstRecipes } from "./recipes.ts";
import { writeOrdinary } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "1000000" },
    runs: { type: "string", default: "5" },
    record: { type: "boolean", default: false },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1];

interface Traffic {
  name: string;
  /** Undefined: ordinary traffic, which is as fast as it is read. */
  recipe?: Recipe;
  /** Of all packets, and of a quarter of them. */
  paths: [long: string, short: string];
  /** Milliseconds of processor time of both, by run. */
  ours: [number, number][];
  theirs: [number, number][];
}

/** Nanoseconds a packet. */
function costOf(times: [number, number][]): number {
  const [long, short] = [0, 1].map((i) => median(times.map((pair) => pair[i])));
  return (long - short) / (packets * 3 / 4) * 1e6;
}

const folder = Deno.makeTempDirSync({ prefix: "scandog-bench-" });
try {
  let made = 0;
  const traffic = (
    name: string,
    write: (path: string, packets: number) => void,
    recipe?: Recipe,
  ): Traffic => {
    const paths: [string, string] = [`${folder}/${made}.pcap`, `${folder}/${made++}-short.pcap`];
    write(paths[0], packets);
    write(paths[1], packets / 4);
    return { name, recipe, paths, ours: [], theirs: [] };
  };
  const all = [
    traffic("ordinary", writeOrdinary),
    ...worstRecipes().map(({ name, recipe }) =>
      traffic(
        name,
        (path, count) => Deno.writeFileSync(path, new RecipeFile(recipe, count).bytes),
        recipe,
      )
    ),
  ];
  const own = (path: string) => scandogCommand(["--quiet", path]);
  const real = (path: string) => scanlogdCommand(path, "pcap");
  for (let run = 0; run < runs; run++) {
    for (const one of all) {
      for (const [side, commandOf] of [["ours", own], ["theirs", real]] as const) {
        const [long, short] = one.paths.map(commandOf);
        if (long === undefined || short === undefined) continue;
        one[side].push([(await measure(long)).cpuMs, (await measure(short)).cpuMs]);
      }
    }
  }
  const ordinary = costOf(all[0].ours);
  console.log(`${packets} packets, ${runs} runs, medians of processor time, nanoseconds a packet`);
  for (const { name, recipe, ours, theirs } of all) {
    const ns = costOf(ours);
    const other = theirs.length === 0 ? "" : `   scanlogd ${costOf(theirs).toFixed(0)}`;
    const ratio = (ns / ordinary).toFixed(2);
    const share = recipe === undefined
      ? ""
      : `, ${(ns / recipe.everyUs / 10).toFixed(1)} % of a processor at ${
        Math.round(1e6 / recipe.everyUs)
      } a second`;
    console.log(
      `  ${name.padEnd(40)} ${ns.toFixed(0).padStart(5)}   ${ratio} of ordinary${share}${other}`,
    );
  }
  if (values.record) {
    const found = all.flatMap(({ name, recipe, ours }) =>
      recipe === undefined ? [] : { name, ns: costOf(ours), perSecond: 1e6 / recipe.everyUs }
    );
    record("worst", { packets, runs, ordinaryNs: ordinary, found }, "sources");
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
