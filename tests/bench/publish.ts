// `deno task bench-publish`: what telling others costs. Replays ordinary traffic with scans in it, a flood of forged
// sources, and one scanner of many hosts, with and without `--outcomes` and `--publish`, in turn, and prints the ratio of
// whole-process wall times; then what the publisher alone hands to a real nats-server in a second.
//
// Arguments: --packets N (default 1000000), --runs N (default 5).

import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";
import { MemoryStore } from "../../src/fleet/memory_store.ts";
import { encodeBatch } from "../../src/fleet/batch.ts";
import { message, PASSWORD, publishing, SENSOR, USER } from "../fleet/publishing.ts";
import { attemptOutcome } from "../support/outcomes.ts";
import { NatsServerProcess } from "../support/nats.ts";
import { measure, type Measured, median } from "./measure.ts";
import { scandogCommand } from "./programs.ts";
import { SERVER, START_US, TRAFFIC, TrafficFile } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "1000000" },
    runs: { type: "string", default: "5" },
    folder: { type: "string", default: "build/bench" },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

/** One source tries ten thousand hosts' ports, a hundred a second; each answers with a RST. */
function writeSweep(path: string, count: number): void {
  const file = new TrafficFile(path);
  const SYN = 2, RST_ACK = 20, SCANNER = 0xc6336407;
  for (let i = 0; i < count / 2; i++) {
    const timeUs = START_US + i * 10_000;
    const host = SERVER - (SERVER & 0xffff) + (i % 10_000), port = 1 + Math.floor(i / 10_000);
    const common = { ttl: 60, payload: 0 };
    file.tcp(timeUs, {
      ...{ ...common, source: SCANNER, destination: host, sourcePort: 40_000 },
      ...{ destinationPort: port, sequence: i, flags: SYN },
    });
    file.tcp(timeUs + 100, {
      ...{ ...common, source: host, destination: SCANNER, sourcePort: port },
      ...{ destinationPort: 40_000, sequence: 0, flags: RST_ACK },
    });
  }
  file.close();
}

const KINDS = { ...TRAFFIC, sweep: writeSweep };

/** The capture, made once: it is the same for every run with this number of packets. */
function capture(kind: keyof typeof KINDS): string {
  const path = `${values.folder}/${kind}-${packets}.pcap`;
  try {
    Deno.statSync(path);
  } catch {
    Deno.mkdirSync(values.folder, { recursive: true });
    KINDS[kind](`${path}.tmp`, packets);
    Deno.renameSync(`${path}.tmp`, path);
  }
  return path;
}

function ratio(of: Measured[], to: Measured[]): string {
  const all = of.map(({ wallMs }, i) => wallMs / to[i].wallMs).sort((a, b) => a - b);
  return [all[0], all[all.length >> 1], all.at(-1)!].map((one) => one.toFixed(2)).join(" / ");
}

async function compare(kind: keyof typeof KINDS, server: NatsServerProcess): Promise<void> {
  const path = capture(kind), folder = values.folder;
  const credentials = `${folder}/credentials`, outcomes = `${folder}/outcomes.jsonl`;
  const { user, password } = PASSWORD as { user: string; password: string };
  Deno.writeTextFileSync(credentials, `${user}:${password}`, { mode: 0o600 });
  const common = ["--quiet", "--observer", SENSOR];
  const all = ["--outcomes-per-second", "1000000"];
  const publish = ["--publish", server.url, "--publish-credentials", credentials];
  const ways: Record<string, string[]> = {
    "neither": common,
    "--outcomes": [...common, "--outcomes", outcomes],
    "--outcomes, no bound": [...common, ...all, "--outcomes", outcomes],
    "--publish": [...common, ...publish],
    "--publish, no bound": [...common, ...all, ...publish],
  };
  const found = new Map<string, Measured[]>();
  const lines = new Map<string, number>();
  for (let i = 0; i <= runs; i++) {
    for (const [name, args] of Object.entries(ways)) {
      Deno.writeTextFileSync(outcomes, "");
      const more = ["--allow-write", "--allow-sys", `--allow-net=${server.host}:${server.port}`];
      const result = await measure(scandogCommand([...args, path], more));
      // The first round warms caches and is not counted.
      if (i > 0) found.set(name, [...found.get(name) ?? [], result]);
      lines.set(name, Deno.readTextFileSync(outcomes).split("\n").length - 1);
    }
  }
  console.log(`${kind}: ${packets} packets, ${runs} runs, median; wall time by that of neither`);
  for (const name of Object.keys(ways)) {
    const results = found.get(name)!, { wallMs, rssKiB } = median(results);
    const written = lines.get(name)! > 0 ? `, ${lines.get(name)} lines` : "";
    console.log(
      `  ${name.padEnd(22)} ${wallMs.toFixed(0).padStart(6)} ms, ${
        (rssKiB / 1024).toFixed(0)
      } MiB, ` +
        `x ${ratio(results, found.get("neither")!)} (min/median/max)${written}`,
    );
  }
}

/** Full batches, as fast as the server takes them. */
async function publisherAlone(server: NatsServerProcess): Promise<void> {
  const OUTCOMES = 512, MESSAGES = 4000;
  const payloads = Array.from({ length: MESSAGES }, (_, i) =>
    encodeBatch({
      madeUs: START_US + i,
      outcomes: Array.from({ length: OUTCOMES }, (_, port) => attemptOutcome({ port })),
    }));
  const { publisher } = publishing([server.route()], { store: new MemoryStore(1 << 30) });
  publisher.start();
  publisher.publish(message(0));
  await publisher.settled(10_000);
  const started = performance.now(), before = cpuUsage();
  const { subject } = message(0);
  for (const payload of payloads) publisher.publish({ subject, payload, records: OUTCOMES });
  await publisher.settled(10_000);
  const seconds = (performance.now() - started) / 1000, after = cpuUsage();
  const { acknowledged, lost } = publisher.state;
  await publisher.close();
  console.log(
    `publisher alone: ${((acknowledged - 1) / seconds).toFixed(0)} messages a second, ` +
      `${((acknowledged - 1) * OUTCOMES / seconds / 1e6).toFixed(2)} million outcomes, ` +
      `${
        ((after.user - before.user + after.system - before.system) / 1e6 / seconds).toFixed(2)
      } cores, ` +
      `${lost} lost`,
  );
}

await NatsServerProcess.with(async (server) => {
  await server.addStreams();
  for (const kind of ["ordinary", "flood", "sweep"] as const) await compare(kind, server);
  await publisherAlone(server);
}, { users: USER });
