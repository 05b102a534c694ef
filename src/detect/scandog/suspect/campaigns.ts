// One scan from several sources, each below every threshold: they share the target and the looks of
// their packets. Knows subjects and signatures.
//
// Two kinds: many ports of one host, and one port over the hosts of one network. The sources must
// each have tried more than once (a flood of forged sources has not), must be few against their
// attempts, and must act within the same minutes. The internet's background noise has many sources,
// too, but each with looks of its own and none in a hurry.

import type { Singles } from "../beside/flood/singles.ts";
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
import { LAST_OCTET } from "../table/network_prefix.ts";

const CAMPAIGNS = 2048;
const MEMBERS = 32;
/** Bits of targets, in words of 32: several times as many as a scan has targets when it is found. */
const BIT_WORDS = 16;
const PORTS = 0x3a11;
const HOSTS = 0x3a12;

class Campaign {
  check = 0;
  firstMs = 0;
  lastMs = 0;
  weight = 0;
  attempts = 0;
  readonly bits = new Int32Array(BIT_WORDS);
  readonly members = new Int32Array(MEMBERS);
  readonly generations = new Int32Array(MEMBERS);
  count = 0;
  /** Sources for which there was no place among the members; who comes again counts again. */
  others = 0;
  /** Handle of the scan it has become; 0 before. */
  scan = 0;

  begin(check: number, ms: number): void {
    this.check = check;
    this.firstMs = ms;
    this.weight =
      this.attempts =
      this.count =
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
  declare private readonly singles: Singles;
  declare private readonly machines: Machines;

  constructor(memory: Memory, scans: Scans, singles: Singles, machines: Machines) {
    this.memory = memory;
    this.scans = scans;
    this.singles = singles;
    this.machines = machines;
  }

  /**
   * Adds a weighed attempt of a subject that is in no scan to its two campaigns: of the host, and of the port. `host`:
   * the pair of both.
   */
  consider(slot: number, subject: number, host: number): void {
    const { table, hash, subjects, pairs, options } = this.memory;
    // A probe that was not seen looks like nothing, and so does any other of them.
    if (table.has(slot, Mark.ReplyOnly)) return;
    // All stacks of one make look alike: a client of the host, who fails there now and then, is none of those who scan it.
    if (!isFailing(pairs.failed.of(host), pairs.used.of(host), options.failureRatio)) return;
    const charged = table.charged.of(slot);
    const weight = weightIn(charged), points = pointsIn(charged);
    const key = table.key(slot);
    const signature = table.signature.of(slot);
    const at = table.targetAt(slot);
    const target = hash.address(table.words, at);
    if (weight > 0 && !isHostClass(classOf(key))) {
      const id = hash.triple(target, signature, PORTS);
      this.note(id, hash.pair(key, 0), slot, subject, ShapeCode.GroupPorts);
      if (subjects.scan.of(subject) !== 0) return;
    }
    if (points > 0) {
      const network = hash.triple(
        table.words[at + 2] ^ table.words[at + 1],
        table.words[at + 3] & LAST_OCTET,
        key,
      );
      const id = hash.triple(network, signature, HOSTS);
      this.note(id, target, slot, subject, ShapeCode.GroupHosts);
    }
  }

  private note(id: number, bit: number, slot: number, subject: number, shape: number): void {
    const campaign = this.campaigns[id & (CAMPAIGNS - 1)] ??= new Campaign();
    const { ms } = this.memory.clock;
    if (campaign.check !== id || ((ms - campaign.lastMs) >>> 0) > CAMPAIGN_GAP_MS) {
      // One that grows is not displaced by one that only collides.
      if (
        campaign.check !== id && campaign.count > 1 &&
        ((ms - campaign.lastMs) >>> 0) <= CAMPAIGN_GAP_MS
      ) {
        return;
      }
      campaign.begin(id, ms);
    }
    campaign.lastMs = ms;
    const scan = this.scans.withHandle(campaign.scan);
    if (scan !== undefined) {
      // Who fails at what others asked before adds nothing: it may be a client of the same make.
      if (scan.hasTried(slot)) return;
      this.scans.join(scan, subject);
      return this.machines.joined(scan);
    }
    const mask = 1 << (bit & 31);
    const at = bit >>> 5 & (BIT_WORDS - 1);
    if ((campaign.bits[at] & mask) !== 0) return;
    campaign.bits[at] |= mask;
    const charged = this.memory.table.charged.of(slot);
    campaign.weight += shape === ShapeCode.GroupPorts ? weightIn(charged) : pointsIn(charged);
    campaign.attempts++;
    this.addMember(campaign, subject);
    const reached = campaign.weight, sources = campaign.count + campaign.others;
    const enough = shape === ShapeCode.GroupPorts
      ? enoughWeight(GROUP_FACTOR, this.memory.options)
      : enoughPoints(GROUP_FACTOR, this.memory.options);
    const isScan = reached >= enough && sources >= this.memory.options.groupSources &&
      campaign.attempts >= this.perSource() * sources;
    // Without a question no answer is made, so that this allocates nothing.
    this.memory.account?.grouped(subject, { shape, reached, enough, sources, isScan });
    if (isScan) this.begin(campaign, shape);
  }

  private perSource(): number {
    return this.singles.isQuiet() ? ATTEMPTS_PER_SOURCE : ATTEMPTS_PER_SOURCE_IN_FLOOD;
  }

  private addMember(campaign: Campaign, subject: number): void {
    for (let i = 0; i < campaign.count; i++) if (campaign.members[i] === subject) return;
    if (campaign.count === MEMBERS) {
      campaign.others++;
      return;
    }
    campaign.members[campaign.count] = subject;
    campaign.generations[campaign.count++] = this.memory.subjects.generation.of(subject);
  }

  private begin(campaign: Campaign, shape: number): void {
    const { firstMs, attempts, members } = campaign;
    const scan = this.scans.begin(members[0], attempts, firstMs, shape, "distributed");
    if (scan === undefined) return;
    for (let i = 0; i < campaign.count; i++) {
      const subject = campaign.members[i];
      // A place may have been taken over by another subject since.
      if (this.memory.subjects.generation.of(subject) === campaign.generations[i]) {
        this.scans.join(scan, subject);
      }
    }
    campaign.scan = scan.handle;
    this.scans.start(scan, this.machines.complete(scan));
  }
}
