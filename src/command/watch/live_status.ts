// The status of a running `watch`: for its control socket, its file of metrics, and systemd. Knows the running parts;
// how each is told is in `src/status`.

import type { DetectorEvent } from "../../event.ts";
import { nearText } from "../../format/explain_text.ts";
import { grouped, plural } from "../../format/figures.ts";
import { rfc3339 } from "../../format/zone.ts";
import type { AskInsight, NearSource } from "../../insight.ts";
import { WATCH_OPTIONS, type WatchValues } from "../../options/watch.ts";
import type { WatchTotals } from "../../pipeline.ts";
import type { Sink } from "../../sink/sink.ts";
import type { Owner } from "../../status/control_socket.ts";
import { Follow } from "../../status/follow.ts";
import { Rates } from "../../status/rate.ts";
import type { NearStatus, PublishStatus, Status } from "../../status/status.ts";
import { VERSION } from "../../version.ts";
import { configurationOf } from "../in_effect_text.ts";
import { StatusOutlets } from "../status_outlets.ts";

export interface LiveParts {
  observer: string | undefined;
  notice(text: string): void;
  /** As at the start, and as of the latest reading of the configuration. */
  values: WatchValues;
  current(): WatchValues;
  sinks(): readonly Sink[];
  /** Undefined: nothing is published. */
  publish(): PublishStatus | undefined;
}

/** Sources near to a threshold are looked for at most this often. */
const NEAREST_MS = 2000;
/** A source without a packet for an hour is not listed as near to a threshold. */
const NEAR_US = 3600e6;

export class LiveStatus {
  private readonly follow = new Follow();
  private readonly rates = new Rates();
  private readonly sinceUs = nowUs();
  /** As of now; undefined before the devices' packets are looked at. */
  private totals: (() => WatchTotals) | undefined;
  private near: { told: Pick<Status, "nearest" | "tables">; timeMs: number } | undefined;
  private askInsight: AskInsight | undefined;

  private readonly outlets: StatusOutlets;

  constructor(private readonly parts: LiveParts) {
    const { values, notice } = parts;
    this.outlets = new StatusOutlets(values.metricsFile, notice, () => this.status());
  }

  /** Somebody may ask who is near to a threshold: the detector keeps notes for that. */
  get wantsInsight(): boolean {
    return this.parts.values.control !== undefined;
  }

  readonly keepInsight = (ask: AskInsight): void => {
    this.askInsight = ask;
    this.follow.restarted();
  };

  /** While files can still be made; `owner`: whom the program becomes. */
  open(owner: Owner | undefined): Promise<void> {
    return this.outlets.open(this.parts.values.control, owner);
  }

  /** Devices are open and everything is given up. */
  ready(): void {
    this.outlets.supervisor?.ready("watching");
  }

  /** The devices' packets are looked at. */
  running(totals: () => WatchTotals): void {
    this.totals = totals;
  }

  event(event: DetectorEvent, line: string | undefined): void {
    this.follow.event(event, line, nowUs());
  }

  /** Between batches. */
  turn(totals: WatchTotals): void {
    const now = performance.now();
    this.rates.sample(now, [totals.decoded.packets, ...totals.devices.map((d) => d.received)]);
    this.outlets.turn(now, () => this.line(totals));
  }

  /** See `WatchHooks`. */
  restMs(): number {
    return this.outlets.supervisor?.restMs(performance.now()) ?? Infinity;
  }

  /** One line: for `systemctl status`. */
  private line({ kernel, interface: device, ring }: WatchTotals): string {
    const { scans } = this.follow.status();
    const [perSecond = 0] = this.rates.perSecond(performance.now());
    return `${grouped(perSecond)} packets/s; ${plural(scans.told, "scan")}, ` +
      `${grouped(scans.underWayCount)} under way; ${grouped(kernel + device + ring)} packets lost`;
  }

  private status(): Status {
    const timeMs = performance.now();
    const values = this.parts.current();
    const totals = this.totals?.();
    const [perSecond = 0, ...ofDevices] = this.rates.perSecond(timeMs);
    const { packets = 0, bytes = 0, byKind = {}, malformed = {}, other = {} } = totals?.decoded ??
      {};
    return {
      program: {
        version: VERSION,
        pid: Deno.pid,
        profile: values.profile,
        observer: this.parts.observer,
      },
      now: rfc3339(nowUs()),
      since: rfc3339(this.sinceUs),
      devices: (totals?.devices ?? []).map(({ received, kernel, isUp }, i) => ({
        name: values.interface[i],
        received,
        dropped: kernel,
        isUp,
        packetsPerSecond: ofDevices[i] ?? 0,
      })),
      packets: { total: packets, bytes, perSecond, kinds: { ...byKind, ...other }, malformed },
      lost: {
        kernel: totals?.kernel ?? 0,
        interface: totals?.interface ?? 0,
        ring: totals?.ring ?? 0,
      },
      ...this.follow.status(),
      ...this.insight(timeMs),
      logs: this.parts.sinks().map(({ name, counters }) => ({
        name,
        written: counters.written,
        waiting: counters.waiting,
        dropped: counters.dropped,
        failures: counters.failures,
      })),
      ...this.publishing(),
      configuration: configurationOf(WATCH_OPTIONS, values),
    };
  }

  private publishing(): Pick<Status, "publish"> {
    const publish = this.parts.publish();
    return publish === undefined ? {} : { publish };
  }

  /** Sources near to a threshold, and how full the tables are; nothing if the profile does not tell. */
  private insight(timeMs: number): Pick<Status, "nearest" | "tables"> {
    if (this.askInsight === undefined) return {};
    if (this.near === undefined || timeMs - this.near.timeMs >= NEAREST_MS) {
      const { nearest, tables } = this.askInsight(nowUs() - NEAR_US);
      this.near = { told: { nearest: nearest.map(nearStatus), tables }, timeMs };
    }
    return this.near.told;
  }

  close(): void {
    this.outlets.close(
      this.totals === undefined ? undefined : () => this.status(),
    );
  }
}

function nearStatus({ source, near, attempts, lastUs }: NearSource): NearStatus {
  return {
    source,
    rule: near.rule,
    reached: near.reached,
    enough: near.enough,
    on: near.on,
    held: near.held,
    attempts,
    last: rfc3339(lastUs),
    text: nearText(near),
  };
}

/** Now, in the clock that packets carry. Microseconds since 1970. */
function nowUs(): number {
  return Date.now() * 1000;
}
