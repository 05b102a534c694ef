// One connection to one NATS server, with our credentials. Knows the client's options; reconnecting, publishing and
// reading are the caller's.

import {
  type Authenticator,
  AuthorizationError,
  type ConnectionOptions,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  TimeoutError,
  usernamePasswordAuthenticator,
} from "@nats-io/nats-core";
import { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { reasonOf } from "../sink/trouble.ts";
import type { Identity } from "./nats_credentials.ts";
import { type Route, type RoutedOptions, useDenoTransport } from "./nats_transport.ts";

export interface NatsUser {
  /** Absent: the server asks nobody. */
  identity?: Identity;
  /** For the server's own lists of connections. */
  name: string;
  /** Where we are answered: see `sensorInbox`. */
  inboxPrefix: string;
}

/** A server that is silent for this time is gone: the second ping finds the first unanswered. */
const PING_MS = 10_000;
/** From the socket to the server's word that we may. */
const GREETING_MS = 10_000;

/**
 * Connects once, and never again by itself: `closed()` tells when it is over, and why. So every failure can be
 * said, and what was under way is the caller's to send again. Rejects with what is in the way.
 */
export async function connectNats(route: Route, user: NatsUser): Promise<NatsConnection> {
  useDenoTransport();
  const { server: { hostname, port } } = route;
  const options: RoutedOptions = {
    ...optionsOf(user),
    servers: [hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`],
    route,
  };
  return await NatsConnectionImpl.connect(options);
}

/**
 * Ends it, what was handed to it first. Not by a call: the client notes down who called, and the runtime looks such
 * places up in our sources, which it may read no more once the program is confined. It would end there and then.
 */
export async function closeNats(connection: NatsConnection): Promise<void> {
  queueMicrotask(connection.close.bind(connection));
  await connection.closed();
}

function optionsOf({ identity, name, inboxPrefix }: NatsUser): ConnectionOptions {
  return {
    name,
    inboxPrefix,
    authenticator: identity === undefined ? undefined : authenticatorOf(identity),
    reconnect: false,
    // Servers that a server names are in nobody's permissions.
    ignoreClusterUpdates: true,
    resolve: false,
    pingInterval: PING_MS,
    maxPingOut: 1,
    timeout: GREETING_MS,
    noAsyncTraces: true,
  };
}

function authenticatorOf(identity: Identity): Authenticator {
  switch (identity.kind) {
    case "nkey":
      return nkeyAuthenticator(new TextEncoder().encode(identity.seed));
    case "creds":
      return credsAuthenticator(new TextEncoder().encode(identity.text));
    case "password":
      return usernamePasswordAuthenticator(identity.user, identity.password);
  }
}

/** What is in the way, and where one word helps, what to do. The server's own words are quoted, cut. */
export function natsReason(error: unknown): string {
  if (error instanceof AuthorizationError) {
    return "the server refuses who we are (Authorization Violation): see the credentials that are given " +
      "(--publish-credentials, --subscribe-credentials), and the server's list of users";
  }
  if (error instanceof TimeoutError) return "the server does not answer";
  return reasonOf(error).replace(/[^\x20-\x7e]/g, "?").slice(0, REASON_CHARACTERS_MAX);
}

const REASON_CHARACTERS_MAX = 200;
