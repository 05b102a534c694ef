// Frames of made-up traffic at made-up times, for captures in memory: Ethernet, IP, transport, with true
// checksums and lengths. Knows wire formats and who stands on which link; knows nothing of scans.

import { formatAddress, parseAddress } from "../../src/address.ts";
import {
  bytes,
  ethernet,
  fragmentHeader,
  icmp,
  ipv4,
  ipv6,
  tcp,
  u32,
  udp,
} from "../decode/build.ts";
import { pcapFile, type TimedFrame } from "../differential/frames.ts";
import { Random } from "../support/random.ts";
import { internetChecksum, pseudoHeader } from "./checksum.ts";

/** 2026-01-05, a Monday. */
const START_US = Date.parse("2026-01-05T08:00:00Z") * 1000;
export const ROUTER_MAC = [0, 0, 0x5e, 0, 0x53, 1];
const UDP = 17, TCP = 6, ICMP = 1, ICMP6 = 58, SCTP = 132;

/** TCP options as stacks and scanners send them; `timestamp` is put where they have it. */
export type Look = "nmap" | "linux" | "windows" | "old" | "bare";

export interface IpFields {
  from: string;
  to: string;
  ttl?: number;
  id?: number;
  /** Link-layer source, where it is not that of `from`'s place. */
  mac?: readonly number[];
  /** Link-layer destination, likewise. */
  toMac?: readonly number[];
}

export interface TcpSegment extends IpFields {
  sport: number;
  dport: number;
  flags: number;
  seq?: number;
  ack?: number;
  window?: number;
  look?: Look;
  timestamp?: number;
  /** Octets of data. */
  payload?: number | Uint8Array;
  hasBadChecksum?: boolean;
}

export interface UdpDatagram extends IpFields {
  sport: number;
  dport: number;
  payload?: number | Uint8Array;
}

/** A capture that is being made. Every packet moves time on by `stepUs`. */
export class Wire {
  readonly frames: TimedFrame[] = [];
  timeUs = START_US;
  readonly chance: Random;
  private nextId = 1;
  private readonly macs = new Map<string, number[]>();

  /**
   * `link`: prefixes of addresses that stand on the captured link; all others are behind its router.
   * `tags`: VLAN tags of each frame. `broadcast`: IP packets go in frames to everybody.
   */
  constructor(
    readonly options: {
      seed?: number;
      stepUs?: number;
      link?: readonly string[];
      tags?: number;
      broadcast?: boolean;
    } = {},
  ) {
    this.chance = new Random(options.seed ?? 1);
  }

  wait(seconds: number): this {
    this.timeUs += Math.round(seconds * 1e6);
    return this;
  }

  shuffled<T>(all: readonly T[]): T[] {
    const rest = [...all];
    for (let i = rest.length - 1; i > 0; i--) {
      const j = this.chance.below(i + 1);
      [rest[i], rest[j]] = [rest[j], rest[i]];
    }
    return rest;
  }

  /** `count` different numbers from `low` to `high`, in random order. */
  numbers(count: number, low: number, high: number): number[] {
    return this.shuffled(Array.from({ length: high - low + 1 }, (_, i) => low + i)).slice(0, count);
  }

  /** The link-layer address that packets of this address have on the captured link. */
  macOf(address: string): readonly number[] {
    const link = this.options.link ?? ["203.0.113.", "2001:db8:113:", "192.168.", "10.77."];
    if (!link.some((prefix) => address.startsWith(prefix))) return ROUTER_MAC;
    let mac = this.macs.get(address);
    if (mac === undefined) {
      mac = [2, 0, 0x77, 0, this.macs.size >> 8, this.macs.size & 255];
      this.macs.set(address, mac);
    }
    return mac;
  }

  // ---- Layers

  frame(whole: Uint8Array, wireLength = whole.length): this {
    this.frames.push({ timeUs: this.timeUs, bytes: whole, wireLength });
    this.timeUs += this.options.stepUs ?? 200;
    return this;
  }

  /** An IP packet without its link layer. IPv4 identifications count up, unless given. */
  ipPacket(fields: IpFields, protocol: number, payload: Uint8Array): Uint8Array {
    const { from: source, to: destination, ttl = 57 } = fields;
    if (source.includes(":")) {
      return ipv6(payload, { source, destination, hopLimit: ttl, next: protocol });
    }
    const id = (fields.id ?? this.nextId++) & 0xffff;
    const packet = ipv4(payload, { source, destination, ttl, id, protocol, flags: 0 });
    new DataView(packet.buffer).setUint16(10, internetChecksum(packet.subarray(0, 20)));
    return packet;
  }

  /** Sends an IP packet; returns it, for an ICMP error to quote. */
  send(fields: IpFields, packet: Uint8Array): Uint8Array {
    const { tags = 0, broadcast = false } = this.options;
    let type = packet[0] >> 4 === 6 ? 0x86dd : 0x0800;
    let inside = packet;
    for (let k = 0; k < tags; k++) {
      inside = bytes(0, 5 + k, type >> 8, type & 255, inside);
      type = 0x8100;
    }
    const to = broadcast ? BROADCAST : fields.toMac ?? this.macOf(fields.to);
    const whole = ethernet(inside, type, to);
    whole.set(fields.mac ?? this.macOf(fields.from), 6);
    this.frame(whole);
    return packet;
  }

  // ---- Transports

  tcp(segment: TcpSegment): Uint8Array {
    return this.send(segment, this.tcpPacket(segment));
  }

  tcpPacket(segment: TcpSegment): Uint8Array {
    const { flags, look = "bare", timestamp, hasBadChecksum = false } = segment;
    const payload = tcp({
      sourcePort: segment.sport,
      destinationPort: segment.dport,
      sequence: segment.seq ?? 0,
      acknowledgement: segment.ack ?? 0,
      flags,
      window: segment.window ?? (look === "nmap" ? 1024 : 64240),
      options: optionsOf(look, (flags & 2) !== 0, timestamp),
      payload: filled(segment.payload),
    });
    this.sum(segment, TCP, payload, 16);
    if (hasBadChecksum) payload[16] ^= 0x55;
    return this.ipPacket(segment, TCP, payload);
  }

  udp(datagram: UdpDatagram): Uint8Array {
    return this.send(datagram, this.udpPacket(datagram));
  }

  udpPacket(datagram: UdpDatagram): Uint8Array {
    const payload = udp(filled(datagram.payload ?? 0), {
      sourcePort: datagram.sport,
      destinationPort: datagram.dport,
    });
    this.sum(datagram, UDP, payload, 6);
    return this.ipPacket(datagram, UDP, payload);
  }

  /** ICMP or ICMPv6, by the address. `word`: the second word of the header. */
  icmp(
    fields: IpFields,
    type: number,
    code = 0,
    word = 0,
    data: Uint8Array = new Uint8Array(0),
  ): Uint8Array {
    const protocol = fields.from.includes(":") ? ICMP6 : ICMP;
    const payload = icmp(type, code, word, data);
    if (protocol === ICMP6) this.sum(fields, protocol, payload, 2);
    else new DataView(payload.buffer).setUint16(2, internetChecksum(payload));
    return this.send(fields, this.ipPacket({ ttl: 64, ...fields }, protocol, payload));
  }

  /** Any IP protocol. */
  other(fields: IpFields, protocol: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
    return this.send(fields, this.ipPacket(fields, protocol, payload));
  }

  /** SCTP with one chunk: 1 INIT, 2 INIT ACK, 6 ABORT, 10 COOKIE ECHO. `tag`: the initiate tag. */
  sctp(fields: IpFields & { sport: number; dport: number }, chunk: number, tag = 7): Uint8Array {
    const { sport, dport } = fields;
    const isInit = chunk === 1 || chunk === 2;
    const body = isInit ? bytes(u32(tag), u32(32768), 0, 10, 0, 10, u32(tag)) : new Uint8Array(0);
    const head = bytes(sport >> 8, sport & 255, dport >> 8, dport & 255);
    const whole = bytes(head, u32(isInit && chunk === 1 ? 0 : tag), u32(0), chunk, 0, 0);
    return this.other(fields, SCTP, bytes(whole, 4 + body.length, body));
  }

  /** An ARP request for `to`, broadcast; or a reply (2) to `to`. */
  arp(from: string, to: string, { reply = false, mac }: { reply?: boolean; mac?: number[] } = {}) {
    const own = mac ?? this.macOf(from);
    const target = reply ? this.macOf(to) : [0, 0, 0, 0, 0, 0];
    const four = (text: string) => parseAddress(text)!.subarray(12);
    const body = bytes(0, 1, 8, 0, 6, 4, 0, reply ? 2 : 1, own, four(from), target, four(to));
    const whole = ethernet(bytes(body, new Uint8Array(18)), 0x0806, reply ? target : BROADCAST);
    whole.set(own, 6);
    return this.frame(whole);
  }

  // ---- What answers

  /** An ICMP error by `by` about a packet, addressed to who sent that (or to `to`). */
  error(by: string, packet: Uint8Array, type: number, code: number, to = sourceOf(packet)): this {
    this.icmp(
      { from: by, to },
      type,
      code,
      0,
      packet.subarray(0, 28 + (packet[0] >> 4 === 6 ? 20 : 0)),
    );
    return this;
  }

  /** The target's port unreachable. */
  unreachable(packet: Uint8Array, by = destinationOf(packet)): this {
    return packet[0] >> 4 === 6 ? this.error(by, packet, 1, 4) : this.error(by, packet, 3, 3);
  }

  /** A router's time exceeded, to `to`. */
  expired(by: string, packet: Uint8Array, to = sourceOf(packet)): this {
    return this.error(by, packet, packet[0] >> 4 === 6 ? 3 : 11, 0, to);
  }

  /** The packet in IPv4 fragments of `size` octets of data, a multiple of 8; not sent whole. */
  fragments(fields: IpFields, packet: Uint8Array, size: number): this {
    const isSix = packet[0] >> 4 === 6;
    const data = packet.subarray(isSix ? 40 : 20), id = this.nextId++;
    for (let at = 0; at < data.length; at += size) {
      const isMore = at + size < data.length, piece = data.subarray(at, at + size);
      const { from: source, to: destination } = fields;
      this.send(
        fields,
        isSix
          ? ipv6(fragmentHeader(piece, packet[6], at, isMore, id), {
            source,
            destination,
            next: 44,
          })
          : ipv4(piece, {
            source,
            destination,
            id,
            protocol: packet[9],
            flags: (isMore ? 0x2000 : 0) | at >> 3,
          }),
      );
    }
    return this;
  }

  private sum(fields: IpFields, protocol: number, payload: Uint8Array, at: number): void {
    const head = pseudoHeader(fields.from, fields.to, protocol, payload.length);
    const sum = internetChecksum(bytes(head, payload));
    new DataView(payload.buffer).setUint16(at, sum === 0 ? 0xffff : sum);
  }

  // ---- The capture

  /** Frames in the order of their times, or as they were made; `seen`: which the capture has. */
  pcap(seen: (frame: TimedFrame) => boolean = () => true, inOrder = false): Uint8Array {
    const frames = this.frames.filter(seen);
    return pcapFile(inOrder ? frames : frames.sort((a, b) => a.timeUs - b.timeUs));
  }

  /** Is a frame's packet from this address? For captures of one direction. */
  isFrom({ bytes }: TimedFrame, address: string): boolean {
    return [0x08, 0x86].includes(bytes[12]) && sourceOf(bytes.subarray(14)) === address;
  }
}

const BROADCAST = [255, 255, 255, 255, 255, 255];

function filled(payload: number | Uint8Array = 0): Uint8Array {
  return typeof payload === "number" ? new Uint8Array(payload).fill(0x41) : payload;
}

function optionsOf(look: Look, isSyn: boolean, timestamp?: number): Uint8Array {
  const stamp = timestamp === undefined ? [] : [8, 10, ...u32(timestamp), ...u32(0)];
  if (!isSyn) return bytes(stamp.length > 0 ? [1, 1, ...stamp] : []);
  switch (look) {
    case "nmap":
      return bytes([2, 4, 5, 0xb4], stamp.length > 0 ? [1, 1, ...stamp] : []);
    case "linux":
      return bytes([2, 4, 5, 0xb4, 4, 2, 8, 10, ...u32(timestamp ?? 1), ...u32(0), 1, 3, 3, 7]);
    case "windows":
      return bytes([2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2]);
    case "old": // Windows XP, and many printers
      return bytes([2, 4, 5, 0xb4, 1, 1, 4, 2]);
    case "bare":
      return bytes(stamp.length > 0 ? [1, 1, ...stamp] : []);
  }
}

function textOf(address: Uint8Array): string {
  return address.length === 4 ? address.join(".") : formatAddress(address);
}

export function sourceOf(packet: Uint8Array): string {
  return packet[0] >> 4 === 6 ? textOf(packet.subarray(8, 24)) : textOf(packet.subarray(12, 16));
}

export function destinationOf(packet: Uint8Array): string {
  return packet[0] >> 4 === 6 ? textOf(packet.subarray(24, 40)) : textOf(packet.subarray(16, 20));
}
