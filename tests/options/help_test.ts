import assert from "node:assert/strict";
import { commandHelp, overview } from "../../src/options/help.ts";
import { loadCommands } from "../../src/command/commands.ts";
import { isColoured, widthOf } from "../../src/command/terminal.ts";

const COMMANDS = await loadCommands();

Deno.test("help keeps to its width, from 40 columns on, and loses no word by it", () => {
  const words = (text: string) => text.split(/\s+/).filter(Boolean).join(" ");
  for (const command of COMMANDS) {
    const wide = commandHelp(command, { width: 100, colour: false, whole: true });
    for (const width of [40, 57, 80]) {
      const text = commandHelp(command, { width, colour: false, whole: true });
      assert.equal(words(text), words(wide));
      for (const line of text.split("\n")) {
        // A name, an example or a single word may be longer than any line.
        const isWhole = /^\s*\S+$|^ {2}(scandog|tcpdump|sudo) |^ {2}(-\w, | {4})--\S+/.test(line);
        assert.ok(line.length <= width || isWhole, `${command.name} ${width}: ${line}`);
      }
    }
  }
});

Deno.test("help in colour is the same text with headings and names in bold", () => {
  const form = { width: 80, whole: false };
  for (const command of COMMANDS) {
    const coloured = commandHelp(command, { ...form, colour: true });
    // deno-lint-ignore no-control-regex
    const plain = coloured.replaceAll(/\u001b\[[01]m/g, "");
    assert.equal(plain, commandHelp(command, { ...form, colour: false }));
    assert.ok(coloured.includes("\u001b[1mUsage:\u001b[0m"));
  }
  const all = overview(COMMANDS, { help: "x" }, { ...form, colour: true });
  assert.ok(all.includes("\u001b[1mwatch\u001b[0m"));
});

Deno.test("every command but the manual's has examples, each a line that it understands", () => {
  for (const { name, examples = [] } of COMMANDS) {
    if (name === "man") continue;
    assert.ok(examples.length > 0, name);
    for (const [line] of examples) assert.match(line, new RegExp(`\\bscandog ${name}\\b`));
  }
});

Deno.test("widthOf() takes no columns for 80, and is never below 40 or above 100", () => {
  assert.deepEqual([0, 1, 39, 40, 77, 100, 500].map(widthOf), [80, 40, 40, 40, 77, 100, 100]);
});

Deno.test("isColoured() is false for what is no terminal", () => {
  assert.equal(isColoured({ isTerminal: () => false }), false);
  assert.equal(isColoured({ isTerminal: () => true }), !Deno.noColor);
});
