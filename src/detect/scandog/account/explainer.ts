// The scandog detector with an account beside it: the same records, the same decisions, and in the end an
// account of them. Knows no rule.

import type { Explanation } from "../../../account.ts";
import { inPrefixes } from "../../../address.ts";
import type { Emit, FloodEvent } from "../../../event.ts";
import { Field, Kind, RECORD_BYTES, type Records } from "../../../record.ts";
import { ScandogDetector } from "../detector.ts";
import type { ScandogOptions } from "../options.ts";
import { type AccountOptions, KeptAccount } from "./kept_account.ts";

/** Floods told of at most. */
const FLOODS_MAX = 1000;

export class Explainer {
  declare private readonly detector: ScandogDetector;
  declare private readonly account: KeptAccount;
  /** Packets from and to each of the sources that are asked for. */
  declare private readonly sent: Float64Array;
  declare private readonly received: Float64Array;
  declare private readonly records: Records;
  declare private readonly asked: AccountOptions;
  private readonly floods: FloodEvent[] = [];

  /** As `ScandogDetector`; `asked`: what is to be explained. */
  constructor(records: Records, options: ScandogOptions, asked: AccountOptions, emit: Emit) {
    this.records = records;
    this.asked = asked;

    this.sent = new Float64Array(asked.only.length);
    this.received = new Float64Array(asked.only.length);
    this.account = new KeptAccount(asked);
    this.detector = new ScandogDetector(records, { ...options, account: this.account }, (event) => {
      const isOver = event.action === "flood" && event.phase === "end";
      if (isOver && this.floods.length < FLOODS_MAX) this.floods.push(event);
      emit(event);
    });
  }

  /** See `ScandogDetector.process`. */
  process(base: number, count: number): void {
    // Whoever asks about one source wants to know of packets that began nothing as well.
    if (this.asked.only.length > 0) {
      const end = base + count * RECORD_BYTES;
      for (let at = base; at < end; at += RECORD_BYTES) this.countPacket(at);
    }
    this.detector.process(base, count);
  }

  private countPacket(at: number): void {
    const { bytes } = this.records;
    for (const [index, prefix] of this.asked.only.entries()) {
      if (inPrefixes([prefix], bytes, at + Field.Source)) this.sent[index]++;
      if (inPrefixes([prefix], bytes, at + Field.Destination)) this.received[index]++;
    }
    const source = this.account.sources.of(bytes, at + Field.Source);
    if (source === undefined) return;
    source.packets.sent++;
    const isArp = bytes[at + Field.Kind] === Kind.Arp;
    if (!isArp && !this.detector.isProbeable(at)) source.packets.unfit++;
  }

  /** The capture has ended. */
  finish(): void {
    this.detector.finish();
  }

  /** Everything that is known, after `finish`. */
  explanation(): Explanation {
    const absent = [...this.received].map((received, index) => ({ index, received }))
      .filter(({ index }) => this.sent[index] === 0);
    return { ...this.account.explanation(), absent, floods: this.floods };
  }
}
