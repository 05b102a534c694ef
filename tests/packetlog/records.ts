// Records made by hand, for tests of the packet logger.

import { parseAddress } from "../../src/address.ts";
import { Field, Kind, RECORD_BYTES, Records } from "../../src/record.ts";

export interface Made {
  timeUs?: number;
  source?: string;
  destination?: string;
  sourcePort?: number;
  port?: number;
  kind?: number;
  protocol?: number;
  flags?: number;
  type?: number;
  code?: number;
  quirks?: number;
}

/** Records of these packets; unsaid fields are those of a SYN over IPv4. */
export function recordsOf(packets: readonly Made[]): Records {
  const records = Records.allocate(Math.max(packets.length, 1));
  packets.forEach((made, i) => put(records, i * RECORD_BYTES, made));
  return records;
}

function put({ bytes, u16, u32, f64 }: Records, base: number, made: Made): void {
  const source = made.source ?? "198.51.100.7";
  f64[(base + Field.TimeUs) >> 3] = made.timeUs ?? 0;
  bytes.set(parseAddress(source)!, base + Field.Source);
  bytes.set(parseAddress(made.destination ?? "192.0.2.1")!, base + Field.Destination);
  u16[(base + Field.SourcePort) >> 1] = made.sourcePort ?? 40000;
  u16[(base + Field.DestinationPort) >> 1] = made.port ?? 22;
  bytes[base + Field.Kind] = made.kind ?? Kind.Tcp;
  bytes[base + Field.Protocol] = made.protocol ?? 6;
  bytes[base + Field.TcpFlags] = made.flags ?? 2;
  bytes[base + Field.Type] = made.type ?? 0;
  bytes[base + Field.Code] = made.code ?? 0;
  bytes[base + Field.IpVersion] = source.includes(":") ? 6 : 4;
  bytes[base + Field.Ttl] = 64;
  u16[(base + Field.IpLength) >> 1] = 40;
  u32[(base + Field.Quirks) >> 2] = made.quirks ?? 0;
}
