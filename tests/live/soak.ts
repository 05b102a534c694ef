// `deno task soak [SECONDS]` (720): a watch under a mixed load, as its unit has it: as an ordinary user, confined,
// with log, state and control socket. Scans, floods of forged sources, idle stretches; the log is turned
// over, the configuration read again, addresses come and go, the interface goes down and up. Every few
// seconds its memory, descriptors and threads are looked at; the run fails when one of them grows.

import { plural } from "../../src/format/figures.ts";
import { until } from "../sink/receivers.ts";
import { floors, type Sample, slopeKibAMinute, soakFaults, warm } from "./soak_judge.ts";
import { INTERFACE, type Running, TARGET, Target, whyNoTarget } from "./target.ts";

const NOBODY = 65534;
const NEWCOMER = "198.51.100.88";
const SAMPLE_MS = 5000;
const TRAFGEN = "/usr/sbin/trafgen";
/** Packets of one flood, and of how many a second. */
const FILL = { count: 2_000_000, rate: 100_000 };
const FLOOD = { count: 40_000, rate: 20_000 };

/** SYNs from sources at random, in trafgen's own words. */
function floodConfig(address: string): string {
  return `{ eth(da=${address}), ipv4(saddr=drnd(), daddr=${TARGET}, ttl=64), ` +
    "tcp(sport=drnd(), dport=drnd(), syn) }\n";
}

/** What happens in turn, again and again. */
function deeds(target: Target, watch: Running, logs: string): (() => void)[] {
  const nmap = (words: string) =>
    void target.scan([
      "timeout",
      "20",
      "nmap",
      "-n",
      "-Pn",
      "--send-ip",
      ...words.split(" "),
      TARGET,
    ]);
  let turn = 0;
  return [
    () => nmap("-sS -p1-500 --max-retries 0 -T4"),
    () => target.flood(`${target.folder}/flood.cfg`, FLOOD.count, FLOOD.rate),
    () => nmap("-sU -p1-40 --max-retries 0 -T4"),
    () => {
      turn++;
      Deno.renameSync(`${logs}/log`, `${logs}/log.1`);
      Deno.writeTextFileSync(`${target.folder}/c.toml`, `observer = "turn-${turn % 2}"\n`);
      watch.signal("SIGHUP");
    },
    () => nmap("-sF -p1-200 --max-retries 0 -T4 -D 10.7.0.1,10.7.0.2,ME"),
    () => {
      target.run(["ip", "addr", "add", "203.0.113.99/24", "dev", INTERFACE]);
      target.run(["ip", "addr", "del", "203.0.113.99/24", "dev", INTERFACE]);
    },
    () => nmap("-sT -p1-300 --max-retries 0 -T4"),
    () => {
      target.run(["ip", "link", "set", INTERFACE, "down"]);
      target.run(["ip", "link", "set", INTERFACE, "up"]);
      target.run(["ip", "route", "replace", "default", "dev", INTERFACE]);
    },
    () => watch.signal("SIGUSR1"),
  ];
}

function look(pid: number, seconds: number): Sample {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const number = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return {
    seconds,
    rssKib: number("VmRSS"),
    descriptors: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
    threads: number("Threads"),
  };
}

function lineOf({ seconds, rssKib, descriptors, threads }: Sample): string {
  return `${seconds.toFixed(0).padStart(4)} s  ${(rssKib / 1024).toFixed(1).padStart(6)} MiB  ` +
    `${descriptors} descriptors  ${threads} threads`;
}

async function soak(secondsMax: number): Promise<string[]> {
  const samples: Sample[] = [];
  const faults: string[] = [];
  await Target.with(async (target) => {
    const logs = `${target.folder}/logs`;
    await Deno.mkdir(logs);
    await Deno.chown(logs, NOBODY, NOBODY);
    const flood = floodConfig(target.hardwareAddress());
    await Deno.writeTextFile(`${target.folder}/flood.cfg`, flood);
    await Deno.writeTextFile(`${target.folder}/c.toml`, "");
    const watch = await target.startScandog([
      ...["--user", "nobody", "--config", `${target.folder}/c.toml`],
      ...["--log-file", `${logs}/log`, "--state", `${logs}/state`, "--control", `${logs}/control`],
    ]);
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const sampling = setInterval(() => {
      const sample = look(watch.pid, seconds());
      samples.push(sample);
      console.log(lineOf(sample));
    }, SAMPLE_MS);
    try {
      // Tables are of a fixed size, but memory is only taken where something was written. Filled at once,
      // they grow no more, and what grows afterwards is no table.
      target.flood(`${target.folder}/flood.cfg`, FILL.count, FILL.rate);
      const turns = deeds(target, watch, logs);
      for (let i = 0; seconds() < secondsMax; i++) {
        turns[i % turns.length]();
        // Quiet in between, in which the sampler has its turn as well.
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
      Deno.renameSync(`${logs}/log`, `${logs}/log.1`);
      watch.signal("SIGHUP");
      await until(() => exists(`${logs}/log`), () => `a new log: ${watch.err.slice(-500)}`);
      // By somebody new: the scans before go on as they were told.
      target.scan(["ip", "addr", "add", `${NEWCOMER}/24`, "dev", "wan1"]);
      const words = [
        "-n",
        "-Pn",
        "--send-ip",
        "-e",
        "wan1",
        "-S",
        NEWCOMER,
        "-sS",
        "-p1-200",
        TARGET,
      ];
      target.scan(["nmap", ...words]);
      await until(
        () => Deno.readTextFileSync(`${logs}/log`).includes(NEWCOMER),
        () => `a scan told at the end: ${watch.err.slice(-500)}`,
      );
    } finally {
      clearInterval(sampling);
    }
    const status = await watch.stop();
    if (status !== 0) faults.push(`it ended with status ${status}: ${watch.err.slice(-500)}`);
    for (const [, line] of watch.err.matchAll(/^(.*(?:cannot|panicked|Uncaught).*)$/gm)) {
      faults.push(`it said: ${line}`);
    }
  });
  console.log(
    `${
      slopeKibAMinute(floors(warm(samples))).toFixed(0)
    } KiB a minute, of what the collector leaves after the warm-up`,
  );
  return [...faults, ...soakFaults(samples)];
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const why = whyNoTarget() || !exists(TRAFGEN) && "not installed: netsniff-ng";
  if (why) {
    console.error(`The soak cannot run: ${why}`);
    Deno.exit(2);
  }
  const faults = await soak(Number(Deno.args[0] ?? 720));
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? "nothing grows" : plural(faults.length, "fault"));
  Deno.exit(faults.length === 0 ? 0 : 1);
}
