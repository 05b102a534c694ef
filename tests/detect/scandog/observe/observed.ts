// What the observing half makes of packets, in words: what it says of each, in order, and how it leaves attempts. No
// detector: nobody judges. Every word of a line is a fact, so that a table of lines shows what a fault would change.

import assert from "node:assert/strict";
import { formatAddress } from "../../../../src/address.ts";
import { DECISIONS } from "../../../../src/decision.ts";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Observer } from "../../../../src/detect/scandog/observe/observer.ts";
import { type ScandogOptions, scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { classOf, portOf, TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Proof } from "../../../../src/detect/scandog/probe/proof.ts";
import { techniqueNames } from "../../../../src/detect/scandog/probe/techniques.ts";
import {
  ArpMark,
  Mark,
  Outcome,
  Rank,
  Stage,
} from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Change, Unasked } from "../../../../src/detect/scandog/table/outcome_queue.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import type { FlowNotes } from "../../../../src/detector.ts";
import { Records } from "../../../../src/record.ts";
import { type Packet, writePacket } from "../packet.ts";
import { words } from "../entries.ts";

/** Where a rank lies in the word of what an entry is worth. */
const RANK_SHIFT = 28;
/** 2026-01-01. */
const START_US = 1_767_225_600_000_000;

/** The hosts of stories, by what they are called in lines. */
export const HOSTS = {
  C: "198.51.100.7",
  S: "203.0.113.10",
  T: "203.0.113.11",
  R: "192.0.2.1",
  C6: "2001:db8:1::7",
  S6: "2001:db8:2::10",
  R6: "2001:db8:3::1",
} as const;
export type Host = keyof typeof HOSTS;

/** A packet, so many seconds in which none comes, or what others than the observing half note meanwhile. */
export type Step = Packet | number | ((all: Observed) => void);

/** The name of a number in a table of names. */
function nameIn(names: Record<string, number>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? `${value}`;
}

function namesIn(bits: Record<string, number>, set: number): string[] {
  return Object.entries(bits).filter(([, bit]) => (set & bit) !== 0).map(([name]) => name);
}

export class Observed {
  readonly records = Records.allocate(1);
  readonly memory: Memory;
  readonly view: View;
  readonly observer: Observer;
  timeUs = START_US;
  /** What was noted aside: flows that need no look, and those that do again, and whose address is whose. */
  private readonly notes: string[] = [];

  constructor(options: Partial<ScandogOptions> = {}) {
    const flows: FlowNotes = {
      used: () => this.notes.push("flow used"),
      forgotten: () => this.notes.push("flow forgotten"),
    };
    this.memory = new Memory(scandogOptions({ memory: 4, flows, ...options }));
    this.view = new View(this.memory);
    this.observer = new Observer(this.memory, this.view, this.records);
    this.memory.clock.advance(START_US);
    this.hear("noteClaim", (given) => `claim of ${this.hostAt(given[2], given[3])}`);
    this.hear("noteConversation", (given) => `conversation of ${this.hostAt(given[1], given[2])}`);
  }

  /** Says also what is noted of link-layer addresses. */
  private hear(
    name: "noteClaim" | "noteConversation",
    // deno-lint-ignore no-explicit-any
    what: (given: any[]) => string,
  ): void {
    const { links } = this.view;
    // deno-lint-ignore no-explicit-any
    const own: (...given: any[]) => void = links[name].bind(links);
    Object.assign(links, {
      [name]: (...given: unknown[]) => {
        this.notes.push(what(given));
        own(...given);
      },
    });
  }

  /** What is said of a packet, a millisecond after the one before, or in a time without any. */
  step(step: Step): string {
    const { records, memory, observer } = this;
    const { waiting } = observer.attempts;
    if (typeof step === "function") step(this);
    else if (typeof step === "number") this.timeUs += step * 1e6;
    else writePacket(records, step, this.timeUs += 1000);
    memory.clock.advance(this.timeUs);
    if (typeof step === "object") observer.observe(0);
    while (waiting.isDue()) observer.silence.settleOldest();
    return this.told();
  }

  /** What was said since it was last asked. */
  told(): string {
    const { outcomes } = this.memory;
    const said = this.notes.splice(0);
    while (outcomes.next()) {
      const { slot, change, value } = outcomes;
      const what = `${nameIn(Change, change)}${this.valueOf(change, value)}`;
      // Most stories are of one attempt.
      said.push(slot <= 0 ? what : `${what} of ${this.nameOf(slot)}`);
    }
    return said.join(", ");
  }

  /** How attempts are left: how far they got, what became of them, by what they were probed, and their marks. */
  left(): string[] {
    const { table } = this.memory;
    return Array.from({ length: table.size }, (_, slot) => {
      const excuse = table.excuse(slot) === 0 ? "" : ` ${DECISIONS[table.excuse(slot)].name}`;
      return [
        `${this.nameOf(slot)} ${nameIn(Stage, table.stage(slot))}`,
        `${nameIn(Outcome, table.outcome(slot))}${excuse}`,
        techniqueNames(table.techniques.of(slot)).join(),
        `packets ${table.packets(slot)}`,
        `rank ${nameIn(Rank, Reflect.get(table, "worths")[slot] >>> RANK_SHIFT)}`,
        ...this.numbersOf(slot),
        ...namesIn(Mark, table.state(slot) & ~Mark.Pending),
        ...Object.entries(ArpMark).filter(([, mark]) => table.hasArp(slot, mark)).map(([name]) =>
          name
        ),
      ].join(" ");
    });
  }

  /** Who was seen to send, who was reached, from another network too, and what is all that was seen of TCP. */
  seen(): string {
    const { view } = this;
    const known = (is: (hash: number) => boolean) =>
      Object.entries(HOSTS).filter(([, address]) => is(this.hashOf(address)))
        .map(([name]) => name).join();
    return [
      `seen ${known((hash) => view.senders.has(hash))}`,
      `reached ${known((hash) => view.reached.has(hash))}`,
      `routed ${known((hash) => view.routed.has(hash))}`,
      ...known((hash) => view.leases.has(hash))
        ? [`leases of ${known((hash) => view.leases.has(hash))}`]
        : [],
      ...view.isSynOnly ? ["SYNs alone"] : [],
      ...view.isEndsOnly ? ["ends alone"] : [],
    ].join(", ");
  }

  private numbersOf(slot: number): string[] {
    const { table } = this.memory;
    const numbers = {
      from: table.sourcePort.of(slot),
      seq: table.sequence.of(slot),
      peer: table.peerSequence.of(slot),
      bytes: table.replyBytes.of(slot),
    };
    return Object.entries(numbers).filter(([, number]) => number !== 0)
      .map(([name, number]) => `${name} ${number}`);
  }

  private nameOf(slot: number): string {
    const { table } = this.memory;
    const host = (at: number) => this.hostAt(table.words, at);
    const key = table.key.of(slot), kind = nameIn(TargetClass, classOf(key));
    const target = `${host(table.sourceAt(slot))}>${host(table.targetAt(slot))}`;
    return `${target} ${kind}${portOf(key) === 0 ? "" : ` ${portOf(key)}`}`;
  }

  private hostAt(words: Int32Array, at: number): string {
    const address = formatAddress(new Uint8Array(words.buffer, words.byteOffset), at * 4);
    return Object.entries(HOSTS).find(([, text]) => text === address)?.[0] ?? address;
  }

  private valueOf(change: number, value: number): string {
    switch (change) {
      case Change.Begun:
      case Change.Reconnected:
        return value === 0 ? " (alike: none)" : "";
      case Change.Settled: {
        const excuse = value >>> 8;
        return `:${nameIn(Outcome, value & 0xff)}${excuse ? ` ${DECISIONS[excuse].name}` : ""}`;
      }
      case Change.Exotic:
      case Change.FloodingAnswer:
        return `:${techniqueNames(value).join()}`;
      case Change.Answered:
        return value === 1 ? ":first" : ":again";
      case Change.Proved:
        return `:${nameIn(Proof, value)}`;
      case Change.Unasked:
        return `:${nameIn(Unasked, value)}`;
      case Change.AnswerOf:
        return `:${nameIn(TargetClass, classOf(value))} ${portOf(value)}`;
      case Change.UnaskedError:
      case Change.ResetAnswer:
      case Change.ResetUnasked:
      case Change.SynAgain:
        return `:${Object.entries(HOSTS).find(([, text]) => this.hashOf(text) === value)?.[0]}`;
      default:
        return "";
    }
  }

  private hashOf(address: string): number {
    return this.memory.hash.address(words(address), 0);
  }
}

/** What is said of each step, in one line, then how attempts are left, a line each, and who was seen. */
export function observed(steps: readonly Step[], options: Partial<ScandogOptions> = {}): string[] {
  const all = new Observed(options);
  const said = steps.map((step) => all.step(step) || "-");
  return [said.join(" | "), ...all.left(), all.seen()];
}

/** Packets, and what comes of them: see `observed`. */
export type Stories = Record<string, [steps: Step[], said: string, ...left: string[]]>;

/** A test of each story. */
export function tell(of: string, stories: Stories): void {
  for (const [name, [steps, ...expected]] of Object.entries(stories)) {
    Deno.test(`${of}: ${name}`, () => assert.deepEqual(observed(steps), expected));
  }
}
