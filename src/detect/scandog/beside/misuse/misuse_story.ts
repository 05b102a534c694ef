// When misuse of an address is told, and how often. Knows findings, times and events; nothing of
// packets.
//
// It is no scan of the address, and the line is for its owner to know: so one line when it is over,
// and while it goes on hardly more. Whoever forges answers can make up findings: they draw on a budget
// of their own, and what it refuses is counted and said.

import { formatAddress } from "../../../../address.ts";
import type { Emit, MisuseEvent } from "../../../../event.ts";
import type { Records } from "../../../../record.ts";
import type { Clock } from "../../clock.ts";
import type { Memory } from "../../memory.ts";
import { type Notices, PROFILE } from "../../scan/notices.ts";
import { Ration } from "../../scan/ration.ts";
import { Misuse, type Misused } from "./misuse.ts";

/** A misuse is over after so long without an answer. */
const OVER_MS = 30_000;
/** What goes on is told after so long for the first time, and then each so often. */
const FIRST_MS = 60_000;
const AGAIN_MS = 3_600_000;

export class MisuseStory {
  private stories = 0;
  declare private readonly misuse: Misuse;
  declare private readonly clock: Clock;
  declare private readonly emit: Emit;
  declare private readonly ration: Ration;

  constructor(memory: Memory, notices: Notices, emit: Emit) {
    this.misuse = new Misuse(memory);
    this.clock = memory.clock;
    this.emit = emit;
    this.ration = new Ration(memory, notices, "address-misused");
  }

  /** The segment at `base` answers what nobody asked; `kind`: one of `Unasked`. */
  segment(records: Records, base: number, kind: number): void {
    if (this.misuse.isClients(records, base, kind)) return;
    this.makeRoom(records, records.sourceAt(base));
    this.misuse.segment(records, base, kind);
  }

  /** Takes an ICMP error that nobody asked for. */
  error(records: Records, base: number): void {
    this.makeRoom(records, records.innerDestinationAt(base));
    this.misuse.error(records, base);
  }

  /** What gives way to answers of a new host is told first. */
  private makeRoom({ i32 }: Records, host: number): void {
    const index = this.misuse.inTheWayOf(i32, host);
    if (index >= 0) this.end(index);
  }

  /** See `Misuse.used`. */
  used(slot: number): void {
    this.misuse.used(slot);
  }

  /** Looks what is over, and what has gone on for long. */
  turn(): void {
    const { clock, misuse: { table } } = this;
    for (let index = 0; table.size > 0 && index < table.capacity; index++) {
      if (table.worth(index) === 0) continue;
      if (clock.since(table.lastMs.of(index)) >= OVER_MS) this.end(index);
      else if (clock.since(table.saidMs.of(index)) >= this.patience(index)) {
        table.saidMs.set(index, clock.ms);
        this.tell(index, false);
      }
    }
    this.ration.turn();
  }

  /** In how many milliseconds `turn` has something to look at, if nothing comes. */
  dueMs(): number {
    const { clock, misuse: { table } } = this;
    let dueMs = this.ration.dueMs();
    for (let index = 0; table.size > 0 && index < table.capacity; index++) {
      if (table.worth(index) === 0) continue;
      const overMs = OVER_MS - clock.since(table.lastMs.of(index));
      const saidMs = this.patience(index) - clock.since(table.saidMs.of(index));
      dueMs = Math.min(dueMs, overMs, saidMs);
    }
    return dueMs;
  }

  /** The capture has ended. */
  finish(): void {
    const { table } = this.misuse;
    for (let index = 0; index < table.capacity; index++) {
      if (table.worth(index) > 0) this.end(index);
    }
    this.ration.finish();
  }

  /** An entry is over, or must give way: the last that is said of it. */
  private end(index: number): void {
    this.tell(index, true);
    this.misuse.table.free(index);
  }

  private patience(index: number): number {
    return this.misuse.table.story.of(index) === 0 ? FIRST_MS : AGAIN_MS;
  }

  private tell(index: number, isLast: boolean): void {
    const { misuse } = this;
    const { table } = misuse;
    if (table.said.of(index) === table.worth(index)) return;
    const found = misuse.judge(index);
    if (found === undefined) return;
    // A flood is told with its size, so when it is over; an hour is long enough to wait for that.
    const story = table.story.of(index);
    if (found.kind === "flood-backscatter" && !isLast && story === 0) {
      table.story.set(index, ++this.stories);
      return;
    }
    // Told with the zombie; where that is over already, both are.
    if (found.kind === "decoy" && misuse.isTarget(index)) return;
    table.said.set(index, table.worth(index));
    if (!this.ration.take(misuse.lastUs[index])) return;
    if (story === 0) table.story.set(index, ++this.stories);
    this.emit(this.event(found));
    if (found.target >= 0) table.said.set(found.target, table.worth(found.target));
  }

  private event({ index, kind, target }: Misused): MisuseEvent {
    const { misuse } = this;
    const { table } = misuse;
    const isZombie = kind === "zombie";
    const victim = isZombie ? target : index;
    const host = this.text(table.addressAt(index));
    return {
      action: "address-misused",
      story: table.story.of(index),
      profile: PROFILE,
      timeUs: misuse.lastUs[index],
      startUs: misuse.firstUs[index],
      endUs: misuse.lastUs[index],
      interface: table.interface.of(index),
      ipVersion: table.ipVersion.of(index) === 6 ? 6 : 4,
      kind,
      address: this.text(table.ownAddressAt(index)),
      addresses: table.ownHosts.of(index),
      ...(table.varied.of(index) === 0 ? { port: table.ownPort.of(index) } : {}),
      ...(isZombie ? { by: host } : {}),
      ...(victim >= 0
        ? {
          against: this.text(table.addressAt(victim)),
          ports: { count: table.ports.of(victim), open: table.open.of(victim) },
        }
        : {}),
      packets: table.worth(index),
    };
  }

  private text(word: number): string {
    return formatAddress(this.misuse.table.bytes, word * 4);
  }
}
