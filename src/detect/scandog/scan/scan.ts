// One scan while it goes on: everything that its events will say. Knows attempts, as entries in the
// table of attempts; nothing of shapes. What of it is large is made once for each place in the pool, and reused.

import { GAP_MS_MIN, RESTS } from "../limits.ts";
import { isMapped } from "../../../address.ts";
import type { MayTell } from "../../../detector.ts";
import { Kind } from "../../../record.ts";
import { Tools } from "../beside/tool/tools.ts";
import { classOf, isHostClass, kindOf, portOf, TargetClass } from "../probe/classes.ts";
import { tcpFlagsIn, trafficClassIn, ttlIn } from "../probe/form.ts";
import { Mark, Outcome } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { HostMap } from "../table/host_map.ts";
import { Answer, PortMap } from "../table/port_map.ts";
import { indexOf } from "../table/stories.ts";
import type { Tables } from "../table/tables.ts";
import { effortOf } from "./budget.ts";
import { ProtocolProbes } from "./protocol_probes.ts";

/** Sources one scan can have: nmap sends at most 128 decoys. */
export const MEMBERS_MAX = 128;
/** Ports kept in the order probed, for the short line. */
const PORTS_SEEN_MAX = 20;
/** While nothing comes, it is looked so often whether its turn to be told has come. */
const WAITING_LOOK_MS = 100;
/** Efforts above are worth the same; that a scan goes on is worth more, and that it was told still more. */
const EFFORT_MAX = 1e9;
const GOES_ON = 2e9;

/** What is large in a scan: made once for each place, and handed to the next scan there. */
export class ScanMaps {
  readonly ports = new PortMap();
  readonly hosts = new HostMap();
  /** Of its first probe: four words. */
  readonly destination = new Int32Array(4);

  clear(): this {
    this.ports.clear();
    this.hosts.clear();
    this.destination.fill(0);
    return this;
  }
}

export class Scan {
  /** The running number. */
  declare readonly number: number;
  /** What its attempts carry, so that they find it; 0 once it has ended. */
  declare handle: number;
  /** Index of the subject the scan is named after. */
  primary = -1;
  /** Indices of the subjects that take part. */
  readonly members: number[] = [];
  /** Sources for which there was no place among the members. */
  others = 0;
  /** Several sources because each worked (distributed) or because some are forged (decoy). */
  kindOfSources: "one" | "decoy" | "distributed" = "one";
  /** `ShapeCode` that it was found by. */
  foundBy = 0;
  /** The start was told. */
  announced = false;
  /** The number of the notice that counts its start as not told; 0: it was told, or not asked for yet. */
  withheldIn = 0;
  /** The level at which it waits to be told; -1: it does not wait. */
  waitLevel = -1;
  /** What was said when it was to be told. */
  may: MayTell = "now";
  slow = false;
  /** None of the probes it was found by was seen, only answers. */
  isUnseen = false;
  /** Packets do not tell which of its sources is real. */
  isGuess = false;
  /** It may be a router's ARP, and waits for what that forwards. */
  isDoubted = false;
  /** When it was to be told, nothing could be told of it, or its probes were forged. */
  isDropped = false;
  /** Its source was last told as likely a zombie. */
  isZombie = false;
  startUs = Infinity;
  endUs = -Infinity;
  /** `startUs` when it was told. */
  namedUs = 0;
  /** When it was told. */
  toldUs = 0;
  /** Detector time of its begin and of its last probe. */
  declare readonly beganMs: number;
  declare lastMs: number;
  /** Longest pause between probes that has not ended it. */
  gapMs = 0;
  /** When its source is chosen and it is told; only while unannounced. */
  tellMs = 0;
  nextUpdateMs = 0;
  updatedAttempts = 0;
  attempts = 0;
  /** Probes seen that a flood left no time to follow; they count for nothing else. */
  unfollowed = 0;
  /** Pings, counted or not. */
  pings = 0;
  techniques = 0;
  flagsEver = 0;
  flagsAlways = 0xff;
  ttlMin = 255;
  ttlMax = 0;
  /** -2: none yet; -1 once it has varied. */
  trafficClass = -2;
  sourcePort = -2;
  /** Bits of target classes. */
  classes = 0;
  ipVersion = 0;
  interface = 0;
  /** Hash of the link-layer address that its first probe came from. */
  private link = 0;
  /** How many such there were: 2 stands for more. */
  private links = 0;
  declare readonly destination: Int32Array;
  readonly portsSeen: number[] = [];
  declare readonly ports: PortMap;
  declare readonly hosts: HostMap;
  readonly tools = new Tools();
  /** What it found open, until that may be remembered: slots. And how much of it was. */
  readonly finds: number[] = [];
  remembered = 0;
  private readonly protocols = new ProtocolProbes();
  declare private readonly tables: Tables;

  /** `maps`: of the scan's place, where nothing is noted any longer. */
  constructor(tables: Tables, number: number, handle: number, maps: ScanMaps) {
    const { ms } = tables.clock;
    this.tables = tables;
    this.number = number;
    this.handle = handle;
    this.beganMs = this.lastMs = ms;
    this.ports = maps.ports;
    this.hosts = maps.hosts;
    this.destination = maps.destination;
  }

  /** What it cost, had it been forged. */
  effort(): number {
    return effortOf(this.attempts, this.slow);
  }

  /** True when it has been silent for longer than it ever was. */
  isResting(ms: number): boolean {
    return ((ms - this.lastMs) >>> 0) > RESTS * Math.max(this.gapMs, GAP_MS_MIN);
  }

  /** What keeps it its place: that it was told, that it goes on, and what it did. */
  worth(ms: number): number {
    const goesOn = this.isResting(ms) ? 0 : GOES_ON;
    return Math.min(this.effort(), EFFORT_MAX) + goesOn + (this.announced ? 2 * GOES_ON : 0);
  }

  /** Its place in the pool. */
  index(): number {
    return indexOf(this.handle);
  }

  /** Counts an attempt; once each: false when it was counted before. */
  count(slot: number): boolean {
    const { table } = this.tables;
    if (table.scan.of(slot) === this.handle) return false;
    table.scan.set(slot, this.handle);
    const key = table.key.of(slot);
    const first = table.firstUs(slot);
    if (first < this.startUs) {
      this.startUs = first;
      const at = table.targetAt(slot);
      for (let i = 0; i < 4; i++) this.destination[i] = table.words[at + i];
    }
    const latest = table.latestUs(slot);
    if (latest > this.endUs) this.endUs = latest;
    this.attempts++;
    if (isPing(table, slot)) this.pings++;
    this.classes |= 1 << classOf(key);
    // From the addresses: of some attempts only the answers were seen.
    const isArp = classOf(key) === TargetClass.Arp;
    const address = table.targetAt(slot) * 4;
    this.ipVersion = !isMapped(table.bytes, address) ? 6 : isArp ? 0 : 4;
    this.interface = table.interface(slot);
    this.hosts.note(table.words, table.targetAt(slot), this.upperOf(slot));
    this.look(slot);
    this.outcome(slot);
    return true;
  }

  /**
   * The part of a target's address that lists of hosts keep as a hash: all but its last 16 bits, which are a
   * little-endian word's upper half.
   */
  private upperOf(slot: number): number {
    const { table: { words }, table, hash } = this.tables;
    const at = table.targetAt(slot);
    const upper = hash.triple(words[at], words[at + 1], words[at + 2]);
    return hash.pair(upper, words[at + 3] & 0xffff) & 0xffff;
  }

  /** The probe's own looks. */
  private look(slot: number): void {
    const { table } = this.tables;
    const key = table.key.of(slot);
    if (table.has(slot, Mark.ReplyOnly)) return; // the probe itself was not seen
    const look = table.look.of(slot);
    this.noteLink(table.linkSource.of(slot));
    if (classOf(key) === TargetClass.Tcp) {
      this.flagsEver |= tcpFlagsIn(look);
      this.flagsAlways &= tcpFlagsIn(look);
    }
    const ttl = ttlIn(look);
    if (ttl < this.ttlMin) this.ttlMin = ttl;
    if (ttl > this.ttlMax) this.ttlMax = ttl;
    this.trafficClass = constant(this.trafficClass, trafficClassIn(look));
    this.sourcePort = constant(this.sourcePort, table.sourcePort.of(slot));
  }

  private noteLink(link: number): void {
    if (this.links === 0) this.link = link;
    if (this.links < 2) this.links = link === this.link ? 1 : 2;
  }

  /** Hash of the link-layer address that all of its probes came from; 0: of several, or not known. */
  linkSource(): number {
    return this.links === 1 ? this.link : 0;
  }

  /** True for an attempt at one of its hosts, or at what it tried at several. */
  resembles(slot: number): boolean {
    const kind = classOf(this.tables.table.key.of(slot));
    if (isHostClass(kind) && (this.classes >>> kind & 1) === 0) return false;
    return this.isOfHosts(slot) || (this.hosts.count > 1 && this.isOfPorts(slot));
  }

  /** True for an attempt at what it has tried: one of its hosts, and there a port that it asked some host for. */
  hasTried(slot: number): boolean {
    return this.isOfHosts(slot) && this.isOfPorts(slot);
  }

  /** True for an attempt at one of its hosts. */
  private isOfHosts(slot: number): boolean {
    const { table } = this.tables;
    return this.hosts.has(table.words, table.targetAt(slot), this.upperOf(slot));
  }

  /** True for an attempt at a port, or by a protocol, that it tried; and for one that has none. */
  private isOfPorts(slot: number): boolean {
    const key = this.tables.table.key.of(slot);
    return isHostClass(classOf(key)) || this.ports.get(portOf(key)) !== Answer.Unprobed ||
      this.protocols.isHolding(key);
  }

  /** Notes what an attempt that was counted has become. */
  outcome(slot: number): void {
    const { table } = this.tables;
    const techniques = table.techniques.of(slot);
    this.techniques |= techniques;
    const key = table.key.of(slot);
    // Silence opens nothing: what only its source showed to be used is not said to be open.
    const isOpen = table.has(slot, Mark.Open) ||
      (table.outcome(slot) === Outcome.Used && table.has(slot, Mark.Replied));
    const answer = isOpen
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

  /** An attempt was counted, whose latest packet came then. Detector time. */
  goOn(ms: number): void {
    const gap = (ms - this.lastMs) | 0;
    if (gap < 0) return;
    if (gap > this.gapMs) this.gapMs = gap;
    this.lastMs = ms;
  }

  /**
   * True when its start was to be told later, and now is later, or it is to be asked for again; or when it does more
   * than it was doubted for.
   */
  isTellDue(ms: number): boolean {
    if (this.may !== "now") return true;
    const isCleared = this.isDoubted && this.kind() !== Kind.Arp;
    return this.tellMs !== 0 && (isCleared || ((ms - this.tellMs) | 0) >= 0);
  }

  /** True while its start may still be told: it waits for that, or was not to be told as it was. */
  isUntold(): boolean {
    return this.tellMs !== 0 || this.may !== "now";
  }

  /** True for one that could be told and never came to it. */
  isPassedOver(): boolean {
    return this.may === "now" && this.withheldIn === 0 && !this.isDropped;
  }

  /** Silence that ends it: longer for one that pauses. One that may be told later waits for that. */
  patienceMs({ endSilence, remember }: { endSilence: number; remember: number }): number {
    if (this.may === "later") return Infinity;
    return Math.min(remember, Math.max(endSilence, 4 * this.gapMs / 1000)) * 1000;
  }

  /** In how many milliseconds it is to be told, updated or ended, if nothing comes. */
  dueMs(ms: number, options: { endSilence: number; remember: number }): number {
    const tellMs = this.tellMs === 0 ? Infinity : (this.tellMs - ms) | 0;
    const isWaiting = this.waitLevel >= 0 || this.may !== "now";
    const waitMs = isWaiting ? WAITING_LOOK_MS : Infinity;
    const endMs = this.patienceMs(options) - ((ms - this.lastMs) >>> 0);
    return Math.min(tellMs, waitMs, endMs, (this.nextUpdateMs - ms) | 0);
  }

  /** `Kind` of its probes. */
  kind(): ReturnType<typeof kindOf> {
    return kindOf(this.classes, this.ipVersion === 6);
  }
}

/** -2: no value yet; -1: has varied. */
function constant(now: number, value: number): number {
  return now === -2 || now === value ? value : -1;
}

/** True for an attempt by an echo request. */
export function isPing(table: AttemptTable, slot: number): boolean {
  return classOf(table.key.of(slot)) === TargetClass.IcmpEcho;
}

/** A ping that came back: part of a sweep, but beside a scan of ports only a greeting. */
export function isAnsweredPing(table: AttemptTable, slot: number): boolean {
  return table.outcome(slot) === Outcome.Empty && isPing(table, slot);
}
