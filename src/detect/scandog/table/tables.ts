// The tables that all parts share, as functions of this folder take them: each says which of them it uses. `Memory`
// has them.

import type { Hash } from "../../../keyed_hash.ts";
import type { Clock } from "../clock.ts";
import type { Acquaintances } from "./acquaintances.ts";
import type { AttemptTable } from "./attempt_table.ts";
import type { Pairs } from "./pairs.ts";
import type { SourceHeads } from "./source_heads.ts";
import type { Subjects } from "./subjects.ts";

export interface Tables {
  table: AttemptTable;
  subjects: Subjects;
  pairs: Pairs;
  heads: SourceHeads;
  acquaintances: Acquaintances;
  hash: Hash;
  clock: Clock;
}
