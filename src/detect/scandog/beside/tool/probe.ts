// One attempt's first packet as the rules about tools see it: plain numbers, read from the table of
// conversations. One object is filled again and again.

import { classOf, portOf } from "../../probe/classes.ts";
import { DONT_FRAGMENT, OPTIONS_MASK, tcpFlagsIn, ttlIn, versionIn } from "../../probe/form.ts";
import { Mark, Outcome } from "../../table/attempt_state.ts";
import type { AttemptTable } from "../../table/attempt_table.ts";

export class Probe {
  /** `TargetClass`. */
  targetClass = 0;
  port = 0;
  sourcePort = 0;
  /** Sequence and acknowledgement number, 0 to 2^32 - 1; SCTP: verification and initiate tag. */
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  ttl = 0;
  /** 4 or 6. */
  version = 0;
  window = 0;
  ipId = 0;
  /** One of `Options`. */
  options = 0;
  mss = 0;
  /** Bytes; not known (0) for TCP. */
  payload = 0;
  dontFragment = false;
  /** The last four bytes of the target's address, and the same number with its bytes reversed. */
  target = 0;
  targetReversed = 0;
  /** Tells sources apart; two may share one. */
  source = 0;
  /** Nobody answered, and it was not sent again. */
  isDropped = false;
  /** Nobody answered, and it was sent again. */
  isAskedAgain = false;
  /** Time of its first packet. Microseconds since 1970. */
  timeUs = 0;

  /** Reads an attempt. False when its own packet was not seen. */
  read(table: AttemptTable, slot: number): boolean {
    if (table.has(slot, Mark.ReplyOnly)) return false;
    const key = table.key.of(slot);
    const look = table.look.of(slot);
    const wire = table.wire.of(slot);
    const form = table.form.of(slot);
    this.targetClass = classOf(key);
    this.port = portOf(key);
    this.sourcePort = table.sourcePort.of(slot);
    this.sequence = table.sequence.of(slot) >>> 0;
    this.acknowledgement = table.acknowledgement.of(slot) >>> 0;
    this.ttl = ttlIn(look);
    this.flags = tcpFlagsIn(look);
    this.version = versionIn(look);
    this.window = wire >>> 16;
    this.ipId = wire & 0xffff;
    this.options = form & OPTIONS_MASK;
    this.dontFragment = (form & DONT_FRAGMENT) !== 0;
    this.mss = this.payload = form >>> 16;
    const at = (table.targetAt(slot) + 3) * 4;
    const { bytes } = table;
    this.target = (bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]) >>>
      0;
    this.targetReversed = table.targetEnd(slot) >>> 0;
    this.source = table.sourceEnd(slot) ^ table.words[table.sourceAt(slot) + 1];
    const isSilent = table.outcome(slot) === Outcome.Silent;
    this.isDropped = isSilent && table.packets(slot) === 1;
    this.isAskedAgain = isSilent && table.packets(slot) > 1;
    this.timeUs = table.firstUs(slot);
    return true;
  }
}
