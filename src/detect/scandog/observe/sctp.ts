// SCTP: from first chunks to what became of attempts (RFC 9260 section 5). Knows chunk types.

import type { Records } from "../../../record.ts";
import type { Attempts } from "./attempts.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { TechniqueBit } from "../probe/techniques.ts";

const Chunk = {
  Data: 0,
  Init: 1,
  InitAck: 2,
  Abort: 6,
  ShutdownAck: 8,
  CookieEcho: 10,
  CookieAck: 11,
} as const;

export class Sctp {
  declare private readonly records: Records;
  declare private readonly attempts: Attempts;
  declare private readonly table: AttemptTable;

  constructor(attempts: Attempts) {
    this.records = attempts.packet.records;
    this.attempts = attempts;
    this.table = attempts.table;
  }

  process(base: number): void {
    const { attempts, table, records } = this;
    attempts.packet.read(base);
    if (attempts.passOver()) return;
    attempts.packet.noteSender();
    const own = attempts.forward(targetKey(TargetClass.Sctp, records.destinationPort(base)));
    const backKey = targetKey(TargetClass.Sctp, records.sourcePort(base));
    const back = own >= 0 ? -1 : attempts.backward(backKey);
    const type = records.type(base);
    if (back >= 0) return this.fromResponder(back, type);
    switch (type) {
      case Chunk.Init:
        return this.probe(base, own, TechniqueBit.SctpInit);
      case Chunk.CookieEcho:
        if (own >= 0 && table.stage(own) === Stage.Answered) table.setStage(own, Stage.Open);
        else this.probe(base, own, TechniqueBit.SctpCookieEcho);
        return;
      case Chunk.Abort:
      case Chunk.InitAck:
      case Chunk.ShutdownAck:
        if (own >= 0) {
          // The initiator's own ABORT after INIT-ACK is how half-open SCTP scans look.
          if (table.outcome(own) === Outcome.None && table.stage(own) !== Stage.Open) {
            attempts.settle(own, Outcome.HalfOpen);
          }
        } else if (!attempts.packet.isBackscatter() && attempts.followAnswer()) {
          this.answerOnly(backKey, type);
        }
        return;
      default:
        if (own >= 0 && table.stage(own) === Stage.Open) attempts.settle(own, Outcome.Used);
    }
  }

  private probe(base: number, own: number, technique: number): void {
    const { attempts, table } = this;
    if (own >= 0) {
      attempts.repeat(own);
      return;
    }
    if (!attempts.follow()) return;
    const port = this.records.destinationPort(base);
    const slot = attempts.begin(targetKey(TargetClass.Sctp, port), technique, 0, Stage.Sent);
    table.setStage(slot, Stage.Sent);
    attempts.await(slot);
  }

  private answerOnly(key: number, type: number): void {
    const { attempts, table } = this;
    const slot = attempts.beginFromReply(key, TechniqueBit.SctpInit);
    if (type === Chunk.InitAck) {
      table.setStage(slot, Stage.Answered);
      table.mark(slot, Mark.Open);
      attempts.await(slot);
      return;
    }
    table.mark(slot, Mark.Closed);
    attempts.settle(slot, Outcome.Refused);
  }

  private fromResponder(slot: number, type: number): void {
    const { attempts, table } = this;
    const isFirst = !table.has(slot, Mark.Open | Mark.Closed);
    table.mark(slot, Mark.Replied);
    switch (type) {
      case Chunk.Abort:
        if (table.stage(slot) !== Stage.Sent) return;
        table.mark(slot, Mark.Closed);
        attempts.settle(slot, Outcome.Refused);
        break;
      case Chunk.InitAck:
        table.mark(slot, Mark.Open);
        if (table.stage(slot) === Stage.Sent) table.setStage(slot, Stage.Answered);
        break;
      case Chunk.CookieAck:
        table.mark(slot, Mark.Open);
        table.setStage(slot, Stage.Open);
        break;
      case Chunk.Data:
        return attempts.settle(slot, Outcome.Used);
    }
    attempts.answered(slot, isFirst);
  }
}
