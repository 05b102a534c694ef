// ARP and its like in IPv6, neighbour discovery (RFC 826, RFC 4861): requests as probes of a neighbour, replies
// as answers. Knows requests and replies; what they mean is for the excuses to say.

import { Quirk } from "../../../record.ts";
import { Decision } from "../../../decision.ts";
import { Clock } from "../clock.ts";
import { isKernelsPause, KERNEL_PAUSE_MS } from "../probe/arp_pace.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { ArpMark, Mark, Outcome, Stage } from "../table/attempt_state.ts";
import { Protocol } from "./protocol.ts";

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

/** ICMPv6 types of neighbour discovery (RFC 4861). */
export function isNeighbourDiscovery(type: number): boolean {
  return type >= 133 && type <= 137;
}

export class Arp extends Protocol {
  process(base: number): void {
    const { records, attempts, packet, view } = this;
    const { i32 } = records;
    const sender = i32[records.sourceAt(base) + 3], target = i32[records.destinationAt(base) + 3];
    // RFC 5227: a probe has no sender, an announcement asks for itself. Neither asks for another.
    if (sender === 0 || sender === target) return;
    packet.read(base);
    view.speakers.add(packet.from);
    packet.noteClaim(records.sourceAt(base));
    if (records.type(base) === REPLY) return this.replied(attempts.backward(KEY));
    if (records.type(base) !== REQUEST) return;
    const own = attempts.current(KEY);
    if (own >= 0) return this.repeated(own);
    if (!attempts.follow()) return;
    this.asked(attempts.begin(KEY, TechniqueBit.Arp, 0, Stage.Sent));
  }

  /** ICMPv6 of neighbour discovery: see `isNeighbourDiscovery`. */
  neighbour(base: number): void {
    const { records, attempts, packet, table, view } = this;
    packet.read(base);
    const type = records.type(base);
    if (this.isSome(records.sourceAt(base))) packet.noteClaim(records.sourceAt(base));
    if (type === ROUTER) view.routers.add(packet.from);
    if (records.innerProtocol(base) !== ICMP6) return;
    if (type === ADVERTISEMENT) return this.replied(attempts.quoted(KEY, false));
    // To the neighbour itself it is only to see whether that is still there (RFC 4861 section 7.3), unless its frame
    // goes to all: who knows the neighbour knows where.
    const isToGroup = records.bytes[records.destinationAt(base) * 4] === GROUP_OCTET ||
      records.hasQuirk(base, Quirk.LinkMulticast);
    if (type !== SOLICITATION || !isToGroup || !this.isSome(records.innerSourceAt(base))) return;
    view.speakers.add(packet.from);
    const own = attempts.quoted(KEY, false);
    if (own >= 0) return this.repeated(own);
    if (!attempts.follow()) return;
    const slot = attempts.beginFromQuote(KEY, TechniqueBit.Arp);
    table.unmark(slot, Mark.ReplyOnly);
    table.linkSource.set(slot, packet.linkSource());
    this.asked(slot);
  }

  /** RFC 4862 section 5.4: who looks whether its own address is taken has no sender yet, the address of zeroes. */
  private isSome(at: number): boolean {
    const { i32 } = this.records;
    return (i32[at] | i32[at + 1] | i32[at + 2] | i32[at + 3]) !== 0;
  }

  /** A request that is asked for the first time. */
  private asked(slot: number): void {
    const { table, view } = this;
    const asker = table.sourceEnd(slot), target = table.targetHash(slot);
    view.askers.note(asker, table.targetEnd(slot));
    const isThere = view.senders.has(target) || view.speakers.has(target);
    table.markArp(
      slot,
      (isThere ? ArpMark.IsThere : 0) |
        (view.askers.isInOrder(asker) ? ArpMark.InOrder : 0) |
        (view.askers.isSlow(asker) ? ArpMark.Unhurried : 0) |
        (this.clock.since(Clock.START_MS) < KERNEL_PAUSE_MS ? ArpMark.AtEdge : 0),
    );
    this.attempts.await(slot);
  }

  private replied(slot: number): void {
    if (slot < 0) return;
    this.table.mark(slot, Mark.Open | Mark.Replied);
    this.attempts.settle(slot, this.isSwept(slot) ? Outcome.Empty : Outcome.Used);
  }

  /** True for the answer to one who goes through the network, unless somebody outside may make it do so. */
  private isSwept(slot: number): boolean {
    const { table, view } = this;
    return table.hasArp(slot, ArpMark.InOrder) && !table.hasArp(slot, ArpMark.Explained) &&
      !view.visitors.isPatient(table.sourceEnd(slot));
  }

  private repeated(slot: number): void {
    const { table, attempts, view } = this;
    attempts.repeat(slot);
    const afterMs = table.repeatMs.of(slot);
    if (isKernelsPause(afterMs)) view.visitors.notePatience(table.sourceEnd(slot));
    else if (afterMs >= COPY_MS) {
      table.markArp(slot, ArpMark.ToolsPace);
      this.judgeAnew(slot);
      view.askers.noteAgain(table.sourceEnd(slot), afterMs);
    }
  }

  /** What was taken for a router's by its pace is none: none asks again so soon. */
  private judgeAnew(slot: number): void {
    const { table } = this;
    if (table.outcome(slot) !== Outcome.Harmless || table.excuse(slot) !== Decision.ArpPace) return;
    table.setOutcome(slot, Outcome.None);
    table.setExcuse(slot, Decision.Undecided);
    this.attempts.await(slot);
  }
}
