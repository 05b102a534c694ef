// The one place that sees both ends: joins a capture to a detector and drives them until the
// capture ends. Knows no command line and no output.

import { CaptureHandle, type ReplaySource, type WatchSource } from "./capture/handle.ts";
import { LossReport } from "./capture/losses.ts";
import type { DeviceWatch } from "./capture/device_watch.ts";
import type { OpenedDevice } from "./capture/messages.ts";
import { type DeviceCounts, Start } from "./capture/progress.ts";
import { mayBeSmall } from "./capture/small.ts";
import type { SmallReplay } from "./capture/small_replay.ts";
import { type DecodeTotals, decodeTotals } from "./capture/totals.ts";
import { Counter } from "./decode/counters.ts";
import type { Detector, DetectorChange, MakeDetector } from "./detector.ts";
import type { Emit } from "./event.ts";

export interface Progress {
  /** The file being read. */
  file: string;
  /** Bytes read of all files so far. */
  bytes: number;
  packets: number;
  elapsedMs: number;
}

export interface Hooks {
  onEvent: Emit;
  /** Called at most every `TURN_MS`, between batches. */
  onTurn?: (progress: Progress) => void;
  /** What is to be waited for after each batch, until a stop is asked for: a reader of the output. */
  drained?: () => Promise<void> | undefined;
  /** One sentence on a file: most of it is not read. */
  onNotice?: (text: string) => void;
}

export interface ReplayTotals {
  decoded: DecodeTotals;
  bytesRead: number;
  elapsedMs: number;
  /** One sentence for each file that was not read to its end. */
  faults: string[];
  /** A stop was asked for. */
  stopped: boolean;
}

/** Records given to the detector before the ring's slots are released again. */
const BATCH = 1024;

/** Packets may be on their way from the kernel for so long: time passes that much later. */
const HELD_US = 200_000;

/** What a detector has to do by time alone, it does at most this often. */
const DUE_MS_MIN = 20;

/**
 * Where so many packets came since the main thread was woken, it is woken again after so long at the soonest: a
 * wake-up costs as much as hundreds of them. An alert comes that much later, no more.
 */
const BUSY = 512;
const GATHER_MS = 25;

/** After a stop, this long without a record is the end of the capture. */
const STOP_MS = 500;

/** How long the event loop (progress, slow sinks) may have to wait. */
const TURN_MS = 50;

/** A live capture counts, and looks for what else is to be done, this often; an alert does not wait for it. */
const ROUND_MS = 250;

/**
 * How long a signal may have to wait in a replay. A look that waits for nothing sees only what the
 * runtime has at hand: it asks the kernel at one look in sixty, which would be seconds.
 */
const SIGNAL_MS = 250;

/**
 * Replays files through a detector, as fast as both can. `signal` ends it early: what was read
 * until then is still judged. A detector that is still being loaded is waited for while the capture
 * starts.
 */
export async function runReplay(
  source: ReplaySource,
  makeDetector: MakeDetector | Promise<MakeDetector>,
  hooks: Hooks,
  signal?: AbortSignal,
): Promise<ReplayTotals> {
  const started = performance.now();
  if (mayBeSmall(source)) {
    const [{ SmallReplay, unpackSmall }, make] = await Promise.all([
      import("./capture/small_replay.ts"),
      makeDetector,
    ]);
    const unpacked = unpackSmall(source.files);
    if (unpacked !== undefined) {
      return judgeHere(new SmallReplay(source, unpacked), make, hooks, { started, signal });
    }
  }
  const capture = CaptureHandle.replay(source);
  const { consumer, progress } = capture;
  let failure: unknown;
  capture.done.catch((error) => failure = error);
  capture.onMessage = (message) => {
    if (message.kind === "notice") hooks.onNotice?.(message.text);
  };
  const stop = () => capture.stop();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    const make = await makeDetector;
    const detector = make(consumer.records, hooks.onEvent, capture.packets, capture.flows);
    let lastFullMs = started, lastAsked = started;
    for (let lastTurn = started; failure === undefined && !consumer.closed();) {
      const count = Math.min(BATCH, consumer.waitForRecords());
      if (count > 0) take(capture, detector, count);
      const draining = hooks.drained?.();
      if (draining !== undefined) await unlessStopped(draining, signal);
      const now = performance.now();
      // A worker that waits for a silent pipe cannot see that it is to stop.
      if (count > 0 || !progress.stopped()) lastFullMs = now;
      else if (now - lastFullMs > STOP_MS) break;
      if (now - lastTurn < TURN_MS) continue;
      hooks.onTurn?.({
        file: source.files[progress.file],
        bytes: progress.bytes,
        packets: decodeTotals(capture.counters).packets,
        elapsedMs: now - started,
      });
      const isIdle = source.speed > 0;
      if (isIdle || now - lastAsked >= SIGNAL_MS) {
        await turn();
        lastAsked = now;
      } else {
        await glance();
      }
      lastTurn = performance.now();
    }
    const faults = consumer.closed() || failure !== undefined ? await capture.done : [];
    detector.finish();
    return {
      decoded: decodeTotals(capture.counters),
      bytesRead: progress.bytes,
      elapsedMs: performance.now() - started,
      faults,
      stopped: progress.stopped(),
    };
  } finally {
    signal?.removeEventListener("abort", stop);
    capture.close();
  }
}

/** As `runReplay`, on this thread. */
function judgeHere(
  capture: SmallReplay,
  make: MakeDetector,
  hooks: Hooks,
  { started, signal }: { started: number; signal?: AbortSignal },
): ReplayTotals {
  const { consumer, counters, progress } = capture;
  if (signal?.aborted) progress.stop();
  const detector = make(consumer.records, hooks.onEvent, undefined);
  const faults = capture.run(
    (count) => detector.process(consumer.base(), count),
    (text) => hooks.onNotice?.(text),
  );
  detector.finish();
  return {
    decoded: decodeTotals(counters),
    bytesRead: progress.bytes,
    elapsedMs: performance.now() - started,
    faults,
    stopped: progress.stopped(),
  };
}

/** What a live capture tells its user beside events. */
export interface WatchHooks {
  onEvent: Emit;
  /**
   * The devices are open. Privileges are given up here; packets are only looked at once it resolves,
   * and a rejection ends the capture. Resolves with what the thread that takes them has to give up
   * of its own before the first one; nothing when undefined.
   */
  onOpened(opened: Opened): Promise<{ landlock: boolean } | undefined>;
  /** What that thread has given up, in a sentence. */
  onConfined?(text: string): void;
  /** One sentence: a device went down, an address changed. */
  onNotice(text: string): void;
  /** The addresses of the watched devices changed. */
  onAddresses(addresses: string[]): void;
  /** Packets are looked at from now on. */
  onRunning?(running: Running): void;
  /** Called between batches, at least every `ROUND_MS` while packets come, every `BEAT_MS` otherwise. */
  onTurn(totals: WatchTotals): void;
  /** In how many milliseconds the next turn must come at the latest, whatever comes. */
  restMs?(): number;
  /** Is something on its way out that goes on only when the event loop looks? */
  writing?: () => boolean;
  /** What the detector is to go on with, when the configuration has changed. Asked every turn. */
  change(): DetectorChange | undefined;
  /** A change that the detector could not take: a new one goes on, which knows nothing yet. */
  onAnew?(): void;
}

/** What can be asked of a live capture that runs. */
export interface Running {
  /** As of now. */
  totals(): WatchTotals;
  /** There is something to be asked for in a turn: it comes next. */
  hasNews(): void;
}

export interface Opened {
  devices: OpenedDevice[];
  /** With prefix lengths. */
  addresses: string[];
  /** libpcap's own version line. */
  libpcap: string;
}

export interface WatchTotals {
  decoded: DecodeTotals;
  /** When the kernel's counters were read, microseconds since 1970; 0: not yet. */
  lookedUs: number;
  received: number;
  kernel: number;
  interface: number;
  ring: number;
  /** Bytes that the kernel kept of packets. */
  kept: number;
  /** In the order of the request; the kernel is asked once a second. */
  devices: DeviceCounts[];
}

/** When packets are judged, the addresses and losses of interfaces are known at most this long ago. */
const LOOK_MS = 1000;
/** While none come it is told so often: to ask is most of what a quiet second costs. */
const QUIET_LOOK_MS = 6000;

/** Now, in the clock that packets carry. Microseconds since 1970. */
function nowUs(): number {
  return Date.now() * 1000;
}

/**
 * Captures on devices until `signal`. Returns the totals, or one sentence for each device that
 * could not be opened.
 */
export async function runWatch(
  source: WatchSource,
  makeDetector: MakeDetector,
  hooks: WatchHooks,
  signal: AbortSignal,
): Promise<{ totals: WatchTotals; faults: string[] }> {
  const capture = CaptureHandle.watch(source);
  const { consumer, progress } = capture;
  const stop = () => capture.stop();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const totals = () => ({
    decoded: decodeTotals(capture.counters),
    ...progress.losses(),
    devices: progress.devices(source.devices.length),
  });
  let broken = false;
  const ended = capture.done.then((faults) => faults, (error) => {
    broken = true;
    throw error;
  });
  ended.catch(() => {});
  try {
    const opened = Promise.withResolvers<Omit<Opened, "addresses">>();
    const began = Promise.withResolvers<void>();
    capture.onMessage = (message) => {
      if (message.kind === "opened") return opened.resolve(message);
      if (message.kind === "notice") return hooks.onNotice(message.text);
      if (message.confinement !== undefined) hooks.onConfined?.(message.confinement);
      began.resolve();
    };
    const first = await Promise.race([opened.promise, ended]);
    if (Array.isArray(first)) return { totals: totals(), faults: first };
    const devices = await watchOf(source);
    // Packets come from now on, and may already be lost while privileges are given up.
    const losses = new LossReport(source.profile, nowUs());
    const givenUp = await hooks.onOpened({ ...first, addresses: devices?.addresses() ?? [] });
    progress.start(startOf(givenUp));
    const refused = await Promise.race([began.promise, ended]);
    if (Array.isArray(refused)) return { totals: totals(), faults: refused };

    let detector = makeDetector(consumer.records, hooks.onEvent, capture.packets, capture.flows);
    const report = (last: boolean) => {
      const event = losses.check(progress.losses(), nowUs(), last);
      if (event !== undefined) hooks.onEvent(event);
    };
    // Something has come since the last turn: it is counted within `ROUND_MS`.
    let isNews = true, turnedMs = -Infinity;
    hooks.onRunning?.({
      totals,
      hasNews: () => {
        turnedMs = -Infinity;
        capture.sleeper.wake();
      },
    });
    const packets = () => capture.counters[Counter.Packets];
    // When the last sleep ended, and how many packets there were then: not all have records.
    let awakeMs = -Infinity, before = 0;
    // When the event loop had its turn last: it has one in each sleep.
    let loopedMs = performance.now();
    let lookedMs = performance.now();
    const lookAfter = (ms: number) => {
      if (devices === undefined || performance.now() - lookedMs < ms) return;
      look(devices, hooks);
      progress.setInterfaceDrops(devices.dropped);
      lookedMs = performance.now();
    };
    while (!broken && !consumer.closed()) {
      const count = Math.min(BATCH, consumer.ready());
      if (count > 0) {
        lookAfter(LOOK_MS);
        take(capture, detector, count);
        isNews = true;
        if (hooks.writing?.()) await glance();
      } else {
        const gapMs = Math.max(0, turnedMs + ROUND_MS - performance.now());
        const turnMs = isNews ? gapMs : Math.max(gapMs, hooks.restMs?.() ?? Infinity);
        const gatherMs = awakeMs + GATHER_MS - performance.now();
        // The bytes of packets have less room to gather in than their records.
        const mayGather = packets() - before >= BUSY && gatherMs > 0 &&
          capture.packets === undefined;
        const slept = mayGather
          ? await capture.sleeper.gather(gatherMs)
          : await capture.sleeper.sleep(Math.min(turnMs, dueMs(detector)));
        awakeMs = performance.now();
        before = packets();
        if (slept) loopedMs = awakeMs;
        if (consumer.ready() === 0) detector.advance?.(nowUs() - HELD_US);
      }
      if (performance.now() - loopedMs >= TURN_MS) {
        await turn();
        loopedMs = performance.now();
      }
      if (performance.now() - turnedMs < ROUND_MS) continue;
      lookAfter(QUIET_LOOK_MS);
      isNews = false;
      hooks.onTurn(totals());
      report(false);
      const change = hooks.change();
      if (change !== undefined && !(detector.reconfigure?.(change.options) ?? false)) {
        detector.finish();
        capture.flows?.beginAnew(consumer.count());
        detector = change.make(consumer.records, hooks.onEvent, capture.packets, capture.flows);
        hooks.onAnew?.();
      }
      turnedMs = performance.now();
    }
    const faults = await ended;
    detector.finish();
    report(true);
    return { totals: totals(), faults };
  } finally {
    signal.removeEventListener("abort", stop);
    capture.stop();
    capture.close();
  }
}

/**
 * Undefined where the system does not tell of its devices: capture goes on without. Loaded for live capture
 * only: a replay starts sooner without libpcap's binding.
 */
async function watchOf({ libpcap, devices }: WatchSource): Promise<DeviceWatch | undefined> {
  const { Libpcap, PcapError } = await import("./pcap/mod.ts");
  const { DeviceWatch } = await import("./capture/device_watch.ts");
  try {
    return new DeviceWatch(new Libpcap({ path: libpcap }), devices);
  } catch (error) {
    if (error instanceof PcapError) return undefined;
    throw error;
  }
}

/** In how many milliseconds the detector has something to do by time alone; never at once again. */
function dueMs(detector: Detector): number {
  const dueUs = detector.dueUs?.() ?? Infinity;
  return Math.max(DUE_MS_MIN, Math.ceil((dueUs + HELD_US - nowUs()) / 1000));
}

function startOf(givenUp: { landlock: boolean } | undefined): Start {
  if (givenUp === undefined) return Start.Free;
  return givenUp.landlock ? Start.ConfinedWithLandlock : Start.Confined;
}

function look(devices: DeviceWatch, hooks: WatchHooks): void {
  const before = devices.addresses();
  for (const text of devices.changes()) hooks.onNotice(text);
  const after = devices.addresses();
  if (after.join() !== before.join()) hooks.onAddresses(after);
}

/** Gives the detector the first `count` records, then their room back to the worker. */
function take({ consumer, packets, flows }: CaptureHandle, detector: Detector, count: number) {
  flows?.begin(consumer.base(), consumer.count());
  detector.process(consumer.base(), count);
  packets?.release();
  consumer.release(count);
}

/** Waits for `done`, but no longer than until the stop. */
function unlessStopped(done: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return done;
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => resolve();
    signal.addEventListener("abort", stop);
    done.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The event loop looks once whether anything is there, such as a signal, and waits for nothing. */
async function glance(): Promise<void> {
  // Loaded by runs that last: it takes longer than a small replay does.
  const { setImmediate } = await import("node:timers");
  return new Promise((resolve) => setImmediate(resolve));
}

/** One turn of the event loop, timers and signals included; a millisecond or two, in which logs are written. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
