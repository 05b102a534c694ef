// The file that keeps, beyond a run, what scanners found open: SQLite, one table. Knows SQL and what may be wrong with a file; nothing of packets or of what rows mean.
//
// Written ahead (WAL) and synchronised at checkpoints only: a save costs no wait for the disk, a kill
// loses what was not saved yet, a power cut at most a few saves more, and neither damages the file. The
// lock is exclusive and held until the end: two programs cannot keep one file, and without shared memory
// for readers all that is needed later is open before files are given up (Landlock, chroot, user).

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StateError } from "./state_error.ts";

/** "scdg", so that file(1) and we know whose it is. */
const APPLICATION = 0x73636467;
/** The one before may just be ending. */
const BUSY_MS = 500;
/** The version of the schema below. A newer program reads older versions; an older program refuses newer ones. */
const VERSION = 1;
const SCHEMA = `CREATE TABLE found_port (
  id INTEGER PRIMARY KEY,
  scanner BLOB NOT NULL,
  target BLOB NOT NULL,
  key INTEGER NOT NULL,
  scan INTEGER NOT NULL,
  run INTEGER NOT NULL,
  state INTEGER NOT NULL,
  start_us INTEGER NOT NULL,
  found_us INTEGER NOT NULL,
  tried_us INTEGER NOT NULL,
  visitors BLOB NOT NULL
) STRICT`;

/** Whatever somebody wrote into the file: only rows whose every value is possible are looked at. */
const POSSIBLE = [
  ...["scanner", "target"].map((name) => `typeof(${name}) = 'blob' AND length(${name}) = 16`),
  "typeof(visitors) = 'blob' AND length(visitors) = 12",
  ...["id", "key", "state"].map((name) => whole(name, 2 ** 31 - 1)),
  ...["scan", "run"].map((name) => whole(name, 2 ** 32 - 1)),
  ...["start_us", "found_us", "tried_us"].map((name) => whole(name, Number.MAX_SAFE_INTEGER)),
].join(" AND ");

function whole(name: string, max: number): string {
  return `typeof(${name}) = 'integer' AND ${name} BETWEEN 0 AND ${max}`;
}

/** As `SELECT` gives them: two columns are read ten times as fast as eleven. */
const NUMBERS = ["id", "key", "scan", "run", "state", "start_us", "found_us", "tried_us"];
const COLUMNS = `CAST(scanner || target || visitors AS BLOB) AS bytes, ${
  NUMBERS.join(" || ' ' || ")
} AS numbers`;
const ADDRESS_BYTES = 16;

/** Addresses have 16 bytes; all numbers are whole and not negative. */
export interface StateRow {
  scanner: Uint8Array;
  target: Uint8Array;
  key: number;
  scan: number;
  run: number;
  state: number;
  startUs: number;
  foundUs: number;
  triedUs: number;
  visitors: Int32Array;
}

type Sqlite = typeof import("node:sqlite");

/** Loads SQLite, which nothing else of the program needs: before files are given up. */
export function loadSqlite(): Promise<Sqlite> {
  return import("node:sqlite");
}

export class StateFile {
  private readonly put: StatementSync;
  private readonly remove: StatementSync;

  private constructor(readonly path: string, private readonly database: DatabaseSync) {
    this.put = database.prepare(
      "INSERT OR REPLACE INTO found_port VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.remove = database.prepare("DELETE FROM found_port WHERE id = ?");
  }

  /**
   * Opens a file that `guardStateFile` has looked at; an empty one becomes a state file. Throws
   * `StateError`, and then has changed nothing.
   */
  static open({ DatabaseSync }: Sqlite, path: string): StateFile {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      // A schema is a program too: what is not our table must not run.
      database.exec(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; " +
          `PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = ${BUSY_MS}`,
      );
      const isNew = check(database, path);
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      database.exec("BEGIN IMMEDIATE");
      if (isNew) {
        database.exec(
          `${SCHEMA}; PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${VERSION}`,
        );
      }
      database.exec("COMMIT");
      return new StateFile(path, database);
    } catch (error) {
      database?.close();
      throw stateError(path, error);
    }
  }

  /**
   * At most `max` rows, those tried latest, each with its id, from 0 to 2^31 - 1. The others are removed:
   * a file may be as large as somebody made it, and memory is not. Those that no scandog wrote are
   * removed first, and counted. Throws `StateError`.
   */
  load(max: number): { rows: [id: number, row: StateRow][]; removed: number } {
    try {
      const { changes } = this.database.prepare(`DELETE FROM found_port WHERE NOT (${POSSIBLE})`)
        .run();
      const latest = "SELECT id FROM found_port ORDER BY tried_us DESC, id LIMIT ?";
      this.database.prepare(`DELETE FROM found_port WHERE id NOT IN (${latest})`).run(max);
      const rows = this.database.prepare(`SELECT ${COLUMNS} FROM found_port`).all().map(rowOf);
      return { rows, removed: Number(changes) };
    } catch (error) {
      throw stateError(this.path, error);
    }
  }

  /** Writes (or, where undefined, removes) the rows of these ids, all or none. Throws `StateError`. */
  save(rows: Iterable<[id: number, row: StateRow | undefined]>): void {
    try {
      this.database.exec("BEGIN IMMEDIATE");
      for (const [id, row] of rows) {
        if (row === undefined) this.remove.run(id);
        else this.write(id, row);
      }
      this.database.exec("COMMIT");
    } catch (error) {
      this.rollback();
      throw stateError(this.path, error);
    }
  }

  /** After a failure, where there may be a transaction and may be none. */
  private rollback(): void {
    try {
      this.database.exec("ROLLBACK");
    } catch {
      // SQLite has ended it by itself, as it does when the disk is full.
    }
  }

  private write(id: number, row: StateRow): void {
    const { scanner, target, key, scan, run, state, startUs, foundUs, triedUs } = row;
    const numbers = [key, scan, run, state, startUs, foundUs, triedUs];
    const visitors = new Uint8Array(row.visitors.slice().buffer);
    this.put.run(id, scanner, target, ...numbers, visitors);
  }

  /** Moves what was written ahead into the file. Throws `StateError`; the file is closed even so. */
  close(): void {
    try {
      this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (error) {
      throw stateError(this.path, error);
    } finally {
      this.database.close();
    }
  }
}

/** True for an empty file, false for a state file; throws for anything else. */
function check(database: DatabaseSync, path: string): boolean {
  const number = (pragma: string) =>
    Object.values(database.prepare(`PRAGMA ${pragma}`).get() as Record<string, number>)[0];
  const schema = database.prepare("SELECT sql FROM sqlite_schema").all() as { sql: unknown }[];
  const application = number("application_id"), version = number("user_version");
  if (schema.length === 0 && application === 0 && version === 0) return true;
  if (application !== APPLICATION) {
    throw new StateError(path, "is a database of something else; name another file");
  }
  if (version > VERSION) {
    throw new StateError(
      path,
      `was written by a newer scandog (version ${version} of the file); use that one or another file`,
    );
  }
  if (version !== VERSION || schema.length !== 1 || schema[0].sql !== SCHEMA) {
    throw new StateError(path, "is damaged: not the table it should have; move it away");
  }
  const [found] = database.prepare("PRAGMA quick_check(1)").all() as Record<string, unknown>[];
  if (found?.quick_check !== "ok") throw new StateError(path, "is damaged; move it away");
  return false;
}

function rowOf(columns: Record<string, unknown>): [id: number, row: StateRow] {
  const bytes = new Uint8Array(columns.bytes as Uint8Array);
  const [id, key, scan, run, state, startUs, foundUs, triedUs] = (columns.numbers as string)
    .split(" ").map(Number);
  return [id, {
    scanner: bytes.subarray(0, ADDRESS_BYTES),
    target: bytes.subarray(ADDRESS_BYTES, 2 * ADDRESS_BYTES),
    key,
    scan,
    run,
    state,
    startUs,
    foundUs,
    triedUs,
    visitors: new Int32Array(bytes.buffer, 2 * ADDRESS_BYTES, 3),
  }];
}

/** SQLite's messages (sqlite3_errstr) that have a remedy of their own. Not every error has its code. */
const REMEDIES: Record<string, string> = {
  "database is locked": "is in use: by another scandog?",
  "attempt to write a readonly database":
    "cannot be written; this program's user must be able to write it and in its folder",
  "unable to open database file":
    "cannot be opened; this program's user must be able to write it and in its folder",
  "disk I/O error":
    "cannot be written; the disk fails, or this program's user may not write in its folder",
  "database disk image is malformed": "is damaged; move it away to begin anew",
  "database or disk is full": "cannot be written: the disk is full",
  "file is not a database": "is no state file; name another",
};

/** Deno before 2.5 does not pass all messages on. */
const UNTOLD =
  "it is damaged, cannot be written, or another scandog uses it; move it away to begin anew";

function stateError(path: string, error: unknown): StateError {
  if (error instanceof StateError) return error;
  const { message } = error as Error;
  return new StateError(path, REMEDIES[message] ?? `cannot be used (${message}): ${UNTOLD}`);
}
