// Every number a user may tune: unit, default, range, reason. A leaf: options, configuration file,
// documentation and checks are all made from these rows, so a number is written once.

import { faults, type Tunables, type Values } from "./tunable.ts";

export {
  defaults,
  faults,
  optionName,
  type Tunable,
  type Tunables,
  type Values,
} from "./tunable.ts";

/** scanlogd 2.2.8's compile-time parameters (params.h), now options of `--profile scanlogd-2`. */
export const SCANLOGD_2 = {
  privilegedWeight: {
    unit: "",
    default: 3,
    min: 1,
    max: 255,
    reason:
      "Weight of a port below 1024. More than other ports, because passive FTP opens many high ports in a short time.",
  },
  portWeight: {
    unit: "",
    default: 1,
    min: 1,
    max: 255,
    reason: "Weight of any other port.",
  },
  scanWeight: {
    unit: "",
    default: 21,
    min: 2,
    max: 65535,
    reason: "Sum of weights that makes a scan: 7 privileged ports or 21 others.",
  },
  scanDelay: {
    unit: "seconds",
    default: 3,
    min: 1,
    max: 86400,
    reason: "Longest time between two new ports of one scan.",
  },
  floodCount: {
    unit: "lines",
    default: 5,
    min: 1,
    max: 65535,
    reason: "Scans logged in a row before the flood line and silence.",
  },
  floodDelay: {
    unit: "seconds",
    default: 20,
    min: 1,
    max: 86400,
    reason: "A pause this long between scans ends the silence.",
  },
  lineLength: {
    unit: "characters",
    default: 120,
    min: 20,
    max: 1024,
    reason:
      "Longest line: ports at the end of its list are left out until it fits, but never all of them.",
  },
  tableSources: {
    unit: "sources",
    default: 256,
    min: 1,
    max: 65536,
    reason: "Sources remembered at once; the oldest entry is taken over when full.",
  },
  hashBits: {
    unit: "bits",
    default: 9,
    min: 1,
    max: 20,
    reason: "The hash table has 2 to the power of this many buckets.",
  },
  hashChain: {
    unit: "sources",
    default: 16,
    min: 2,
    max: 256,
    reason: "Sources in one bucket, so that chosen collisions cost bounded time.",
  },
} satisfies Tunables;

/** scanlogd 1.0's compile-time parameters: every port weighs 1, and a line has no length limit. */
export const SCANLOGD_1 = {
  ...SCANLOGD_2,
  privilegedWeight: { ...SCANLOGD_2.privilegedWeight, default: 1 },
  scanWeight: {
    ...SCANLOGD_2.scanWeight,
    default: 10,
    reason: "Distinct ports that make a scan (weights of 1 each).",
  },
  scanDelay: { ...SCANLOGD_2.scanDelay, default: 5 },
  lineLength: {
    ...SCANLOGD_2.lineLength,
    default: 65535,
    max: 65535,
    reason: "scanlogd 1.0 has no limit.",
  },
  tableSources: { ...SCANLOGD_2.tableSources, default: 1024 },
  hashBits: { ...SCANLOGD_2.hashBits, default: 11 },
} satisfies Tunables;

/** The path from capture to detector. */
export const PATH = {
  ringRecords: {
    unit: "records",
    default: 16384,
    min: 1024,
    max: 4194304,
    reason:
      "Records (128 bytes each) between capture and detector in replay; a power of two. The capture waits when " +
      "they are full.",
  },
  fragmentDatagrams: {
    unit: "datagrams",
    default: 1024,
    min: 64,
    max: 65536,
    reason: "Fragmented datagrams that are followed at once; each takes about 1.3 KiB.",
  },
  extensionHeaders: {
    unit: "headers",
    default: 255,
    min: 1,
    max: 1024,
    reason:
      "IPv6 extension headers that are followed in one packet. Kernels follow any number, so a lower limit " +
      "hides what is behind it. The default is more than an Ethernet frame can hold.",
  },
} satisfies Tunables;

/** What is wrong with the path's values, alone or together: one sentence a fault. */
export function pathFaults(values: Values<typeof PATH>): string[] {
  const found = faults(PATH, values);
  // The ring finds a slot by masking a counter that wraps at 2^32.
  const { ringRecords } = values;
  if (found.length === 0 && (ringRecords & (ringRecords - 1)) !== 0) {
    found.push(`--ring-records must be a power of two, got ${ringRecords}`);
  }
  return found;
}

/** The scandog detector. `--sensitivity` scales the thresholds together. */
export const SCANDOG = {
  scanWeight: {
    unit: "",
    default: 21,
    min: 2,
    max: 96,
    reason:
      "Weight of failed ports of one host that makes a scan: 7 privileged ports or 21 others, as in scanlogd.",
  },
  privilegedWeight: {
    unit: "",
    default: 3,
    min: 1,
    max: 16,
    reason:
      "Weight of a failed port below 1024, of a FIN probe, and of an IP protocol. Nothing harmless fails at " +
      "many of them.",
  },
  portWeight: {
    unit: "",
    default: 1,
    min: 1,
    max: 16,
    reason: "Weight of any other failed port.",
  },
  exoticWeight: {
    unit: "",
    default: 7,
    min: 1,
    max: 32,
    reason:
      "Weight of a probe that no TCP sends (NULL, Xmas, other flag combinations). Three are enough for a scan.",
  },
  sweepHosts: {
    unit: "hosts",
    default: 8,
    min: 2,
    max: 16,
    reason:
      "Hosts at which one port, or a ping, must fail to make a sweep. Failures that are often harmless (silent " +
      "UDP, answered pings, web servers) count for less.",
  },
  blockTargets: {
    unit: "targets",
    default: 24,
    min: 4,
    max: 96,
    reason: "Failed targets (host and port) that make a scan of a block, if they form a grid.",
  },
  failureRatio: {
    unit: "failures per success",
    default: 2,
    min: 0.25,
    max: 100,
    fraction: true,
    reason:
      "A source whose attempts succeed is no scanner. A scan has at least this many failed targets for each " +
      "used one.",
  },
  answerWait: {
    unit: "seconds",
    default: 4,
    min: 1,
    max: 60,
    reason:
      "An attempt without an answer for this time is silent. It is longer than the second SYN retransmission " +
      "(3 s), so that a slow server is not taken for a firewall.",
  },
  remember: {
    unit: "seconds",
    default: 7200,
    min: 60,
    max: 604800,
    reason:
      "A source without a failed attempt for this time starts anew. Two hours connect the probes of a scan " +
      "with one probe in 5 minutes, even if some are lost.",
  },
  slowAfter: {
    unit: "seconds",
    default: 60,
    min: 1,
    max: 86400,
    reason: "A scan that took longer than this until it was found is told as slow.",
  },
  endSilence: {
    unit: "seconds",
    default: 120,
    min: 5,
    max: 86400,
    reason:
      "A scan ends when it has been silent for this time, or for four times its longest pause if that is " +
      "longer (at most `remember`).",
  },
  updateFirst: {
    unit: "seconds",
    default: 60,
    min: 1,
    max: 86400,
    reason:
      "The first update comes after this time, if the scan goes on. Each later update waits four times as long " +
      "as the one before.",
  },
  decoyWait: {
    unit: "seconds",
    default: 3,
    min: 0,
    max: 60,
    reason:
      "A scan from several sources waits at most this long for a packet that shows which source is real. A " +
      "scan by ARP from an unknown machine waits as long for a sign that the machine is a router.",
  },
  networkFactor: {
    unit: "times",
    default: 2,
    min: 1,
    max: 8,
    reason:
      "A network of sources needs this many times the weight of a single source, because its hosts may fail " +
      "independently of each other.",
  },
  groupSources: {
    unit: "sources",
    default: 3,
    min: 2,
    max: 64,
    reason: "A distributed scan has at least this many sources.",
  },
  floodSources: {
    unit: "sources",
    default: 512,
    min: 16,
    max: 1000000,
    reason:
      "Sources that make a flood, if each tries one host, or one network, within ten seconds and is not heard " +
      "of again. A flood is told when it begins and when it is over.",
  },
  floodRate: {
    unit: "conversations per second",
    default: 8192,
    min: 64,
    max: 10000000,
    reason:
      "At a higher rate than this, only sources that send more than one packet are followed, and at most this " +
      "many new attempts a second, so that a flood costs little.",
  },
  alertBurst: {
    unit: "scans",
    default: 64,
    min: 1,
    max: 100000,
    reason:
      "Scans that may be told at once, counted separately by the effort that forging them would take. After " +
      "that one more may be told for each --alert-refill, first the source that did most. How many were left " +
      "out is told.",
  },
  alertRefill: {
    unit: "seconds",
    default: 10,
    min: 1,
    max: 86400,
    reason: "After --alert-burst, one more scan may be told each time this long has passed.",
  },
  sourceAlerts: {
    unit: "scans",
    default: 64,
    min: 1,
    max: 100000,
    reason: "Scans of one source that may be told until it pauses for longer than `remember`.",
  },
  visitMemory: {
    unit: "days",
    default: 3,
    min: 0,
    max: 90,
    fraction: true,
    reason:
      "How long a port that a scanner found open is remembered, to tell when the scanner comes back and uses " +
      "it. Three days last from a Friday to a Monday; later the address may belong to somebody else. 0: visits " +
      "are not told.",
  },
  visitPause: {
    unit: "seconds",
    default: 120,
    min: 1,
    max: 86400,
    reason:
      "A connection is a visit only if the scanner was silent for this long before. An earlier one belongs to " +
      "the scan, as do the connections of nmap -sV and of scripts.",
  },
  memory: {
    unit: "MiB",
    default: 64,
    min: 4,
    max: 4096,
    reason:
      "Memory of all tables, allocated at start. Half of it is for attempts: 64 MiB hold 262,144 of them.",
  },
  traceTtl: {
    unit: "hops",
    default: 30,
    min: 0,
    max: 64,
    reason:
      "A UDP packet to an ephemeral port that arrives with at most this TTL is taken for a traceroute's, up to " +
      "what traceroutes send: 96 ports of a host, and 48 hosts at one port.",
  },
} satisfies Tunables;

/** Live capture alone. */
export const LIVE = {
  liveRingRecords: {
    unit: "records",
    default: 131072,
    min: 1024,
    max: 4194304,
    reason:
      "Records (128 bytes each) between capture and detector in live capture; a power of two. The default " +
      "bridges a pause of half a second at 250,000 packets a second.",
  },
} satisfies Tunables;

/** Where lines go. */
export const SINK = {
  sinkQueue: {
    unit: "lines",
    default: 4096,
    min: 1,
    max: 1048576,
    reason:
      "Lines that wait for each log that cannot be written now (a daemon restarts, a disk is full). Further " +
      "lines are counted as lost.",
  },
  sinkLineBytes: {
    unit: "bytes",
    default: 8000,
    min: 1000,
    max: 60000,
    reason:
      "Longest line in a log. In a longer one lists are shortened until it fits, and JSON stays JSON. The " +
      "default fits the 8 KiB that rsyslog takes, header included.",
  },
} satisfies Tunables;

/** What a sensor tells others: bounds of the files and of the publisher. */
export const FLEET = {
  outcomesPerSecond: {
    unit: "outcomes",
    default: 2000,
    min: 1,
    max: 1000000,
    reason:
      "The most outcomes a second that go to --outcomes and --publish; at most a quarter of them may be from " +
      "one sixteenth of all networks, so that a loud source hides no quiet one. Of the rest, as in a flood, " +
      "only the number is told. The sensor itself tells a scan that fast.",
  },
  publishQueue: {
    unit: "MiB",
    default: 32,
    min: 1,
    max: 65536,
    reason:
      "Room for what no server has acknowledged yet, in memory or in --publish-spool. The default holds " +
      "290,000 outcomes of a flood, or nine hours of one attempt a second. What does not fit is counted as " +
      "lost.",
  },
} satisfies Tunables;
