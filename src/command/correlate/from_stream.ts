// `scandog correlate --subscribe URL`: reads what sensors publish on NATS JetStream, in the server's order, and
// stores each finding there once, whichever correlator finds it first. Knows subjects and records; reading and
// storing are in `src/fleet`.

import type { Correlator } from "../../correlate/correlator.ts";
import type { DetectorEvent, ScanEvent } from "../../event.ts";
import { type AlertRecord, recordOf, standingOf } from "../../fleet/alert_record.ts";
import { Alerts } from "../../fleet/alerts.ts";
import { decodeBatch } from "../../fleet/batch.ts";
import type { NatsUser } from "../../fleet/nats_connection.ts";
import type { Route } from "../../fleet/nats_transport.ts";
import { serverText } from "../../fleet/nats_server.ts";
import { partitionOf, partitionOfSensor, PARTITIONS } from "../../fleet/partitions.ts";
import { sensorToken } from "../../fleet/sensor_name.ts";
import { type StreamMessage, StreamReader } from "../../fleet/stream_reader.ts";
import { seedOf, SENSORS_STREAM } from "../../fleet/streams.ts";
import { parseSubject } from "../../fleet/subjects.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import { fnv1a } from "../../text_hash.ts";
import type { Diagnostics } from "../diagnostics.ts";
import { feed } from "./feed.ts";
import { fleetNumbers } from "./judging.ts";
import type { LiveSource, Telling } from "./live.ts";
import { readOwnScan } from "./message.ts";
import { connectionTo } from "./stream_connection.ts";

/** Beside what is remembered: for what is late, and for the stream's own pace. */
const LOOK_BACK_MORE_SECONDS = 60;
/** What is said once in a while is not said by another within this. Microseconds. */
const ONCE_US = { "sensor-refused": 300e6, "alerts-suppressed": 30e6 };
/** At the end, for alerts that are under way. */
const LAST_WORDS_MS = 2_000;
/** Scans that have another's name until they end; the oldest are forgotten. */
const ADOPTED_MAX = 10_000;

export class StreamSource implements LiveSource {
  readonly name: string;
  readonly needs: { read: string[]; ports: number[] };
  /** The next run goes on where this one ends: the stream is the same. */
  readonly isWhole = false;
  private readonly partitions: ReadonlySet<number>;
  private readonly rememberUs: number;
  private readonly alerts: Alerts;
  private readonly adopted = new Map<number, { scan: number; namedUs: number }>();
  private reader: StreamReader | undefined;
  private correlator: Correlator | undefined;
  private unreadable = 0;

  private constructor(
    private readonly values: CorrelateValues,
    private readonly way: { routes: readonly Route[]; user: NatsUser },
    private readonly say: Diagnostics,
  ) {
    const { subscribe = [], partitions } = values;
    this.name = subscribe.map(serverText).join(", ");
    this.needs = { read: [], ports: subscribe.map(({ port }) => port) };
    this.partitions = new Set(partitions);
    this.rememberUs = fleetNumbers(values).remember * 1e6;
    this.alerts = new Alerts((text) => say.notice(text));
  }

  /** Reads credentials and looks names up, while that can be done. Rejects with `CannotRun`. */
  static async prepare(values: CorrelateValues, say: Diagnostics): Promise<StreamSource> {
    return new StreamSource(values, await connectionTo(values, say), say);
  }

  async run(begin: (seed: number) => Correlator, signal: AbortSignal): Promise<void> {
    const { reorder, secondLook } = this.values;
    const reader = new StreamReader({
      ...this.way,
      lookBackSeconds: this.rememberUs / 1e6 + reorder + secondLook + LOOK_BACK_MORE_SECONDS,
      opened: (info) => {
        const seed = seedOf(info);
        if (seed === undefined) {
          throw new Error(`stream ${SENSORS_STREAM} was not made by scandog correlate --init`);
        }
        this.correlator = begin(seed);
      },
      take: (message) => this.take(message),
      session: (session) => this.alerts.use(session),
      notice: (text) => this.say.notice(text),
    });
    this.reader = reader;
    reader.start();
    if (!signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    }
    await this.alerts.settled(LAST_WORDS_MS);
    await reader.close();
  }

  private take({ subject, data, streamUs }: StreamMessage): void {
    const correlator = this.correlator!;
    const of = parseSubject(subject);
    if (of === undefined) {
      // A tick, or what no sensor may publish.
      return correlator.advance(streamUs);
    }
    if (!this.partitions.has(of.partition)) return correlator.advance(streamUs);
    if (of.kind === "outcomes") this.takeBatch(data, of, streamUs);
    else this.takeEvent(data, of, streamUs);
  }

  private takeBatch(
    data: Uint8Array,
    { sensor, partition }: { sensor: string; partition: number },
    streamUs: number,
  ): void {
    const correlator = this.correlator!;
    const read = decodeBatch(data);
    if (read.refused !== undefined) return correlator.refuse(sensor, "unreadable", streamUs);
    const { madeUs, dropped, outcomes } = read.batch;
    // What is of no source comes in the sensor's own partition: there it says that it is there.
    if (partition === partitionOfSensor(sensor)) correlator.sign(sensor, madeUs, streamUs);
    if (dropped !== undefined) correlator.refuse(sensor, "dropped", streamUs, dropped.count);
    for (const outcome of outcomes) {
      if (partitionOf(outcome.source) === partition) correlator.take(sensor, outcome, streamUs);
      else correlator.refuse(sensor, "wrong-partition", streamUs);
    }
  }

  private takeEvent(data: Uint8Array, { sensor }: { sensor: string }, streamUs: number): void {
    const correlator = this.correlator!;
    // An event is much to read: who sends too many is not read at all.
    if (!correlator.mayHear(sensor, streamUs)) return;
    const message = readOwnScan(new TextDecoder().decode(data));
    if (message === "unreadable") return correlator.refuse(sensor, "unreadable", streamUs);
    if (message === "unused") return correlator.advance(streamUs);
    if (message.sensor !== sensor) return correlator.refuse(sensor, "other-name", streamUs);
    feed(correlator, message, streamUs);
  }

  /** Tells an event on the stream; what is stored as the first is told here as well. */
  offer(event: DetectorEvent, telling: Telling): void {
    if ("scan" in event) return this.offerScan(event, telling);
    const record = recordOfOther(event);
    const onceUs = (ONCE_US as Record<string, number>)[event.action] ?? 0;
    this.alerts.tell({
      subject: this.subjectOf(event),
      decide: (last) => isTold(record, last, onceUs) ? undefined : record,
      line: () => telling.json(event),
      stored: () => telling.tell(event),
    });
  }

  private offerScan(found: ScanEvent, telling: Telling): void {
    let event = found;
    this.alerts.tell({
      subject: this.subjectOf(found),
      decide: (last) => {
        event = { ...found, ...this.adopted.get(found.scan) };
        const record = recordOf(event);
        const standing = standingOf({ ...record, startUs: event.startUs }, last, this.rememberUs);
        if (standing === "adopt") this.adopt(found.scan, last!);
        return standing === "tell" ? record : undefined;
      },
      line: () => telling.json(event),
      stored: () => telling.tell(event),
    });
  }

  private adopt(scan: number, { name, namedUs }: AlertRecord): void {
    this.adopted.delete(scan);
    this.adopted.set(scan, { scan: name, namedUs });
    if (this.adopted.size > ADOPTED_MAX) this.adopted.delete(this.adopted.keys().next().value!);
  }

  private subjectOf(event: DetectorEvent): string {
    const head = (partition: number, kind: string) => `scandog.alerts.${partition}.${kind}`;
    if ("sensor" in event) {
      const token = sensorToken(event.sensor);
      return `${head(partitionOfSensor(event.sensor), event.action)}.${token}`;
    }
    if ("source" in event) {
      const kind = event.action === "scan-visit" ? "visit" : "scan";
      return `${head(partitionOf(event.source) ?? 0, kind)}.${sensorToken(event.source)}`;
    }
    const [first = 0] = this.values.partitions;
    return `${head(first, event.action)}.${"of" in event ? sensorToken(event.of) : "all"}`;
  }

  status() {
    const { reader, partitions, unreadable } = this;
    const all = partitions.size === PARTITIONS ? {} : { partitions: [...partitions] };
    return {
      from: this.name,
      ...all,
      unreadable,
      unread: reader?.unread ?? 0,
      isConnected: reader?.isConnected ?? false,
      missed: reader?.missed ?? 0,
      alerts: {
        stored: this.alerts.stored,
        toldElsewhere: this.alerts.toldElsewhere,
        waiting: this.alerts.waitingCount,
        lost: this.alerts.lost,
      },
    };
  }
}

/** What tells an event that is none of a scan from the one before it on its subject. */
function recordOfOther(event: DetectorEvent): AlertRecord {
  const { action, timeUs } = event;
  const span = "startUs" in event
    ? { startUs: event.startUs, endUs: event.endUs }
    : { startUs: timeUs, endUs: timeUs };
  const what = "destination" in event ? `${event.destination}/${timeUs}` : `${span.startUs}`;
  const name = fnv1a(`${action}/${what}`);
  return { action, name, namedUs: span.startUs, endUs: span.endUs, attempts: 0 };
}

function isTold(record: AlertRecord, last: AlertRecord | undefined, onceUs: number): boolean {
  if (last === undefined) return false;
  return last.name === record.name || record.endUs - last.endUs < onceUs;
}
