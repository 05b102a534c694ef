// What a fleet's sensors say in some hours: the noise of the internet, programs that fail at many hosts for good
// reasons, and sweeps hidden among them. Made by a seed, in the order in which it comes; each outcome is made when it
// is asked for.

import type { AttemptOutcome } from "../../src/outcome.ts";
import { attemptOutcome, OUTCOME_START_US } from "../support/outcomes.ts";
import { Random } from "../support/random.ts";

export interface FleetPlan {
  seed: number;
  sensors: number;
  /** Of noise; sweeps and programs come on top. */
  outcomes: number;
  seconds: number;
  sweeps: number;
}

export interface Said {
  sensor: string;
  outcome: AttemptOutcome;
  /** When it comes. Microseconds since 1970. */
  streamUs: number;
}

/** Sources of the hidden sweeps; of one from several machines, the first. */
export function sweepSources(plan: FleetPlan): string[] {
  return Array.from({ length: plan.sweeps }, (_, i) => `198.18.${i}.7`);
}

/** Everything that is not noise, in the order of its time: few beside it. */
function planned(plan: FleetPlan, random: Random): Said[] {
  const said: Said[] = [];
  const say = (sensor: number, seconds: number, given: Partial<AttemptOutcome>) => {
    const us = OUTCOME_START_US + Math.round(seconds * 1e6);
    const firstUs = given.firstUs ?? us;
    const outcome = attemptOutcome({
      destination: hostOf(sensor),
      sequence: random.below(1 << 30) + 1,
      signature: random.below(1 << 30),
      ...given,
      firstUs,
      latestUs: us,
      settledUs: us + 1000,
    });
    said.push({ sensor: nameOf(sensor), outcome, streamUs: us + 1000 + random.below(3_000_000) });
  };
  const span = plan.seconds;
  sweepSources(plan).forEach((source, i) => {
    const ports = [22, 23, 445, 3389, 5900][i % 5];
    const targets = 16 + random.below(45);
    // One in seven comes from four machines of one network, which agree on a minute.
    const isShared = i % 7 === 6;
    // In a second, in minutes, or as slowly as there is time for.
    const seconds = isShared ? 40 : [1, 300, span / 2][i % 3];
    const from = random.below(Math.floor(span / 3)), first = random.below(plan.sensors);
    for (let k = 0; k < targets; k++) {
      const own = isShared ? source.replace(/\.7$/, `.${7 + k % 4}`) : source;
      const sensor = isShared ? first - first % 64 + k : first + k * 17;
      say(sensor % plan.sensors, from + seconds * k / targets, {
        source: own,
        port: ports,
        sourcePort: 30_000 + random.below(30_000),
        signature: 1000 + i,
      });
    }
  });
  for (let i = 0; i < 10; i++) {
    // A load balancer, each of whose servers is down: said as it comes again for twice as long.
    const begin = span * i / 20;
    for (let k = 0; k < Math.min(100, plan.sensors); k++) {
      const sensor = (i * 101 + k) % plan.sensors;
      const firstUs = OUTCOME_START_US + Math.round((begin + k / 100) * 1e6);
      for (const after of [0, 10, 20, 40, 70, 130, 270, 530, 1050, 2100, 4200]) {
        if (begin + after > span) break;
        say(sensor, begin + k / 100 + after, {
          source: `192.0.2.${10 + i}`,
          port: 8080,
          sourcePort: 32_768 + (after * 7 + k) % 28_000,
          firstUs,
          packets: 1 + after / 10,
          facts: ["closed", "stack"],
        });
      }
    }
    // A peer-to-peer client, and a crawler that finds some web servers down.
    for (let k = 0; k < 60; k++) {
      say((i * 53 + k * 7) % plan.sensors, begin + k, {
        source: `192.0.2.${50 + i}`,
        port: 10_000 + (k * 641 + i * 97) % 50_000,
        sourcePort: 33_000 + k,
        facts: ["closed", "stack"],
      });
      say((i * 59 + k * 11) % plan.sensors, begin + 3 * k, {
        source: `192.0.2.${90 + i}`,
        destination: `${20 + k}.${i}.7.10`,
        port: 443,
        sourcePort: 34_000 + k,
        facts: ["closed", "stack"],
      });
    }
  }
  return said.sort((a, b) => a.streamUs - b.streamUs);
}

/** All that is said, in the order in which it comes. */
export function* fleetTraffic(plan: FleetPlan): Generator<Said> {
  const random = new Random(plan.seed);
  const others = planned(plan, random);
  const stepUs = plan.seconds * 1e6 / plan.outcomes;
  let next = 0;
  for (let i = 0; i < plan.outcomes; i++) {
    const us = OUTCOME_START_US + Math.floor(i * stepUs);
    while (next < others.length && others[next].streamUs <= us) yield others[next++];
    const sensor = random.below(plan.sensors);
    // Who errs is never heard of again; some err at two or three hosts.
    const who = i - i % (1 + random.below(3));
    yield {
      sensor: nameOf(sensor),
      streamUs: us,
      outcome: attemptOutcome({
        source: `${11 + (who >>> 16) % 150}.${who >>> 8 & 255}.${who & 255}.${1 + who % 250}`,
        destination: hostOf(sensor),
        port: [23, 22, 80, 443, 8080, 1433, 3389, 6379][random.below(8)],
        sourcePort: 1024 + random.below(60_000),
        sequence: random.below(1 << 30) + 1,
        signature: random.below(1 << 30),
        outcome: random.oneIn(3) ? "silent" : "refused",
        facts: [],
        firstUs: us - random.below(4_000_000),
        latestUs: us,
        settledUs: us,
      }),
    };
  }
  yield* others.slice(next);
}

function nameOf(sensor: number): string {
  return `sensor${sensor}`;
}

function hostOf(sensor: number): string {
  // Sixty-four in each network.
  return `203.${sensor >>> 14 & 255}.${sensor >>> 6 & 255}.${10 + (sensor & 63)}`;
}
