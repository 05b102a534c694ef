// `deno task bench-memory`: resident memory of a watch, when nothing has come and after a flood of SYNs from forged
// sources, and what it is for. tcpdump and the real scanlogd see the same packets on the same wire.
//
// As root, in namespaces that vanish at the end. Arguments: --packets N (default 10000000), --rate PACKETS a second
// (200000), --settle SECONDS before the first look (10), --watch "OPTIONS" of scandog watch, --record.

import { parseArgs } from "node:util";
import { INTERFACE, type Running, TARGET, Target } from "../live/target.ts";
import { mappings, resident } from "./process.ts";
import { record } from "./recorded.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "10000000" },
    rate: { type: "string", default: "200000" },
    settle: { type: "string", default: "10" },
    watch: { type: "string", default: "" },
    record: { type: "boolean", default: false },
  },
});

/** Mappings of less than so many kibibytes are told together. */
const SMALL_KIB = 1024;

const pause = (s: number) => new Promise((resolve) => setTimeout(resolve, s * 1000));

interface Watcher {
  name: string;
  pid: number;
  running?: Running;
}

function tell(when: string, { name, pid }: Watcher): void {
  const { rss, anonymous } = resident(pid);
  console.log(`${when}: ${name}: ${rss.toFixed(1)} MiB, ${anonymous.toFixed(1)} of its own`);
}

function tellMappings(pid: number): void {
  const all = mappings(pid);
  const large = all.filter(([, kib]) => kib >= SMALL_KIB);
  for (const [what, kib] of large) console.log(`  ${(kib / 1024).toFixed(1).padStart(6)} ${what}`);
  const rest = all.filter(([, kib]) => kib < SMALL_KIB).reduce((sum, [, kib]) => sum + kib, 0);
  console.log(`  ${(rest / 1024).toFixed(1).padStart(6)} in smaller pieces`);
}

await Target.with(async (target) => {
  const config = `${target.folder}/flood.cfg`;
  await Deno.writeTextFile(
    config,
    `{ eth(da=${target.hardwareAddress()}), ipv4(saddr=drnd(), daddr=${TARGET}, ttl=64), ` +
      `tcp(sport=drnd(), dport=drnd(), syn) }\n`,
  );
  // Nobody answers: what is measured is receiving.
  target.run(["ip", "addr", "del", `${TARGET}/24`, "dev", INTERFACE]);
  const options = values.watch.split(" ").filter((word) => word !== "");
  const watch = await target.startScandog(["--user", "nobody", ...options]);
  const dump = target.start(["tcpdump", "-n", "-i", INTERFACE, "-w", "/dev/null"]);
  target.startScanlogd();
  await pause(Number(values.settle));
  const watchers: Watcher[] = [
    { name: "scandog", pid: watch.pid, running: watch },
    { name: "tcpdump", pid: dump.pid, running: dump },
    { name: "scanlogd", pid: target.pidOf("scanlogd") },
  ];
  for (const watcher of watchers) tell("nothing came", watcher);
  tellMappings(watch.pid);
  const before = target.received();
  target.flood(config, Number(values.packets), Number(values.rate));
  await pause(3);
  const packets = target.received() - before;
  console.log(`${packets} packets came`);
  for (const watcher of watchers) tell("after the flood", watcher);
  if (values.record) record("flood", { packets, mib: resident(watch.pid).rss });
  tellMappings(watch.pid);
  for (const { running } of watchers) await running?.stop();
  console.log(watch.err.trim().split("\n").filter((line) => line.includes("lost")).join("\n"));
});
