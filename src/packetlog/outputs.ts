// Where logged packets go: lines gathered in a buffer and handed over many at once, packets as they are
// to whoever saves them, one log of each or one for each protocol. Knows the way of a packet; nothing
// of which packets are selected, nor of files.

import type { PacketBytes } from "../detector.ts";
import { Field, type Records } from "../record.ts";
import type { PacketTaker } from "./packet_log.ts";
import type { Suppressed } from "./rate_limit.ts";
import { LOGGED_PROTOCOLS, type LoggedProtocol } from "./selection.ts";

/** Writes packets as text into the buffer that it was made with. */
export interface PacketFormat {
  write(base: number, at: number): number;
}

/** Takes whole lines. */
export interface LineTarget {
  /** `firstUs`: the first line's time, microseconds since 1970. */
  write(bytes: Uint8Array, lines: number, firstUs: number): void;
  /** Lines from this time on are to be handed over apart from one of `firstUs`; absent: none. */
  turnsUs?(firstUs: number): number;
  /** What goes beyond so many bytes is to be handed over apart from what is before it; absent: any goes together. */
  roomBytes?(): number;
  /** Lines that could not be written, where that is known at once. */
  lost?(): number;
  reopen?(): void;
  close?(): void;
}

/** Takes packets as they were captured. */
export interface RawTarget {
  /** Gets ready for packets of this link type; throws where there is no place for them. */
  open(linkType: number): void;
  /** Takes the current packet of `packets`. */
  packet(packets: PacketBytes, timeUs: number): void;
  flush(): void;
  /** Packets that could not be written. */
  lost(): number;
  reopen(): void;
  close(): void;
}

const LINE_BUFFER_BYTES = 1 << 18;

/** Lines of one log, on their way to one or several targets. */
export class LineOutput {
  readonly buffer = new Uint8Array(LINE_BUFFER_BYTES);
  declare readonly targets: readonly LineTarget[];
  declare private readonly lineBytesMax: number;
  declare private readonly each: boolean;
  private used = 0;
  private lines = 0;
  /** The time of the first gathered line, and the time and the size from which on a line belongs to the next batch. */
  private firstUs = 0;
  private turnsUs = 0;
  private roomBytes = 0;

  /** `lineBytesMax`: room that a line may need; `each`: hand over every line by itself. */
  constructor(targets: readonly LineTarget[], lineBytesMax: number, each: boolean) {
    this.targets = targets;
    this.lineBytesMax = lineBytesMax;
    this.each = each;
  }

  packet(format: PacketFormat, base: number, timeUs: number): void {
    if (this.buffer.length - this.used < this.lineBytesMax || timeUs >= this.turnsUs) this.flush();
    if (this.used === 0) this.begin(timeUs);
    const at = this.used, end = format.write(base, at);
    this.used = end > this.roomBytes && at > 0 ? this.beginAnew(at, end, timeUs) : end;
    this.lines++;
    if (this.each) this.flush();
  }

  /** A line that tells of no packet, without its end. */
  line(text: string, timeUs: number): void {
    this.flush();
    const bytes = new TextEncoder().encode(`${text}\n`);
    for (const target of this.targets) target.write(bytes, 1, timeUs);
  }

  flush(): void {
    if (this.used === 0) return;
    const bytes = this.buffer.subarray(0, this.used);
    for (const target of this.targets) target.write(bytes, this.lines, this.firstUs);
    this.used = this.lines = 0;
  }

  private begin(firstUs: number): void {
    this.firstUs = firstUs;
    this.turnsUs = this.roomBytes = Infinity;
    for (const target of this.targets) {
      this.turnsUs = Math.min(this.turnsUs, target.turnsUs?.(firstUs) ?? Infinity);
      this.roomBytes = Math.min(this.roomBytes, target.roomBytes?.() ?? Infinity);
    }
  }

  /** Hands over what is before the line from `at` to `end`, which begins the next batch; gives where it ends there. */
  private beginAnew(at: number, end: number, timeUs: number): number {
    this.flush();
    this.buffer.copyWithin(0, at, end);
    this.begin(timeUs);
    return end - at;
  }
}

/** One log, of all protocols or of one. */
export interface PacketOutput {
  lines?: LineOutput;
  raw?: RawTarget;
}

/** All outputs of a run. */
export class PacketOutputs {
  /** By index in `LOGGED_PROTOCOLS`. */
  declare private readonly byProtocol: (PacketOutput | undefined)[];
  /** Lines of all protocols, in the order of their packets. */
  declare private readonly common: LineOutput | undefined;
  /** Each once, however many protocols share it. */
  declare private readonly lines: ReadonlySet<LineOutput>;
  declare private readonly raws: ReadonlySet<RawTarget>;

  constructor(outputs: Partial<Record<LoggedProtocol, PacketOutput>>, common?: LineOutput) {
    this.byProtocol = LOGGED_PROTOCOLS.map((name) => outputs[name]);
    this.common = common;
    const all = Object.values(outputs);
    const isThere = <T>(value: T | undefined) => value !== undefined;
    this.lines = new Set([common, ...all.map(({ lines }) => lines)].filter(isThere));
    this.raws = new Set(all.map(({ raw }) => raw).filter(isThere));
  }

  /** Takes the packets of these records; `makeFormat` makes the format that fills a buffer. */
  taker(
    records: Records,
    packets: PacketBytes | undefined,
    makeFormat: (buffer: Uint8Array) => PacketFormat,
    onSuppressed: (what: Suppressed) => void,
  ): PacketTaker {
    const formatted = (lines: LineOutput | undefined) =>
      lines && { lines, format: makeFormat(lines.buffer) };
    const common = formatted(this.common);
    const routes = this.byProtocol.map((output) =>
      output && { own: formatted(output.lines), raw: output.raw }
    );
    return {
      packet: (base, protocol) => {
        const route = routes[protocol];
        if (route === undefined) return;
        const timeUs = records.f64[(base + Field.TimeUs) >> 3];
        if (common !== undefined) common.lines.packet(common.format, base, timeUs);
        if (route.own !== undefined) route.own.lines.packet(route.own.format, base, timeUs);
        if (route.raw !== undefined) route.raw.packet(packets!, timeUs);
      },
      suppressed: onSuppressed,
      batchEnd: () => this.flush(),
    };
  }

  /** A line of no packet, for every log of lines. */
  line(text: string, timeUs: number): void {
    for (const lines of this.lines) lines.line(text, timeUs);
  }

  flush(): void {
    for (const lines of this.lines) lines.flush();
    for (const raw of this.raws) raw.flush();
  }

  /** Lines and packets that some log could not take, as its disk is full. */
  lost(): number {
    let sum = 0;
    for (const { targets } of this.lines) {
      for (const target of targets) sum += target.lost?.() ?? 0;
    }
    for (const raw of this.raws) sum += raw.lost();
    return sum;
  }

  /** Opens the savefiles for these link types, so that what is wrong with them shows at start. */
  openRaw(linkTypes: readonly number[]): void {
    for (const raw of this.raws) {
      for (const linkType of linkTypes) raw.open(linkType);
      if (linkTypes.length > 0) raw.open(linkTypes[0]);
    }
  }

  reopen(): void {
    this.flush();
    for (const { targets } of this.lines) for (const target of targets) target.reopen?.();
    for (const raw of this.raws) raw.reopen();
  }

  close(): void {
    this.flush();
    for (const { targets } of this.lines) for (const target of targets) target.close?.();
    for (const raw of this.raws) raw.close();
  }
}
