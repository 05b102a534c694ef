// Traffic made of records, for tests: what a decoder would have written, without bytes.

import { parseAddress } from "../../../src/address.ts";
import type { DetectorEvent, ScanEvent } from "../../../src/event.ts";
import { Field, Kind, linkSourceField, Quirk, Records, TcpFlag } from "../../../src/record.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { Random } from "../../support/random.ts";
import { type ScandogOptions, scandogOptions } from "../../../src/detect/scandog/options.ts";

export const { Fin, Syn, Rst, Psh, Ack, Urg } = TcpFlag;
/** 2026-01-01. */
const START_US = 1_767_225_600_000_000;

export interface Packet {
  from: string;
  to: string;
  kind?: number;
  sport?: number;
  dport?: number;
  flags?: number;
  seq?: number;
  ack?: number;
  payload?: number;
  ttl?: number;
  ipId?: number;
  window?: number;
  type?: number;
  code?: number;
  protocol?: number;
  timestamp?: number;
  /** TCP option kinds in order, as `OptionNibble` has them. */
  options?: number[];
  quirks?: number;
  /** Index of the capture interface. */
  interface?: number;
  /** Of the packet quoted in an ICMP error. */
  innerTtl?: number;
  /** The packet quoted in an ICMP error. */
  inner?: { from: string; to: string; protocol: number; sport: number; dport: number };
  /** Link-layer source address. */
  mac?: number[];
  /** Of neighbour discovery: who asks, and for whom. */
  neighbour?: { from: string; to: string };
}

/** A detector and a clock. Every call sends one packet and moves time by `stepUs`. */
export class Traffic {
  readonly events: DetectorEvent[] = [];
  readonly records = Records.allocate(1);
  readonly detector: ScandogDetector;
  timeUs = START_US;
  /** Link-layer addresses that send for IP addresses, where there are any. */
  readonly macs = new Map<string, number[]>();
  private readonly addresses = new Map<string, Uint8Array>();

  constructor(options: Partial<ScandogOptions> = {}, public stepUs = 1000) {
    this.detector = new ScandogDetector(
      this.records,
      scandogOptions({ memory: 16, ...options }),
      (event) => this.events.push(event),
    );
  }

  /** Lets time pass. */
  wait(seconds: number): this {
    this.timeUs += seconds * 1e6;
    return this;
  }

  send(packet: Packet): this {
    const { bytes, u16, u32, f64 } = this.records;
    bytes.fill(0);
    f64[0] = this.timeUs;
    this.timeUs += this.stepUs;
    const kind = packet.kind ?? Kind.Tcp;
    bytes.set(this.address(packet.from), Field.Source);
    bytes.set(this.address(packet.to), Field.Destination);
    u16[Field.SourcePort >> 1] = packet.sport ?? 0;
    u16[Field.DestinationPort >> 1] = packet.dport ?? 0;
    u32[Field.Sequence >> 2] = packet.seq ?? 0;
    u32[Field.Acknowledgement >> 2] = packet.ack ?? 0;
    u16[Field.IpId >> 1] = packet.ipId ?? 0;
    u16[Field.Window >> 1] = packet.window ?? 0;
    u32[Field.PayloadLength >> 2] = packet.payload ?? 0;
    u32[Field.TimestampValue >> 2] = packet.timestamp ?? 0;
    const layout = (packet.options ?? []).reduce((sum, kind, i) => sum | kind << 4 * i, 0);
    u32[Field.OptionLayout >> 2] = layout >>> 0;
    u16[Field.Interface >> 1] = packet.interface ?? 0;
    bytes[Field.TcpFlags] = packet.flags ?? 0;
    bytes[Field.Ttl] = packet.ttl ?? 50;
    bytes[Field.Kind] = kind;
    bytes[Field.IpVersion] = kind === Kind.Arp ? 0 : packet.from.includes(":") ? 6 : 4;
    bytes[Field.Type] = packet.type ?? 0;
    bytes[Field.Code] = packet.code ?? 0;
    bytes[Field.Protocol] = packet.protocol ?? PROTOCOLS[kind] ?? 0;
    let quirks = packet.quirks ?? 0;
    if (packet.inner !== undefined) {
      quirks |= Quirk.Inner | Quirk.InnerPorts;
      bytes.set(this.address(packet.inner.from), Field.InnerSource);
      bytes.set(this.address(packet.inner.to), Field.InnerDestination);
      bytes[Field.InnerTtl] = packet.innerTtl ?? 40;
      bytes[Field.InnerProtocol] = packet.inner.protocol;
      u16[Field.InnerSourcePort >> 1] = packet.inner.sport;
      u16[Field.InnerDestinationPort >> 1] = packet.inner.dport;
    }
    if (packet.neighbour !== undefined) {
      bytes.set(this.address(packet.neighbour.from), Field.InnerSource);
      bytes.set(this.address(packet.neighbour.to), Field.InnerDestination);
      bytes[Field.InnerProtocol] = 58;
    }
    u32[Field.Quirks >> 2] = quirks;
    const mac = packet.mac ?? this.macs.get(packet.from);
    if (mac !== undefined) bytes.set(mac, linkSourceField(kind));
    this.detector.process(0, 1);
    return this;
  }

  private address(text: string): Uint8Array {
    let bytes = this.addresses.get(text);
    if (bytes === undefined) this.addresses.set(text, bytes = parseAddress(text)!);
    return bytes;
  }

  // ---- Ready-made exchanges

  /** A SYN and the RST that answers it. */
  refused(from: string, to: string, dport: number, sport = 40000): this {
    return this.send({ from, to, sport, dport, flags: Syn, seq: 1000 })
      .send({ from: to, to: from, sport: dport, dport: sport, flags: Rst | Ack, ack: 1001 });
  }

  /** A SYN, SYN-ACK, and the bare RST of a scanner's kernel. */
  halfOpen(from: string, to: string, dport: number, sport = 40000): this {
    return this.send({ from, to, sport, dport, flags: Syn, seq: 1000 })
      .send({ from: to, to: from, sport: dport, dport: sport, flags: Syn | Ack, seq: 5, ack: 1001 })
      .send({ from, to, sport, dport, flags: Rst, seq: 1001 });
  }

  /** A whole connection in which both sides say something. */
  used(from: string, to: string, dport: number, sport = 50000): this {
    const up = { from, to, sport, dport },
      down = { from: to, to: from, sport: dport, dport: sport };
    return this.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
      .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
      .send({ ...up, flags: Ack, seq: 1001, ack: 5001 })
      .send({ ...up, flags: Ack | Psh, seq: 1001, ack: 5001, payload: 100 })
      .send({ ...down, flags: Ack | Psh, seq: 5001, ack: 1101, payload: 900 })
      .send({ ...up, flags: Fin | Ack, seq: 1101, ack: 5901 })
      .send({ ...down, flags: Fin | Ack, seq: 5901, ack: 1102 });
  }

  /** A connection opened and closed without a word. */
  empty(from: string, to: string, dport: number, sport = 50000): this {
    const up = { from, to, sport, dport },
      down = { from: to, to: from, sport: dport, dport: sport };
    return this.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
      .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
      .send({ ...up, flags: Ack, seq: 1001, ack: 5001 })
      .send({ ...up, flags: Fin | Ack, seq: 1001, ack: 5001 })
      .send({ ...down, flags: Fin | Ack, seq: 5001, ack: 1002 });
  }

  udp(from: string, to: string, dport: number, sport = 40000, ttl = 50): this {
    return this.send({ kind: Kind.Udp, from, to, sport, dport, ttl, payload: 48 });
  }

  /** An ICMP port unreachable by the target of a UDP datagram. */
  unreachable(by: string, to: string, dport: number, sport = 40000): this {
    const inner = { from: to, to: by, protocol: 17, sport, dport };
    return this.send({ kind: Kind.Icmp, from: by, to, type: 3, code: 3, inner });
  }

  ping(from: string, to: string): this {
    const kind = from.includes(":") ? Kind.Icmp6 : Kind.Icmp;
    return this.send({ kind, from, to, type: kind === Kind.Icmp6 ? 128 : 8 });
  }

  arp(from: string, to: string): this {
    return this.send({ kind: Kind.Arp, from, to, type: 1, quirks: Quirk.LinkMulticast });
  }

  /** ICMPv6 neighbour solicitation (type 135), or advertisement (136) to `from`. */
  neighbour(from: string, to: string, type = 135): this {
    const isAsked = type === 135;
    return this.send({
      kind: Kind.Icmp6,
      from: isAsked ? from : to,
      to: isAsked ? `ff02::1:ff00:${to.split(":").pop()}` : from,
      type,
      ttl: 255,
      quirks: isAsked ? Quirk.LinkMulticast : 0,
      neighbour: { from, to },
    });
  }

  // ---- What came of it

  /** Ends the capture. All scans told. */
  scans(action: ScanEvent["action"] = "scan-end"): ScanEvent[] {
    this.detector.finish();
    return this.told(action);
  }

  /** The scans told so far. */
  told(action: ScanEvent["action"] = "scan-start"): ScanEvent[] {
    return this.events.filter((event): event is ScanEvent => event.action === action);
  }

  /** The sources named, at the end of the capture. */
  named(): string[] {
    return [...new Set(this.scans("scan-start").map(({ source }) => source))];
  }
}

const PROTOCOLS: Record<number, number> = {
  [Kind.Tcp]: 6,
  [Kind.Udp]: 17,
  [Kind.Icmp]: 1,
  [Kind.Icmp6]: 58,
  [Kind.Sctp]: 132,
};

/** A repeatable stream of numbers from 0 to 1. */
export function random(seed: number): () => number {
  const numbers = new Random(seed);
  return () => numbers.next() / 2 ** 32;
}
