// `scandog correlate --init`: makes the streams of a fleet, or tells how existing ones differ.

import { jetstreamManager } from "@nats-io/jetstream";
import { CannotRun, Exit } from "../../failure.ts";
import { natsReason } from "../../fleet/nats_connection.ts";
import { makeStreams, type StreamLimits } from "../../fleet/streams.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import { openDiagnostics } from "../diagnostics.ts";
import { connectionTo, connectToAny } from "./stream_connection.ts";

const GIBIBYTE = 1024 ** 3;

/** Gives the exit status; throws `CannotRun`. */
export async function initStreams(values: CorrelateValues): Promise<number> {
  const say = await openDiagnostics(values, "correlate", () => {});
  const { routes, user } = await connectionTo(values, say);
  const { connection } = await connectToAny(routes, user);
  try {
    const manager = await jetstreamManager(connection);
    const [seed] = crypto.getRandomValues(new Uint32Array(1));
    const { made, differs } = await makeStreams(manager, limitsOf(values), seed);
    for (const text of made) say.notice(text);
    for (const text of differs) say.error(text);
    return differs.length === 0 ? Exit.Done : Exit.CannotRun;
  } catch (error) {
    const reason = natsReason(error);
    const advice = /insufficient storage/.test(reason)
      ? ": its max_file_store must hold --stream-size and 1 GiB for alerts"
      : "";
    throw new CannotRun(`--init: ${reason}${advice}`);
  } finally {
    await connection.close();
  }
}

function limitsOf(values: CorrelateValues): StreamLimits {
  const { streamAge, streamSize, alertAge, streamReplicas } = values;
  return {
    ageSeconds: streamAge * 3600,
    bytes: streamSize * GIBIBYTE,
    alertAgeSeconds: alertAge * 86_400,
    replicas: streamReplicas,
  };
}
