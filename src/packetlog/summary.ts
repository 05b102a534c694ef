// Counts of the packets selected: by source, TCP flag set, destination port, and hour. Memory is
// fixed, whatever is in the capture: where there are more sources or hours than places, the rest is
// counted together.

import { formatAddress } from "../address.ts";
import { Field, Kind, type Records } from "../record.ts";
import { LOGGED_PROTOCOLS } from "./selection.ts";
import { SourceTable } from "./source_table.ts";

/** Sources counted apart; when a set of the table is full, the one with the fewest packets goes. */
const SOURCES = 65536;
/** Hours counted apart, a bit more than a year of them. */
const HOURS_MAX = 10_000;
const HOUR_US = 3_600_000_000;
const PORTS = 65536;
const FLAG_SETS = 256;

export interface Count<T> {
  key: T;
  count: number;
}

export class PacketSummary {
  packets = 0;
  /** Packets of sources that had no place in the table. */
  otherSources = 0;
  /** Packets of hours that had no place in the table. */
  otherHours = 0;
  declare private readonly sources: SourceTable;
  private readonly flags = new Float64Array(FLAG_SETS);
  /** By protocol, as in `LOGGED_PROTOCOLS`; ICMP's stay 0. */
  private readonly ports = LOGGED_PROTOCOLS.map(() => new Float64Array(PORTS));
  private readonly protocols = new Float64Array(LOGGED_PROTOCOLS.length);
  private readonly hours = new Map<number, number>();
  declare private readonly records: Records;

  constructor(records: Records, seed: number) {
    this.records = records;

    this.sources = new SourceTable(SOURCES, seed);
  }

  /** Counts the packet at `base`; `protocol` is an index in `LOGGED_PROTOCOLS`. */
  packet(base: number, protocol: number): void {
    const { bytes, u16, u32, f64 } = this.records;
    this.packets++;
    this.protocols[protocol]++;
    const kind = bytes[base + Field.Kind];
    if (kind === Kind.Tcp) this.flags[bytes[base + Field.TcpFlags]]++;
    if (kind === Kind.Tcp || kind === Kind.Udp || kind === Kind.Sctp) {
      this.ports[protocol][u16[(base + Field.DestinationPort) >> 1]]++;
    }
    const { sources } = this;
    const slot = sources.slotOf(u32, (base + Field.Source) >> 2);
    if (sources.fresh) {
      if (sources.taken[slot] === 1) this.otherSources += sources.rank[slot];
      sources.taken[slot] = 1;
      sources.rank[slot] = 0;
    }
    sources.rank[slot]++;
    this.hour(Math.floor(f64[(base + Field.TimeUs) >> 3] / HOUR_US));
  }

  /** Packets by protocol; those without a packet are absent. */
  byProtocol(): Count<string>[] {
    return LOGGED_PROTOCOLS.map((key, i) => ({ key, count: this.protocols[i] }))
      .filter(({ count }) => count > 0);
  }

  /** The sources with the most packets. */
  bySource(limit: number): Count<string>[] {
    const { taken, rank } = this.sources;
    return top(rank, limit, (slot) => taken[slot] === 1)
      .map(({ key, count }) => ({ key: formatAddress(this.sources.address(key)), count }));
  }

  /** TCP flag octets, the most frequent first. */
  byFlags(limit: number): Count<number>[] {
    return top(this.flags, limit);
  }

  /** Destination ports of one protocol, the most frequent first. */
  byPort(protocol: typeof LOGGED_PROTOCOLS[number], limit: number): Count<number>[] {
    return top(this.ports[LOGGED_PROTOCOLS.indexOf(protocol)], limit);
  }

  /** Hours in their order; the key is the hour's beginning, microseconds since 1970. */
  byHour(): Count<number>[] {
    return [...this.hours].sort(([a], [b]) => a - b)
      .map(([hour, count]) => ({ key: hour * HOUR_US, count }));
  }

  private hour(hour: number): void {
    const before = this.hours.get(hour);
    if (before === undefined && this.hours.size >= HOURS_MAX) this.otherHours++;
    else this.hours.set(hour, (before ?? 0) + 1);
  }
}

/** The largest counts with their indices; of equals the smaller index first. */
function top(
  counts: Float64Array,
  limit: number,
  wanted: (index: number) => boolean = () => true,
): Count<number>[] {
  const found: Count<number>[] = [];
  counts.forEach((count, key) => {
    if (count > 0 && wanted(key)) found.push({ key, count });
  });
  return found.sort((a, b) => b.count - a.count || a.key - b.key).slice(0, limit);
}
