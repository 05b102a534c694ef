// `deno task bench-fleet`: a fleet's hours judged by one correlator. First a simulation: sensors that see the noise of
// the internet, load balancers and monitors whose servers are down, clients, crawlers, peers, and sweeps hidden among
// them: which were told, whether anybody else was, and whether memory grows. Then what a correlator takes in a second,
// beside what it costs merely to read the same batches; and the same from a stream of a real nats-server, beside what it
// costs merely to be given its messages.
//
// Arguments: --sensors N (default 1000), --outcomes N (default 10000000), --hours N (default 6), --sweeps N (50),
// --seed N.

import { parseArgs } from "node:util";
import { jetstream, type JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { Correlator } from "../../src/correlate/correlator.ts";
import { scandogOptions } from "../../src/detect/scandog/options.ts";
import type { ScanEvent } from "../../src/event.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { type Batch, BATCH_OUTCOMES_MAX, decodeBatch, encodeBatch } from "../../src/fleet/batch.ts";
import { FLEET_DEFAULTS } from "../../src/options/correlate.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { OUTCOME_START_US } from "../support/outcomes.ts";
import { type FleetPlan, fleetTraffic, type Said, sweepSources } from "./fleet_traffic.ts";

export interface Simulated {
  /** Hidden sweeps that were told, and what else was. */
  found: number;
  others: string[];
  outcomes: number;
  seconds: number;
  /** Resident memory in MB, at each tenth. */
  memory: number[];
}

function makeCorrelator(emit: (event: ScanEvent) => void): Correlator {
  return new Correlator({
    detector: scandogOptions({ ...FLEET_DEFAULTS }),
    reorderUs: 10e6,
    secondLookUs: 310e6,
    sensorsMax: 16_384,
    sensorRate: 1000,
    silentUs: 300e6,
  }, (event) => event.action === "scan-start" && emit(event));
}

/** Runs one plan from its first outcome to its last. */
export function simulate(plan: FleetPlan): Simulated {
  const told: ScanEvent[] = [];
  const correlator = makeCorrelator((event) => told.push(event));
  const memory: number[] = [];
  const tenth = Math.ceil(plan.outcomes / 10);
  const startMs = performance.now();
  let outcomes = 0;
  for (const { sensor, outcome, streamUs } of fleetTraffic(plan)) {
    correlator.take(sensor, outcome, streamUs);
    if (++outcomes % tenth === 0) memory.push(Math.round(Deno.memoryUsage().rss / 1e6));
  }
  correlator.finish();
  const sweeps = sweepSources(plan);
  const named = told.map(({ source, sources }) => [source, ...sources?.list.split(",") ?? []]);
  const isOf = (sweep: string) => (source: string) =>
    source.startsWith(sweep.slice(0, sweep.lastIndexOf(".") + 1));
  return {
    found: sweeps.filter((sweep) => named.some((all) => all.some(isOf(sweep)))).length,
    others: named.filter((all) => !sweeps.some((sweep) => all.every(isOf(sweep))))
      .map(([source]) => source),
    outcomes,
    seconds: (performance.now() - startMs) / 1000,
    memory,
  };
}

/** The same outcomes as sensors send them: in batches of one sensor each. */
function batchesOf(plan: FleetPlan): { sensor: string; bytes: Uint8Array; streamUs: number }[] {
  const waiting = new Map<string, Said[]>();
  const batches: { sensor: string; bytes: Uint8Array; streamUs: number }[] = [];
  const close = (sensor: string, said: Said[]) => {
    const { streamUs } = said[said.length - 1];
    const outcomes = said.map(({ outcome }) => outcome);
    batches.push({ sensor, bytes: encodeBatch({ madeUs: streamUs, outcomes }), streamUs });
  };
  for (const one of fleetTraffic(plan)) {
    const own = waiting.get(one.sensor) ?? [];
    waiting.set(one.sensor, own);
    own.push(one);
    if (own.length < BATCH_OUTCOMES_MAX / 16) continue;
    close(one.sensor, own);
    waiting.set(one.sensor, []);
  }
  for (const [sensor, own] of waiting) if (own.length > 0) close(sensor, own);
  return batches;
}

/** Outcomes a second that are read from batches, and that are read and judged. */
function rates(plan: FleetPlan): { read: number; judged: number } {
  const batches = batchesOf(plan);
  const run = (take: (sensor: string, outcomes: AttemptOutcome[], us: number) => void) => {
    const startMs = performance.now();
    for (const { sensor, bytes, streamUs } of batches) {
      const { batch } = decodeBatch(bytes) as { batch: Batch };
      take(sensor, batch.outcomes, streamUs);
    }
    return plan.outcomes / (performance.now() - startMs) * 1000;
  };
  let count = 0;
  const read = run((_, outcomes) => count += outcomes.length);
  const correlator = makeCorrelator(() => {});
  const judged = run((sensor, outcomes, us) => {
    for (const outcome of outcomes) correlator.take(sensor, outcome, us);
  });
  return { read, judged };
}

/** A batch as it lies in a stream. */
type Stored = ReturnType<typeof batchesOf>[number];

/** Outcomes a second out of a stream: messages alone, and judged. Undefined where there is no nats-server. */
async function streamRates(
  plan: FleetPlan,
): Promise<{ given: number; judged: number } | undefined> {
  if (whyNoNats() !== false) return undefined;
  const batches = batchesOf(plan);
  let rates: { given: number; judged: number } | undefined;
  await NatsServerProcess.with(async (server) => {
    await server.addStreams(["outcomes"]);
    rates = await server.admin(async (manager, connection) => {
      await fill(connection, manager, batches);
      const client = jetstream(connection);
      const run = async (take: (bytes: Uint8Array, sensor: string, us: number) => void) => {
        const consumer = await client.consumers.get("outcomes", { deliver_policy: "all" });
        const messages = await consumer.consume({ max_messages: 1000 });
        const startMs = performance.now();
        let left = batches.length;
        for await (const message of messages) {
          const sensor = message.subject.slice(message.subject.lastIndexOf(".") + 1);
          take(message.data, sensor, Number(message.timestampNanos / 1000n));
          if (--left === 0) break;
        }
        return plan.outcomes / (performance.now() - startMs) * 1000;
      };
      const given = await run(() => {});
      const correlator = makeCorrelator(() => {});
      let streamUs = 0;
      const judged = await run((bytes, sensor) => {
        const { batch } = decodeBatch(bytes) as { batch: Batch };
        // The stream was filled in a moment: what counts is when it was said.
        streamUs = Math.max(streamUs, batch.madeUs);
        for (const outcome of batch.outcomes) correlator.take(sensor, outcome, streamUs);
      });
      return { given, judged };
    });
  });
  return rates;
}

/** Stores all batches, many under way at once. */
async function fill(
  connection: NatsConnection,
  manager: JetStreamManager,
  batches: readonly Stored[],
): Promise<void> {
  const client = jetstream(connection);
  for (let i = 0; i < batches.length; i += 200) {
    await Promise.all(
      batches.slice(i, i + 200).map(({ sensor, bytes }, k) =>
        client.publish(`scandog.outcomes.${k % 16}.${sensor}`, bytes)
      ),
    );
  }
  const { state } = await manager.streams.info("outcomes");
  if (state.messages !== batches.length) throw new Error(`${state.messages} messages are stored`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      sensors: { type: "string", default: "1000" },
      outcomes: { type: "string", default: "10000000" },
      hours: { type: "string", default: "6" },
      sweeps: { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
    },
  });
  const plan: FleetPlan = {
    seed: Number(values.seed),
    sensors: Number(values.sensors),
    outcomes: Number(values.outcomes),
    seconds: Number(values.hours) * 3600,
    sweeps: Number(values.sweeps),
  };
  const { found, others, outcomes, seconds, memory } = simulate(plan);
  console.log(
    `${plan.sensors} sensors, ${outcomes} outcomes of ${values.hours} h in ${
      seconds.toFixed(1)
    } s ` +
      `(with making them), ${Math.round(outcomes / seconds)} a second, from ${
        new Date(OUTCOME_START_US / 1000).toISOString()
      } on`,
  );
  console.log(`  ${found} of ${plan.sweeps} hidden sweeps told; ${others.length} others`);
  for (const source of others.slice(0, 20)) console.log(`    ${source}`);
  console.log(`  resident memory by tenths, MB: ${memory.join(" ")}`);
  const some = { ...plan, outcomes: Math.min(plan.outcomes, 500_000) };
  const { read, judged } = rates(some);
  console.log(
    `  batches read: ${Math.round(read)} outcomes a second; read and judged: ${
      Math.round(judged)
    }, ` +
      `${(read / judged).toFixed(1)} times the cost of reading`,
  );
  const stream = await streamRates(some);
  if (stream !== undefined) {
    console.log(
      `  from a stream, messages alone: ${Math.round(stream.given)} outcomes a second; judged: ${
        Math.round(stream.judged)
      }, ${(stream.given / stream.judged).toFixed(1)} times the cost of being given them`,
    );
  }
}
