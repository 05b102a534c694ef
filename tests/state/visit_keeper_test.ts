import assert from "node:assert/strict";
import { CannotRun } from "../../src/failure.ts";
import type { Rights } from "../../src/state/guard.ts";
import { VisitKeeper } from "../../src/state/visit_keeper.ts";
import type { Visits } from "../../src/detect/scandog/beside/visit/visits.ts";
import { keptPort, takePort } from "../../src/detect/scandog/beside/visit/kept_ports.ts";
import { parseAddress } from "../../src/address.ts";
import { loadSqlite, StateFile } from "../../src/state/state_file.ts";
import { Traffic } from "../detect/scandog/traffic.ts";
import { NOW_US, stateRow, withFolder } from "./rows.ts";

const RIGHTS: Rights = { who: "other", owners: [] };
const sqlite = await loadSqlite();

/** What the keeper said, each with its level. */
class Said {
  readonly texts: string[] = [];
  error = (text: string) => void this.texts.push(`error ${text}`);
  notice = (text: string) => void this.texts.push(`notice ${text}`);
  detail = (text: string) => void this.texts.push(`detail ${text}`);
}

async function keeperOf(path: string | undefined, said = new Said()): Promise<VisitKeeper> {
  const { keeper, open } = await VisitKeeper.prepare(path, said);
  open(RIGHTS);
  return keeper;
}

function newVisits(memory = 16, seed = 1): Visits {
  return new Traffic({ memory, seed }).detector.visits;
}

/** So many ports found by scanners of as many networks. */
function learn({ ports }: Visits, count: number): void {
  for (let i = 0; i < count; i++) {
    const scanner = parseAddress(`10.${i >> 8}.${i & 255}.7`)!;
    assert.ok(takePort(ports, stateRow({ scanner, state: 0, visitors: new Int32Array(3) })) >= 0);
  }
}

function entriesOf({ ports }: Visits): string[] {
  return Array.from({ length: ports.capacity }, (_, slot) => keptPort(ports, slot))
    .filter((entry) => entry !== undefined).map((entry) => JSON.stringify(entry)).sort();
}

function rowsOf(path: string) {
  const file = StateFile.open(sqlite, path);
  const { rows } = file.load(1e6);
  file.close();
  return rows;
}

Deno.test("VisitKeeper gives a later run what an earlier one learned, in tables of any size", () =>
  withFolder(async (folder) => {
    const path = `${folder}/state`;
    const first = await keeperOf(path), visits = newVisits();
    first.attach(visits);
    learn(visits, 700);
    assert.ok(first.close());
    const said = new Said();
    const second = await keeperOf(path, said), later = newVisits(64, 99);
    second.attach(later);
    assert.deepEqual(said.texts, [`detail state ${path}: 700 open ports of earlier runs`]);
    assert.deepEqual(entriesOf(later), entriesOf(visits));
    assert.equal(later.ports.changes.count, 0);
    assert.ok(second.close());
    assert.equal(rowsOf(path).length, 700);
  }));

Deno.test("VisitKeeper saves at once, then waits for more; a bounded number of rows a turn", () =>
  withFolder(async (folder) => {
    const keeper = await keeperOf(`${folder}/state`), visits = newVisits();
    const left = () => visits.ports.changes.count;
    keeper.attach(visits);
    keeper.turn(1000);
    learn(visits, 1200);
    const seen = [];
    for (let ms = 1050; left() > 0; ms += 50) {
      keeper.turn(ms);
      seen.push(left());
    }
    assert.deepEqual(seen, [688, 176, 0]);
    visits.ports.scan.set(0, 5);
    visits.ports.changes.add(0);
    keeper.turn(9000);
    assert.equal(left(), 1);
    keeper.turn(12_000);
    assert.equal(left(), 0);
    visits.ports.scan.set(0, 6);
    visits.ports.changes.add(0);
    assert.ok(keeper.close());
  }));

Deno.test("VisitKeeper hands over to the next detector, with a file and without one", () =>
  withFolder(async (folder) => {
    for (const path of [undefined, `${folder}/state`]) {
      const keeper = await keeperOf(path);
      const one = newVisits(), two = newVisits(), less = newVisits(4);
      keeper.attach(one);
      learn(one, 3000);
      keeper.turn(0);
      keeper.attach(two);
      assert.deepEqual(entriesOf(two), entriesOf(one));
      keeper.turn(20_000);
      keeper.attach(less);
      assert.ok(less.ports.size < 3000 && less.ports.size > 1000);
      assert.ok(keeper.close());
      if (path === undefined) continue;
      assert.equal(rowsOf(path).length, less.ports.size);
      const again = await keeperOf(path), last = newVisits(4);
      again.attach(last);
      assert.deepEqual(entriesOf(last), entriesOf(less));
      again.close();
    }
  }));

Deno.test("rows that an attacker doubled or multiplied leave one for each place", () =>
  withFolder(async (folder) => {
    const path = `${folder}/state`;
    const file = StateFile.open(sqlite, path);
    const rows = Array.from({ length: 5000 }, (_, i): [number, ReturnType<typeof stateRow>] => [
      i,
      stateRow({ key: 1 << 16 | i % 10, scan: i }),
    ]);
    file.save([...rows, [2 ** 31 - 1, stateRow({ key: 1 })]]);
    file.close();
    const keeper = await keeperOf(path), visits = newVisits();
    keeper.attach(visits);
    assert.equal(visits.ports.size, 11);
    learn(visits, 3);
    assert.ok(keeper.close());
    // The last id that there can be leaves room for others all the same.
    const kept = rowsOf(path);
    assert.equal(kept.length, 14);
    assert.ok(kept.every(([id]) => id < 2 ** 30));
  }));

Deno.test("VisitKeeper removes from the file what is too old, or of a time to come, where it knows the time", () =>
  withFolder(async (folder) => {
    const path = `${folder}/state`, DAY_US = 86_400_000_000;
    const file = StateFile.open(sqlite, path);
    const ages = [0, 2, 4, -2, -400];
    file.save(
      ages.map((days, i) => [i + 1, stateRow({ key: i, triedUs: NOW_US - days * DAY_US })]),
    );
    file.close();
    const replayed = await keeperOf(path);
    replayed.attach(newVisits());
    replayed.close();
    assert.equal(rowsOf(path).length, 5);
    const { keeper, open } = await VisitKeeper.prepare(path, new Said(), () => NOW_US);
    open(RIGHTS);
    keeper.attach(newVisits());
    keeper.close();
    assert.deepEqual(rowsOf(path).map(([id]) => id), [1, 2, 4]);
  }));

Deno.test("VisitKeeper removes what was found at a time far ahead", () =>
  withFolder(async (folder) => {
    const path = `${folder}/state`, YEAR_US = 365 * 86_400_000_000;
    const file = StateFile.open(sqlite, path);
    const lies = [{ startUs: NOW_US + YEAR_US }, { foundUs: Number.MAX_SAFE_INTEGER }, {}];
    file.save(lies.map((lie, id) => [id, stateRow({ key: id, ...lie })]));
    file.close();
    const { keeper, open } = await VisitKeeper.prepare(path, new Said(), () => NOW_US);
    open(RIGHTS);
    const visits = newVisits();
    keeper.attach(visits);
    assert.equal(visits.ports.size, 1);
    keeper.close();
    assert.deepEqual(rowsOf(path).map(([id]) => id), [2]);
  }));

Deno.test("VisitKeeper reads no more rows than its table has places, the latest first", () =>
  withFolder(async (folder) => {
    const path = `${folder}/state`;
    const visits = newVisits(4);
    const { capacity } = visits.ports;
    const file = StateFile.open(sqlite, path);
    file.save(
      Array.from({ length: 3 * capacity }, (_, i) => [
        i,
        stateRow({ key: 1 << 16 | i % 65536, scan: i, triedUs: NOW_US + i }),
      ]),
    );
    file.close();
    const keeper = await keeperOf(path);
    keeper.attach(visits);
    keeper.close();
    const rows = rowsOf(path);
    assert.ok(rows.length <= capacity && rows.length > capacity / 4, `${rows.length}`);
    assert.ok(rows.every(([id]) => id >= 2 * capacity), "older ones are gone");
  }));

Deno.test("VisitKeeper refuses a file with the program's own words", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/text`, "a text, and no state");
    const { open } = await VisitKeeper.prepare(`${folder}/text`, new Said());
    assert.throws(
      () => open(RIGHTS),
      (error) =>
        error instanceof CannotRun && /text: is no state file; name another$/.test(error.message),
    );
  }));
