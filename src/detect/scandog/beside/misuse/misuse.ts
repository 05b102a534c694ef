// When misuse of an address is told, and how often. Knows findings, times and events; nothing of
// packets.
//
// It is no scan of the address, and the line is for its owner to know: so one line when it is over,
// and while it goes on hardly more. Whoever forges answers can make up findings: they draw on a budget
// of their own, and what it refuses is counted and said.

import { formatAddress } from "../../../../address.ts";
import type { Emit, MisuseEvent } from "../../../../event.ts";
import type { Memory } from "../../memory.ts";
import { PROFILE, Ration } from "../../scan/ration.ts";
import { Answers } from "./answers.ts";
import { type Finding, findingOf, idleScanTarget, isIdleScanTarget } from "./findings.ts";

/** A misuse is over after so long without an answer. */
const OVER_MS = 30_000;
/** What goes on is told after so long for the first time, and then each so often. */
const FIRST_MS = 60_000;
const AGAIN_MS = 3_600_000;

export class Misuse {
  /** Takes what shows it. */
  declare readonly answers: Answers;
  private stories = 0;
  declare private readonly memory: Memory;
  declare private readonly emit: Emit;
  declare private readonly ration: Ration;

  constructor(memory: Memory, emit: Emit) {
    this.answers = new Answers(memory, (index) => this.end([index]));
    this.memory = memory;
    this.emit = emit;
    this.ration = new Ration(memory, emit, "address-misused");
  }

  /** A conversation of which only answers had been seen came to be used: its probes were real, and nothing is forged. */
  used(slot: number): void {
    const { table } = this.memory;
    const at = table.targetAt(slot);
    const index = this.answers.find(table.words, at, table.targetHash(slot));
    if (index >= 0) this.answers.real.set(index, 1);
  }

  /** Looks what is over, and what has gone on for long. */
  turn(): void {
    const { answers, memory: { clock } } = this;
    this.end(answers.inUse().filter((index) => this.overMs(index) <= 0));
    for (const index of answers.inUse()) {
      if (this.againMs(index) > 0) continue;
      answers.saidMs.set(index, clock.ms);
      this.tell(index, false);
    }
    this.ration.turn();
  }

  /** In how many milliseconds `turn` has something to look at, if nothing comes. */
  dueMs(): number {
    const dueMs = (index: number) => Math.min(this.overMs(index), this.againMs(index));
    return Math.min(this.ration.dueMs(), ...this.answers.inUse().map(dueMs));
  }

  private overMs(index: number): number {
    return OVER_MS - this.memory.clock.since(this.answers.lastMs.of(index));
  }

  /** In how many milliseconds it is told again. */
  private againMs(index: number): number {
    const patience = this.answers.story.of(index) === 0 ? FIRST_MS : AGAIN_MS;
    return patience - this.memory.clock.since(this.answers.saidMs.of(index));
  }

  /** The capture has ended. */
  finish(): void {
    this.end(this.answers.inUse());
    this.ration.finish();
  }

  /**
   * Entries are over, or must give way: the last that is said of them. None is forgotten before all are told, for an
   * idle scan's target is told with its zombie.
   */
  private end(indices: readonly number[]): void {
    for (const index of indices) this.tell(index, true);
    for (const index of indices) this.answers.free(index);
  }

  private tell(index: number, isLast: boolean): void {
    const { answers } = this;
    if (answers.said.of(index) === answers.worth(index)) return;
    const kind = findingOf(this.memory, answers, index);
    if (kind === undefined) return;
    // A flood is told with its size, so when it is over; an hour is long enough to wait for that.
    const story = answers.story.of(index);
    if (kind === "flood-backscatter" && !isLast && story === 0) {
      answers.story.set(index, ++this.stories);
      return;
    }
    // Told with the zombie; where that is over already, both are.
    if (kind === "decoy" && isIdleScanTarget(answers, index)) return;
    answers.said.set(index, answers.worth(index));
    if (!this.ration.take(answers.lastUs[index])) return;
    if (story === 0) answers.story.set(index, ++this.stories);
    const victim = kind === "zombie" ? idleScanTarget(answers, index) : index;
    this.emit(this.event(kind, index, victim));
    if (victim !== undefined) answers.said.set(victim, answers.worth(victim));
  }

  /** `victim`: whose answers show it; undefined: they were not seen. */
  private event(kind: Finding, index: number, victim: number | undefined): MisuseEvent {
    const { answers } = this;
    return {
      action: "address-misused",
      story: answers.story.of(index),
      profile: PROFILE,
      timeUs: answers.lastUs[index],
      startUs: answers.firstUs[index],
      endUs: answers.lastUs[index],
      interface: answers.interface.of(index),
      ipVersion: answers.ipVersion.of(index) === 6 ? 6 : 4,
      kind,
      address: formatAddress(answers.bytes, answers.ownAddressAt(index) * 4),
      addresses: answers.ownHosts.of(index),
      ...(answers.varied.of(index) === 0 ? { port: answers.ownPort.of(index) } : {}),
      ...(kind === "zombie" ? { by: answers.text(index) } : {}),
      ...(victim !== undefined
        ? {
          against: answers.text(victim),
          ports: { count: answers.ports.of(victim), open: answers.open.of(victim) },
        }
        : {}),
      packets: answers.worth(index),
    };
  }
}
