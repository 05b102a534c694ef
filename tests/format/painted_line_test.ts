import assert from "node:assert/strict";
import { COLOURS } from "../../src/format/ink.ts";
import { paintedLine } from "../../src/format/painted_line.ts";
import { textLine } from "../../src/format/text.ts";
import { CONTEXT, lossEvent, misuseEvent, scanEvent, visitEvent } from "../support/events.ts";

/** Codes away. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[\d;]*m/g, "");
}

Deno.test("paintedLine() changes no letter, and sets off who and what was open", () => {
  for (const event of [scanEvent(), visitEvent(), misuseEvent(), lossEvent()]) {
    const line = textLine(event, CONTEXT);
    const painted = paintedLine(line, COLOURS);
    assert.notEqual(painted, line);
    assert.equal(plain(painted), line);
  }
  const painted = paintedLine(textLine(scanEvent(), CONTEXT), COLOURS);
  assert.ok(painted.includes("\x1b[1m10.9.0.2:55179\x1b[0m"), painted);
  assert.ok(painted.includes("; \x1b[1;33mopen 22,80\x1b[0m, 5 closed;"), painted);
  const ports = { count: 9, list: "1-9", open: "", closed: 9, silent: 0 };
  const none = paintedLine(textLine(scanEvent({ ports }), CONTEXT), COLOURS);
  assert.ok(none.includes("; nothing open, 9 closed;"), none);
});

Deno.test("paintedLine() leaves what is no such line as it is", () => {
  assert.equal(paintedLine("", COLOURS), "");
  assert.equal(paintedLine("something else", COLOURS), "something else");
});
