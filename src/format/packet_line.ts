// One packet as a line for people, written as bytes straight into a buffer: packets come by the
// million, and a string for each would be the greater part of the work. Knows records; nothing of
// where lines go. An attacker chooses every number here but no byte of text, so a line is always one.

import { Field, Kind, OptionNibble, Quirk, type Records } from "../record.ts";
import { ascii, ByteText } from "./byte_text.ts";
import {
  ICMP6_CODES,
  ICMP6_TYPES,
  ICMP_CODES,
  ICMP_TYPES,
  IP_OPTIONS,
  ODDITIES,
  SCTP_CHUNKS,
  TCP_SERVICES,
  UDP_SERVICES,
} from "./packet_words.ts";
import { WORD_OF_NUMBER } from "./protocols.ts";
import { printable } from "./printable.ts";
import { dateTime, type Zone } from "./zone.ts";

export interface PacketLineContext {
  zone: Zone;
  /** Name of a capture interface by its index; undefined where there is none. */
  interfaceName: (index: number) => string | undefined;
  /** Service names beside port numbers. */
  names: boolean;
  /** TCP options and what is odd about the packet. */
  verbose: boolean;
}

/** No line is longer: two addresses of 39 bytes each, two more inside an ICMP error, all words. */
export const PACKET_LINE_BYTES_MAX = 1024;

const INTERFACE_BYTES_MAX = 64;
/** Interfaces named in a buffer of their own; those beyond are told by number. */
const INTERFACES_MAX = 256;
/** `2026-11-21 22:14:52` */
const SECOND_BYTES = 19;
const SPACE = 0x20;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const OPEN = 0x28;
const CLOSE = 0x29;
const SLASH = 0x2f;
const LEFT = 0x5b;
const RIGHT = 0x5d;
const COMMA = 0x2c;

const W = {
  arrow: ascii(" > "),
  number: ascii("#"),
  win: ascii(" win "),
  ttl: ascii(" ttl "),
  tos: ascii(" tos "),
  length: ascii(" len "),
  data: ascii(" data "),
  seq: ascii(" seq "),
  ack: ascii(" ack "),
  urg: ascii(" urg "),
  id: ascii(" id "),
  ipId: ascii(" ip-id "),
  tag: ascii(" tag "),
  about: ascii(" about "),
  protocol: ascii("proto "),
  ipOptions: ascii(" ip-options "),
  other: ascii("other"),
  fragment: ascii(" fragment"),
  header: ascii(" fragment-header"),
  whole: ascii(" fragment-whole"),
  df: ascii(" df"),
  options: ascii(" options "),
  mss: ascii("mss "),
  wscale: ascii("wscale "),
  timestamp: ascii("timestamp "),
};

const PROTOCOL_WORDS = words(256, WORD_OF_NUMBER);
/** ` S`, ` FPU`, ` none`: the letters that a mask is written with. */
const FLAG_WORDS = Array.from({ length: 256 }, (_, flags) => {
  const letters = [..."FSRPAUEC"].filter((_, bit) => (flags >> bit & 1) === 1).join("");
  return ascii(` ${letters || "none"}`);
});
const ICMP_WORDS = words(256, ICMP_TYPES);
const ICMP6_WORDS = words(256, ICMP6_TYPES);
const ICMP_CODE_WORDS = codeWords(ICMP_CODES);
const ICMP6_CODE_WORDS = codeWords(ICMP6_CODES);
const CHUNK_WORDS = words(256, SCTP_CHUNKS);
const TCP_PORT_WORDS = words(65536, TCP_SERVICES);
const UDP_PORT_WORDS = words(65536, UDP_SERVICES);
const IP_OPTION_WORDS = quirkWords(IP_OPTIONS);
const ODDITY_WORDS = quirkWords(ODDITIES);
const NAMED_OPTIONS = IP_OPTIONS.reduce((sum, [quirk]) => sum | quirk, 0);
const ANY_OPTION = NAMED_OPTIONS | Quirk.IpOptions;
const OPTION_WORDS = words(16, {
  [OptionNibble.Nop]: "nop",
  [OptionNibble.SackPermitted]: "sack-permitted",
  [OptionNibble.Sack]: "sack",
  [OptionNibble.EndOfList]: "eol",
  [OptionNibble.Md5]: "md5",
  [OptionNibble.UserTimeout]: "user-timeout",
  [OptionNibble.FastOpen]: "fast-open",
  [OptionNibble.Other]: "other",
});
const OPTIONS_MAX = 8;

type Words = readonly (Uint8Array | undefined)[];

function words(size: number, names: Readonly<Record<number, string>>): Words {
  return Array.from({ length: size }, (_, i) => i in names ? ascii(names[i]) : undefined);
}

function codeWords(names: Readonly<Record<number, string>>): ReadonlyMap<number, Uint8Array> {
  return new Map(Object.entries(names).map(([code, name]) => [Number(code), ascii(name)]));
}

function quirkWords(names: readonly [number, string][]): readonly [number, Uint8Array][] {
  return names.map(([quirk, name]) => [quirk, ascii(name)]);
}

/** Writes lines about the packets of some records. */
export class PacketLines {
  private readonly out: ByteText;
  private readonly record: Uint8Array;
  private readonly u16: Uint16Array;
  private readonly u32: Uint32Array;
  private readonly f64: Float64Array;
  private readonly interfaces: (Uint8Array | undefined)[] = [];
  /** The second that `secondText` shows; most packets are of the same one as the last. */
  private second = NaN;
  private secondText: Uint8Array = new Uint8Array(SECOND_BYTES);

  /** Lines go to `buffer` one after another; `PACKET_LINE_BYTES_MAX` must be free for each. */
  constructor(records: Records, buffer: Uint8Array, private readonly context: PacketLineContext) {
    this.out = new ByteText(buffer);
    this.record = records.bytes;
    this.u16 = records.u16;
    this.u32 = records.u32;
    this.f64 = records.f64;
  }

  /** Writes the line of the packet at `base`, with its newline, at `at`. Gives where it ends. */
  write(base: number, at: number): number {
    const { out, record } = this;
    out.at = at;
    this.time(this.f64[(base + Field.TimeUs) >> 3]);
    this.interface(this.u16[(base + Field.Interface) >> 1]);
    this.protocol(record[base + Field.Protocol]);
    out.byte(SPACE);
    this.endpoint(base + Field.Source, this.port(base, Field.SourcePort), base);
    out.text(W.arrow);
    this.endpoint(base + Field.Destination, this.port(base, Field.DestinationPort), base);
    this.transport(base);
    this.number(W.ttl, record[base + Field.Ttl]);
    this.number(W.tos, record[base + Field.TrafficClass]);
    this.number(W.length, this.u16[(base + Field.IpLength) >> 1]);
    this.number(W.data, this.u32[(base + Field.PayloadLength) >> 2]);
    this.number(W.ipId, this.u16[(base + Field.IpId) >> 1]);
    this.quirks(this.u32[(base + Field.Quirks) >> 2]);
    if (this.context.verbose && record[base + Field.Kind] === Kind.Tcp) this.tcpOptions(base);
    out.byte(NEWLINE);
    return out.at;
  }

  /** `2026-11-21 22:14:52.123456` by the zone's clocks. */
  private time(timeUs: number): void {
    const second = Math.floor(timeUs / 1e6);
    if (second !== this.second) {
      this.second = second;
      this.secondText = ascii(dateTime(second * 1e6, this.context.zone)).subarray(0, SECOND_BYTES);
    }
    this.out.text(this.secondText);
    this.out.byte(0x2e);
    this.out.padded(timeUs - second * 1e6, 6);
  }

  /** Its name or, where there is none, `#0`. */
  private interface(index: number): void {
    const { out, interfaces } = this;
    out.byte(SPACE);
    if (index < INTERFACES_MAX) {
      const name = interfaces[index] ??= this.interfaceText(index);
      out.text(name);
    } else {
      out.text(W.number);
      out.decimal(index);
    }
    out.byte(SPACE);
  }

  private interfaceText(index: number): Uint8Array {
    const name = this.context.interfaceName(index) ?? `#${index}`;
    return ascii(printable(name)).subarray(0, INTERFACE_BYTES_MAX);
  }

  private protocol(protocol: number): void {
    const word = PROTOCOL_WORDS[protocol];
    if (word !== undefined) return this.out.text(word);
    this.out.text(W.protocol);
    this.out.decimal(protocol);
  }

  /** -1 where the packet has no ports. */
  private port(base: number, field: number): number {
    const kind = this.record[base + Field.Kind];
    const ports = kind === Kind.Tcp || kind === Kind.Udp || kind === Kind.Sctp;
    return ports ? this.u16[(base + field) >> 1] : -1;
  }

  /** `192.0.2.1:22`, `[2001:db8::1]:22(ssh)`, or an address alone. */
  private endpoint(address: number, port: number, base: number): void {
    const { out, record } = this;
    const bracket = port >= 0 && record[base + Field.IpVersion] === 6;
    if (bracket) out.byte(LEFT);
    out.address(record, address);
    if (bracket) out.byte(RIGHT);
    if (port < 0) return;
    out.byte(COLON);
    out.decimal(port);
    if (!this.context.names) return;
    const kind = record[base + Field.Kind];
    const name = (kind === Kind.Udp ? UDP_PORT_WORDS : TCP_PORT_WORDS)[port];
    if (name === undefined) return;
    out.byte(OPEN);
    out.text(name);
    out.byte(CLOSE);
  }

  private transport(base: number): void {
    const { out, record, u16, u32 } = this;
    switch (record[base + Field.Kind]) {
      case Kind.Tcp:
        out.text(FLAG_WORDS[record[base + Field.TcpFlags]]);
        this.number(W.seq, u32[(base + Field.Sequence) >> 2]);
        this.number(W.ack, u32[(base + Field.Acknowledgement) >> 2]);
        this.number(W.win, u16[(base + Field.Window) >> 1]);
        if (u16[(base + Field.Urgent) >> 1] !== 0) {
          this.number(W.urg, u16[(base + Field.Urgent) >> 1]);
        }
        return;
      case Kind.Icmp:
        return this.icmp(base, ICMP_WORDS, ICMP_CODE_WORDS);
      case Kind.Icmp6:
        return this.icmp(base, ICMP6_WORDS, ICMP6_CODE_WORDS);
      case Kind.Sctp:
        out.byte(SPACE);
        this.wordOr(CHUNK_WORDS[record[base + Field.Type]], record[base + Field.Type]);
        return this.number(W.tag, u32[(base + Field.Sequence) >> 2]);
    }
  }

  /** `unreachable(port) 3/3 about TCP 192.0.2.1:22 > 198.51.100.7:40000` */
  private icmp(base: number, types: Words, codes: ReadonlyMap<number, Uint8Array>): void {
    const { out, record, u16, u32 } = this;
    const type = record[base + Field.Type], code = record[base + Field.Code];
    out.byte(SPACE);
    this.wordOr(types[type], type);
    const name = codes.get(type << 8 | code);
    if (name !== undefined) {
      out.byte(OPEN);
      out.text(name);
      out.byte(CLOSE);
    }
    out.byte(SPACE);
    out.decimal(type);
    out.byte(SLASH);
    out.decimal(code);
    const quirks = u32[(base + Field.Quirks) >> 2];
    if ((quirks & Quirk.Inner) === 0) {
      const rest = u32[(base + Field.Sequence) >> 2];
      if (rest === 0) return;
      this.number(W.id, rest >>> 16);
      return this.number(W.seq, rest & 0xffff);
    }
    out.text(W.about);
    this.protocol(record[base + Field.InnerProtocol]);
    const ports = (quirks & Quirk.InnerPorts) !== 0;
    out.byte(SPACE);
    this.inner(base + Field.InnerSource, ports ? u16[(base + Field.InnerSourcePort) >> 1] : -1);
    out.text(W.arrow);
    const port = u16[(base + Field.InnerDestinationPort) >> 1];
    this.inner(base + Field.InnerDestination, ports ? port : -1);
  }

  private inner(address: number, port: number): void {
    const { out, record } = this;
    // IPv4-mapped addresses have zeros here; those of IPv6 do not, but for `::/80`.
    const bracket = port >= 0 && (record[address] | record[address + 1]) !== 0;
    if (bracket) out.byte(LEFT);
    out.address(record, address);
    if (bracket) out.byte(RIGHT);
    if (port < 0) return;
    out.byte(COLON);
    out.decimal(port);
  }

  private quirks(quirks: number): void {
    const { out } = this;
    if ((quirks & Quirk.DontFragment) !== 0) out.text(W.df);
    if ((quirks & Quirk.Fragment) !== 0) {
      out.text(W.fragment);
      if ((quirks & Quirk.FragmentHeader) !== 0) out.text(W.header);
      if ((quirks & Quirk.FragmentWhole) !== 0) out.text(W.whole);
    }
    if ((quirks & ANY_OPTION) !== 0) {
      out.text(W.ipOptions);
      if ((quirks & NAMED_OPTIONS) === 0) out.text(W.other);
      else this.list(IP_OPTION_WORDS, quirks);
    }
    for (const [quirk, name] of ODDITY_WORDS) {
      if ((quirks & quirk) === 0) continue;
      out.byte(SPACE);
      out.text(name);
    }
  }

  private list(names: readonly [number, Uint8Array][], quirks: number): void {
    const { out } = this;
    let first = true;
    for (const [quirk, name] of names) {
      if ((quirks & quirk) === 0) continue;
      if (!first) out.byte(COMMA);
      out.text(name);
      first = false;
    }
  }

  /** ` options mss 1460,sack-permitted,timestamp 123,nop,wscale 7` */
  private tcpOptions(base: number): void {
    const { out, record, u16, u32 } = this;
    let layout = u32[(base + Field.OptionLayout) >> 2];
    if (layout === 0) return;
    out.text(W.options);
    for (let i = 0; i < OPTIONS_MAX && layout !== 0; i++, layout >>>= 4) {
      if (i > 0) out.byte(COMMA);
      const kind = layout & 15;
      if (kind === OptionNibble.Mss) this.number(W.mss, u16[(base + Field.Mss) >> 1]);
      else if (kind === OptionNibble.WindowScale) {
        this.number(W.wscale, record[base + Field.WindowScale]);
      } else if (kind === OptionNibble.Timestamp) {
        this.number(W.timestamp, u32[(base + Field.TimestampValue) >> 2]);
      } else this.wordOr(OPTION_WORDS[kind], kind);
    }
  }

  private number(word: Uint8Array, value: number): void {
    this.out.text(word);
    this.out.decimal(value);
  }

  private wordOr(word: Uint8Array | undefined, value: number): void {
    if (word !== undefined) this.out.text(word);
    else this.out.decimal(value);
  }
}
