// A fleet for real: twelve hosts in namespaces of their own, each with a sensor that publishes, a server, two correlators,
// and zmap and nmap, which ask each host once. No sensor alone tells; the correlators tell once, with all sensors; the files of
// the same sensors give the same; and a sensor that is killed takes nothing along that was acknowledged.

import assert from "node:assert/strict";
import { zmap } from "../lab/scanners.ts";
import { ROUTED, World } from "../lab/world.ts";
import { PATIENCE_MS, until } from "../sink/receivers.ts";
import { scandog, scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";
import { whyNoNats } from "../support/nats.ts";
import { whyNoNamespaces } from "./namespace.ts";

const NMAP = "/usr/bin/nmap";
const MISSING = [NMAP, "/usr/sbin/zmap"].find((path) => !exists(path));
const missing = MISSING !== undefined && `there is no ${MISSING}`;
const ignore = skipped("a fleet in namespaces", whyNoNamespaces() || whyNoNats() || missing);

const SENSORS = 12;
const SERVER = "nats://203.0.113.1:4222";
/** Of one probe at each host. */
const SWEEPS = 3;

const NAMES = Array.from({ length: SENSORS }, (_, i) => `host${i + 1}`);
const PLAN = {
  ...ROUTED,
  outside: {
    scanner: ["198.51.100.7/24"],
    slow: ["198.51.100.8/24"],
    last: ["198.51.100.9/24"],
  },
  inside: Object.fromEntries(NAMES.map((name, i) => [name, [`203.0.113.${11 + i}/24`]])),
  outsideGateway: ["198.51.100.1/24"],
  insideGateway: ["203.0.113.1/24"],
};

/** What correlators told in their logs, as `ACTION source sensors`. */
function toldIn(logs: readonly string[]): string[] {
  return logs.flatMap((log) => (exists(log) ? Deno.readTextFileSync(log) : "").split("\n"))
    .filter((line) => line !== "").map((line) => JSON.parse(line))
    .filter(({ event }) => event.action === "scan-start")
    .map(({ source, scandog }) => `${source.ip} ${scandog.sensors.count}`).sort();
}

/** Waits until a server has acknowledged so many outcomes of a sensor. */
async function acknowledged(control: string, outcomes: number): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { out } = await scandog(["status", "--json", "--control", control]);
    if (JSON.parse(out).publish.records >= outcomes) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`less than ${outcomes} outcomes were acknowledged`);
}

/** Starts all that runs; gives the sensors and the correlators' logs. */
async function startFleet(world: World) {
  const router = world.host("router");
  const configuration = await world.file(
    "server.conf",
    `host: "203.0.113.1"
     port: 4222
     jetstream { store_dir: "${world.folder}/store", max_memory_store: 64MB, max_file_store: 4GB }
     accounts { SCAN { jetstream: enabled, users: [ { user: admin, password: admin-password } ] } }`,
  );
  await router.start(["/usr/sbin/nats-server", "-c", configuration]).until(
    /Server is ready/,
    PATIENCE_MS / 1000,
  );
  const credentials = await world.file("credentials", "admin:admin-password\n");
  await Deno.chmod(credentials, 0o600);
  const correlate = scandogWords([
    "correlate",
    "--subscribe",
    SERVER,
    "--subscribe-credentials",
    credentials,
  ]);
  await router.run([...correlate, "--init", "--stream-size", "1"]);
  const logs = [1, 2].map((i) => `${world.folder}/correlate${i}.json`);
  for (const log of logs) {
    const service = router.start([
      ...correlate,
      ...["--user", "root", "--memory", "16", "--second-look", "3", "--reorder", "2"],
      ...["--format", "json", "--log-file", log],
    ]);
    await service.until(/connected to/, PATIENCE_MS / 1000);
  }
  const sensors = [];
  for (const name of NAMES) {
    const sensor = world.host(name).start(scandogWords([
      ...["watch", "-i", "eth0", "--user", "root", "--memory", "4", "--observer", name],
      ...["--publish", SERVER, "--publish-credentials", credentials],
      ...["--outcomes", `${world.folder}/${name}.jsonl`],
      ...["--log-file", `${world.folder}/${name}.log`, "--format", "json"],
      ...(name === NAMES[0] ? ["--control", `${world.folder}/control`] : []),
    ]));
    await sensor.until(/watching eth0/, PATIENCE_MS / 1000);
    sensors.push(sensor);
  }
  return { sensors, logs };
}

Deno.test({
  name:
    "sweeps by zmap and nmap of one probe at each of twelve hosts are told once, with all of their sensors",
  ignore,
  async fn() {
    const world = await World.build(PLAN, `fleet${Deno.pid}`);
    try {
      const { sensors, logs } = await startFleet(world);
      const nmap = (host: string, port: number, ...options: string[]) =>
        world.host(host).run([
          ...[NMAP, "-sS", "-n", "-Pn", "--max-retries", "0", "-p", `${port}`, ...options],
          "203.0.113.11-22",
        ]);
      const told = (count: number) => () => toldIn(logs).length >= count;
      const said = () => `only ${JSON.stringify(toldIn(logs))}`;
      const targets = NAMES.map((_, i) => `203.0.113.${11 + i}`);
      await world.host("scanner").run(await zmap(world, "-q", "-p", "22", "-r", "100", ...targets));
      await until(told(1), said);
      await nmap("slow", 23, "--scan-delay", "1s");
      await until(told(2), said);
      // One sensor dies when what it saw was acknowledged, and is gone for the rest.
      await nmap("last", 25, "--scan-delay", "500ms");
      await acknowledged(`${world.folder}/control`, SWEEPS);
      await sensors[0].stop("SIGKILL");
      await until(told(3), said);
      assert.deepEqual(toldIn(logs), [
        "198.51.100.7 12",
        "198.51.100.8 12",
        "198.51.100.9 12",
      ]);
      for (const sensor of sensors) await sensor.stop();
      // No sensor alone found a scan.
      for (const name of NAMES) {
        assert.doesNotMatch(Deno.readTextFileSync(`${world.folder}/${name}.log`), /scan-start/);
      }
      const files = NAMES.map((name) => `${world.folder}/${name}.jsonl`);
      const { out, err } = await scandog(["correlate", "--format", "json", ...files]);
      const fromFiles = `${world.folder}/files.json`;
      await Deno.writeTextFile(fromFiles, out);
      assert.deepEqual(toldIn([fromFiles]), toldIn(logs), err);
    } finally {
      await world.close();
    }
  },
});
