// `deno task compile [--target TRIPLE] [--output FILE] [REVISION]`: one binary out of one commit.
//
// The commit is exported and compiled elsewhere, so that nothing but what is in it can come into the
// binary: no node_modules, no test data, no change that nobody else has. git writes the commit into
// src/version.ts as it exports it.
//
// COMPILE_DENO names another Deno to compile with; DENORT_BIN, known to Deno itself, is the runtime
// to build on where Deno's download host cannot be reached.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundle, PROGRAM, THREAD } from "./bundle.ts";
import { permissionFlags, V8_FLAGS } from "./flags.ts";
import { medianMs } from "./start_up.ts";

const REPOSITORY = new URL("../../", import.meta.url).pathname;
/**
 * Always the same: Deno writes paths of its cache into the binary, in what it says of files that
 * are no JavaScript.
 */
const FOLDER = "/tmp/scandog-build";
/** In it: what is compiled. */
const BUNDLE = join(FOLDER, "bundle");
const SAMPLE = "testdata/cases/mixed-syn/capture.pcap.gz";

const DENO = Deno.env.get("COMPILE_DENO") ?? Deno.execPath();

interface Project {
  version: string;
  imports: Record<string, string>;
}

/** What keeps a build from being made: said in one piece, without a stack. */
class BuildError extends Error {}

/** Runs a program to its end and gives its output. Throws `BuildError` when it fails. */
function run(program: string, args: string[], cwd = REPOSITORY, denoDir?: string): string {
  const { success, stdout, stderr } = new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...(denoDir && { DENO_DIR: denoDir }) },
  }).outputSync();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new BuildError(
    `${program} ${args.join(" ")} failed:\n${decoder.decode(stderr).trimEnd()}`,
  );
}

/** Makes it, and knows that nobody else did. */
function makeFolder(): void {
  try {
    Deno.mkdirSync(FOLDER, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new BuildError(
      `${FOLDER} is there: another build is running, or was killed; if so, remove it`,
    );
  }
}

/** Puts the files of a revision into the folder. */
function exportTo(revision: string): void {
  const archive = join(FOLDER, "export.tar");
  // Fewer paths would do; deno.json names the import map, deno.lock the packages.
  const paths = ["deno.json", "deno.lock", "main.ts", "src"];
  run("git", ["archive", `--output=${archive}`, revision, ...paths]);
  run("tar", ["-xf", archive], FOLDER);
  Deno.removeSync(archive);
}

/**
 * Packages that only tests and builds use are taken out of the import map, so that none of them is fetched; the
 * lock file still decides what the others must be, byte for byte.
 */
function leaveOutUnused(): void {
  const path = join(FOLDER, "deno.json");
  const project: Project = JSON.parse(Deno.readTextFileSync(path));
  const sources = sourceTexts(FOLDER);
  for (const [name, target] of Object.entries(project.imports)) {
    const used = sources.some((text) => text.includes(`"${name}"`) || text.includes(`"${name}/`));
    if (target.startsWith("npm:") && !used) delete project.imports[name];
  }
  Deno.writeTextFileSync(path, JSON.stringify(project, null, 2) + "\n");
}

function sourceTexts(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) return sourceTexts(path);
    return name.endsWith(".ts") ? [Deno.readTextFileSync(path)] : [];
  });
}

interface Lock {
  npm: Record<string, { integrity: string }>;
}

/** Taking packages out changes the lock file; what is left in it must be as it was committed. */
function compareLocks(committed: string, used: string): void {
  const before: Lock["npm"] = JSON.parse(committed).npm;
  for (const [name, { integrity }] of Object.entries(JSON.parse(used).npm as Lock["npm"])) {
    if (before[name]?.integrity === integrity) continue;
    throw new BuildError(`deno.lock does not know ${name} ${integrity}`);
  }
}

/** A cache of packages for this build only. A runtime that was downloaded before is used again. */
function makeCache(): string {
  const cache = join(FOLDER, ".cache");
  Deno.mkdirSync(cache);
  const { denoDir } = JSON.parse(run(DENO, ["info", "--json"]));
  Deno.mkdirSync(join(denoDir, "dl"), { recursive: true });
  Deno.symlinkSync(join(denoDir, "dl"), join(cache, "dl"));
  return cache;
}

/** Gives every file below `folder` the same time, in seconds since 1970. */
function setTimes(folder: string, seconds: number): void {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) setTimes(path, seconds);
    else if (isFile) Deno.utimeSync(path, seconds, seconds);
  }
}

/** The target of this machine, as Deno calls it. */
const HOST = Deno.build.target;

async function compile(): Promise<void> {
  const { values, positionals: [revision = "HEAD"] } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      target: { type: "string", default: HOST },
      output: { type: "string", default: "build/scandog" },
    },
  });
  const { target } = values;
  const output = resolve(REPOSITORY, values.output);
  const flags = permissionFlags(target);
  makeFolder();
  try {
    exportTo(revision);
    const lock = Deno.readTextFileSync(join(FOLDER, "deno.lock"));
    leaveOutUnused();
    const cache = makeCache();
    run(DENO, ["install", "--quiet", "--node-modules-dir=auto"], FOLDER, cache);
    compareLocks(lock, Deno.readTextFileSync(join(FOLDER, "deno.lock")));
    await bundle(FOLDER, BUNDLE);
    // Deno writes the times of files into the binary.
    setTimes(BUNDLE, Number(run("git", ["show", "--no-patch", "--format=%ct", revision])));
    const args = [
      "compile",
      "--quiet",
      // Types are checked with the Deno that the project is developed with, in a step of its own.
      "--no-check",
      // The runtime would look for one in the temporary folder, under a name that everybody knows, and
      // run what it finds there with root's rights.
      "--no-code-cache",
      `--v8-flags=${V8_FLAGS.join(",")}`,
      ...(target === HOST ? [] : ["--target", target]),
      ...flags,
      // No import leads to it.
      ...["--include", THREAD],
      ...["--output", output],
      PROGRAM,
    ];
    run(DENO, args, BUNDLE, cache);
  } finally {
    Deno.removeSync(FOLDER, { recursive: true });
  }
  const bytes = Deno.readFileSync(output);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  console.log(`${values.output}: ${target}, ${(bytes.length / 1e6).toFixed(1)} MB`);
  console.log(`sha256 ${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  for (const flag of flags) console.log(flag);
  if (target !== HOST) return;
  console.log(run(output, ["--version"]).trim());
  const sample = join(REPOSITORY, SAMPLE);
  console.log(`--version: ${medianMs(output, ["--version"]).toFixed(0)} ms`);
  console.log(`replay of a small capture: ${medianMs(output, ["replay", sample]).toFixed(0)} ms`);
}

try {
  await compile();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  Deno.exitCode = 1;
}
