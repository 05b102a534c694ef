// FTP: a control connection, and beside it a data connection for each file, to ports that the control
// connection agreed on (RFC 959 section 5.2). Knows conversations. Data connections of empty files,
// or cut off ones, look like a connect scan of high ports.

import { TargetClass, targetKey } from "../probe/classes.ts";
import { type Conversations, Mark, Stage, Verdict, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";

/** Where control connections go: FTP, FTP over TLS, and where it is put when 21 is taken. */
const CONTROL_KEYS: readonly number[] = [21, 990, 2121].map((port) =>
  targetKey(TargetClass.Tcp, port)
);

export class Companions {
  declare private readonly table: Conversations;
  declare private readonly hash: Hash;

  constructor(table: Conversations, hash: Hash) {
    this.table = table;
    this.hash = hash;
  }

  /** True when the two hosts of an attempt have a control connection, whoever began it. */
  has(slot: number): boolean {
    const { table, hash } = this;
    const a = table.addressAt(slot, Word.Initiator), b = table.addressAt(slot, Word.Responder);
    const from = hash.address(table.words, a), to = hash.address(table.words, b);
    for (const key of CONTROL_KEYS) {
      if (this.isControl(table.find(table.words, a, b, key, hash.triple(from, to, key)))) {
        return true;
      }
      if (this.isControl(table.find(table.words, b, a, key, hash.triple(to, from, key)))) {
        return true;
      }
    }
    return false;
  }

  /** Open, used, or found in mid-stream; not one that was only tried, or is over without a word. */
  private isControl(slot: number): boolean {
    if (slot < 0) return false;
    switch (this.table.verdict(slot)) {
      case Verdict.Used:
        return true;
      case Verdict.None:
      case Verdict.Neutral:
        return this.table.has(slot, Mark.Open) || this.table.stage(slot) >= Stage.Open;
      default:
        return false;
    }
  }
}
