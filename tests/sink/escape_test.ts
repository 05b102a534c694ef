import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeLine, escapeParameter, headerField } from "../../src/sink/escape.ts";

const SEED = 20261122;

Deno.test("escapeLine() gives printable ASCII within its bound, whatever the line", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.integer({ min: 16, max: 200 }),
      (line, max) => {
        const escaped = escapeLine(line, max);
        assert.match(escaped, /^[\x20-\x7e]*$/);
        assert.ok(new TextEncoder().encode(escaped).length <= max, `${escaped.length} > ${max}`);
      },
    ),
    { seed: SEED, numRuns: 2000 },
  );
});

Deno.test("escapeLine() leaves a JSON line the same JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const line = JSON.stringify(value);
      assert.deepEqual(JSON.parse(escapeLine(line, 1_000_000)), JSON.parse(line));
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

Deno.test("escapeLine() escapes newlines, escape sequences, non-ASCII and lone surrogates", () => {
  assert.equal(
    escapeLine("a\nb\r\x1b[31m\x7f\x00", 100),
    "a\\u000ab\\u000d\\u001b[31m\\u007f\\u0000",
  );
  assert.equal(
    escapeLine("é\u2028\u202e😀\ud800", 100),
    "\\u00e9\\u2028\\u202e\\ud83d\\ude00\\ud800",
  );
  assert.equal(escapeLine(`"it's" \\ done`, 100), `"it's" \\ done`);
});

Deno.test("escapeLine() cuts a long line visibly and never inside an escape", () => {
  assert.equal(escapeLine("x".repeat(20), 20), "x".repeat(20));
  assert.equal(escapeLine("x".repeat(21), 20), "x".repeat(17) + "...");
  for (let length = 16; length < 40; length++) {
    const cut = escapeLine("ab" + "\n".repeat(20), length);
    assert.match(cut, /^ab(\\u000a)*\.\.\.$/, `${length} bytes: ${cut}`);
  }
});

Deno.test("escapeParameter() escapes what would end an RFC 5424 parameter", () => {
  assert.equal(escapeParameter(`a"b\\c]d`, 100), `a\\"b\\\\c\\]d`);
});

Deno.test("headerField() allows no space and no empty field", () => {
  assert.equal(headerField("my host\n", 255), "my_host_");
  assert.equal(headerField("", 255), "-");
  assert.equal(headerField("abcdef", 3), "abc");
});
