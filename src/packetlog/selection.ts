// Which packets are to be logged. Knows records and tables; nothing of lines or files. One look-up
// or two for each packet, nothing is allocated.

import { Field, Kind, Quirk, type Records } from "../record.ts";
import { type FlagRules, flagTable } from "./flag_table.ts";

const PROTOCOL_ICMP = 1;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const PROTOCOL_ICMP6 = 58;
const PROTOCOL_SCTP = 132;

/** The protocols that can be logged, each to an output of its own if that is wanted. */
export const LOGGED_PROTOCOLS = ["tcp", "udp", "icmp", "sctp"] as const;
export type LoggedProtocol = typeof LOGGED_PROTOCOLS[number];

/** `protocolIndex` of a packet that belongs to none of them. */
const OTHER = -1;
const [TCP, UDP, ICMP, SCTP] = [0, 1, 2, 3];

export interface SelectionRules {
  protocols: readonly LoggedProtocol[];
  tcp: FlagRules;
  /** Destination ports of UDP; all when absent. */
  udpPorts?: readonly number[];
  /** Types of ICMP and of ICMPv6; all when absent. */
  icmpTypes?: readonly number[];
  icmp6Types?: readonly number[];
  /** Types of the first SCTP chunk; all when absent. */
  sctpChunks?: readonly number[];
}

/** Index in `LOGGED_PROTOCOLS` by IP protocol number. */
function indexOf(protocol: number): number {
  switch (protocol) {
    case PROTOCOL_TCP:
      return TCP;
    case PROTOCOL_UDP:
      return UDP;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMP6:
      return ICMP;
    case PROTOCOL_SCTP:
      return SCTP;
    default:
      return OTHER;
  }
}

function tableOf(size: number, wanted: readonly number[] | undefined): Uint8Array {
  const table = new Uint8Array(size).fill(wanted === undefined ? 1 : 0);
  for (const value of wanted ?? []) table[value] = 1;
  return table;
}

/** Answers for each record whether it is logged, and as what. */
export class Selection {
  private readonly wanted = new Uint8Array(LOGGED_PROTOCOLS.length);
  declare private readonly flags: Uint8Array;
  declare private readonly udpPorts: Uint8Array;
  declare private readonly icmpTypes: Uint8Array;
  declare private readonly icmp6Types: Uint8Array;
  declare private readonly sctpChunks: Uint8Array;
  /** 1 where packets whose transport header is not known are logged, by protocol. */
  declare private readonly headless: Uint8Array;
  declare private readonly records: Records;

  constructor(records: Records, rules: SelectionRules) {
    this.records = records;

    LOGGED_PROTOCOLS.forEach((name, i) => this.wanted[i] = rules.protocols.includes(name) ? 1 : 0);
    this.flags = flagTable(rules.tcp);
    this.udpPorts = tableOf(65536, rules.udpPorts);
    this.icmpTypes = tableOf(256, rules.icmpTypes);
    this.icmp6Types = tableOf(256, rules.icmp6Types);
    this.sctpChunks = tableOf(256, rules.sctpChunks);
    // Where every header is wanted, so is a packet without one: a later fragment, a cut header.
    const all = (table: Uint8Array) => table.every((value) => value === 1);
    this.headless = Uint8Array.from(
      [this.flags, this.udpPorts, this.icmpTypes, this.sctpChunks],
      (table) => all(table) ? 1 : 0,
    );
  }

  /**
   * Index in `LOGGED_PROTOCOLS` when the packet at `base` is to be logged, otherwise -1.
   *
   * A fragment is judged by the transport header where that became known, once for a datagram; the
   * other fragments, and packets whose header was cut off, are logged when everything of their
   * protocol is. IP options change nothing: they never hide a packet.
   */
  protocolIndex(base: number): number {
    const { bytes } = this.records;
    const index = indexOf(bytes[base + Field.Protocol]);
    if (index === OTHER || this.wanted[index] === 0) return OTHER;
    return this.selects(base, index, bytes) === 1 ? index : OTHER;
  }

  private selects(base: number, index: number, bytes: Uint8Array): number {
    const { u16, u32 } = this.records;
    const again = (u32[(base + Field.Quirks) >> 2] & AGAIN) === Quirk.Fragment;
    if (again) return this.headless[index];
    switch (bytes[base + Field.Kind]) {
      case Kind.Tcp:
        return this.flags[bytes[base + Field.TcpFlags]];
      case Kind.Udp:
        return this.udpPorts[u16[(base + Field.DestinationPort) >> 1]];
      case Kind.Icmp:
        return this.icmpTypes[bytes[base + Field.Type]];
      case Kind.Icmp6:
        return this.icmp6Types[bytes[base + Field.Type]];
      case Kind.Sctp:
        return this.sctpChunks[bytes[base + Field.Type]];
      default:
        return this.headless[index];
    }
  }
}

/** A fragment that is not the one with which the transport header became known. */
const AGAIN = Quirk.Fragment | Quirk.FragmentHeader;
