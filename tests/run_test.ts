// What runs the tests: its limit, its account of what was skipped, its care for the machine.

import assert from "node:assert/strict";
import { failedTests, skippedLines } from "./run.ts";
import { limited } from "./support/limits.ts";
import { definitionOf } from "./support/test_definition.ts";
import { announcement, forbidStarts } from "./support/packages.ts";
import { inRepository } from "./support/paths.ts";

Deno.test("skippedLines() counts skipped tests by reason, and names files without one", () => {
  assert.deepEqual(skippedLines([]), []);
  const test = (...reasons: string[]) => ({ file: "tests/a_test.ts", name: "x", reasons });
  assert.deepEqual(
    skippedLines([test("it takes root"), test(), test("it takes root"), test("a", "b")]),
    [
      "4 skipped, because:",
      "  2  it takes root",
      "  1  tests/a_test.ts gives no reason",
      "  1  a or b",
    ],
  );
});

Deno.test("failedTests() names failed tests with their files", () => {
  const output = [
    "running 2 tests from ./tests/a_test.ts",
    "one ... ok (1ms)",
    "two ... with dots ... FAILED (2s)",
    "running 1 test from ./tests/b_test.ts",
    "  step ... FAILED (1ms)",
    "three ... FAILED (due to 1 failed step) (1ms)",
    "FAILED | 1 passed | 2 failed (2s)",
  ].join("\n");
  assert.deepEqual(failedTests(output), [
    "tests/a_test.ts: two ... with dots",
    "tests/b_test.ts: three",
  ]);
});

Deno.test("definitionOf() reads every form of Deno.test()", async () => {
  const ran: string[] = [];
  const fn = () => void ran.push("fn");
  function named() {
    ran.push("named");
  }
  const forms: [unknown[], string, boolean | undefined][] = [
    [["a", fn], "a", undefined],
    [[named], "named", undefined],
    [["b", { ignore: true }, fn], "b", true],
    [[{ name: "c", ignore: false }, fn], "c", false],
    [[{ ignore: true }, named], "named", true],
    [[{ name: "d", fn }], "d", undefined],
  ];
  for (const [args, name, ignore] of forms) {
    const definition = definitionOf(args);
    assert.equal(definition.name, name);
    assert.equal(definition.ignore, ignore);
    await definition.fn({} as Deno.TestContext);
  }
  assert.deepEqual(ran, ["fn", "named", "fn", "fn", "named", "fn"]);
});

Deno.test("limited() ends a test that hangs, and lets others be", async () => {
  const context = {} as Deno.TestContext;
  await limited(() => {}, 60)(context);
  await assert.rejects(
    async () => await limited(() => Promise.reject(new Error("own")), 60)(context),
    {
      message: "own",
    },
  );
  const hanging = limited(() => new Promise(() => {}), 0.01);
  await assert.rejects(async () => await hanging(context), /took longer than 0\.01 s/);
});

Deno.test("announcement() says which packages bring daemons, and that none starts", () => {
  const said = announcement(["gcc", "rsyslog"], "apt-get install gcc rsyslog");
  assert.match(said, /running: apt-get update && apt-get install gcc rsyslog\n/);
  assert.match(said, /Daemons come with rsyslog: none of them is started/);
  assert.doesNotMatch(announcement(["gcc"], ""), /Daemons/);
});

Deno.test("forbidStarts() makes a policy that forbids, and leaves one that is there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const policy = `${folder}/policy-rc.d`;
    assert.equal(forbidStarts(policy), true);
    const { code } = await new Deno.Command("/bin/sh", { args: [policy] }).output();
    assert.equal(code, 101);
    await Deno.writeTextFile(policy, "own");
    assert.equal(forbidStarts(policy), false);
    assert.equal(await Deno.readTextFile(policy), "own");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every file of tests says through skipped() or unsuited() why it skips", async () => {
  for await (const path of files(inRepository("tests"))) {
    // A condition that is written out there has no words for who reads the account.
    assert.doesNotMatch(await Deno.readTextFile(path), /^ *ignore: (!|Deno\.|COMPILED)/m, path);
  }
});

async function* files(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* files(`${folder}/${name}`);
    else if (name.endsWith("_test.ts")) yield `${folder}/${name}`;
  }
}
