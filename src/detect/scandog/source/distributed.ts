// One scan from several sources, each below every threshold: they share the target and the looks of
// their packets. Knows actors and signatures.
//
// Two kinds: many ports of one host, and one port over the hosts of one network. The sources must
// each have tried more than once (a flood of forged sources has not), must be few against their
// attempts, and must act within the same minutes. The internet's background noise has many sources,
// too, but each with looks of its own and none in a hurry.

import { Actor, type Actors } from "../table/actors.ts";
import { classOf, isHostClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Flood } from "../flood/flood.ts";
import type { Hash } from "../table/hash.ts";
import type { ScandogOptions } from "../options.ts";
import { enoughPoints, enoughWeight, Rule } from "../rules/rules.ts";
import type { Scans } from "../scan/scans.ts";

const CAMPAIGNS = 2048;
const MEMBERS = 32;
/** Pause that ends it. */
const GAP_MS = 60_000;
/**
 * Attempts per source, at least. Who is known failed twice; a few of those are lost here, where two targets
 * share a bit.
 */
const ATTEMPTS_PER_SOURCE = 1.5;
/** In a flood of random sources some come twice by chance (the birthday paradox), none often. */
const ATTEMPTS_PER_SOURCE_IN_FLOOD = 4;
/** Bits of targets, in words of 32: several times as many as a scan has targets when it is found. */
const BIT_WORDS = 16;
/** They need so many times what one source needs. */
const GROUP_FACTOR = 2;
const PORTS = 0x3a11;
const HOSTS = 0x3a12;

interface Campaign {
  check: number;
  firstMs: number;
  lastMs: number;
  weight: number;
  attempts: number;
  bits: Int32Array;
  members: Int32Array;
  generations: Int32Array;
  count: number;
  /** Sources for which there was no place among the members; who comes again counts again. */
  others: number;
  /** Handle of the scan it has become; 0 before. */
  scan: number;
}

export class Distributed {
  private readonly campaigns: Campaign[] = Array.from({ length: CAMPAIGNS }, () => ({
    check: 0,
    firstMs: 0,
    lastMs: 0,
    weight: 0,
    attempts: 0,
    bits: new Int32Array(BIT_WORDS),
    members: new Int32Array(MEMBERS),
    generations: new Int32Array(MEMBERS),
    count: 0,
    others: 0,
    scan: 0,
  }));
  declare private readonly options: ScandogOptions;
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly scans: Scans;
  declare private readonly flood: Flood;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(
    options: ScandogOptions,
    table: Conversations,
    actors: Actors,
    scans: Scans,
    flood: Flood,
    hash: Hash,
    clock: Clock,
  ) {
    this.options = options;
    this.table = table;
    this.actors = actors;
    this.scans = scans;
    this.flood = flood;
    this.hash = hash;
    this.clock = clock;
  }

  /** A weighed attempt of an actor that is in no scan. */
  consider(slot: number, actor: number): void {
    const { table, hash, actors } = this;
    if (actors.get(actor, Actor.IsNetwork) !== 0) return;
    const charged = table.get(slot, Word.Weight);
    const weight = charged & 0xff, points = charged >>> 8 & 0xff;
    const key = table.get(slot, Word.Key);
    const signature = table.get(slot, Word.Signature);
    const at = table.addressAt(slot, Word.Responder);
    const host = hash.address(table.words, at);
    if (weight > 0 && !isHostClass(classOf(key))) {
      const id = hash.triple(host, signature, PORTS);
      this.note(id, hash.pair(key, 0), weight, actor, Rule.GroupPorts);
      if (actors.get(actor, Actor.Scan) !== 0) return;
    }
    if (points > 0) {
      const network = hash.triple(
        table.words[at + 2] ^ table.words[at + 1],
        table.words[at + 3] & 0x00ffffff, // all but the last octet, in a little-endian word
        key,
      );
      const id = hash.triple(network, signature, HOSTS);
      this.note(id, host, points, actor, Rule.GroupHosts);
    }
  }

  private note(id: number, bit: number, weight: number, actor: number, rule: number): void {
    const campaign = this.campaigns[id & (CAMPAIGNS - 1)];
    const { ms } = this.clock;
    if (campaign.check !== id || ((ms - campaign.lastMs) >>> 0) > GAP_MS) {
      // One that grows is not displaced by one that only collides.
      if (campaign.check !== id && campaign.count > 1 && ((ms - campaign.lastMs) >>> 0) <= GAP_MS) {
        return;
      }
      campaign.check = id;
      campaign.scan = 0;
      campaign.firstMs = ms;
      campaign.weight =
        campaign.attempts =
        campaign.count =
        campaign.others =
          0;
      campaign.bits.fill(0);
    }
    campaign.lastMs = ms;
    const scan = this.scans.withHandle(campaign.scan);
    if (scan !== undefined) return this.scans.join(scan, actor);
    const mask = 1 << (bit & 31);
    const at = bit >>> 5 & (BIT_WORDS - 1);
    if ((campaign.bits[at] & mask) !== 0) return;
    campaign.bits[at] |= mask;
    campaign.weight += weight;
    campaign.attempts++;
    this.addMember(campaign, actor);
    const reached = campaign.weight, sources = campaign.count + campaign.others;
    const enough = rule === Rule.GroupPorts
      ? enoughWeight(GROUP_FACTOR, this.options)
      : enoughPoints(GROUP_FACTOR, this.options);
    const isScan = reached >= enough && sources >= this.options.groupSources &&
      campaign.attempts >= this.perSource() * sources;
    // Without a question no answer is made, so that this allocates nothing.
    this.options.ledger?.grouped(actor, { rule, reached, enough, sources, isScan });
    if (isScan) this.begin(campaign, rule);
  }

  private perSource(): number {
    return this.flood.isQuiet() ? ATTEMPTS_PER_SOURCE : ATTEMPTS_PER_SOURCE_IN_FLOOD;
  }

  private addMember(campaign: Campaign, actor: number): void {
    for (let i = 0; i < campaign.count; i++) if (campaign.members[i] === actor) return;
    if (campaign.count === MEMBERS) {
      campaign.others++;
      return;
    }
    campaign.members[campaign.count] = actor;
    campaign.generations[campaign.count++] = this.actors.get(actor, Actor.Generation);
  }

  private begin(campaign: Campaign, rule: number): void {
    const slow = this.clock.since(campaign.firstMs) > this.options.slowAfter * 1000;
    const scan = this.scans.begin(slow);
    if (scan === undefined) return;
    scan.kindOfSources = "distributed";
    scan.foundBy = rule;
    for (let i = 0; i < campaign.count; i++) {
      const actor = campaign.members[i];
      // A place may have been taken over by another actor since.
      if (this.actors.get(actor, Actor.Generation) === campaign.generations[i]) {
        this.scans.join(scan, actor);
      }
    }
    campaign.scan = scan.handle;
    this.scans.start(scan, 0);
  }
}
