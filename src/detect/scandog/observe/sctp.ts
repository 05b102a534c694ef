// SCTP: from first chunks to what became of attempts (RFC 9260 section 5). Knows chunk types.

import { TargetClass, targetKey } from "../probe/classes.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import { Protocol } from "./protocol.ts";

const Chunk = {
  Data: 0,
  Init: 1,
  InitAck: 2,
  Abort: 6,
  ShutdownAck: 8,
  CookieEcho: 10,
  CookieAck: 11,
} as const;

export class Sctp extends Protocol {
  process(base: number): void {
    if (!this.enter(base)) return;
    const { attempts, table, records } = this;
    const key = targetKey(TargetClass.Sctp, records.destinationPort(base));
    const backKey = targetKey(TargetClass.Sctp, records.sourcePort(base));
    const own = attempts.forward(key);
    const type = records.type(base);
    if (own < 0) {
      const back = attempts.backward(backKey);
      if (back >= 0) return this.fromResponder(back, type);
    }
    switch (type) {
      case Chunk.Init:
        return this.probe(key, TechniqueBit.SctpInit);
      case Chunk.CookieEcho:
        if (own >= 0 && table.stage(own) === Stage.Answered) table.setStage(own, Stage.Open);
        else this.probe(key, TechniqueBit.SctpCookieEcho);
        return;
      case Chunk.Abort:
      case Chunk.InitAck:
      case Chunk.ShutdownAck:
        if (own >= 0) {
          // The initiator's own ABORT after INIT-ACK is how half-open SCTP scans look.
          if (table.outcome(own) === Outcome.None && table.stage(own) !== Stage.Open) {
            attempts.settle(own, Outcome.HalfOpen);
          }
        } else if (!this.packet.isBackscatter() && attempts.followAnswer()) {
          this.answerOnly(backKey, type);
        }
        return;
      default:
        if (own >= 0 && table.stage(own) === Stage.Open) attempts.settle(own, Outcome.Used);
    }
  }

  private probe(key: number, technique: number): void {
    const { attempts } = this;
    const own = attempts.current(key);
    if (own >= 0) attempts.repeat(own);
    else if (attempts.follow()) attempts.probe(key, technique);
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
    const isFirst = !table.has(slot, Mark.Replied);
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
