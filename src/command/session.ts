// One live session, as `watch` and `log` have it: what must be asked before root is given up, the devices, the
// signals, the confinement, the losses, the end. Knows the order of these; not what is done with packets.

import { LossAdvice } from "../capture/loss_advice.ts";
import type { DetectorChange, MakeDetector } from "../detector.ts";
import type { Emit } from "../event.ts";
import { Exit } from "../failure.ts";
import { type CAPTURE_OPTIONS, kernelBytes } from "../options/capture.ts";
import type { CONFINEMENT_OPTIONS } from "../options/confinement.ts";
import type { ValuesOf } from "../options/row.ts";
import { type Opened, type Running, runWatch, type WatchTotals } from "../pipeline.ts";
import { collectGarbage } from "../system/garbage.ts";
import { keepLargeBlocksApart } from "../system/large_blocks.ts";
import { listenForSignals } from "../system/signals.ts";
import type { User } from "../system/users.ts";
import { confine, type Needs, openSockets, userToBecome } from "./confinement.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { hostName } from "./formats.ts";
import { permittedLibraries } from "./libpcap.ts";
import { giveUp } from "./stop_signals.ts";

type WatchSource = Parameters<typeof runWatch>[0];

type CaptureValues = ValuesOf<typeof CAPTURE_OPTIONS>;

const ANEW =
  "the new configuration changes the tables' sizes, or what they hold: the detector began anew, and " +
  "scans under way were told as ended";

/** The options of a session. */
export interface SessionValues
  extends
    Pick<CaptureValues, "interface" | "promiscuous" | "bufferSize" | "libpcap">,
    ValuesOf<typeof CONFINEMENT_OPTIONS> {
  observer: string | undefined;
  filter: string | undefined;
}

/** What a command does in its session. */
export interface SessionWork {
  /** `watching`, before the devices' names. */
  doing: string;
  /** What is captured, besides what the options of live capture say. */
  source: Omit<
    WatchSource,
    "devices" | "filter" | "promiscuous" | "kernelBytes" | "libpcap" | "seed" | "ffi"
  >;
  /** Before devices are opened and anything is given up: finds the logs, gives the detector. */
  prepare(): Promise<MakeDetector>;
  /** What the process goes on needing once it is confined. */
  needs: Needs;
  /** Opens logs and files, as the user who writes from now on; behind a `chroot`, just before it. */
  openFiles(opened: Opened): void;
  onEvent: Emit;
  /** At start, with prefix lengths, and whenever they change. */
  onAddresses?(addresses: string[]): void;
  /** The devices' packets are looked at: their totals as of now can be asked for. */
  onRunning?(totals: () => WatchTotals): void;
  onTurn?(totals: WatchTotals): void;
  /** See `WatchHooks`. */
  restMs?(): number;
  /** Devices are open, and everything is given up. */
  onReady?(): void;
  /** While the process is who it was: sockets and the like are made. Throws `CannotRun`. */
  openSockets?(): Promise<void>;
  /** Where those lie that are files. */
  socketFolders?: string[];
  /** See `WatchHooks`. */
  writing?(): boolean;
  /** See `WatchHooks`. */
  change?(): DetectorChange | undefined;
  /** SIGHUP. Resolves once there is all that `change` may give for it. */
  reload(): void | Promise<void>;
  /** SIGUSR1, and at the end: `totals` is undefined while nothing was captured. */
  statistics(totals: WatchTotals | undefined): void;
  /** At the end, before the last statistics: hands over what is left. Throws where that fails. */
  settle?(): void | Promise<void>;
  /** At the very end, whatever happened; a second signal still ends the program at once. */
  close(): Promise<void>;
}

export class LiveSession {
  /** Keys hashes and names of events: nobody outside can foresee it. */
  readonly seed = crypto.getRandomValues(new Uint32Array(1))[0];
  /** This machine's name, asked for while the program may still know it. */
  readonly host = hostName();
  /** Name of this sensor. */
  readonly observer: string | undefined;
  /** The user to become; undefined when the process keeps its user. */
  readonly user: User | undefined;
  private readonly libraries: string[];
  private readonly stopper = new AbortController();
  private running: Running | undefined;

  /** Throws `CannotRun` when there is no such user, or no library that may be opened. */
  constructor(private readonly values: SessionValues, private readonly say: Diagnostics) {
    this.user = userToBecome(values);
    this.libraries = permittedLibraries(values.libpcap);
    this.observer = values.observer ?? this.host;
  }

  /** Ends the session cleanly. */
  readonly stop = (): void => this.stopper.abort();

  /** Captures until a signal or `stop`. Gives the exit status; throws `CannotRun`. */
  async run(work: SessionWork): Promise<number> {
    const forget = listenForSignals({
      stop: this.stop,
      stopAgain: giveUp,
      reload: async () => {
        await work.reload();
        this.running?.hasNews();
      },
      statistics: () => work.statistics(this.running?.totals()),
    });
    try {
      // Before there are tables.
      keepLargeBlocksApart();
      const makeDetector = await work.prepare();
      const { path: { ringRecords } } = work.source;
      const room = { bufferMiB: this.values.bufferSize, ringRecords };
      const advice = new LossAdvice(room);
      const { totals, faults } = await runWatch(
        this.source(work),
        makeDetector,
        {
          onEvent: work.onEvent,
          onOpened: (opened) => this.onOpened(opened, work),
          onConfined: this.say.detail,
          onNotice: this.say.notice,
          onAddresses: (addresses) => {
            this.say.detail(`addresses: ${addresses.join(", ")}`);
            work.onAddresses?.(addresses);
          },
          onRunning: (running) => {
            this.running = running;
            collectGarbage();
            work.onRunning?.(running.totals);
          },
          restMs: () => work.restMs?.() ?? Infinity,
          onTurn: (now) => {
            const text = advice.check({ ...now, packets: now.decoded.packets });
            if (text !== undefined) this.say.notice(text);
            work.onTurn?.(now);
          },
          writing: () => work.writing?.() ?? false,
          change: () => work.change?.(),
          onAnew: () => this.say.error(ANEW),
        },
        this.stopper.signal,
      );
      for (const fault of faults) this.say.error(fault);
      if (faults.length > 0) return Exit.CannotRun;
      await work.settle?.();
      work.statistics(totals);
      return Exit.Done;
    } finally {
      await work.close();
      forget();
    }
  }

  private source({ source }: SessionWork): WatchSource {
    const { values, seed, libraries } = this;
    return {
      ...source,
      devices: values.interface,
      filter: values.filter,
      promiscuous: values.promiscuous,
      kernelBytes: kernelBytes(values.bufferSize),
      libpcap: values.libpcap,
      seed,
      ffi: libraries,
    };
  }

  /** The devices are open: gives up what is not needed any more, and says what was opened. */
  private async onOpened(opened: Opened, work: SessionWork): Promise<{ landlock: boolean }> {
    const { values, user, say } = this;
    const { openSockets: open, socketFolders = [] } = work;
    if (open !== undefined) await openSockets(user, socketFolders, open);
    for (const text of confine(values, user, () => work.openFiles(opened), work.needs)) {
      say.detail(text);
    }
    for (const { name, warnings } of opened.devices) {
      for (const warning of warnings) say.notice(`${name}: ${warning}`);
    }
    say.notice(`${work.doing} ${opened.devices.map(({ name }) => name).join(", ")}`);
    say.detail(`addresses: ${opened.addresses.join(", ")}; ${opened.libpcap}`);
    work.onAddresses?.(opened.addresses);
    work.onReady?.();
    return { landlock: values.landlock };
  }
}
