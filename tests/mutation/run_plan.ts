// Runs a plan of tests in a process of its own (trial.ts), and says how it went.

import type { Costly, Planned } from "./plan.ts";

/** A test that prints nothing for so long hangs: those of a plan take a fraction of a second. */
export const HUNG_MS = 30_000;
/** Counted in steps, each of which passes only while this process runs: a machine that stood still hung no test. */
const STEP_MS = 1000;

export interface Ran {
  passed: boolean;
  isProgram: boolean;
  /** The test that failed or did not come to its end. */
  noticedBy?: Planned;
  /** What each test took that was run. */
  costs: Costly[];
  /** The last of what was said. */
  said: string;
}

const SAID_MAX = 2000;

/** `file index rest` of a line. */
function testOf(line: string): Required<Planned> & { rest: string } {
  const [, file, index, ...rest] = line.split(" ");
  return { file, index: Number(index), rest: rest.join(" ") };
}

/** Runs the plan in the folder; ended when a test hangs for `hungMs`. */
export async function runPlan(
  folder: string,
  plan: readonly Planned[],
  environment: Record<string, string>,
  hungMs = HUNG_MS,
): Promise<Ran> {
  const file = `${folder}/plan.json`;
  await Deno.writeTextFile(file, JSON.stringify(plan));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "tests/mutation/trial.ts", file],
    cwd: folder,
    env: { NO_COLOR: "1", ...environment },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let silentMs = 0, out = "";
  const timer = setInterval(() => {
    silentMs += STEP_MS;
    if (silentMs < hungMs) return;
    clearInterval(timer);
    child.kill("SIGKILL");
  }, STEP_MS);
  const errors = new Response(child.stderr).text();
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    silentMs = 0;
    out += text;
  }
  await child.status;
  clearInterval(timer);
  const lines = out.trimEnd().split("\n"), last = lines[lines.length - 1];
  const started = lines.findLast((line) => line.startsWith("start "));
  const costs = lines.filter((line) => line.startsWith("cost ")).map(testOf)
    .map(({ file, index, rest }) => ({ file, index, costMs: Number(rest) }));
  const said = last + (await errors).slice(-SAID_MAX);
  const passed = last === "passed";
  const isProgram = !/could not be parsed|SyntaxError: /.test(said);
  if (passed || started === undefined) return { passed, isProgram, costs, said };
  const { file: testFile, index } = testOf(started);
  return { passed, isProgram, noticedBy: { file: testFile, index }, costs, said };
}
