// ARP: requests for many addresses that nobody answers (RFC 826). Knows requests and replies.
//
// A router asks for every address that somebody outside tries to reach, so it would look like the
// scanner of every sweep that comes in. It does not count when it shows itself as a router, or when
// attempts from outside explain what it asks for.

import { Field, type Records } from "../../../record.ts";
import type { AddressSet } from "../table/address_set.ts";
import type { Attempts } from "../attempt/attempts.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Mark, Stage, Verdict, Word, wordAt } from "../table/conversations.ts";
import { Why } from "../ledger.ts";
import { isKernelsPause, type Outsiders } from "../attempt/outsiders.ts";
import { TechniqueBit } from "../probe/techniques.ts";

const REQUEST = 1;
const REPLY = 2;
/** A request that comes again sooner was captured twice. */
const COPY_MS = 20;

export class Arp {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: Conversations;
  declare private readonly speakers: AddressSet;
  declare private readonly routers: AddressSet;
  declare private readonly outsiders: Outsiders;
  declare private readonly clock: Clock;

  constructor(
    records: Records,
    attempts: Attempts,
    table: Conversations,
    speakers: AddressSet,
    routers: AddressSet,
    outsiders: Outsiders,
    clock: Clock,
  ) {
    this.records = records;
    this.attempts = attempts;
    this.table = table;
    this.speakers = speakers;
    this.routers = routers;
    this.outsiders = outsiders;
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
      attempts.settle(back, Verdict.Used);
      return;
    }
    if (bytes[base + Field.Type] !== REQUEST) return;
    const own = attempts.forward(key);
    if (own >= 0) {
      attempts.repeat(own);
      const after = table.get(own, Word.RepeatMs);
      if (isKernelsPause(after)) this.outsiders.notePatience(i32[source + 3]);
      else if (after >= COPY_MS) table.mark(own, Mark.Ambiguous); // no kernel's timer
      return;
    }
    if (!attempts.isFollowed()) return;
    const slot = attempts.begin(key, TechniqueBit.Arp, 0, Stage.Sent);
    const why = this.whyHarmless(i32[source + 3]);
    if (why !== Why.Undecided) attempts.settle(slot, Verdict.Neutral, why);
    else {
      // Whether attempts from outside explain it is known when these have been answered.
      this.outsiders.noteRequest(i32[destination + 3], i32[source + 3]);
      if (this.outsiders.isExplained(i32[destination + 3], i32[source + 3])) {
        table.mark(slot, Mark.Explained);
      }
      attempts.await(slot);
    }
  }

  /** Why a request is harmless from the first on; `Why.Undecided` if it is not. */
  private whyHarmless(asker: number): number {
    const { attempts } = this;
    if (this.outsiders.isSlow(asker)) return Why.ArpPace;
    if (this.routers.has(attempts.from)) return Why.ArpRouter;
    if (attempts.isDestinationSeen() || this.speakers.has(attempts.to)) return Why.ArpThere;
    return Why.Undecided;
  }
}
