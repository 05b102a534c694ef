// How a fault is tried: the order of tests, the first that fails, one that hangs, and what counts as passed.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { Plan, QUICK_MS } from "./plan.ts";
import { runPlan } from "./run_plan.ts";

const ASSERT = `import assert from "node:assert/strict";\n`;
const FILES: Record<string, string> = {
  "good_test.ts": `${ASSERT}
    Deno.test("says true", () => assert.ok(true));
    Deno.test("is ignored", { ignore: true }, () => assert.ok(false));
    Deno.test({ name: "has steps", fn: async (t) => { await t.step("one", () => {}); } });`,
  "bad_test.ts": `${ASSERT}
    Deno.test("good", () => console.log("passed"));
    Deno.test("bad", async () => { await 0; assert.equal(1, 2, "one is not two"); });
    Deno.test("after", () => {});`,
  "step_test.ts": `${ASSERT}
    Deno.test("a step", (t) => t.step("bad", () => assert.fail("in a step")));`,
  "hangs_test.ts": `Deno.test("hangs", () => { for (;;); });`,
  "waits_test.ts": `Deno.test("waits for nothing", () => new Promise(() => {}));`,
  "leaves_test.ts": `Deno.test("leaves", () => Deno.exit(0));`,
  "throws_test.ts": `throw new Error("cannot be imported");`,
  "broken_test.ts": `const = 1;`,
};

/** Runs the plan in a folder that has these files and the sources of trial.ts. */
async function tried(files: readonly string[], hungMs?: number) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/tests`);
    for (const name of ["mutation", "support"]) {
      await Deno.symlink(inRepository(`tests/${name}`), `${folder}/tests/${name}`);
    }
    for (const file of files) await Deno.writeTextFile(`${folder}/${file}`, FILES[file]);
    return await runPlan(folder, files.map((file) => ({ file })), {}, hungMs);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runPlan() passes where every test passes, and says what each took", async () => {
  const { passed, isProgram, costs, noticedBy } = await tried(["good_test.ts"]);
  assert.deepEqual({ passed, isProgram, noticedBy }, {
    passed: true,
    isProgram: true,
    noticedBy: undefined,
  });
  assert.deepEqual(costs.map(({ file, index }) => [file, index]), [["good_test.ts", 0], [
    "good_test.ts",
    2,
  ]]);
  assert.ok(costs.every(({ costMs }) => costMs >= 0));
});

Deno.test("runPlan() stops at the first test that fails, and names it", async () => {
  const ran = await tried(["good_test.ts", "bad_test.ts", "good_test.ts"]);
  assert.equal(ran.passed, false);
  assert.deepEqual(ran.noticedBy, { file: "bad_test.ts", index: 1 });
  assert.match(ran.said, /one is not two/);
  assert.equal(ran.costs.length, 3);
});

for (const file of ["step_test.ts", "waits_test.ts", "leaves_test.ts", "throws_test.ts"]) {
  Deno.test(`runPlan() has failed: ${file}`, async () => {
    const { passed, isProgram } = await tried([file]);
    assert.deepEqual({ passed, isProgram }, { passed: false, isProgram: true });
  });
}

Deno.test("runPlan() ends a test that hangs", async () => {
  const { passed, noticedBy } = await tried(["good_test.ts", "hangs_test.ts"], 2000);
  assert.equal(passed, false);
  assert.deepEqual(noticedBy, { file: "hangs_test.ts", index: 0 });
});

Deno.test("runPlan() says that a text is no program", async () => {
  const { passed, isProgram } = await tried(["broken_test.ts"]);
  assert.deepEqual({ passed, isProgram }, { passed: false, isProgram: false });
});

Deno.test("Plan takes the tests of the file, then of the folder, then what noticed most, then the cheapest", () => {
  const test = (file: string, costMs: number, index = 0) => ({ file, index, costMs });
  const plan = new Plan([
    test("tests/far_test.ts", 3),
    test("tests/far_test.ts", 1, 1),
    test("tests/room/beside_test.ts", 60),
    test("tests/room/it_test.ts", 90),
    test("tests/luck_test.ts", QUICK_MS),
    test("tests/slow_test.ts", QUICK_MS + 1),
  ]);
  assert.equal(plan.size, 5);
  plan.note({ file: "tests/luck_test.ts", index: 0 });
  assert.deepEqual(plan.order("src/room/it.ts").map(({ file, index }) => `${file} ${index}`), [
    "tests/room/it_test.ts 0",
    "tests/room/beside_test.ts 0",
    "tests/luck_test.ts 0",
    "tests/far_test.ts 1",
    "tests/far_test.ts 0",
  ]);
});
