// `scandog correlate --subscribe` against a real nats-server: made streams, standbys, deaths, and sensors that lie.

import assert from "node:assert/strict";
import { encodeBatch } from "../../src/fleet/batch.ts";
import { partitionOf } from "../../src/fleet/partitions.ts";
import { subjectOf } from "../../src/fleet/subjects.ts";
import { assertLine } from "../format/event_schema.ts";
import { attemptOutcome } from "../support/outcomes.ts";
import { scandog } from "../support/scandog.ts";
import {
  alertsOf,
  FleetPublisher,
  fleetTest,
  initStreams,
  QUICK,
  RunningCorrelator,
  startCorrelators,
  startsOf,
  streamsAndArgs,
  subscribeArgs,
  until,
} from "./fleet_run.ts";

fleetTest(
  "correlate --init makes the streams, finds them as they should be, and says what differs",
  async (server, credentials) => {
    const init = (...more: string[]) =>
      scandog(["correlate", ...subscribeArgs(server, credentials), "--init", ...more]);
    const size = ["--stream-size", "1"];
    const big = await init();
    assert.equal(big.status, 1);
    assert.match(
      big.err,
      /^scandog: --init: insufficient storage .*: its max_file_store must hold/,
    );
    const made = await init("--stream-size", "1", "--stream-age", "48");
    assert.match(made.err, /stream SCANDOG_SENSORS: made\n/);
    const same = await init(...size, "--stream-age", "48");
    assert.match(same.err, /stream SCANDOG_SENSORS: as it should be\n/);
    const other = await init(...size);
    assert.equal(other.status, 1);
    assert.match(
      other.err,
      /stream SCANDOG_SENSORS: max_age is 172800 s, and would be 86400 s\n/,
    );
    const config = await server.admin(async (manager) =>
      (await manager.streams.info("SCANDOG_SENSORS")).config
    );
    assert.deepEqual(config.subjects, [
      "scandog.outcomes.*.*",
      "scandog.events.*.*",
      "scandog.tick",
    ]);
    assert.match(config.description!, /; seed [0-9]+$/);
  },
);

fleetTest(
  "two correlators tell a sweep of twelve sensors once, on the stream and in one of their logs",
  async (server, credentials) => {
    const args = await streamsAndArgs(server, credentials);
    const both = await startCorrelators(args, args);
    const sensors = await FleetPublisher.connect(server);
    await sensors.sweep("198.51.100.7", 12);
    const said = () => both.map(({ out }) => out).join("");
    await both[0].until(() => / SCAN /.test(said()), "nobody tells it");
    // Another one, and a pause in which the second of them would tell the first again.
    await sensors.sweep("198.51.100.99", 12);
    await both[0].until(() => said().split(" SCAN ").length === 3, "nobody tells the second");
    await sensors.close();
    for (const one of both) assert.equal(await one.stop(), 0, one.err);
    assert.deepEqual(await startsOf(server), ["198.51.100.7 12", "198.51.100.99 12"]);
    assert.equal(said().split(" SCAN ").length, 3, said());
    for (const line of await alertsOf(server)) assertLine(JSON.stringify(line));
    const summary = both.map(({ err }) => err).join("");
    assert.match(summary, /24 outcomes of 12 sensors, 0 silent/);
  },
);

fleetTest(
  "nothing that was acknowledged is lost and nothing is told twice, whoever is killed",
  async (server, credentials) => {
    const args = await streamsAndArgs(server, credentials);
    const [first, other] = await startCorrelators(args, args);
    let one = first;
    let sensors = await FleetPublisher.connect(server);
    await sensors.sweep("198.51.100.1", 12);
    await until(async () => (await startsOf(server)).length === 1, () => "the first is not told");

    // A correlator dies in the middle of a sweep, and is started again.
    await sensors.sweep("198.51.101.2", 6);
    await one.stop("SIGKILL");
    one = new RunningCorrelator(args);
    await sensors.sweep("198.51.101.2", 6, 7);
    await until(
      async () => (await startsOf(server)).length === 2,
      () => "the second is not told",
    );

    // Both die while a sweep is under way: who comes next finds it in the stream.
    await sensors.sweep("198.51.102.3", 12);
    await one.stop("SIGKILL");
    await other.stop("SIGKILL");
    one = new RunningCorrelator(args);
    const third = () => `the third is not told\n${one.err}`;
    await until(async () => (await startsOf(server)).length === 3, third);

    // The server dies, and with it the connections.
    await sensors.sweep("198.51.103.4", 6);
    await sensors.close();
    await server.stop("SIGKILL");
    await one.until(() => /server closed|ECONNREFUSED|refused/i.test(one.err), "it does not say");
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await server.start();
    await one.connected(2);
    sensors = await FleetPublisher.connect(server);
    await sensors.sweep("198.51.103.4", 6, 7);
    await until(
      async () => (await startsOf(server)).length === 4,
      () => "the fourth is not told",
    );
    await sensors.close();
    assert.equal(await one.stop(), 0, one.err);
    assert.deepEqual(await startsOf(server), [
      "198.51.100.1 12",
      "198.51.101.2 12",
      "198.51.102.3 12",
      "198.51.103.4 12",
    ]);
    const alerts = await alertsOf(server);
    const names = alerts.map(({ event, scandog }) => `${scandog.scan} ${event.action}`);
    const once = names.filter((name) => !name.endsWith("scan-update"));
    assert.equal(new Set(once).size, once.length, once.join("\n"));
  },
);

fleetTest(
  "sensors that lie are said, refused, and change nothing for the others",
  async (server, credentials) => {
    const args = await streamsAndArgs(server, credentials);
    const folder = await Deno.makeTempDir({ prefix: "scandog-fleet-" });
    const control = `${folder}/control`;
    const [one] = await startCorrelators([
      ...args,
      ...["--control", control, "--sensor-rate", "10"],
    ]);
    const sensors = await FleetPublisher.connect(server);
    const source = "198.51.100.7", partition = partitionOf(source)!;
    const rogue = subjectOf({ kind: "outcomes", partition, sensor: "rogue" });
    await sensors.raw(rogue, new TextEncoder().encode("garbage"));
    const wrong = subjectOf({
      kind: "outcomes",
      partition: (partition + 1) % 16,
      sensor: "rogue",
    });
    const nowUs = Date.now() * 1000;
    const batch = (outcomes: ReturnType<typeof attemptOutcome>[]) =>
      encodeBatch({ madeUs: nowUs, outcomes });
    await sensors.raw(wrong, batch([attemptOutcome({ source, firstUs: nowUs })]));
    const day = 86_400e6;
    await sensors.raw(
      rogue,
      batch([nowUs + day, nowUs - day].map((firstUs) => attemptOutcome({ source, firstUs }))),
    );
    const events = subjectOf({ kind: "events", partition, sensor: "rogue" });
    const event = JSON.stringify({
      "@timestamp": "2026-01-01T00:00:01.000000Z",
      event: { action: "scan-start" },
      source: { ip: source },
      destination: { ip: "203.0.113.1" },
      observer: { name: "host1", product: "scandog" },
      scandog: { scan: "x", techniques: ["syn"], ports: { count: 1 }, hosts: { count: 1 } },
    });
    await sensors.raw(events, new TextEncoder().encode(event));
    await sensors.raw(
      rogue,
      batch(
        Array.from(
          { length: 400 },
          (_, port) => attemptOutcome({ source: "198.51.100.8", port: port + 1, firstUs: nowUs }),
        ),
      ),
    );
    await sensors.sweep(source, 12);
    await sensors.sign("host1");
    await sensors.sign("host2", -3600);
    await until(
      async () => (await startsOf(server)).length === 1,
      () => `nothing told\n${one.err}`,
    );
    assert.deepEqual(await startsOf(server), [`${source} 13`]);
    const status = await scandog(["status", "--control", control, "--json"]);
    const { fleet } = JSON.parse(status.out);
    assert.equal(fleet.isConnected, true);
    assert.deepEqual(fleet.sensors.troubled.map(({ name }: { name: string }) => name), ["rogue"]);
    const { unreadable, ahead } = fleet.refused;
    assert.deepEqual([unreadable, ahead, fleet.refused["wrong-partition"]], [1, 1, 1]);
    assert.deepEqual([fleet.refused["too-old"], fleet.refused["other-name"]], [1, 1]);
    assert.ok(fleet.refused["too-many"] >= 90 && fleet.refused["too-many"] <= 110);
    const text = await scandog(["status", "--control", control]);
    assert.match(text.out, /clocks that differ: host2 1 h( 0 min)? behind\n/);
    assert.match(text.out, /not taken: too-many \d+, .*; of rogue \d+\n/);
    await sensors.close();
    assert.equal(await one.stop(), 0);
  },
);

fleetTest(
  "correlators of other partitions leave each other's sources alone",
  async (server, credentials) => {
    const args = await streamsAndArgs(server, credentials);
    const partitions = (range: string) => [...args, "--partitions", range];
    const [low, high] = await startCorrelators(partitions("0-7"), partitions("8-15"));
    const sensors = await FleetPublisher.connect(server);
    const all = Array.from({ length: 40 }, (_, i) => `198.51.${i}.7`);
    const ofLow = all.find((source) => partitionOf(source)! < 8)!;
    const ofHigh = all.find((source) => partitionOf(source)! >= 8)!;
    for (const source of [ofLow, ofHigh]) await sensors.sweep(source, 12);
    await low.until(() => low.out.includes(` SCAN ${ofLow}`), "the low one is not told");
    await high.until(() => high.out.includes(` SCAN ${ofHigh}`), "the high one is not told");
    await sensors.close();
    for (const one of [low, high]) assert.equal(await one.stop(), 0);
    assert.ok(!low.out.includes(ofHigh) && !high.out.includes(ofLow));
  },
);

fleetTest(
  "a sensor that falls silent is told once by two correlators, and once that it is back",
  async (server, credentials) => {
    const args = [...await streamsAndArgs(server, credentials), "--silent-after", "10"];
    const both = await startCorrelators(args, args);
    const sensors = await FleetPublisher.connect(server);
    await sensors.sign("web1");
    // Nobody says anything: time passes by the correlators' own ticks.
    const actions = async () => (await alertsOf(server)).map(({ event }) => event.action);
    await until(async () => (await actions()).length === 1, () => "nobody tells the silence");
    await sensors.sign("web1");
    await until(async () => (await actions()).length === 2, () => "nobody tells that it is back");
    await sensors.close();
    for (const one of both) assert.equal(await one.stop(), 0, one.err);
    const alerts = await alertsOf(server);
    const told = alerts.map(({ event, scandog }) => [event.action, scandog.sensor.name]);
    // Where it takes long to stop them, the silence comes again.
    const silence = ["sensor-silent", "web1"], end = ["sensor-back", "web1"];
    assert.deepEqual(told, [silence, end, silence].slice(0, Math.max(2, told.length)));
    for (const line of alerts) assertLine(JSON.stringify(line));
    const said = both.map(({ out }) => out).join("");
    assert.equal(said.split("SENSOR-SILENT web1").length, told.length, said);
  },
);

fleetTest(
  "a correlator that comes before the streams says so once, and begins when they are made",
  async (server, credentials) => {
    const one = new RunningCorrelator([...subscribeArgs(server, credentials), ...QUICK]);
    await one.until(() => one.err.includes("--init makes it"), "it does not say what is missing");
    await initStreams(server, credentials);
    const sensors = await FleetPublisher.connect(server);
    await sensors.sweep("198.51.100.7", 12);
    await one.until(() => / SCAN /.test(one.out), "it does not begin");
    await sensors.close();
    assert.equal(await one.stop(), 0, one.err);
    for (const once of ["--init makes it", "connected to"]) {
      assert.equal(one.err.split(once).length, 2, one.err);
    }
  },
);
