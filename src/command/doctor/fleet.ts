// The checks of `scandog doctor` for what a sensor publishes: its files, and its server, to which a sign of life is
// sent as every sensor sends one each minute.

import { Batcher } from "../../fleet/batcher.ts";
import { isSensorName } from "../../fleet/sensor_name.ts";
import type { Notice } from "../../sink/sink.ts";
import type { FleetValues } from "../../options/fleet.ts";
import type { User } from "../../system/users.ts";
import { hostName, wallClockUs } from "../formats.ts";
import type { Check, Finding } from "./finding.ts";
import { fileCheck } from "./sinks.ts";

/** A server that has not taken one message by then is not there, for our purpose. */
const PATIENCE_MS = 5_000;

/** One check for each that is chosen; `user` is who will write, undefined when nobody is to become another. */
export function fleetChecks(
  values: FleetValues & { observer: string | undefined },
  user: User | undefined,
): Check[] {
  const { outcomes, publish, publishSpool } = values;
  const checks: Check[] = [];
  if (outcomes !== undefined) {
    checks.push({ name: "outcomes", look: () => fileCheck(outcomes, user) });
  }
  if (publish === undefined) return checks;
  if (publishSpool !== undefined) {
    checks.push({ name: "publish spool", look: () => fileCheck(publishSpool, user) });
  }
  checks.push({ name: "publish", look: () => serverCheck(values) });
  return checks;
}

async function serverCheck(
  values: FleetValues & { observer: string | undefined },
): Promise<Omit<Finding, "name">> {
  const name = values.observer ?? hostName();
  if (name === undefined || !isSensorName(name)) {
    return { state: "fail", text: "this sensor has no name", remedy: "--observer NAME" };
  }
  const said: string[] = [];
  const notice: Notice = (text) => void said.push(text);
  const { trialPublisher } = await import("../fleet/publishing.ts");
  const publisher = await trialPublisher(values, name, notice);
  // What is said up to here is of the credentials and names; then, of the server.
  const [warning] = said;
  new Batcher(name, wallClockUs, (message) => publisher.publish(message)).signOfLife();
  publisher.start();
  await publisher.settled(PATIENCE_MS);
  const { server, acknowledged, lastError } = publisher.state;
  await publisher.close();
  if (acknowledged === 0) {
    return { state: "fail", text: lastError ?? "no server answers within 5 s" };
  }
  const text = `${server} has stored that ${name} is there`;
  return warning === undefined ? { state: "ok", text } : { state: "warn", text: warning };
}
