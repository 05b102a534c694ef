// The messages that the main thread and the capture worker exchange outside the ring. Plain data.

import type { Profile } from "../event.ts";

/** Shared memory of one capture: both threads see it from the first message on. */
export interface CaptureMemory {
  /** `createRing()`. */
  ring: SharedArrayBuffer;
  /** `createBytesRing()`, where somebody wants the packets' bytes beside their records. */
  packets?: SharedArrayBuffer;
  /** `createFlowNotices()`, where a detector may say what it needs no more. */
  flows?: SharedArrayBuffer;
  /** See `progress.ts`. */
  progress: SharedArrayBuffer;
  /** The decoder's counters, see `decode/counters.ts`. */
  counters: SharedArrayBuffer;
}

/** How the decoder is to be set up; values of `params.ts` PATH and a seed. */
export interface DecodeSettings {
  fragmentDatagrams: number;
  extensionHeaders: number;
  /** Seed of the keyed hashes: random live, fixed in replay. */
  seed: number;
  /** Bits of `Tunnel`: these are looked into. Absent: none, and nobody can ask for it. */
  inside?: number;
}

interface Request {
  memory: CaptureMemory;
  decode: DecodeSettings;
}

/** Replay these files. `-` is standard input. */
export interface ReplayRequest extends Request {
  kind: "replay";
  files: string[];
  /** 0: as fast as possible; otherwise this many times the capture's own pace. */
  speed: number;
  /** As libpcap reads files, and so the classic profiles: see `CaptureReaderOptions`. */
  cutToSnapshot: boolean;
}

/** Capture on these devices until a stop is asked for. */
export interface WatchRequest extends Request {
  kind: "watch";
  devices: string[];
  /** Decides the kernel's filter and the direction. */
  profile: Profile;
  /** Every packet in this direction, for the packet logger, not what the profile looks at. */
  allPackets?: "in" | "inout";
  /** The user's own filter expression besides. */
  filter?: string;
  promiscuous: boolean;
  /** Bytes kept of each packet. */
  snapshotBytes: number;
  /** Bytes of the kernel's buffer, per device; absent: libpcap's default. */
  kernelBytes?: number;
  /** The libpcap to use; absent: looked up. */
  libpcap?: string;
  /** A descriptor that can be read once a stop is asked for; absent: there is none, look for yourself. */
  stopDescriptor?: number;
}

export type CaptureRequest = ReplayRequest | WatchRequest;

/** A device that was opened. */
export interface OpenedDevice {
  name: string;
  linkType: number;
  warnings: string[];
}

/** From the worker. `done` or `broken` is the last, after the ring is closed. */
export type CaptureMessage =
  | { kind: "opened"; devices: OpenedDevice[]; libpcap: string }
  /** The worker has given up what it was told to, and takes packets from now on. */
  | { kind: "started"; confinement: string | undefined }
  /** There are records, or it is time for what goes by time: for who sleeps by `Sleeper`. */
  | { kind: "awake" }
  /** A sentence for people: a device went down, or is up again. */
  | { kind: "notice"; text: string }
  /** One sentence for each file or device that could not be read to its end. */
  | { kind: "done"; faults: string[] }
  /** There is a mistake in the worker: what and where, in one line. */
  | { kind: "broken"; reason: string };
