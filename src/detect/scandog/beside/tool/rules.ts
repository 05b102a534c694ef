// By what the probes of a scanner can be told: one row a tool and way of probing, with what it was
// checked against. Data only; `tally.ts` counts, `tools.ts` weighs.
//
// `bits` say how rare a trait is among everything else that probes: 4 bits, one in sixteen programs. A
// trait that the author of another program may choose as well (a window, a TTL) gets few, whatever its
// arithmetic chance. A relation between fields gets its real chance: nobody arrives at it unawares.
// No single trait reaches what a claim needs.

import { TcpFlag } from "../../../../record.ts";
import { TargetClass } from "../../probe/classes.ts";
import { HOPS_MAX } from "../../probe/distance.ts";
import type { Probe } from "./probe.ts";
import { Options } from "../../probe/form.ts";
import type { Tally } from "./tally.ts";

/** What is said of a scan, and how rare it is; what has 0 bits is not said. */
export interface Sign {
  words: string;
  bits: number;
}

/** Something that one probe shows by itself. */
export interface Trait extends Sign {
  holds: (probe: Probe) => boolean;
}

/** Something that must be equal over different targets: its bits count once it was for three. */
export interface Constant extends Sign {
  /** The value, or -1 where this probe has none. */
  of: (probe: Probe) => number;
}

/** What the probes that fit show together, weighed where the rule says that its tool behaves so. */
type Habit = (tally: Tally) => Sign;

export interface Rule {
  name: string;
  /** Versions that are known to probe so. */
  versions: string;
  targetClass: number;
  /** Each must hold for a probe to be one of this rule's. */
  traits: readonly Trait[];
  constant?: Constant;
  habits?: readonly Habit[];
  /** The rule says nothing of fewer probes than these. */
  attemptsMin: number;
}

function trait(words: string, bits: number, holds: Trait["holds"]): Trait {
  return { words, bits, holds };
}

const FLAGS = 0x3f; // without the ECN bits, which nmap sets on request

function flags(value: number, words: string): Trait {
  return trait(words, 0, (probe) => (probe.flags & FLAGS) === value);
}

function window(value: number, bits: number): Trait {
  return trait(`window ${value}`, bits, (probe) => probe.window === value);
}

function ttlFrom(initial: number, bits: number): Trait {
  const holds = ({ ttl }: Probe) => ttl <= initial && ttl >= initial - HOPS_MAX;
  return trait(`TTL from ${initial}`, bits, holds);
}

const SYN = flags(TcpFlag.Syn, "SYN");
const NO_OPTIONS = trait("no TCP options", 2, ({ options }) => options === Options.None);
const MSS_ONLY = trait(
  "MSS 1460 only",
  3,
  ({ options, mss }) => options === Options.MssOnly && mss === 1460,
);
const FRAGMENTABLE = trait("DF 0", 1, (probe) => !probe.dontFragment);
const NO_ACK_NUMBER = trait("ACK number 0", 0, (probe) => probe.acknowledgement === 0);
const NOT_ACK = trait("no ACK", 0, (probe) => (probe.flags & TcpFlag.Ack) === 0);
const IPV4 = trait("IPv4", 0, (probe) => probe.version === 4);

/** Programs whose author wrote a fixed number; by chance it would be 2^-32 for each target. */
const SAME_SEQUENCE: Constant = {
  words: "constant SEQ",
  bits: 7,
  of: ({ sequence }) => sequence === 0 ? -1 : sequence,
};
const SAME_ACK_NUMBER: Constant = {
  words: "constant ACK number",
  bits: 7,
  of: ({ acknowledgement }) => acknowledgement === 0 ? -1 : acknowledgement,
};

/** A TTL drawn anew for each packet from 37 to 59, as nmap does (IPv4). */
const RANDOM_TTL: Habit = (tally) => (
  { words: `TTL ${tally.ttlMin}-${tally.ttlMax}`, bits: tally.randomTtlBits() }
);
const ONE_SOURCE_PORT: Habit = ({ steps, samePort, sourcePort }) => (
  { words: "one source port", bits: samePort >= steps * 0.9 && steps >= 2 && sourcePort ? 2 : 0 }
);
const NEXT_SOURCE_PORT: Habit = ({ steps, nextPort }) => (
  { words: "source port + 1 each", bits: nextPort >= steps * 0.8 && steps >= 2 ? 4 : 0 }
);
/** The silent are not asked again, as every kernel would. */
const ASKS_ONCE: Habit = ({ once, again }) => (
  { words: "never asked again", bits: once >= 3 && again === 0 ? 3 : 0 }
);

/** What all raw probes of nmap have in common. */
const NMAP_RAW = {
  name: "nmap",
  versions: "5 to 7.95",
  habits: [RANDOM_TTL, ONE_SOURCE_PORT],
} as const;
const NMAP_TCP = { ...NMAP_RAW, targetClass: TargetClass.Tcp, attemptsMin: 3 };

/** masscan's IP ID is made from target and sequence number (templ-pkt.c): 2^-16 by chance. */
const MASSCAN_IP_ID = trait(
  "IP ID = target ^ port ^ SEQ",
  16,
  (probe) => ((probe.target ^ probe.port ^ probe.sequence) & 0xffff) === probe.ipId,
);

export const RULES: readonly Rule[] = [
  {
    ...NMAP_TCP,
    traits: [SYN, window(1024, 4), MSS_ONLY, FRAGMENTABLE, NO_ACK_NUMBER],
    constant: SAME_SEQUENCE,
  },
  {
    // -sF, -sN, -sX and --scanflags without ACK or SYN.
    ...NMAP_TCP,
    traits: [
      trait("no SYN", 1, (probe) => (probe.flags & TcpFlag.Syn) === 0),
      NOT_ACK,
      window(1024, 4),
      NO_OPTIONS,
      FRAGMENTABLE,
      NO_ACK_NUMBER,
    ],
    constant: SAME_SEQUENCE,
  },
  {
    // -sA, -sW, -sM; and with --scanflags: SYN and others, which have the option of a SYN.
    ...NMAP_TCP,
    traits: [
      trait("ACK", 0, (probe) => (probe.flags & TcpFlag.Ack) !== 0),
      window(1024, 4),
      trait(
        "no options but a SYN's MSS 1460",
        2,
        (probe) => ((probe.flags & TcpFlag.Syn) !== 0 ? MSS_ONLY : NO_OPTIONS).holds(probe),
      ),
      FRAGMENTABLE,
    ],
    constant: SAME_ACK_NUMBER,
  },
  {
    // SYN with other flags and without ACK (--scanflags).
    ...NMAP_TCP,
    traits: [
      trait(
        "SYN and other flags",
        2,
        ({ flags }) =>
          (flags & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn && (flags & FLAGS) !== TcpFlag.Syn,
      ),
      window(1024, 4),
      MSS_ONLY,
      FRAGMENTABLE,
    ],
    constant: SAME_SEQUENCE,
  },
  ...([
    [TargetClass.Udp, trait("UDP", 0, () => true)],
    [TargetClass.Sctp, trait("SCTP", 3, () => true)],
    [TargetClass.IpProtocol, trait("IP protocols", 3, () => true)],
    [TargetClass.IcmpTimestamp, trait("ICMP timestamp", 3, () => true)],
    [TargetClass.IcmpMask, trait("ICMP address mask", 3, () => true)],
    [TargetClass.IcmpEcho, trait("ICMP echo without data", 3, (probe) => probe.payload === 0)],
  ] as const).map(([targetClass, first]): Rule => (
    { ...NMAP_RAW, targetClass, traits: [first, FRAGMENTABLE, IPV4], attemptsMin: 5 }
  )),
  {
    // -O, probe U1 (osscan2.cc): 300 times "C".
    name: "nmap",
    versions: "4.20 to 7.95",
    targetClass: TargetClass.Udp,
    traits: [
      trait("UDP of 300 bytes", 5, (probe) => probe.payload === 300),
      trait("IP ID 0x1042", 14, (probe) => probe.ipId === 0x1042),
    ],
    attemptsMin: 1,
  },
  ...([
    ["to 1.3.2", [window(1024, 2), NO_OPTIONS]],
    ["after 1.3.2", [window(1025, 4), MSS_ONLY]],
  ] as const).map(([versions, form]): Rule => ({
    name: "masscan",
    versions,
    targetClass: TargetClass.Tcp,
    traits: [SYN, ...form, MASSCAN_IP_ID, IPV4],
    attemptsMin: 2,
  })),
  {
    // main.c, templ-pkt.c: the INIT is a template with these tags.
    name: "masscan",
    versions: "1.0.4 and later",
    targetClass: TargetClass.Sctp,
    traits: [
      trait("initiate tag 0x9e8d5225", 20, (probe) => probe.acknowledgement === 0x9e8d5225),
    ],
    attemptsMin: 2,
  },
  ...([
    [TargetClass.Tcp, [SYN, window(65535, 2), NO_ACK_NUMBER]],
    [TargetClass.Udp, []],
    [TargetClass.IcmpEcho, []],
  ] as const).map(([targetClass, more]): Rule => ({
    name: "zmap",
    versions: "1 to 4.0",
    targetClass,
    traits: [trait("IP ID 54321", 12, ({ ipId }) => ipId === 54321), ttlFrom(255, 2), ...more],
    habits: [ASKS_ONCE],
    attemptsMin: 3,
  })),
  {
    // A SYN as from Windows, but that has DF 1 and a TTL from 128, and asks again.
    name: "zmap",
    versions: "4.1 and later",
    targetClass: TargetClass.Tcp,
    traits: [
      SYN,
      trait(
        "MSS 1460 and Windows' options",
        2,
        ({ options, mss }) => options === Options.Windows && mss === 1460,
      ),
      window(65535, 1),
      ttlFrom(64, 4),
      trait("DF 0", 3, (probe) => !probe.dontFragment),
      NO_ACK_NUMBER,
      IPV4,
    ],
    habits: [ASKS_ONCE],
    attemptsMin: 5,
  },
  {
    // sendtcp.c: numbers are random(), which has 31 bits, also the one that is not in use.
    name: "hping3",
    versions: "3.0.0-alpha",
    targetClass: TargetClass.Tcp,
    traits: [
      NOT_ACK,
      window(512, 4),
      NO_OPTIONS,
      trait("ACK number without ACK", 6, (probe) => probe.acknowledgement !== 0),
      trait(
        "31-bit numbers",
        2,
        (probe) => probe.sequence < 2 ** 31 && probe.acknowledgement < 2 ** 31,
      ),
      ttlFrom(64, 1),
      FRAGMENTABLE,
    ],
    habits: [NEXT_SOURCE_PORT],
    attemptsMin: 3,
  },
  ...(["targetReversed", "target"] as const).map((target): Rule => ({
    name: "unicornscan",
    versions: "0.4.7",
    targetClass: TargetClass.Tcp,
    traits: [SYN, ttlFrom(255, 2), FRAGMENTABLE, NO_ACK_NUMBER, IPV4],
    constant: {
      // tcphash.h; the target is in the sender's byte order.
      words: "SEQ ^ target ^ ports constant",
      bits: 32,
      of: (probe) => (probe.sequence ^ probe[target] ^ (probe.port << 16) + probe.sourcePort) >>> 0,
    },
    attemptsMin: 3,
  })),
  {
    // scanner.c of the bot whose source was published in 2016, and what grew from it.
    name: "mirai",
    versions: "2016 and its kin",
    targetClass: TargetClass.Tcp,
    traits: [
      SYN,
      NO_OPTIONS,
      ttlFrom(64, 1),
      trait("SEQ = target", 30, (probe) => probe.sequence === probe.target),
      IPV4,
    ],
    attemptsMin: 3,
  },
];
