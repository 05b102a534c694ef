// One packet as a line of JSON, with the names of the Elastic Common Schema where it has one and all
// else under `scandog`. Knows records; nothing of where lines go. Keys are in a fixed order; what is
// not known is absent.

import { formatAddress } from "../address.ts";
import { Field, Kind, Quirk, type Records } from "../record.ts";
import { flagLetters } from "./flags.ts";
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
import { rfc3339 } from "./zone.ts";

export interface PacketJsonContext extends PacketLineContext {
  /** Name of this sensor; undefined when not known. */
  observer: string | undefined;
  version: string;
}

/** No line is longer, its message included. */
export const PACKET_JSON_BYTES_MAX = 4096;

export class PacketJson {
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();
  private readonly lineBytes = new Uint8Array(PACKET_LINE_BYTES_MAX);
  private readonly lines: PacketLines;

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
    const text = `${JSON.stringify(this.members(base))}\n`;
    return at + this.encoder.encodeInto(text, this.buffer.subarray(at)).written;
  }

  private members(base: number): Record<string, unknown> {
    const { records: { bytes, u16, f64 }, context } = this;
    const name = context.interfaceName(u16[(base + Field.Interface) >> 1]);
    const protocol = bytes[base + Field.Protocol];
    const timeUs = f64[(base + Field.TimeUs) >> 3];
    return {
      "@timestamp": rfc3339(timeUs),
      event: { kind: "event", category: ["network"], action: "packet" },
      source: this.endpoint(base, Field.Source, Field.SourcePort),
      destination: this.endpoint(base, Field.Destination, Field.DestinationPort),
      network: {
        type: `ipv${bytes[base + Field.IpVersion]}`,
        transport: TRANSPORT_OF_NUMBER[protocol],
        iana_number: `${protocol}`,
        bytes: u16[(base + Field.IpLength) >> 1],
      },
      observer: {
        name: context.observer,
        product: "scandog",
        version: context.version,
        ingress: name === undefined ? undefined : { interface: { name } },
      },
      message: this.decoder.decode(
        this.lineBytes.subarray(0, this.lines.write(base, 0) - 1),
      ),
      scandog: this.own(base),
    };
  }

  private endpoint(base: number, address: number, field: number): Record<string, unknown> {
    const { bytes, u16 } = this.records;
    const port = this.hasPorts(base) ? u16[(base + field) >> 1] : undefined;
    const services = bytes[base + Field.Kind] === Kind.Udp ? UDP_SERVICES : TCP_SERVICES;
    const service = this.context.names && port !== undefined ? services[port] : undefined;
    return { ip: formatAddress(bytes, base + address), port, service };
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
