// `scandog correlate` over files: many sensors' outcomes, told together.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { outcomeLine } from "../../src/fleet/outcome_line.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { assertLine } from "../format/event_schema.ts";
import { attemptOutcome, OUTCOME_START_US } from "../support/outcomes.ts";
import { scandog, scandogCommand, withBinary } from "../support/scandog.ts";

const SCANNER = "198.51.100.7";

function lineOf(sensor: string, seconds: number, given: Partial<AttemptOutcome> = {}): string {
  const firstUs = OUTCOME_START_US + seconds * 1e6;
  return `${
    outcomeLine(attemptOutcome({ firstUs, sequence: seconds * 1000, ...given }), sensor)
  }\n`;
}

/** A file of each sensor: what it saw of a sweep, and of a client that erred. */
async function sensorFiles(sensors: number): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-correlate-" });
  return await Promise.all(Array.from({ length: sensors }, async (_, i) => {
    const path = `${folder}/host${i}.jsonl`;
    const destination = `203.0.113.${i + 1}`;
    const client = { source: `192.0.2.${i}`, destination, port: 3000 + i, signature: i };
    await Deno.writeTextFile(
      path,
      lineOf(`host${i}`, 1 + 7 * i % 12, { destination }) + lineOf(`host${i}`, 60, client),
    );
    return path;
  }));
}

Deno.test("correlate tells a sweep that each of twelve sensors saw one probe of, in every format", async () => {
  const files = await sensorFiles(12);
  const text = await scandog(["correlate", "--tz", "UTC", ...files]);
  assert.deepEqual([text.status, text.err], [
    0,
    "scandog: 24 outcomes of 12 sensors: 1 scan that no sensor alone could tell\n",
  ]);
  assert.match(
    text.out,
    /^2026-01-01 00:01:00\.001 SCAN 198\.51\.100\.7:40000 -> 203\.0\.113\.1 and 11 more horizontal syn: 1 port 22 on 12 hosts .*seen by 12 sensors.*\n.* SCAN-END .*\n$/,
  );
  const json = await scandog(["correlate", "--format", "json", "--observer", "hub", ...files]);
  const lines = json.out.trimEnd().split("\n").map(assertLine);
  assert.deepEqual(lines.map(({ event }) => event.action), ["scan-start", "scan-end"]);
  assert.equal(lines[0].scandog.scan, lines[1].scandog.scan);
  assert.deepEqual(lines[0].scandog.sensors, {
    count: 12,
    list: Array.from({ length: 12 }, (_, i) => `host${i}`).sort(),
  });
  const cef = await scandog(["correlate", "--format", "cef", ...files]);
  assert.match(cef.out, /flexNumber1=12 flexNumber1Label=sensors/);
  // Whatever the order of the files, and packed or not.
  const packed = `${files[3]}.gz`;
  await Deno.writeFile(packed, gzipSync(await Deno.readFile(files[3])));
  const other = files.map((file, i) => i === 3 ? packed : file).toReversed();
  assert.equal((await scandog(["correlate", "--tz", "UTC", ...other])).out, text.out);
});

Deno.test("correlate reads a stream of all sensors on standard input", async () => {
  const files = await sensorFiles(12);
  const all = await Promise.all(files.map((file) => Deno.readTextFile(file)));
  const stdin = new TextEncoder().encode(all.join(""));
  const { status, out } = await scandog(["correlate", "--tz", "UTC", "-"], { stdin });
  assert.equal(status, 0);
  assert.equal(out, (await scandog(["correlate", "--tz", "UTC", ...files])).out);
});

Deno.test("correlate does not tell what a sensor tells in its own log, and names it beside the rest", async () => {
  const files = await sensorFiles(12);
  const own = (sensor: string) =>
    `${
      JSON.stringify({
        "@timestamp": "2026-01-01T00:00:01.000000Z",
        event: { kind: "alert", action: "scan-start", id: "01KDTXD8PT0000000000000001" },
        source: { ip: SCANNER },
        destination: { ip: "203.0.113.1" },
        observer: { name: sensor, product: "scandog" },
        scandog: {
          profile: "scandog",
          scan: "01KDTXD8PT0000000000000000",
          techniques: ["syn"],
          ports: { count: 30, list: ["1-30"] },
          hosts: { count: 1, list: ["203.0.113.1"] },
        },
      })
    }\n`;
  const log = `${files[0]}.log`;
  await Deno.writeTextFile(log, own("host0"));
  const some = await scandog(["correlate", "--format", "json", ...files, log]);
  assert.deepEqual(assertLine(some.out.split("\n")[0]).scandog.joined, [
    "01KDTXD8PT0000000000000000",
  ]);
  await Deno.writeTextFile(log, [0, 1, 2, 3, 4].map((i) => own(`host${i}`)).join(""));
  const none = await scandog(["correlate", ...files, log]);
  assert.deepEqual([none.status, none.out], [0, ""]);
});

Deno.test("correlate leaves out what is no line of a sensor, and fails where nothing else is", async () => {
  const [file, ...files] = await sensorFiles(12);
  const whole = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, `{"a":1}\n\u0000\n${whole}${whole.slice(0, 100)}`);
  const { status, out, err } = await scandog(["correlate", file, ...files]);
  assert.equal(status, 0);
  assert.match(out, /seen by 12 sensors/);
  assert.match(err, /\n?scandog: 3 lines passed over: written by no sensor's --outcomes\n/);
  await Deno.writeTextFile(file, "nothing\n");
  const empty = await scandog(["correlate", file, ...files]);
  assert.equal(empty.status, 1);
  assert.match(empty.err, /host0\.jsonl: holds no line that a sensor's --outcomes wrote\n$/);
  assert.match(empty.out, /seen by 11 sensors/, "what can be read is told first");
});

Deno.test("correlate holds nobody up for a line that says that it is of the future", async () => {
  const files = await sensorFiles(12);
  const future = lineOf("host0", 86_400 * 365, { source: "192.0.2.77" });
  await Deno.writeTextFile(files[0], future + await Deno.readTextFile(files[0]));
  assert.match((await scandog(["correlate", ...files])).out, /seen by 12 sensors/);
});

Deno.test({
  name: "correlate needs nothing but to read its files",
  ignore: withBinary("permissions by flag"),
  async fn() {
    const files = await sensorFiles(12);
    const folder = files[0].slice(0, files[0].lastIndexOf("/"));
    const permissions = ["--no-prompt", `--allow-read=${folder}`];
    const { status, out, err } = await scandog(["correlate", "--tz", "UTC", ...files], {
      permissions,
    });
    assert.equal(status, 0, err);
    assert.match(out, /seen by 12 sensors/);
  },
});

Deno.test("correlate --fail-on-scan and --expect give exit status 3", async () => {
  const files = await sensorFiles(12);
  assert.equal((await scandog(["correlate", "--fail-on-scan", ...files])).status, 3);
  assert.equal((await scandog(["correlate", "--fail-on-scan", ...files.slice(0, 7)])).status, 0);
  const expect = `${files[0]}.expect`;
  await Deno.writeTextFile(expect, `source=${SCANNER} shape=horizontal ports=22\n`);
  const met = await scandog(["correlate", "--expect", expect, ...files]);
  assert.equal(met.status, 0, met.err);
  const unmet = await scandog(["correlate", "--expect", expect, ...files.slice(0, 7)]);
  assert.deepEqual([unmet.status, unmet.out], [3, ""]);
});

Deno.test("report reads what correlate tells, and says how many sensors saw it", async () => {
  const files = await sensorFiles(12);
  const { out } = await scandog(["correlate", "--format", "json", ...files]);
  const log = `${files[0]}.events`;
  await Deno.writeTextFile(log, out);
  const report = await scandog(["report", "--format", "text", log]);
  assert.equal(report.status, 0, report.err);
  assert.match(report.out, /198\.51\.100\.7 scanned port 22 of 12 hosts \(seen by 12 sensors\)/);
});

Deno.test("correlate of a silent standard input ends at SIGTERM, and says nothing of what was not read", async () => {
  const child = scandogCommand(["correlate", "-"], { stdin: new Uint8Array(0) }).spawn();
  const writer = child.stdin.getWriter();
  // More than a pipe holds: it is written when it is read, and signals are heard by then.
  await writer.write(new Uint8Array(1 << 18).fill(10));
  child.kill("SIGTERM");
  const { code, stderr } = await child.output();
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [
    0,
    "scandog: stopped after 0 outcomes of 0 sensors: 0 scans that no sensor alone could tell\n",
  ]);
  await writer.close().catch(() => {});
});
