// Scan, then visit: a source, or another address of its network, that comes back and uses a port its
// scan had found open. Knows attempts, what was found open and time; nothing of how scans are found.
//
// What a scan has found open waits until it may be remembered: only scans that were told count, and of a
// scan with forged sources only the one source that is proved.
//
// What a scanner does while it scans is no visit: nmap -sV and its scripts connect to what they found,
// and for longer than the scan is told to last. So a visit needs a pause of the scanner first, from any
// port that it found open. Every word is from packets: TCP only, because whoever gets data through has
// completed a handshake.

import { formatAddress, inPrefixes, isMapped } from "../../../../address.ts";
import type { Emit, VisitEvent } from "../../../../event.ts";
import { Kind } from "../../../../record.ts";
import type { Memory } from "../../memory.ts";
import { classOf, portOf, TargetClass } from "../../probe/classes.ts";
import { Proof } from "../../probe/proof.ts";
import { PROFILE, Ration } from "../../scan/ration.ts";
import type { Scan } from "../../scan/scan.ts";
import { Mark } from "../../table/attempt_state.ts";
import { isOf } from "../../table/attempt_chains.ts";
import type { LinkAddresses } from "../../table/link_addresses.ts";
import { FoundMark, FoundPorts, stateOf, type Wanted } from "./found_ports.ts";

const DAY_US = 86_400_000_000;
/** Finds of one scan that wait until it is told. A scan of more is told long before. */
const WAITING_MAX = 64;
/** Scanners whose latest try is remembered. */
const LATELY = 4096;
/** Levels of the budget: what neighbours do must not use up what scanners' own visits need. */
const NETWORK_LEVEL = 0;
const ADDRESS_LEVEL = 3;

export class Visits {
  declare readonly ports: FoundPorts;
  /** What may be told of them, and what is said of the others. */
  declare readonly ration: Ration;
  declare private readonly pauseMs: number;
  /** Hash of a scanner, and when it last tried anything that it had found open. */
  private readonly lately = new Int32Array(LATELY * 2);
  declare private readonly links: LinkAddresses;
  declare private readonly emit: Emit;
  declare private readonly memory: Memory;

  constructor(memory: Memory, links: LinkAddresses, emit: Emit) {
    this.memory = memory;
    this.links = links;
    this.emit = emit;
    const { sizes, options, hash } = memory;
    this.ports = new FoundPorts(sizes.foundPorts, options.visitMemory * DAY_US, hash);
    this.pauseMs = options.visitPause * 1000;
    this.ration = new Ration(memory, emit, "scan-visit");
  }

  /**
   * True for an attempt that found a port open and whose source answered: it completed a handshake, or
   * reset what it had been offered. What a forged source "finds" is not remembered, unless its forger
   * took care to forge the resets, too; the event says which it was.
   */
  private isFind(slot: number): boolean {
    const { table, options } = this.memory;
    return table.has(slot, Mark.Open) && table.has(slot, Mark.Handshake | Mark.Reset) &&
      classOf(table.key.of(slot)) === TargetClass.Tcp && options.visitMemory > 0;
  }

  /** An attempt of the scan has become something; it may come here many times. */
  found(scan: Scan, slot: number): void {
    const { table } = this.memory;
    if (table.has(slot, Mark.Learned) || !this.isFind(slot)) return;
    if (scan.announced && scan.kindOfSources !== "decoy") return this.learn(scan, slot);
    if (scan.finds.length === WAITING_MAX) return;
    scan.finds.push(slot);
    table.mark(slot, Mark.Learned);
  }

  /** The scan was told. */
  told(scan: Scan): void {
    if (scan.kindOfSources !== "decoy") this.handOn(scan, -1);
  }

  /** The scan ends: now all is known that proves one of several sources. */
  ended(scan: Scan): void {
    // Who scanned is somebody else, and learned it by other ways.
    if (scan.isZombie) this.forget(scan);
    else if (scan.announced && scan.kindOfSources === "decoy" && this.isProved(scan)) {
      this.handOn(scan, scan.primary);
    }
  }

  /** Remembers what waits: all of it (`subject` is -1), or what this subject found. */
  private handOn(scan: Scan, subject: number): void {
    const { table } = this.memory;
    for (const slot of scan.finds) {
      // Its place may have been taken over since.
      if (table.scan.of(slot) !== scan.handle) continue;
      table.unmark(slot, Mark.Learned);
      if (this.isFind(slot) && (subject < 0 || isOf(this.memory, slot, subject))) {
        this.learn(scan, slot);
      }
    }
    scan.finds.length = 0;
  }

  /** Remembers such an attempt of a scan that was told. */
  private learn(scan: Scan, slot: number): void {
    const { table, clock, options } = this.memory;
    const { ports } = this;
    const marks = table.has(slot, Mark.Handshake) ? FoundMark.Handshake : 0;
    const state = stateOf(marks, scan.remembered++);
    const found = ports.place(this.wanted(slot), state, clock.lastUs);
    table.mark(slot, Mark.Learned);
    if (found < 0) return;
    ports.scan.set(found, scan.number);
    ports.run.set(found, options.seed);
    ports.state.set(found, state);
    ports.visitors(found).fill(0);
    const foundUs = table.latestUs(slot);
    ports.setTimes(found, scan.namedUs, foundUs, foundUs);
    this.try(found);
  }

  /**
   * The scan's first source completed a handshake, or is the only one that reset what it was offered:
   * a host that is named as a decoy resets it too.
   */
  private isProved(scan: Scan): boolean {
    const { subjects } = this.memory;
    // A client's own connections prove its address, and not that it is who sent the copies.
    if (scan.isGuess) return false;
    const proof = subjects.proof.of(scan.primary);
    if ((proof & Proof.Handshake) !== 0) return true;
    if ((proof & Proof.Reset) === 0) return false;
    return scan.members
      .every((other) => other === scan.primary || (subjects.proof.of(other) & Proof.Reset) === 0);
  }

  /** Forgets what a scan found. Looks at the whole table: for what is rare. */
  private forget(scan: Scan): void {
    const { ports } = this;
    const run = this.memory.options.seed | 0;
    for (let slot = 0; slot < ports.capacity; slot++) {
      const isOfScan = ports.isTaken(slot) && ports.scan.of(slot) === scan.number &&
        ports.run.of(slot) === run;
      // Replays all have one seed and count from one: the time tells their scans apart.
      if (isOfScan && ports.startUs[slot] === scan.namedUs) ports.remove(slot);
    }
  }

  /**
   * An attempt failed. Where a scanner has tried what it found open, and used nothing, it scans again:
   * what it does next belongs to that.
   */
  tried(slot: number): void {
    const found = this.ownFind(slot);
    if (found >= 0) this.try(found);
  }

  /** True for an attempt at a port that its source's own scan found open. */
  isAtOwnFind(slot: number): boolean {
    return this.ownFind(slot) >= 0;
  }

  /** The entry of an attempt at a port that its source's own scan found open; -1 for any other. */
  private ownFind(slot: number): number {
    if (this.ports.size === 0 || !this.memory.table.has(slot, Mark.Open)) return -1;
    const found = this.find(slot);
    return found >= 0 && this.isOwn(found, slot) ? found : -1;
  }

  /** The source connects again to a target that is known. After a pause that may become a visit. */
  reconnected(slot: number, isScanning: boolean): void {
    const found = this.ownFind(slot);
    if (found >= 0 && (isScanning || !this.hasPaused(found))) this.try(found);
  }

  /** An attempt was used, by a source that is not scanning: tells it when it is a visit. */
  ask(slot: number): void {
    const { table, clock, options } = this.memory;
    const { ports } = this;
    if (classOf(table.key.of(slot)) !== TargetClass.Tcp) return;
    const found = this.find(slot);
    if (found < 0) return;
    const isOwn = this.isOwn(found, slot);
    if (!this.hasPaused(found)) {
      if (!isOwn) return;
      this.try(found);
      // Each further connection is an attempt of its own, as one after a pause is a visit.
      table.mark(slot, Mark.Learned);
      return;
    }
    const from = table.sourceAt(slot);
    if (inPrefixes(options.ignore, table.bytes, from * 4)) return;
    if (isOwn && ports.has(found, FoundMark.Told)) return;
    if (!isOwn && !ports.noteVisitor(found, visitorTag(table.words, from))) return;
    if (isOwn) ports.mark(found, FoundMark.Told);
    if (this.ration.take(clock.lastUs, isOwn ? ADDRESS_LEVEL : NETWORK_LEVEL)) {
      this.emit(this.event(found, slot, isOwn));
    }
  }

  private find(slot: number): number {
    return this.ports.find(this.wanted(slot), this.memory.clock.lastUs);
  }

  /** Where what an attempt tries, or found, is remembered. */
  private wanted(slot: number): Wanted {
    const { table } = this.memory;
    return {
      addresses: table.words,
      scanner: table.sourceAt(slot),
      target: table.targetAt(slot),
      key: table.key.of(slot),
    };
  }

  private isOwn(found: number, slot: number): boolean {
    const { table } = this.memory;
    return this.ports.isScanner(found, table.words, table.sourceAt(slot));
  }

  /** The scanner tries what it had found open. */
  private try(found: number): void {
    const { clock } = this.memory;
    this.ports.tried(found, clock.ms, clock.lastUs);
    const at = this.latelyAt(found);
    this.lately[at] = this.scannerHash(found);
    this.lately[at + 1] = clock.ms;
  }

  /** True when the scanner has left alone this port and, as far as is known, all others. */
  private hasPaused(found: number): boolean {
    const { clock } = this.memory;
    const { ports, pauseMs } = this;
    const triedMs = ports.triedMs.of(found);
    // Of an earlier run only the time of day is known; it may be later than now, in an older capture.
    if (triedMs === 0) return clock.lastUs - ports.triedUs[found] >= pauseMs * 1000;
    if (clock.since(triedMs) < pauseMs) return false;
    const at = this.latelyAt(found);
    return this.lately[at] !== this.scannerHash(found) ||
      clock.since(this.lately[at + 1]) >= pauseMs;
  }

  private latelyAt(found: number): number {
    return (this.scannerHash(found) & (LATELY - 1)) * 2;
  }

  private scannerHash(found: number): number {
    return this.memory.hash.address(this.ports.words, this.ports.addressAt(found));
  }

  private event(found: number, slot: number, isOwn: boolean): VisitEvent {
    const { table, clock } = this.memory;
    const { ports } = this;
    const from = table.sourceAt(slot) * 4;
    const to = table.targetAt(slot) * 4;
    const mac = this.links.machineOf(table.linkSource.of(slot), table.words, table.sourceAt(slot));
    return {
      action: "scan-visit",
      profile: PROFILE,
      timeUs: clock.lastUs,
      interface: table.interface(slot),
      ipVersion: isMapped(table.bytes, from) ? 4 : 6,
      kind: Kind.Tcp,
      source: formatAddress(table.bytes, from),
      sourcePort: table.sourcePort.of(slot),
      ...(mac === undefined ? {} : { sourceMac: mac }),
      destination: formatAddress(table.bytes, to),
      destinationPort: portOf(table.key.of(slot)),
      match: isOwn ? "address" : "network",
      evidence: table.has(slot, Mark.Handshake) ? "handshake" : "none",
      foundUs: ports.foundUs[found],
      triedUs: ports.triedUs[found],
      scanned: {
        number: ports.scan.of(found),
        startUs: ports.startUs[found],
        seed: ports.run.of(found) >>> 0,
        source: ports.text(found),
        evidence: ports.has(found, FoundMark.Handshake) ? "handshake" : "reset",
      },
    };
  }
}

/** Tells the addresses of one network apart; never 0. In the file too, so no key goes into it. */
function visitorTag(words: Int32Array, at: number): number {
  const tag = Math.imul(words[at + 2], 0x9e3779b1) ^ words[at + 3];
  return tag === 0 ? 1 : tag;
}
