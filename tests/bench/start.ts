// `deno task bench-start`: how long it takes to start. scandog (SCANDOG_BINARY, or these sources), tcpdump and the
// real scanlogd read one small capture in turns, and scandog says its version; printed are the least and the median
// of whole processes, and the processor time of all their threads.
//
// The least is what the machine can do when nothing else is done on it; processor time depends less on that.
// Arguments: --runs N (default 21), --record.

import { parseArgs } from "node:util";
import { inRepository } from "../support/paths.ts";
import { scandogWords } from "../support/scandog.ts";
import { medianOf } from "./process.ts";
import { record } from "./recorded.ts";
import { scanlogdCommand } from "./programs.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "21" }, record: { type: "boolean", default: false } },
});

const REPLAY = "scandog replay";
const CLASSIC = "scandog replay (scanlogd-2)";

const PACKED = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");

/** tcpdump reads no gzip, so all are given it unpacked as well. */
async function unpacked(folder: string): Promise<string> {
  const path = `${folder}/small.pcap`;
  const file = await Deno.open(PACKED);
  const plain = file.readable.pipeThrough(new DecompressionStream("gzip"));
  await Deno.writeFile(path, plain);
  return path;
}

interface Taken {
  wallMs: number;
  cpuMs: number;
}

/** Runs to the end; bash knows the processor time of what it waited for. */
async function taken(command: string[]): Promise<Taken> {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1';
  const { code, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, "bash", ...command],
    stdout: "null",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  if (code !== 0) throw new Error(`${command.join(" ")}: exit status ${code}`);
  const [wall, user, system] = said.split(" ").map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

const folder = await Deno.makeTempDir({ prefix: "scandog-start-" });
try {
  const path = await unpacked(folder);
  const quiet = ["replay", "--quiet", "--config", "/dev/null"];
  const commands: [string, string[] | undefined][] = [
    ["scandog --version", scandogWords(["--version"])],
    [REPLAY, scandogWords([...quiet, path])],
    ["scandog replay, gzip", scandogWords([...quiet, PACKED])],
    [CLASSIC, scandogWords([...quiet, "--profile", "scanlogd-2", path])],
    ["tcpdump -r", ["tcpdump", "-n", "-r", path]],
    ["scanlogd", scanlogdCommand(path, "raw")],
  ];
  const found = new Map<string, Taken[]>();
  for (let i = 0; i <= Number(values.runs); i++) {
    for (const [name, command] of commands) {
      if (command === undefined) continue;
      const result = await taken(command);
      // The first round brings files into memory.
      if (i > 0) found.set(name, [...found.get(name) ?? [], result]);
    }
  }
  const least = (name: string) => Math.min(...found.get(name)!.map(({ wallMs }) => wallMs));
  for (const [name, all] of found) {
    const wall = all.map(({ wallMs }) => wallMs), cpu = all.map(({ cpuMs }) => cpuMs);
    console.log(
      `${name.padEnd(28)} ${Math.min(...wall).toFixed(0).padStart(4)} ms, median ${
        medianOf(wall).toFixed(0)
      }; processor ${Math.min(...cpu).toFixed(0)} ms, median ${medianOf(cpu).toFixed(0)}; ` +
        `${(least(name) / least("tcpdump -r")).toFixed(1)} times tcpdump`,
    );
  }
  if (values.record) {
    const medianMs = (name: string) => medianOf(found.get(name)!.map(({ wallMs }) => wallMs));
    record("start", { replayMs: medianMs(REPLAY), classicMs: medianMs(CLASSIC) });
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
