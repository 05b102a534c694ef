// The parts that say who answers for a failure, over a table that a test fills by hand: no packet, no judging.

import type { Account } from "../../../../src/detect/scandog/account/account.ts";
import { Visits } from "../../../../src/detect/scandog/beside/visit/visits.ts";
import { ZombieSigns } from "../../../../src/detect/scandog/beside/zombie_signs.ts";
import type { ScandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Scans } from "../../../../src/detect/scandog/scan/scans.ts";
import { Campaigns } from "../../../../src/detect/scandog/suspect/campaigns.ts";
import { LookAlikes } from "../../../../src/detect/scandog/suspect/look_alikes.ts";
import { Machines } from "../../../../src/detect/scandog/suspect/machines.ts";
import { Sources } from "../../../../src/detect/scandog/suspect/sources.ts";
import { DECISIONS } from "../../../../src/decision.ts";
import type { Reached } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Entries, SOURCE, words } from "../entries.ts";

/** What was said of an attempt's classes, and added: weight, points, port class, host class. */
type Weighed = [number, number, number, number];

/** What of the decisions was said. */
export class Said {
  /** Names of decisions, and what attempts weighed, in turn. */
  readonly decisions: string[] = [];
  readonly weighed: Weighed[] = [];
  readonly shapes: (readonly Reached[])[] = [];

  /** Says nothing of all else that accounts are told. */
  static account(said: Said): Account {
    const told: Partial<Account> = {
      decided: (_, why) => void said.decisions.push(DECISIONS[why].name),
      weighed: (_, ...all) => void said.weighed.push(all),
      reached: (_slot, _subject, shapes) => void said.shapes.push(shapes),
    };
    return new Proxy(told, {
      get: (_, name) => told[name as keyof Account] ?? (() => {}),
    }) as Account;
  }
}

export class Suspects extends Entries {
  readonly scans: Scans;
  readonly machines: Machines;
  readonly lookAlikes: LookAlikes;
  readonly campaigns: Campaigns;
  readonly sources: Sources;

  constructor(options: Partial<ScandogOptions> = {}, readonly said = new Said()) {
    super({ account: Said.account(said), ...options });
    const { memory, view } = this;
    const emit = () => {};
    const visits = new Visits(memory, view.links, emit);
    this.scans = new Scans(memory, { view, emit, visits, zombies: new ZombieSigns() });
    this.machines = new Machines(memory, view, this.scans);
    this.lookAlikes = new LookAlikes(memory, this.scans, this.machines);
    this.campaigns = new Campaigns(memory, this.scans, this.machines);
    const { scans, lookAlikes, machines, campaigns } = this;
    this.sources = new Sources(memory, scans, lookAlikes, machines, campaigns);
  }

  /** A subject with a place of its own. */
  admit(source = SOURCE): number {
    const { subjects, clock } = this.memory;
    return subjects.admit(words(source), 0, 0, this.hash(source), clock.ms);
  }
}
