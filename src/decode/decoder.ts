// Bytes of one packet to one record. Nearly every packet is TCP or UDP in IPv4 in Ethernet with nothing
// unusual about it: this file decodes these in one go. All others, and all rules about them, are
// `general.ts`'s, layer by layer; both ways give the same record.

import { Field, Kind, Quirk, RECORD_BYTES as RECORD_SIZE, type Records } from "../record.ts";
import { Counter, createCounters } from "./counters.ts";
import { Fragments } from "./network/fragments.ts";
import { decodeGeneral } from "./general.ts";
import { isLinkTypeKnown } from "./link/link.ts";
import { isUnicastIpv4 } from "./group.ts";
import { type DecodeLimits, Packet } from "./packet.ts";
import {
  DESTINATION_AT as TO_AT,
  isOrdinaryUdp,
  LITTLE_ENDIAN as LEAST_FIRST,
  ORDINARY_BYTES as LEAST_BYTES,
  ordinaryHeader,
  putNumbers,
  putUdp,
  putWords,
  putZeros,
  TCP_AT as SEGMENT_AT,
  WORDS_AT,
} from "./ordinary.ts";
import type { FlowFilter } from "./flow_filter.ts";
import { type PacketRow, ROW_HEADER_BYTES as HEADER_BYTES } from "./row.ts";
import type { Unread } from "./unread.ts";
import { decodeTcpOptions } from "./transport/tcp_options.ts";
import { CONTROL as CONTROL_FLAGS, KNOWN_SEGMENTS, OPENING_SEGMENTS } from "../used_flows.ts";

export { isLinkTypeKnown };

/** Values from `PATH` in params.ts, and two more. */
export interface DecodeOptions extends DecodeLimits {
  /** Fragmented datagrams followed at once. */
  fragmentDatagrams: number;
  /** 32 bits that choose the fragment table's hash: random in live capture, fixed in replay. */
  seed: number;
  /** Where to count, `COUNTERS` long; shared memory if another thread is to read. One's own if absent. */
  counters?: Float64Array;
  /** Says which segments of a row have no record; absent: each has one. */
  filter?: FlowFilter;
}

// Written down here once more because V8 folds a module's own constants into the code but loads imported
// ones one by one: a third of the time per packet (tests/bench).
const TIME = Field.TimeUs >> 3;
const QUIRKS = Field.Quirks >> 2;
const PACKETS = Counter.Packets;
const BYTES = Counter.Bytes;
const TCP_PACKETS = Counter.Kind + Kind.Tcp;
const UDP_PACKETS = Counter.Kind + Kind.Udp;
const RECORD_BYTES = RECORD_SIZE;
const ROW_HEADER_BYTES = HEADER_BYTES;
const LINKTYPE_ETHERNET = 1;
const LITTLE_ENDIAN = LEAST_FIRST;
const ORDINARY_BYTES = LEAST_BYTES;
const TCP_AT = SEGMENT_AT;
const DESTINATION_AT = TO_AT;
const { type: TYPE_AT, length: LENGTH_AT, fragment: FRAGMENT_AT, offset: OFFSET_AT } = WORDS_AT;
/** The bit of a link-layer address's first byte that says "group". */
const GROUP = 0x01;
/** Where TCP's flags lie in the word that begins with its data offset. */
const FLAGS_SHIFT = 16;
const CONTROL = CONTROL_FLAGS;
/** Segments that are asked for, or none: a bit for each value of their control flags. */
const KNOWN = KNOWN_SEGMENTS, OPENING = OPENING_SEGMENTS, NONE = 0;

/** Decodes packets one after another. Takes all its memory at start. */
export class Decoder {
  /** What was counted so far, at `Counter`'s places. */
  declare readonly counters: Float64Array;
  declare private readonly packet: Packet;
  declare private readonly fragments: Fragments;
  declare private readonly u32: Uint32Array;
  declare private readonly f64: Float64Array;
  declare private readonly filter: FlowFilter | undefined;
  /** The array that packets lie in, and a view of it: one load reads a number of up to four bytes. */
  declare private source: Uint8Array;
  declare private view: DataView;

  /** Fills `records`. */
  constructor(records: Records, options: DecodeOptions) {
    this.counters = options.counters ?? createCounters();
    this.fragments = new Fragments(options.fragmentDatagrams, options.seed, this.counters);
    this.packet = new Packet(records, options, this.counters);
    this.filter = options.filter;
    this.u32 = records.u32;
    this.f64 = records.f64;
    this.source = this.packet.bytes;
    this.view = this.packet.view;
  }

  /**
   * Decodes one packet, captured in bytes[start, end), into the record at byte offset `base`.
   *
   * Returns `Reason.None` when the record is to be published: every packet with at least an IP or ARP
   * header. Any other `Reason` was counted and the slot is free for the next packet. Reads nothing
   * outside [start, end). Of `interfaceIndex` the low 16 bits are kept. Never throws. Allocates nothing
   * as long as successive calls pass the same array object; another one costs a view.
   */
  decode(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    timeUs: number,
    linkType: number,
    interfaceIndex: number,
    base: number,
  ): number {
    // Short, so that V8 puts it into the caller's loop: as an argument of a real call a time, which is
    // not a small integer, would be put on the heap, 16 bytes for every packet.
    this.f64[(base >> 3) + TIME] = timeUs;
    return this.decodeTimed(bytes, start, end, wireLength, linkType, interfaceIndex, base);
  }

  /** As `decode`; the time is already in the record. */
  private decodeTimed(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    linkType: number,
    interfaceIndex: number,
    base: number,
  ): number {
    const { counters } = this;
    counters[PACKETS]++;
    counters[BYTES] += wireLength;
    if (bytes !== this.source) this.look(bytes);
    const isEthernet = LITTLE_ENDIAN && linkType === LINKTYPE_ETHERNET;
    if (!isEthernet || end - start < ORDINARY_BYTES) {
      return this.decodeOther(start, end, wireLength, linkType, interfaceIndex, base);
    }
    const { view, u32, f64 } = this;
    const type = view.getUint32(start + TYPE_AT), length = view.getUint32(start + LENGTH_AT);
    const fragment = view.getUint32(start + FRAGMENT_AT);
    const offset = view.getUint32(start + OFFSET_AT);
    const header = ordinaryHeader(type, length, fragment, offset, wireLength);
    if (header === 0) {
      return this.decodeOther(start, end, wireLength, linkType, interfaceIndex, base);
    }
    putZeros(f64, base >> 3);
    putNumbers(view, u32, start, base >> 2, length, interfaceIndex);
    putWords(u32, base >> 2, type, length, fragment, offset, header);
    if (header > 20 || (view.getUint8(start) & GROUP) !== 0) {
      this.putMore(start, end, header, base);
    }
    counters[TCP_PACKETS]++;
    return 0;
  }

  /**
   * Decodes packets of a row, up to the time `untilUs`, into at most `room` records from byte offset `base` on.
   * Returns how many records there are; `row.at` is moved past what was decoded. It stops sooner where the
   * row has no whole packet left, or one that is not for a row. All else as in `decode`.
   */
  decodeRow(row: PacketRow, untilUs: number, base: number, room: number): number {
    const { view, limit, bytesMax, linkType, interfaceIndex } = row;
    const { u32, f64, filter } = this;
    if (row.bytes !== this.source) this.look(row.bytes);
    const isEthernet = LITTLE_ENDIAN && linkType === LINKTYPE_ETHERNET;
    const stop = base + room * RECORD_BYTES;
    // Whole seconds change seldom, and a product of doubles for each packet takes its time. With half a
    // microsecond it is plain to V8 that these are no integers, which it would go on proving. Exact below 2^52.
    let seconds = 0, secondsUs = 0.5, timeUs = row.timeUs;
    let at = row.at, to = base, packets = 0, tcp = 0, wireBytes = 0;
    let nextUs = filter?.nextUs ?? Infinity, dueUs = Math.min(nextUs, untilUs);
    const known = filter?.isOn() ? KNOWN : NONE, opening = filter?.isOn() ? OPENING : NONE;
    let asked = known;
    while (to < stop) {
      const start = at + ROW_HEADER_BYTES;
      if (start > limit) break;
      const captured = view.getUint32(at + 8, true);
      if ((captured - 1) >>> 0 >= bytesMax) break;
      const end = start + captured;
      if (end > limit) break;
      const whole = view.getUint32(at, true);
      if (whole !== seconds) {
        seconds = whole;
        secondsUs = whole * 1e6 + 0.5;
      }
      const nowUs = secondsUs + view.getUint32(at + 4, true) - 0.5;
      if (nowUs >= dueUs) {
        if (nowUs > untilUs) break;
        if (nowUs >= nextUs) {
          nextUs = filter!.next(nowUs);
          asked = NONE;
        }
        dueUs = Math.min(nextUs, untilUs);
      }
      const wireLength = view.getUint32(at + 12, true);
      at = end;
      timeUs = nowUs;
      packets++;
      wireBytes += wireLength;
      f64[(to >> 3) + TIME] = nowUs;
      let header = 0, type = 0, length = 0, fragment = 0, offset = 0;
      if (isEthernet && captured >= ORDINARY_BYTES) {
        type = view.getUint32(start + TYPE_AT);
        length = view.getUint32(start + LENGTH_AT);
        fragment = view.getUint32(start + FRAGMENT_AT);
        offset = view.getUint32(start + OFFSET_AT);
        header = ordinaryHeader(type, length, fragment, offset, wireLength);
      }
      if (header !== 0) {
        tcp++;
        const kind = offset >>> FLAGS_SHIFT & CONTROL;
        if ((asked >>> kind & 1) !== 0 && filter!.isUsed(view, start, nowUs)) continue;
        if ((opening >>> kind & 1) !== 0) filter!.opens(view, start);
        putZeros(f64, to >> 3);
        putNumbers(view, u32, start, to >> 2, length, interfaceIndex);
        putWords(u32, to >> 2, type, length, fragment, offset, header);
        if (header > 20 || (view.getUint8(start) & GROUP) !== 0) {
          this.putMore(start, end, header, to);
        }
      } else if (this.decodeOther(start, end, wireLength, linkType, interfaceIndex, to) !== 0) {
        continue;
      }
      to += RECORD_BYTES;
      asked = known;
    }
    row.at = at;
    row.timeUs = timeUs;
    const { counters } = this;
    counters[PACKETS] += packets;
    counters[BYTES] += wireBytes;
    counters[TCP_PACKETS] += tcp;
    return (to - base) / RECORD_BYTES;
  }

  /** What is no ordinary TCP: ordinary UDP at once, all else the general way, layer by layer. */
  private decodeOther(
    start: number,
    end: number,
    wireLength: number,
    linkType: number,
    interfaceIndex: number,
    base: number,
  ): number {
    const isEthernet = LITTLE_ENDIAN && linkType === LINKTYPE_ETHERNET;
    if (isEthernet && end - start >= ORDINARY_BYTES) {
      const { view, u32 } = this;
      const type = view.getUint32(start + TYPE_AT), length = view.getUint32(start + LENGTH_AT);
      const fragment = view.getUint32(start + FRAGMENT_AT);
      if (isOrdinaryUdp(view, start, type, length, fragment, wireLength)) {
        putZeros(this.f64, base >> 3);
        putUdp(view, u32, start, base >> 2, type, length, fragment, interfaceIndex);
        if ((view.getUint8(start) & GROUP) !== 0) this.putMore(start, end, 0, base);
        this.counters[UDP_PACKETS]++;
        return 0;
      }
    }
    return decodeGeneral(
      this.packet,
      this.fragments,
      start,
      end,
      wireLength,
      linkType,
      interfaceIndex,
      base,
    );
  }

  /** What few ordinary packets have: TCP options, a frame to a group. */
  private putMore(start: number, end: number, header: number, base: number): void {
    const { packet, view, u32 } = this;
    packet.base = base;
    packet.quirks = u32[(base >> 2) + QUIRKS];
    if ((view.getUint8(start) & GROUP) !== 0) {
      packet.quirks |= Quirk.LinkMulticast;
      const to = view.getUint32(start + DESTINATION_AT);
      if (isUnicastIpv4(to)) packet.quirks |= Quirk.UnicastInGroup;
    }
    if (header > 20) {
      decodeTcpOptions(packet, this.source, start + ORDINARY_BYTES, start + TCP_AT + header, end);
    }
    u32[(base >> 2) + QUIRKS] = packet.quirks;
  }

  /** Was there any packet with a record? */
  hasRecords(): boolean {
    return this.counters.subarray(Counter.Kind, Counter.Reason).some((count) => count > 0);
  }

  /** Frames that give no record are counted there from now on. */
  set unread(unread: Unread) {
    this.packet.unread = unread;
  }

  /** Takes another array to read from. */
  private look(bytes: Uint8Array): void {
    this.source = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.packet.bytes = bytes;
    this.packet.view = this.view;
  }
}
