// Notes of every attempt that is part of a scan, in columns: what a report draws. Takes part in the detector as the
// account of `explain` does, which only reads. Makes no text and no object for an attempt.

import { formatAddress, isMapped } from "../../address.ts";
import { OUTCOMES as ACCOUNT_OUTCOMES, type TargetName } from "../../account.ts";
import type { Account, AccountTables } from "../../detect/scandog/account/account.ts";
import { classOf, isHostClass, portOf, TargetClass } from "../../detect/scandog/probe/classes.ts";
import type { Scan } from "../../detect/scandog/scan/scan.ts";
import { OUTCOME_SHIFT } from "../../detect/scandog/table/attempt_state.ts";
import { Tried, type TriedOutcome } from "../../report/tried.ts";

/** Attempts kept; 48 bytes each. What comes after is left out, and the report says how much. */
const ROWS_MAX = 1_000_000;
const ROWS_FIRST = 4096;
const ADDRESS_BYTES = 16;
/** No row. */
const NONE = -1;

const TRANSPORTS: Record<number, TargetName> = {
  [TargetClass.Tcp]: "tcp",
  [TargetClass.Udp]: "udp",
  [TargetClass.Sctp]: "sctp",
};

/** As the scanner saw it: whatever accepted was open. Excused: it was part of a scan, and nothing is known. */
const TRIED: Record<typeof ACCOUNT_OUTCOMES[number], TriedOutcome> = {
  used: "open",
  "half-open": "open",
  empty: "open",
  refused: "refused",
  silent: "silent",
  undecided: "silent",
  harmless: "silent",
};

export class TriedAccount implements Account {
  private tables!: AccountTables;
  /** By slot of the table of attempts: the row of the attempt that has it now. */
  private rowOf = new Int32Array(0);
  private count = 0;
  /** Attempts beyond those that are kept. */
  private leftOut = 0;
  private times = new Float64Array(ROWS_FIRST);
  private keys = new Uint32Array(ROWS_FIRST);
  private scans = new Uint32Array(ROWS_FIRST);
  private outcomes = new Uint8Array(ROWS_FIRST);
  /** Source, then destination. */
  private addresses = new Uint8Array(ROWS_FIRST * 2 * ADDRESS_BYTES);
  private readonly texts = new Map<number, string>();

  open(tables: AccountTables): void {
    this.tables = tables;
    this.rowOf = new Int32Array(tables.table.slots).fill(NONE);
  }

  begun(slot: number): void {
    this.rowOf[slot] = NONE;
  }

  settled(slot: number): void {
    const row = this.rowOf[slot];
    if (row !== NONE) this.outcomes[row] = this.tables.table.outcome(slot) >>> OUTCOME_SHIFT;
  }

  scanned(slot: number, scan: Scan): void {
    const { table } = this.tables;
    let row = this.rowOf[slot];
    if (row === NONE) {
      if (this.count === ROWS_MAX) {
        this.leftOut++;
        return;
      }
      if (this.count === this.times.length) this.grow();
      row = this.rowOf[slot] = this.count++;
      this.times[row] = table.firstUs(slot);
      this.keys[row] = table.key.of(slot);
      const at = row * 2 * ADDRESS_BYTES;
      const source = table.sourceAt(slot) * 4, target = table.targetAt(slot) * 4;
      this.addresses.set(table.bytes.subarray(source, source + ADDRESS_BYTES), at);
      this.addresses.set(table.bytes.subarray(target, target + ADDRESS_BYTES), at + ADDRESS_BYTES);
    }
    this.scans[row] = scan.number;
    this.outcomes[row] = table.outcome(slot) >>> OUTCOME_SHIFT;
  }

  private grow(): void {
    const copy = <T extends { set(from: T): void }>(to: T, from: T) => (to.set(from), to);
    const rows = Math.min(this.times.length * 2, ROWS_MAX);
    this.times = copy(new Float64Array(rows), this.times);
    this.keys = copy(new Uint32Array(rows), this.keys);
    this.scans = copy(new Uint32Array(rows), this.scans);
    this.outcomes = copy(new Uint8Array(rows), this.outcomes);
    this.addresses = copy(new Uint8Array(rows * 2 * ADDRESS_BYTES), this.addresses);
  }

  /** `names`: of the scans that were told, by number; attempts of others are left out. */
  tried(names: ReadonlyMap<number, string>): Tried {
    const tried = new Tried();
    for (let row = 0; row < this.count; row++) {
      const scan = names.get(this.scans[row]);
      if (scan === undefined) continue;
      const targetClass = classOf(this.keys[row]);
      const at = row * 2 * ADDRESS_BYTES;
      tried.add({
        timeUs: this.times[row],
        transport: TRANSPORTS[targetClass] ?? "",
        port: isHostClass(targetClass) ? undefined : portOf(this.keys[row]),
        source: this.textOf(at),
        destination: this.textOf(at + ADDRESS_BYTES),
        outcome: TRIED[ACCOUNT_OUTCOMES[this.outcomes[row]]],
        scan,
      });
    }
    tried.total += this.leftOut;
    return tried;
  }

  /** IPv4 addresses come again and again, so their text is made once. */
  private textOf(at: number): string {
    if (!isMapped(this.addresses, at)) return formatAddress(this.addresses, at);
    const [a, b, c, d] = this.addresses.subarray(at + 12, at + 16);
    const number = (a << 24 | b << 16 | c << 8 | d) >>> 0;
    let text = this.texts.get(number);
    if (text === undefined) this.texts.set(number, text = formatAddress(this.addresses, at));
    return text;
  }

  // What else an account is told has no part in a picture.
  decided(): void {}
  weighed(): void {}
  reached(): void {}
  overlooked(): void {}
  grouped(): void {}
  joined(): void {}
  told(): void {}
  happened(): void {}
  gated(): void {}
}
