// Waits for packets on several devices at once.

import type { Libpcap } from "./libpcap.ts";

/** `struct pollfd`: a descriptor, 16 bits asked for, 16 bits answered. */
const ENTRY_BYTES = 8;
const EVENTS = 4;
const POLLIN = 1;

/** Waits on a fixed set of descriptors; one that is -1 is skipped. */
export class Poller {
  readonly #libpcap: Libpcap;
  readonly #sources: readonly { readonly fd: number }[];
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;

  /** `sources` are live captures, or anything with a descriptor. */
  constructor(libpcap: Libpcap, sources: readonly { readonly fd: number }[]) {
    this.#libpcap = libpcap;
    this.#sources = sources;
    this.#bytes = new Uint8Array(new ArrayBuffer(sources.length * ENTRY_BYTES));
    this.#view = new DataView(this.#bytes.buffer);
  }

  /**
   * Sleeps until one of them has something, at most that many milliseconds, and returns how many have.
   * 0 also when a signal came. The thread is in the kernel meanwhile and costs nothing.
   */
  wait(milliseconds: number): number {
    const view = this.#view;
    for (let i = 0; i < this.#sources.length; i++) {
      view.setInt32(i * ENTRY_BYTES, this.#sources[i].fd, true);
      view.setUint32(i * ENTRY_BYTES + EVENTS, POLLIN, true);
    }
    return Math.max(
      0,
      this.#libpcap.libc.poll(this.#bytes, BigInt(this.#sources.length), milliseconds),
    );
  }
}
