// Puts one fault after the other into a copy of the sources and runs the tests of its room: which faults do
// they not notice? `deno task mutants [--room NAME]... [--count N] [--seed N] [--minutes N] [--out FILE]`.
// It runs inside `deno test`, where the linter's parser is.

import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { Random } from "../support/random.ts";
import { inRepository } from "../support/paths.ts";
import { type Mutant, mutantsOf, mutated, shown } from "./mutants.ts";
import { type Room, ROOMS } from "./rooms.ts";
import { SURVIVORS } from "./survivors.ts";

const { values } = parseArgs({
  options: {
    room: { type: "string", multiple: true, default: Object.keys(ROOMS) },
    count: { type: "string", default: "20" },
    seed: { type: "string", default: `${Math.floor(Date.now() / 86_400_000)}` },
    minutes: { type: "string", default: "90" },
    out: { type: "string" },
  },
});

type Verdict = "noticed" | "survived" | "no program" | "known";
interface Tried {
  room: string;
  where: string;
  fault: string;
  change: string;
  verdict: Verdict;
}

/** What the tests need of the repository; captures are only read, and stay where they are. */
const COPIED = ["src", "tests", ".github", "main.ts", "deno.json", "deno.lock", "README.md"];
const COPIED_IF_THERE = ["CHANGELOG.md", "LICENSE"];
/** A run may take so many times as long as without a fault, and a minute. */
const PATIENCE = 4;
const MINUTE_MS = 60_000;
const SAID_MAX = 2000;
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

interface Ran {
  passed: boolean;
  isProgram: boolean;
  ms: number;
  /** The last of what was printed. */
  said: string;
}

/** Runs tests in the copy, until the first that fails; ended after `limitMs`. */
async function runTests(folder: string, tests: readonly string[], limitMs: number): Promise<Ran> {
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", "--no-check", "--fail-fast", ...tests.map((t) => `tests/${t}`)],
    cwd: folder,
    env: { NO_COLOR: "1", SCANDOG_SHARED: inRepository("../shared") },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const { success, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const isProgram = !/could not be parsed|SyntaxError: /.test(text);
  const said = text.slice(-SAID_MAX);
  return { passed: success, isProgram, ms: performance.now() - began, said };
}

function sourcesOf({ sources }: Room): string[] {
  const list = (path: string): string[] => {
    if (path.endsWith(".ts")) return [path];
    const entries = [...Deno.readDirSync(inRepository(path))];
    return entries.filter(({ name, isDirectory }) => isDirectory || name.endsWith(".ts"))
      .flatMap(({ name }) => list(`${path}/${name}`));
  };
  return sources.flatMap((path) => list(`src/${path}`)).sort();
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
    rows[name] = { noticed, survived, known: count("known"), "score %": score, "wanted %": wanted };
  }
  console.table(rows);
}

Deno.test("single faults in the sources are noticed by the tests of their room", async () => {
  const seed = Number(values.seed), count = Number(values.count);
  const end = performance.now() + Number(values.minutes) * MINUTE_MS;
  console.log(`seed ${seed}`);
  const folder = await copyOfRepository();
  const tried: Tried[] = [];
  try {
    for (const [index, name] of values.room.entries()) {
      const room = ROOMS[name];
      // Each room has an equal part of the time that is left.
      const now = performance.now();
      const roomEnd = now + (end - now) / (values.room.length - index);
      assert.ok(room, `There is no room ${name}: ${Object.keys(ROOMS).join(", ")}`);
      const sound = await runTests(folder, room.tests, 20 * MINUTE_MS);
      assert.ok(sound.passed, `the tests of ${name} fail without any fault: ${sound.said}`);
      const limitMs = PATIENCE * sound.ms + MINUTE_MS;
      for (const { mutant, source } of draw(room, new Random(seed), count)) {
        if (performance.now() > roomEnd) break;
        const change = shown(source, mutant), where = `${mutant.path}:${mutant.line}`;
        const say = (verdict: Verdict) =>
          tried.push({ room: name, where, fault: mutant.fault, change, verdict });
        if (isKnown(mutant, change)) {
          say("known");
          continue;
        }
        await Deno.writeTextFile(`${folder}/${mutant.path}`, mutated(source, mutant));
        const { passed, isProgram } = await runTests(folder, room.tests, limitMs);
        await Deno.writeTextFile(`${folder}/${mutant.path}`, source);
        say(!isProgram ? "no program" : passed ? "survived" : "noticed");
        if (passed) console.log(`survived: ${where}: ${change}`);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
    if (values.out) await Deno.writeTextFile(values.out, JSON.stringify(tried, null, 1) + "\n");
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
