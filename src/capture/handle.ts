// The main thread's end of a capture: starts the worker, owns the ring's reading end, stops it.

// What only the thread imports from npm, the runtime would look up at the registry in each run.
import "fzstd";
import { CannotRun } from "../failure.ts";
import { COUNTERS } from "../decode/counters.ts";
import type { PATH, Values } from "../params.ts";
import { BytesConsumer, createBytesRing } from "../ring/bytes_ring.ts";
import { createFlowNotices, FlowNoticeWriter } from "../ring/flow_notices.ts";
import { Consumer, createRing } from "../ring/ring.ts";
import { WakeUp } from "../system/wake_up.ts";
import type { CaptureMemory, CaptureMessage, CaptureRequest, WatchRequest } from "./messages.ts";
import { Progress } from "./progress.ts";
import { Sleeper } from "./sleeper.ts";

/** What any capture is told. */
interface Source {
  path: Values<typeof PATH>;
  /** Seed of keyed hashes. */
  seed: number;
  /** As in `DecodeSettings`. */
  inside?: number;
  /** Bytes of a ring for the packets themselves, see `createBytesRing()`; absent: records only. */
  packetBytes?: number;
}

/** What a replay is asked to do. */
export interface ReplaySource extends Source {
  /** Paths in order; `-` is standard input. */
  files: string[];
  /** 0 as fast as possible, otherwise a multiple of the capture's own pace. */
  speed: number;
  /** As in `CaptureReaderOptions`; false if absent. */
  cutToSnapshot?: boolean;
  /** Of all files, where all are plain ones. Absent: they are read by the thread, whatever their size. */
  bytes?: number;
}

/** What a live capture is asked to do. */
export interface WatchSource
  extends Source, Omit<WatchRequest, "kind" | "memory" | "decode" | "stopDescriptor"> {
  /** The files that the worker may open as libraries, absolute paths. */
  ffi: string[];
}

/** The permissions of the worker: what it is told to read, or the libraries, and nothing else. */
interface WorkerPermissions {
  read?: string[] | false;
  ffi?: string[] | false;
}

/** What the worker says that is for whoever uses the handle. */
type ToldMessage = Exclude<CaptureMessage, { kind: "done" | "broken" | "awake" }>;

/** The worker broke: it could not be loaded, or there is a mistake in it. The message is one line. */
export class CaptureFailure extends CannotRun {
  override name = "CaptureFailure";

  constructor(reason: string) {
    const [line] = reason.split("\n");
    super(`the capture thread broke: ${line}; this is a fault of the program: please report it`);
  }
}

/** A running capture. Records come from `consumer`. */
export class CaptureHandle {
  readonly consumer: Consumer;
  /** The packets' bytes, one entry a record, where the source asked for them. */
  readonly packets: BytesConsumer | undefined;
  /** Where a detector may say what it needs no more; absent where each packet is wanted. */
  readonly flows: FlowNoticeWriter | undefined;
  readonly progress = new Progress();
  readonly counters: Float64Array;
  /**
   * Resolves with the faults after the ring was closed; rejects with `CaptureFailure` when the worker
   * broke.
   */
  readonly done: Promise<string[]>;
  /** Every other message, as it comes. */
  onMessage: (message: ToldMessage) => void = () => {};
  /** For a live capture, whose thread wakes it. */
  readonly sleeper: Sleeper;
  private readonly worker: Worker;
  private stopper: WakeUp | undefined;

  private constructor(
    source: Source,
    permissions: WorkerPermissions,
    request: (common: Pick<CaptureRequest, "memory" | "decode">) => CaptureRequest,
  ) {
    const { ringRecords, ...path } = source.path;
    const { packetBytes } = source;
    const memory: CaptureMemory = {
      ring: createRing(ringRecords),
      packets: packetBytes === undefined ? undefined : createBytesRing(packetBytes),
      flows: packetBytes === undefined ? createFlowNotices(ringRecords) : undefined,
      progress: this.progress.memory,
      counters: new SharedArrayBuffer(COUNTERS * 8),
    };
    this.consumer = new Consumer(memory.ring);
    this.sleeper = new Sleeper(this.consumer);
    this.packets = memory.packets && new BytesConsumer(memory.packets);
    this.flows = memory.flows && new FlowNoticeWriter(memory.flows);
    this.counters = new Float64Array(memory.counters);
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "capture",
      deno: { permissions },
    });
    this.done = new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }: MessageEvent<CaptureMessage>) => {
        if (data.kind === "done") resolve(data.faults);
        else if (data.kind === "broken") reject(new CaptureFailure(data.reason));
        else if (data.kind !== "awake") this.onMessage(data);
        this.sleeper.wake();
      };
      this.worker.onerror = (event) => {
        event.preventDefault();
        reject(new CaptureFailure(event.message));
        this.sleeper.wake();
      };
    });
    this.worker.postMessage(
      request({ memory, decode: { ...path, seed: source.seed, inside: source.inside } }),
    );
  }

  /** Starts reading the files at once. */
  static replay({ files, speed, cutToSnapshot = false, ...source }: ReplaySource): CaptureHandle {
    const read = files.filter((file) => file !== "-");
    return new CaptureHandle(
      source,
      { read: read.length > 0 && read },
      (common) => ({ kind: "replay", ...common, files, speed, cutToSnapshot }),
    );
  }

  /** Opens the devices and starts capturing; an `opened` message says when. */
  static watch({ ffi, path, seed, inside, packetBytes, ...rest }: WatchSource): CaptureHandle {
    const stopper = WakeUp.open();
    const handle = new CaptureHandle(
      { path, seed, inside, packetBytes },
      { ffi },
      (common) => ({ kind: "watch", ...common, ...rest, stopDescriptor: stopper?.fd }),
    );
    handle.stopper = stopper;
    return handle;
  }

  /** Asks the worker to end; records already in the ring can still be read. */
  stop(): void {
    this.progress.stop();
    this.stopper?.ring();
  }

  /** Ends the thread, after `done`. */
  close(): void {
    this.worker.terminate();
    this.stopper?.close();
  }
}
