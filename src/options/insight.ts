// Sources near to a threshold, for requests while the detector runs: the notes of `explain`, without their lists.
// Knows notes; no rule.

import type { SourceAccount, Threshold } from "../account.ts";
import type { AccountTables } from "../detect/scandog/account/account.ts";
import { KeptAccount } from "../detect/scandog/account/kept_account.ts";
import type { AskInsight, NearSource, TableFill } from "../insight.ts";

const NEAREST_MAX = 20;

/** An account that also knows how full the tables are. */
class InsightAccount extends KeptAccount {
  private opened: AccountTables | undefined;

  override open(tables: AccountTables): void {
    super.open(tables);
    this.opened = tables;
  }

  fills(): TableFill[] {
    if (this.opened === undefined) return [];
    const { table, subjects } = this.opened;
    return [
      { name: "attempts", used: table.size, capacity: table.capacity },
      { name: "sources and networks", capacity: subjects.capacity, evicted: subjects.evicted },
    ];
  }
}

/** An account to run the detector with; `keep` is given whom to ask. */
export function insightful(keep: (ask: AskInsight) => void): KeptAccount {
  const account = new InsightAccount({ only: [], listMax: 0 });
  keep((sinceUs) => ({
    nearest: nearest(account.explanation().sources, sinceUs),
    tables: account.fills(),
  }));
  return account;
}

/** A source that was told already is not near to a threshold any more. */
function nearest(sources: readonly SourceAccount[], sinceUs: number): NearSource[] {
  const found = sources.flatMap(({ source, thresholds: [near], attempts, endUs, scanCount }) =>
    near === undefined || scanCount > 0 || endUs < sinceUs
      ? []
      : [{ source, near, attempts, lastUs: endUs }]
  );
  return found.sort((a, b) => closeness(b.near) - closeness(a.near)).slice(0, NEAREST_MAX);
}

/** 1 is a scan, and what is held back is never quite one. */
function closeness({ reached, enough, held }: Threshold): number {
  const share = reached / enough;
  return held === undefined ? share : Math.min(share, 0.99);
}
