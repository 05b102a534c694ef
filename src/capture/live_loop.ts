// Captures on devices into the ring, in the worker, until asked to stop. Knows devices, decoder and
// ring; no detector.

import { Counter } from "../decode/counters.ts";
import type { Decoder } from "../decode/decoder.ts";
import { PacketRow, ROW_HEADER_BYTES } from "../decode/row.ts";
import {
  type Condition,
  Libpcap,
  LiveCapture,
  PcapError,
  Poller,
  SavefileWalker,
} from "../pcap/mod.ts";
import { RECORD_BYTES } from "../record.ts";
import { SystemError } from "../system/system_error.ts";
import { isLinkTypeKnown, linkTypeText } from "./link_types.ts";
import { Sight } from "./blindness.ts";
import { headersOnly, kernelDirection, kernelFilters } from "./filters.ts";
import { handOver, putBytes, type Rings } from "./hand_over.ts";
import type { CaptureMessage, WatchRequest } from "./messages.ts";
import { type Progress, Start } from "./progress.ts";
import { BEAT_MS } from "./sleeper.ts";

/** Where nothing ends the wait for packets, the stop flag is looked at this often. */
const POLL_MS = 100;
/** Counters are read, and devices that are gone looked for, this often; the other thread is woken more seldom. */
const LOOK_MS = 1000;
const LOOKS_PER_BEAT = BEAT_MS / LOOK_MS;
/** Batches taken from one device before the others have their turn. */
const BATCHES_MAX = 8;
/**
 * A batch holds so many packets of the snapshot length, as far as the memory goes: what no packet fills is
 * never touched, so most of it is none. One read of the kernel's ring is about as much.
 */
const BATCH_PACKETS = 4096;
const BATCH_BYTES_MIN = 1 << 20;
const BATCH_BYTES_MAX = 1 << 23;
/** Beside a packet's own bytes: its savefile header, and the file header libpcap wants room for. */
const OVERHEAD_BYTES = 64;

interface Parts extends Rings {
  decoder: Decoder;
  progress: Progress;
  say: (message: CaptureMessage) => void;
}

/** One device and the walk through its batches. */
interface Source {
  capture: LiveCapture;
  packets: SavefileWalker;
  /** The same packets, for the decoder to take at once. */
  row: PacketRow;
  condition: Condition;
  /** Frames decoded so far, and how many of them were read. */
  frames: number;
  sight: Sight;
}

/**
 * Opens the devices, says so, waits until it is told how to go on, and captures until a stop is asked
 * for. Returns one sentence for each device that could not be opened, or what this thread could not
 * give up; nothing is captured then.
 */
export async function watchDevices(request: WatchRequest, parts: Parts): Promise<string[]> {
  const sources: Source[] = [];
  try {
    const libpcap = new Libpcap({ path: request.libpcap });
    const rights = await rightsOfThisThread();
    rights?.prepareToOpen();
    for (const device of request.devices) sources.push(open(libpcap, device, request, sources));
    const captures = sources.map(({ capture }) => capture);
    const confine = rights?.prepareCaptureThread(captures.map(({ fd }) => fd));
    parts.say({
      kind: "opened",
      devices: captures.map(({ device, linkType, warnings }) => ({
        name: device,
        linkType,
        warnings: [...warnings],
      })),
      libpcap: libpcap.version,
    });
    const start = parts.progress.waitForStart();
    if (start === undefined) return [];
    // Before the first packet is decoded: what is in a packet is anybody's.
    const landlock = start === Start.ConfinedWithLandlock;
    const confinement = start === Start.Free ? undefined : confine?.({ landlock });
    parts.say({ kind: "started", confinement });
    const { stopDescriptor: fd } = request;
    if (fd === undefined) run(new Poller(libpcap, captures), POLL_MS, sources, parts);
    else run(new Poller(libpcap, [...captures, { fd }]), LOOK_MS, sources, parts);
    return [];
  } catch (error) {
    if (error instanceof PcapError || error instanceof SystemError) return [error.message];
    throw error;
  } finally {
    for (const { capture } of sources) capture.close();
  }
}

/** What takes this thread's rights and gives them up, loaded while files can be read; Linux alone has such a thing. */
async function rightsOfThisThread() {
  return Deno.build.os === "linux" ? await import("../system/capture_thread.ts") : undefined;
}

function open(libpcap: Libpcap, device: string, request: WatchRequest, others: Source[]): Source {
  const { snapshotBytes } = request;
  // Who logs packets wants them as they were.
  const isLogged = request.memory.packets !== undefined;
  const capture = new LiveCapture(libpcap, device, {
    snapshotBytes,
    // A record has microseconds; such packets are decoded in one loop.
    nanoseconds: isLogged,
    promiscuous: request.promiscuous,
    kernelBytes: request.kernelBytes,
    direction: request.allPackets ?? kernelDirection(request.profile),
  }, new ArrayBuffer(batchBytes(snapshotBytes)));
  try {
    const unknown = unknownLinkType(capture);
    if (unknown !== undefined) throw new PcapError("failed", device, unknown);
    // What to filter for depends on the link type, which the open device tells.
    const shortened = isLogged ? undefined : headersOnly(capture.linkType, snapshotBytes);
    capture.setFilters(filtersOf(request, capture.linkType), shortened);
  } catch (error) {
    capture.close();
    throw error;
  }
  const { buffer, linkType, nanoseconds, condition } = capture;
  const packets = new SavefileWalker(buffer, linkType, nanoseconds, others.length);
  const row = new PacketRow(buffer, linkType, others.length);
  const sight = new Sight(`interface ${device}`, request.decode.inside !== undefined);
  return { capture, packets, row, condition, frames: 0, sight };
}

/** A sentence where nothing of the device could be decoded. */
function unknownLinkType({ device, linkType }: LiveCapture): string | undefined {
  if (isLinkTypeKnown(linkType)) return undefined;
  return `interface ${device}: ${linkTypeText(linkType)} cannot be decoded; capture on another ` +
    "interface, or on any";
}

function batchBytes(snapshotBytes: number): number {
  const packet = snapshotBytes + OVERHEAD_BYTES;
  const batch = Math.min(Math.max(BATCH_PACKETS * packet, BATCH_BYTES_MIN), BATCH_BYTES_MAX);
  return batch + packet;
}

function filtersOf(request: WatchRequest, linkType: number): string[] {
  const { profile, filter, allPackets, decode } = request;
  // What a classic profile looks at may be in a tunnel, which its own filter does not let through.
  const isOwn = allPackets === undefined && (decode.inside ?? 0) === 0;
  if (isOwn) return kernelFilters(profile, linkType, filter);
  return filter === undefined ? [] : [filter];
}

/** Takes packets until a stop is asked for; `waitMs`: how long the poller may wait at once. */
function run(poller: Poller, waitMs: number, sources: Source[], parts: Parts): void {
  let lookedMs = performance.now(), looks = 0;
  // A device that is open is known to be up before the first second is over.
  countLosses(sources, parts.progress);
  while (!parts.progress.stopped()) {
    const dueMs = Math.ceil(lookedMs + LOOK_MS - performance.now());
    poller.wait(Math.min(waitMs, Math.max(0, dueMs)));
    for (const source of sources) {
      // A busy device fills batch after batch; a bound keeps it from starving the others.
      let more = true;
      for (let i = 0; i < BATCHES_MAX && more; i++) more = takeBatch(source, parts);
      sayCondition(source, parts);
    }
    const nowMs = performance.now();
    if (nowMs - lookedMs < LOOK_MS) continue;
    lookedMs = nowMs;
    countLosses(sources, parts.progress);
    for (const source of sources) {
      if (source.capture.condition.kind === "gone") source.capture.reattach();
      source.sight.look(source.frames, (text) => parts.say({ kind: "notice", text }));
    }
    if (++looks % LOOKS_PER_BEAT === 0) parts.producer.wakeConsumer();
  }
  countLosses(sources, parts.progress);
}

/** Decodes one batch; true when it was full, so that more may be waiting. */
function takeBatch(source: Source, parts: Parts): boolean {
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
function sayCondition(source: Source, { say }: Parts): void {
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

function countLosses(sources: Source[], progress: Progress): void {
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
  progress.setKernel(received, dropped, Date.now() * 1000);
}
