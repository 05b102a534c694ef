// `correlate --add-sensor`: what it prints and writes lets a sensor in at a real server, and nobody else.

import assert from "node:assert/strict";
import { sensorInbox, sensorSubjects } from "../../src/fleet/subjects.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";

const NAME = "web1.example";
const FILE = "web1%2Eexample.credentials";
const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-add-sensor-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const add = (folder: string, name: string, ...more: string[]) =>
  scandog(["correlate", "--config", "/dev/null", "--add-sensor", name, ...more], { cwd: folder });

Deno.test("correlate --add-sensor writes a secret that it does not print, and overwrites none", async () => {
  await withFolder(async (folder) => {
    const { status, out, err } = await add(folder, NAME);
    assert.equal(status, 0, err);
    const seed = Deno.readTextFileSync(`${folder}/${FILE}`);
    assert.match(seed, /^SU[A-Z2-7]{56}\n$/);
    assert.equal(Deno.statSync(`${folder}/${FILE}`).mode! & 0o777, 0o600);
    assert.match(out, /^# web1\.example\n\{\n {2}nkey: U[A-Z2-7]{55}\n/);
    for (const subject of [...sensorSubjects(NAME), `${sensorInbox(NAME)}.>`]) {
      assert.ok(out.includes(`"${subject}"`), subject);
    }
    assert.ok(!`${out}${err}`.includes(seed.trim()));
    const again = await add(folder, NAME);
    assert.deepEqual([again.status, again.out], [1, ""]);
    assert.match(again.err, /web1%2Eexample\.credentials: is there already/);
    assert.equal(Deno.readTextFileSync(`${folder}/${FILE}`), seed);
  });
});

Deno.test("correlate --add-sensor refuses what is no name, and files", async () => {
  await withFolder(async (folder) => {
    const wrong = await add(folder, "a\nb");
    assert.deepEqual([wrong.status, wrong.out], [2, ""]);
    assert.match(wrong.err, /--add-sensor must be one line of at most 253 bytes/);
    const files = await add(folder, "a", "x.jsonl");
    assert.equal(files.status, 2);
    assert.match(files.err, /x\.jsonl: files are not read with --add-sensor/);
    // No name leads out of the folder.
    await add(folder, "../../x");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "%2E%2E%2F%2E%2E%2Fx.credentials",
    ]);
  });
});

Deno.test({
  name: "a server lets in a sensor by what correlate --add-sensor gave, and it publishes",
  ignore: skipped("a sensor that was added", whyNoNats()),
  async fn() {
    await withFolder(async (folder) => {
      const { out } = await add(folder, NAME);
      await NatsServerProcess.with(async (server) => {
        await server.addStreams();
        const args = ["--publish", server.url, "--publish-credentials", `${folder}/${FILE}`];
        const publish = (name: string) =>
          scandog(["replay", "-q", "--config", "/dev/null", "--observer", name, ...args, CAPTURE]);
        const ran = await publish(NAME);
        assert.deepEqual([ran.status, ran.err], [0, ""]);
        assert.ok((await server.stored("outcomes")).length > 2);
      }, { users: out });
    });
  },
});
