// The check of `scandog doctor` for a correlator: its credentials, its server, its streams.

import { natsReason } from "../../fleet/nats_connection.ts";
import { plural } from "../../format/figures.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import type { Check, Finding } from "./finding.ts";

type Values = Pick<CorrelateValues, "subscribe" | "subscribeCredentials" | "subscribeCa">;

/** Nothing where no server is chosen. */
export function correlatorChecks(values: Values): Check[] {
  if (values.subscribe === undefined) return [];
  return [{ name: "subscribe", look: () => streamsCheck(values) }];
}

async function streamsCheck(values: Values): Promise<Omit<Finding, "name">> {
  // Loaded here: nobody else has a client of NATS in doctor.
  const { connectionTo, connectToAny } = await import("../correlate/stream_connection.ts");
  const { tryStreams } = await import("../../fleet/stream_trial.ts");
  const said: string[] = [];
  const { routes, user } = await connectionTo(values, { notice: (text) => void said.push(text) });
  const { connection, route: { host } } = await connectToAny(routes, user);
  try {
    const { messages, last } = await tryStreams(connection);
    const stored = last === undefined
      ? "no sensor has said anything yet"
      : `${plural(messages, "message")}, the last of ${last}`;
    const text = `${host}: both streams are there and can be read; ${stored}`;
    // Of the credentials, where others can read them.
    return said.length === 0 ? { state: "ok", text } : { state: "warn", text: said[0] };
  } catch (error) {
    return {
      state: "fail",
      text: `${host}: ${natsReason(error)}`,
      remedy: "`scandog correlate --init` makes the streams, or tells how existing ones differ",
    };
  } finally {
    await connection.close();
  }
}
