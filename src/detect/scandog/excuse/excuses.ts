// The excuses in the order in which they are asked, by when they are asked. The first that holds decides, and
// its code is the reason that `explain` gives. What an excuse must remember is noted here as well, apart from
// the question.

import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { Mark } from "../table/attempt_state.ts";
import type { View } from "../view.ts";
import { backscatter, midstream, wanted } from "./answers.ts";
import { arpAtBegin, arpAtSilence, noteEdge, noteKernels, noteRequest } from "./arp.ts";
import { type Excuse, targetBit } from "./excuse.ts";
import { ForgedPorts } from "./forged_ports.ts";
import { expired, lease, stream, traceroute } from "./helpers.ts";
import { Reflections } from "./reflections.ts";
import { unaskedAnswers } from "./unasked_answers.ts";

const CLASSES = Math.max(...Object.values(TargetClass)) + 1;

export class Excuses {
  declare private readonly memory: Memory;
  declare private readonly view: View;
  declare private readonly forged: ForgedPorts;
  declare private readonly reflections: Reflections;
  declare private readonly noteUnanswered: (slot: number) => void;
  /** By target class. */
  declare private readonly atBegin: readonly (readonly Excuse[])[];
  declare private readonly atSilence: readonly (readonly Excuse[])[];
  declare private readonly atRefusal: readonly (readonly Excuse[])[];
  declare private readonly atExpiry: readonly Excuse[];

  constructor(memory: Memory, view: View) {
    this.memory = memory;
    this.view = view;
    this.forged = new ForgedPorts(memory);
    this.reflections = new Reflections(memory);
    this.noteUnanswered = unaskedAnswers(memory, view);
    this.atBegin = byClass([
      backscatter(memory, this.forged),
      wanted(memory, view),
      ...arpAtBegin(memory, view),
    ]);
    // Only what came of it tells whether a probe died on its way: that has a router for its witness.
    const trace = traceroute(memory);
    this.atExpiry = [expired(memory)];
    this.atRefusal = byClass([this.reflections, trace]);
    this.atSilence = byClass([
      this.reflections,
      lease(memory, view),
      stream(memory),
      midstream(memory, view),
      ...arpAtSilence(memory, view),
      trace,
    ]);
  }

  /** A new attempt: the `Decision` of the excuse that holds, or `Undecided`. */
  ofBegun(slot: number): number {
    const { table } = this.memory;
    const targetClass = classOf(table.key.of(slot));
    if (table.has(slot, Mark.ReplyOnly)) this.forged.note(slot);
    if ((this.reflections.targets & targetBit(targetClass)) !== 0) this.reflections.note(slot);
    const decision = first(this.atBegin[targetClass], slot);
    if (decision === Decision.Undecided && targetClass === TargetClass.Arp) {
      noteRequest(this.memory, this.view, slot);
    }
    return decision;
  }

  /** An attempt that was refused: likewise. */
  ofRefused(slot: number): number {
    return first(this.atRefusal[classOf(this.memory.table.key.of(slot))], slot);
  }

  /** An attempt of which a router says that it died on its way: likewise. */
  ofExpired(slot: number): number {
    return first(this.atExpiry, slot);
  }

  /** An attempt that nobody answered: likewise. */
  ofSilent(slot: number): number {
    const targetClass = classOf(this.memory.table.key.of(slot));
    const isArp = targetClass === TargetClass.Arp;
    if (isArp) noteEdge(this.memory, slot);
    const decision = first(this.atSilence[targetClass], slot);
    if (decision !== Decision.Undecided) return decision;
    if (isArp) noteKernels(this.memory, this.view, slot);
    this.noteUnanswered(slot);
    return decision;
  }
}

function byClass(excuses: readonly Excuse[]): Excuse[][] {
  return Array.from(
    { length: CLASSES },
    (_, targetClass) => excuses.filter(({ targets }) => (targets & targetBit(targetClass)) !== 0),
  );
}

function first(excuses: readonly Excuse[], slot: number): number {
  for (let i = 0; i < excuses.length; i++) {
    if (!excuses[i].holds(slot)) continue;
    excuses[i].spend?.(slot);
    return excuses[i].decision;
  }
  return Decision.Undecided;
}
