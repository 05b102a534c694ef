// Probes of IP protocols (nmap -sO), and ordinary tunnels and routing. Knows protocol numbers.

import { Field, type Records } from "../../../record.ts";
import type { Attempts } from "../attempt/attempts.ts";
import { Copies } from "../attempt/copies.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { type Conversations, Mark, Stage, Verdict } from "../table/conversations.ts";
import { TechniqueBit } from "../probe/techniques.ts";

/** A tunnel sends on and on; a probe comes once or twice. */
const TUNNEL_PACKETS = 8;

export class IpProtocols {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: Conversations;
  declare private readonly copies: Copies;

  constructor(
    records: Records,
    attempts: Attempts,
    table: Conversations,
  ) {
    this.records = records;
    this.attempts = attempts;
    this.table = table;
    this.copies = new Copies(records, table);
  }

  process(base: number): void {
    const { attempts, table } = this;
    attempts.packet(base);
    if (attempts.isSkipped()) return;
    attempts.noteSender();
    const key = targetKey(TargetClass.IpProtocol, this.records.bytes[base + Field.Protocol]);
    const back = attempts.backward(key);
    if (back >= 0) {
      const isFirst = !table.has(back, Mark.Open);
      table.mark(back, Mark.Open | Mark.Replied);
      attempts.settle(back, Verdict.Used);
      attempts.answered(back, isFirst);
      return;
    }
    let own = attempts.forward(key);
    if (own < 0) {
      if (!attempts.isFollowed()) return;
      own = attempts.begin(key, TechniqueBit.IpProtocol, 0, Stage.Sent);
      this.copies.note(base, own);
      return attempts.await(own);
    }
    if (this.copies.isCopy(base, own)) return;
    attempts.repeat(own);
    if (table.packets(own) >= TUNNEL_PACKETS) attempts.settle(own, Verdict.Used);
  }
}
