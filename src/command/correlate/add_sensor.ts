// `scandog correlate --add-sensor NAME`: a key for one sensor. The secret half goes into a file for the sensor, the
// public half into the lines that the server's configuration needs; neither half alone lets anybody in.

import { nkeys } from "@nats-io/nats-core";
import { CannotRun, Exit, reasonOf } from "../../failure.ts";
import { sensorToken } from "../../fleet/sensor_name.ts";
import { sensorInbox, sensorSubjects } from "../../fleet/subjects.ts";
import { writeError, writeOut } from "../terminal.ts";

/** Gives the exit status. Throws `CannotRun`; a file that is there is somebody's, and is left alone. */
export function addSensor(name: string): number {
  const path = `${sensorToken(name)}.credentials`;
  const pair = nkeys.createUser();
  const seed = new TextDecoder().decode(pair.getSeed());
  try {
    Deno.writeTextFileSync(path, `${seed}\n`, { createNew: true, mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "is there already; a sensor has one key, or move it away"
      : reasonOf(error);
    throw new CannotRun(`${path}: ${reason}`);
  }
  writeOut(userLines(name, pair.getPublicKey()));
  writeError(
    `scandog: ${path} is the sensor's secret: take it there, for --publish-credentials; the lines are for ` +
      `the users of the server's configuration\n`,
  );
  return Exit.Done;
}

/** One of the users in the configuration of a server. The name of a sensor is one line, and quoted within a comment. */
function userLines(name: string, publicKey: string): string {
  return [
    `# ${name}`,
    "{",
    `  nkey: ${publicKey}`,
    "  permissions: {",
    `    publish: ${JSON.stringify(sensorSubjects(name))}`,
    `    subscribe: ${JSON.stringify([`${sensorInbox(name)}.>`])}`,
    "  }",
    "}",
  ].join("\n");
}
