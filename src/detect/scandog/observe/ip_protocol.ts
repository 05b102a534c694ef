// Probes of IP protocols (nmap -sO), and ordinary tunnels and routing. Knows protocol numbers.

import type { Records } from "../../../record.ts";
import type { Attempts } from "./attempts.ts";
import { Copies } from "./copies.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { TechniqueBit } from "../probe/techniques.ts";

/** A tunnel sends on and on; a probe comes once or twice. */
const TUNNEL_PACKETS = 8;

export class IpProtocols {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: AttemptTable;
  declare private readonly copies: Copies;

  constructor(attempts: Attempts) {
    this.records = attempts.packet.records;
    this.attempts = attempts;
    this.table = attempts.table;
    this.copies = new Copies(this.records, this.table);
  }

  process(base: number): void {
    const { attempts, table } = this;
    attempts.packet.read(base);
    if (attempts.passOver()) return;
    attempts.packet.noteSender();
    const key = targetKey(TargetClass.IpProtocol, this.records.protocol(base));
    // What a host sends to itself is no answer to what it sent before.
    const back = attempts.packet.from === attempts.packet.to ? -1 : attempts.backward(key);
    if (back >= 0) {
      const isFirst = !table.has(back, Mark.Open);
      table.mark(back, Mark.Open | Mark.Replied);
      attempts.settle(back, Outcome.Used);
      attempts.answered(back, isFirst);
      return;
    }
    let own = attempts.current(key);
    if (own < 0) {
      if (!attempts.follow()) return;
      own = attempts.begin(key, TechniqueBit.IpProtocol, 0, Stage.Sent);
      this.copies.note(base, own);
      return attempts.await(own);
    }
    if (this.copies.isCopy(base, own)) return;
    this.copies.note(base, own);
    attempts.repeat(own);
    if (table.packets(own) >= TUNNEL_PACKETS) attempts.settle(own, Outcome.Used);
  }
}
