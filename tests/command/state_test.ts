// `replay --state`: the scan in one capture, the visit in another, and what can happen in between.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { readSavefile, writeSavefile } from "../lab/pcap.ts";
import { until } from "../sink/receivers.ts";
import { inRepository } from "../support/paths.ts";
import { scandog, scandogCommand, withBinary } from "../support/scandog.ts";

const CAPTURE = "testdata/cases/scan-then-visit/capture.pcap.gz";

/** A folder with the scan and the visit, minutes later, of one capture in two files. */
async function withCaptures(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-state-" });
  try {
    const whole = readSavefile(gunzipSync(Deno.readFileSync(inRepository(CAPTURE))));
    const { packets } = whole;
    const gap = packets.findIndex(({ time }, i) =>
      i > 0 && time - packets[i - 1].time > 100_000_000_000n
    );
    assert.ok(gap > 100);
    const write = (name: string, from: number, to: number) =>
      Deno.writeFile(
        `${folder}/${name}`,
        writeSavefile({ ...whole, packets: packets.slice(from, to) }),
      );
    await write("whole", 0, packets.length);
    await write("scan", 0, gap);
    await write("visit", gap, packets.length);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function replay(folder: string, name: string, ...args: string[]) {
  const words = ["replay", "--config", "/dev/null", "--format", "json", "--observer", "o", ...args];
  return scandog([...words, `${folder}/${name}`], { cwd: folder });
}

interface Line {
  event: { action: string; id: string };
  scandog: { scan: string };
}

const linesOf = (out: string) =>
  out.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Line);

Deno.test("replay --state tells in a second run who came back after the scan of the first", () =>
  withCaptures(async (folder) => {
    const first = await replay(folder, "scan", "--state", "state");
    assert.equal(first.status, 0, first.err);
    const scan = linesOf(first.out);
    assert.deepEqual(scan.map(({ event }) => event.action), ["scan-start", "scan-end"]);
    assert.equal(Deno.statSync(`${folder}/state`).mode! & 0o777, 0o600);

    const second = await replay(folder, "visit", "--state", "state");
    assert.equal(second.status, 0, second.err);
    const [visit, ...more] = linesOf(second.out);
    assert.equal(visit.event.action, "scan-visit");
    assert.equal(visit.scandog.scan, scan[0].scandog.scan);
    assert.deepEqual(more, []);
    assert.match(second.err, /0 scans, 1 visit after a scan/);
    // In one run the line is the same, but for what follows from it.
    const whole = await replay(folder, "whole");
    assert.deepEqual(linesOf(whole.out).at(-1), visit);

    const third = await replay(folder, "visit", "--state", "state");
    assert.equal(third.out, "", "it was told");
    const without = await replay(folder, "visit");
    assert.equal(without.out, "");
  }));

Deno.test("replay gives the same bytes each time, with a state that is new each time", () =>
  withCaptures(async (folder) => {
    const plain = await replay(folder, "whole");
    for (const state of ["a", "b"]) {
      const { out } = await replay(folder, "whole", "--state", state);
      assert.equal(out, plain.out);
    }
    assert.deepEqual(Deno.readFileSync(`${folder}/a`), Deno.readFileSync(`${folder}/b`));
  }));

Deno.test("replay killed in the middle has kept what it had learned", () =>
  withCaptures(async (folder) => {
    const state = `${folder}/state`;
    const args = ["replay", "--config", "/dev/null", "--verbose", "--state", state, "-"];
    const child = scandogCommand(args, { stdin: new Uint8Array() }).spawn();
    const said = child.stderr.pipeThrough(new TextDecoderStream() as never)
      .getReader() as ReadableStreamDefaultReader<string>;
    for (let err = ""; !err.includes("0 open ports of earlier runs");) {
      const { value, done } = await said.read();
      assert.ok(!done, err);
      err += value;
    }
    const ahead = () => Deno.statSync(`${state}-wal`).size;
    const opened = ahead();
    const writer = child.stdin.getWriter();
    await writer.write(Deno.readFileSync(`${folder}/scan`));
    // The pipe stays open: the replay goes on.
    await until(() => ahead() > opened, () => "a save");
    child.kill("SIGKILL");
    await child.status;
    await Promise.allSettled([writer.close(), said.cancel(), child.stdout.cancel()]);
    const { out, err, status } = await replay(folder, "visit", "--state", "state");
    assert.equal(status, 0, err);
    assert.deepEqual(linesOf(out).map(({ event }) => event.action), ["scan-visit"]);
  }));

Deno.test("replay --state names in one line what is wrong, and reads no packet then", () =>
  withCaptures(async (folder) => {
    const faults: [state: string, said: RegExp][] = [
      ["/nonesuch/state", /^scandog: state \/nonesuch\/state: cannot be made: there is no folder/],
      ["scan", /^scandog: state scan: is no state file; name another$/],
      ["inner", /^scandog: state .*: is not a plain file; name another$/],
    ];
    await Deno.mkdir(`${folder}/inner`);
    const before = Deno.readFileSync(`${folder}/scan`);
    for (const [state, said] of faults) {
      const { status, out, err } = await replay(folder, "visit", "--state", state);
      assert.equal(status, 1, err);
      assert.equal(out, "");
      assert.match(err.trimEnd(), said);
    }
    assert.deepEqual(Deno.readFileSync(`${folder}/scan`), before);
    const other = await replay(folder, "visit", "--state", "s", "--profile", "scanlogd-2");
    assert.equal(other.status, 2);
    assert.match(other.err, /--state is for scandog; the profile is scanlogd-2/);
  }));

Deno.test("replay leaves alone the state of the daemon, which is in the configuration", () =>
  withCaptures(async (folder) => {
    const config = `${folder}/scandog.toml`;
    await Deno.writeTextFile(config, `state = "${folder}/daemon"\n`);
    const { status, err } = await scandog(["replay", "--config", config, `${folder}/scan`]);
    assert.equal(status, 0, err);
    assert.throws(() => Deno.statSync(`${folder}/daemon`), Deno.errors.NotFound);
  }));

Deno.test({
  name: "replay --state needs no permission but that file's, and none to be told so",
  ignore: withBinary("permissions of the sources"),
  fn: () =>
    withCaptures(async (folder) => {
      const sources = inRepository("src");
      const args = [
        "replay",
        "--config",
        "/dev/null",
        "--state",
        `${folder}/state`,
        `${folder}/scan`,
      ];
      const read = `--allow-read=${sources},/dev/null,${folder}/scan,${folder}/state`;
      const refused = await scandog(args, { permissions: ["--no-prompt", read] });
      assert.equal(refused.status, 1);
      assert.equal(
        refused.err,
        `scandog: state ${folder}/state: this program may not write it; permit ` +
          `--allow-read=${folder}/state --allow-write=${folder}/state\n`,
      );
      const write = `--allow-write=${folder}/state`;
      await Deno.writeFile(`${folder}/state`, new Uint8Array(), { mode: 0o600 });
      const plain = await scandog(args, { permissions: ["--no-prompt", read, write] });
      if (Deno.uid() === 0) return assert.equal(plain.status, 0, plain.err);
      // Of a file that is not root's, it has to know that it does not run as root.
      assert.equal(plain.status, 1);
      assert.match(
        plain.err,
        /this may run as root, as far as its sandbox tells it.*--allow-sys=uid/,
      );
      const told = await scandog(args, {
        permissions: ["--no-prompt", read, write, "--allow-sys=uid"],
      });
      assert.equal(told.status, 0, told.err);
    }),
});
