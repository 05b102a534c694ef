// Tells alerts on a stream, each once, however many correlators find it: every alert has a subject of its own (a scan,
// that of its source) and is stored only as the next one after what was last told there, which the server checks. So it
// holds for as long as alerts are kept, not only for as long as duplicates are refused. Knows streams and records.

import { headers, type MsgHdrs } from "@nats-io/nats-core";
import { JetStreamApiError } from "@nats-io/jetstream";
import { type AlertRecord, readRecord, RECORD_HEADER, recordText } from "./alert_record.ts";
import { natsReason } from "./nats_connection.ts";
import type { Session } from "./stream_reader.ts";
import { ALERTS_STREAM, NO_MESSAGE } from "./streams.ts";
import { messageId } from "./subjects.ts";

/** One alert that may be told. */
export interface Alert {
  subject: string;
  /** Looks at what was last told there: the record to tell, or undefined where it is told already. */
  decide(last: AlertRecord | undefined): AlertRecord | undefined;
  /** What is stored. Called after `decide` gave a record. */
  line(): string;
  /** It was stored, as the first. */
  stored(): void;
}

/** Alerts that wait for a server; the oldest give way. */
const WAITING_MAX = 10_000;
const REQUEST_MS = 5_000;
/** Others may tell something on the same subject in between. */
const TRIES_MAX = 8;
const WRONG_LAST_SEQUENCE = 10071;

export class Alerts {
  private readonly waiting: Alert[] = [];
  /** Records that were sent and not acknowledged: they may be stored all the same. */
  private readonly sent = new WeakMap<Alert, string>();
  private session: Session | undefined;
  private isWorking = false;
  private lastFault = "";
  /** Counts: stored by this one, told by another, given up for want of room. */
  stored = 0;
  toldElsewhere = 0;
  lost = 0;

  constructor(private readonly notice: (text: string) => void) {}

  get waitingCount(): number {
    return this.waiting.length;
  }

  tell(alert: Alert): void {
    if (this.waiting.length >= WAITING_MAX) {
      this.waiting.shift();
      this.lost++;
    }
    this.waiting.push(alert);
    void this.work();
  }

  /** Connected, or (undefined) no more. */
  use(session: Session | undefined): void {
    this.session = session;
    void this.work();
  }

  /** Resolves when nothing waits, or after so long. */
  async settled(patienceMs: number): Promise<void> {
    const endMs = performance.now() + patienceMs;
    while (this.waiting.length > 0 && this.session !== undefined && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    while (this.session !== undefined && this.waiting.length > 0) {
      const [alert] = this.waiting, { session } = this;
      try {
        await this.store(alert, session);
        if (this.waiting[0] === alert) this.waiting.shift();
        this.lastFault = "";
      } catch (error) {
        // What was under way may be stored: it is sent again under the same name.
        this.sayFault(natsReason(error));
        if (this.session !== session) continue;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    this.isWorking = false;
  }

  private sayFault(reason: string): void {
    if (reason === this.lastFault) return;
    this.lastFault = reason;
    this.notice(`alerts: ${reason}`);
  }

  private async store(alert: Alert, { client, manager }: Session): Promise<void> {
    const { subject } = alert;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const last = await lastOf(manager, subject);
      if (last !== undefined && last.text === this.sent.get(alert)) return this.isStored(alert);
      const record = alert.decide(last?.record);
      if (record === undefined) {
        this.toldElsewhere++;
        return;
      }
      const own = headers();
      const text = recordText(record);
      own.set(RECORD_HEADER, text);
      this.sent.set(alert, text);
      try {
        const { duplicate } = await client.publish(subject, alert.line(), {
          msgID: messageId(subject, new TextEncoder().encode(text)),
          headers: own,
          timeout: REQUEST_MS,
          expect: { lastSubjectSequence: last?.sequence ?? 0 },
        });
        if (!duplicate) return this.isStored(alert);
        this.toldElsewhere++;
        return;
      } catch (error) {
        const isPassed = error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE;
        if (!isPassed) throw error;
      }
    }
    throw new Error(`${subject}: others tell something there all the time`);
  }

  private isStored(alert: Alert): void {
    this.stored++;
    alert.stored();
  }
}

/** What was last told on a subject. */
async function lastOf(
  manager: Session["manager"],
  subject: string,
): Promise<{ sequence: number; text: string; record: AlertRecord | undefined } | undefined> {
  try {
    const message = await manager.streams.getMessage(ALERTS_STREAM, { last_by_subj: subject });
    if (message === null) return undefined;
    const text = headerOf(message.header);
    return { sequence: message.seq, text, record: readRecord(text) };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE) return undefined;
    throw error;
  }
}

function headerOf(header: MsgHdrs | undefined): string {
  return header?.get(RECORD_HEADER) ?? "";
}
