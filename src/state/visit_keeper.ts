// Keeps what scanners found open longer than one detector lives: over a configuration that is read
// again, and with `--state` over runs. Knows the table and the file; nothing of packets.

import { keptPort, takePort } from "../detect/scandog/beside/visit/kept_ports.ts";
import type { Visits } from "../detect/scandog/beside/visit/visits.ts";
import { plural } from "../format/figures.ts";
import type { Rights } from "./guard.ts";
import { StateError } from "./state_error.ts";
import type { StateFile, StateRow } from "./state_file.ts";

/** A change waits this long for further ones before it is written. A killed program loses no more than that. */
const SAVE_MS = 10_000;
/** After a failure. */
const RETRY_MS = 60_000;
/**
 * Rows at once, between two batches of packets: 6 to 8 ms, 25 ms with a checkpoint, of the half second
 * that the ring rides out.
 */
const ROWS_MAX = 512;

/** From here on an id is given anew, as 0 is: new ones follow the last, and must stay below 2^31. */
const ID_RENEWED = 2 ** 30;

/** Takes sentences about the file: what is wrong, what is good to know, and details. */
export interface KeeperWords {
  error(text: string): void;
  notice(text: string): void;
  detail(text: string): void;
}

export class VisitKeeper {
  private visits: Visits | undefined;
  private file: StateFile | undefined;
  /** Ids of the rows of the table's places; 0 while they have none. */
  private ids = new Uint32Array(0);
  private lastId = 0;
  private dueMs = 0;
  private isFailing = false;

  private constructor(
    private readonly say: KeeperWords,
    private readonly nowUs: () => number,
  ) {}

  /**
   * One that keeps nothing beyond the run until the file is opened by `open`. What that needs of the
   * disk is loaded now, while everything can be reached. `nowUs`: what is too old by then is removed from
   * the file; a replay leaves it out, as its time is the captures'.
   */
  static async prepare(
    path: string | undefined,
    say: KeeperWords,
    nowUs = () => NaN,
  ): Promise<{ keeper: VisitKeeper; open: (rights: Rights) => void }> {
    const keeper = new VisitKeeper(say, nowUs);
    if (path === undefined) return { keeper, open: () => {} };
    const { guardStateFile } = await import("./guard.ts");
    const { loadSqlite, StateFile } = await import("./state_file.ts");
    const sqlite = await loadSqlite();
    const open = (rights: Rights) => {
      guardStateFile(path, rights);
      keeper.file = StateFile.open(sqlite, path);
    };
    return { keeper, open };
  }

  /** Takes care of the table of a new detector, which gets what is known. Throws `StateError`. */
  readonly attach = (visits: Visits): void => {
    const before = this.visits, beforeIds = this.ids;
    this.visits = visits;
    this.ids = new Uint32Array(visits.ports.capacity);
    const homeless: number[] = [];
    if (before !== undefined) {
      for (let slot = 0; slot < before.ports.capacity; slot++) {
        const entry = keptPort(before.ports, slot);
        if (entry === undefined) continue;
        this.settle(beforeIds[slot], takePort(visits.ports, entry), homeless);
      }
      return this.removeRows(homeless);
    }
    if (this.file === undefined) return;
    const { rows, removed } = this.file.load(visits.ports.capacity);
    const nowUs = this.nowUs();
    const renewed: number[] = [];
    for (const [id, row] of rows) {
      if (isOfAnotherTime(visits, row, nowUs)) homeless.push(id);
      else if (id > 0 && id < ID_RENEWED) {
        this.lastId = Math.max(this.lastId, id);
        this.settle(id, takePort(visits.ports, row), homeless);
      } else {
        homeless.push(id);
        const slot = takePort(visits.ports, row);
        if (slot >= 0) renewed.push(slot);
      }
    }
    // What is in the file already need not be written again.
    visits.ports.changes.remove(visits.ports.changes.first(Infinity));
    for (const slot of renewed) visits.ports.changes.add(slot);
    this.file.save(homeless.map((id) => [id, undefined]));
    this.say.detail(
      `state ${this.file.path}: ${plural(visits.ports.size, "open port")} of earlier runs`,
    );
    if (removed > 0) {
      this.say.error(`state ${this.file.path}: ${plural(removed, "row")} made no sense: removed`);
    }
  };

  /** The row `id` (0: none yet) is that of `slot` (-1: there is no place for it). */
  private settle(id: number, slot: number, homeless: number[]): void {
    // Two rows of one place: somebody else wrote one of them.
    const former = slot < 0 ? id : this.ids[slot];
    if (former !== 0) homeless.push(former);
    if (slot >= 0) this.ids[slot] = id;
  }

  private removeRows(ids: readonly number[]): void {
    if (this.file === undefined || ids.length === 0) return;
    this.attempt((file) => file.save(ids.map((id) => [id, undefined])));
  }

  /** Saves some of what has changed, when it is time to. `nowMs`: of a clock that only goes forward. */
  turn(nowMs: number): void {
    if (this.file === undefined || this.visits === undefined || nowMs < this.dueMs) return;
    if (this.visits.ports.changes.count === 0) return;
    const isSaved = this.saveSome(ROWS_MAX);
    const more = this.visits.ports.changes.count > 0;
    this.dueMs = nowMs + (!isSaved ? RETRY_MS : more ? 0 : SAVE_MS);
  }

  private saveSome(max: number): boolean {
    const { ports } = this.visits!;
    const slots = ports.changes.first(max);
    const isSaved = this.attempt((file) =>
      file.save(slots.map((slot) => [this.ids[slot] ||= ++this.lastId, keptPort(ports, slot)]))
    );
    if (isSaved) ports.changes.remove(slots);
    return isSaved;
  }

  /** Says once that something fails, and once that it works again. */
  private attempt(work: (file: StateFile) => void): boolean {
    try {
      work(this.file!);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      if (!this.isFailing) this.say.error(`${error.message}; what is learned is kept in memory`);
      this.isFailing = true;
      return false;
    }
    if (this.isFailing) this.say.notice(`state ${this.file!.path}: saved again`);
    this.isFailing = false;
    return true;
  }

  /** Saves all that is left and closes the file. False when that failed, which was said. */
  close(): boolean {
    if (this.file === undefined) return true;
    const { visits } = this;
    const isSaved = visits === undefined || visits.ports.changes.count === 0 ||
      this.saveSome(Infinity);
    const isClosed = this.attempt((file) => file.close());
    this.file = undefined;
    return isSaved && isClosed;
  }
}

/** Tried too long ago; or found at a time that is far ahead, which no clock can have been set to. */
function isOfAnotherTime({ ports }: Visits, row: StateRow, nowUs: number): boolean {
  const latestUs = Math.max(row.startUs, row.foundUs);
  return ports.isTooOld(row.triedUs, nowUs) || latestUs > nowUs && ports.isTooOld(latestUs, nowUs);
}
