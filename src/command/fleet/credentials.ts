// The files that publishing needs: credentials of this sensor, and certificates of servers. They are read while
// everything can be read, and never printed.

import { X509Certificate } from "node:crypto";
import { CannotRun, reasonOf } from "../../failure.ts";
import { type Identity, parseCredentials } from "../../fleet/nats_credentials.ts";
import { type NatsServer, serverText } from "../../fleet/nats_server.ts";
import type { Notice } from "../../sink/sink.ts";
import { readSmallText } from "../../system/small_file.ts";

/** A file, and the option that names it. */
export interface NamedFile {
  /** `--publish-ca` */
  option: string;
  /** Undefined: none is named. */
  path: string | undefined;
}

/** Undefined: no file is named. Throws `CannotRun`. */
export function readIdentity(file: NamedFile, notice: Notice): Identity | undefined {
  const { path } = file;
  if (path === undefined) return undefined;
  const option = `${file.option} ${path}`;
  const identity = parseCredentials(readText(option, path));
  if (typeof identity === "string") throw new CannotRun(`${option}: ${identity}`);
  if (isReadByOthers(path)) {
    notice(`${option}: everybody on this machine can read it: chmod o-rwx ${path}`);
  }
  return identity;
}

/** Certificates as text; undefined: no file is named. Throws `CannotRun`. */
export function readAuthorities(file: NamedFile): string | undefined {
  const { path } = file;
  if (path === undefined) return undefined;
  const option = `${file.option} ${path}`;
  const text = readText(option, path);
  try {
    new X509Certificate(text);
  } catch {
    throw new CannotRun(`${option}: it holds no certificate (PEM)`);
  }
  return text;
}

/** What is said of a password that anybody on the way can read; undefined: nobody can. A key or a token proves itself. */
export function exposedPassword(
  identity: Identity | undefined,
  servers: readonly NatsServer[],
): string | undefined {
  const plain = servers.find(({ tls, hostname }) => !tls && !isLoopback(hostname));
  if (identity?.kind !== "password" || plain === undefined) return undefined;
  return `--publish-credentials: the password goes to ${
    serverText(plain)
  } for everybody on the way to read: say ` +
    "tls://, or use a key (scandog correlate --add-sensor)";
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127\.[0-9.]+$/.test(hostname);
}

function readText(option: string, path: string): string {
  try {
    return readSmallText(path);
  } catch (error) {
    throw new CannotRun(`${option}: cannot be read: ${reasonOf(error)}`);
  }
}

const READ_BY_OTHERS = 0o004;

function isReadByOthers(path: string): boolean {
  return ((Deno.statSync(path).mode ?? 0) & READ_BY_OTHERS) !== 0;
}
