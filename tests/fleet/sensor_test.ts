// From a detector's outcomes to messages: bounded, split by partition, and the same for the same capture.

import assert from "node:assert/strict";
import {
  type Batch,
  BATCH_OUTCOMES_MAX,
  decodeBatch,
  type Dropped,
} from "../../src/fleet/batch.ts";
import { BATCH_US } from "../../src/fleet/batcher.ts";
import type { Message } from "../../src/fleet/message.ts";
import { OutcomeFile } from "../../src/fleet/outcome_file.ts";
import { readOutcomeLine } from "../../src/fleet/outcome_line.ts";
import { OutcomeTap } from "../../src/fleet/outcome_tap.ts";
import { partitionOf, partitionOfSensor } from "../../src/fleet/partitions.ts";
import { Sensor, SIGN_OF_LIFE_MS } from "../../src/fleet/sensor.ts";
import { parseSubject } from "../../src/fleet/subjects.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { attemptOutcome, OUTCOME_START_US } from "../support/outcomes.ts";

const NAME = "web1";
const at = (us: number, given: Partial<AttemptOutcome> = {}) =>
  attemptOutcome({ settledUs: OUTCOME_START_US + us, ...given });

/** What was published, read again. */
function read(messages: readonly Message[]): { partition: number; batch: Batch }[] {
  return messages.map(({ subject, payload }) => {
    const decoded = decodeBatch(payload);
    assert.ok(decoded.refused === undefined, decoded.refused);
    return { partition: parseSubject(subject)!.partition, batch: decoded.batch };
  });
}

function replayed() {
  const messages: Message[] = [];
  const publish = (message: Message) => void messages.push(message);
  return { messages, sensor: new Sensor({ name: NAME, publish, waiting: () => 0 }) };
}

Deno.test("OutcomeTap takes so many a second, by the outcomes' time, and counts what is above", () => {
  const taken: number[] = [], dropped: Dropped[] = [];
  const tap = new OutcomeTap([{
    outcome: ({ port }) => void taken.push(port),
    dropped: (one) => void dropped.push(one),
  }], 12);
  for (let port = 0; port < 10; port++) tap.take(at(port * 1000, { port }));
  assert.deepEqual([taken, dropped, tap.dropped], [[0, 1, 2], [], 7]);
  tap.take(at(1_500_000, { port: 77 }));
  assert.deepEqual(taken, [0, 1, 2, 77]);
  const [from, to] = [OUTCOME_START_US + 3000, OUTCOME_START_US + 9000];
  assert.deepEqual(dropped, [{ count: 7, fromUs: from, toUs: to }]);
  // Once; and a clock that steps back is a second of its own.
  tap.flush();
  tap.take(at(0, { port: 78 }));
  assert.deepEqual([taken.at(-1), dropped.length], [78, 1]);
});

Deno.test("OutcomeTap takes a quarter of its bound from one partition, and from all of them no more than that", () => {
  const taken: string[] = [];
  const tap = new OutcomeTap(
    [{ outcome: ({ source }) => void taken.push(source), dropped: () => {} }],
    12,
  );
  const loud = "198.51.100.7";
  for (let i = 0; i < 1000; i++) tap.take(at(i, { source: loud }));
  const quiet = Array.from({ length: 100 }, (_, i) => `203.0.${i}.1`)
    .filter((source) => partitionOf(source) !== partitionOf(loud));
  for (const source of quiet) tap.take(at(2000, { source }));
  assert.deepEqual(taken.slice(0, 4), [loud, loud, loud, quiet[0]]);
  assert.equal(taken.length, 12);
  assert.equal(tap.dropped, 1000 + quiet.length - 12);
});

Deno.test("OutcomeFile writes lines that readOutcomeLine() reads", () => {
  const lines: string[] = [];
  const file = new OutcomeFile({ write: (line) => void lines.push(line) }, NAME);
  const dropped = { count: 5, fromUs: 1, toUs: 2 };
  file.outcome(attemptOutcome());
  file.dropped(dropped);
  assert.deepEqual(lines.map(readOutcomeLine), [
    { sensor: NAME, outcome: attemptOutcome() },
    { sensor: NAME, dropped },
  ]);
});

Deno.test("Sensor puts each outcome into a batch of its source's partition", () => {
  const { messages, sensor } = replayed();
  const sources = ["198.51.100.7", "203.0.113.1", "198.51.100.99", "2001:db8::1"];
  const outcomes = sources.map((source, i) => at(i * 1000, { source }));
  for (const outcome of outcomes) sensor.outcome(outcome);
  assert.deepEqual(messages, []);
  sensor.close();
  const all = read(messages);
  assert.equal(all.length, 3);
  for (const { partition, batch } of all) {
    for (const { source } of batch.outcomes) assert.equal(partitionOf(source), partition);
    assert.equal(batch.madeUs, OUTCOME_START_US + 3000);
  }
  const back = all.flatMap(({ batch }) => batch.outcomes);
  assert.deepEqual(back.sort((a, b) => a.settledUs - b.settledUs), outcomes);
  assert.deepEqual(messages.map(({ records }) => records).sort(), [1, 1, 2]);
});

Deno.test("Sensor hands a batch on when it is full, and when its oldest outcome has waited", () => {
  const { messages, sensor } = replayed();
  for (let i = 0; i < BATCH_OUTCOMES_MAX; i++) sensor.outcome(at(i));
  assert.deepEqual(messages.map(({ records }) => records), [BATCH_OUTCOMES_MAX]);
  sensor.outcome(at(1000));
  sensor.outcome(at(1000 + BATCH_US, { source: "203.0.113.1" }));
  assert.equal(messages.length, 2);
  sensor.close();
  assert.equal(messages.length, 3);
});

Deno.test("Sensor leaves no batch waiting for a clock that was set back", () => {
  const { messages, sensor } = replayed();
  sensor.outcome(at(3600e6));
  sensor.outcome(at(0));
  assert.deepEqual(messages.map(({ records }) => records), [1]);
  sensor.outcome(at(BATCH_US));
  assert.deepEqual(messages.map(({ records }) => records), [1, 1]);
  sensor.close();
  assert.equal(messages.length, 3);
});

Deno.test("Sensor gives the same messages for the same capture, byte for byte", () => {
  const runs = [replayed(), replayed()];
  for (const { sensor } of runs) {
    for (let i = 0; i < 5000; i++) {
      sensor.outcome(at(i * 7919, { source: `198.51.${i % 200}.7`, port: i }));
    }
    sensor.dropped({ count: 3, fromUs: OUTCOME_START_US, toUs: OUTCOME_START_US + 5 });
    sensor.close();
  }
  assert.ok(runs[0].messages.length > 100);
  assert.deepEqual(runs[0].messages, runs[1].messages);
});

Deno.test("Sensor tells what was dropped once, in its own partition, and with what was lost again", () => {
  const { messages, sensor } = replayed();
  sensor.outcome(at(0));
  sensor.dropped({ count: 3, fromUs: OUTCOME_START_US, toUs: OUTCOME_START_US + 5 });
  sensor.lost({ subject: "scandog.outcomes.3.web1", records: 4 });
  // An event that is lost is no outcome.
  sensor.lost({ subject: "scandog.events.3.web1", records: 1 });
  sensor.close();
  sensor.close();
  const told = read(messages).filter(({ batch }) => batch.dropped !== undefined);
  assert.deepEqual(told.map(({ partition }) => partition), [partitionOfSensor(NAME)]);
  assert.deepEqual(told[0].batch.dropped, {
    count: 7,
    fromUs: OUTCOME_START_US,
    toUs: OUTCOME_START_US + 5,
  });
});

Deno.test("Sensor publishes an event as its line, in the partition of its source or its own", () => {
  const { messages, sensor } = replayed();
  sensor.event('{"a":1}', "198.51.100.7");
  sensor.event('{"b":"ä"}', undefined);
  assert.deepEqual(messages.map(({ subject }) => subject), [
    "scandog.events.8.web1",
    `scandog.events.${partitionOfSensor(NAME)}.web1`,
  ]);
  assert.deepEqual(messages.map(({ payload }) => new TextDecoder().decode(payload)), [
    '{"a":1}',
    '{"b":"ä"}',
  ]);
});

Deno.test("Sensor says live that it is there, at start, now and then and at the end, while nothing waits", () => {
  const timers: { run: () => void; ms: number }[] = [];
  const messages: Message[] = [];
  let waiting = 0;
  const sensor = new Sensor({
    name: NAME,
    publish: (message) => void messages.push(message),
    waiting: () => waiting,
    nowUs: () => OUTCOME_START_US,
    later: (run, ms) => {
      const timer = { run, ms };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  });
  const pass = (ms: number) =>
    timers.splice(timers.findIndex((timer) => timer.ms === ms), 1)[0].run();
  sensor.start();
  const life = { madeUs: OUTCOME_START_US, outcomes: [] };
  assert.deepEqual(read(messages), [{ partition: partitionOfSensor(NAME), batch: life }]);
  pass(SIGN_OF_LIFE_MS);
  assert.equal(messages.length, 2);
  waiting = 1;
  pass(SIGN_OF_LIFE_MS);
  assert.equal(messages.length, 2);
  // An outcome does not wait for another one.
  sensor.outcome(at(0));
  pass(BATCH_US / 1000);
  assert.deepEqual(read(messages).at(-1)!.batch.outcomes, [at(0)]);
  sensor.close();
  assert.equal(messages.length, 4);
  assert.deepEqual(timers, []);
});
