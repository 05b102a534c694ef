// What a scan's events say. Knows a scan and its subjects; nothing of when it is said.

import { formatAddress } from "../../../address.ts";
import type { ScanEvent, Shape, SourceEvidence } from "../../../event.ts";
import { Kind } from "../../../record.ts";
import type { Subjects } from "../table/subjects.ts";
import { hopsOf, isTtlContradiction } from "../probe/distance.ts";
import { compareBytes } from "../table/host_map.ts";
import { textOf } from "../table/network_prefix.ts";
import { Answer } from "../table/port_map.ts";
import { Proof } from "../probe/proof.ts";
import { PROFILE } from "./ration.ts";
import type { Scan } from "./scan.ts";
import { TCP_TECHNIQUES, TechniqueBit, techniqueNames } from "../probe/techniques.ts";

/** Everything known of a scan now, said at `timeUs`. Allocates; called for events only. */
export function scanEvent(
  scan: Scan,
  subjects: Subjects,
  timeUs: number,
  action: ScanEvent["action"],
): ScanEvent {
  const { ports } = scan;
  // Beyond one network hosts are estimated; each cost an attempt.
  const hosts = { count: Math.min(scan.hosts.count, scan.attempts), list: scan.hosts.list() };
  const techniques = scan.complete();
  // A scan of pings or of ARP has no ports, and one whose probes were not seen no looks.
  const seen = scan.ttlMin <= scan.ttlMax;
  const tool = scan.tools.describe();
  const manner = scan.tools.manner(ports);
  return {
    action,
    scan: scan.number,
    profile: PROFILE,
    timeUs,
    namedUs: scan.namedUs,
    startUs: scan.startUs,
    endUs: scan.endUs,
    interface: scan.interface,
    ipVersion: scan.ipVersion === 6 ? 6 : scan.ipVersion === 4 ? 4 : 0,
    kind: scan.kind(),
    source: subjects.text(scan.primary),
    ...(scan.sourcePort > 0 ? { sourcePort: scan.sourcePort } : {}),
    destination: textOf(scan.destination),
    destinationVaries: hosts.count > 1,
    portsSeen: [...scan.portsSeen],
    ports: {
      count: ports.count,
      list: ports.ranges(Answer.Silent, Answer.Open),
      open: ports.ranges(Answer.Open, Answer.Open),
      closed: ports.counted(Answer.Closed),
      silent: ports.counted(Answer.Silent),
      ...manner,
    },
    hosts,
    ...(seen && (techniques & TCP_TECHNIQUES) !== 0 && scan.flagsAlways <= scan.flagsEver
      ? { flagsEver: scan.flagsEver, flagsAlways: scan.flagsAlways }
      : {}),
    ...(scan.trafficClass >= 0 ? { trafficClass: scan.trafficClass } : {}),
    ...(seen && scan.ttlMin === scan.ttlMax ? { ttl: scan.ttlMin } : {}),
    ttlRange: seen ? { min: scan.ttlMin, max: scan.ttlMax } : { min: 0, max: 0 },
    ...distanceOf(scan, tool.some(({ name }) => name === "nmap")),
    techniques: techniqueNames(techniques),
    shape: shapeOf(scan),
    slow: scan.slow,
    attempts: scan.attempts,
    ...(scan.unfollowed > 0 ? { unfollowed: scan.unfollowed } : {}),
    evidence: evidenceOf(subjects.proof.of(scan.primary), scan),
    ...(tool.length > 0 ? { tool } : {}),
    ...(scan.members.length > 1 ? { sources: sourcesOf(scan, subjects) } : {}),
  };
}

/** How far away it is, and whether its TTLs contradict each other. */
function distanceOf(scan: Scan, isNmap: boolean): Pick<ScanEvent, "hops" | "ttlVaries"> {
  const { ttlMin, ttlMax, ipVersion } = scan;
  const seen = {
    ttlMin,
    ttlMax,
    ipVersion,
    probes: scan.attempts,
    isArp: scan.kind() === Kind.Arp,
    isRawNmap: isNmap && (scan.techniques & ~TechniqueBit.Connect) !== 0,
    isOneSource: scan.kindOfSources === "one",
  };
  const hops = hopsOf(seen);
  return {
    ...(hops === undefined ? {} : { hops }),
    ...(isTtlContradiction(seen) ? { ttlVaries: true } : {}),
  };
}

function sourcesOf(scan: Scan, subjects: Subjects): ScanEvent["sources"] {
  const list = scan.members.map((subject) => {
    const at = subjects.addressAt(subject) * 4;
    return subjects.bytes.subarray(at, at + 16);
  }).sort(compareBytes).map((address) => formatAddress(address)).join(",");
  const count = scan.members.length + scan.others;
  if (scan.kindOfSources !== "decoy") return { count, list, forged: 0 };
  return { count, list, forged: count - 1, ...(scan.isGuess ? { guess: true } : {}) };
}

/** From its totals. A few ports on many hosts are a sweep; a grid of several each way is a block. */
function shapeOf(scan: Scan): Shape {
  if (scan.kindOfSources !== "one") return scan.kindOfSources;
  const hosts = scan.hosts.count, ports = scan.ports.count;
  if (hosts <= 1) return "vertical";
  if (ports <= 1) return "horizontal";
  if (hosts >= 3 && ports >= 3) return "block";
  return hosts > ports ? "horizontal" : "vertical";
}

function evidenceOf(proof: number, { kindOfSources, isGuess }: Scan): SourceEvidence {
  // Its address may be real and be taken for a decoy all the same.
  if (kindOfSources === "decoy" && isGuess) return "none";
  if ((proof & Proof.Handshake) !== 0) return "handshake";
  const resets = kindOfSources === "decoy" ? Proof.Reset : Proof.Reset | Proof.OddReset;
  return (proof & resets) !== 0 ? "reset" : "none";
}
