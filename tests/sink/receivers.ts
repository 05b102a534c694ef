// Far ends for sinks: a UNIX datagram socket, a TCP server that reads octet-counted frames, and
// waiting for what they get.

import assert from "node:assert/strict";
import { cString, libcPaths } from "../../src/system/libc.ts";
import { exists } from "../support/skip.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

/** So long that only what never comes takes longer, however slow or busy the machine is. */
export const PATIENCE_MS = 120_000;

/** Waits until `done` holds, at most `PATIENCE_MS`; then fails, saying what was waited for. */
export async function until(done: () => boolean, what: () => string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!done()) {
    assert.ok(performance.now() < end, `waited two minutes for: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function openLibc() {
  return Deno.dlopen(libcPaths().find(exists)!, {
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
    recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

/** A datagram socket at `path`, as a syslog daemon has one. Closing it removes the file. */
export class UnixReceiver {
  readonly #path: string;
  readonly #libc = openLibc();
  readonly #socket: number;
  readonly #bytes = new Uint8Array(new ArrayBuffer(256 * 1024));

  constructor(path: string) {
    this.#path = path;
    this.#socket = this.#libc.symbols.socket(AF_UNIX, SOCK_DGRAM, 0);
    const address = new Uint8Array(new ArrayBuffer(110));
    address[0] = AF_UNIX;
    address.set(cString(path), 2);
    assert.equal(this.#libc.symbols.bind(this.#socket, address, address.length), 0, `bind ${path}`);
  }

  /** Takes at most `count` datagrams that are there. */
  take(count = Infinity): Uint8Array[] {
    const taken: Uint8Array[] = [];
    while (taken.length < count) {
      const size = BigInt(this.#bytes.length);
      const length = this.#libc.symbols.recv(this.#socket, this.#bytes, size, MSG_DONTWAIT);
      if (length < 0n) break;
      taken.push(this.#bytes.slice(0, Number(length)));
    }
    return taken;
  }

  lines(count = Infinity): string[] {
    return this.take(count).map((bytes) => new TextDecoder().decode(bytes));
  }

  close(): void {
    this.#libc.symbols.close(this.#socket);
    this.#libc.close();
    Deno.removeSync(this.#path);
  }
}

/** Splits octet-counted frames (RFC 6587 section 3.4.1); fails on anything else. */
export class FrameReader {
  readonly messages: string[] = [];
  #rest = new Uint8Array(0);

  add(bytes: Uint8Array): void {
    this.#rest = new Uint8Array([...this.#rest, ...bytes]);
    for (;;) {
      const space = this.#rest.indexOf(0x20);
      if (space < 0) return;
      const count = new TextDecoder().decode(this.#rest.subarray(0, space));
      assert.match(count, /^[1-9][0-9]*$/);
      const end = space + 1 + Number(count);
      if (this.#rest.length < end) return;
      this.messages.push(new TextDecoder().decode(this.#rest.subarray(space + 1, end)));
      this.#rest = this.#rest.slice(end);
    }
  }
}

/** A syslog server over TCP on the loopback interface. */
export class TcpReceiver {
  readonly port: number;
  /** One for each connection there was. */
  readonly readers: FrameReader[] = [];
  readonly #listener: Deno.TcpListener;
  readonly #connections: Deno.TcpConn[] = [];
  readonly #done: Promise<void>[] = [];

  constructor(port = 0) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.port = this.#listener.addr.port;
    this.#done.push(this.#accept());
  }

  get messages(): string[] {
    return this.readers.flatMap(({ messages }) => messages);
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      const reader = new FrameReader();
      this.readers.push(reader);
      this.#connections.push(connection);
      this.#done.push(this.#read(connection, reader));
    }
  }

  async #read(connection: Deno.TcpConn, reader: FrameReader): Promise<void> {
    try {
      for await (const bytes of connection.readable) reader.add(bytes);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
    }
  }

  async close(): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) {
      try {
        connection.close();
      } catch {
        // The other end was first.
      }
    }
    await Promise.all(this.#done);
  }
}
