import assert from "node:assert/strict";
import type { ConfigFile } from "../../src/options/config_file.ts";
import { choice, FLAG, number } from "../../src/options/kinds.ts";
import type { Rows } from "../../src/options/row.ts";
import { faultText, settle } from "../../src/options/settings.ts";

const OPTIONS = {
  format: { kind: choice("FORMAT", ["text", "json"]), help: "", group: "" },
  scanWeight: { kind: number("N", { min: 2, max: 99 }), help: "", group: "", default: 21 },
  quiet: { kind: FLAG, help: "", group: "", default: false },
} satisfies Rows;

function file(entries: Record<string, unknown>): ConfigFile {
  const lines = Object.entries(entries).map(([key, value], i) =>
    [key, { value, line: i + 1 }] as const
  );
  return { path: "a.toml", entries: new Map(lines), faults: [] };
}

Deno.test("settle() takes the command line before the file, and the file before the default", () => {
  const { settings, faults } = settle(
    OPTIONS,
    new Map([["format", "text"]]),
    file({ format: "json", scanWeight: 30 }),
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(settings.values, { format: "text", scanWeight: 30, quiet: false });
  assert.deepEqual(settings.origins, {
    format: { from: "command line" },
    scanWeight: { from: "file", file: "a.toml", line: 2 },
    quiet: { from: "default" },
  });
});

Deno.test("settle() names every wrong value with the place where it stands", () => {
  const { settings, faults } = settle(
    OPTIONS,
    new Map([["format", "xml"], ["quiet", "true"]]),
    file({ format: 1, scanWeight: 1, quiet: "no" }),
  );
  assert.deepEqual(faults, [
    "a.toml:1: format must be one of text, json, got 1",
    '--format must be one of text, json, got "xml"',
    "a.toml:2: scan-weight must be a whole number from 2 to 99, got 1",
    'a.toml:3: quiet must be true or false, got "no"',
  ]);
  assert.equal(
    faultText(settings, { key: "scanWeight", reason: "is wrong" }),
    "a.toml:2: scan-weight is wrong",
  );
  assert.equal(faultText(settings, { reason: "all is wrong" }), "all is wrong");
});

Deno.test("settle() takes keys of other commands in the file for granted", () => {
  assert.deepEqual(settle(OPTIONS, new Map(), file({ interface: "eth0" })).faults, []);
});
