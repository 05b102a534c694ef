// The network interface behind a packet socket on Linux: is it there, is it up, and how to take it
// up again after it vanished and came back. Everything here works without privileges, and asks the
// packet socket itself: a thread that may no longer make sockets can still look.

import { cString, type Libpcap } from "./libpcap.ts";

/** `struct sockaddr_ll`. */
const SOCKADDR_BYTES = 20;
const SOCKADDR_INDEX = 4;
const SOCKADDR_HARDWARE = 8;

/** `struct ifreq`: the name, then what was asked for. */
const REQUEST_BYTES = 40;
const REQUEST_NAME_BYTES = 16;
const GET_NAME = 0x8910n; // SIOCGIFNAME: of the index that lies where answers do
const GET_INDEX = 0x8933n; // SIOCGIFINDEX
const GET_FLAGS = 0x8913n; // SIOCGIFFLAGS
const GET_HARDWARE = 0x8927n; // SIOCGIFHWADDR; the type is where a socket address has its family
const FLAG_UP = 1;

/** `struct packet_mreq`: index, type, address. */
const MEMBERSHIP_BYTES = 16;
const SOL_PACKET = 263;
const ADD_MEMBERSHIP = 1;
const MEMBERSHIP_PROMISCUOUS = 1;

/** The interface that a socket of libpcap is bound to. */
export class Link {
  readonly #libpcap: Libpcap;
  readonly #fd: number;
  /** As at the start, with its NUL. */
  readonly #first: Uint8Array<ArrayBuffer>;
  /** As last seen. */
  #name: Uint8Array<ArrayBuffer>;
  readonly #promiscuous: boolean;
  /** The address the socket was bound to; only its index changes. */
  readonly #bound = new Uint8Array(SOCKADDR_BYTES);
  readonly #view = new DataView(this.#bound.buffer);
  readonly #request = new Uint8Array(REQUEST_BYTES);

  private constructor(libpcap: Libpcap, fd: number, device: string, promiscuous: boolean) {
    this.#libpcap = libpcap;
    this.#fd = fd;
    this.#first = this.#name = cString(device, "device");
    this.#promiscuous = promiscuous;
  }

  /** Undefined where there is no single interface (`any`) and on other systems than Linux. */
  static of(
    libpcap: Libpcap,
    fd: number,
    device: string,
    promiscuous: boolean,
  ): Link | undefined {
    if (Deno.build.os !== "linux") return undefined;
    const link = new Link(libpcap, fd, device, promiscuous);
    const length = new Uint32Array([SOCKADDR_BYTES]);
    if (libpcap.libc.getsockname(fd, link.#bound, length) !== 0) return undefined;
    return link.#index() > 0 && link.exists() ? link : undefined;
  }

  /** The interface that the socket is bound to is there, whatever it is called by now. */
  exists(): boolean {
    return this.name() !== undefined;
  }

  /** What the interface is called now: it may have been renamed. Undefined once it is gone. */
  name(): string | undefined {
    const view = new DataView(this.#request.buffer);
    this.#request.fill(0);
    view.setInt32(REQUEST_NAME_BYTES, this.#index(), true);
    if (this.#libpcap.libc.ioctl(this.#fd, GET_NAME, this.#request) !== 0) return undefined;
    this.#request[REQUEST_NAME_BYTES - 1] = 0;
    this.#name = this.#request.slice(0, this.#request.indexOf(0) + 1);
    return textOf(this.#name);
  }

  /** The interface's name now, or its last name if it is gone. */
  lastName(): string {
    return this.name() ?? textOf(this.#name);
  }

  /** The interface is there and set up. */
  isUp(): boolean {
    return this.exists() && (this.#ask(this.#name, GET_FLAGS) & FLAG_UP) !== 0;
  }

  /**
   * Binds the socket to the interface that now has the name. The kernel wants a privilege to make a
   * packet socket, none to bind it, so this works after root was given up; the kernel's buffer, the
   * filter and the counters stay. False while there is no such interface, or one of another
   * hardware type (its packets would not be what the link type says). The name is that of the
   * start; or the one it was renamed to, where there is none of the first.
   */
  rebind(): boolean {
    return this.#rebindTo(this.#first) || this.#rebindTo(this.#name);
  }

  #rebindTo(name: Uint8Array<ArrayBuffer>): boolean {
    const { libc } = this.#libpcap;
    const index = this.#ask(name, GET_INDEX, 4);
    if (index === 0) return false;
    if (this.#ask(name, GET_HARDWARE) !== this.#view.getUint16(SOCKADDR_HARDWARE, true)) {
      return false;
    }
    const before = this.#index();
    this.#view.setInt32(SOCKADDR_INDEX, index, true);
    if (libc.bind(this.#fd, this.#bound, SOCKADDR_BYTES) !== 0) {
      this.#view.setInt32(SOCKADDR_INDEX, before, true);
      return false;
    }
    if (this.#promiscuous) this.#joinPromiscuous(index);
    return true;
  }

  /** The membership went with the interface. */
  #joinPromiscuous(index: number): void {
    const request = new DataView(new ArrayBuffer(MEMBERSHIP_BYTES));
    request.setInt32(0, index, true);
    request.setUint16(4, MEMBERSHIP_PROMISCUOUS, true);
    const bytes = new Uint8Array(request.buffer);
    this.#libpcap.libc.setsockopt(this.#fd, SOL_PACKET, ADD_MEMBERSHIP, bytes, MEMBERSHIP_BYTES);
  }

  #index(): number {
    return this.#view.getInt32(SOCKADDR_INDEX, true);
  }

  /** The 16 (or 32) bits the kernel answers about a name, 0 when it knows no such interface. */
  #ask(name: Uint8Array, request: bigint, bytes = 2): number {
    this.#request.fill(0);
    this.#request.set(name.subarray(0, REQUEST_NAME_BYTES - 1));
    if (this.#libpcap.libc.ioctl(this.#fd, request, this.#request) !== 0) return 0;
    const view = new DataView(this.#request.buffer);
    return bytes === 2
      ? view.getUint16(REQUEST_NAME_BYTES, true)
      : view.getInt32(REQUEST_NAME_BYTES, true);
  }
}

function textOf(name: Uint8Array): string {
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}
