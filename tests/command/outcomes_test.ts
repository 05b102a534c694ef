// `--outcomes` and `--publish` as a user gives them to a replay: what comes out, what is refused, and that a server is
// all that may be reached.

import assert from "node:assert/strict";
import { decodeBatch } from "../../src/fleet/batch.ts";
import { readOutcomeLine } from "../../src/fleet/outcome_line.ts";
import { parseSubject } from "../../src/fleet/subjects.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { PASSWORD, SENSOR, USER } from "../fleet/publishing.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { inRepository } from "../support/paths.ts";
import { COMPILED, scandog } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";

const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-outcomes-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const replay = (args: string[], permissions?: string[]) =>
  scandog(["replay", "--quiet", "--config", "/dev/null", "--observer", SENSOR, ...args], {
    permissions,
  });

function outcomesIn(file: string): AttemptOutcome[] {
  return Deno.readTextFileSync(file).trimEnd().split("\n").map((line) => {
    const { sensor, outcome } = readOutcomeLine(line) as {
      sensor: string;
      outcome: AttemptOutcome;
    };
    assert.equal(sensor, SENSOR);
    return outcome;
  });
}

Deno.test("replay --outcomes appends a line for each attempt that failed, and tells scans as ever", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/outcomes.jsonl`;
    const { out } = await replay([CAPTURE]);
    const ran = await replay(["--outcomes", file, CAPTURE]);
    assert.deepEqual([ran.status, ran.out, ran.err], [0, out, ""]);
    const outcomes = outcomesIn(file);
    // 120 ports, of which one was open: it was left half open.
    assert.equal(outcomes.length, 120);
    assert.deepEqual(
      outcomes.filter(({ outcome }) => outcome !== "refused").map(({ port }) => port),
      [80],
    );
    assert.ok(outcomes.every(({ source }) => source === "198.51.100.7"));
    assert.equal(Deno.statSync(file).mode! & 0o777, 0o640);
    await replay(["--outcomes", file, CAPTURE]);
    assert.deepEqual(outcomesIn(file), [...outcomes, ...outcomes]);
  });
});

Deno.test("replay --outcomes-per-second counts what is above it", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/outcomes.jsonl`;
    await replay(["--outcomes", file, "--outcomes-per-second", "5", CAPTURE]);
    const lines = Deno.readTextFileSync(file).trimEnd().split("\n").map(readOutcomeLine);
    const written = lines.filter(({ outcome }) => outcome !== undefined).length;
    const dropped = lines.reduce((sum, line) => sum + (line.dropped?.count ?? 0), 0);
    assert.ok(written > 20 && dropped > 30, `${written} and ${dropped}`);
    assert.equal(written + dropped, 120);
  });
});

Deno.test("replay refuses to write outcomes to what it reads, to standard output, and for scanlogd's profiles", async () => {
  await withFolder(async (folder) => {
    const copy = `${folder}/capture.gz`;
    await Deno.copyFile(CAPTURE, copy);
    await Deno.symlink(copy, `${folder}/link`);
    const before = await Deno.readFile(copy);
    for (
      const [args, status, said] of [
        [["--outcomes", `${folder}/link`, copy], 1, /--outcomes .*link: is also read; write to/],
        [["--outcomes", "-", copy], 2, /--outcomes must be a file: standard output has the alerts/],
        [["--outcomes", folder, copy], 1, /no regular file; name another/],
        [
          ["--outcomes", `${folder}/o`, "--profile", "scanlogd-2", copy],
          2,
          /--outcomes is for scandog: the profile scanlogd-2 knows of no outcomes/,
        ],
        [
          ["--publish", "nats://127.0.0.1", "--profile", "scanlogd-1", copy],
          2,
          /--publish is for scandog/,
        ],
        [["--publish", "nats://u:s3cret@host", copy], 2, /without a user or password/],
        [["--publish", "http://host", copy], 2, /must be nats:\/\/HOST:PORT or tls/],
        [["--publish-ca", "/dev/null", copy], 2, /is for --publish tls:/],
        [["--publish-spool", "x", copy], 2, /is for --publish nats:/],
        [
          ["--publish", "nats://127.0.0.1:1", "--publish-credentials", copy, copy],
          1,
          /--publish-credentials .*: it must hold an nkey seed/,
        ],
        [
          ["--publish", "nats://127.0.0.1:1", "--publish-spool", copy, copy],
          1,
          /--publish-spool .*: is also read/,
        ],
        [
          ["--publish", "nats://127.0.0.1:1", "--publish-spool", `${folder}/o`]
            .concat(["--outcomes", `${folder}/./o`, copy]),
          1,
          /--publish-spool .*: is written twice/,
        ],
        [
          ["--report", "junit", `${folder}/o`, "--outcomes", `${folder}/o`, copy],
          1,
          /--outcomes .*: is written twice; name another file/,
        ],
      ] as [string[], number, RegExp][]
    ) {
      const ran = await replay(args);
      assert.match(ran.err, said, args.join(" "));
      assert.equal(ran.status, status, args.join(" "));
      assert.ok(!ran.err.includes("s3cret"));
    }
    if (Deno.uid() === 0) {
      const open = `${folder}/open`;
      Deno.mkdirSync(open);
      Deno.chmodSync(open, 0o777);
      const spool = ["--publish", "nats://127.0.0.1:1", "--publish-spool", `${open}/spool`, copy];
      assert.match((await replay(spool)).err, /Cannot write in .*open as root: others than root/);
    }
    const log = `${folder}/log`;
    const watched = await scandog(
      ["watch", "--config", "/dev/null", "--user", "root", "--observer", SENSOR]
        .concat(["--log-file", log, "--outcomes", log]),
    );
    assert.match(watched.err, /--outcomes .*: is written twice; name another file/);
    const named = ["replay", "--outcomes", `${folder}/o`, "--observer", "a\nb", copy];
    const ran = await scandog(named);
    assert.match(ran.err, /--observer names this sensor to others: one line/);
    assert.equal(ran.status, 2);
    assert.deepEqual(await Deno.readFile(copy), before);
  });
});

Deno.test("replay leaves to the daemon what a configuration file says of outcomes and servers", async () => {
  await withFolder(async (folder) => {
    const config = `${folder}/scandog.toml`;
    const text =
      `outcomes = "${folder}/o"\npublish = ["nats://127.0.0.1:1"]\nprofile = "scanlogd-2"\n`;
    Deno.writeTextFileSync(config, text);
    const ran = await scandog(["replay", "--quiet", "--config", config, CAPTURE]);
    assert.deepEqual([ran.status, ran.err], [0, ""]);
    assert.throws(() => Deno.statSync(`${folder}/o`), Deno.errors.NotFound);
  });
});

Deno.test({
  name: "replay --publish hands a server what --outcomes writes, and every event, once",
  ignore: skipped("replay --publish", whyNoNats()),
  async fn() {
    await withFolder(async (folder) => {
      await NatsServerProcess.with(async (server) => {
        await server.addStreams();
        const credentials = `${folder}/credentials`, file = `${folder}/outcomes.jsonl`;
        const { user, password } = PASSWORD as { user: string; password: string };
        Deno.writeTextFileSync(credentials, `${user}:${password}\n`, { mode: 0o600 });
        const args = ["--publish", server.url, "--publish-credentials", credentials];
        // That host and port alone; the binary has what it was built with.
        const permissions = ["--no-prompt", "--allow-read", "--allow-write"]
          .concat(`--allow-net=${server.host}:${server.port}`, "--allow-sys=uid,hostname");
        const run = () =>
          replay([...args, "--format", "json", "--outcomes", file, CAPTURE], permissions);
        const ran = await run();
        assert.deepEqual([ran.status, ran.err], [0, ""]);
        const batches = (await server.stored("outcomes")).map(({ subject, data }) => {
          assert.equal(parseSubject(subject)?.sensor, SENSOR);
          return (decodeBatch(data) as { batch: { outcomes: AttemptOutcome[] } }).batch;
        });
        assert.deepEqual(batches.flatMap(({ outcomes }) => outcomes), outcomesIn(file));
        assert.ok(batches.length > 2 && batches.length < 20, `${batches.length}`);
        const events = (await server.stored("events")).map(({ data }) =>
          JSON.parse(new TextDecoder().decode(data))
        );
        const printed = ran.out.trimEnd().split("\n").map((line) => JSON.parse(line));
        assert.deepEqual(events, printed);
        // The same capture again is nothing new to the server.
        assert.equal((await run()).status, 0);
        assert.equal((await server.stored("outcomes")).length, batches.length);
        assert.equal((await server.stored("events")).length, printed.length);
      }, { users: USER });
    });
  },
});

Deno.test("replay --publish says that it may not, or cannot, and never hangs", async () => {
  const to = (host: string) => ["--publish", `nats://${host}:1`, CAPTURE];
  if (!COMPILED) {
    const ran = await replay(to("127.0.0.1"), ["--no-prompt", "--allow-read", "--allow-sys"]);
    assert.match(ran.err, /Cannot reach 127\.0\.0\.1:1: run with --allow-net=127\.0\.0\.1:1/);
    assert.equal(ran.status, 1);
  }
  const ran = await replay(to("name.invalid"));
  assert.match(ran.err, /Cannot find the host name\.invalid/);
  assert.equal(ran.status, 1);
});
