// Runs the probe as root, or as an ordinary user with chosen capabilities, under the FFI permission
// that the program itself has, and looks at its threads from outside.

import assert from "node:assert/strict";
import { libcPaths } from "../../src/system/libc.ts";
import { parseStatus, type ThreadStatus } from "../../src/system/threads.ts";
import { exists } from "../support/skip.ts";
import type { CaptureProbeAnswer, CaptureProbeRequest } from "./capture_probe.ts";
import type { ProbeAnswer, ProbeRequest } from "./probe.ts";

/** nobody and nogroup; any ids without privileges would do, they need no entry in /etc/passwd. */
export const ORDINARY = { name: "nobody", uid: 65534, gid: 65534 };

export function whyNoRoot(): string | false {
  if (Deno.build.os !== "linux") return "it needs Linux";
  return Deno.uid() === 0 ? false : "it needs root";
}

export function whyNoSetpriv(): string | false {
  if (whyNoRoot()) return whyNoRoot();
  return exists("/usr/bin/setpriv") ? false : "there is no setpriv (Debian: util-linux)";
}

export interface ProbeRun<Answer = ProbeAnswer> {
  answer: Answer;
  /** As the kernel shows them to another process. */
  threads: ThreadStatus[];
  /** The main thread among them. */
  main: ThreadStatus;
  /** Whose its files in /proc are: root's, for a process that may not be traced (prctl(2), PR_SET_DUMPABLE). */
  owner: number | null;
}

const ROOT = new URL("../../", import.meta.url).pathname;

/** As root; `request` says what is given up. */
export function runProbe(request: ProbeRequest): Promise<ProbeRun> {
  return run(Deno.execPath(), [], ROOT, "probe.ts", request, {});
}

/** As root, the capture thread's probe. */
export function runCaptureProbe(
  request: CaptureProbeRequest,
): Promise<ProbeRun<CaptureProbeAnswer>> {
  return run(Deno.execPath(), [], ROOT, "capture_probe.ts", request, {});
}

/**
 * As `ORDINARY` with these capabilities (`+net_raw,+net_admin`), which is how a service manager or
 * file capabilities start the program. Everything it reads is copied to where it may.
 */
export async function runProbeWithCapabilities<Answer = ProbeAnswer>(
  capabilities: string,
  request: ProbeRequest | CaptureProbeRequest,
  program = "probe.ts",
): Promise<ProbeRun<Answer>> {
  const home = await Deno.makeTempDir();
  try {
    await Deno.chmod(home, 0o755);
    for (const folder of ["src", "src/system", "tests/system"]) {
      await Deno.mkdir(`${home}/${folder}`, { recursive: true });
      for await (const { name, isFile } of Deno.readDir(`${ROOT}${folder}`)) {
        if (isFile) await Deno.copyFile(`${ROOT}${folder}/${name}`, `${home}/${folder}/${name}`);
      }
    }
    await Deno.mkdir(`${home}/cache`);
    await Deno.chmod(`${home}/cache`, 0o777);
    await Deno.copyFile(Deno.execPath(), `${home}/deno`);
    await Deno.chmod(`${home}/deno`, 0o755);
    const { uid, gid } = ORDINARY;
    const args = [
      ...[`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"],
      ...[`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`, `${home}/deno`],
    ];
    const env = { DENO_DIR: `${home}/cache`, HOME: home };
    return await run("/usr/bin/setpriv", args, `${home}/`, program, request, env);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function run<Answer>(
  command: string,
  before: string[],
  root: string,
  program: string,
  request: ProbeRequest | CaptureProbeRequest,
  env: Record<string, string>,
): Promise<ProbeRun<Answer>> {
  const child = new Deno.Command(command, {
    args: [
      ...before,
      ...["run", "--no-prompt", "--no-config", "--no-lock", "--unstable-worker-options"],
      ...[`--allow-ffi=${libcPaths().join(",")}`, `--allow-read=${root}`],
      ...[`${root}tests/system/${program}`, JSON.stringify(request)],
    ],
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  let text = "";
  for await (const chunk of lines.values({ preventCancel: true })) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  assert.ok(text.includes("\n"), `the probe ended without an answer: ${text}`);
  const threads = readThreads(child.pid);
  const owner = Deno.statSync(`/proc/${child.pid}/environ`).uid;
  await child.stdin.close();
  await lines.cancel();
  await child.status;
  const main = threads.find(({ tid }) => tid === child.pid)!;
  return { answer: JSON.parse(text), threads, main, owner };
}

/** setpriv becomes the probe by exec, so its process id stays. */
function readThreads(pid: number): ThreadStatus[] {
  const directory = `/proc/${pid}/task`;
  return [...Deno.readDirSync(directory)].map(({ name }) => Number(name))
    .map((tid) => parseStatus(tid, Deno.readTextFileSync(`${directory}/${tid}/status`)));
}
