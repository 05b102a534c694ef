// Decodes packets for tests, each twice: between other neighbours in memory and into a record with
// other contents before. The outcomes must be the same: so nothing outside the packet was read,
// and nothing of the record was left as it was.

import assert from "node:assert/strict";
import { formatAddress } from "../../src/address.ts";
import { type DecodeOptions, Decoder } from "../../src/decode/decoder.ts";
import { Reason } from "../../src/decode/reason.ts";
import { Unread } from "../../src/decode/unread.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Field, Kind, linkSourceField, Quirk, RECORD_BYTES, Records } from "../../src/record.ts";

export const LINKTYPE_ETHERNET = 1;
export const LINKTYPE_RAW = 101;

/** What a test says of the packet, beside its bytes. */
export interface Given {
  linkType?: number;
  /** Bytes on the wire; those captured, if absent. */
  wireLength?: number;
  timeUs?: number;
  interface?: number;
}

/** A record as an object. */
export interface Decoded {
  timeUs: number;
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  window: number;
  ipId: number;
  protocol: number;
  tcpFlags: number;
  ttl: number;
  trafficClass: number;
  kind: number;
  ipVersion: number;
  type: number;
  code: number;
  quirks: number;
  payloadLength: number;
  optionLayout: number;
  mss: number;
  windowScale: number;
  innerTtl: number;
  timestampValue: number;
  urgent: number;
  ipLength: number;
  interface: number;
  innerSourcePort: number;
  innerDestinationPort: number;
  innerProtocol: number;
  transportHeaderLength: number;
  /** Hexadecimal; absent when the record has none. */
  linkSource?: string;
  innerSource?: string;
  innerDestination?: string;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The record at byte offset `base`. */
export function readRecord(records: Records, base = 0): Decoded {
  const u8 = (field: number) => records.bytes[base + field];
  const u16 = (field: number) => records.u16[(base + field) >> 1];
  const u32 = (field: number) => records.u32[(base + field) >> 2];
  // Of the fields that share their place, ICMP has some and all others the rest.
  const kind = u8(Field.Kind), isIcmp = kind === Kind.Icmp || kind === Kind.Icmp6;
  const decoded: Decoded = {
    timeUs: records.f64[base >> 3],
    source: formatAddress(records.bytes, base + Field.Source),
    destination: formatAddress(records.bytes, base + Field.Destination),
    sourcePort: u16(Field.SourcePort),
    destinationPort: u16(Field.DestinationPort),
    sequence: u32(Field.Sequence),
    acknowledgement: u32(Field.Acknowledgement),
    window: u16(Field.Window),
    ipId: u16(Field.IpId),
    protocol: u8(Field.Protocol),
    tcpFlags: u8(Field.TcpFlags),
    ttl: u8(Field.Ttl),
    trafficClass: u8(Field.TrafficClass),
    kind,
    ipVersion: u8(Field.IpVersion),
    type: u8(Field.Type),
    code: u8(Field.Code),
    quirks: u32(Field.Quirks),
    payloadLength: u32(Field.PayloadLength),
    optionLayout: u32(Field.OptionLayout),
    mss: u16(Field.Mss),
    windowScale: u8(Field.WindowScale),
    innerTtl: isIcmp ? u8(Field.InnerTtl) : 0,
    timestampValue: isIcmp ? 0 : u32(Field.TimestampValue),
    urgent: isIcmp ? 0 : u16(Field.Urgent),
    ipLength: u16(Field.IpLength),
    interface: u16(Field.Interface),
    innerSourcePort: isIcmp ? u16(Field.InnerSourcePort) : 0,
    innerDestinationPort: isIcmp ? u16(Field.InnerDestinationPort) : 0,
    innerProtocol: isIcmp ? u8(Field.InnerProtocol) : 0,
    transportHeaderLength: u8(Field.TransportHeaderLength),
  };
  const linkSource = base + linkSourceField(kind);
  const address = records.bytes.subarray(linkSource, linkSource + 6);
  if (address.some((byte) => byte !== 0)) decoded.linkSource = hex(address);
  // Neighbour discovery quotes nothing, but has a protocol there.
  if ((decoded.quirks & Quirk.Inner) !== 0 || decoded.innerProtocol !== 0) {
    decoded.innerSource = formatAddress(records.bytes, base + Field.InnerSource);
    decoded.innerDestination = formatAddress(records.bytes, base + Field.InnerDestination);
  }
  return decoded;
}

/** One decoder, and the memory around what it reads and writes. */
class Side {
  readonly records = Records.allocate(3);
  readonly decoder: Decoder;

  constructor(
    options: Partial<DecodeOptions>,
    private readonly margin: number,
    readonly fill: number,
  ) {
    this.decoder = new Decoder(this.records, { ...defaults(PATH), seed: 7, ...options });
  }

  decode(packet: Uint8Array, given: Given): number {
    const bytes = new Uint8Array(this.margin + packet.length + 80).fill(this.fill);
    bytes.set(packet, this.margin);
    this.records.bytes.fill(this.fill);
    const reason = this.decoder.decode(
      bytes,
      this.margin,
      this.margin + packet.length,
      given.wireLength ?? packet.length,
      given.timeUs ?? 1_700_000_000_000_001,
      given.linkType ?? LINKTYPE_ETHERNET,
      given.interface ?? 3,
      RECORD_BYTES,
    );
    for (const other of [0, 2 * RECORD_BYTES]) {
      const neighbour = this.records.bytes.subarray(other, other + RECORD_BYTES);
      assert(neighbour.every((byte) => byte === this.fill), "a neighbouring record was written");
    }
    return reason;
  }
}

/** Decodes packets one after another, as one decoder would. */
export class Bench {
  private readonly one: Side;
  private readonly other: Side;

  /** `options` change the defaults; frames without a record are counted in `unread`. */
  constructor(options: Partial<DecodeOptions> = {}, unread = new Unread()) {
    this.one = new Side(options, 5, 0x00);
    this.other = new Side(options, 64, 0xff);
    this.one.decoder.unread = unread;
  }

  get counters(): Float64Array {
    return this.one.decoder.counters;
  }

  /** The record, or the reason why there is none. */
  decode(packet: Uint8Array, given: Given = {}): Decoded | number {
    const reason = this.one.decode(packet, given);
    assert.equal(this.other.decode(packet, given), reason, "reason depends on other memory");
    assert.deepEqual(this.other.decoder.counters, this.one.decoder.counters);
    if (reason !== Reason.None) return reason;
    const decoded = readRecord(this.one.records, RECORD_BYTES);
    assert.deepEqual(readRecord(this.other.records, RECORD_BYTES), decoded);
    return decoded;
  }

  /** The record of a packet that must have one. */
  record(packet: Uint8Array, given: Given = {}): Decoded {
    const decoded = this.decode(packet, given);
    if (typeof decoded === "number") assert.fail(`no record: reason ${decoded}`);
    return decoded;
  }
}

/** A packet on its own needs no room for fragments. */
const ALONE = { fragmentDatagrams: 16 };

/** The outcome for a packet on its own. */
export function decode(packet: Uint8Array, given: Given = {}): Decoded | number {
  return new Bench(ALONE).decode(packet, given);
}

/** What the network layer alone decides: `decoded` without the link-layer address. */
export function withoutLink(decoded: Decoded | number): Decoded | number {
  if (typeof decoded === "number") return decoded;
  const { linkSource: _, ...rest } = decoded;
  return rest;
}

/** The record of a packet on its own, which must have one. */
export function record(packet: Uint8Array, given: Given = {}): Decoded {
  return new Bench(ALONE).record(packet, given);
}
