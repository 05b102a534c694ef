import assert from "node:assert/strict";
import { readConfig } from "../../src/options/config_file.ts";
import { PROFILES } from "../../src/options/profiles.ts";
import { kebab } from "../../src/options/row.ts";
import { SHARED_OPTIONS } from "../../src/options/shared.ts";
import {
  foreignTunables,
  profilesOf,
  TUNABLE_OPTIONS,
  tunableFaults,
  tunableValues,
} from "../../src/options/tunables.ts";
import { defaults, PATH, SCANLOGD_1, SCANLOGD_2 } from "../../src/params.ts";

Deno.test("every number of every profile and of the path is an option, with its reason", () => {
  const tables = [...Object.values(PROFILES).map(({ tunables }) => tunables), PATH];
  for (const rows of tables) {
    for (const [key, row] of Object.entries(rows)) {
      const option = TUNABLE_OPTIONS[key];
      assert.ok(option !== undefined, key);
      assert.ok(option.defaultText?.includes(String(row.default)), `${key}: ${option.defaultText}`);
      assert.equal(option.kind.parse(String(row.min)), row.min, key);
      assert.equal(option.kind.parse(String(row.max)), row.max, key);
      assert.ok(option.help.length > 0);
    }
  }
});

Deno.test("a number that profiles differ in names the default of each", () => {
  assert.equal(TUNABLE_OPTIONS.scanWeight.defaultText, "21 (scanlogd-1: 10)");
  assert.equal(TUNABLE_OPTIONS.ringRecords.defaultText, "16384 records");
});

Deno.test("no tunable number has the name of another option", () => {
  const own = Object.keys(SHARED_OPTIONS).length;
  const tunable = Object.keys(TUNABLE_OPTIONS).length;
  const named = ["profile", "home", "ignore", "filter", "format", "tz", "observer"];
  assert.ok(own >= tunable + named.length);
  for (const key of named) assert.ok(!(key in TUNABLE_OPTIONS), key);
});

Deno.test("tunableValues() has the profile's defaults where nothing was given", () => {
  assert.deepEqual(tunableValues("scanlogd-1", {}).detector, defaults(SCANLOGD_1));
  assert.deepEqual(tunableValues("scanlogd-2", { scanWeight: 30, extensionHeaders: 1 }), {
    detector: { ...defaults(SCANLOGD_2), scanWeight: 30 },
    path: { ...defaults(PATH), extensionHeaders: 1 },
  });
});

Deno.test("tunableFaults() checks the profile's own range, and relations once ranges hold", () => {
  const faults = (given: Record<string, number>) =>
    tunableFaults("scanlogd-2", tunableValues("scanlogd-2", given));
  assert.deepEqual(faults({}), []);
  // 1.0 may have lines of any length, 2.2.8 not.
  const { max } = SCANLOGD_2.lineLength;
  if (max < SCANLOGD_1.lineLength.max) {
    assert.equal(faults({ lineLength: max + 1 })[0].key, "lineLength");
  }
  assert.deepEqual(faults({ ringRecords: 3000 }), [
    { key: "ringRecords", reason: "must be a power of two, got 3000" },
  ]);
  const [relation] = faults({ scanWeight: 3 });
  assert.equal(relation.key, "privilegedWeight");
  assert.match(relation.reason, /^must be less than --scan-weight 3/);
});

Deno.test("a number of another profile is refused on the command line, not in a file", () => {
  const key = Object.keys(TUNABLE_OPTIONS).find((key) =>
    profilesOf(key) !== undefined && !profilesOf(key)!.includes("scandog")
  );
  // As long as every profile has every number there is nothing to refuse.
  if (key === undefined) {
    assert.deepEqual(foreignTunables("scandog", { scanWeight: { from: "command line" } }), []);
    return;
  }
  const [fault] = foreignTunables("scandog", { [key]: { from: "command line" } });
  assert.equal(fault.key, key);
  assert.deepEqual(foreignTunables("scandog", { [key]: { from: "file", file: "", line: 1 } }), []);
});

Deno.test("every option can be written in a configuration file under its name", async () => {
  const path = await Deno.makeTempFile();
  try {
    const lines = Object.entries(TUNABLE_OPTIONS).map(([key, row]) =>
      `${kebab(key)} = ${row.defaultText!.split(" ")[0]}`
    );
    await Deno.writeTextFile(path, lines.join("\n"));
    const config = await readConfig(path, SHARED_OPTIONS, () => Promise.resolve({}));
    assert.deepEqual(config!.faults, []);
    assert.deepEqual([...config!.entries.keys()], Object.keys(TUNABLE_OPTIONS));
  } finally {
    await Deno.remove(path);
  }
});
