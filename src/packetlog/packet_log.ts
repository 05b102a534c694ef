// The packet logger: hands selected packets, within the rate limits, to the outputs. Knows records; nothing of lines,
// files, or which protocol goes where.

import { RECORD_BYTES, type Records } from "../record.ts";
import { RateLimit, type RateLimits, type Suppressed } from "./rate_limit.ts";
import { Selection, type SelectionRules } from "./selection.ts";

/** What the packet logger hands packets to. */
export interface PacketTaker {
  /** The packet at `base`; `protocol` is an index in `LOGGED_PROTOCOLS`. Holds until the call ends. */
  packet(base: number, protocol: number): void;
  suppressed(what: Suppressed): void;
  /** A batch of packets is over: write what was gathered. */
  batchEnd(): void;
}

/** The bytes of the packets, one entry a record; see `BytesConsumer`. */
export interface PacketBytes {
  next(): void;
}

export interface PacketLogRules {
  selection: SelectionRules;
  limits: RateLimits;
  /** Seed of the keyed hash of sources. */
  seed: number;
}

export class PacketLog {
  /** Packets selected, and those of them that were suppressed. */
  readonly counters = { selected: 0, suppressed: 0 };
  declare private readonly selection: Selection;
  declare private readonly limit: RateLimit;
  private lastUs = 0;
  declare private readonly records: Records;
  declare private readonly taker: PacketTaker;
  declare private readonly bytes: PacketBytes | undefined;

  /** `bytes` is advanced by one entry for each record, selected or not. */
  constructor(
    records: Records,
    rules: PacketLogRules,
    taker: PacketTaker,
    bytes?: PacketBytes,
  ) {
    this.records = records;
    this.taker = taker;
    this.bytes = bytes;

    this.selection = new Selection(records, rules.selection);
    this.limit = new RateLimit(records, rules.limits, rules.seed);
  }

  /** Takes `count` records in a row from byte offset `base` on. */
  process(base: number, count: number): void {
    const { selection, limit, taker, bytes, counters } = this;
    if (count === 0) return;
    const end = base + count * RECORD_BYTES;
    for (let at = base; at < end; at += RECORD_BYTES) {
      if (bytes !== undefined) bytes.next();
      // Before each packet, not once a batch: where a batch ends depends on which thread was faster.
      this.say(this.records.timeUs(at), false);
      const protocol = selection.protocolIndex(at);
      if (protocol < 0) continue;
      counters.selected++;
      if (limit.admits(at)) taker.packet(at, protocol);
      else counters.suppressed++;
    }
    this.lastUs = this.records.timeUs(end - RECORD_BYTES);
    taker.batchEnd();
  }

  /** No packet came, but time passed. Microseconds since 1970. */
  advance(timeUs: number): void {
    this.say(timeUs, false);
    this.taker.batchEnd();
  }

  /** See `Detector`. */
  dueUs(): number {
    return this.limit.dueUs();
  }

  finish(): void {
    this.say(this.lastUs, true);
    this.taker.batchEnd();
  }

  private say(nowUs: number, last: boolean): void {
    const found = this.limit.report(nowUs, last);
    if (found !== undefined) this.taker.suppressed(found);
  }
}
