// What became of one attempt, as plain data: the seam between who watches packets and who judges. A leaf: knows
// no packet, no table, no rule. A sensor hands outcomes on, a judge takes them, from one sensor or from many.
//
// The same data has a form in bytes, for files and networks: `OUTCOME_BYTES` bytes, version first, numbers in
// network byte order (most significant byte first), no padding between fields.

import { type Outcome, OUTCOMES, type TargetName } from "./account.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { DECISIONS, type Witness } from "./decision.ts";
import type { Technique } from "./event.ts";

/** The version of the form in bytes. Other versions are not read: see `decodeOutcome`. */
export const OUTCOME_VERSION = 1;

/** What packets showed of an attempt besides its outcome; the place in this list is the bit in bytes. */
export const FACTS = [
  /** The target accepted: the port is open. */
  "open",
  /** The target, or a firewall that speaks for it, refused. */
  "closed",
  /** The target sent something. */
  "replied",
  /** The source acknowledged the target's own sequence number: its address is real. */
  "handshake",
  /** The source answered a SYN-ACK with the RST that only its receiver can send. */
  "reset",
  /** It broke off with the RST or ABORT of who checks only. */
  "gentle-reset",
  /** Only answers were seen, not the probe. */
  "reply-only",
  /** It began with a packet that ordinary connections send as well: a bare ACK, FIN and ACK, a SYN-ACK. */
  "ambiguous",
  /** It came from a whole TCP stack: its SYN had a timestamp. */
  "stack",
  /** It looks like an answer: from a service's port to a client's. */
  "reply-like",
  /** One of its packets was made to tell operating systems apart. */
  "os-probe",
  /** A kernel's SYN where of TCP nothing but SYNs is seen: it may have been answered. */
  "maybe-answered",
  /** ARP: its asker goes through the network, one address after the other. */
  "arp-in-order",
  /** ARP: so near to an end of the capture that its asker may have asked before, or again. */
  "arp-at-edge",
  /** ARP: it came again, and not at a kernel's pace. */
  "arp-tools-pace",
  /** ARP: a kernel's own request, of a host that tries its neighbours itself. */
  "arp-kernels",
  /** It waited for a second look already, and nothing explained it. */
  "looked-twice",
  /** Its `reset` offered a window, as hardly a kernel's does, or came from elsewhere on the link. */
  "odd-reset",
] as const;
export type Fact = typeof FACTS[number];

/** TCP option lists that tell programs apart: none, MSS alone, those of Windows, any other. */
export const OPTION_LISTS = ["none", "mss", "windows", "other"] as const;
export type OptionList = typeof OPTION_LISTS[number];

/** Those that TCP carries. */
export const TCP_TECHNIQUES: readonly Technique[] = [
  "syn",
  "connect",
  "fin",
  "null",
  "xmas",
  "maimon",
  "ack",
  "syn-ack",
  "other-tcp",
];

/** Techniques in the order of their bits. */
export const TECHNIQUES: readonly Technique[] = [
  ...TCP_TECHNIQUES,
  "udp",
  "sctp-init",
  "sctp-cookie-echo",
  "ip-protocol",
  "icmp-echo",
  "icmp-timestamp",
  "icmp-mask",
  "arp",
];

/** In the order of their codes, from 1 on. */
export const TARGET_NAMES: readonly TargetName[] = [
  "tcp",
  "udp",
  "sctp",
  "ping",
  "timestamp",
  "mask",
  "protocol",
  "arp",
];

/** What an attempt can have become when it is handed on. */
export type Settled = Exclude<Outcome, "undecided">;

const WITNESSES: readonly Witness[] = [
  "none",
  "target",
  "router",
  "link",
  "capture",
  "source",
  "user",
];

/** One attempt: a source tried a target. Times are microseconds since 1970-01-01 UTC, whole. */
export interface AttemptOutcome {
  /** The source, as text: see `formatAddress`. */
  source: string;
  /** Which host it tried. */
  destination: string;
  target: TargetName;
  /** Port of the target, or number of the IP protocol; 0 where the target is a whole host. */
  port: number;
  /** Port of the source, of its latest connection; 0: it has none, or it is not known. */
  sourcePort: number;
  outcome: Settled;
  /** The witness: whose packets show the outcome; `none` for silence. */
  witness: Witness;
  /** Name of the row of `DECISIONS` that excuses it; absent unless it is `harmless`. */
  excuse?: string;
  /** In the order of `TECHNIQUES`. */
  techniques: Technique[];
  /** In the order of `FACTS`. */
  facts: Fact[];
  /** Time of its first packet, of the latest packet of its source, and when the outcome was known. */
  firstUs: number;
  latestUs: number;
  settledUs: number;
  /** Packets from the source, at most 65535; 0: none was seen. */
  packets: number;
  /** Bytes of payload from the target. */
  replyBytes: number;
  /** Index of the capture interface of the first packet, as its sensor counts them. */
  interface: number;
  /** From the first packet: TTL or hop limit, traffic class octet, TCP flags (`TcpFlag`), IP version (0: ARP). */
  ttl: number;
  trafficClass: number;
  tcpFlags: number;
  ipVersion: number;
  /** From the first packet: TCP window as sent, IP identification. */
  window: number;
  ipId: number;
  /** TCP: MSS option, 0 for none. All else: bytes of payload, at most 65535. */
  size: number;
  options: OptionList;
  dontFragment: boolean;
  /**
   * From the latest probe: TCP sequence number; ICMP echo: identifier << 16 | sequence; SCTP: verification tag.
   * From the first probe: TCP acknowledgement number, else 0. Unsigned 32 bits.
   */
  sequence: number;
  acknowledgement: number;
  /** Hash of what the sender's stack looks like: equal for equal stacks, whatever sensor saw them. Unsigned. */
  signature: number;
  /** Hash of the link-layer address it came from, to be compared within one sensor; 0: not known. Unsigned. */
  linkSource: number;
  /**
   * What the source had used by then, at most 255 each: targets in all, targets of this host, hosts with this
   * target's port. Speaks for it where failures are weighed.
   */
  uses: { all: number; host: number; port: number };
}

/** Byte offsets in the form in bytes. */
export const OutcomeField = {
  /** u8. `OUTCOME_VERSION`. */
  Version: 0,
  /** u8. Place in `OUTCOMES`, from 1 on: 1 used, 2 harmless, 3 refused, 4 silent, 5 half-open, 6 empty. */
  Outcome: 1,
  /** u8. Place in `TARGET_NAMES`, from 1 on. */
  Target: 2,
  /** u8. `none`, `target`, `router`, `link`, `capture`, `source`, `user`, from 0 on. */
  Witness: 3,
  /** u16 each. */
  Port: 4,
  SourcePort: 6,
  /** 16 bytes each; IPv4 is IPv4-mapped (RFC 4291 section 2.5.5.2). */
  Source: 8,
  Destination: 24,
  /** f64 each (IEEE 754). */
  FirstUs: 40,
  LatestUs: 48,
  SettledUs: 56,
  /** u32 each. Bits by place in `TECHNIQUES` and `FACTS`. */
  Techniques: 64,
  Facts: 68,
  /** u32 each. */
  Sequence: 72,
  Acknowledgement: 76,
  Signature: 80,
  LinkSource: 84,
  ReplyBytes: 88,
  /** u16 each. */
  Packets: 92,
  Interface: 94,
  Window: 96,
  IpId: 98,
  Size: 100,
  /** u8 each. */
  Ttl: 102,
  TrafficClass: 103,
  TcpFlags: 104,
  IpVersion: 105,
  /** u8. Place in `OPTION_LISTS`; 128 added: don't fragment. */
  Form: 106,
  /** u8. Code of `Decision`; 0: no excuse. */
  Excuse: 107,
  /** u8 each. */
  UsesAll: 108,
  UsesHost: 109,
  UsesPort: 110,
} as const;
/** One byte is left, and is 0. */
export const OUTCOME_BYTES = 112;

const DONT_FRAGMENT = 128;
const F = OutcomeField;

/** Numbers of the same name in both forms, with how they are written. */
const NUMBERS = [
  ["port", "Uint16", F.Port],
  ["sourcePort", "Uint16", F.SourcePort],
  ["firstUs", "Float64", F.FirstUs],
  ["latestUs", "Float64", F.LatestUs],
  ["settledUs", "Float64", F.SettledUs],
  ["sequence", "Uint32", F.Sequence],
  ["acknowledgement", "Uint32", F.Acknowledgement],
  ["signature", "Uint32", F.Signature],
  ["linkSource", "Uint32", F.LinkSource],
  ["replyBytes", "Uint32", F.ReplyBytes],
  ["packets", "Uint16", F.Packets],
  ["interface", "Uint16", F.Interface],
  ["window", "Uint16", F.Window],
  ["ipId", "Uint16", F.IpId],
  ["size", "Uint16", F.Size],
  ["ttl", "Uint8", F.Ttl],
  ["trafficClass", "Uint8", F.TrafficClass],
  ["tcpFlags", "Uint8", F.TcpFlags],
  ["ipVersion", "Uint8", F.IpVersion],
] as const;

/** Not by names put together, which cost half the time: a sensor writes thousands a second, who judges reads all. */
const READ = {
  Uint8: (view: DataView, at: number) => view.getUint8(at),
  Uint16: (view: DataView, at: number) => view.getUint16(at),
  Uint32: (view: DataView, at: number) => view.getUint32(at),
  Float64: (view: DataView, at: number) => view.getFloat64(at),
};
const WRITE = {
  Uint8: (view: DataView, at: number, value: number) => view.setUint8(at, value),
  Uint16: (view: DataView, at: number, value: number) => view.setUint16(at, value),
  Uint32: (view: DataView, at: number, value: number) => view.setUint32(at, value),
  Float64: (view: DataView, at: number, value: number) => view.setFloat64(at, value),
};

/** The outcome as `OUTCOME_BYTES` bytes. Throws a TypeError for addresses, names or lists that are none. */
export function encodeOutcome(outcome: AttemptOutcome): Uint8Array {
  const bytes = new Uint8Array(OUTCOME_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[F.Version] = OUTCOME_VERSION;
  bytes[F.Outcome] = placeOf<Outcome>(OUTCOMES, outcome.outcome);
  bytes[F.Target] = 1 + placeOf(TARGET_NAMES, outcome.target);
  bytes[F.Witness] = placeOf(WITNESSES, outcome.witness);
  bytes.set(addressOf(outcome.source), F.Source);
  bytes.set(addressOf(outcome.destination), F.Destination);
  for (const [name, form, at] of NUMBERS) WRITE[form](view, at, outcome[name]);
  view.setUint32(F.Techniques, bitsOf(TECHNIQUES, outcome.techniques));
  view.setUint32(F.Facts, bitsOf(FACTS, outcome.facts));
  bytes[F.Form] = placeOf(OPTION_LISTS, outcome.options) |
    (outcome.dontFragment ? DONT_FRAGMENT : 0);
  bytes[F.Excuse] = outcome.excuse === undefined
    ? 0
    : placeOf(DECISIONS.map(({ name }) => name), outcome.excuse);
  bytes[F.UsesAll] = outcome.uses.all;
  bytes[F.UsesHost] = outcome.uses.host;
  bytes[F.UsesPort] = outcome.uses.port;
  return bytes;
}

/**
 * The outcome in the `OUTCOME_BYTES` bytes at `at`; undefined when they are of another version, are not all
 * there, or hold what no outcome can be. For bytes that anybody may have sent: never throws.
 */
export function decodeOutcome(bytes: Uint8Array, at = 0): AttemptOutcome | undefined {
  if (at < 0 || bytes.length - at < OUTCOME_BYTES) return undefined;
  const own = bytes.subarray(at, at + OUTCOME_BYTES);
  const view = new DataView(own.buffer, own.byteOffset, OUTCOME_BYTES);
  const outcome = OUTCOMES[own[F.Outcome]], target = TARGET_NAMES[own[F.Target] - 1];
  const witness = WITNESSES[own[F.Witness]];
  const excuse = own[F.Excuse] === 0 ? undefined : DECISIONS[own[F.Excuse]];
  const options = OPTION_LISTS[own[F.Form] & ~DONT_FRAGMENT];
  const techniques = namesOf(TECHNIQUES, view.getUint32(F.Techniques));
  const facts = namesOf(FACTS, view.getUint32(F.Facts));
  const isKnown = own[F.Version] === OUTCOME_VERSION && own[OUTCOME_BYTES - 1] === 0 &&
    outcome !== undefined && outcome !== "undecided" && target !== undefined &&
    witness !== undefined &&
    options !== undefined && techniques !== undefined && facts !== undefined;
  if (!isKnown || (own[F.Excuse] !== 0) !== (outcome === "harmless")) return undefined;
  if (excuse === undefined && own[F.Excuse] !== 0) return undefined;
  const numbers = Object.fromEntries(
    NUMBERS.map(([name, form, place]) => [name, READ[form](view, place)]),
  ) as Record<typeof NUMBERS[number][0], number>;
  if (!isTimed(numbers) || ![0, 4, 6].includes(numbers.ipVersion)) return undefined;
  return {
    source: formatAddress(own, F.Source),
    destination: formatAddress(own, F.Destination),
    target,
    outcome,
    witness,
    ...(excuse === undefined ? {} : { excuse: excuse.name }),
    techniques,
    facts,
    ...numbers,
    options,
    dontFragment: (own[F.Form] & DONT_FRAGMENT) !== 0,
    uses: { all: own[F.UsesAll], host: own[F.UsesHost], port: own[F.UsesPort] },
  };
}

/** Whole microseconds that a number holds exactly, in the order in which they can come. */
function isTimed({ firstUs, latestUs, settledUs }: Record<string, number>): boolean {
  return [firstUs, latestUs, settledUs].every((us) => Number.isSafeInteger(us) && us >= 0) &&
    firstUs <= latestUs;
}

function addressOf(text: string): Uint8Array {
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`Cannot encode an outcome: ${text} is no address`);
  return address;
}

function placeOf<T extends string>(names: readonly T[], name: T): number {
  const place = names.indexOf(name);
  if (place < 0) throw new TypeError(`Cannot encode an outcome: it has no ${name}`);
  return place;
}

/** A set of names as bits. */
export function bitsOf<T extends string>(names: readonly T[], set: readonly T[]): number {
  return set.reduce((bits, name) => bits | 1 << placeOf(names, name), 0) >>> 0;
}

/** The names of bits; undefined when there is a bit without one. */
export function namesOf<T extends string>(names: readonly T[], bits: number): T[] | undefined {
  const all = names.length === 32 ? 0xffffffff : (1 << names.length) - 1;
  return (bits & ~all) === 0 ? names.filter((_, i) => (bits & 1 << i) !== 0) : undefined;
}
