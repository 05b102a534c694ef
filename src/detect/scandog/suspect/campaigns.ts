// One scan from several sources, each below every threshold: they share the target and the looks of
// their packets. Knows subjects and signatures.
//
// Two kinds: many ports of one host, and one port over the hosts of one network. The sources must
// each have tried more than once (a flood of forged sources has not), must be few against their
// attempts, and must act within the same minutes. The internet's background noise has many sources,
// too, but each with looks of its own and none in a hurry.

import {
  ATTEMPTS_PER_SOURCE,
  ATTEMPTS_PER_SOURCE_IN_FLOOD,
  CAMPAIGN_GAP_MS,
  GROUP_FACTOR,
} from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, isHostClass } from "../probe/classes.ts";
import type { Scans } from "../scan/scans.ts";
import type { Machines } from "./machines.ts";
import { enoughPoints, enoughWeight, isFailing, ShapeCode } from "../shape/shapes.ts";
import { pointsIn, weightIn } from "../table/attempt_entries.ts";
import { Mark } from "../table/attempt_state.ts";

const CAMPAIGNS = 2048;
const MEMBERS = 32;
/** Bits of targets, in words of 32: several times as many as a scan has targets when it is found. */
const BIT_WORDS = 16;

/** The two kinds: what is counted of each attempt, how much is enough, and what keeps their hashes apart. */
const PORTS = { shape: ShapeCode.GroupPorts, of: weightIn, enough: enoughWeight, salt: 0x3a11 };
const HOSTS = { shape: ShapeCode.GroupHosts, of: pointsIn, enough: enoughPoints, salt: 0x3a12 };

class Campaign {
  declare check: number;
  declare firstMs: number;
  declare lastMs: number;
  declare weight: number;
  declare attempts: number;
  readonly bits = new Int32Array(BIT_WORDS);
  /** Subjects, and which of those that had their places in the table, by generation. */
  readonly members = new Map<number, number>();
  /** Sources for which there was no place among the members; who comes again counts again. */
  declare others: number;
  /** Handle of the scan it has become; 0 before. */
  declare scan: number;

  begin(check: number, ms: number): void {
    this.check = check;
    this.firstMs = this.lastMs = ms;
    this.members.clear();
    this.weight =
      this.attempts =
      this.others =
      this.scan =
        0;
    this.bits.fill(0);
  }
}

export class Campaigns {
  /** Each is made when first used, and kept. */
  private readonly campaigns: (Campaign | undefined)[] = new Array(CAMPAIGNS).fill(undefined);
  declare private readonly memory: Memory;
  declare private readonly scans: Scans;
  declare private readonly machines: Machines;

  constructor(memory: Memory, scans: Scans, machines: Machines) {
    this.memory = memory;
    this.scans = scans;
    this.machines = machines;
  }

  /**
   * Adds a weighed attempt of a subject that is in no scan to its two campaigns: of the host, and of the port. `host`
   * and `port`: the pairs of the subject with them.
   */
  consider(slot: number, subject: number, host: number, port: number): void {
    const { table, hash, subjects, pairs, options } = this.memory;
    // A probe that was not seen looks like nothing, and so does any other of them.
    if (table.has(slot, Mark.ReplyOnly)) return;
    // All stacks of one make look alike: a client of the host, or of the port, who fails there now and then, is none of
    // those who scan it.
    const { failureRatio } = options;
    if (!isFailing(pairs.failed.of(host), pairs.used.of(host), failureRatio)) return;
    const key = table.key.of(slot), target = table.targetHash(slot);
    if (!isHostClass(classOf(key))) this.note(PORTS, target, hash.pair(key, 0), slot, subject);
    if (subjects.scan.of(subject) !== 0) return;
    if (!isFailing(pairs.failed.of(port), pairs.usedStill(port), failureRatio)) return;
    const network = hash.network(table.words, table.targetAt(slot));
    this.note(HOSTS, hash.pair(network, key), target, slot, subject);
  }

  /** `where`: hash of what all of a campaign try; `what`: of what each of its attempts tries. */
  private note(
    kind: typeof PORTS | typeof HOSTS,
    where: number,
    what: number,
    slot: number,
    subject: number,
  ): void {
    const { table, hash, options, account, flooded } = this.memory;
    const counted = kind.of(table.charged.of(slot));
    if (counted === 0) return;
    const campaign = this.find(hash.triple(where, table.signature.of(slot), kind.salt));
    if (campaign === undefined) return;
    const scan = this.scans.withHandle(campaign.scan);
    if (scan !== undefined) {
      // Who fails at what others asked before adds nothing: it may be a client of the same make.
      if (!scan.hasTried(slot)) this.machines.join(scan, subject);
      return;
    }
    const mask = 1 << (what & 31), at = what >>> 5 & (BIT_WORDS - 1);
    if ((campaign.bits[at] & mask) !== 0) return;
    campaign.bits[at] |= mask;
    campaign.weight += counted;
    campaign.attempts++;
    this.addMember(campaign, subject);
    const { shape } = kind, reached = campaign.weight;
    const enough = kind.enough(GROUP_FACTOR, options),
      sources = campaign.members.size + campaign.others;
    const perSource = flooded.isAny() ? ATTEMPTS_PER_SOURCE_IN_FLOOD : ATTEMPTS_PER_SOURCE;
    const isScan = reached >= enough && sources >= options.groupSources &&
      campaign.attempts >= perSource * sources;
    // Without a question no answer is made, so that this allocates nothing.
    account?.grouped(subject, { shape, reached, enough, sources, isScan });
    if (isScan) this.begin(campaign, shape);
  }

  /** The campaign of this hash, begun anew where it rested; undefined: there is no place. */
  private find(id: number): Campaign | undefined {
    const place = id & (CAMPAIGNS - 1);
    const { clock } = this.memory;
    const campaign = this.campaigns[place] ??= new Campaign();
    const isResting = clock.since(campaign.lastMs) > CAMPAIGN_GAP_MS;
    if (campaign.check !== id || isResting) {
      // One that grows is not displaced by one that only collides.
      if (campaign.check !== id && campaign.members.size > 1 && !isResting) return undefined;
      campaign.begin(id, clock.ms);
    }
    campaign.lastMs = clock.ms;
    return campaign;
  }

  private addMember(campaign: Campaign, subject: number): void {
    const { members } = campaign;
    if (members.has(subject)) return;
    if (members.size === MEMBERS) campaign.others++;
    else members.set(subject, this.memory.subjects.generation.of(subject));
  }

  private begin(campaign: Campaign, shape: number): void {
    const { firstMs, attempts, members } = campaign;
    const [first] = members.keys();
    const scan = this.scans.begin(first, shape, "distributed", attempts, firstMs);
    if (scan === undefined) return;
    for (const [subject, generation] of members) {
      // A place may have been taken over by another subject since.
      if (this.memory.subjects.generation.of(subject) === generation) {
        this.scans.join(scan, subject);
      }
    }
    campaign.scan = scan.handle;
    this.scans.start(scan, this.machines.complete(scan));
  }
}
