// Packets of open devices into the ring, in the worker, until asked to stop. Knows packets in memory, decoder and
// ring; nothing of how a device is opened (`watch_devices.ts`), and no detector.

import { Counter } from "../decode/counters.ts";
import type { Decoder } from "../decode/decoder.ts";
import { PacketRow, ROW_HEADER_BYTES } from "../decode/row.ts";
import { type Condition, type LiveCapture, SavefileWalker } from "../pcap/mod.ts";
import { RECORD_BYTES } from "../record.ts";
import { Sight } from "./blindness.ts";
import { handOver, putBytes, type Rings } from "./hand_over.ts";
import type { CaptureMessage } from "./messages.ts";
import type { Progress } from "./progress.ts";
import { BEAT_MS } from "./sleeper.ts";

/** Counters are read, and devices that are gone looked for, this often; the other thread is woken more seldom. */
export const LOOK_MS = 1000;
const LOOKS_PER_BEAT = BEAT_MS / LOOK_MS;
/** The kernel has handed over after so long what came before: `LiveOptions.timeoutMs` twice, and some more. */
const HELD_MS = 50;
/** Batches taken from one device before the others have their turn. */
const BATCHES_MAX = 8;

/** Where the packets go, and what is said meanwhile. */
export interface CaptureParts extends Rings {
  decoder: Decoder;
  progress: Progress;
  say: (message: CaptureMessage) => void;
}

export interface Clock {
  /** Milliseconds since any moment; never steps. */
  ms(): number;
  /** Microseconds since 1970. */
  timeUs(): number;
  /** Sleeps, whatever comes. */
  pause(milliseconds: number): void;
}

export interface LoopParts extends CaptureParts {
  clock: Clock;
}

/** What the loop needs of a `LiveCapture`. */
export type OpenDevice = Pick<
  LiveCapture,
  | "device"
  | "name"
  | "buffer"
  | "linkType"
  | "nanoseconds"
  | "condition"
  | "packetsMax"
  | "batch"
  | "statistics"
  | "reattach"
>;

/** One device and the walk through its batches. */
export class Source {
  readonly packets: SavefileWalker;
  /** The same packets, for the decoder to take at once. */
  readonly row: PacketRow;
  readonly sight: Sight;
  condition: Condition;
  /** Frames decoded so far; some of them may not have been read. */
  frames = 0;

  /** `index` is its interface's number; `canLookInside` as in `Sight`. */
  constructor(readonly capture: OpenDevice, index: number, canLookInside: boolean) {
    const { buffer, linkType, nanoseconds, condition, device } = capture;
    this.packets = new SavefileWalker(buffer, linkType, nanoseconds, index);
    this.row = new PacketRow(buffer, linkType, index);
    this.sight = new Sight(`interface ${device}`, canLookInside);
    this.condition = condition;
  }
}

/** Takes packets until a stop is asked for; `waitMs`: how long `wait` may be asked to wait at once. */
export function takePackets(
  wait: (milliseconds: number) => unknown,
  waitMs: number,
  sources: readonly Source[],
  parts: LoopParts,
): void {
  const { clock } = parts;
  let lookedMs = clock.ms(), looks = 0;
  // A device that is open is known to be up before the first second is over.
  countLosses(sources, parts);
  while (!parts.progress.stopped()) {
    const dueMs = Math.ceil(lookedMs + LOOK_MS - clock.ms());
    wait(Math.min(waitMs, Math.max(0, dueMs)));
    for (const source of sources) takeBatches(source, parts);
    const nowMs = clock.ms();
    if (nowMs - lookedMs < LOOK_MS) continue;
    lookedMs = nowMs;
    countLosses(sources, parts);
    for (const source of sources) {
      if (source.capture.condition.kind === "gone") source.capture.reattach();
      source.sight.look(source.frames, (text) => parts.say({ kind: "notice", text }));
    }
    if (++looks % LOOKS_PER_BEAT === 0) parts.producer.wakeConsumer();
  }
  // What came before the stop is judged, also what the kernel still holds back.
  clock.pause(HELD_MS);
  for (const source of sources) takeBatches(source, parts);
  countLosses(sources, parts);
}

/** A busy device fills batch after batch; a bound keeps it from starving the others. */
function takeBatches(source: Source, parts: LoopParts): void {
  let more = true;
  for (let i = 0; i < BATCHES_MAX && more; i++) more = takeBatch(source, parts);
  sayCondition(source, parts);
}

/** Decodes one batch; true when it was full, so that more may be waiting. */
function takeBatch(source: Source, parts: LoopParts): boolean {
  const { capture, packets, sight } = source;
  const { decoder, producer, packets: ring, flows, progress } = parts;
  flows?.learnAll();
  decoder.unread = sight.unread;
  const bytes = capture.batch();
  packets.begin(bytes);
  const before = decoder.counters[Counter.Packets];
  let dropped = 0, used = 0, room = producer.room(), base = producer.base();
  for (;;) {
    // Whoever takes the packets' bytes takes them one by one.
    if (ring === undefined && packets.isPlain && used < room) {
      used += decodeAhead(source, decoder, base + used * RECORD_BYTES, room - used);
    }
    if (!packets.next()) break;
    if (used === room) {
      handOver(parts, used);
      used = 0;
      room = producer.room();
      base = producer.base();
      // The reader is behind: what does not fit is dropped and counted, never kept.
      if (room === 0) {
        dropped++;
        progress.countRingDrop();
        continue;
      }
    }
    const reason = decoder.decode(
      packets.bytes,
      packets.start,
      packets.end,
      packets.wireLength,
      packets.timeUs,
      packets.linkType,
      packets.interface,
      base + used * RECORD_BYTES,
    );
    if (reason !== 0) continue;
    // A record without its bytes would set the two rings apart: the packet is dropped as a whole.
    if (ring !== undefined && !putBytes(ring, packets)) progress.countRingDrop();
    else used++;
  }
  handOver(parts, used);
  const decoded = decoder.counters[Counter.Packets] - before;
  const taken = decoded + dropped;
  source.frames += decoded;
  progress.countKept(bytes - taken * ROW_HEADER_BYTES);
  return taken === capture.packetsMax;
}

/** Decodes what follows in the batch into at most `room` records; how many there are. */
function decodeAhead(
  { packets, row }: Source,
  decoder: Decoder,
  base: number,
  room: number,
): number {
  row.at = packets.end;
  row.limit = packets.length;
  const records = decoder.decodeRow(row, Infinity, base, room);
  packets.passed(row.at);
  return records;
}

/** One line when a device goes down or comes back. */
function sayCondition(source: Source, { say }: LoopParts): void {
  const { capture } = source;
  const { condition } = capture;
  const was = source.condition.kind;
  // One that is there again and not up yet is told of once it is.
  if (condition.kind === was || was === "gone" && condition.kind === "down") return;
  source.condition = condition;
  const text = condition.kind === "up"
    ? `interface ${capture.name} is ${was === "gone" ? "back" : "up"}, capture goes on`
    : `interface ${capture.name}: ${condition.message}; capture goes on when it is back`;
  say({ kind: "notice", text });
}

function countLosses(sources: readonly Source[], { progress, clock }: LoopParts): void {
  let received = 0, dropped = 0;
  for (const [index, { capture, condition }] of sources.entries()) {
    const counts = capture.statistics();
    received += counts.received;
    dropped += counts.dropped;
    progress.setDevice(index, {
      received: counts.received,
      kernel: counts.dropped,
      isUp: condition.kind === "up",
    });
  }
  progress.setKernel(received, dropped, clock.timeUs());
}
