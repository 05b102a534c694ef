// One packet as a line of JSON, with the names of the Elastic Common Schema where it has one and all
// else under `scandog`. Knows records; nothing of where lines go. Keys are in a fixed order; what is
// not known is absent.

import { formatAddress } from "../address.ts";
import { Field, Kind, linkSourceField, Quirk, type Records } from "../record.ts";
import { head, macText, type Observer, observer } from "./ecs.ts";
import { eventId } from "./event_id.ts";
import { flagLetters } from "./flags.ts";
import { boundedLine, type Members } from "./members.ts";
import { PACKET_LINE_BYTES_MAX, type PacketLineContext, PacketLines } from "./packet_line.ts";
import {
  ICMP6_TYPES,
  ICMP_TYPES,
  IP_OPTIONS,
  ODDITIES,
  SCTP_CHUNKS,
  TCP_SERVICES,
  UDP_SERVICES,
} from "./packet_words.ts";
import { TRANSPORT_OF_NUMBER } from "./protocols.ts";

export interface PacketJsonContext extends PacketLineContext, Observer {
  /** As in `JsonContext`. */
  seed?: number;
  now?: () => number;
  /** Longest line, without its newline; absent: `PACKET_JSON_BYTES_MAX`. */
  bytesMax?: number;
}

/** No line is longer, its message included. */
export const PACKET_JSON_BYTES_MAX = 4096;

/** What may go where a line is too long, the least telling first. */
const LEFT_OUT = [
  "message",
  "ecs",
  "related",
  "observer",
  "scandog.service",
  "scandog.packet.odd",
  "scandog.packet.ip_options",
  "event.created",
  "event.type",
  "event.category",
  "network.iana_number",
];

export class PacketJson {
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();
  private readonly lineBytes = new Uint8Array(PACKET_LINE_BYTES_MAX);
  private readonly lines: PacketLines;
  /** Packets written: tells those of the same microsecond apart. */
  private count = 0;

  /** As `PacketLines`; `PACKET_JSON_BYTES_MAX` must be free in the buffer for each line. */
  constructor(
    private readonly records: Records,
    private readonly buffer: Uint8Array,
    private readonly context: PacketJsonContext,
  ) {
    this.lines = new PacketLines(records, this.lineBytes, context);
  }

  /** Writes the line of the packet at `base`, with its newline, at `at`. Gives where it ends. */
  write(base: number, at: number): number {
    const bytesMax = Math.min(this.context.bytesMax ?? Infinity, PACKET_JSON_BYTES_MAX - 1);
    this.count++;
    const line = boundedLine(() => this.members(base), LEFT_OUT, bytesMax);
    return at + this.encoder.encodeInto(`${line}\n`, this.buffer.subarray(at)).written;
  }

  private members(base: number): Members {
    const { records: { bytes, u16, f64 }, context } = this;
    const name = context.interfaceName(u16[(base + Field.Interface) >> 1]);
    const protocol = bytes[base + Field.Protocol];
    const timeUs = f64[(base + Field.TimeUs) >> 3];
    const source = this.endpoint(base, Field.Source, Field.SourcePort);
    const destination = this.endpoint(base, Field.Destination, Field.DestinationPort);
    return {
      ...head({
        kind: "event",
        dataset: "packet",
        action: "packet",
        id: eventId(timeUs, `packet/${this.count}`, context.seed ?? 0),
        timeUs,
        createdUs: context.now?.(),
      }),
      source: { ...source, mac: this.mac(base) },
      destination,
      network: {
        type: `ipv${bytes[base + Field.IpVersion]}`,
        transport: TRANSPORT_OF_NUMBER[protocol],
        iana_number: `${protocol}`,
        bytes: u16[(base + Field.IpLength) >> 1],
      },
      observer: observer(context, name),
      message: this.decoder.decode(
        this.lineBytes.subarray(0, this.lines.write(base, 0) - 1),
      ),
      related: { ip: [...new Set([source.ip, destination.ip])] },
      scandog: { packet: this.own(base), service: this.services(base) },
    };
  }

  private endpoint(base: number, address: number, field: number): { ip: string; port?: number } {
    const { bytes, u16 } = this.records;
    const ip = formatAddress(bytes, base + address);
    return this.hasPorts(base) ? { ip, port: u16[(base + field) >> 1] } : { ip };
  }

  /** The sender's link address; undefined where it is not known. */
  private mac(base: number): string | undefined {
    const { bytes } = this.records;
    const from = base + linkSourceField(bytes[base + Field.Kind]);
    const octets = Array.from(bytes.subarray(from, from + 6));
    if (octets.every((octet) => octet === 0)) return undefined;
    return macText(octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":"));
  }

  /** Names of the services that are usual on the ports; undefined where none is, or none is wanted. */
  private services(base: number): Members | undefined {
    if (!this.context.names || !this.hasPorts(base)) return undefined;
    const { bytes, u16 } = this.records;
    const names = bytes[base + Field.Kind] === Kind.Udp ? UDP_SERVICES : TCP_SERVICES;
    const source = names[u16[(base + Field.SourcePort) >> 1]];
    const destination = names[u16[(base + Field.DestinationPort) >> 1]];
    return source === undefined && destination === undefined ? undefined : { source, destination };
  }

  private hasPorts(base: number): boolean {
    const kind = this.records.bytes[base + Field.Kind];
    return kind === Kind.Tcp || kind === Kind.Udp || kind === Kind.Sctp;
  }

  private own(base: number): Record<string, unknown> {
    const { bytes, u16, u32 } = this.records;
    const quirks = u32[(base + Field.Quirks) >> 2];
    const flags = bytes[base + Field.TcpFlags];
    const named = (table: readonly [number, string][]) => {
      const names = table.filter(([quirk]) => (quirks & quirk) !== 0).map(([, name]) => name);
      return names.length === 0 ? undefined : names;
    };
    const common = {
      ttl: bytes[base + Field.Ttl],
      tos: bytes[base + Field.TrafficClass],
      id: u16[(base + Field.IpId) >> 1],
      payload: u32[(base + Field.PayloadLength) >> 2],
      fragment: (quirks & Quirk.Fragment) !== 0 || undefined,
      ip_options: named(IP_OPTIONS) ?? ((quirks & Quirk.IpOptions) !== 0 ? ["other"] : undefined),
      odd: named(ODDITIES),
    };
    const type = bytes[base + Field.Type], code = bytes[base + Field.Code];
    switch (bytes[base + Field.Kind]) {
      case Kind.Tcp:
        return {
          flags: flagLetters(flags, flags),
          sequence: u32[(base + Field.Sequence) >> 2],
          acknowledgement: u32[(base + Field.Acknowledgement) >> 2],
          window: u16[(base + Field.Window) >> 1],
          ...common,
        };
      case Kind.Icmp:
        return { icmp: { type, code, name: ICMP_TYPES[type] }, ...common };
      case Kind.Icmp6:
        return { icmp: { type, code, name: ICMP6_TYPES[type] }, ...common };
      case Kind.Sctp:
        return { sctp: { chunk: type, name: SCTP_CHUNKS[type] }, ...common };
      default:
        return common;
    }
  }
}
