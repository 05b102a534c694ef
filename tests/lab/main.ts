// Makes testdata/cases anew: real scanners, servers and clients in network namespaces.
// `deno task testdata [--only TEXT] [--jobs N] [--list] [--wide --out FOLDER]`. Root is needed.

import { parseArgs } from "node:util";
import { CASE_GROUPS } from "./cases/mod.ts";
import { finishCapture, type Running, startCapture } from "./capture.ts";
import type { Case } from "./plan.ts";
import { delay } from "./process.ts";
import { ATTACKS, CASES, store } from "./store.ts";
import { missingPackages, toolVersions } from "./tools.ts";
import { WIDE_CASES } from "./wide.ts";
import { LAN, ROUTED, sweepUp, World } from "./world.ts";

const CASE_LIMIT_SECONDS = 180;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    jobs: { type: "string", default: "2" },
    list: { type: "boolean", default: false },
    wide: { type: "boolean", default: false },
    out: { type: "string", default: CASES },
  },
});

if (values.wide && values.out === CASES) {
  console.error("The wide set does not belong into testdata: name a folder with --out.");
  Deno.exit(2);
}
const all = values.wide ? WIDE_CASES : CASE_GROUPS.flat();
const wanted = all.filter((plan) =>
  !values.only || values.only.some((text) => plan.name.startsWith(text))
);
if (values.list) {
  for (const plan of wanted) console.log(`${plan.name}: ${plan.story}`);
  Deno.exit(0);
}

if (Deno.uid() !== 0) {
  console.error("The lab makes network namespaces: run it as root.");
  Deno.exit(1);
}
const missing = await missingPackages();
if (missing.length > 0) {
  console.error(`Missing programs. Install them with: apt-get install ${missing.join(" ")}`);
  Deno.exit(1);
}
const versions = await toolVersions();

const queue = [...wanted];
const failures: string[] = [];
await Promise.all(Array.from({ length: Number(values.jobs) }, async (_, job) => {
  for (let plan = queue.shift(); plan; plan = queue.shift()) {
    const began = Date.now();
    try {
      const names = await make(plan, `${Deno.pid}-${job}`);
      console.log(`${((Date.now() - began) / 1000).toFixed(1)} s  ${names.join(" ")}`);
    } catch (error) {
      failures.push(plan.name);
      console.error(`FAILED ${plan.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}));
console.log(
  `${wanted.length - failures.length} made, ${failures.length} failed ${failures.join(" ")}`,
);
Deno.exit(failures.length > 0 ? 1 : 0);

async function make(plan: Case, id: string): Promise<string[]> {
  await sweepUp(id);
  const base = plan.world?.hops === 0 ? LAN : ROUTED;
  const world = await World.build({ ...base, ...plan.world }, id);
  try {
    await plan.prepare?.(world);
    const running: [string, Running][] = [];
    for (const [suffix, capture] of Object.entries(plan.captures ?? { "": { at: "target" } })) {
      const name = `capture${running.length}`;
      running.push([
        suffix,
        await startCapture(world.host(capture.at), capture, world.folder, name),
      ]);
    }
    const limit = plan.limitSeconds ?? CASE_LIMIT_SECONDS;
    await Promise.race([
      plan.run(world),
      delay(limit * 1000).then(() => {
        throw new Error(`not done after ${limit} s`);
      }),
    ]);
    await delay(300);
    const names = [];
    for (const [suffix, capture] of running) {
      names.push(
        await store(
          plan,
          suffix,
          capture.plan,
          await finishCapture(capture),
          world,
          versions,
          plan.attack && values.out === CASES ? ATTACKS : values.out,
        ),
      );
    }
    return names;
  } finally {
    await world.close();
  }
}
