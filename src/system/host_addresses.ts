// Where a name leads, asked before a program is confined: afterwards it can look none up any more.
//
// Needs `--allow-net=NAME` for a name, nothing for an address.

import { parseAddress } from "../address.ts";
import { requireNetwork } from "./datagram.ts";
import { SystemError } from "./system_error.ts";

/** In the system's order; an address leads to itself. Rejects with `SystemError`. */
export async function addressesOf(hostname: string): Promise<string[]> {
  if (parseAddress(hostname) !== undefined) return [hostname];
  requireNetwork(hostname);
  // Loaded where a name is given: it brings half of node with it.
  const { lookup } = await import("node:dns/promises");
  try {
    const found = await lookup(hostname, { all: true });
    if (found.length === 0) throw new Error("it has no address");
    return found.map(({ address }) => address);
  } catch (error) {
    const reason = (error as Error).message.replace(/ \(os error [0-9]+\).*$/s, "");
    throw new SystemError(`find the host ${hostname}`, 0, reason);
  }
}
