// `deno task bench-idle`: what a watch costs that nothing comes to, and how soon it is awake. scandog, tcpdump
// and the real scanlogd watch one quiet wire at the same time; printed are processor time and wake-ups a
// second, and memory. Then that wire is scanned, and the time from each alert's packet to its line is printed,
// and from SIGTERM to the end.
//
// Wake-ups and memory hardly depend on what else the machine does; processor time and latency do, so their
// smallest values are told beside the median. As root, in namespaces that vanish at the end. Arguments:
// --seconds N of each window (default 5), --windows N (6), --settle SECONDS before the first (20), --scans N (15), --record.

import { parseArgs } from "node:util";
import { INTERFACE, type Running, TARGET, Target } from "../live/target.ts";
import { medianOf, type Resident, resident, type Spent, spent } from "./process.ts";
import { record } from "./recorded.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    windows: { type: "string", default: "6" },
    settle: { type: "string", default: "20" },
    scans: { type: "string", default: "15" },
    record: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds), windows = Number(values.windows);

const pause = (s: number) => new Promise((resolve) => setTimeout(resolve, s * 1000));

interface Watcher {
  name: string;
  pid: number;
  spent: Spent[];
  resident?: Resident;
}

/** What was spent a second in each window. */
function perSecond({ spent }: Watcher, of: keyof Spent): number[] {
  return spent.slice(1).map((now, i) => (now[of] - spent[i][of]) / seconds);
}

function row(watcher: Watcher, reference: Watcher): string {
  const cpu = perSecond(watcher, "cpuMs"), sleeps = perSecond(watcher, "sleeps");
  const { rss, anonymous } = watcher.resident!;
  return `${watcher.name.padEnd(22)} ${medianOf(cpu).toFixed(2)} ms a second (least ` +
    `${Math.min(...cpu).toFixed(2)}), ${medianOf(sleeps).toFixed(1)} wake-ups a second; ` +
    `${rss.toFixed(1)} MiB, ${anonymous.toFixed(1)} of its own, ` +
    `${(rss / reference.resident!.rss).toFixed(1)} times ${reference.name}`;
}

/** The time from an alert's packet to its line, in milliseconds, of one scan after another. */
async function latencies(target: Target, watch: Running): Promise<number[]> {
  const found: number[] = [];
  watch.onOut = (text) => {
    const heardMs = Date.now();
    for (const line of text.split("\n").filter((line) => line.includes('"scan-start"'))) {
      found.push(heardMs - Date.parse(JSON.parse(line)["@timestamp"]));
    }
  };
  for (let i = 0; i < Number(values.scans); i++) {
    // Each a scan of its own: another source, after everything fell asleep again.
    const source = `198.51.100.${10 + i}`;
    target.scan(["ip", "addr", "add", `${source}/24`, "dev", "wan1"]);
    target.scan([
      ..."nmap -n -Pn --send-ip -sS -p1-40 -S".split(" "),
      source,
      "-e",
      "wan1",
      TARGET,
    ]);
    await pause(2);
  }
  return found;
}

await Target.with(async (target) => {
  const started: [string, () => Promise<Running> | number][] = [
    ["scandog", () => target.startScandog(["--user", "nobody", "--format", "json"])],
    [
      "scandog (scanlogd-2)",
      () => target.startScandog(["--user", "nobody", "--profile", "scanlogd-2"]),
    ],
    [
      "tcpdump",
      () => Promise.resolve(target.start(["tcpdump", "-n", "-i", INTERFACE, "-w", "/dev/null"])),
    ],
    ["scanlogd", () => {
      target.startScanlogd();
      return target.pidOf("scanlogd");
    }],
  ];
  const watchers: Watcher[] = [], running: Running[] = [];
  for (const [name, start] of started) {
    const made = await start();
    if (typeof made === "number") watchers.push({ name, pid: made, spent: [] });
    else {
      await pause(1);
      running.push(made);
      watchers.push({ name, pid: made.pid, spent: [] });
    }
  }
  await pause(Number(values.settle));
  for (let i = 0; i <= windows; i++) {
    if (i > 0) await pause(seconds);
    for (const watcher of watchers) watcher.spent.push(spent(watcher.pid));
  }
  for (const watcher of watchers) watcher.resident = resident(watcher.pid);
  const tcpdump = watchers.find(({ name }) => name === "tcpdump")!;
  for (const watcher of watchers) console.log(row(watcher, tcpdump));
  if (values.record) {
    const [scandog] = watchers;
    record("idle", {
      mib: scandog.resident!.rss,
      cpuMs: medianOf(perSecond(scandog, "cpuMs")),
      wakeUps: medianOf(perSecond(scandog, "sleeps")),
    });
  }

  const [watch] = running;
  const ms = await latencies(target, watch);
  console.log(
    `alerts: ${ms.length} of ${values.scans} scans, ${Math.min(...ms)} / ${medianOf(ms)} / ${
      Math.max(...ms)
    } ms after their packet (least, median, most)`,
  );
  for (const [i, name] of ["scandog", "scandog (scanlogd-2)", "tcpdump"].entries()) {
    const beganMs = performance.now();
    await running[i].stop();
    console.log(`${name} ends ${(performance.now() - beganMs).toFixed(0)} ms after SIGTERM`);
  }
});
