// One connection to a syslog collector over TLS (RFC 5425). Knows sockets and certificates; nothing of
// messages.
//
// Through node:tls, because `Deno.connectTls` cannot connect to an address and verify a name, which a
// confined program must: it can look up no name any more. Loaded only where TLS is chosen.

import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { SystemError } from "../system/system_error.ts";
import { readAuthorities } from "../system/tls_authorities.ts";
import type { Connect, Connection } from "./syslog_connection.ts";

/** Certificates and key in PEM. */
export interface TlsMaterial {
  /** Only what these have signed is trusted; absent: what the runtime trusts. */
  authorities?: string;
  /** Ours, for a collector that asks who we are, and its key. */
  certificate?: string;
  key?: string;
}

/** What is wrong with the material, as a sentence for each part; nothing where it can be used. */
export function materialFaults(
  material: TlsMaterial,
): { part: keyof TlsMaterial; reason: string }[] {
  const { authorities, certificate, key } = material;
  const found: { part: keyof TlsMaterial; reason: string }[] = [];
  for (
    const [part, text] of [["authorities", authorities], ["certificate", certificate]] as const
  ) {
    if (text !== undefined && parsed(() => new X509Certificate(text)) === undefined) {
      found.push({ part, reason: "holds no certificate in PEM" });
    }
  }
  if (key === undefined) return found;
  const ours = parsed(() => createPrivateKey(key));
  if (ours === undefined) {
    found.push({ part: "key", reason: "holds no private key in PEM without a passphrase" });
  } else if (found.length === 0 && certificate !== undefined) {
    // Deno 2.4 has no X509Certificate.checkPrivateKey().
    const theirs = parsed(() => publicText(new X509Certificate(certificate).publicKey));
    if (theirs === undefined || theirs !== parsed(() => publicText(createPublicKey(ours)))) {
      found.push({ part: "key", reason: "is not the key of the certificate" });
    }
  }
  return found;
}

function publicText(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }) as string;
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** Before it, the runtime's TLS shows no certificate of ours, and hides that the far end's is wrong. */
const DENO_MIN = [2, 8];

/**
 * The collector's certificate must name `hostname`, wherever it is connected to (RFC 5425 section 5.2). Throws
 * `SystemError` where the runtime is too old to be trusted with that.
 */
export function overTls(hostname: string, port: number, material: TlsMaterial): Connect {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  if (major < DENO_MIN[0] || major === DENO_MIN[0] && minor < DENO_MIN[1]) {
    const reason = `TLS takes Deno ${DENO_MIN.join(".")} or later, this is ${Deno.version.deno}`;
    throw new SystemError(`reach tls://${hostname}`, 0, reason);
  }
  readAuthorities();
  const { authorities, certificate, key } = material;
  return (host, signal) =>
    new Promise((resolve, reject) => {
      const socket = connectTls({
        host,
        port,
        // An address is no name for SNI; then what is connected to is what must be named.
        ...(isIP(hostname) === 0 && { servername: hostname }),
        ...(authorities !== undefined && { ca: authorities }),
        ...(certificate !== undefined && { cert: certificate, key }),
        minVersion: "TLSv1.2",
      });
      const connection = new TlsConnection(socket);
      const abort = () => {
        reject(signal.reason);
        socket.destroy();
      };
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
      socket.once("secureConnect", () => {
        signal.removeEventListener("abort", abort);
        socket.unref();
        socket.setKeepAlive(true);
        resolve(connection);
      });
      connection.ended.then((error) => {
        signal.removeEventListener("abort", abort);
        reject(error ?? new Error("the far end closed it before it was secure"));
      });
    });
}

class TlsConnection implements Connection {
  readonly ended: Promise<Error | undefined>;
  /** Of the write at hand: nobody calls back for it once the connection has ended. */
  private reject: ((error: Error) => void) | undefined;

  constructor(private readonly socket: TLSSocket) {
    this.ended = new Promise((resolve) => {
      socket.once("error", resolve);
      socket.once("close", () => resolve(undefined));
      // The far end's last word; ours follows at once.
      socket.once("end", () => socket.end());
    });
    this.ended.then((error) => this.reject?.(error ?? new Error("the far end closed it")));
    // Nothing is expected; it must be read for the end to be seen.
    socket.resume();
  }

  /** One at a time. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      this.socket.write(bytes, (error) => error ? reject(error) : resolve());
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.ended.then(() => resolve());
      this.socket.end(() => {
        this.socket.destroy();
        resolve();
      });
    });
  }
}
