// Makes the event of a found scan from what the detector knows. Runs once per alert. Knows no table.

import { formatAddress } from "../../address.ts";
import type { Profile, ScanEvent, Technique } from "../../event.ts";
import { Kind, TcpFlag } from "../../record.ts";

/** A scan as the detector's arrays hold it. */
export interface Found {
  profile: Profile;
  scan: number;
  timeUs: number;
  startUs: number;
  interface: number;
  /** 16 bytes. */
  source: Uint8Array;
  /** Undefined when not constant, also the next ones. */
  sourcePort: number | undefined;
  trafficClass: number | undefined;
  ttl: number | undefined;
  ttlRange: { min: number; max: number };
  /** In the order first probed; the last one completed the scan. */
  ports: Uint16Array;
  /** Destinations of these probes: 32-bit words as they lie in memory. */
  destinations: Uint32Array;
  flagsEver: number;
  flagsAlways: number;
}

/** The event for a found scan. */
export function describe(found: Found): ScanEvent {
  const { profile, scan, timeUs, startUs, sourcePort, trafficClass, ttl, ttlRange } = found;
  const { flagsEver, flagsAlways } = found;
  const hosts = distinctAddresses(found.destinations);
  return {
    action: "scan-start",
    scan,
    profile,
    timeUs,
    startUs,
    // Within a tick (10 ms) scanlogd takes a clock that stepped back for one that stood still.
    endUs: Math.max(timeUs, startUs),
    interface: found.interface,
    ipVersion: 4,
    kind: Kind.Tcp,
    source: formatAddress(found.source),
    ...(sourcePort !== undefined && { sourcePort }),
    destination: quad(found.destinations, 0),
    destinationVaries: hosts.length > 1,
    // The line names the ports remembered; the one that completed the scan is not among them.
    portsSeen: [...found.ports.subarray(0, -1)],
    ports: { count: found.ports.length, list: ranges(found.ports) },
    hosts: { count: hosts.length, list: hosts.join(",") },
    flagsEver,
    flagsAlways,
    ...(trafficClass !== undefined && { trafficClass }),
    ...(ttl !== undefined && { ttl }),
    ttlRange,
    techniques: [technique(flagsEver, flagsAlways)],
    shape: hosts.length > 1 ? "block" : "vertical",
    attempts: found.ports.length,
  };
}

const { Fin, Syn, Rst, Psh, Ack, Urg } = TcpFlag;
const CLASSIC_FLAGS = Fin | Syn | Rst | Psh | Ack | Urg;

/**
 * How a scan probed, told by the OR and the AND of its flags (later packets to ports already probed
 * count too). ECE and CWR do not matter: a connecting kernel may set them.
 */
export function technique(flagsEver: number, flagsAlways: number): Technique {
  const ever = flagsEver & CLASSIC_FLAGS;
  const always = flagsAlways & CLASSIC_FLAGS;
  if (ever === always) {
    if (ever === 0) return "null";
    if (ever === Fin) return "fin";
    if (ever === Syn) return "syn";
    if (ever === (Fin | Psh | Urg)) return "xmas";
  }
  // A half-open scanner's kernel resets what an open port answered.
  if (ever === (Syn | Rst) && always === 0) return "syn";
  // SYN, and ACK to ports already probed: open ports were connected to.
  if ((ever & (Syn | Ack | Urg)) === (Syn | Ack)) return "connect";
  return "other-tcp";
}

/** `21-25,80`: distinct numbers in rising order, neighbours joined. */
function ranges(numbers: Uint16Array): string {
  const sorted = numbers.slice().sort();
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const from = sorted[i];
    while (i + 1 < sorted.length && sorted[i + 1] <= sorted[i] + 1) i++;
    parts.push(sorted[i] === from ? `${from}` : `${from}-${sorted[i]}`);
  }
  return parts.join(",");
}

/** Each address once, in rising order. */
function distinctAddresses(words: Uint32Array): string[] {
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  const numbers = Array.from(words, (_, i) => view.getUint32(4 * i));
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  return sorted.map((n) => `${n >>> 24}.${n >>> 16 & 255}.${n >>> 8 & 255}.${n & 255}`);
}

/** The address in word `i`. */
function quad(words: Uint32Array, i: number): string {
  return [...new Uint8Array(words.buffer, words.byteOffset + 4 * i, 4)].join(".");
}
