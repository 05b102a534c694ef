// Which sensors saw each attempt of a scan, and from that whether the correlator tells the scan. It does so only
// where no sensor told it, or could have told it, from its own attempts, and where the attempts are no repeated checks
// of a monitor. The judging half of the detector reports attempts and scans here, as to any account, and asks
// before it tells a scan. Knows attempts, scans and numbers of sensors; nothing of streams.

import type { MayTell } from "../detector.ts";
import type { Account, AccountTables } from "../detect/scandog/account/account.ts";
import { ACCEPTED_MAX, GROUP_FACTOR } from "../detect/scandog/limits.ts";
import type { ScandogOptions } from "../detect/scandog/options.ts";
import { EXOTIC } from "../detect/scandog/probe/techniques.ts";
import type { Scan } from "../detect/scandog/scan/scan.ts";
import { pointsIn, weightIn } from "../detect/scandog/table/attempt_entries.ts";
import { indexOf } from "../detect/scandog/table/stories.ts";
import { Failure } from "../detect/scandog/weigh/failures.ts";
import { fewestOf, isScan, type Weighed } from "./enough.ts";
import type { OwnScans } from "./own_scans.ts";

/** A source that asks a target repeatedly, over so long a time, checks it as a monitor does. */
const CHECKED_SECONDS = 60;
/** Between two decisions about a scan that may not be told yet, in the stream's time. Microseconds. */
const LOOK_US = 2e6;
/** Attempts kept of a scan until it is told. No monitor has more targets, so a scan that reaches this is told at once. */
const SEEN_MAX = ACCEPTED_MAX;
/** Sources of one scan for which the scans that sensors told themselves are looked up. */
const SOURCES_MAX = 128;
/** Scans told by sensors that one event names at most. */
const JOINED_MAX = 64;
const NOBODY = -1;

/** An attempt of a scan. */
interface Seen extends Weighed {
  slot: number;
  firstUs: number;
  /** A probe that no TCP sends, so no monitor either. */
  isExotic: boolean;
  /** Its source asked again and again: see `CHECKED_SECONDS`. */
  isChecked: boolean;
  /** Numbers of the first two sensors that saw it; `NOBODY` where there is none. */
  first: number;
  second: number;
  /** Both saw the very same packet. */
  isSame: boolean;
}

/** All that is kept of one scan. */
interface Story {
  scan: Scan;
  sources: Set<string>;
  /** All sensors that saw something of it. */
  sensors: Set<number>;
  /** By slot: its attempts, until it is told. */
  seen: Map<number, Seen>;
  /** Sensors that told it from their own attempts, or could. */
  tellers: Set<number>;
  may: MayTell | undefined;
  lookedUs: number;
  isChanged: boolean;
}

export class Spread {
  /** Takes notes of what the judging half decides. */
  readonly account: Account = {
    open: (tables) => this.open(tables),
    begun: (slot) => this.begun(slot),
    joined: (scan, subject) => this.joined(scan, subject),
    scanned: (slot, scan) => this.scanned(slot, scan),
    settled() {},
    decided() {},
    weighed() {},
    reached() {},
    overlooked() {},
    grouped() {},
    told() {},
    happened() {},
    gated() {},
  };
  /** Of the outcome at hand: the sensor that reported it, and for how long its source has repeated it (microseconds). */
  sensor = NOBODY;
  lengthUs = 0;
  /** The input is over: what would otherwise wait for more is decided now. */
  isOver = false;
  private readonly stories = new Map<number, Story>();
  /** By place in the detector's pool of scans: the number of the scan that has it, or had it last. */
  private readonly byPlace: number[] = [];
  private readonly failure = new Failure();
  declare private readonly options: ScandogOptions;
  declare private readonly groupThresholds: ScandogOptions;
  declare private readonly fewest: number;
  declare private readonly secondLookUs: number;
  declare private readonly own: OwnScans;
  declare private tables: AccountTables;
  /** By slot of the attempt: the sensor that reported it first, and a second one that saw it. */
  declare private owners: Int32Array;
  declare private others: Int32Array;
  /** For how long the attempt was repeated, as reported by the first and by the second. Seconds. */
  declare private ownerLengths: Float32Array;
  declare private otherLengths: Float32Array;
  /** 1: both saw the very same packet. */
  declare private same: Uint8Array;

  /** `secondLookUs`: an attempt that was not repeated for so long is no check. Microseconds. */
  constructor(options: ScandogOptions, secondLookUs: number, own: OwnScans) {
    this.options = options;
    this.groupThresholds = {
      ...options,
      scanWeight: options.scanWeight * GROUP_FACTOR,
      sweepHosts: options.sweepHosts * GROUP_FACTOR,
    };
    this.fewest = fewestOf(options);
    this.secondLookUs = secondLookUs;
    this.own = own;
  }

  private open(tables: AccountTables): void {
    this.tables = tables;
    this.owners = new Int32Array(tables.table.slots).fill(NOBODY);
    this.others = new Int32Array(tables.table.slots).fill(NOBODY);
    this.ownerLengths = new Float32Array(tables.table.slots);
    this.otherLengths = new Float32Array(tables.table.slots);
    this.same = new Uint8Array(tables.table.slots);
  }

  private begun(slot: number): void {
    this.owners[slot] = this.sensor;
    this.others[slot] = NOBODY;
    this.same[slot] = 0;
    this.ownerLengths[slot] = this.lengthUs / 1e6;
  }

  /** True when every sensor that saw the attempt reports that it was repeated long enough. */
  private isChecked(slot: number): boolean {
    return this.ownerLengths[slot] >= CHECKED_SECONDS &&
      (this.others[slot] === NOBODY || this.otherLengths[slot] >= CHECKED_SECONDS);
  }

  /** The sensor that reported the attempt in this slot first. */
  ownerOf(slot: number): number {
    return this.owners[slot];
  }

  /**
   * The current sensor reports an attempt that is known already, because it saw it as well or because more became of it.
   * `isSame`: it saw the very packet that the attempt was first reported with.
   */
  sawAgain(slot: number, isSame: boolean): void {
    const { sensor, owners, others } = this;
    const isOwner = owners[slot] === sensor;
    if (!isOwner && others[slot] === NOBODY) others[slot] = sensor;
    if (isOwner) this.ownerLengths[slot] = this.lengthUs / 1e6;
    else if (others[slot] === sensor) {
      this.otherLengths[slot] = this.lengthUs / 1e6;
      if (isSame) this.same[slot] = 1;
    }
    const story = this.storyOf(slot);
    if (story === undefined) return;
    story.sensors.add(sensor);
    this.keep(slot, story);
  }

  private storyOf(slot: number): Story | undefined {
    const handle = this.tables.table.scan.of(slot);
    if (handle === 0) return undefined;
    const story = this.stories.get(this.byPlace[indexOf(handle)]);
    return story?.scan.handle === handle ? story : undefined;
  }

  private joined(scan: Scan, subject: number): void {
    const { subjects } = this.tables;
    const { sources } = this.of(scan);
    if (sources.size === SOURCES_MAX) return;
    sources.add(subjects.text(subject));
  }

  private scanned(slot: number, scan: Scan): void {
    const story = this.of(scan);
    const owner = this.owners[slot], other = this.others[slot];
    if (owner !== NOBODY) story.sensors.add(owner);
    if (other !== NOBODY) story.sensors.add(other);
    this.keep(slot, story);
  }

  /** Keeps what is known of an attempt of a scan that is not told. */
  private keep(slot: number, story: Story): void {
    if (story.may === "now" || (story.seen.size >= SEEN_MAX && !story.seen.has(slot))) return;
    const seen = this.look(slot);
    if (isOfTellers(seen, story.tellers)) return;
    story.seen.set(slot, seen);
    story.isChanged = true;
  }

  private look(slot: number): Seen {
    const { options, tables: { table } } = this;
    const exotic = table.techniques.of(slot) & EXOTIC;
    const charged = table.charged.of(slot);
    this.failure.weigh({ table, options }, slot, exotic, false);
    // The charge takes excuses into account, but attempts after the scan was found are not charged.
    const { weight, points } = charged === 0
      ? this.failure
      : { weight: weightIn(charged), points: pointsIn(charged) };
    return {
      slot,
      host: table.targetHash(slot),
      key: table.key.of(slot),
      weight,
      points,
      firstUs: table.firstUs(slot),
      isExotic: exotic !== 0,
      isChecked: this.isChecked(slot),
      first: this.owners[slot],
      second: this.others[slot],
      isSame: this.same[slot] !== 0,
    };
  }

  private of(scan: Scan): Story {
    const known = this.stories.get(scan.number);
    if (known !== undefined) return known;
    const place = scan.index();
    this.stories.delete(this.byPlace[place]);
    this.byPlace[place] = scan.number;
    const story: Story = {
      scan,
      sources: new Set(),
      sensors: new Set(),
      seen: new Map(),
      tellers: new Set(),
      may: undefined,
      lookedUs: -Infinity,
      isChanged: true,
    };
    this.stories.set(scan.number, story);
    return story;
  }

  /** See `ScandogOptions.mayTell`. */
  readonly mayTell = (number: number): MayTell => {
    const story = this.stories.get(number);
    if (story === undefined) return "not";
    if (story.may === "now") return "now";
    const nowUs = this.tables.clock.lastUs;
    const isDue = story.isChanged || story.may === "later" || this.isOver;
    const isSoon = Math.abs(nowUs - story.lookedUs) < LOOK_US && !this.isOver;
    if (story.may !== undefined && (!isDue || isSoon)) return story.may;
    story.lookedUs = nowUs;
    story.isChanged = false;
    story.may = this.decide(story, nowUs);
    if (story.may === "now") story.seen.clear();
    return story.may;
  };

  private decide(story: Story, nowUs: number): MayTell {
    this.findTellers(story);
    const seen = [...story.seen.values()];
    const rest = seen.filter((one) => !isOfTellers(one, story.tellers));
    if (!this.isSpread(rest, story, seen)) return "not";
    if (story.seen.size >= SEEN_MAX) return "now";
    const isOld = ({ firstUs }: Seen) => this.isOver || nowUs - firstUs >= this.secondLookUs;
    const unchecked = rest.filter(({ isChecked }) => !isChecked);
    const once = unchecked.filter((one) => one.isExotic || isOld(one));
    if (this.isSpread(once, story, seen)) return "now";
    return this.isSpread(unchecked, story, seen) ? "later" : "not";
  }

  /** True when these attempts are a scan together, and at least two sensors beside its tellers saw some of them. */
  private isSpread(attempts: readonly Seen[], story: Story, all: readonly Seen[]): boolean {
    const voices = new Set(attempts.flatMap(({ first, second }) => [first, second]));
    voices.delete(NOBODY);
    if (voices.difference(story.tellers).size < 2) return false;
    const thresholds = this.thresholdsOf(story.scan);
    if (isScan(attempts, thresholds)) return true;
    // The detector found it by another rule than these thresholds: then they must be two thirds of what it found.
    return story.tellers.size === 0 && !isScan(all, thresholds) &&
      3 * attempts.length >= 2 * all.length;
  }

  private thresholdsOf({ kindOfSources }: Scan): ScandogOptions {
    return kindOfSources === "one" ? this.options : this.groupThresholds;
  }

  /** Adds the sensors that told it, and those whose own attempts reach the thresholds: they tell it themselves. */
  private findTellers(story: Story): void {
    const { tellers, seen, scan } = story;
    const before = tellers.size;
    for (const source of story.sources) this.own.ofSource(source, (sensor) => tellers.add(sensor));
    const thresholds = this.thresholdsOf(scan);
    for (const [sensor, own] of Map.groupBy(seen.values(), ({ first }) => first)) {
      if (own.length < this.fewest || tellers.has(sensor)) continue;
      if (isScan(own, thresholds)) tellers.add(sensor);
    }
    if (tellers.size === before) return;
    // Their attempts are told by them, and need no place here.
    for (const [slot, one] of seen) if (isOfTellers(one, tellers)) seen.delete(slot);
  }

  /** Numbers of the sensors that saw the scan, and names of the scans that sensors told and that are part of it. */
  told(number: number): { sensors: ReadonlySet<number>; joined: string[] } | undefined {
    const story = this.stories.get(number);
    if (story === undefined) return undefined;
    const joined = new Set<string>();
    for (const source of story.sources) {
      this.own.ofSource(source, (_, id) => joined.size < JOINED_MAX && joined.add(id));
    }
    return { sensors: story.sensors, joined: [...joined].sort() };
  }
}

/**
 * True when sensors that tell the scan themselves tell this attempt too. Where a second sensor saw it, one teller is enough
 * only if both saw the very same packet: otherwise a lying sensor could claim attempts that it never saw, and so keep the
 * correlator from telling them.
 */
function isOfTellers({ first, second, isSame }: Seen, tellers: ReadonlySet<number>): boolean {
  const isFirst = tellers.has(first);
  if (second === NOBODY) return isFirst;
  const isSecond = tellers.has(second);
  return isSame ? isFirst || isSecond : isFirst && isSecond;
}
