// All scans that go on: from the moment one is found to its last event. One scan, one story. Knows
// attempts, subjects and events; nothing of the shapes that it was found by.
//
// Starts may be told later than found: a scan with forged sources waits for a packet that tells which
// is real; and what the budget refuses waits for its turn (`Starts`).

import type { Telling as Told } from "../../../account.ts";
import type { Emit, ScanEvent } from "../../../event.ts";
import type { Visits } from "../beside/visit/visits.ts";
import type { ZombieSigns } from "../beside/zombie_signs.ts";
import type { Memory } from "../memory.ts";
import { Kind } from "../../../record.ts";
import { Outcome } from "../table/attempt_state.ts";
import { eachFailed, isOf } from "../table/attempt_chains.ts";
import { handleOf, indexOf } from "../table/stories.ts";
import type { View } from "../view.ts";
import { PINGED_MIN } from "../limits.ts";
import { BACKLOG_MAX, backlogOf, failedBefore, greet } from "./backlog.ts";
import { choosePrimary } from "./decoy_rank.ts";
import { isAnsweredPing, MEMBERS_MAX, Scan, ScanMaps } from "./scan.ts";
import { Starts } from "./starts.ts";
import { scanEvent } from "./story.ts";

/** Each update waits so many times longer than the one before. */
const UPDATE_GROWTH = 4;
/** Effort from which on a scan may take the place of one that rests. */
const EFFORT_MIN = 16;

/** The parts that a story is told with, and who hears it. */
export interface Telling {
  view: View;
  zombies: ZombieSigns;
  visits: Visits;
  emit: Emit;
}

export class Scans {
  /** By place: the scan that goes on there, or was the latest. */
  private readonly pool: Scan[] = [];
  /** By place; made when first used, and kept: most runs never see so many at once. */
  private readonly maps: ScanMaps[] = [];
  declare private readonly free: number[];
  /** Scans that go on, first found first. */
  private readonly active: Scan[] = [];
  private numbers = 0;
  /** So much effort was too little for a place at this time. */
  private leastUntold = 0;
  private leastMs = 0;
  declare private readonly memory: Memory;
  declare private readonly telling: Telling;
  declare private readonly starts: Starts;

  constructor(memory: Memory, telling: Telling) {
    const { scans: count } = memory.sizes;
    this.memory = memory;
    this.telling = telling;
    this.free = Array.from({ length: count }, (_, i) => count - 1 - i);
    this.starts = new Starts(memory, telling.emit, this.active);
  }

  /**
   * Begins a scan, found with `subject` by this `ShapeCode`, at so many attempts since `firstMs` (detector time);
   * undefined when too many go on that did as much. Those that were not told give way first: who rests, and then
   * who did less.
   */
  begin(
    subject: number,
    shape: number,
    kind: Scan["kindOfSources"] = "one",
    attempts = this.memory.subjects.failed.of(subject),
    firstMs = this.memory.subjects.firstMs.of(subject),
  ): Scan | undefined {
    const { clock, options } = this.memory;
    const slow = clock.since(firstMs) > options.slowAfter * 1000;
    const index = this.free.pop() ?? this.displace(this.starts.effortOf(subject, attempts, slow));
    if (index === undefined) {
      this.starts.unplaced(subject, attempts);
      return undefined;
    }
    const maps = (this.maps[index] ??= new ScanMaps()).clear();
    const number = ++this.numbers;
    const scan = this.pool[index] = new Scan(this.memory, number, handleOf(number, index), maps);
    this.memory.stories.begin(scan.handle);
    scan.slow = slow;
    scan.foundBy = shape;
    scan.kindOfSources = kind;
    this.active.push(scan);
    return scan;
  }

  /** The place of a scan that gives way to one of this effort. */
  private displace(effort: number): number | undefined {
    const { ms } = this.memory.clock;
    if (effort <= this.leastUntold && ms === this.leastMs) return undefined;
    const least = leastOf(this.active, ms);
    // Being told at all comes before one that rests, told or not; but that costs more than a few packets.
    const mayPush = effort >= EFFORT_MIN;
    const isKept = !least.announced && effort <= least.effort() &&
      !(mayPush && least.isResting(ms));
    const rest = isKept && mayPush
      ? this.active.filter((scan) => scan.announced && scan.isResting(ms))
      : [];
    if (isKept && rest.length === 0) {
      this.leastUntold = effort;
      this.leastMs = ms;
      return undefined;
    }
    const scan = isKept ? leastOf(rest, ms) : least;
    this.end(scan, !scan.announced);
    return this.free.pop();
  }

  /** The scan that a subject takes part in, or undefined. */
  of(subject: number): Scan | undefined {
    return this.withHandle(this.memory.subjects.scan.of(subject));
  }

  /** Takes a subject into a scan, with its failed attempts so far. */
  join(scan: Scan, subject: number): void {
    const { subjects } = this.memory;
    if (subjects.scan.of(subject) !== 0 || scan.members.length === MEMBERS_MAX) return;
    scan.members.push(subject);
    if (scan.primary < 0) scan.primary = subject;
    subjects.scan.set(subject, scan.handle);
    this.memory.account?.joined(scan, subject);
    // How it paced itself so far says how patient its end must be.
    const span = (subjects.lastMs.of(subject) - subjects.firstMs.of(subject)) >>> 0;
    const pause = span / Math.max(1, subjects.failed.of(subject) - 1);
    if (pause > scan.gapMs) scan.gapMs = pause;
    for (const slot of backlogOf(this.memory, scan, subject)) this.count(scan, slot);
  }

  private count(scan: Scan, slot: number): void {
    if (!scan.count(slot)) return;
    this.memory.account?.scanned(slot, scan);
    scan.tools.count(this.memory.table, slot);
    this.telling.visits.found(scan, slot);
  }

  /** Counts an attempt that failed after its source's scan was found. */
  goOn(scan: Scan, slot: number): void {
    const wereFew = scan.pings < PINGED_MIN;
    const isGreeting = wereFew && isAnsweredPing(this.memory.table, slot);
    if (isGreeting) greet(this.memory, scan, slot);
    else this.count(scan, slot);
    if (wereFew && scan.pings >= PINGED_MIN) this.countGreetings(scan, slot);
    else if (isGreeting) return;
    scan.goOn(this.latestMs(slot));
    if (this.starts.hasRisen(scan)) this.tell(scan);
  }

  /** So many pings are a sweep: those of the attempt's source that passed for greetings are part of it. */
  private countGreetings(scan: Scan, slot: number): void {
    const member = scan.members.find((subject) => isOf(this.memory, slot, subject));
    if (member === undefined) return;
    for (const greeting of failedBefore(this.memory, scan, member)) this.count(scan, greeting);
  }

  /**
   * Detector time of the latest packet of an attempt, which may be judged long after it: when a capture pauses, what
   * waits is judged at the next packet, and that is no pause of the scan's.
   */
  private latestMs(slot: number): number {
    const { table, clock } = this.memory;
    const ms = (table.createdMs.of(slot) + table.repeatMs.of(slot)) >>> 0;
    return ((clock.ms - ms) | 0) < 0 ? clock.ms : ms;
  }

  /** A probe of a subject that takes part in a scan was seen, but a flood left no time to follow it. */
  leaveOut(subject: number): void {
    const scan = this.of(subject);
    if (scan === undefined) return;
    const { clock } = this.memory;
    scan.unfollowed++;
    if (clock.lastUs > scan.endUs) scan.endUs = clock.lastUs;
    scan.goOn(clock.ms);
  }

  /** An attempt was used. Where it was aimed at what the scan is after, it found an open port. */
  use(scan: Scan, slot: number): void {
    if (scan.resembles(slot)) this.goOn(scan, slot);
  }

  /** A probe that was counted came again. */
  repeat(slot: number): void {
    const scan = this.ofAttempt(slot);
    if (scan === undefined) return;
    const { table, clock } = this.memory;
    scan.tools.again(table, slot);
    if (clock.lastUs > scan.endUs) scan.endUs = clock.lastUs;
    // Who uses what it found does not scan any longer.
    if (table.outcome(slot) >= Outcome.Refused) scan.goOn(clock.ms);
  }

  /**
   * Tells a scan of one source, whose attempts were all counted; later, where it was not seen itself, or asked for
   * neighbours and may be a router.
   */
  startFound(handle: number): void {
    const scan = this.withHandle(handle);
    if (scan === undefined) return;
    scan.isDoubted = scan.kind() === Kind.Arp && !this.isFrom(scan, "isHost");
    const isLate = scan.isUnseen || scan.isDoubted;
    this.start(scan, isLate ? this.memory.options.decoyWait * 1000 : 0);
  }

  /** True for a scan that a host's link-layer address sent, or a router's: what that forwards may have been seen since. */
  private isFrom(scan: Scan, what: "isHost" | "isRouter"): boolean {
    const { subjects } = this.memory;
    const at = subjects.addressAt(scan.primary);
    return this.telling.view.links[what](scan.linkSource(), subjects.words, at);
  }

  /** Tells the start, now or when it is due. */
  start(scan: Scan, waitMs: number): void {
    scan.nextUpdateMs = (this.memory.clock.ms + this.memory.options.updateFirst * 1000) >>> 0;
    if (waitMs === 0) return this.tell(scan);
    scan.tellMs = Math.max(1, (this.memory.clock.ms + waitMs) >>> 0);
  }

  /** `isNext`: its turn has come. */
  private tell(scan: Scan, isNext = false): void {
    scan.tellMs = 0;
    const why = this.tellingOf(scan);
    if (why !== "told") {
      scan.isDropped = true;
      this.starts.leave(scan);
      this.memory.account?.told(scan, why);
      return;
    }
    scan.may = this.memory.options.mayTell?.(scan.number) ?? "now";
    if (scan.may !== "now") return;
    if (scan.members.length > 1) choosePrimary(this.memory, this.telling.view, scan);
    if (!isNext && !this.starts.ask(scan)) return;
    scan.announced = true;
    this.memory.account?.told(scan, "told");
    scan.namedUs = scan.startUs;
    scan.updatedAttempts = scan.attempts;
    this.telling.visits.told(scan);
    // The clock may have stepped back since the scan's last attempt.
    scan.toldUs = Math.max(this.memory.clock.lastUs, scan.endUs);
    this.sayScan(scan, "scan-start");
  }

  /** What becomes of a scan's start, but for how many may be told. */
  private tellingOf(scan: Scan): Told {
    // All its attempts were another scan's, or are forgotten by now.
    if (scan.attempts === 0) return "nothing";
    // A source that is seen sending other things would have been seen probing: it sent no probe.
    const { senders } = this.telling.view;
    if (scan.isUnseen && senders.has(this.memory.hashOf(scan.primary))) return "forged";
    return scan.isDoubted && this.isFrom(scan, "isRouter") ? "router" : "told";
  }

  /** Tells those whose turn has come. */
  private tellWaiting(): void {
    let next;
    while ((next = this.starts.next()) !== undefined) this.tell(next, true);
  }

  /** Its next update is due: it has become another. */
  hurryUpdate(scan: Scan): void {
    scan.nextUpdateMs = this.memory.clock.ms;
  }

  /** Takes a subject into a scan in another's place; false where the other is what the scan is named after. */
  exchange(scan: Scan, from: number, to: number): boolean {
    const { subjects, clock } = this.memory;
    const place = scan.members.indexOf(from);
    if (place < 0 || (scan.announced && scan.primary === from)) return false;
    subjects.scan.set(from, 0);
    const group = subjects.group.of(from);
    subjects.reset(from, clock.ms);
    subjects.group.set(from, group);
    // The order is that in which they came, but for the one that fills the gap.
    const last = scan.members.pop()!;
    if (last !== from) scan.members[place] = last;
    if (scan.primary === from) scan.primary = to;
    this.join(scan, to);
    return true;
  }

  /** Looks which scans are due: to be told, updated, ended. */
  turn(): void {
    const { clock: { ms }, options } = this.memory;
    // Those found last come first, for one that ends leaves the list.
    const scans = this.active.toReversed();
    for (const scan of scans) {
      // One that was proved real meanwhile waits no longer.
      if (scan.isTellDue(ms) || this.starts.hasRisen(scan)) this.tell(scan);
    }
    this.tellWaiting();
    for (const scan of scans) {
      if (((ms - scan.lastMs) >>> 0) >= scan.patienceMs(options)) this.end(scan);
      else if (((ms - scan.nextUpdateMs) | 0) >= 0) this.update(scan);
    }
    this.starts.turn();
  }

  /** In how many milliseconds `turn` has something to do, if nothing comes. */
  dueMs(): number {
    const { clock: { ms }, options } = this.memory;
    const scansMs = this.active.map((scan) => scan.dueMs(ms, options));
    return Math.min(this.starts.dueMs(), ...scansMs);
  }

  private update(scan: Scan): void {
    const { ms } = this.memory.clock;
    scan.nextUpdateMs = (ms + UPDATE_GROWTH * ((ms - scan.beganMs) >>> 0)) >>> 0;
    if (!scan.announced || scan.attempts === scan.updatedAttempts) return;
    scan.updatedAttempts = scan.attempts;
    this.sayScan(scan, "scan-update");
  }

  /** Ends a scan; `isKept`: what its sources did may be found anew. */
  end(scan: Scan, isKept = false): void {
    if (!isKept && scan.isUntold()) this.tell(scan);
    if (scan.announced) this.sayScan(scan, "scan-end");
    else if (isKept && scan.isPassedOver()) this.starts.withhold(scan, "budget");
    this.starts.leave(scan);
    this.telling.visits.ended(scan);
    const { subjects, clock, stories } = this.memory;
    for (const subject of scan.members) {
      subjects.scan.set(subject, 0);
      if (isKept) this.release(scan, subject);
      else subjects.reset(subject, clock.ms);
    }
    this.active.splice(this.active.indexOf(scan), 1);
    this.free.push(scan.index());
    stories.end(scan.handle);
    scan.handle = 0;
    this.leastUntold = 0;
  }

  /** A scan that was not told gives way: its attempts are free for the next one of their source. */
  private release(scan: Scan, subject: number): void {
    const { table, subjects } = this.memory;
    // What failed since it was found was only counted in it.
    const since = scan.attempts - subjects.failed.of(subject);
    if (scan.members.length === 1 && since > 0) subjects.failed.add(subject, since);
    eachFailed(this.memory, subject, BACKLOG_MAX, (slot) => {
      if (table.scan.of(slot) === scan.handle) table.scan.set(slot, 0);
    });
  }

  /** The capture has ended: all scans end. */
  finish(): void {
    this.tellWaiting();
    for (const scan of [...this.active]) this.end(scan);
    this.starts.finish();
  }

  private sayScan(scan: Scan, action: ScanEvent["action"]): void {
    const { memory: { subjects }, telling: { view, emit } } = this;
    // One that was told after a second look is not over before it began.
    const event = scanEvent(scan, subjects, Math.max(scan.endUs, scan.toldUs), action);
    const zombie = this.zombieSigns(scan, event);
    // Where all probes came from, if that is one machine on the link.
    const at = subjects.addressAt(scan.primary);
    const sourceMac = view.links.machineOf(scan.linkSource(), subjects.words, at);
    scan.isZombie = zombie !== undefined;
    emit({
      ...event,
      ...(zombie === undefined ? {} : { zombie }),
      ...(sourceMac === undefined ? {} : { sourceMac }),
    });
  }

  /**
   * Of several sources each has a path of its own, and which is real is known otherwise. One that
   * completed a handshake saw our answers, so it is none.
   */
  private zombieSigns(scan: Scan, event: ScanEvent): string[] | undefined {
    const { hops, sourcePort, evidence } = event;
    if (scan.kindOfSources !== "one" || evidence === "handshake") return undefined;
    const { memory, memory: { subjects } } = this;
    const at = subjects.addressAt(scan.primary), hash = memory.hashOf(scan.primary);
    return this.telling.zombies.of(subjects.words, at, hash, hops, sourcePort);
  }

  /** Notes what an attempt that was counted has become. */
  outcome(slot: number): void {
    const scan = this.ofAttempt(slot);
    if (scan === undefined) return;
    scan.outcome(slot);
    this.telling.visits.found(scan, slot);
  }

  /** The scan that goes on and has counted the attempt, if any. */
  ofAttempt(slot: number): Scan | undefined {
    return this.withHandle(this.memory.table.scan.of(slot));
  }

  /** The scan with this handle, if it goes on. */
  withHandle(handle: number): Scan | undefined {
    if (handle === 0) return undefined;
    const scan = this.pool[indexOf(handle)];
    return scan.handle === handle ? scan : undefined;
  }
}

/** The first of those that are worth least. */
function leastOf(scans: readonly Scan[], ms: number): Scan {
  let [least] = scans, worth = least.worth(ms);
  for (let i = 1; i < scans.length; i++) {
    const other = scans[i].worth(ms);
    if (other < worth) [least, worth] = [scans[i], other];
  }
  return least;
}
