// One scan while it goes on: everything that its events will say. Knows attempts, as entries in the
// table of conversations; nothing of rules. Made at start, reused: a scan takes no memory.

import { isMapped } from "../../../address.ts";
import { Field, Kind } from "../../../record.ts";
import { classOf, isHostClass, portOf, TargetClass } from "../probe/classes.ts";
import { type Conversations, Mark, Verdict, Word } from "../table/conversations.ts";
import { HostMap } from "../table/host_map.ts";
import { Answer, PortMap } from "../table/port_map.ts";
import { ProtocolProbes } from "./protocol_probes.ts";

/** Sources one scan can have: nmap sends at most 128 decoys. */
export const MEMBERS_MAX = 128;
/** Ports kept in the order probed, for the short line. */
const PORTS_SEEN_MAX = 20;

/** A scan's handle: its place in the pool, and above it the low bits of its number. */
const INDEX_BITS = 10;

export function handleOf(number: number, index: number): number {
  return number << INDEX_BITS | index;
}

export function indexOf(handle: number): number {
  return handle & ((1 << INDEX_BITS) - 1);
}

export class Scan {
  /** The running number. */
  number = 0;
  /** What its attempts carry, so that they find it; 0 while free. */
  handle = 0;
  /** Index of the actor the scan is named after. */
  primary = -1;
  readonly members = new Int32Array(MEMBERS_MAX);
  memberCount = 0;
  /** Sources for which there was no place among the members. */
  others = 0;
  /** Several sources because each worked (distributed) or because some are forged (decoy). */
  kindOfSources: "one" | "decoy" | "distributed" = "one";
  /** `Rule` that found it. */
  foundBy = 0;
  /** The start was told. */
  announced = false;
  /** The start was found but not told. */
  suppressed = false;
  slow = false;
  /** None of the probes it was found by was seen, only answers. */
  isUnseen = false;
  /** It turned out to be none. */
  isDropped = false;
  /** Its source was last told as likely a zombie. */
  isZombie = false;
  startUs = 0;
  endUs = 0;
  /** `startUs` when it was told. */
  namedUs = 0;
  /** Detector time of its begin and of its last probe. */
  beganMs = 0;
  lastMs = 0;
  /** Longest pause between probes that has not ended it. */
  gapMs = 0;
  /** When its source is chosen and it is told; only while unannounced. */
  tellMs = 0;
  nextUpdateMs = 0;
  updatedAttempts = 0;
  attempts = 0;
  techniques = 0;
  flagsEver = 0;
  flagsAlways = 0xff;
  ttlMin = 255;
  ttlMax = 0;
  /** -1 once it has varied. */
  trafficClass = 0;
  sourcePort = 0;
  /** Bits of target classes. */
  classes = 0;
  ipVersion = 0;
  interface = 0;
  readonly destination = new Int32Array(4);
  readonly portsSeen: number[] = [];
  readonly ports = new PortMap();
  private readonly protocols = new ProtocolProbes();
  readonly hosts = new HostMap();

  /** Its place in the pool. */
  index(): number {
    return indexOf(this.handle);
  }

  begin(number: number, handle: number, ms: number): void {
    this.number = number;
    this.handle = handle;
    this.primary = -1;
    this.memberCount = this.others = 0;
    this.kindOfSources = "one";
    this.foundBy = 0;
    this.announced =
      this.suppressed =
      this.slow =
      this.isUnseen =
      this.isDropped =
      this.isZombie =
        false;
    this.startUs = Infinity;
    this.endUs = -Infinity;
    this.beganMs = this.lastMs = ms;
    this.gapMs =
      this.tellMs =
      this.nextUpdateMs =
      this.updatedAttempts =
        0;
    this.attempts =
      this.techniques =
      this.flagsEver =
      this.classes =
        0;
    this.flagsAlways = 0xff;
    this.ttlMin = 255;
    this.ttlMax = 0;
    this.trafficClass = this.sourcePort = -2;
    this.ipVersion = this.interface = 0;
    this.portsSeen.length = 0;
    this.ports.clear();
    this.protocols.clear();
    this.hosts.clear();
  }

  /**
   * Counts an attempt; once each: false when it was counted before. `upper` is a hash of the upper
   * part of the target's address.
   */
  count(table: Conversations, slot: number, upper: number): boolean {
    if (table.get(slot, Word.Scan) === this.handle) return false;
    table.set(slot, Word.Scan, this.handle);
    const key = table.get(slot, Word.Key);
    const first = table.firstUs(slot);
    if (first < this.startUs) {
      this.startUs = first;
      const at = table.addressAt(slot, Word.Responder);
      for (let i = 0; i < 4; i++) this.destination[i] = table.words[at + i];
    }
    const latest = table.latestUs(slot);
    if (latest > this.endUs) this.endUs = latest;
    this.attempts++;
    this.classes |= 1 << classOf(key);
    // From the addresses: of some attempts only the answers were seen.
    const isArp = classOf(key) === TargetClass.Arp;
    const address = table.addressAt(slot, Word.Responder) * 4;
    this.ipVersion = !isMapped(table.bytes, address) ? 6 : isArp ? 0 : 4;
    this.hosts.note(table.words, table.addressAt(slot, Word.Responder), upper);
    this.look(table, slot);
    this.outcome(table, slot);
    return true;
  }

  /** The probe's own looks. */
  private look(table: Conversations, slot: number): void {
    const key = table.get(slot, Word.Key);
    this.techniques |= table.get(slot, Word.Techniques);
    if (table.has(slot, Mark.ReplyOnly)) return; // the probe itself was not seen
    const look = table.get(slot, Word.Look);
    this.interface = table.get(slot, Word.Packets) >>> 16;
    if (classOf(key) === TargetClass.Tcp) {
      this.flagsEver |= look >>> 16 & 0xff;
      this.flagsAlways &= look >>> 16 & 0xff;
    }
    const ttl = look & 0xff;
    if (ttl < this.ttlMin) this.ttlMin = ttl;
    if (ttl > this.ttlMax) this.ttlMax = ttl;
    this.trafficClass = constant(this.trafficClass, look >>> 8 & 0xff);
    this.sourcePort = constant(this.sourcePort, table.get(slot, Word.SourcePort));
  }

  /** True for an attempt at one of its hosts. `upper`: as in `count`. */
  knows(table: Conversations, slot: number, upper: number): boolean {
    return this.hosts.has(table.words, table.addressAt(slot, Word.Responder), upper);
  }

  /** True for an attempt at one of its hosts, or at a port that it tried at several. */
  resembles(table: Conversations, slot: number, upper: number): boolean {
    const key = table.get(slot, Word.Key);
    return this.knows(table, slot, upper) || (this.hosts.count > 1 && !isHostClass(classOf(key)) &&
      this.ports.get(portOf(key)) !== Answer.Unprobed);
  }

  /** Notes what an attempt that was counted has become. */
  outcome(table: Conversations, slot: number): void {
    const techniques = table.get(slot, Word.Techniques);
    this.techniques |= techniques;
    const key = table.get(slot, Word.Key);
    const answer = table.has(slot, Mark.Open) || table.verdict(slot) === Verdict.Used
      ? Answer.Open
      : table.has(slot, Mark.Closed)
      ? Answer.Closed
      : Answer.Silent;
    if (this.protocols.holds(key, techniques, answer, this.notePort)) return;
    if (!isHostClass(classOf(key))) this.notePort(portOf(key), answer);
  }

  private readonly notePort = (port: number, answer: number): void => {
    const isNew = this.ports.note(port, answer);
    if (isNew && this.portsSeen.length < PORTS_SEEN_MAX) this.portsSeen.push(port);
  };

  /** Before an event: its ports are complete after it. The techniques that it is told with. */
  complete(): number {
    this.protocols.say(this.techniques, this.ipVersion === 6, this.notePort);
    return this.protocols.without(this.techniques);
  }

  /** An attempt was counted. */
  goOn(ms: number): void {
    const gap = (ms - this.lastMs) >>> 0;
    if (gap > this.gapMs) this.gapMs = gap;
    this.lastMs = ms;
  }

  /** `Kind` of its probes. */
  kind(): typeof Kind[keyof typeof Kind] {
    switch (this.classes) {
      case 1 << TargetClass.Tcp:
        return Kind.Tcp;
      case 1 << TargetClass.Udp:
        return Kind.Udp;
      case 1 << TargetClass.Sctp:
        return Kind.Sctp;
      case 1 << TargetClass.Arp:
        return Kind.Arp;
    }
    const icmp = 1 << TargetClass.IcmpEcho | 1 << TargetClass.IcmpTimestamp |
      1 << TargetClass.IcmpMask;
    if ((this.classes & ~icmp) !== 0) return Kind.Ip;
    return this.ipVersion === 6 ? Kind.Icmp6 : Kind.Icmp;
  }
}

/** -2: no value yet; -1: has varied. */
function constant(now: number, value: number): number {
  return now === -2 || now === value ? value : -1;
}

/** The look of a record's probe, packed as `Word.Look`. */
export function lookOf(bytes: Uint8Array, base: number): number {
  return (bytes[base + Field.Ttl] | bytes[base + Field.TrafficClass] << 8 |
    bytes[base + Field.TcpFlags] << 16 | bytes[base + Field.IpVersion] << 24);
}

/** A ping that came back: part of a sweep, but beside a scan of ports only a greeting. */
export function isAnsweredPing(table: Conversations, slot: number): boolean {
  return table.verdict(slot) === Verdict.Empty &&
    classOf(table.get(slot, Word.Key)) === TargetClass.IcmpEcho;
}
