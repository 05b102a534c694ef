// The classic profiles against the real scanlogd, line for line: 2.2.8 as Debian packages it, 1.0 as
// printed, where the article is there. Elsewhere testdata has what 1.0 said. The harness that may lie beside the project in ../shared runs both programs in its own
// way; where it is there, it is asked too.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { exists, skipped, unsuited } from "../support/skip.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { generate, type Generated } from "./generate.ts";
import { type Job, Oracle, oracleMissing, type Version } from "./oracle.ts";
import { printedSource } from "./article.ts";
import { scandogLines, VERSIONS } from "./scandog_lines.ts";

const GENERATED = 300;
/** Another seed tries other captures; the same seeds give the same ones. */
const FIRST_SEED = Number(Deno.env.get("SCANDOG_SEED") ?? 1);

const root = new URL("../../", import.meta.url).pathname;
const shared = Deno.env.get("SCANDOG_SHARED") ?? `${root}../shared`;
const SHARED_HARNESS = `${shared}/tools/scanlogd-oracle/scanlogd-oracle`;

const printed = printedSource(`${shared}/seeds`);
/** Versions that can be run here. */
const RUN_HERE = VERSIONS.filter((version) => version === "2.2.8" || printed !== undefined);
if (printed === undefined) {
  console.log(
    `skipped: comparison with scanlogd 1.0: the article with its source is not in ${shared}/seeds; ` +
      "the lines recorded in testdata stand for it",
  );
}

/** So many captures there were when this was written: fewer are a sign that they are not found. */
const CASES_MIN = 200;
const SHARED_MIN = 100;

/** Files below a directory, sorted, but for those that describe them. */
function files(directory: string): string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) found.push(...files(path));
    else if (/\.(pcap|pcapng|cap|dmp|trace|gz)$|\/[^.]+$/i.test(path)) found.push(path);
  }
  return found.sort();
}

/** Compares scandog's lines with those of the real program; so many captures there are at least. */
function compare(
  jobs: (Job & { name: string })[],
  real: (version: Version) => string[][],
  jobsMin: number,
): void {
  assert.ok(jobs.length >= jobsMin, `${jobs.length} captures, which is too few`);
  const found: string[] = [];
  for (const version of RUN_HERE) {
    const truth = real(version);
    assert.equal(truth.length, jobs.length);
    let lines = 0;
    jobs.forEach(({ name, path, timeZone }, i) => {
      lines += truth[i].length;
      const ours = scandogLines(path, version, timeZone);
      const at = truth[i].findIndex((line, k) => line !== ours[k]);
      if (at < 0 && ours.length === truth[i].length) return;
      const k = at < 0 ? truth[i].length : at;
      found.push(`${version}, ${name}: line ${k + 1}\n real: ${truth[i][k]}\n ours: ${ours[k]}`);
    });
    assert.ok(lines > 0, `scanlogd ${version} says nothing`);
    console.log(`scanlogd ${version}: ${lines} lines of ${jobs.length} captures compared`);
  }
  assert.equal(found.length, 0, `${found.length} differ\n${found.slice(0, 10).join("\n")}`);
}

function sharedHarness(version: Version, { path, timeZone }: Job): string[] {
  const { success, stdout, stderr } = new Deno.Command(SHARED_HARNESS, {
    args: [version === "1.0" ? "1.0" : "2.2", path, "raw"],
    env: { TZ: timeZone },
  }).outputSync();
  if (!success) throw new Error(`${SHARED_HARNESS} ${path}: ${new TextDecoder().decode(stderr)}`);
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.filter((line) => line !== "").map((line) => line.replace(/^<\d+> /, ""));
}

function write(oracle: Oracle, captures: Generated[]) {
  return captures.map(({ seed, story, timeZone, file }) => {
    const path = oracle.file(`${seed}.pcap`);
    Deno.writeFileSync(path, file);
    return { name: `seed ${seed} (${story})`, path, timeZone };
  });
}

function generated(): Generated[] {
  console.log(`seeds ${FIRST_SEED} to ${FIRST_SEED + GENERATED - 1}`);
  return Array.from({ length: GENERATED }, (_, i) => generate(FIRST_SEED + i));
}

const missing = oracleMissing();
const noShared = !exists(SHARED_HARNESS) && "../shared is not there (SCANDOG_SHARED)";
const ignore = skipped("comparison with the real scanlogd", missing);
// Optional also where everything is required: it is not part of the project.
const ignoreShared = ignore ||
  unsuited("comparison with the shared harness and captures", noShared);

Deno.test({
  name: "scandog says what the real scanlogd says of generated captures",
  ignore,
  fn() {
    using oracle = new Oracle(printed);
    const jobs = write(oracle, generated());
    const real = (version: Version) => oracle.run(version, jobs).map(({ lines }) => lines);
    compare(jobs, real, GENERATED);
  },
});

Deno.test({
  name: "scandog says what the real scanlogd says of every case in testdata",
  ignore,
  fn() {
    using oracle = new Oracle(printed);
    const jobs = files(`${root}testdata/cases`)
      .filter((path) => /\/capture\.(pcap|pcapng)(\.gz)?$/.test(path))
      .map((path, i) => {
        const name = path.slice(root.length);
        if (!path.endsWith(".gz")) return { name, path, timeZone: "UTC" };
        const unpacked = oracle.file(`case-${i}`); // libpcap reads no gzip
        Deno.writeFileSync(unpacked, gunzipSync(Deno.readFileSync(path)));
        return { name, path: unpacked, timeZone: "UTC" };
      });
    const real = (version: Version) => oracle.run(version, jobs).map(({ lines }) => lines);
    compare(jobs, real, CASES_MIN);
  },
});

Deno.test({
  name: "scandog says what the real scanlogd says of every shared capture",
  ignore: ignoreShared,
  fn() {
    using oracle = new Oracle(printed);
    const jobs = files(`${shared}/captures`)
      .map((path) => ({ name: path.slice(shared.length + 1), path, timeZone: "UTC" }));
    const real = (version: Version) => oracle.run(version, jobs).map(({ lines }) => lines);
    compare(jobs, real, SHARED_MIN);
  },
});

Deno.test({
  name: "scandog says what the shared harness says of generated captures",
  ignore: ignoreShared,
  fn() {
    using oracle = new Oracle(printed);
    const jobs = write(oracle, generated());
    const real = (version: Version) => jobs.map((job) => sharedHarness(version, job));
    compare(jobs, real, GENERATED);
  },
});

for (const { name, why, harness, version, file, real, scandog } of EXCEPTIONS) {
  Deno.test({
    name: `scandog differs from scanlogd ${version} (${harness}) on ${name}`,
    ignore: (harness === "shared" ? ignoreShared : ignore) || !RUN_HERE.includes(version),
    fn() {
      using oracle = new Oracle(printed);
      const job = { path: oracle.file("exception.pcap"), timeZone: "UTC" };
      Deno.writeFileSync(job.path, file);
      const truth = harness === "shared"
        ? sharedHarness(version, job)
        : oracle.run(version, [job])[0].lines;
      assert.deepEqual(truth, real, why);
      assert.deepEqual(scandogLines(file, version, "UTC"), scandog, why);
      assert.notDeepEqual(truth, scandog);
    },
  });
}
