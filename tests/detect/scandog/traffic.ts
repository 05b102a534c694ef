// Traffic made of records, for tests: what a decoder would have written, without bytes.

import type { DetectorEvent, ScanEvent } from "../../../src/event.ts";
import { Kind, Quirk, Records, TcpFlag } from "../../../src/record.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { type Packet, writePacket } from "./packet.ts";
import { Random } from "../../support/random.ts";
import { type ScandogOptions, scandogOptions } from "../../../src/detect/scandog/options.ts";

export const { Fin, Syn, Rst, Psh, Ack, Urg } = TcpFlag;
/** 2026-01-01. */
const START_US = 1_767_225_600_000_000;

export type { Packet };

/** A detector and a clock. Every call sends one packet and moves time by `stepUs`. */
export class Traffic {
  readonly events: DetectorEvent[] = [];
  readonly records = Records.allocate(1);
  readonly detector: ScandogDetector;
  timeUs = START_US;
  /** Link-layer addresses that send for IP addresses, where there are any. */
  readonly macs = new Map<string, number[]>();

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
    const mac = packet.mac ?? this.macs.get(packet.from);
    writePacket(this.records, { ...packet, mac }, this.timeUs);
    this.timeUs += this.stepUs;
    this.detector.process(0, 1);
    return this;
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

/** A repeatable stream of numbers from 0 to 1. */
export function random(seed: number): () => number {
  const numbers = new Random(seed);
  return () => numbers.next() / 2 ** 32;
}
