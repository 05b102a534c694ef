import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { StateError } from "../../src/state/state_error.ts";
import { loadSqlite, StateFile } from "../../src/state/state_file.ts";
import { stateRow, withFolder } from "./rows.ts";

const sqlite = await loadSqlite();

function open(path: string): StateFile {
  return StateFile.open(sqlite, path);
}

function stateWith(path: string, rows: Parameters<StateFile["save"]>[0]): void {
  const file = open(path);
  file.save(rows);
  file.close();
}

/** Changes a file behind our back. */
function tamper(path: string, ...statements: string[]): void {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

function refusal(path: string): string {
  try {
    open(path).close();
  } catch (error) {
    assert.ok(error instanceof StateError, `${error}`);
    assert.ok(error.message.startsWith(`state ${path}: `) && !error.message.includes("\n"));
    return error.message.slice(`state ${path}: `.length);
  }
  return "";
}

Deno.test("StateFile gives back what was saved, replaced and removed, one run later", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    const other = stateRow({ key: 1 << 16 | 22, visitors: new Int32Array(3) });
    stateWith(path, [[1, stateRow()], [2, stateRow()], [7, stateRow()]]);
    stateWith(path, [[2, other], [7, undefined], [9, undefined]]);
    const file = open(path);
    const { rows, removed } = file.load(1000);
    file.close();
    assert.deepEqual(rows, [[1, stateRow()], [2, other]]);
    assert.equal(removed, 0);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["state"]);
  }));

Deno.test("StateFile gives back any row that can be", () =>
  withFolder((folder) => {
    const file = open(`${folder}/state`);
    const u31 = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const row = fc.record({
      scanner: bytes,
      target: bytes,
      key: u31,
      scan: u32,
      run: u32,
      state: u31,
      startUs: time,
      foundUs: time,
      triedUs: time,
      visitors: fc.int32Array({ minLength: 3, maxLength: 3 }),
    });
    fc.assert(fc.property(row, u31, (row, id) => {
      file.save([[id, row]]);
      assert.deepEqual(file.load(1000).rows, [[id, { ...row }]]);
      file.save([[id, undefined]]);
    }));
    file.close();
  }));

Deno.test("StateFile saves all rows or none", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    stateWith(path, [[1, stateRow()]]);
    const file = open(path);
    const broken = stateRow({ scanner: undefined as unknown as Uint8Array });
    assert.throws(() => file.save([[1, undefined], [2, broken]]), StateError);
    assert.deepEqual(file.load(1000).rows, [[1, stateRow()]]);
    file.save([[2, stateRow()]]);
    assert.equal(file.load(1000).rows.length, 2);
    file.close();
  }));

Deno.test("a state file that was copied while it was written has the last save whole", () =>
  withFolder((folder) => {
    // What a kill leaves: the file, and what was written ahead of it.
    const path = `${folder}/state`;
    const file = open(path);
    file.save([[1, stateRow()], [2, stateRow()]]);
    for (const end of ["", "-wal"]) Deno.copyFileSync(path + end, `${folder}/copy${end}`);
    file.close();
    // And of the latest save only a part.
    const wal = Deno.readFileSync(`${folder}/copy-wal`);
    const copy = open(`${folder}/copy`);
    assert.equal(copy.load(1000).rows.length, 2);
    copy.close();
    for (const length of [0, 20, 32, 1000, wal.length - 1]) {
      Deno.writeFileSync(`${folder}/copy-wal`, wal.subarray(0, length));
      assert.match(refusal(`${folder}/copy`), /^$/, `${length} bytes`);
    }
  }));

Deno.test("one file serves one program at a time", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    const file = open(path);
    file.save([[1, stateRow()]]);
    assert.match(refusal(path), /another scandog/);
    file.close();
    assert.equal(refusal(path), "");
  }));

Deno.test("StateFile refuses what is no state file, and leaves it as it is", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    const whole = () => {
      Deno.removeSync(path);
      stateWith(path, Array.from({ length: 500 }, (_, i) => [i, stateRow({ scan: i })]));
    };
    stateWith(path, []);
    const faults: [what: string, make: () => void, said: RegExp][] = [
      ["newer", () => tamper(path, "PRAGMA user_version = 2"), /newer scandog \(version 2/],
      ["other", () => tamper(path, "PRAGMA application_id = 5"), /a database of something else/],
      ["view", () => tamper(path, "CREATE VIEW v AS SELECT 1"), /damaged/],
      ["trigger", () => {
        tamper(path, "CREATE TRIGGER t AFTER INSERT ON found_port BEGIN SELECT 1; END");
      }, /damaged/],
      ["table", () => {
        tamper(path, "ALTER TABLE found_port ADD COLUMN more TEXT");
      }, /damaged/],
      ["cut", () => Deno.truncateSync(path, 20_000), /damaged/],
      ["overwritten", () => {
        const bytes = Deno.readFileSync(path);
        bytes.fill(0xa5, 5000, 30_000);
        Deno.writeFileSync(path, bytes);
      }, /damaged/],
    ];
    for (const [what, make, said] of faults) {
      whole();
      make();
      const before = Deno.readFileSync(path);
      assert.match(refusal(path), said, what);
      assert.deepEqual(Deno.readFileSync(path), before, `${what} is left as it is`);
    }
  }));

Deno.test("rows that nobody but an attacker writes are removed and do no harm", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    stateWith(path, [[1, stateRow()]]);
    const names =
      "id, scanner, target, key, scan, run, state, start_us, found_us, tried_us, visitors";
    const good = ["2", "zeroblob(16)", "zeroblob(16)", "65616", "1", "1", "0", "1", "1", "1"];
    const all = [...good, "zeroblob(12)"];
    const bad: Record<number, string[]> = {
      0: ["-1", "9223372036854775807"],
      1: ["x''", "zeroblob(17)", "zeroblob(100000000)"],
      2: ["zeroblob(15)"],
      3: ["-1", "2147483648"],
      4: ["-1", "4294967296"],
      6: ["-9223372036854775808"],
      7: ["-1", "9007199254740993"],
      9: ["9223372036854775807"],
      10: ["zeroblob(11)"],
    };
    let made = 0;
    for (const [column, values] of Object.entries(bad)) {
      for (const value of values) {
        const row = [...all];
        row[0] = `${100 + made++}`;
        row[Number(column)] = value;
        tamper(path, `INSERT INTO found_port (${names}) VALUES (${row})`);
      }
    }
    const file = open(path);
    assert.deepEqual(file.load(1000), { rows: [[1, stateRow()]], removed: made });
    assert.deepEqual(file.load(1000), { rows: [[1, stateRow()]], removed: 0 });
    file.close();
  }));

Deno.test("any file at all is refused or read, never crashed on", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    stateWith(path, Array.from({ length: 60 }, (_, i) => [i, stateRow({ scan: i })]));
    const whole = Deno.readFileSync(path);
    const change = fc.tuple(
      fc.integer({ min: 0, max: whole.length - 1 }),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        Deno.writeFileSync(path, bytes);
        try {
          const file = open(path);
          try {
            for (const [, row] of file.load(1000).rows) assert.equal(row.scanner.length, 16);
          } finally {
            file.close();
          }
        } catch (error) {
          assert.ok(error instanceof StateError, `${error}`);
        }
        for (const end of ["-wal", "-journal"]) {
          try {
            Deno.removeSync(path + end);
          } catch {
            // There is none.
          }
        }
      }),
      { numRuns: 60 },
    );
  }));
