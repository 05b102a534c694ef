// What all parts of the detector share: the tables, the keyed hash, time and options. Made first, handed to
// each part. Knows sizes; nothing of packets, so that the judging half can be made without them.

import type { Account } from "./account/account.ts";
import { Clock } from "./clock.ts";
import type { ScandogOptions } from "./options.ts";
import { type Sizes, sizesFor } from "./sizes.ts";
import { AttemptTable } from "./table/attempt_table.ts";
import { Flooded } from "./table/flooded.ts";
import { Hash } from "../../keyed_hash.ts";
import { OutcomeQueue } from "./table/outcome_queue.ts";
import { Acquaintances } from "./table/acquaintances.ts";
import { Pairs } from "./table/pairs.ts";
import { PairsOf } from "./table/pairs_of.ts";
import { Probation } from "./table/probation.ts";
import { SourceHeads } from "./table/source_heads.ts";
import { Stories } from "./table/stories.ts";
import { Subjects } from "./table/subjects.ts";

export class Memory {
  readonly clock = new Clock();
  readonly outcomes = new OutcomeQueue();
  readonly stories = new Stories();
  readonly flooded = new Flooded();
  /** The same of floods of answers, which go to those who did not ask. */
  readonly answered = new Flooded();
  readonly heads = new SourceHeads();
  declare readonly options: ScandogOptions;
  declare readonly sizes: Sizes;
  declare readonly hash: Hash;
  declare readonly table: AttemptTable;
  declare readonly subjects: Subjects;
  declare readonly pairs: Pairs;
  declare readonly pairsOf: PairsOf;
  declare readonly probation: Probation;
  readonly acquaintances = new Acquaintances();
  /** Takes notes of decisions; undefined: nobody asks. */
  declare readonly account: Account | undefined;

  /** Takes all memory of the shared tables; the options were checked. */
  constructor(options: ScandogOptions) {
    this.options = options;
    this.sizes = sizesFor(options.memory);
    this.hash = new Hash(options.seed);
    this.table = new AttemptTable(this.sizes.attempts, this.hash);
    this.subjects = new Subjects(this.sizes.subjects);
    this.pairs = new Pairs(this.sizes.pairs);
    this.pairsOf = new PairsOf(this, options.remember * 1000);
    this.probation = new Probation(this.sizes.probation);
    this.account = options.account;
  }

  /** Hash of a subject's address. */
  hashOf(subject: number): number {
    return this.hash.address(this.subjects.words, this.subjects.addressAt(subject));
  }
}
