// What a live capture asks of the system: devices, a wait for all of them, the time, and this thread's rights.

import { Libpcap, LiveCapture, type LiveOptions, Poller, type Shortened } from "../pcap/mod.ts";
import type { Clock, OpenDevice } from "./live_loop.ts";

/** A `LiveCapture`, before and while it is used. */
export interface Device extends OpenDevice {
  readonly warnings: readonly string[];
  readonly fd: number;
  setFilters(expressions: string[], shortened?: Shortened): void;
  close(): void;
}

/** What takes this thread's rights and gives them up; see `system/capture_thread.ts`. */
export interface ThreadRights {
  prepareToOpen(): void;
  prepareCaptureThread(captures: readonly number[]): (options: { landlock: boolean }) => string;
}

export interface LiveSystem {
  /** What libpcap says of itself. */
  readonly version: string;
  /** Absent where a thread has none to give up. */
  readonly rights: ThreadRights | undefined;
  readonly clock: Clock;
  /** Throws `PcapError`. Batches are written to `memory`. */
  open(device: string, options: LiveOptions, memory: ArrayBuffer): Device;
  /** Gives what sleeps until one of the descriptors has something, at most so many milliseconds. */
  waitOn(descriptors: readonly { readonly fd: number }[]): (milliseconds: number) => unknown;
}

/** Never notified: waiting on it is a pause. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** This machine, by the libpcap at this path, or the first that is found. Throws `PcapError`. */
export async function liveSystem(path: string | undefined): Promise<LiveSystem> {
  const libpcap = new Libpcap({ path });
  return {
    version: libpcap.version,
    // Loaded while files can be read; Linux alone has such a thing.
    rights: Deno.build.os === "linux" ? await import("../system/capture_thread.ts") : undefined,
    clock: {
      ms: () => performance.now(),
      timeUs: () => Date.now() * 1000,
      pause: (milliseconds) => void Atomics.wait(NEVER, 0, 0, milliseconds),
    },
    open: (device, options, memory) => new LiveCapture(libpcap, device, options, memory),
    waitOn(descriptors) {
      const poller = new Poller(libpcap, descriptors);
      return (milliseconds) => poller.wait(milliseconds);
    },
  };
}
