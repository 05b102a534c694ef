// ARP: requests for many addresses that nobody answers (RFC 826). Knows requests and replies.
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
import { requestsExplained } from "../attempt/arp_silence.ts";
import { isKernelsPause, type Outsiders } from "../attempt/outsiders.ts";
import { TechniqueBit } from "../probe/techniques.ts";

const REQUEST = 1;
const REPLY = 2;
/** A request that comes again sooner was captured twice. */
const COPY_MS = 20;
/**
 * A kernel's three requests take so long. What seems to be asked once, earlier in a capture, may be the
 * last of three, of a router for a sweep that began before.
 */
const KERNEL_REQUESTS_MS = 3200;

export class Arp {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: Conversations;
  declare private readonly speakers: AddressSet;
  declare private readonly routers: AddressSet;
  declare private readonly outsiders: Outsiders;
  declare private readonly askers: ArpAskers;
  declare private readonly clock: Clock;

  constructor(
    records: Records,
    attempts: Attempts,
    table: Conversations,
    speakers: AddressSet,
    routers: AddressSet,
    outsiders: Outsiders,
    askers: ArpAskers,
    clock: Clock,
  ) {
    this.records = records;
    this.attempts = attempts;
    this.table = table;
    this.speakers = speakers;
    this.routers = routers;
    this.outsiders = outsiders;
    this.askers = askers;
    this.clock = clock;
  }

  process(base: number): void {
    const { i32, bytes } = this.records;
    const { attempts, table, clock } = this;
    const source = wordAt(base, Field.Source), destination = wordAt(base, Field.Destination);
    // RFC 5227: a probe has no sender, an announcement asks for itself. Neither asks for another.
    if (i32[source + 3] === 0 || i32[source + 3] === i32[destination + 3]) return;
    attempts.packet(base);
    this.speakers.add(attempts.from, clock.ms);
    const key = targetKey(TargetClass.Arp, 0);
    if (bytes[base + Field.Type] === REPLY) {
      const back = attempts.backward(key);
      if (back < 0) return;
      table.mark(back, Mark.Open | Mark.Replied);
      attempts.settle(back, this.isSwept(back) ? Verdict.Empty : Verdict.Used);
      return;
    }
    if (bytes[base + Field.Type] !== REQUEST) return;
    const own = attempts.forward(key);
    if (own >= 0) {
      attempts.repeat(own);
      const after = table.get(own, Word.RepeatMs);
      if (isKernelsPause(after)) this.outsiders.notePatience(i32[source + 3]);
      else if (after >= COPY_MS) {
        table.mark(own, Mark.Ambiguous); // no kernel's timer
        this.askers.repeated(i32[source + 3], after);
      }
      return;
    }
    if (!attempts.isFollowed()) return;
    const slot = attempts.begin(key, TechniqueBit.Arp, 0, Stage.Sent);
    const why = this.whyHarmless(slot, i32[source + 3], i32[destination + 3]);
    if (why !== Why.Undecided) attempts.settle(slot, Verdict.Neutral, why);
    else {
      // Whether attempts from outside explain it is known when these have been answered.
      this.outsiders.noteRequest(i32[destination + 3], i32[source + 3]);
      const requests = requestsExplained(table, slot);
      if (this.outsiders.isExplained(i32[destination + 3], i32[source + 3], requests)) {
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
  private whyHarmless(slot: number, asker: number, target: number): number {
    const { attempts, outsiders, table } = this;
    const isSlow = outsiders.isSlow(asker);
    const isRow = this.askers.isRow(asker, target);
    if (this.clock.since(Clock.START_MS) < KERNEL_REQUESTS_MS) table.mark(slot, Mark.Early);
    if (this.routers.has(attempts.from)) return Why.ArpRouter;
    if (isSlow) table.mark(slot, Mark.Unhurried);
    if (isRow) {
      table.mark(slot, Mark.Row);
      return Why.Undecided;
    }
    // Of a host that tries its neighbours itself it is to be seen whether it asks as kernels do.
    if (isSlow && !outsiders.isInsider(asker)) return Why.ArpPace;
    if (attempts.isDestinationSeen() || this.speakers.has(attempts.to)) return Why.ArpThere;
    return Why.Undecided;
  }
}
