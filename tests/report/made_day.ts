// A day that nobody had: the captures of many cases moved to times of one day, and their scanners to
// addresses of their own, in one capture. For the report's size, speed and pictures.

import { gunzipSync } from "node:zlib";
import { type Packet, readSavefile, writeSavefile } from "../lab/pcap.ts";
import { inRepository } from "../support/paths.ts";
import { Random } from "../support/random.ts";

const DAY_START_NS = BigInt(Date.parse("2026-11-23T00:20:00Z")) * 1_000_000n;
const DAY_NS = 84_000_000_000_000n;

/** The lab's scanners are of 198.51.100.0/24. */
const SCANNER_NETWORK = [198, 51, 100];
/** Their first half less so much is 10.0 to 10.255: nobody's addresses. */
const SHIFT_MIN = (198 << 8 | 51) - (10 << 8 | 255);
const SHIFT_MAX = (198 << 8 | 51) - (10 << 8);
const ETHERNET = 1;

/**
 * Scans of these cases, `count` of them in turn, spread over a day; and as one savefile. Long ones
 * would end after it, so they are left out.
 */
export function madeDay(cases: readonly string[], count: number, seed = 1): Uint8Array {
  const chance = new Random(seed);
  const captures = cases.map((name) => capture(name)).filter((packets) => packets.length > 0);
  const packets: Packet[] = [];
  for (let i = 0; i < count; i++) {
    const own = captures[i % captures.length];
    const startNs = DAY_START_NS + DAY_NS * BigInt(chance.below(1e6)) / 1_000_000n;
    const shift = chance.between(SHIFT_MIN, SHIFT_MAX);
    for (const { time, wireLength, bytes } of own) {
      const moved = renamed(bytes, shift);
      packets.push({ time: startNs + time - own[0].time, wireLength, bytes: moved });
    }
  }
  packets.sort((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
  return writeSavefile({ linkType: ETHERNET, snaplen: 262_144, nanoseconds: false, packets });
}

function capture(name: string): Packet[] {
  const folder = inRepository(`testdata/cases/${name}`);
  const file = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith("capture"))!.name;
  const bytes = Deno.readFileSync(`${folder}/${file}`);
  const whole = file.endsWith(".gz") ? new Uint8Array(gunzipSync(bytes)) : bytes;
  const { linkType, packets } = readSavefile(whole);
  return linkType === ETHERNET ? packets : [];
}

/**
 * Another address for each scanner, also where an ICMP error quotes it. What the first half gains the
 * second half loses, so that every checksum over both stays right.
 */
function renamed(bytes: Uint8Array, shift: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 14; at + 4 <= Math.min(copy.length, 160); at += 2) {
    if (SCANNER_NETWORK.some((octet, i) => copy[at + i] !== octet)) continue;
    const first = view.getUint16(at), second = view.getUint16(at + 2);
    // A sum in ones' complement wraps at 65535.
    view.setUint16(at, first - shift);
    view.setUint16(at + 2, (second + shift) % 65_535);
    at += 2;
  }
  return copy;
}

/** Cases whose scanners did different things, and all ended soon. */
export const DAY_CASES = [
  "mixed-syn",
  "all-open-syn",
  "tcp-syn",
  "tcp-connect",
  "tcp-fin",
  "tcp-masscan",
  "udp-mix",
  "sweep-nmap-one-port",
  "sweep-zmap-mixed",
  "block-nmap",
  "block-masscan",
  "nmap-version",
  "visit-after-connect-scan",
  "visit-by-neighbour",
  "scan-then-visit",
  "far-nmap",
  "firewall-drop",
  "decoy-last",
  "tool-mirai",
  "tool-zmap4",
];
