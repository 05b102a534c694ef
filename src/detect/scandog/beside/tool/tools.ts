// Which program a scan is: counts what the probes of one scan have in common, and says it when it is
// sure. Knows attempts as entries of the table; nothing of packets or events. What it counts by is made
// when the scan begins, or fits a rule for the first time, and is no more than `SCAN_COST`.
//
// It looks at attempts when they are counted, not at packets when they come: what was probed before the
// scan was found is then looked at too, and traffic that is no scan costs nothing.

import { Mark } from "../../table/attempt_state.ts";
import type { AttemptTable } from "../../table/attempt_table.ts";
import type { PortMap } from "../../table/port_map.ts";
import { type PortList, portListOf } from "./port_lists.ts";
import { type Order, PortOrder } from "./port_order.ts";
import { Probe } from "./probe.ts";
import { type Rule, RULES, type Sign } from "./rules.ts";
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

/** Everything that probes: scanners by the dozen, their forks, scripts, malware. In bits. */
const PRIOR_BITS = 7;
/** Rather nothing is said than something that is not sure. */
const CLAIMED_MIN = 0.9;
/** However much there is, who knows the traits can imitate them. */
const CONFIDENCE_MAX = 0.99;
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
const OS_PROBE: Sign = { words: "OS detection", bits: 16 };

/** The attempt at hand: filled again and again. */
const probe = new Probe();

/** The signs of tools in one scan. */
export class Tools {
  /** Bytes for each scan. */
  static readonly SCAN_COST = TALLIES_COST + CLASSES * 4 + 232;

  /** By rule; made with the first probe that fits. */
  private readonly tallies: (Tally | undefined)[] = [];
  private readonly ports = new PortOrder();
  /** By class of targets. */
  private readonly probes = Array<number>(CLASSES).fill(0);
  private hasOsProbe = false;

  /** The scan counted an attempt; once each. */
  count(table: AttemptTable, slot: number): void {
    this.again(table, slot);
    if (!probe.read(table, slot)) return;
    if (this.probes[probe.targetClass] === LOOKED_MAX) return;
    this.probes[probe.targetClass]++;
    this.ports.count(probe);
    const rules = RULES_OF[probe.targetClass];
    for (let r = 0; r < rules.length; r++) {
      const i = rules[r];
      const { traits, constant } = RULES[i];
      let fits = true;
      for (let k = 0; fits && k < traits.length; k++) fits = traits[k].holds(probe);
      if (fits) (this.tallies[i] ??= new Tally()).count(probe, constant?.of(probe) ?? -1);
    }
  }

  /** A further packet of an attempt that was counted. */
  again(table: AttemptTable, slot: number): void {
    this.hasOsProbe ||= table.has(slot, Mark.OsProbe);
  }

  /** How it chose and ordered its ports, as far as that can be said. Allocates. */
  manner(ports: PortMap): { order?: Order; choice?: PortList } {
    const order = this.ports.order();
    const choice = portListOf(ports);
    return {
      ...(order === undefined ? {} : { order }),
      ...(choice === undefined ? {} : { choice }),
    };
  }

  /** What is sure enough to be said, surest first. Allocates. */
  describe(): Claim[] {
    const claims = new Map<string, Claim & { bits: number }>();
    const weigh = ({ name, versions }: Pick<Rule, "name" | "versions">, signs: readonly Sign[]) => {
      const bits = signs.reduce((sum, sign) => sum + sign.bits, 0);
      const confidence = confidenceOf(bits);
      if (confidence === 0) return;
      const matched = signs.filter((sign) => sign.bits > 0).map(({ words }) => words);
      const known = claims.get(name);
      if (known === undefined) claims.set(name, { name, versions, confidence, matched, bits });
      else {
        known.matched.push(...matched.filter((words) => !known.matched.includes(words)));
        if (bits > known.bits) Object.assign(known, { versions, confidence, bits });
      }
    };
    RULES.forEach((rule, i) => weigh(rule, this.signsOf(rule, this.tallies[i])));
    const inOrder = { words: "popular ports first", bits: this.ports.popularFirstBits() };
    weigh({ name: "nmap", versions: "4.80 to 7.95" }, [inOrder]);
    if (this.hasOsProbe) weigh({ name: "nmap", versions: "4.20 to 7.95" }, [OS_PROBE]);
    return [...claims.values()].sort((a, b) => b.bits - a.bits)
      .map(({ name, versions, confidence, matched }) => ({ name, versions, confidence, matched }));
  }

  /** What speaks for one rule. */
  private signsOf(rule: Rule, tally: Tally | undefined): Sign[] {
    const { targetClass, traits, constant, habits = [], attemptsMin } = rule;
    if (tally === undefined || tally.fits < attemptsMin) return [];
    // Where most probes of the kind are others, these are not the scan.
    if (tally.fits * 2 < this.probes[targetClass]) return [];
    const isConstant = constant !== undefined && tally.isConstant();
    return [...traits, ...(isConstant ? [constant] : []), ...habits.map((habit) => habit(tally))];
  }
}

/**
 * From 0.9 to 0.99, in hundredths; 0 when too little to be said. Bayes: before a look at the probes, 2^PRIOR_BITS
 * other programs are as likely as the one in question. Each bit of evidence halves them.
 */
export function confidenceOf(bits: number): number {
  const confidence = Math.floor(100 / (1 + 2 ** (PRIOR_BITS - bits))) / 100;
  return confidence < CLAIMED_MIN ? 0 : Math.min(CONFIDENCE_MAX, confidence);
}
