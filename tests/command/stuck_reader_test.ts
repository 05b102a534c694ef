// Commands whose standard output nobody reads any more, or whose reader takes its time.

import assert from "node:assert/strict";
import { PATIENCE_MS } from "../sink/receivers.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandogCommand } from "../support/scandog.ts";

/** So many sources each scan; lines of all commands are far more than a pipe holds. */
const SOURCES = 400, PORTS = 30;

async function withCapture(use: (file: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/many.pcap`;
    const packets = Array.from({ length: SOURCES * PORTS }, (_, i) => {
      const [source, port] = [Math.floor(i / PORTS), i % PORTS];
      const frame = tcpFrame({ source: `10.1.${source >> 8}.${source & 255}`, port: 1 + port });
      return { timeUs: 1e15 + i * 1000, frame };
    });
    await Deno.writeFile(file, pcapFile(packets));
    await use(file, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Starts it, takes the first piece of its output, stops reading, and asks it to end. */
async function stopUnread(args: string[]): Promise<{ code: number; err: string }> {
  const child = scandogCommand(args).spawn();
  const err = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGTERM");
  // A program that does not end is a failure, not a test that hangs.
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  const { code } = await child.status;
  clearTimeout(late);
  await reader.cancel();
  return { code, err: await err };
}

const JSON_LINES = ["--format", "json", "--profile", "scanlogd-2", "--flood-count", "1000"];

for (
  const [command, args] of [
    ["log -r", ["log", "-f", "all", "-r"]],
    ["replay", ["replay", ...JSON_LINES]],
    ["explain", ["explain", "--format", "json"]],
  ] as const
) {
  Deno.test(`${command} ends at SIGTERM while nobody reads its standard output, and says the cost`, async () => {
    await withCapture(async (file) => {
      const { code, err } = await stopUnread([...args, file]);
      assert.equal(code, 0, err);
      assert.match(err, /standard output: closed, [\d,]+ lines? could not be written/);
    });
  });
}

Deno.test("log -r and replay lose nothing to a reader that takes its time", async () => {
  await withCapture(async (file) => {
    const runs: [string[], number][] = [
      [["log", "-f", "all", "-r", file], SOURCES * PORTS],
      [["replay", ...JSON_LINES, file], SOURCES],
    ];
    for (const [args, count] of runs) {
      const child = scandogCommand(args).spawn();
      const err = new Response(child.stderr).text();
      let lines = 0;
      for await (const bytes of child.stdout) {
        lines += bytes.filter((byte) => byte === 10).length;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      assert.equal((await child.status).code, 0, await err);
      assert.equal(lines, count, args[0]);
    }
  });
});

Deno.test("log -r whose reader has gone goes on for its other logs, and says so", async () => {
  await withCapture(async (file, folder) => {
    const log = `${folder}/all.log`;
    const args = ["log", "-f", "all", "-r", file, "--stdout", "--log-file", log];
    const child = scandogCommand(args).spawn();
    const err = new Response(child.stderr).text();
    await child.stdout.cancel();
    assert.equal((await child.status).code, 0);
    assert.match(await err, /standard output: the reader has gone/);
    const lines = Deno.readTextFileSync(log).split("\n").length - 1;
    assert.equal(lines, SOURCES * PORTS);
    const only = scandogCommand(["log", "-f", "all", "-r", file]).spawn();
    const said = new Response(only.stderr).text();
    await only.stdout.cancel();
    assert.equal((await only.status).code, 0);
    assert.match(await said, /stopped after /);
  });
});

Deno.test("replay --report reads to the end though its reader has gone", async () => {
  await withCapture(async (file, folder) => {
    const report = `${folder}/report.sarif`;
    // Less than the capture, so that a reading that is cut short shows.
    const small = ["--ring-records", "1024"];
    const args = ["replay", ...JSON_LINES, ...small, "--report", `sarif:${report}`, file];
    const child = scandogCommand(args).spawn();
    const err = new Response(child.stderr).text();
    await child.stdout.cancel();
    assert.equal((await child.status).code, 0, await err);
    const [run] = JSON.parse(Deno.readTextFileSync(report)).runs;
    assert.equal(run.results.length, SOURCES);
    assert.equal(run.invocations[0].executionSuccessful, true);
  });
});

Deno.test("replay that is stopped gives no verdict, in words, in its status and in its report", async () => {
  await withCapture(async (file, folder) => {
    const expected = `${folder}/expected`, report = `${folder}/report.xml`;
    await Deno.writeTextFile(expected, "");
    const slow = ["--speed", "0.1", "--report", `junit:${report}`];
    for (const judged of [["--expect", expected], ["--fail-on-scan"], []]) {
      // At this pace the capture takes two minutes, and the first scan is told at once.
      const { code, err } = await stopUnread(["replay", ...JSON_LINES, ...slow, ...judged, file]);
      assert.equal(code, 1, err);
      assert.match(err, /stopped after \d+ packets?: there is no verdict/);
      assert.doesNotMatch(err, /all 0 met/);
      assert.match(
        Deno.readTextFileSync(report),
        /errors="1"[^]*<error [^>]*message="stopped after/,
      );
    }
  });
});

Deno.test("replay that is stopped without a verdict to give ends well", async () => {
  await withCapture(async (file) => {
    const { code, err } = await stopUnread(["replay", ...JSON_LINES, "--speed", "0.1", file]);
    assert.equal(code, 0, err);
  });
});
