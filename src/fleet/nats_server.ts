// Addresses of NATS servers as people write them: `nats://host:4222`, `tls://host`, several with commas. Knows
// text; opens nothing. A password has no place in them: everybody on a machine can read a command line.

import { parseAddress } from "../address.ts";

export interface NatsServer {
  /** Encrypted, or not spoken to. */
  tls: boolean;
  /** A name or a numeric address, IPv6 without brackets. */
  hostname: string;
  port: number;
}

const PORT_DEFAULT = 4222;
/** A cluster has three or five. */
export const NATS_SERVERS_MAX = 16;

/** What is wrong with it, as a phrase after `must be`, or the servers. Never throws. */
export function parseServers(texts: readonly string[]): NatsServer[] | string {
  if (texts.length > NATS_SERVERS_MAX) return `at most ${NATS_SERVERS_MAX} servers`;
  const servers: NatsServer[] = [];
  for (const part of texts.map((text) => text.trim())) {
    // What stands there is a secret, most likely: it is not repeated.
    if (/^[a-z]+:\/\/[^/]*@/i.test(part)) {
      return "without a user or password, which everybody could read there: " +
        "put USER:PASSWORD into the file of --publish-credentials";
    }
    const server = parseServer(part);
    if (server === undefined) return "nats://HOST:PORT or tls://HOST:PORT, several with commas";
    servers.push(server);
  }
  return servers;
}

function parseServer(text: string): NatsServer | undefined {
  const match = /^(nats|tls):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s/:@?#[\],]+))(?::([0-9]{1,5}))?\/?$/
    .exec(text);
  if (match === null) return undefined;
  const [, scheme, address6, name, portText] = match;
  // 10.0.0 and 1.2.3.256 are neither a name nor an address.
  const isNumeric = address6 !== undefined || /^[0-9.]+$/.test(name);
  if (isNumeric && parseAddress(address6 ?? name) === undefined) {
    return undefined;
  }
  const port = portText === undefined ? PORT_DEFAULT : Number(portText);
  if (port < 1 || port > 65535) return undefined;
  return { tls: scheme === "tls", hostname: address6 ?? name, port };
}

/** `nats://[2001:db8::1]:4222`, as `parseServers` reads it. */
export function serverText({ tls, hostname, port }: NatsServer): string {
  return `${tls ? "tls" : "nats"}://${hostPort(hostname, port)}`;
}

/** `[2001:db8::1]:4222`, as permissions have it. */
export function hostPort(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
