// Which program a scan is: counts, for each scan that goes on, what its probes have in common, and says
// it when it is sure. Knows attempts as entries of the table; nothing of packets or events. What it
// counts by is made when a scan begins, or fits a rule for the first time, and is no more than `SCAN_COST`.
//
// It looks at attempts when they are counted, not at packets when they come: what was probed before the
// scan was found is then looked at too, and traffic that is no scan costs nothing.

import { Mark } from "../../table/attempt_state.ts";
import type { AttemptTable } from "../../table/attempt_table.ts";
import type { PortMap } from "../../table/port_map.ts";
import { confidenceOf } from "./confidence.ts";
import { type PortList, portListOf } from "./port_lists.ts";
import { type Order, PortOrder } from "./port_order.ts";
import { Probe } from "./probe.ts";
import { RULES } from "./rules.ts";
import { Tally } from "./tally.ts";

export interface Claim {
  name: string;
  /** Versions that are known to probe so. */
  versions: string;
  /** 0.9 to 0.99. */
  confidence: number;
  /** The signs by which it was told, in words. */
  matched: string[];
}

/** Classes of targets, for how many probes of each there were. */
const CLASSES = 9;
/** Probes of a class looked at in one scan: what these do not show, more would not either. */
const LOOKED_MAX = 4096;
/** Places in `RULES` of the rules for each class. */
const RULES_OF = Array.from(
  { length: CLASSES },
  (_, targetClass) => Array.from(RULES.keys()).filter((i) => RULES[i].targetClass === targetClass),
);
/** Bytes of the tallies of one scan, where each rule fits some of its probes. */
const TALLIES_COST = RULES.length * Tally.COST +
  RULES.filter(({ constant }) => constant !== undefined).length * Tally.VALUES_COST;
/** Timestamp and window of an OS probe; no clock starts there. */
const OS_PROBE_BITS = 16;

export class Tools {
  /** Bytes for each scan. */
  static readonly SCAN_COST = TALLIES_COST + CLASSES * 4 + 232;

  /** Of each scan, by rule; made with the first probe that fits. */
  declare private readonly tallies: (Tally | undefined)[];
  declare private readonly orders: PortOrder[];
  declare private readonly probes: Int32Array;
  declare private readonly osProbes: Uint8Array;
  private readonly probe = new Probe();

  /** `scans`: how many may go on at once. */
  constructor(scans: number) {
    this.orders = Array.from({ length: scans }, () => new PortOrder());
    this.tallies = new Array(scans * RULES.length).fill(undefined);
    this.probes = new Int32Array(scans * CLASSES);
    this.osProbes = new Uint8Array(scans);
  }

  /** A new scan has this place. */
  begin(scan: number): void {
    this.tallies.fill(undefined, scan * RULES.length, (scan + 1) * RULES.length);
    this.orders[scan] = new PortOrder();
    this.probes.fill(0, scan * CLASSES, (scan + 1) * CLASSES);
    this.osProbes[scan] = 0;
  }

  /** The scan counted an attempt; once each. */
  count(scan: number, table: AttemptTable, slot: number): void {
    const { probe } = this;
    this.again(scan, table, slot);
    if (!probe.read(table, slot)) return;
    const kind = scan * CLASSES + probe.targetClass;
    if (this.probes[kind] === LOOKED_MAX) return;
    this.probes[kind]++;
    this.orders[scan].count(probe);
    const rules = RULES_OF[probe.targetClass];
    for (let r = 0; r < rules.length; r++) {
      const i = rules[r];
      const { traits, constant } = RULES[i];
      let fits = true;
      for (let k = 0; fits && k < traits.length; k++) fits = traits[k].holds(probe);
      if (fits) (this.tallies[scan * RULES.length + i] ??= new Tally()).count(probe, constant);
    }
  }

  /** A further packet of an attempt that was counted. */
  again(scan: number, table: AttemptTable, slot: number): void {
    if (table.has(slot, Mark.OsProbe)) this.osProbes[scan] = 1;
  }

  /** The order of its ports; undefined where there is none or too few. */
  order(scan: number): Order | undefined {
    return this.orders[scan].order();
  }

  /** How it chose and ordered its ports, as far as that can be said. Allocates. */
  manner(scan: number, ports: PortMap): { order?: Order; choice?: PortList } {
    const order = this.order(scan);
    const choice = portListOf(ports);
    return {
      ...(order === undefined ? {} : { order }),
      ...(choice === undefined ? {} : { choice }),
    };
  }

  /** What is sure enough to be said, surest first. Allocates. */
  describe(scan: number): Claim[] {
    const claims = new Map<string, Claim & { bits: number }>();
    const claim = (name: string, versions: string, bits: number, matched: string[]) => {
      const known = claims.get(name);
      const confidence = confidenceOf(bits);
      if (confidence === 0) return;
      if (known === undefined) claims.set(name, { name, versions, confidence, matched, bits });
      else {
        known.matched.push(...matched.filter((words) => !known.matched.includes(words)));
        if (bits > known.bits) Object.assign(known, { versions, confidence, bits });
      }
    };
    RULES.forEach((rule, i) => {
      const matched: string[] = [];
      const bits = this.bitsOf(scan, i, matched);
      if (bits > 0) claim(rule.name, rule.versions, bits, matched);
    });
    const order = this.orders[scan].popularFirstBits();
    if (order > 0) claim("nmap", "4.80 to 7.95", order, ["popular ports first"]);
    if (this.osProbes[scan] !== 0) {
      claim("nmap", "4.20 to 7.95", OS_PROBE_BITS, ["OS detection"]);
    }
    return [...claims.values()].sort((a, b) => b.bits - a.bits)
      .map(({ name, versions, confidence, matched }) => ({ name, versions, confidence, matched }));
  }

  /** Evidence for one rule. */
  private bitsOf(scan: number, rule: number, matched: string[]): number {
    const { targetClass, traits, constant, habits, attemptsMin } = RULES[rule];
    const tally = this.tallies[scan * RULES.length + rule];
    if (tally === undefined) return 0;
    const { fits } = tally;
    // Where most probes of the kind are others, these are not the scan.
    if (fits < attemptsMin || fits * 2 < this.probes[scan * CLASSES + targetClass]) return 0;
    let bits = 0;
    for (const trait of traits) {
      bits += trait.bits;
      if (trait.bits > 0) matched.push(trait.words);
    }
    if (constant !== undefined && tally.isConstant()) {
      bits += constant.bits;
      matched.push(constant.words);
    }
    return bits + tally.habitBits(habits, matched);
  }
}
