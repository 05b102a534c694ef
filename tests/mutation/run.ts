// Puts one fault after the other into a copy of the sources and runs the tests of its room, the likeliest to
// notice first, until one fails: which faults do they not notice?
// `deno task mutants [--room NAME]... [--count N] [--seed N] [--minutes N] [--out FILE] [--costs FILE]`;
// FILE keeps what each test takes, by the text of its file, for the next run.
// It runs inside `deno test`, where the linter's parser is.

import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { Random } from "../support/random.ts";
import { inRepository } from "../support/paths.ts";
import { exists } from "../support/skip.ts";
import { Costs } from "./costs.ts";
import { type Mutant, mutantsOf, mutated, shown } from "./mutants.ts";
import { Plan, type Planned } from "./plan.ts";
import { ON_A_WIRE, type Room, ROOMS } from "./rooms.ts";
import { HUNG_MS, runPlan } from "./run_plan.ts";
import { SURVIVORS } from "./survivors.ts";

const { values } = parseArgs({
  options: {
    room: { type: "string", multiple: true, default: Object.keys(ROOMS) },
    count: { type: "string", default: "20" },
    seed: { type: "string", default: `${Math.floor(Date.now() / 86_400_000)}` },
    minutes: { type: "string", default: "90" },
    out: { type: "string" },
    costs: { type: "string" },
  },
});

type Verdict = "noticed" | "survived" | "no program" | "known";
interface Tried {
  room: string;
  where: string;
  fault: string;
  change: string;
  verdict: Verdict;
  /** The test that failed. */
  by?: string;
  seconds: number;
}

/** What the tests need of the repository; captures are only read, and stay where they are. */
const COPIED = ["src", "tests", ".github", "main.ts", "deno.json", "deno.lock", "README.md"];
const COPIED_IF_THERE = ["CHANGELOG.md", "LICENSE"];
const MINUTE_MS = 60_000;
/** Without a fault every test is run, and some take minutes. */
const SLOW_MS = 20 * MINUTE_MS;
/** Nineteen times of twenty, chance alone explains no worse score of a sample. */
const ONE_SIDED_95 = 1.645;

async function copyOfRepository(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-mutants-" });
  for (const name of [...COPIED, ...COPIED_IF_THERE]) {
    const { success } = await new Deno.Command("cp", {
      args: ["-a", inRepository(name), `${folder}/${name}`],
      stderr: "null",
    }).output();
    assert.ok(success || COPIED_IF_THERE.includes(name), `cannot copy ${name}`);
  }
  await Deno.symlink(inRepository("testdata"), `${folder}/testdata`);
  return folder;
}

/** The files in folders and files, in order, with their path from the repository's top. */
function filesOf(paths: readonly string[], isOne: (path: string) => boolean): string[] {
  const list = (path: string): string[] => {
    if (path.endsWith(".ts")) return [path];
    const entries = [...Deno.readDirSync(inRepository(path))];
    return entries.filter(({ name, isDirectory }) => isDirectory || isOne(`${path}/${name}`))
      .flatMap(({ name }) => list(`${path}/${name}`));
  };
  return paths.flatMap(list).sort();
}

function sourcesOf({ sources }: Room): string[] {
  return filesOf(sources.map((path) => `src/${path}`), (path) => path.endsWith(".ts"));
}

function testsOf({ tests }: Room): string[] {
  const isOne = (path: string) => path.endsWith("_test.ts") && !ON_A_WIRE.test(path);
  return filesOf(tests.map((path) => `tests/${path}`), isOne);
}

function isKnown(mutant: Mutant, change: string): boolean {
  return SURVIVORS.some(({ path, before, after }) =>
    path === mutant.path && change === `${before} -> ${after}`
  );
}

/** The faults of a room to be tried, drawn by the seed. */
function draw(room: Room, random: Random, count: number): { mutant: Mutant; source: string }[] {
  const all = sourcesOf(room).flatMap((path) => {
    const source = Deno.readTextFileSync(inRepository(path));
    return mutantsOf(path, source).map((mutant) => ({ mutant, source }));
  });
  const drawn: typeof all = [];
  while (drawn.length < count && all.length > 0) {
    drawn.push(...all.splice(random.below(all.length), 1));
  }
  return drawn;
}

function table(tried: readonly Tried[]): void {
  const rows: Record<string, Record<string, number | string>> = {};
  for (const [name, { noticed: wanted }] of Object.entries(ROOMS)) {
    const own = tried.filter(({ room }) => room === name);
    if (own.length === 0) continue;
    const count = (verdict: Verdict) => own.filter((one) => one.verdict === verdict).length;
    const [noticed, survived] = [count("noticed"), count("survived")];
    const score = Math.round(100 * noticed / Math.max(noticed + survived, 1));
    const seconds = own.reduce((sum, one) => sum + one.seconds, 0);
    rows[name] = {
      noticed,
      survived,
      known: count("known"),
      "score %": score,
      "wanted %": wanted,
      "s a fault": +(seconds / Math.max(noticed + survived, 1)).toFixed(1),
    };
  }
  console.table(rows);
}

Deno.test("single faults in the sources are noticed by the tests of their room", async () => {
  const seed = Number(values.seed), count = Number(values.count);
  const end = performance.now() + Number(values.minutes) * MINUTE_MS;
  console.log(`seed ${seed}`);
  const folder = await copyOfRepository();
  const environment = { SCANDOG_SHARED: inRepository("../shared") };
  const run = (tests: readonly Planned[], hungMs = HUNG_MS) =>
    runPlan(folder, tests, environment, hungMs);
  const costs = new Costs(values.costs && exists(values.costs) ? values.costs : undefined);
  const plans = new Map<string, Plan>();
  const planOf = async (files: string[]) => {
    const key = files.join();
    const known = plans.get(key);
    if (known !== undefined) return known;
    let plan = new Plan(await costs.of(files, (all) => run(all, SLOW_MS))), size: number;
    if (values.costs) costs.save(values.costs);
    // Some are quick only after another of their file, which is left out: each is taken as it is without.
    do {
      size = plan.size;
      const { passed, costs: alone, said } = await run(plan.order(""), SLOW_MS);
      assert.ok(passed, `tests fail without any fault: ${said}`);
      plan = new Plan(alone);
    } while (plan.size < size);
    plans.set(key, plan);
    return plan;
  };
  const tried: Tried[] = [];
  try {
    for (const [index, name] of values.room.entries()) {
      const room = ROOMS[name];
      assert.ok(room, `There is no room ${name}: ${Object.keys(ROOMS).join(", ")}`);
      const plan = await planOf(testsOf(room));
      // Each room has an equal part of the time that is left.
      const now = performance.now();
      const roomEnd = now + (end - now) / (values.room.length - index);
      console.log(`${name}: ${plan.size} quick tests`);
      for (const { mutant, source } of draw(room, new Random(seed), count)) {
        const began = performance.now();
        if (began > roomEnd) break;
        const change = shown(source, mutant), where = `${mutant.path}:${mutant.line}`;
        const say = (verdict: Verdict, by?: string) => {
          const seconds = (performance.now() - began) / 1000;
          tried.push({ room: name, where, fault: mutant.fault, change, verdict, by, seconds });
          // After each, for who ends the run.
          if (values.out) Deno.writeTextFileSync(values.out, JSON.stringify(tried, null, 1) + "\n");
        };
        if (isKnown(mutant, change)) {
          say("known");
          continue;
        }
        await Deno.writeTextFile(`${folder}/${mutant.path}`, mutated(source, mutant));
        const { passed, isProgram, noticedBy } = await run(plan.order(mutant.path));
        await Deno.writeTextFile(`${folder}/${mutant.path}`, source);
        if (noticedBy) plan.note(noticedBy);
        say(!isProgram ? "no program" : passed ? "survived" : "noticed", noticedBy?.file);
        if (passed) console.log(`survived: ${where}: ${change}`);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  table(tried);
  for (const name of values.room) {
    const own = tried.filter(({ room }) => room === name);
    const noticed = own.filter(({ verdict }) => verdict === "noticed").length;
    const all = noticed + own.filter(({ verdict }) => verdict === "survived").length;
    if (all === 0) continue;
    // A sample may be unlucky: only what chance does not explain is a fault of the tests.
    const wanted = ROOMS[name].noticed / 100;
    const least = wanted - ONE_SIDED_95 * Math.sqrt(wanted * (1 - wanted) / all);
    assert.ok(noticed / all >= least, `${name}: ${noticed} of ${all} noticed, wanted ${wanted}`);
  }
});
