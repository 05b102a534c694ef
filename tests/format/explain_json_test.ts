import assert from "node:assert/strict";
import { explanationJson } from "../../src/format/explain_json.ts";
import { attemptAccount, explanationOf, sourceAccount } from "../support/accounts.ts";
import { floodEvent } from "../support/events.ts";

// deno-lint-ignore no-explicit-any
function lines(...args: Parameters<typeof explanationJson>): any[] {
  return [...explanationJson(...args)].map((line) => JSON.parse(line));
}

Deno.test("explanationJson() has each attempt before its source, and what is of none at the end", () => {
  const explanation = {
    ...explanationOf(
      sourceAccount({ listed: [attemptAccount()], packets: { sent: 9, unfit: 2 } }),
    ),
    leftOut: 2,
    absent: [{ index: 1, received: 5 }],
    floods: [floodEvent({ phase: "end", network: "10.9.0.0/24" })],
  };
  const [attempt, source, end] = lines(explanation, ["10.9.0.0/24", "192.0.2.1"]);
  assert.deepEqual(attempt, {
    "@timestamp": "2026-11-21T22:14:52.123456Z",
    ecs: { version: "8.11.0" },
    event: {
      kind: "event",
      category: ["network"],
      type: ["info"],
      action: "explain-attempt",
      module: "scandog",
      dataset: "scandog.explain",
    },
    source: { ip: "10.9.0.2", port: 50000 },
    destination: { ip: "10.9.0.1", port: 22 },
    network: { transport: "tcp" },
    scandog: {
      explain: {
        target: "tcp",
        techniques: ["syn"],
        outcome: "refused",
        decision: "counted",
        weight: 3,
        points: 6,
        port_rule: "privileged",
        host_rule: "failed",
      },
    },
  });
  assert.deepEqual(source.source, { ip: "10.9.0.2", packets: 9 });
  assert.equal(source.event.start, "2026-11-21T22:14:52.123456Z");
  assert.deepEqual(source.scandog.explain.thresholds[0], {
    rule: "ports",
    reached: 9,
    enough: 21,
    on: "10.9.0.1",
  });
  assert.deepEqual(end.scandog.explain, {
    sources: 1,
    left_out: 2,
    gated: 0,
    absent: [{ source: "192.0.2.1", received: 5 }],
    floods: [{
      start: "2026-11-21T22:14:50.123456Z",
      end: "2026-11-21T22:14:51.623456Z",
      target: "10.9.0.0/24",
      techniques: ["syn"],
      ports: 1,
      hosts: 1,
      packets: 30500,
      sources: 30000,
      rate: { mean: 20333, peak: 24000 },
    }],
  });
});

Deno.test("explanationJson() gives protocols no port, and a source without attempts no times", () => {
  const protocol = attemptAccount({ target: "protocol", port: 47, sourcePort: undefined });
  const quiet = sourceAccount({
    attempts: 0,
    startUs: Infinity,
    endUs: -Infinity,
    listed: [protocol],
  });
  const [attempt, source] = lines(explanationOf(quiet), []);
  assert.deepEqual(attempt.destination, { ip: "10.9.0.1" });
  assert.equal(attempt.network, undefined);
  assert.equal(attempt.scandog.explain.protocol, 47);
  assert.equal(source["@timestamp"], undefined);
  assert.equal(source.event.start, undefined);
  for (const line of explanationJson(explanationOf(quiet), [])) assert.ok(!line.includes("null"));
});
