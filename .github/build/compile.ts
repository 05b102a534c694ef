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
import { permissionFlags } from "./flags.ts";
import { medianMs } from "./start_up.ts";

const REPOSITORY = new URL("../../", import.meta.url).pathname;
/** Modules that no static import leads to. */
const INCLUDED = ["src/capture/worker.ts"];
const SAMPLE = "testdata/cases/mixed-syn/capture.pcap.gz";

const DENO = Deno.env.get("COMPILE_DENO") ?? Deno.execPath();

interface Project {
  version: string;
  imports: Record<string, string>;
}

/** Runs a program to its end and gives its output; ends this program when it fails. */
function run(program: string, args: string[], cwd = REPOSITORY): string {
  const { success, stdout, stderr } = new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).outputSync();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  console.error(`${program} ${args.join(" ")} failed:\n${decoder.decode(stderr).trimEnd()}`);
  Deno.exit(1);
}

/** Puts the files of a revision into `folder`. */
function exportTo(folder: string, revision: string): void {
  const archive = join(folder, "export.tar");
  // Fewer paths would do; deno.json names the import map, deno.lock the packages.
  const paths = ["deno.json", "deno.lock", "main.ts", "src"];
  run("git", ["archive", `--output=${archive}`, revision, ...paths]);
  run("tar", ["-xf", archive], folder);
  Deno.removeSync(archive);
}

/**
 * `deno compile` embeds every package of the import map. Those that only tests use are taken out of
 * it; the lock file still decides what the others must be, byte for byte.
 */
function leaveOutUnused(folder: string): void {
  const path = join(folder, "deno.json");
  const project: Project = JSON.parse(Deno.readTextFileSync(path));
  const sources = sourceTexts(folder);
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
    console.error(`deno.lock does not know ${name} ${integrity}`);
    Deno.exit(1);
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
  const folder = Deno.makeTempDirSync({ prefix: "scandog-build-" });
  try {
    exportTo(folder, revision);
    const lock = Deno.readTextFileSync(join(folder, "deno.lock"));
    leaveOutUnused(folder);
    run(DENO, [
      "compile",
      "--quiet",
      // Types are checked with the Deno that the project is developed with, in a step of its own.
      "--no-check",
      ...(target === HOST ? [] : ["--target", target]),
      ...flags,
      ...INCLUDED.flatMap((path) => ["--include", path]),
      "--output",
      output,
      "main.ts",
    ], folder);
    compareLocks(lock, Deno.readTextFileSync(join(folder, "deno.lock")));
  } finally {
    Deno.removeSync(folder, { recursive: true });
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

await compile();
