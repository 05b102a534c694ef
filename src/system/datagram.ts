// Datagram sockets that never wait: UNIX (the syslog daemon, journald) and UDP. Knows addresses and
// error numbers; not what is sent.
//
// Deno's own datagram API is unstable, and its UNIX half cannot send without waiting. UDP here is
// outside Deno's network permission as everything behind FFI is, so who opens one asks for it first, with
// `requireNetwork()`.

import { cString, type Libc, libc } from "./libc.ts";
import { Errno, SystemError } from "./system_error.ts";

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SIOCOUTQ = 0x5411n;

/** `struct sockaddr_un`: u16 family, then the path with its NUL in 108 bytes. */
const PATH_BYTES_MAX = 107;

/** Does Deno's network permission cover `host`, `address:port` or a name? */
export function mayReach(host: string): boolean {
  return Deno.permissions.querySync({ name: "net", host }).state === "granted";
}

/** Throws `SystemError` unless Deno's network permission covers `host`. */
export function requireNetwork(host: string): void {
  if (mayReach(host)) return;
  throw new SystemError(`reach ${host}`, Errno.EACCES, `run with --allow-net=${host}`);
}

/** One connected, non-blocking datagram socket. */
export class DatagramSocket {
  readonly #libc: Libc;
  readonly #socket: number;
  readonly #outstanding = new Int32Array(new ArrayBuffer(4));

  private constructor(lib: Libc, family: number, address: Uint8Array<ArrayBuffer>, to: string) {
    this.#libc = lib;
    this.#socket = lib.call.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (this.#socket < 0) throw notMade(lib, family, to);
    if (lib.call.connect(this.#socket, address, address.length) < 0) {
      const failure = lib.failure(`reach ${to}`);
      lib.call.close(this.#socket);
      throw failure;
    }
  }

  /** Connects to the socket file at `path`. Throws `SystemError`. */
  static unix(path: string): DatagramSocket {
    const bytes = new TextEncoder().encode(path);
    if (bytes.length === 0 || bytes.length > PATH_BYTES_MAX || bytes.includes(0)) {
      throw new SystemError(`reach ${path}`, Errno.EINVAL, "not a path for a socket");
    }
    const address = new Uint8Array(new ArrayBuffer(2 + PATH_BYTES_MAX + 1));
    address[0] = AF_UNIX;
    address.set(bytes, 2);
    return new DatagramSocket(libc(), AF_UNIX, address, path);
  }

  /**
   * "Connects" to a numeric IPv4 or IPv6 address (no zone): nothing is sent yet, but errors of this
   * one far end come back. Throws `SystemError`.
   */
  static udp(address: string, port: number): DatagramSocket {
    const host = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
    const lib = libc();
    const family = address.includes(":") ? AF_INET6 : AF_INET;
    // sockaddr_in: u16 family, u16 port, u32 address, 8 zeros.
    // sockaddr_in6: u16 family, u16 port, u32 flow, 16 bytes address, u32 zone.
    const bytes = new Uint8Array(new ArrayBuffer(family === AF_INET ? 16 : 28));
    bytes[0] = family;
    bytes[2] = port >> 8;
    bytes[3] = port & 0xff;
    const at = bytes.subarray(family === AF_INET ? 4 : 8);
    if (lib.call.inet_pton(family, cString(address), at) !== 1) {
      throw new SystemError(`reach ${host}`, Errno.EINVAL, "not a numeric address");
    }
    return new DatagramSocket(lib, family, bytes, host);
  }

  /** Sends one datagram or does not: 0, or the error number. Never waits. */
  send(bytes: Uint8Array<ArrayBuffer>): number {
    const { call } = this.#libc;
    const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    const sent = Number(call.send(this.#socket, bytes, BigInt(bytes.length), flags));
    return sent < 0 ? this.#libc.errno() : 0;
  }

  /** Bytes of kernel memory held by datagrams sent and not read yet (UNIX), or not transmitted. */
  outstanding(): number {
    const bytes = new Uint8Array(this.#outstanding.buffer);
    return this.#libc.call.ioctl(this.#socket, SIOCOUTQ, bytes) < 0 ? 0 : this.#outstanding[0];
  }

  close(): void {
    this.#libc.call.close(this.#socket);
  }

  /** The system's words for an error number that `send` gave. */
  errorText(errno: number): string {
    return this.#libc.errorText(errno);
  }
}

/** As a hardened unit has it, the program may make no socket of the Internet. */
function notMade(lib: Libc, family: number, to: string): SystemError {
  const failure = lib.failure(`make a socket to ${to}`);
  if (family === AF_UNIX || failure.errno !== Errno.EAFNOSUPPORT) return failure;
  return new SystemError(
    failure.doing,
    failure.errno,
    `${
      lib.errorText(failure.errno)
    }; under systemd it takes RestrictAddressFamilies=AF_INET AF_INET6 and ` +
      "IPAddressAllow= in the unit (systemctl edit scandog)",
  );
}
