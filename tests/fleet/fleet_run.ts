// A fleet on a server of one's own: sensors that publish, correlators that run as a user starts them, and what was told.

import assert from "node:assert/strict";
import { headers, type NatsConnection } from "@nats-io/nats-core";
import { connectNats } from "../../src/fleet/nats_connection.ts";
import { encodeBatch } from "../../src/fleet/batch.ts";
import { partitionOf, partitionOfSensor } from "../../src/fleet/partitions.ts";
import { messageId, subjectOf } from "../../src/fleet/subjects.ts";
import { ALERTS_STREAM } from "../../src/fleet/streams.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { attemptOutcome } from "../support/outcomes.ts";
import { scandog, scandogCommand } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";

/** Credentials of the one who may do all, as a file. */
export async function adminFile(): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "scandog-admin-" });
  await Deno.writeTextFile(path, "admin:admin-password\n", { mode: 0o600 });
  return path;
}

/** A test with a nats-server of its own and a file of credentials for all that is there. */
export function fleetTest(
  name: string,
  run: (server: NatsServerProcess, credentials: string) => Promise<void>,
): void {
  const ignore = skipped("a fleet on NATS", whyNoNats());
  const fn = () => NatsServerProcess.with(async (server) => run(server, await adminFile()));
  Deno.test({ name, ignore, fn });
}

/** Makes the streams; the options of a correlator on them. */
export async function streamsAndArgs(
  server: NatsServerProcess,
  credentials: string,
): Promise<string[]> {
  await initStreams(server, credentials);
  return [...subscribeArgs(server, credentials), ...QUICK];
}

/** A correlator with each of these options, once all are connected. */
export async function startCorrelators(...each: string[][]): Promise<RunningCorrelator[]> {
  const all = each.map((args) => new RunningCorrelator(args));
  for (const one of all) await one.connected();
  return all;
}

/** Options of every correlator of a test: quick where the defaults are patient. */
export function subscribeArgs(server: NatsServerProcess, credentials: string): string[] {
  return ["--subscribe", server.url, "--subscribe-credentials", credentials];
}

export const QUICK = [
  ...["--reorder", "1", "--second-look", "2", "--memory", "16"],
  // Who is root gives that up.
  ...(Deno.uid() === 0 ? ["--user", "nobody"] : []),
];

/** Makes the streams as a user does. */
export async function initStreams(server: NatsServerProcess, credentials: string): Promise<void> {
  const args = ["correlate", ...subscribeArgs(server, credentials), "--init", "--stream-size", "1"];
  const { status, err } = await scandog([...args, "--alert-age", "1"]);
  assert.equal(status, 0, err);
}

/** What is published until it is acknowledged, as a sensor does. */
export class FleetPublisher {
  constructor(private readonly connection: NatsConnection) {}

  static async connect(server: NatsServerProcess): Promise<FleetPublisher> {
    const identity = { kind: "password", user: "admin", password: "admin-password" } as const;
    const user = { identity, name: "sensors", inboxPrefix: "_INBOX.sensors" };
    return new FleetPublisher(await connectNats(server.route(), user));
  }

  /** Bytes on any subject. */
  async raw(subject: string, data: Uint8Array): Promise<void> {
    const own = headers();
    own.set("Nats-Msg-Id", messageId(subject, data));
    const answer = await this.connection.request(subject, data, { headers: own, timeout: 5000 });
    const { error } = JSON.parse(new TextDecoder().decode(answer.data));
    assert.equal(error, undefined);
  }

  /** One outcome of now. */
  async say(sensor: string, given: Partial<AttemptOutcome>): Promise<void> {
    const firstUs = given.firstUs ?? Date.now() * 1000;
    const outcome = attemptOutcome({ firstUs, ...given });
    const partition = partitionOf(outcome.source)!;
    const bytes = encodeBatch({ madeUs: Date.now() * 1000, outcomes: [outcome] });
    await this.raw(subjectOf({ kind: "outcomes", partition, sensor }), bytes);
  }

  /** That a sensor is there, by its clock that is so far ahead. */
  async sign(sensor: string, aheadSeconds = 0): Promise<void> {
    const bytes = encodeBatch({ madeUs: (Date.now() + aheadSeconds * 1000) * 1000, outcomes: [] });
    const partition = partitionOfSensor(sensor);
    await this.raw(subjectOf({ kind: "outcomes", partition, sensor }), bytes);
  }

  /**
   * One probe of each of so many sensors' own hosts, from one of them on. All at once: however slow the machine is,
   * a correlator knows of all before it has waited long enough for one.
   */
  async sweep(source: string, sensors: number, first = 1): Promise<void> {
    const numbers = Array.from({ length: sensors }, (_, i) => first + i);
    await Promise.all(numbers.map((i) => {
      const destination = `203.0.113.${i}`;
      return this.say(`host${i}`, { source, destination, sequence: i });
    }));
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** What a correlator that runs says, as it comes. */
export class RunningCorrelator {
  readonly child: Deno.ChildProcess;
  out = "";
  err = "";
  private readonly reading: Promise<unknown>;

  constructor(args: string[]) {
    this.child = scandogCommand(["correlate", "--tz", "UTC", ...args]).spawn();
    const read = async (stream: ReadableStream<Uint8Array>, take: (text: string) => void) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
    };
    this.reading = Promise.all([
      read(this.child.stdout, (text) => this.out += text),
      read(this.child.stderr, (text) => this.err += text),
    ]);
  }

  /** Waits until something holds; fails with what was said when it never does. */
  async until(holds: () => boolean, what: string): Promise<void> {
    await until(() => Promise.resolve(holds()), () => `${what}\n${this.err}\n${this.out}`);
  }

  async connected(times = 1): Promise<void> {
    const count = () => this.err.split("connected to").length - 1;
    await this.until(() => count() >= times, "it is not connected");
  }

  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.child.kill(signal);
    await this.reading;
    return (await this.child.status).code;
  }
}

export async function until(holds: () => Promise<boolean>, what: () => string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what());
}

/** All alerts that are stored, as objects. */
// deno-lint-ignore no-explicit-any
export async function alertsOf(server: NatsServerProcess): Promise<any[]> {
  const stored = await server.stored(ALERTS_STREAM);
  return stored.map(({ data }) => JSON.parse(new TextDecoder().decode(data)));
}

/** Starts of scans that are stored, as `source sensors`. */
export async function startsOf(server: NatsServerProcess): Promise<string[]> {
  return (await alertsOf(server)).filter(({ event }) => event.action === "scan-start")
    .map(({ source, scandog }) => `${source.ip} ${scandog.sensors.count}`);
}
