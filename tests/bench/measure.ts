// Runs a command and measures the whole process from outside: wall time, peak memory, its lines.

export interface Measured {
  wallMs: number;
  /** Processor time, user and system, of the process and its threads. */
  cpuMs: number;
  /** The kernel's own high-water mark of resident memory. */
  rssKiB: number;
  /** Standard output, without scanlogd's `<1> ` priority. */
  lines: string[];
}

/** How often the high-water mark is read while the command runs. */
const LOOK_MS = 20;

/** The shell runs the command, and says then what processor time it took. */
const SCRIPT = '"$@"; code=$?; times > "$0"; exit $code';

/** VmHWM of the command that the shell `pid` runs; 0 once it is gone. */
function peakKiB(shell: number): number {
  try {
    const pid = Deno.readTextFileSync(`/proc/${shell}/task/${shell}/children`).trim();
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The second line of what bash's `times` says, to the millisecond: user and system time of its children. */
function childMs(times: string): number {
  const [, children] = times.split("\n");
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + +minutes * 60_000 + +seconds * 1000, 0);
}

/** Runs one command, with another's output as its standard input if that is given. */
export async function measure(command: string[], feeder?: string[]): Promise<Measured> {
  const timesFile = Deno.makeTempFileSync({ prefix: "scandog-bench-" });
  const start = performance.now();
  const child = new Deno.Command("bash", {
    args: ["-c", SCRIPT, timesFile, ...command],
    stdin: feeder === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let rssKiB = 0;
  const timer = setInterval(() => rssKiB = Math.max(rssKiB, peakKiB(child.pid)), LOOK_MS);
  if (feeder !== undefined) {
    const [feed, ...feedArgs] = feeder;
    const source = new Deno.Command(feed, { args: feedArgs, stdout: "piped" }).spawn();
    await source.stdout.pipeTo(child.stdin);
    await source.status;
  }
  const output = await new Response(child.stdout).text();
  const { code } = await child.status;
  const wallMs = performance.now() - start;
  clearInterval(timer);
  const cpuMs = childMs(Deno.readTextFileSync(timesFile));
  Deno.removeSync(timesFile);
  if (code !== 0) throw new Error(`${command.join(" ")}: exit status ${code}`);
  const lines = output.split("\n").filter((line) => line !== "");
  return { wallMs, cpuMs, rssKiB, lines: lines.map((line) => line.replace(/^<\d+> /, "")) };
}

/** The run with the median wall time. */
export function median(results: Measured[]): Measured {
  const sorted = results.toSorted((a, b) => a.wallMs - b.wallMs);
  return sorted[sorted.length >> 1];
}
