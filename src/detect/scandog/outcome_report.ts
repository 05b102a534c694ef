// From an attempt in the table to an outcome as plain data, for whoever judges elsewhere. Knows the table and
// what the source used; nothing of who takes it.

import { OUTCOMES } from "../../account.ts";
import { formatAddress } from "../../address.ts";
import { Decision, DECISIONS, type Witness } from "../../decision.ts";
import {
  type AttemptOutcome,
  type Fact,
  FACTS,
  OPTION_LISTS,
  type Settled,
  TARGET_NAMES,
} from "../../outcome.ts";
import type { Memory } from "./memory.ts";
import { classOf, portOf, TargetClass } from "./probe/classes.ts";
import {
  DONT_FRAGMENT,
  OPTIONS_MASK,
  tcpFlagsIn,
  trafficClassIn,
  ttlIn,
  versionIn,
} from "./probe/form.ts";
import { techniqueNames } from "./probe/techniques.ts";
import { ArpMark, Mark, Outcome, OUTCOME_SHIFT } from "./table/attempt_state.ts";
import { usedAtHost, usedBy, usedOfKey } from "./table/uses.ts";

/** The mark of each fact that is one, and the ARP mark of each that is one of ARP. */
export const FACT_MARKS: Partial<Record<Fact, number>> = {
  open: Mark.Open,
  closed: Mark.Closed,
  replied: Mark.Replied,
  handshake: Mark.Handshake,
  reset: Mark.Reset,
  "gentle-reset": Mark.GentleReset,
  "reply-only": Mark.ReplyOnly,
  ambiguous: Mark.Ambiguous,
  stack: Mark.Stack,
  "reply-like": Mark.ReplyLike,
  "os-probe": Mark.OsProbe,
  "maybe-answered": Mark.MaybeAnswered,
  "looked-twice": Mark.LookedTwice,
  "odd-reset": Mark.OddReset,
};
export const FACT_ARP_MARKS: Partial<Record<Fact, number>> = {
  "arp-in-order": ArpMark.InOrder,
  "arp-at-edge": ArpMark.AtEdge,
  "arp-tools-pace": ArpMark.ToolsPace,
  "arp-kernels": ArpMark.Kernels,
};

/** Who comes again sooner repeats a packet that was lost. */
const AGAIN_MS = 4000;

export class OutcomeReport {
  declare private readonly memory: Memory;
  declare private readonly tell: (outcome: AttemptOutcome) => void;
  /** By slot: how long it had come again when that was said, as a power of two. */
  declare private readonly lengths: Uint8Array;

  /** `tell`: takes each outcome; undefined in the options, nobody asks and nothing is made. */
  constructor(memory: Memory, tell: (outcome: AttemptOutcome) => void) {
    this.memory = memory;
    this.tell = tell;
    this.lengths = new Uint8Array(memory.table.slots);
  }

  /** Hands an attempt's outcome on; `excuse`: the `Decision` by which it is harmless, else `Undecided`. */
  say(slot: number, excuse: number = Decision.Undecided): void {
    const { table } = this.memory;
    if (!table.has(slot, Mark.HandedOn)) this.lengths[slot] = 0;
    table.mark(slot, Mark.HandedOn);
    this.tell(this.outcomeOf(slot, excuse));
  }

  /**
   * The source tries the same target anew: said once more whenever it has done so for twice as long, so that
   * who judges elsewhere can tell a check, which comes again and again, from a scanner, who asks once.
   */
  sayAgain(slot: number): void {
    const { table } = this.memory;
    if (!table.has(slot, Mark.HandedOn) || table.outcome(slot) < Outcome.Refused) return;
    const length = 32 - Math.clz32(table.repeatMs.of(slot) / AGAIN_MS);
    if (length <= this.lengths[slot]) return;
    this.lengths[slot] = length;
    this.say(slot);
  }

  private outcomeOf(slot: number, excuse: number): AttemptOutcome {
    const { table, clock } = this.memory;
    const key = table.key.of(slot), look = table.look.of(slot);
    const wire = table.wire.of(slot), form = table.form.of(slot);
    const outcome = OUTCOMES[table.outcome(slot) >>> OUTCOME_SHIFT] as Settled;
    return {
      source: formatAddress(table.bytes, table.sourceAt(slot) * 4),
      destination: formatAddress(table.bytes, table.targetAt(slot) * 4),
      target: TARGET_NAMES[classOf(key) - 1],
      port: portOf(key),
      sourcePort: table.sourcePort.of(slot),
      outcome,
      witness: this.witnessOf(slot, excuse),
      ...(outcome === "harmless" ? { excuse: DECISIONS[excuse].name } : {}),
      techniques: techniqueNames(table.techniques.of(slot)),
      facts: FACTS.filter((fact) => this.isFact(slot, fact)),
      firstUs: table.firstUs(slot),
      latestUs: table.latestUs(slot),
      settledUs: clock.lastUs,
      packets: table.packets(slot),
      replyBytes: table.replyBytes.of(slot) >>> 0,
      interface: table.interface(slot),
      ttl: ttlIn(look),
      trafficClass: trafficClassIn(look),
      tcpFlags: tcpFlagsIn(look),
      ipVersion: versionIn(look),
      window: wire >>> 16,
      ipId: wire & 0xffff,
      size: form >>> 16,
      options: OPTION_LISTS[form & OPTIONS_MASK],
      dontFragment: (form & DONT_FRAGMENT) !== 0,
      sequence: table.sequence.of(slot) >>> 0,
      // Of what has none, it tells packets from copies, which is over.
      acknowledgement: classOf(key) === TargetClass.Tcp ? table.acknowledgement.of(slot) >>> 0 : 0,
      signature: table.signature.of(slot) >>> 0,
      linkSource: table.linkSource.of(slot) >>> 0,
      uses: {
        all: usedBy(this.memory, table.sourceHash(slot)),
        host: usedAtHost(this.memory, slot),
        port: usedOfKey(this.memory, slot),
      },
    };
  }

  private isFact(slot: number, fact: Fact): boolean {
    const { table } = this.memory;
    return table.has(slot, FACT_MARKS[fact] ?? 0) || table.hasArp(slot, FACT_ARP_MARKS[fact] ?? 0);
  }

  private witnessOf(slot: number, excuse: number): Witness {
    const { table } = this.memory;
    switch (table.outcome(slot)) {
      case Outcome.Harmless:
        return DECISIONS[excuse].witness;
      case Outcome.Silent:
        return "none";
      case Outcome.Refused:
        return table.has(slot, Mark.Closed) ? "target" : "router";
      default:
        return table.has(slot, Mark.Open | Mark.Replied) ? "target" : "source";
    }
  }
}
