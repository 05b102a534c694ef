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
  write(bytes: Uint8Array, lines: number, timeUs: number): void;
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
  private timeUs = 0;

  /** `lineBytesMax`: room that a line may need; `each`: hand over every line by itself. */
  constructor(targets: readonly LineTarget[], lineBytesMax: number, each: boolean) {
    this.targets = targets;
    this.lineBytesMax = lineBytesMax;
    this.each = each;
  }

  packet(format: PacketFormat, base: number, timeUs: number): void {
    if (this.buffer.length - this.used < this.lineBytesMax) this.flush();
    this.used = format.write(base, this.used);
    this.lines++;
    this.timeUs = timeUs;
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
    for (const target of this.targets) target.write(bytes, this.lines, this.timeUs);
    this.used = this.lines = 0;
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
  /** Each once. */
  declare readonly all: PacketOutput[];

  constructor(outputs: Partial<Record<LoggedProtocol, PacketOutput>>) {
    this.byProtocol = LOGGED_PROTOCOLS.map((name) => outputs[name]);
    this.all = [...new Set(Object.values(outputs))];
  }

  /** Takes the packets of these records; `makeFormat` makes the format that fills a buffer. */
  taker(
    records: Records,
    packets: PacketBytes | undefined,
    makeFormat: (buffer: Uint8Array) => PacketFormat,
    onSuppressed: (what: Suppressed) => void,
  ): PacketTaker {
    const routes = this.byProtocol.map((output) =>
      output && {
        ...output,
        format: output.lines && makeFormat(output.lines.buffer),
      }
    );
    return {
      packet: (base, protocol) => {
        const route = routes[protocol];
        if (route === undefined) return;
        const timeUs = records.f64[(base + Field.TimeUs) >> 3];
        if (route.lines !== undefined) route.lines.packet(route.format!, base, timeUs);
        if (route.raw !== undefined) route.raw.packet(packets!, timeUs);
      },
      suppressed: onSuppressed,
      batchEnd: () => this.flush(),
    };
  }

  line(text: string, timeUs: number): void {
    for (const { lines } of this.all) lines?.line(text, timeUs);
  }

  flush(): void {
    for (const { lines, raw } of this.all) {
      lines?.flush();
      raw?.flush();
    }
  }

  /** Opens the savefiles for these link types, so that what is wrong with them shows at start. */
  openRaw(linkTypes: readonly number[]): void {
    for (const { raw } of this.all) {
      for (const linkType of linkTypes) raw?.open(linkType);
      if (linkTypes.length > 0) raw?.open(linkTypes[0]);
    }
  }

  reopen(): void {
    this.flush();
    for (const { lines, raw } of this.all) {
      for (const target of lines?.targets ?? []) target.reopen?.();
      raw?.reopen();
    }
  }

  close(): void {
    this.flush();
    for (const { lines, raw } of this.all) {
      for (const target of lines?.targets ?? []) target.close?.();
      raw?.close();
    }
  }
}
