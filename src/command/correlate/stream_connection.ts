// How a correlator reaches its servers: names, credentials and certificates, read while files and names are still in
// reach. Knows options.

import type { NatsConnection } from "@nats-io/nats-core";
import { CannotRun } from "../../failure.ts";
import { connectNats, natsReason, type NatsUser } from "../../fleet/nats_connection.ts";
import type { Route } from "../../fleet/nats_transport.ts";
import { routesTo } from "../../fleet/routes.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import { SystemError } from "../../system/system_error.ts";
import type { Diagnostics } from "../diagnostics.ts";
import { readAuthorities, readIdentity } from "../fleet/credentials.ts";

/** Batches have at most 57,384 bytes; the server's answers about streams are smaller than this, too. */
const BOUNDS = { messageBytes: 1_100_000 };
/** Nobody else is answered there: the server's permissions say so. */
const INBOX_PREFIX = "_INBOX.correlate";

/** Rejects with `CannotRun`. */
export async function connectionTo(
  values: Pick<CorrelateValues, "subscribe" | "subscribeCredentials" | "subscribeCa">,
  say: Pick<Diagnostics, "notice">,
): Promise<{ routes: Route[]; user: NatsUser }> {
  const { subscribe = [], subscribeCredentials, subscribeCa } = values;
  const credentials = { option: "--subscribe-credentials", path: subscribeCredentials };
  const identity = readIdentity(credentials, say.notice);
  const authorities = readAuthorities({ option: "--subscribe-ca", path: subscribeCa });
  try {
    const routes = await routesTo(subscribe, { authorities, bounds: BOUNDS }, say.notice);
    return { routes, user: { identity, name: "scandog correlate", inboxPrefix: INBOX_PREFIX } };
  } catch (error) {
    if (error instanceof SystemError) throw new CannotRun(error.message);
    throw error;
  }
}

/** Connects once, to the first that answers. Rejects with `CannotRun` and what the last one said. */
export async function connectToAny(
  routes: readonly Route[],
  user: NatsUser,
): Promise<{ connection: NatsConnection; route: Route }> {
  let reason = "";
  for (const route of routes) {
    try {
      return { connection: await connectNats(route, user), route };
    } catch (error) {
      reason = `${route.host}: ${natsReason(error)}`;
    }
  }
  throw new CannotRun(`--subscribe: ${reason}`);
}
