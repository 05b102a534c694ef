// ARP and its like in IPv6, neighbour discovery: requests for many addresses that nobody answers (RFC 826,
// RFC 4861). Knows requests and replies.
//
// A router asks for every address that somebody outside tries to reach, so it would look like the
// scanner of every sweep that comes in. It does not count when it shows itself as a router, or when
// attempts from outside explain what it asks for.

import { Field, type Records } from "../../../record.ts";
import type { AddressSet } from "../table/address_set.ts";
import type { Attempts } from "../attempt/attempts.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { Clock } from "../clock.ts";
import { type Conversations, Mark, Stage, Verdict, Word, wordAt } from "../table/conversations.ts";
import { Why } from "../ledger.ts";
import type { ArpAskers } from "../attempt/arp_askers.ts";
import { KERNEL_PAUSE_MS, requestsExplained } from "../attempt/arp_silence.ts";
import type { Hash } from "../table/hash.ts";
import { isKernelsPause, type Outsiders } from "../attempt/outsiders.ts";
import { TechniqueBit } from "../probe/techniques.ts";

const REQUEST = 1;
const REPLY = 2;
const ROUTER = 134;
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const ICMP6 = 58;
const KEY = targetKey(TargetClass.Arp, 0);
/** The first octet of IPv6 groups. */
const GROUP_OCTET = 0xff;
/** A request that comes again sooner was captured twice. */
const COPY_MS = 20;

export class Arp {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: Conversations;
  declare private readonly speakers: AddressSet;
  declare private readonly routers: AddressSet;
  declare private readonly outsiders: Outsiders;
  declare private readonly askers: ArpAskers;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(
    records: Records,
    attempts: Attempts,
    table: Conversations,
    speakers: AddressSet,
    routers: AddressSet,
    outsiders: Outsiders,
    askers: ArpAskers,
    hash: Hash,
    clock: Clock,
  ) {
    this.records = records;
    this.attempts = attempts;
    this.table = table;
    this.speakers = speakers;
    this.routers = routers;
    this.outsiders = outsiders;
    this.askers = askers;
    this.hash = hash;
    this.clock = clock;
  }

  process(base: number): void {
    const { i32, bytes } = this.records;
    const { attempts } = this;
    const source = wordAt(base, Field.Source), destination = wordAt(base, Field.Destination);
    // RFC 5227: a probe has no sender, an announcement asks for itself. Neither asks for another.
    if (i32[source + 3] === 0 || i32[source + 3] === i32[destination + 3]) return;
    attempts.packet(base);
    this.speakers.add(attempts.from, this.clock.ms);
    if (bytes[base + Field.Type] === REPLY) return this.replied(attempts.backward(KEY));
    if (bytes[base + Field.Type] !== REQUEST) return;
    const own = attempts.forward(KEY);
    if (own >= 0) return this.repeated(own, i32[source + 3]);
    if (!attempts.isFollowed()) return;
    const slot = attempts.begin(KEY, TechniqueBit.Arp, 0, Stage.Sent);
    const isThere = attempts.isDestinationSeen() || this.speakers.has(attempts.to);
    this.asked(slot, i32[source + 3], i32[destination + 3], isThere);
  }

  /** ICMPv6 of neighbour discovery: its types are 133 to 137. */
  neighbour(base: number): void {
    const { i32, bytes } = this.records;
    const { attempts, table } = this;
    attempts.packet(base);
    const type = bytes[base + Field.Type];
    if (type === ROUTER) this.routers.add(attempts.from, this.clock.ms);
    if (bytes[base + Field.InnerProtocol] !== ICMP6) return;
    const asker = wordAt(base, Field.InnerSource), target = wordAt(base, Field.InnerDestination);
    if (type === ADVERTISEMENT) return this.replied(attempts.quoted(KEY, false));
    // To the neighbour itself it is only to see whether that is still there (RFC 4861 section 7.3).
    if (type !== SOLICITATION || bytes[base + Field.Destination] !== GROUP_OCTET) return;
    // RFC 4862 section 5.4: who looks whether its own address is taken has no sender yet.
    if ((i32[asker] | i32[asker + 1] | i32[asker + 2] | i32[asker + 3]) === 0) return;
    this.speakers.add(attempts.from, this.clock.ms);
    const own = attempts.quoted(KEY, false);
    if (own >= 0) return this.repeated(own, i32[asker + 3]);
    if (!attempts.isFollowed()) return;
    const slot = attempts.beginFromQuote(KEY, TechniqueBit.Arp);
    table.unmark(slot, Mark.ReplyOnly);
    const hash = this.hash.address(i32, target);
    const isThere = attempts.isSeen(hash) || this.speakers.has(hash);
    this.asked(slot, i32[asker + 3], i32[target + 3], isThere);
  }

  private replied(slot: number): void {
    const { table } = this;
    if (slot < 0) return;
    table.mark(slot, Mark.Open | Mark.Replied);
    this.attempts.settle(slot, this.isSwept(slot) ? Verdict.Empty : Verdict.Used);
  }

  private repeated(slot: number, asker: number): void {
    const { table } = this;
    this.attempts.repeat(slot);
    const after = table.get(slot, Word.RepeatMs);
    if (isKernelsPause(after)) this.outsiders.notePatience(asker);
    else if (after >= COPY_MS) {
      table.mark(slot, Mark.Ambiguous); // no kernel's timer
      this.askers.repeated(asker, after);
    }
  }

  /** A request that is asked for the first time; `isThere`: its target was lately seen. */
  private asked(slot: number, asker: number, target: number, isThere: boolean): void {
    const { attempts, table } = this;
    const why = this.whyHarmless(slot, asker, target, isThere);
    if (why !== Why.Undecided) attempts.settle(slot, Verdict.Neutral, why);
    else {
      // Whether attempts from outside explain it is known when these have been answered.
      this.outsiders.noteRequest(target, asker);
      if (this.outsiders.isExplained(target, asker, requestsExplained(table, slot))) {
        table.mark(slot, Mark.Explained);
      }
      attempts.await(slot);
    }
  }

  /** True for the answer to one who goes through the network, unless somebody outside may make it do so. */
  private isSwept(slot: number): boolean {
    const { table } = this;
    return table.has(slot, Mark.Row) && !table.has(slot, Mark.Explained) &&
      !this.outsiders.isPatient(table.get(slot, Word.Initiator + 3));
  }

  /** Why a request is harmless from the first on; `Why.Undecided` if it is not. */
  private whyHarmless(slot: number, asker: number, target: number, isThere: boolean): number {
    const { attempts, outsiders, table } = this;
    const isSlow = outsiders.isSlow(asker);
    const isRow = this.askers.isRow(asker, target);
    if (this.clock.since(Clock.START_MS) < KERNEL_PAUSE_MS) table.mark(slot, Mark.Early);
    if (this.routers.has(attempts.from)) return Why.ArpRouter;
    if (isSlow) table.mark(slot, Mark.Unhurried);
    if (isRow) {
      table.mark(slot, Mark.Row);
      return Why.Undecided;
    }
    // Of a host that tries its neighbours itself it is to be seen whether it asks as kernels do.
    if (isSlow && !outsiders.isInsider(asker)) return Why.ArpPace;
    return isThere ? Why.ArpThere : Why.Undecided;
  }
}
