// Sorts records by kind, and leaves out what cannot be a probe of one host. Knows records; what each kind shows
// of attempts is said by the file of its protocol.

import { Kind, Quirk, type Records } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import { sameWords } from "../table/attempt_table.ts";
import { UsedFlows } from "../table/used_flows.ts";
import type { View } from "../view.ts";
import { Arp, isNeighbourDiscovery } from "./arp.ts";
import { Attempts } from "./attempts.ts";
import { FloodGate } from "./flood_gate.ts";
import { Icmp } from "./icmp.ts";
import { IpProtocols } from "./ip_protocol.ts";
import { Packet } from "./packet.ts";
import { Sctp } from "./sctp.ts";
import { Silence } from "./silence.ts";
import { Tcp } from "./tcp.ts";
import { Udp } from "./udp.ts";

const USED_FLOWS = 1 << 16;
/** IPv4 multicast (224.0.0.0/4): the first octet. 240.0.0.0/4 is unicast. */
const FIRST_GROUP_OCTET = 224, LAST_GROUP_OCTET = 239;
const GROUP_OCTET_6 = 0xff;
/** 255.255.255.255. */
const EVERYBODY = -1;
/** The last octet that a broadcast to a network ends in, as a rule. */
const BROADCAST_OCTET = 255;

export class Observer {
  declare readonly attempts: Attempts;
  declare readonly silence: Silence;
  declare private readonly records: Records;
  declare private readonly tcp: Tcp;
  declare private readonly udp: Udp;
  declare private readonly sctp: Sctp;
  declare private readonly icmp: Icmp;
  declare private readonly arp: Arp;
  declare private readonly protocols: IpProtocols;

  constructor(memory: Memory, view: View, records: Records) {
    this.records = records;
    const used = new UsedFlows(USED_FLOWS);
    const gate = new FloodGate(memory.options.floodRate);
    this.attempts = new Attempts(memory, view, new Packet(memory, view, records), gate);
    this.silence = new Silence(memory, this.attempts);
    this.tcp = new Tcp(memory, this.attempts, used);
    this.udp = new Udp(memory, this.attempts, used);
    this.sctp = new Sctp(this.attempts);
    this.icmp = new Icmp(memory, this.attempts);
    this.arp = new Arp(memory, this.attempts);
    this.protocols = new IpProtocols(this.attempts);
  }

  /** What the record at `base` shows. Allocates nothing. */
  observe(base: number): void {
    const { records, tcp } = this;
    switch (records.kind(base)) {
      case Kind.Tcp:
        tcp.read(base);
        if (!tcp.isKnown() && this.isProbeable(base)) tcp.process();
        break;
      case Kind.Udp:
        if (this.isProbeable(base)) this.udp.process(base);
        else this.udp.group(base);
        break;
      case Kind.Icmp6:
        if (isNeighbourDiscovery(records.type(base))) this.arp.neighbour(base);
        else if (this.isProbeable(base)) this.icmp.process(base);
        break;
      case Kind.Icmp:
        if (this.isProbeable(base)) this.icmp.process(base);
        break;
      case Kind.Sctp:
        if (this.isProbeable(base)) this.sctp.process(base);
        break;
      case Kind.Arp:
        this.arp.process(base);
        break;
      case Kind.Ip:
        if (this.isProbeable(base) && !this.isCut(base)) this.protocols.process(base);
        break;
    }
  }

  /**
   * False for what cannot be a probe of one host: groups and broadcasts, no sender, fragments without
   * the header that says what they are, and packets from a port to itself (the LAND attack).
   */
  isProbeable(base: number): boolean {
    const { records } = this;
    const odd = Quirk.LinkMulticast | Quirk.Fragment | Quirk.BadTransportLength;
    if (records.hasQuirk(base, odd) && !this.isWhole(base)) return false;
    const { i32, bytes } = records;
    const from = records.sourceAt(base), to = records.destinationAt(base);
    if (records.ipVersion(base) === 4) {
      if (bytes[to * 4 + 12] === 0 || isGroup(bytes[to * 4 + 12]) || i32[to + 3] === EVERYBODY) {
        return false;
      }
      if (isGroup(bytes[from * 4 + 12]) || i32[from + 3] === 0) return false;
    } else {
      if (bytes[to * 4] === GROUP_OCTET_6 || bytes[from * 4] === GROUP_OCTET_6) return false;
      if ((i32[from] | i32[from + 1] | i32[from + 2] | i32[from + 3]) === 0) return false;
    }
    return !sameWords(i32, from, i32, to) ||
      records.sourcePort(base) !== records.destinationPort(base);
  }

  /** False for a frame to a group, for a part of a datagram, and for a segment that no kernel answers. */
  private isWhole(base: number): boolean {
    const { records } = this;
    // Nobody answers a bare protocol in a frame to everybody.
    const isToAll = records.hasQuirk(base, Quirk.LinkMulticast);
    if (isToAll && (this.isBroadcast(base) || records.kind(base) === Kind.Ip)) return false;
    if (records.hasQuirk(base, Quirk.Fragment) && !records.hasQuirk(base, Quirk.FragmentHeader)) {
      return false;
    }
    return !records.hasQuirk(base, Quirk.BadTransportLength) || records.kind(base) !== Kind.Tcp;
  }

  /** True for a broadcast to a network: in a frame to everybody any other packet is one to its host. */
  private isBroadcast(base: number): boolean {
    const { bytes } = this.records;
    return this.records.ipVersion(base) === 4 &&
      bytes[this.records.destinationAt(base) * 4 + 15] === BROADCAST_OCTET;
  }

  /** A header that the capture cut off is not a bare IP packet. */
  private isCut(base: number): boolean {
    const { records } = this;
    return records.hasQuirk(base, Quirk.Truncated) &&
      !records.hasQuirk(base, Quirk.BadTransportLength);
  }
}

/** True for the first octet of an IPv4 group. */
function isGroup(octet: number): boolean {
  return octet >= FIRST_GROUP_OCTET && octet <= LAST_GROUP_OCTET;
}
