// The options of `scandog log`: which packets, how many, and where to.

import { LOGGED_PROTOCOLS, type LoggedProtocol } from "../packetlog/selection.ts";
import { MASK_LETTERS, parseExact, parseMask } from "../packetlog/flag_table.ts";
import { CAPTURE_OPTIONS } from "./capture.ts";
import { CONFINEMENT_OPTIONS } from "./confinement.ts";
import { FILE, FLAG, number } from "./kinds.ts";
import { type Kind, Refusal, type Rows, type ValuesOf } from "./row.ts";
import { PLAIN_FORMAT, SHARED_OPTIONS } from "./shared.ts";
import { SINK_OPTIONS } from "./sinks.ts";

const PACKETS = "Packets";
const FILES = "Files";
const READING = "Reading";

/** Values separated by commas; in a file also an array of strings or numbers. */
function list<T>(
  metavar: string,
  what: string,
  parse: (text: string) => T | undefined,
  print: (value: T) => string,
): Kind<T[]> {
  const parseAll = (texts: string[]) => {
    const values: T[] = [];
    for (const text of texts) {
      const value = parse(text.trim());
      if (value === undefined) {
        return new Refusal(`must be ${what}, got ${JSON.stringify(text.slice(0, 60))}`);
      }
      values.push(value);
    }
    return values;
  };
  return {
    metavar,
    isList: true,
    parse: (text) => parseAll(text.split(",")),
    fromToml: (value) =>
      Array.isArray(value) ? parseAll(value.map(String)) : parseAll(String(value).split(",")),
    // Of none, a string would be one that is empty.
    toml: (values) => values.length === 0 ? "[]" : JSON.stringify(values.map(print).join(",")),
  };
}

export const MASK: Kind<number> = {
  metavar: "MASK",
  parse: (text) =>
    parseMask(text) ?? new Refusal(
      `must be a number from 0 to 255, letters of ${MASK_LETTERS}, or all; got ` +
        JSON.stringify(text.slice(0, 60)),
    ),
  fromToml: (value) =>
    typeof value === "number" || typeof value === "string"
      ? MASK.parse(String(value))
      : new Refusal("must be a number or a string"),
  toml: String,
};

const EXACT = list(
  "MASK/VALUE",
  "MASK/VALUE with no flag in VALUE that is not in MASK, such as SA/S",
  parseExact,
  ({ mask, value }) => `${mask}/${value}`,
);

const PROTOCOLS = list<LoggedProtocol>(
  "LIST",
  `some of ${LOGGED_PROTOCOLS.join(", ")}, separated by commas`,
  (text) => LOGGED_PROTOCOLS.find((name) => name === text),
  String,
);

function numbers(max: number): Kind<number[]> {
  return list(
    "LIST",
    `numbers from 0 to ${max}, separated by commas`,
    (text) => /^[0-9]{1,5}$/.test(text) && Number(text) <= max ? Number(text) : undefined,
    String,
  );
}

const { default: _any, ...INTERFACE } = CAPTURE_OPTIONS.interface;
const { default: _headers, ...SNAPLEN } = CAPTURE_OPTIONS.snaplen;
const { tz, observer, filter, quiet, verbose, config, printConfig } = SHARED_OPTIONS;

export const LOG_OPTIONS = {
  protocols: {
    kind: PROTOCOLS,
    help: "Protocols to log: tcp, udp, icmp (with ICMPv6), sctp.",
    group: PACKETS,
    short: "p",
    defaultText: "tcp,udp,icmp; all with --report and --summary",
  },
  flags: {
    kind: MASK,
    help: "TCP packets with any of these flags: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG, " +
      "64 ECE, 128 CWR added up, letters (S, SF, FPU), or all. One without flags (NULL) is " +
      "always logged.",
    group: PACKETS,
    short: "f",
    defaultText:
      "43, as Perro had it, unless --probes or --exact is given; all with --report and --summary",
  },
  exact: {
    kind: EXACT,
    help: "TCP packets that have, of the flags in MASK, exactly those in VALUE; may be a list.",
    group: PACKETS,
  },
  probes: {
    kind: FLAG,
    help: "TCP packets that can begin a scan: SYN without ACK, FIN without ACK, Xmas, NULL.",
    group: PACKETS,
    default: false,
  },
  udpPorts: {
    kind: numbers(65535),
    help: "UDP packets only to these destination ports.",
    group: PACKETS,
    defaultText: "all",
  },
  icmpTypes: {
    kind: numbers(255),
    help: "ICMP packets only of these types.",
    group: PACKETS,
    defaultText: "all",
  },
  icmp6Types: {
    kind: numbers(255),
    help: "ICMPv6 packets only of these types.",
    group: PACKETS,
    defaultText: "all",
  },
  sctpChunks: {
    kind: numbers(255),
    help: "SCTP packets only whose first chunk is of these types.",
    group: PACKETS,
    defaultText: "all",
  },
  sourceRate: {
    kind: number("N", { min: 0, max: 1_000_000 }),
    help:
      "Packets of one source that are logged in a second. Of further ones only the number is told. 0: no limit.",
    group: PACKETS,
    defaultText: "100 live; 0 from a file",
  },
  totalRate: {
    kind: number("N", { min: 0, max: 10_000_000 }),
    help:
      "Packets of all sources together that are logged in a second, against forged ones. 0: no limit.",
    group: PACKETS,
    defaultText: "2000 live; 0 from a file",
  },
  read: {
    kind: FILE,
    help:
      "Reads a capture file, or a folder of them, instead of a device: pcap or pcapng, also packed with " +
      "gzip or zstd; - is standard input.",
    group: READING,
    short: "r",
    commandLineOnly: "it would always be read",
  },
  report: {
    kind: FLAG,
    help: "Every header field, a block for each packet.",
    group: READING,
    default: false,
    commandLineOnly: "it is for one run",
  },
  summary: {
    kind: FLAG,
    help: "Prints only counts: by source, flags, port and hour. With -r.",
    group: READING,
    default: false,
    commandLineOnly: "it is for one run",
  },
  raw: {
    kind: FILE,
    help:
      "Writes the packets to this savefile, which tcpdump and other programs read. Then lines are written only " +
      "to the logs that are named.",
    group: FILES,
  },
  dir: {
    kind: FILE,
    help: "Writes lines and packets to files of each protocol in this directory: tcp.log, " +
      "tcp.pcap, udp.log and so on.",
    group: FILES,
  },
  rotateSize: {
    kind: number("MIB", { min: 0, max: 1_048_576, fraction: true }),
    help:
      "Rotates a file before it grows larger than this: FILE becomes FILE.1, FILE.1 becomes FILE.2. 0: never.",
    group: FILES,
    defaultText: "64 live; 0 from a file",
  },
  rotateTime: {
    kind: number("SECONDS", { min: 0, max: 31_536_000 }),
    help: "Rotates a file when its first packet is this old. 0: never.",
    group: FILES,
    default: 0,
  },
  keep: {
    kind: number("N", { min: 0, max: 9999 }),
    help: "How many rotated files are kept of each file.",
    group: FILES,
    default: 8,
  },
  interface: INTERFACE,
  outgoing: {
    kind: FLAG,
    help: "Also logs packets that this machine sends.",
    group: INTERFACE.group,
    default: false,
  },
  promiscuous: CAPTURE_OPTIONS.promiscuous,
  snaplen: {
    ...SNAPLEN,
    help: "Bytes kept of each packet.",
    defaultText: "2048; whole packets with --raw, --dir and --report",
  },
  bufferSize: CAPTURE_OPTIONS.bufferSize,
  libpcap: CAPTURE_OPTIONS.libpcap,
  filter,
  format: {
    kind: PLAIN_FORMAT,
    help: "A line for people, or a line of JSON (ECS).",
    group: "Output",
    default: "text",
  },
  names: {
    kind: FLAG,
    help: "Prints names of services beside ports, from a built-in list. Never names of hosts.",
    group: "Output",
    default: false,
  },
  tz,
  observer,
  ...SINK_OPTIONS,
  ...CONFINEMENT_OPTIONS,
  quiet,
  verbose: { ...verbose, help: "TCP options in lines; more on standard error." },
  config,
  printConfig,
} satisfies Rows;

export type LogValues = ValuesOf<typeof LOG_OPTIONS>;
