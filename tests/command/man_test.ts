// The manual page: accepted by mandoc without a word, complete, and shown as it was meant.

import assert from "node:assert/strict";
import { loadCommands } from "../../src/command/commands.ts";
import { escaped, filled, manualPage } from "../../src/command/man.ts";
import { defaultOf, isFlag, kebab } from "../../src/options/row.ts";
import { scandog } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const MANDOC = "/usr/bin/mandoc";

async function mandoc(args: string[], page: string): Promise<string> {
  const child = new Deno.Command(MANDOC, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(page));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

Deno.test({
  name: "scandog man prints a page that mandoc -Tlint has nothing to say of",
  ignore: skipped("mandoc -Tlint", !exists(MANDOC) && "mandoc is not installed"),
  async fn() {
    const { status, out, err } = await scandog(["man"]);
    assert.deepEqual([status, err], [0, ""]);
    // Its database of manuals is empty where none is installed; that says nothing of this page.
    const said = (await mandoc(["-Tlint", "-Wstyle"], out)).split("\n")
      .filter((line) => line !== "" && !/referenced manual not found/.test(line));
    assert.deepEqual(said, []);
    const shown = (await mandoc(["-Tascii", "-Owidth=100"], out)).replaceAll(/.[\b]/g, "");
    for (const { name, summary } of await loadCommands()) {
      assert.ok(shown.includes(`scandog ${name}`), name);
      assert.ok(shown.replaceAll(/\s+/g, " ").includes(summary), summary);
    }
  },
});

Deno.test("manualPage() has each option of each command with its help, choices and default", async () => {
  const commands = await loadCommands();
  const parts = manualPage(commands, "2026-11-22").split(/^\.SS scandog /m).slice(1);
  assert.equal(parts.length, commands.length);
  for (const [index, { name, options, operand, notes }] of commands.entries()) {
    const text = plain(parts[index]);
    assert.ok(text.startsWith(`${name} `), name);
    if (notes !== undefined) assert.ok(text.includes(oneLine(notes)), name);
    if (operand !== undefined) assert.ok(text.includes(oneLine(operand.help)), name);
    for (const [key, row] of Object.entries(options)) {
      const option = isFlag(row) ? `--[no-]${kebab(key)}` : `--${kebab(key)} ${row.kind.metavar}`;
      const choices = row.kind.choices === undefined
        ? ""
        : ` One of ${row.kind.choices.join(", ")}.`;
      const value = defaultOf(row);
      const shown = value === "" ? "" : ` Default: ${value}.`;
      const short = row.short === undefined ? "" : `-${row.short}, `;
      const whole = oneLine(`${short}${option} ${row.help}${choices}${shown}`);
      assert.ok(text.includes(whole), `${name}: ${whole}`);
    }
  }
});

/** The page's text without the language, on one line. */
function plain(source: string): string {
  const words = source.replaceAll(/^\.[A-Z]+ ?/gm, "").replaceAll(/\\f[A-Z]/g, "")
    .replaceAll(/^\\&/gm, "").replaceAll("\\-", "-").replaceAll("\\e", "\\");
  return oneLine(words);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

Deno.test("filled() wraps words, and lets none of them begin a command", () => {
  assert.deepEqual(filled(""), []);
  const lines = filled(`${"word ".repeat(15)}.TH 'br ${"word ".repeat(20)}'x`);
  assert.ok(lines.every((line) => line.length <= 80 && !/^[.']/.test(line)));
  assert.deepEqual(filled(".so /etc/passwd"), ["\\&.so /etc/passwd"]);
  assert.deepEqual(filled("'x"), ["\\&'x"]);
});

Deno.test("escaped() leaves nothing that the language would take as its own", () => {
  assert.equal(escaped("\\fB--no-x\\n"), "\\efB\\-\\-no\\-x\\en");
});
