// The ways to the servers, found while names can be looked up. Knows names and permissions; connects to nothing.
//
// A server is reached by its name first, which leads where it leads now, and then by each address that it led
// to at start, as a confined program can look no name up.

import type { Notice } from "../sink/sink.ts";
import { mayReach, requireNetwork } from "../system/datagram.ts";
import { addressesOf } from "../system/host_addresses.ts";
import { SystemError } from "../system/system_error.ts";
import { readAuthorities } from "../system/tls_authorities.ts";
import { hostPort, type NatsServer, serverText } from "./nats_server.ts";
import type { Route } from "./nats_transport.ts";

/**
 * Rejects with `SystemError` what no waiting will mend: a permission that is missing, names of which none can be
 * found. `notice` hears of one name among others that cannot be found.
 */
export async function routesTo(
  servers: readonly NatsServer[],
  common: Pick<Route, "authorities" | "bounds">,
  notice: Notice,
): Promise<Route[]> {
  if (servers.some(({ tls }) => tls)) readAuthorities();
  const routes: Route[] = [];
  let failure: SystemError | undefined;
  for (const server of servers) {
    const { hostname, port } = server;
    requireNetwork(hostPort(hostname, port));
    try {
      const addresses = await addressesOf(hostname);
      const reachable = addresses.filter((address) => mayReach(hostPort(address, port)));
      const hosts = [...new Set([hostname, ...reachable])];
      routes.push(...hosts.map((host) => ({ server, host, ...common })));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      failure = error;
      if (servers.length > 1) notice(`${serverText(server)} is left out: ${error.message}`);
    }
  }
  if (routes.length === 0 && failure !== undefined) throw failure;
  return routes;
}
