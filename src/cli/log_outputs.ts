// Where the packets of `scandog log` go: lines gathered in a buffer and written many at once, packets
// likewise into savefiles, one of each or one for each protocol. Knows files and formats; nothing of
// which packets are selected.

import { SavefileWriter } from "../pcap/mod.ts";
import type { SuppressedPackets } from "../format/packet_suppressed.ts";
import type { PacketTaker } from "../packetlog/packet_log.ts";
import { LOGGED_PROTOCOLS, type LoggedProtocol } from "../packetlog/selection.ts";
import { Field, type Records } from "../record.ts";
import type { BytesConsumer } from "../ring/bytes_ring.ts";
import { PacketFile, type PacketFileOptions } from "../sink/packet_file.ts";
import type { Sink } from "../sink/sink.ts";
import type { StdoutSink } from "../sink/stdout.ts";

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

const LINE_BUFFER_BYTES = 1 << 18;
/** A savefile's buffer holds a packet of any size and many of the ordinary one. */
const SNAPSHOT_BYTES = 262144;
const SAVEFILE_BUFFER_BYTES = 2 * SNAPSHOT_BYTES;

/** Lines of one log, on their way to one or several targets. */
export class LineOutput {
  readonly buffer = new Uint8Array(LINE_BUFFER_BYTES);
  private used = 0;
  private lines = 0;
  private timeUs = 0;

  /** `lineBytesMax`: room that a line may need; `each`: hand over every line by itself. */
  constructor(
    readonly targets: readonly LineTarget[],
    private readonly lineBytesMax: number,
    private readonly each: boolean,
  ) {}

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

/** Standard output, which waits for its reader. */
export class StdoutTarget implements LineTarget {
  constructor(private readonly sink: StdoutSink) {}

  write(bytes: Uint8Array, lines: number): void {
    this.sink.writeLines(bytes, lines);
  }
}

/** Logs that take a line at a time: syslog and the journal. */
export class SinkTarget implements LineTarget {
  private readonly decoder = new TextDecoder();

  constructor(private readonly sink: Sink) {}

  write(bytes: Uint8Array, _lines: number, timeUs: number): void {
    this.sink.write(this.decoder.decode(bytes.subarray(0, -1)), { action: "packet", timeUs });
  }
}

/**
 * Packets of one log. A savefile has one link type: packets of another go to a file beside it, with
 * the link type's number in its name.
 */
export class RawOutput {
  private readonly files = new Map<number, { writer: SavefileWriter; file: PacketFile }>();
  private linkType = -1;
  private current: { writer: SavefileWriter; file: PacketFile } | undefined;
  private units = 0;
  private timeUs = 0;

  constructor(
    private readonly options: Omit<PacketFileOptions, "header" | "append">,
    private readonly nanoseconds: boolean,
  ) {}

  /** Opens the file for packets of this link type. Throws `PacketFileError`. */
  open(linkType: number): void {
    if (linkType === this.linkType) return;
    this.flush();
    let entry = this.files.get(linkType);
    if (entry === undefined) {
      const first = this.files.size === 0;
      const writer = new SavefileWriter(new Uint8Array(SAVEFILE_BUFFER_BYTES), {
        linkType,
        snapshotBytes: SNAPSHOT_BYTES,
        nanoseconds: this.nanoseconds,
      });
      const path = first ? this.options.path : `${this.options.path}.linktype-${linkType}`;
      const header = writer.written().slice();
      const file = new PacketFile({ ...this.options, path, header, append: false });
      writer.clear();
      entry = { writer, file };
      this.files.set(linkType, entry);
    }
    this.current = entry;
    this.linkType = linkType;
  }

  /** Adds the current packet of `packets`. */
  packet(packets: BytesConsumer, timeUs: number): void {
    if (packets.linkType !== this.linkType) this.open(packets.linkType);
    const { writer } = this.current!;
    if (!this.put(writer, packets, timeUs)) {
      this.flush();
      this.put(writer, packets, timeUs);
    }
    this.units++;
    this.timeUs = timeUs;
  }

  flush(): void {
    if (this.units === 0) return;
    const { writer, file } = this.current!;
    file.write(writer.written(), this.units, this.timeUs);
    writer.clear();
    this.units = 0;
  }

  reopen(): void {
    for (const { file } of this.files.values()) file.reopen();
  }

  /** An empty file still is a savefile; a log without a packet leaves one. */
  close(): void {
    for (const { file } of this.files.values()) file.close();
  }

  private put(writer: SavefileWriter, packets: BytesConsumer, timeUs: number): boolean {
    const { bytes, start, end, wireLength, nanos } = packets;
    return writer.record(timeUs, nanos, wireLength, bytes, start, end);
  }
}

/** One log, of all protocols or of one. */
export interface PacketOutput {
  lines?: LineOutput;
  raw?: RawOutput;
}

/** All outputs of a run. */
export class PacketOutputs {
  /** By index in `LOGGED_PROTOCOLS`. */
  private readonly byProtocol: (PacketOutput | undefined)[];
  /** Each once. */
  readonly all: PacketOutput[];

  constructor(outputs: Partial<Record<LoggedProtocol, PacketOutput>>) {
    this.byProtocol = LOGGED_PROTOCOLS.map((name) => outputs[name]);
    this.all = [...new Set(Object.values(outputs))];
  }

  /** Takes the packets of these records; `makeFormat` makes the format that fills a buffer. */
  taker(
    records: Records,
    packets: BytesConsumer | undefined,
    makeFormat: (buffer: Uint8Array) => PacketFormat,
    onSuppressed: (what: SuppressedPackets) => void,
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
