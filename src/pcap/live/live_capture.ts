// Captures on one device, a batch at a time. Knows packets as savefile records in memory; reads none.

import { activate, type LiveOptions, setFilters, type Shortened } from "./activate.ts";
import { BatchBuffer } from "./batch_buffer.ts";
import type { Libpcap } from "./libpcap.ts";
import { Link } from "./link.ts";
import { PcapError } from "./pcap_error.ts";
import { Poller } from "./poller.ts";

/**
 * How the device does. `down`: it is there, and packets will come again by themselves once it is
 * up. `gone`: the interface vanished; `reattach()` when one of its name is back. `failed`: libpcap
 * reports another error. `message` says what happened, without the device's name.
 */
export type Condition =
  | { kind: "up" }
  | { kind: "down" | "gone" | "failed"; message: string };

/** Packets since the device was opened. They may exceed 2^32. */
export interface LiveStatistics {
  /** Passed by the filter, dropped ones included on Linux. */
  received: number;
  /** Dropped for want of room in the kernel's buffer. */
  dropped: number;
  /** Dropped by the interface or its driver, where the system tells. */
  interfaceDropped: number;
}

/** Memory for a batch when none is given. */
const MEMORY_BYTES = 1 << 20;

const UP: Condition = { kind: "up" };

const ERROR_BREAK = -2;

/**
 * One open device. Not for several threads. Every call but `wait()` returns at once.
 *
 * ```ts
 * import { type Condition, type LiveStatistics } from "deno-pcap";
 * import { Libpcap, LiveCapture, SavefileWalker } from "deno-pcap";
 *
 * function printPackets(device: string): Condition {
 *   using capture = new LiveCapture(new Libpcap(), device, { filters: ["tcp"] });
 *   const packets = new SavefileWalker(capture.buffer, capture.linkType, capture.nanoseconds);
 *   while (capture.condition.kind === "up") {
 *     capture.wait(100);
 *     packets.begin(capture.batch());
 *     while (packets.next()) console.log(packets.timeUs, packets.wireLength);
 *   }
 *   const { received, dropped }: LiveStatistics = capture.statistics();
 *   console.log(`${dropped} of ${received} packets lost`);
 *   return capture.condition;
 * }
 * for (const device of Deno.args) console.log(printPackets(device));
 * ```
 */
export class LiveCapture {
  readonly device: string;
  /** What libpcap warned of when the device was opened. */
  readonly warnings: readonly string[];
  /** How the device did at the last `batch()`. The same object for as long as nothing changes. */
  condition: Condition = UP;
  readonly #libpcap: Libpcap;
  readonly #handle: Deno.PointerObject;
  readonly #batch: BatchBuffer;
  readonly #link: Link | undefined;
  readonly #poller: Poller;
  readonly #counts = new Uint32Array(3);
  readonly #before = new Uint32Array(3);
  readonly #totals: LiveStatistics = { received: 0, dropped: 0, interfaceDropped: 0 };
  #fd: number;
  #closed = false;

  /**
   * Opens `device`. Batches are written to `memory`, which may be shared with other threads, must
   * hold a packet of the snapshot length, and must not be transferred or resized before `close()`.
   * Throws `PcapError`.
   */
  constructor(
    libpcap: Libpcap,
    device: string,
    options: LiveOptions = {},
    memory: ArrayBufferLike = new ArrayBuffer(MEMORY_BYTES),
  ) {
    const warnings: string[] = [];
    this.device = device;
    this.warnings = warnings;
    this.#libpcap = libpcap;
    this.#handle = activate(libpcap, device, options, warnings);
    try {
      this.#batch = new BatchBuffer(libpcap, this.#handle, memory);
    } catch (error) {
      libpcap.pcap.pcap_close(this.#handle);
      throw error;
    }
    this.#fd = libpcap.pcap.pcap_get_selectable_fd(this.#handle);
    this.#link = Link.of(libpcap, this.#fd, device, options.promiscuous ?? false);
    this.#poller = new Poller(libpcap, [this]);
  }

  /** What the interface is called now, or was last: `device`, unless it was renamed. */
  get name(): string {
    return this.#link?.lastName() ?? this.device;
  }

  /** Where batches are; overwritten by the next one. */
  get buffer(): Uint8Array<ArrayBufferLike> {
    return this.#batch.bytes;
  }

  /** LINKTYPE_ value, as in capture files. */
  get linkType(): number {
    return this.#batch.linkType;
  }

  /** Fractions of a second in the records are nanoseconds, not microseconds. */
  get nanoseconds(): boolean {
    return this.#batch.nanoseconds;
  }

  /** Bytes kept of each packet. */
  get snapshotBytes(): number {
    return this.#batch.snapshotBytes;
  }

  /** Packets one `batch()` gives at most; when it gives as many, more may be waiting. */
  get packetsMax(): number {
    return this.#batch.packetsMax;
  }

  /** To wait on, by poll(2); -1 when there is none, and once closed. */
  get fd(): number {
    return this.#fd;
  }

  /**
   * Waits for packets or a change of condition, at most so many milliseconds; false when there was
   * nothing. Call `batch()` after it in either case: what became of a device that is down is only
   * looked at there. To wait for several devices at once see `Poller`.
   */
  wait(milliseconds: number): boolean {
    return this.#poller.wait(milliseconds) > 0;
  }

  /**
   * Takes the packets that are there into `buffer`: savefile records without a file header, for
   * `SavefileWalker`. Returns their bytes, 0 when there are none, and sets `condition`; a device in
   * trouble is not an exception.
   */
  batch(): number {
    this.#check();
    const status = this.#batch.fill();
    if (status > 0) {
      this.condition = UP;
    } else if (status === 0) {
      this.#look();
    } else if (status !== ERROR_BREAK) {
      this.#fail(this.#libpcap.stringOf(this.#libpcap.pcap.pcap_geterr(this.#handle)));
    }
    return this.#batch.length;
  }

  /**
   * After `gone`: takes up an interface that has the same name again, be it up or down. False while there is none of
   * the same kind, and on other systems than Linux, where a new `LiveCapture` must be opened. Needs
   * no privilege.
   */
  reattach(): boolean {
    this.#check();
    if (this.#link === undefined || !this.#link.rebind()) return false;
    if (this.#link.isUp()) this.condition = UP;
    else this.#change("down", "is down");
    return true;
  }

  /** Replaces the filters, and of what less is kept. Throws `PcapError` of kind `filter`, and leaves the old ones then. */
  setFilters(expressions: string[], shortened?: Shortened): void {
    this.#check();
    setFilters(this.#libpcap, this.#handle, expressions, shortened);
  }

  /**
   * The counters; the same object each time. They stay while the device is down or gone. Throws
   * `PcapError` when the system does not tell.
   */
  statistics(): Readonly<LiveStatistics> {
    this.#check();
    const { pcap } = this.#libpcap;
    if (pcap.pcap_stats(this.#handle, this.#counts) !== 0) {
      const said = this.#libpcap.stringOf(pcap.pcap_geterr(this.#handle));
      throw new PcapError("failed", this.device, `${this.device}: ${said}`);
    }
    const totals = this.#totals;
    totals.received += this.#growth(0);
    totals.dropped += this.#growth(1);
    totals.interfaceDropped += this.#growth(2);
    return totals;
  }

  /** Closes the device. Closing twice does nothing; any other call afterwards is a TypeError. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fd = -1;
    this.#batch.close();
    this.#libpcap.pcap.pcap_close(this.#handle);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #check(): void {
    if (this.#closed) throw new TypeError(`Cannot use LiveCapture ${this.device}: it is closed`);
  }

  /** No packets: is that because the interface is down? */
  #look(): void {
    if (this.condition.kind === "up") {
      // On Linux libpcap (1.10.1 on) says so by wanting to be called again soon. On the BSDs that
      // may have other reasons, and without a Link it is not asked.
      const { pcap_get_required_select_timeout: wantsCall } = this.#libpcap.pcap;
      if (this.#link === undefined || wantsCall === null) return;
      if (wantsCall(this.#handle) !== null && !this.#link.isUp()) this.#change("down", "went down");
    } else if (this.condition.kind === "down" && this.#link?.isUp()) {
      this.condition = UP;
    }
  }

  #fail(said: string): void {
    if (this.#link === undefined) {
      if (said.includes("disappeared")) this.#change("gone", "disappeared");
      else if (said.includes("went down")) this.#change("down", "went down");
      else this.#change("failed", said);
    } else if (!this.#link.exists()) this.#change("gone", "disappeared");
    else if (!this.#link.isUp()) this.#change("down", "went down");
    // libpcap knows only the old name of an interface that was renamed, and misses it; packets come.
    else if (this.#link.name() !== this.device) this.condition = UP;
    else this.#change("failed", said);
  }

  #change(kind: "down" | "gone" | "failed", what: string): void {
    if (this.condition.kind !== kind) {
      this.condition = { kind, message: what };
    }
  }

  /**
   * How much one of libpcap's 32-bit counters grew since the last look; it may have wrapped. The
   * interface's own counter steps back when libpcap can no longer read it, as after a chroot.
   */
  #growth(index: number): number {
    const growth = (this.#counts[index] - this.#before[index]) | 0;
    this.#before[index] = this.#counts[index];
    return Math.max(0, growth);
  }
}
