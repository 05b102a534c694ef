// The socket under the NATS client: Deno's own, TCP or TLS. Knows connections; nothing of messages.
//
// Not the client's own transport for Node.js, since that cannot encrypt in all versions of Deno that this
// program is built with: it upgrades a socket in a way that Deno 2.4 and others refuse. This one asks a guard
// about every byte, and holds a bounded number of bytes that the server does not take.
//
// Needs `--allow-net=HOST:PORT`.

import type { ConnectionOptions, Server } from "@nats-io/nats-core";
import { setTransportFactory, type Transport } from "@nats-io/nats-core/internal";
import { VERSION } from "../version.ts";
import { type NatsServer, serverText } from "./nats_server.ts";
import { NotNats, type ServerBounds, ServerGuard } from "./server_guard.ts";

/** One way to one server, handed to the transport with the client's options. */
export interface Route {
  server: NatsServer;
  /** Where to connect to: the server's name, or an address that it led to. */
  host: string;
  /** Certificates (PEM) that may have signed the server's, besides the well-known ones. */
  authorities?: string;
  bounds: ServerBounds;
}

export interface RoutedOptions extends ConnectionOptions {
  route: Route;
}

/** More than what is under way at once; a server that takes nothing is given up. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;
const READ_BYTES = 65_536;
/** At the end, for what was sent before. */
const LAST_WORDS_MS = 500;
/** TCP and TLS are up, or are not. */
const CONNECT_MS = 10_000;

/** Makes the client use this transport. All its connections go through it from then on. */
export function useDenoTransport(): void {
  setTransportFactory({ factory: () => new DenoTransport() });
}

/** What the server is, and what it was taken for, do not go together. */
class NotFit extends Error {}

class DenoTransport implements Transport {
  readonly lang = "deno";
  readonly version = VERSION;
  closeError?: Error;
  readonly #closed = Promise.withResolvers<void | Error>();
  #connection: Deno.Conn | undefined;
  #guard: ServerGuard | undefined;
  /** What was read while the client did not look yet. */
  #read: Uint8Array[] = [];
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #writing: Promise<void> | undefined;
  #encrypted = false;
  #done = false;

  get isClosed(): boolean {
    return this.#done;
  }

  isEncrypted(): boolean {
    return this.#encrypted;
  }

  closed(): Promise<void | Error> {
    return this.#closed.promise;
  }

  async connect(_server: Server, options: ConnectionOptions): Promise<void> {
    const { route } = options as RoutedOptions;
    const { server, host } = route;
    this.#guard = new ServerGuard(route.bounds);
    const signal = AbortSignal.timeout(CONNECT_MS);
    const plain = await Deno.connect({ hostname: host, port: server.port, signal });
    this.#connection = plain;
    if (this.#done) return this.#shut();
    plain.setNoDelay(true);
    plain.setKeepAlive(true);
    const stop = () => this.#shut();
    signal.addEventListener("abort", stop);
    try {
      const { wantsTls, hasTls } = await this.#readInfo();
      if (server.tls && !hasTls) throw new NotFit(`${serverText(server)} has no TLS`);
      if (!server.tls && wantsTls) throw new NotFit(`${serverText(server)} wants TLS: say tls://`);
      if (server.tls) await this.#encrypt(plain, route);
    } catch (error) {
      const isLate = signal.aborted && !(error instanceof NotNats || error instanceof NotFit);
      throw isLate ? new Error(`no answer within ${CONNECT_MS / 1000} s`) : error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** The server speaks first, and not encrypted: the line is kept for the client. */
  async #readInfo(): Promise<{ wantsTls: boolean; hasTls: boolean }> {
    let text = "";
    while (!text.includes("\n")) {
      const bytes = await this.#readSome();
      if (bytes === undefined) throw new Error("the server closed the connection at once");
      this.#read.push(bytes);
      text += new TextDecoder().decode(bytes);
    }
    if (!text.startsWith("INFO ")) throw new NotNats("it does not begin with INFO");
    const { tls_required, tls_available } = JSON.parse(text.slice(5, text.indexOf("\n")));
    const wantsTls = tls_required === true;
    return { wantsTls, hasTls: wantsTls || tls_available === true };
  }

  async #encrypt(plain: Deno.TcpConn, { server, authorities }: Route): Promise<void> {
    const secure = await Deno.startTls(plain, {
      hostname: server.hostname,
      ...(authorities !== undefined && { caCerts: [authorities] }),
    });
    this.#connection = secure;
    if (this.#done) return this.#shut();
    await secure.handshake();
    this.#encrypted = true;
  }

  async #readSome(): Promise<Uint8Array | undefined> {
    const bytes = new Uint8Array(READ_BYTES);
    const count = await this.#connection!.read(bytes);
    if (count === null) return undefined;
    return this.#guard!.pass(bytes.subarray(0, count));
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    yield* this.#read.splice(0);
    let failure: Error | undefined;
    while (!this.#done) {
      try {
        const bytes = await this.#readSome();
        if (bytes === undefined) break;
        yield bytes;
      } catch (error) {
        failure = error as Error;
        break;
      }
    }
    this.#end(failure);
  }

  send(frame: Uint8Array): void {
    if (this.#done) return;
    this.#unsent.push(frame);
    this.#unsentBytes += frame.length;
    if (this.#unsentBytes > UNSENT_BYTES_MAX) {
      return this.#end(new Error(`the server has not taken ${this.#unsentBytes} bytes`));
    }
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      for (let frame = this.#unsent.shift(); frame; frame = this.#unsent.shift()) {
        for (let at = 0; at < frame.length && !this.#done;) {
          at += await this.#connection!.write(frame.subarray(at));
        }
        this.#unsentBytes -= frame.length;
        this.#guard!.sent(frame);
      }
    } catch (error) {
      this.#end(error as Error);
    } finally {
      this.#writing = undefined;
    }
  }

  /** What was sent before goes first, but the server's patience is not waited for. */
  async close(error?: Error): Promise<void> {
    if (error === undefined && this.#writing !== undefined) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const id = setTimeout(resolve, LAST_WORDS_MS);
      await Promise.race([this.#writing, late]);
      clearTimeout(id);
    }
    this.#end(error);
  }

  disconnect(): void {
    this.#end(undefined);
  }

  discard(): void {
    this.#end(undefined);
  }

  #end(error: Error | undefined): void {
    if (this.#done) return;
    this.#done = true;
    this.closeError = error;
    this.#shut();
    this.#unsent = [];
    this.#closed.resolve(error);
  }

  #shut(): void {
    try {
      this.#connection?.close();
    } catch {
      // It has closed itself.
    }
  }
}
