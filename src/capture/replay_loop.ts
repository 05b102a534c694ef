// Replays capture files into the ring, in the worker: one after another, and those that overlap in time
// merged by it. Knows files, decoder and ring; no detector.

import { Counter } from "../decode/counters.ts";
import type { Decoder } from "../decode/decoder.ts";
import { Step } from "../pcap/file/step.ts";
import { RECORD_BYTES } from "../record.ts";
import { Batch } from "./batch.ts";
import { fileOrder, type Turn } from "./file_order.ts";
import { putBytes, type Rings } from "./hand_over.ts";
import { OpenCapture, type OpenOptions } from "./open_capture.ts";
import type { Pace } from "./pace.ts";
import type { Progress } from "./progress.ts";

/** Files merged at once: each takes memory. What overlaps more is read as it comes, and said. */
const MERGED_MAX = 64;
/** Numbers of interfaces kept for each of them. */
const INTERFACES = 1024;
/** So many files have a large buffer. */
const LARGE_MAX = 4;

/** What a replay works with. */
export interface ReplayParts extends Rings {
  decoder: Decoder;
  progress: Progress;
  /** Absent: as fast as possible. */
  pace: Pace | undefined;
  /** As in `CaptureReaderOptions`. */
  cutToSnapshot: boolean;
  /** As in `Sight`. */
  canLookInside: boolean;
  /** One sentence on a file, while it is read or after. */
  notice: (text: string) => void;
  /** As in `OpenOptions`. */
  known?: OpenOptions["known"];
}

/** Replays all files, each to its end or to where it is damaged, or until a stop is asked for. */
export function replayFiles(names: readonly string[], parts: ReplayParts): string[] {
  return new Replay(parts).run(names);
}

class Replay {
  private readonly batch: Batch;
  /** Files that are open, in no order. */
  private readonly active: OpenCapture[] = [];
  declare private turns: Turn[];
  declare private isByTime: boolean;
  private readonly faults: string[] = [];
  /** Sentences on files of which nothing was decoded. */
  private readonly blind: string[] = [];
  private lastUs = 0;
  private lastName = "";
  private overlapped = false;

  constructor(private readonly parts: ReplayParts) {
    this.batch = new Batch(parts);
  }

  run(names: readonly string[]): string[] {
    const { parts, active } = this;
    Object.assign(this, fileOrder(names, parts.cutToSnapshot));
    while (!parts.progress.stopped()) {
      if (active.length === 0 || this.isNextDue()) {
        if (this.turns.length === 0) break;
        this.openNext(this.turns.shift()!);
        continue;
      }
      const capture = earliest(active);
      parts.progress.file = capture.index;
      const until = this.until(capture);
      if (!capture.guard(() => this.advance(capture, until))) this.end(capture);
    }
    this.batch.handOver();
    for (const capture of [...active]) this.end(capture);
    // Among others such a file is a thing to know; alone it leaves nothing that could be judged.
    if (!parts.decoder.hasRecords()) return [...this.blind, ...this.faults];
    for (const text of this.blind) parts.notice(text);
    return this.faults;
  }

  /** Has what is open come to the time at which the next file begins? */
  private isNextDue(): boolean {
    const [next] = this.turns;
    return this.isByTime && next !== undefined && this.active.length < MERGED_MAX &&
      next.firstUs < earliest(this.active).reader.timeUs;
  }

  private openNext({ name, index }: Turn): void {
    const { parts, active } = this;
    const isSmall = active.length >= LARGE_MAX;
    const capture = OpenCapture.open(name, index, { ...parts, isSmall });
    if (typeof capture === "string") return void this.faults.push(capture);
    if (active.length > 0 && !this.overlapped) {
      this.overlapped = true;
      parts.notice(`${name} and ${earliest(active).name} overlap in time: merged by it`);
    }
    capture.interfaces = this.freeInterfaces();
    active.push(capture);
    // A single file is read on from its beginning at once, and a pipe says what is wrong when it does.
    if (!capture.begin(parts.progress)) return this.end(capture);
    this.noteTime(capture);
  }

  /** Files one after another have the same numbers, so that what began in one goes on in the next. */
  private freeInterfaces(): number {
    let first = 0;
    while (this.active.some(({ interfaces }) => interfaces === first)) first += INTERFACES;
    return first;
  }

  /** Says where time runs backwards from one file to the next: what is remembered is then of the future. */
  private noteTime({ name, reader }: OpenCapture): void {
    if (this.active.length === 1 && reader.timeUs < this.lastUs) {
      const seconds = ((this.lastUs - reader.timeUs) / 1e6).toFixed(1);
      this.parts.notice(
        `${name} begins ${seconds} s before the end of ${this.lastName}: time runs backwards`,
      );
    }
  }

  /** The time up to which this file is read before another has its turn. */
  private until(capture: OpenCapture): number {
    const { active, turns } = this;
    let until = this.isByTime && turns.length > 0 && active.length < MERGED_MAX
      ? turns[0].firstUs
      : Infinity;
    for (const other of active) {
      if (other !== capture) until = Math.min(until, other.reader.timeUs);
    }
    return until;
  }

  /** Decodes the file's packets up to the time `until`. True when it stands at a later one. */
  private advance(capture: OpenCapture, until: number): boolean {
    const { parts } = this;
    while (!parts.progress.stopped()) {
      const step = this.decode(capture, until);
      if (step !== Step.NeedBytes) return step === Step.Packet;
      // A read may wait, for a pipe.
      this.batch.handOver();
      capture.sight.look(capture.frames, parts.notice);
      capture.fill(parts.progress);
    }
    return true;
  }

  /** As `advance`, with what is in the reader's buffer. */
  private decode(capture: OpenCapture, until: number): number {
    const { decoder } = this.parts;
    const before = decoder.counters[Counter.Packets];
    decoder.unread = capture.sight.unread;
    try {
      return decodeBuffered(capture, until, this.batch, this.parts);
    } finally {
      capture.frames += decoder.counters[Counter.Packets] - before;
    }
  }

  /** Closes the file, and keeps what is to be said of it. */
  private end(capture: OpenCapture): void {
    const { active, parts } = this;
    capture.close();
    active.splice(active.indexOf(capture), 1);
    if (capture.frames > 0) {
      this.lastUs = capture.reader.timeUs;
      this.lastName = capture.name;
    }
    const blind = capture.sight.end(capture.frames, parts.notice);
    if (blind !== undefined) this.blind.push(blind);
    if (capture.fault !== undefined) this.faults.push(capture.fault);
  }
}

/** The open file whose packet is the earliest. There are few. */
function earliest(active: readonly OpenCapture[]): OpenCapture {
  let found = active[0];
  for (const capture of active) if (capture.reader.timeUs < found.reader.timeUs) found = capture;
  return found;
}

/**
 * Decodes what is in the reader's buffer, up to the time `until`. `Step.Packet` says that it stands at a later
 * packet, or that a stop was asked for.
 */
function decodeBuffered(
  capture: OpenCapture,
  until: number,
  batch: Batch,
  parts: ReplayParts,
): number {
  const { decoder, packets, pace, progress } = parts;
  const { reader, links, interfaces } = capture;
  let { used, room, base } = batch;
  let isHeld = capture.isHeld;
  // Whoever takes a packet's bytes, or waits for its time, takes them one by one.
  const isRow = packets === undefined && pace === undefined;
  capture.isHeld = false;
  try {
    for (;;) {
      // Before the row, so that which packets are in rows does not depend on how much room there was.
      if (used === room) {
        batch.used = used;
        batch.renew();
        ({ used, room, base } = batch);
        if (progress.stopped()) return Step.Packet;
      }
      // What follows a packet that was read alone is of its link type.
      if (isRow && !isHeld && reader.linkType === links.current) {
        const row = capture.rowAhead();
        if (row !== undefined) {
          used += decoder.decodeRow(row, until, base + used * RECORD_BYTES, room - used);
          reader.passed(row.at, row.timeUs);
          if (used === room) continue;
        }
      }
      if (isHeld) isHeld = false;
      else {
        const step = reader.next();
        if (step !== Step.Packet) return step;
        if (reader.timeUs > until) {
          capture.isHeld = true;
          return Step.Packet;
        }
      }
      if (reader.linkType !== links.current && !links.admit(reader.linkType)) continue;
      if (pace !== undefined) {
        batch.used = used;
        batch.handOverSome();
        ({ used, room, base } = batch);
        waitUntilDue(pace, reader.timeUs, progress);
        if (progress.stopped()) return Step.Packet;
      }
      const reason = decoder.decode(
        reader.bytes,
        reader.start,
        reader.end,
        reader.wireLength,
        reader.timeUs,
        reader.linkType,
        reader.interface + interfaces,
        base + used * RECORD_BYTES,
      );
      if (reason !== 0) continue;
      if (packets !== undefined) {
        while (!putBytes(packets, reader)) {
          // The reader gives room back only for records that it has: those before this one.
          batch.used = used;
          batch.handOverSome();
          ({ used, room, base } = batch);
          packets.waitForRoom();
        }
      }
      used++;
    }
  } finally {
    batch.used = used;
  }
}

function waitUntilDue(pace: Pace, timeUs: number, progress: Progress): void {
  for (let ms = pace.wait(timeUs); ms > 0 && !progress.stopped(); ms = pace.wait(timeUs)) {
    progress.pause(ms);
  }
}
