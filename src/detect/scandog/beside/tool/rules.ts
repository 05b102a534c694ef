// By what the probes of a scanner can be told: one row a tool and way of probing, with what it was
// checked against. Data only; `tools.ts` counts and `confidence.ts` weighs.
//
// `bits` say how rare a trait is among everything else that probes: 4 bits, one in sixteen programs. A
// trait that the author of another program may choose as well (a window, a TTL) gets few, whatever its
// arithmetic chance. A relation between fields gets its real chance: nobody arrives at it unawares.
// No single trait reaches what a claim needs.

import { TcpFlag } from "../../../../record.ts";
import { TargetClass } from "../../probe/classes.ts";
import type { Probe } from "./probe.ts";
import { Options } from "../../probe/form.ts";

/** Something that one probe shows by itself. */
export interface Trait {
  words: string;
  bits: number;
  holds: (probe: Probe) => boolean;
}

/** Something that must be equal over different targets. */
export interface Constant {
  words: string;
  /** Once it was equal for three targets. */
  bits: number;
  /** The value, or -1 where this probe has none. */
  of: (probe: Probe) => number;
}

/** What the probes show together, weighed where the rule says that its tool behaves so. */
export interface Habits {
  /** A TTL drawn anew for each packet from 37 to 59, as nmap does (IPv4). */
  randomTtl?: true;
  /** One source port for all. */
  oneSourcePort?: true;
  /** The next source port for each. */
  nextSourcePort?: true;
  /** The silent are not asked again, as every kernel would. */
  asksOnce?: true;
}

export interface Rule {
  name: string;
  /** Versions that are known to probe so. */
  versions: string;
  targetClass: number;
  /** Each must hold for a probe to be one of this rule's. */
  traits: readonly Trait[];
  constant?: Constant;
  habits: Habits;
  /** The rule says nothing of fewer probes than these. */
  attemptsMin: number;
}

const FLAGS = 0x3f; // without the ECN bits, which nmap sets on request

function flags(value: number, words: string, bits = 0): Trait {
  return { words, bits, holds: (probe) => (probe.flags & FLAGS) === value };
}

function window(value: number, bits: number): Trait {
  return { words: `window ${value}`, bits, holds: (probe) => probe.window === value };
}

function ttlFrom(initial: number, hopsMax: number, bits: number): Trait {
  return {
    words: `TTL from ${initial}`,
    bits,
    holds: ({ ttl }) => ttl <= initial && ttl >= initial - hopsMax,
  };
}

/** Routes are hardly longer; see `distance.ts`. */
const HOPS_MAX = 31;

const NO_OPTIONS: Trait = {
  words: "no TCP options",
  bits: 2,
  holds: (probe) => probe.options === Options.None,
};
const MSS_ONLY: Trait = {
  words: "MSS 1460 only",
  bits: 3,
  holds: (probe) => probe.options === Options.MssOnly && probe.mss === 1460,
};
const FRAGMENTABLE: Trait = {
  words: "DF 0",
  bits: 1,
  holds: (probe) => !probe.dontFragment,
};
const NO_ACK_NUMBER: Trait = {
  words: "ACK number 0",
  bits: 0,
  holds: (probe) => probe.acknowledgement === 0,
};
const NOT_ACK: Trait = {
  words: "no ACK",
  bits: 0,
  holds: (probe) => (probe.flags & TcpFlag.Ack) === 0,
};
const IPV4: Trait = { words: "IPv4", bits: 0, holds: (probe) => probe.version === 4 };

/** Programs whose author wrote a fixed number; by chance it would be 2^-32 for each target. */
const SAME_SEQUENCE: Constant = {
  words: "constant SEQ",
  bits: 7,
  of: (probe) => probe.sequence === 0 ? -1 : probe.sequence,
};
const SAME_ACK_NUMBER: Constant = {
  words: "constant ACK number",
  bits: 7,
  of: (probe) => probe.acknowledgement === 0 ? -1 : probe.acknowledgement,
};

const NMAP_RAW = { randomTtl: true, oneSourcePort: true } as const;
const NMAP_VERSIONS = "5 to 7.95";

const NMAP: readonly Rule[] = [
  {
    name: "nmap",
    versions: NMAP_VERSIONS,
    targetClass: TargetClass.Tcp,
    traits: [flags(TcpFlag.Syn, "SYN"), window(1024, 4), MSS_ONLY, FRAGMENTABLE, NO_ACK_NUMBER],
    constant: SAME_SEQUENCE,
    habits: NMAP_RAW,
    attemptsMin: 3,
  },
  {
    // -sF, -sN, -sX and --scanflags without ACK or SYN.
    name: "nmap",
    versions: NMAP_VERSIONS,
    targetClass: TargetClass.Tcp,
    traits: [
      { words: "no SYN", bits: 1, holds: (probe) => (probe.flags & TcpFlag.Syn) === 0 },
      NOT_ACK,
      window(1024, 4),
      NO_OPTIONS,
      FRAGMENTABLE,
      NO_ACK_NUMBER,
    ],
    constant: SAME_SEQUENCE,
    habits: NMAP_RAW,
    attemptsMin: 3,
  },
  {
    // -sA, -sW, -sM; and with --scanflags: SYN and others, which have the option of a SYN.
    name: "nmap",
    versions: NMAP_VERSIONS,
    targetClass: TargetClass.Tcp,
    traits: [
      { words: "ACK", bits: 0, holds: (probe) => (probe.flags & TcpFlag.Ack) !== 0 },
      window(1024, 4),
      {
        words: "no options but a SYN's MSS 1460",
        bits: 2,
        holds: (probe) =>
          (probe.flags & TcpFlag.Syn) !== 0 ? MSS_ONLY.holds(probe) : NO_OPTIONS.holds(probe),
      },
      FRAGMENTABLE,
    ],
    constant: SAME_ACK_NUMBER,
    habits: NMAP_RAW,
    attemptsMin: 3,
  },
  {
    // SYN with other flags and without ACK (--scanflags).
    name: "nmap",
    versions: NMAP_VERSIONS,
    targetClass: TargetClass.Tcp,
    traits: [
      {
        words: "SYN and other flags",
        bits: 2,
        holds: ({ flags }) =>
          (flags & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn && (flags & FLAGS) !== TcpFlag.Syn,
      },
      window(1024, 4),
      MSS_ONLY,
      FRAGMENTABLE,
    ],
    constant: SAME_SEQUENCE,
    habits: NMAP_RAW,
    attemptsMin: 3,
  },
  ...([
    [TargetClass.Udp, "UDP", 0],
    [TargetClass.Sctp, "SCTP", 3],
    [TargetClass.IpProtocol, "IP protocols", 3],
    [TargetClass.IcmpTimestamp, "ICMP timestamp", 3],
    [TargetClass.IcmpMask, "ICMP address mask", 3],
  ] as const).map(([targetClass, words, bits]): Rule => ({
    name: "nmap",
    versions: NMAP_VERSIONS,
    targetClass,
    traits: [{ words, bits, holds: () => true }, FRAGMENTABLE, IPV4],
    habits: NMAP_RAW,
    attemptsMin: 5,
  })),
  {
    name: "nmap",
    versions: NMAP_VERSIONS,
    targetClass: TargetClass.IcmpEcho,
    traits: [
      { words: "ICMP echo without data", bits: 3, holds: (probe) => probe.payload === 0 },
      FRAGMENTABLE,
      IPV4,
    ],
    habits: NMAP_RAW,
    attemptsMin: 5,
  },
  {
    // -O, probe U1 (osscan2.cc): 300 times "C".
    name: "nmap",
    versions: "4.20 to 7.95",
    targetClass: TargetClass.Udp,
    traits: [
      { words: "UDP of 300 bytes", bits: 5, holds: (probe) => probe.payload === 300 },
      { words: "IP ID 0x1042", bits: 14, holds: (probe) => probe.ipId === 0x1042 },
    ],
    habits: {},
    attemptsMin: 1,
  },
];

/** masscan's IP ID is made from target and sequence number (templ-pkt.c): 2^-16 by chance. */
const MASSCAN_IP_ID: Trait = {
  words: "IP ID = target ^ port ^ SEQ",
  bits: 16,
  holds: (probe) => ((probe.target ^ probe.port ^ probe.sequence) & 0xffff) === probe.ipId,
};

const OTHERS: readonly Rule[] = [
  {
    name: "masscan",
    versions: "to 1.3.2",
    targetClass: TargetClass.Tcp,
    traits: [flags(TcpFlag.Syn, "SYN"), window(1024, 2), NO_OPTIONS, MASSCAN_IP_ID, IPV4],
    habits: {},
    attemptsMin: 2,
  },
  {
    name: "masscan",
    versions: "after 1.3.2",
    targetClass: TargetClass.Tcp,
    traits: [flags(TcpFlag.Syn, "SYN"), window(1025, 4), MSS_ONLY, MASSCAN_IP_ID, IPV4],
    habits: {},
    attemptsMin: 2,
  },
  {
    // main.c, templ-pkt.c: the INIT is a template with these tags.
    name: "masscan",
    versions: "1.0.4 and later",
    targetClass: TargetClass.Sctp,
    traits: [{
      words: "initiate tag 0x9e8d5225",
      bits: 20,
      holds: (probe) => probe.acknowledgement === 0x9e8d5225,
    }],
    habits: {},
    attemptsMin: 2,
  },
  ...([TargetClass.Tcp, TargetClass.Udp, TargetClass.IcmpEcho] as const).map((
    targetClass,
  ): Rule => ({
    name: "zmap",
    versions: "1 to 4.0",
    targetClass,
    traits: [
      { words: "IP ID 54321", bits: 12, holds: (probe) => probe.ipId === 54321 },
      ttlFrom(255, HOPS_MAX, 2),
      ...(targetClass === TargetClass.Tcp
        ? [flags(TcpFlag.Syn, "SYN"), window(65535, 2), NO_ACK_NUMBER]
        : []),
    ],
    habits: { asksOnce: true },
    attemptsMin: 3,
  })),
  {
    // A SYN as from Windows, but that has DF 1 and a TTL from 128, and asks again.
    name: "zmap",
    versions: "4.1 and later",
    targetClass: TargetClass.Tcp,
    traits: [
      flags(TcpFlag.Syn, "SYN"),
      {
        words: "MSS 1460 and Windows' options",
        bits: 2,
        holds: (probe) => probe.options === Options.Windows && probe.mss === 1460,
      },
      window(65535, 1),
      ttlFrom(64, HOPS_MAX, 4),
      { words: "DF 0", bits: 3, holds: (probe) => !probe.dontFragment },
      NO_ACK_NUMBER,
      IPV4,
    ],
    habits: { asksOnce: true },
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
      { words: "ACK number without ACK", bits: 6, holds: (probe) => probe.acknowledgement !== 0 },
      {
        words: "31-bit numbers",
        bits: 2,
        holds: (probe) => probe.sequence < 2 ** 31 && probe.acknowledgement < 2 ** 31,
      },
      ttlFrom(64, HOPS_MAX, 1),
      FRAGMENTABLE,
    ],
    habits: { nextSourcePort: true },
    attemptsMin: 3,
  },
  ...(["targetReversed", "target"] as const).map((target): Rule => ({
    name: "unicornscan",
    versions: "0.4.7",
    targetClass: TargetClass.Tcp,
    traits: [
      flags(TcpFlag.Syn, "SYN"),
      ttlFrom(255, HOPS_MAX, 2),
      FRAGMENTABLE,
      NO_ACK_NUMBER,
      IPV4,
    ],
    constant: {
      // tcphash.h; the target is in the sender's byte order.
      words: "SEQ ^ target ^ ports constant",
      bits: 32,
      of: (probe) => (probe.sequence ^ probe[target] ^ (probe.port << 16) + probe.sourcePort) >>> 0,
    },
    habits: {},
    attemptsMin: 3,
  })),
  {
    // scanner.c of the bot whose source was published in 2016, and what grew from it.
    name: "mirai",
    versions: "2016 and its kin",
    targetClass: TargetClass.Tcp,
    traits: [
      flags(TcpFlag.Syn, "SYN"),
      NO_OPTIONS,
      ttlFrom(64, HOPS_MAX, 1),
      { words: "SEQ = target", bits: 30, holds: (probe) => probe.sequence === probe.target },
      IPV4,
    ],
    habits: {},
    attemptsMin: 3,
  },
];

export const RULES: readonly Rule[] = [...NMAP, ...OTHERS];
