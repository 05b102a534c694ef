// Where the ingredients of a generated capture put their packets. Knows time and packets; knows
// nothing of scans.

import { TcpFlag } from "../../src/record.ts";
import type { Random } from "../support/random.ts";
import {
  type FileOptions,
  frame,
  ipv4,
  type LinkLayer,
  pcapFile,
  type TcpPacket,
  tcpSegment,
} from "./frames.ts";

/** What the ingredients write to: a clock that they move, and the packets so far. */
export class Scene {
  /** Microseconds since 1970, whole. */
  timeUs: number;
  readonly packets: { timeUs: number; bytes: Uint8Array; wireLength: number }[] = [];
  private lastId = 0;

  constructor(readonly random: Random, startUs: number) {
    this.timeUs = startUs;
  }

  /** Lets time pass; whole microseconds. */
  wait(us: number): void {
    this.timeUs += us;
  }

  /** A plain SYN, but for what `change` says. Every packet has an IP identification of its own. */
  packet(change: Partial<TcpPacket> = {}): TcpPacket {
    return {
      source: 0x0a000002,
      destination: 0x0a000001,
      sourcePort: 40000,
      destinationPort: 80,
      flags: TcpFlag.Syn,
      ttl: 64,
      trafficClass: 0,
      id: this.lastId = (this.lastId + 1) & 0xffff,
      payload: 0,
      ...change,
    };
  }

  /** Puts a packet on the wire, whole and well formed. */
  send(change: Partial<TcpPacket> = {}): void {
    const packet = this.packet(change);
    this.raw(ipv4(packet, tcpSegment(packet)));
  }

  /** Puts the bytes of an IP packet on the wire. `beyond`: bytes that the capture does not have. */
  raw(bytes: Uint8Array, beyond = 0): void {
    this.packets.push({ timeUs: this.timeUs, bytes, wireLength: bytes.length + beyond });
  }

  /** The pcap file of all packets, in frames of a link layer. `snaplen`: of the frame. */
  file(link: LinkLayer, options: Omit<FileOptions, "linkType"> = {}): Uint8Array {
    const frames = this.packets.map(({ timeUs, bytes, wireLength }) => ({
      timeUs,
      bytes: frame(link, bytes),
      wireLength: link.header.length + wireLength,
    }));
    return pcapFile(frames, { ...options, linkType: link.linkType });
  }
}
