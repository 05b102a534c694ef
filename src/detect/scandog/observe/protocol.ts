// What the file of each protocol works with: the packet at hand, the life of attempts, and what is kept of them.

import type { Records } from "../../../record.ts";
import type { Clock } from "../clock.ts";
import type { Memory } from "../memory.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import type { OutcomeQueue } from "../table/outcome_queue.ts";
import type { UsedFlows } from "../../../used_flows.ts";
import type { View } from "../view.ts";
import type { Attempts } from "./attempts.ts";
import type { Packet } from "./packet.ts";

export abstract class Protocol {
  declare protected readonly attempts: Attempts;
  declare protected readonly packet: Packet;
  declare protected readonly records: Records;
  declare protected readonly table: AttemptTable;
  declare protected readonly view: View;
  declare protected readonly outcomes: OutcomeQueue;
  declare protected readonly clock: Clock;
  declare protected readonly used: UsedFlows;
  declare protected readonly memory: Memory;

  constructor(memory: Memory, attempts: Attempts) {
    this.memory = memory;
    this.attempts = attempts;
    this.packet = attempts.packet;
    this.records = attempts.packet.records;
    this.table = attempts.table;
    this.view = attempts.view;
    this.used = attempts.used;
    this.outcomes = memory.outcomes;
    this.clock = memory.clock;
  }

  /** Reads a packet; false for one that a flood has no time for. */
  protected enter(base: number): boolean {
    this.packet.read(base);
    if (this.attempts.passOver()) return false;
    this.packet.noteSender();
    return true;
  }
}
