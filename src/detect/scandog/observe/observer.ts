// Sorts records by kind, and leaves out what cannot be a probe of one host. Knows records; what each kind shows
// of attempts is said by the file of its protocol.

import { Kind, Quirk, type Records } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import type { View } from "../view.ts";
import { Arp, isNeighbourDiscovery } from "./arp.ts";
import { Attempts } from "./attempts.ts";
import { FloodGate } from "./flood_gate.ts";
import { Icmp } from "./icmp.ts";
import { IpProtocols } from "./ip_protocol.ts";
import { Packet } from "./packet.ts";
import { isProbeable } from "./probeable.ts";
import { ReadAhead } from "./read_ahead.ts";
import { Rows } from "./rows.ts";
import { Sctp } from "./sctp.ts";
import { Silence } from "./silence.ts";
import { Tcp } from "./tcp.ts";
import { Udp } from "./udp.ts";

export class Observer {
  declare readonly attempts: Attempts;
  declare readonly silence: Silence;
  /** What needs no look of its own. */
  declare readonly rows: Rows;
  declare readonly ahead: ReadAhead;
  declare private readonly records: Records;
  declare private readonly tcp: Tcp;
  declare private readonly udp: Udp;
  declare private readonly sctp: Sctp;
  declare private readonly icmp: Icmp;
  declare private readonly arp: Arp;
  declare private readonly protocols: IpProtocols;

  constructor(memory: Memory, view: View, records: Records) {
    this.records = records;
    const gate = new FloodGate(memory.options.floodRate);
    this.attempts = new Attempts(memory, view, new Packet(memory, view, records), gate);
    this.silence = new Silence(memory, this.attempts);
    this.rows = new Rows(memory, this.attempts);
    this.ahead = new ReadAhead(memory, this.attempts);
    this.tcp = new Tcp(memory, this.attempts);
    this.udp = new Udp(memory, this.attempts);
    this.sctp = new Sctp(memory, this.attempts);
    this.icmp = new Icmp(memory, this.attempts);
    this.arp = new Arp(memory, this.attempts);
    this.protocols = new IpProtocols(memory, this.attempts);
  }

  /** What the record at `base` shows. Allocates nothing. */
  observe(base: number): void {
    const { records, tcp } = this;
    switch (records.kind(base)) {
      case Kind.Tcp:
        tcp.read(base);
        if (!tcp.isKnown() && isProbeable(records, base)) tcp.process();
        break;
      case Kind.Udp:
        if (isProbeable(records, base)) this.udp.process(base);
        else this.udp.group(base);
        break;
      case Kind.Icmp6:
        if (isNeighbourDiscovery(records.type(base))) this.arp.neighbour(base);
        else if (isProbeable(records, base)) this.icmp.process(base);
        break;
      case Kind.Icmp:
        if (isProbeable(records, base)) this.icmp.process(base);
        break;
      case Kind.Sctp:
        if (isProbeable(records, base)) this.sctp.process(base);
        break;
      case Kind.Arp:
        this.arp.process(base);
        break;
      case Kind.Ip:
        if (isProbeable(records, base) && !this.isCut(base)) this.protocols.process(base);
        break;
    }
  }

  /** A header that the capture cut off is not a bare IP packet. */
  private isCut(base: number): boolean {
    const { records } = this;
    return records.hasQuirk(base, Quirk.Truncated) &&
      !records.hasQuirk(base, Quirk.BadTransportLength);
  }
}
