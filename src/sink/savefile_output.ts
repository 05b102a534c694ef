// Packets as they were captured, gathered in a buffer and written many at once into savefiles. Knows
// files and link types; nothing of which packets are selected.

import type { PacketBytes } from "../detector.ts";
import { SavefileWriter } from "../pcap/mod.ts";
import { PacketFile, type PacketFileOptions } from "./packet_file.ts";

/** A savefile's buffer holds a packet of any size and many of the ordinary one. */
const SNAPSHOT_BYTES = 262144;
const SAVEFILE_BUFFER_BYTES = 2 * SNAPSHOT_BYTES;

/**
 * Packets of one log. A savefile has one link type: packets of another go to a file beside it, with
 * the link type's number in its name.
 */
export class SavefileOutput {
  private readonly files = new Map<number, { writer: SavefileWriter; file: PacketFile }>();
  private linkType = -1;
  private current: { writer: SavefileWriter; file: PacketFile } | undefined;
  private units = 0;
  /** Of the first packet gathered, and from which time and size on a packet belongs to the next file. */
  private firstUs = 0;
  private turnsUs = 0;
  private roomBytes = 0;

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
  packet(packets: PacketBytes, timeUs: number): void {
    if (packets.linkType !== this.linkType) this.open(packets.linkType);
    const { writer, file } = this.current!;
    const bytes = SavefileWriter.recordBytes(packets.end - packets.start);
    if (timeUs >= this.turnsUs || writer.length + bytes > this.roomBytes) this.flush();
    if (!this.put(writer, packets, timeUs)) {
      this.flush();
      this.put(writer, packets, timeUs);
    }
    if (this.units++ > 0) return;
    this.firstUs = timeUs;
    this.turnsUs = file.turnsUs(timeUs);
    this.roomBytes = file.roomBytes();
  }

  flush(): void {
    if (this.units === 0) return;
    const { writer, file } = this.current!;
    file.write(writer.written(), this.units, this.firstUs);
    writer.clear();
    this.units = 0;
  }

  lost(): number {
    let sum = 0;
    for (const { file } of this.files.values()) sum += file.lost();
    return sum;
  }

  reopen(): void {
    for (const { file } of this.files.values()) file.reopen();
  }

  /** An empty file still is a savefile; a log without a packet leaves one. */
  close(): void {
    for (const { file } of this.files.values()) file.close();
  }

  private put(writer: SavefileWriter, packets: PacketBytes, timeUs: number): boolean {
    const { bytes, start, end, wireLength, nanos } = packets;
    return writer.record(timeUs, nanos, wireLength, bytes, start, end);
  }
}
