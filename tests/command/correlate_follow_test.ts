// `scandog correlate --follow`: files that grow and are rotated, until a signal; and what it tells of itself meanwhile.

import assert from "node:assert/strict";
import { outcomeLine } from "../../src/fleet/outcome_line.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { attemptOutcome } from "../support/outcomes.ts";
import { scandog, scandogCommand } from "../support/scandog.ts";

function lineNow(sensor: string, given: Partial<AttemptOutcome>): string {
  const firstUs = Date.now() * 1000;
  return `${outcomeLine(attemptOutcome({ firstUs, ...given }), sensor)}\n`;
}

/** Lines of a stream as they come. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

async function nextWith(lines: AsyncGenerator<string>, words: RegExp): Promise<string> {
  for (;;) {
    const { value, done } = await lines.next();
    assert.ok(!done, `the stream ended without ${words}`);
    if (words.test(value)) return value;
  }
}

Deno.test("correlate --follow tells what comes, over a rotation, and answers for its status", async () => {
  const folder = await Deno.makeTempDir({ prefix: "scandog-follow-" });
  const files = [1, 2, 3].map((i) => `${folder}/host${i}.jsonl`);
  const write = (i: number, text: string) => Deno.writeTextFile(files[i], text, { append: true });
  const hosts = (i: number, count: number, from = 1) =>
    Array.from(
      { length: count },
      (_, k) =>
        lineNow(`host${i}`, {
          destination: `203.0.${i}.${from + k}`,
          sequence: i * 1000 + from + k,
        }),
    )
      .join("");
  // What was written before is read as well; the third file is not there yet.
  await write(0, hosts(0, 2));
  await write(1, hosts(1, 2));
  const control = `${folder}/control`, metrics = `${folder}/metrics.prom`;
  const child = scandogCommand([
    "correlate",
    "--follow",
    "--reorder",
    "1",
    "--second-look",
    "2",
    "--control",
    control,
    "--metrics-file",
    metrics,
    "--user",
    "root",
    "--no-landlock",
    ...files,
  ]).spawn();
  const err = linesOf(child.stderr), out = linesOf(child.stdout);
  await nextWith(err, /following/);
  await Deno.rename(files[0], `${files[0]}.1`);
  await write(0, hosts(0, 2, 10));
  await write(1, hosts(1, 2, 10));
  await write(2, hosts(2, 2));
  const told = await nextWith(out, / SCAN /);
  assert.match(told, /on 10 hosts .* seen by 3 sensors/);
  const status = await scandog(["status", "--control", control]);
  assert.equal(status.status, 0, status.err);
  assert.match(status.out, /correlating for/);
  assert.match(status.out, /from 3 files; [\d.]+ m?s behind/);
  assert.match(status.out, /3 sensors heard, 0 silent\n/);
  const asked = await scandog(["status", "--control", control, "--metrics"]);
  assert.match(asked.out, /\nscandog_fleet_sensors\{state="heard"\} 3\n/);
  assert.match(asked.out, /\nscandog_fleet_outcomes_total 10\n/);
  child.kill("SIGTERM");
  await nextWith(out, / SCAN-END /);
  for await (const _ of out);
  const last = await nextWith(err, /10 outcomes of 3 sensors, 0 silent/);
  assert.ok(last.startsWith("scandog: "));
  for await (const _ of err);
  assert.equal((await child.status).code, 0);
  assert.match(
    await Deno.readTextFile(metrics),
    /scandog_fleet_refused_total\{why="too-old"\} 0\n/,
  );
});

Deno.test("correlate refuses what belongs to the other way of running", async () => {
  const live = await scandog(["correlate", "--log-file", "/dev/null", "a.jsonl"]);
  assert.deepEqual([live.status, live.err.split("\n")[0]], [
    2,
    "scandog: --log-file is for --follow and --subscribe",
  ]);
  const ending = await scandog(["correlate", "--follow", "--fail-on-scan", "a.jsonl"]);
  assert.match(ending.err, /--fail-on-scan is for files that end/);
});
