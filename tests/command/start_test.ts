import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { COMMANDS, loadCommands } from "../../src/command/commands.ts";
import { TUNING_GROUPS } from "../../src/options/help.ts";
import { kebab } from "../../src/options/row.ts";
import { COMPILED, scandog, scandogWords } from "../support/scandog.ts";

const NAMES = Object.keys(COMMANDS);

Deno.test("scandog --version prints the version of deno.json, and a binary's commit", async () => {
  const { status, out, err } = await scandog(["--version"]);
  assert.deepEqual([status, err], [0, ""]);
  const commit = / \([0-9a-f]{7,} \d{4}-\d\d-\d\d\)\n$/;
  assert.equal(out.replace(commit, "\n"), `scandog ${project.version}\n`);
  assert.equal(commit.test(out), COMPILED);
});

Deno.test("scandog --help lists the commands on stdout, scandog alone on stderr, with 2", async () => {
  const help = await scandog(["--help"]);
  assert.deepEqual([help.status, help.err], [0, ""]);
  for (const name of [...NAMES, "completions"]) {
    assert.match(help.out, new RegExp(`^  ${name} `, "m"));
  }
  const short = await scandog(["-h"]);
  assert.deepEqual([short.status, short.err], [0, ""]);
  assert.ok(short.out.length < help.out.length && short.out.includes("Examples:"));
  const alone = await scandog([]);
  assert.deepEqual([alone.status, alone.out, alone.err], [2, "", short.out]);
  assert.equal((await scandog(["help"])).out, help.out);
});

for (const { name, options, operand } of await loadCommands()) {
  Deno.test(`scandog ${name} --help has a line for every option`, async () => {
    const { status, out, err } = await scandog([name, "--nonesuch", "--help"]);
    assert.deepEqual([status, err], [0, ""]);
    for (const key of Object.keys(options)) {
      assert.match(out, new RegExp(`^  (-\\w, |    )--${kebab(key)}\\b`, "m"), key);
    }
    if (operand !== undefined) assert.match(out, new RegExp(`^  ${operand.metavar} `, "m"));
    for (const line of out.split("\n")) {
      assert.ok(line.length <= 100 && line.trimEnd() === line, line);
    }
    const short = (await scandog([name, "-h"])).out;
    assert.ok(short.length <= out.length);
    assert.doesNotMatch(short, /^(Thresholds|Capture path):/m);
    assert.equal((await scandog(["help", name])).out, out);
    // What is tuned seldom comes last.
    const headings = [...out.matchAll(/^([A-Z][\w ]+):$/gm)].map(([, text]) => text);
    const tuning = headings.filter((text) => TUNING_GROUPS.includes(text));
    const rest = headings.filter((text) => text !== "Examples");
    assert.deepEqual(rest.slice(rest.length - tuning.length), tuning);
  });
}

Deno.test("scandog version, -V and --version say the same", async () => {
  const { out } = await scandog(["--version"]);
  for (const word of ["version", "-V"]) assert.equal((await scandog([word])).out, out);
});

Deno.test("scandog help and version refuse words that they do not know what to do with", async () => {
  for (const args of [["help", "watch", "x"], ["version", "x"], ["-V", "x"]]) {
    const { status, out, err } = await scandog(args);
    assert.deepEqual([status, out], [2, ""], args.join(" "));
    assert.match(err, /^scandog: "x" is one operand too many\n/);
  }
});

Deno.test("every command takes -q and -v", async () => {
  for (const word of ["-q", "-v", "--quiet", "--no-verbose"]) {
    const { status, out } = await scandog(["interfaces", word, "--help"]);
    assert.deepEqual([status, out.startsWith("Lists the capture devices")], [0, true]);
    assert.equal((await scandog(["schema", word])).status, 0);
  }
});

Deno.test("an unknown command is refused with 2, and the nearest is named", async () => {
  const near = await scandog(["repaly", "a.pcap"]);
  assert.deepEqual([near.status, near.out], [2, ""]);
  assert.match(near.err, /^scandog: there is no command "repaly": did you mean replay\?\n/);
  const far = await scandog(["x\n"]);
  assert.match(far.err, /^scandog: there is no command "x\\n"\n/);
  assert.equal(far.status, 2);
});

Deno.test("scandog completions writes a script for each shell, and completes for it", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { status, out, err } = await scandog(["completions", shell]);
    assert.deepEqual([status, err], [0, ""]);
    assert.match(out, /scandog/);
  }
  const options = await scandog(["completions", "bash", "replay", "--pro"]);
  assert.equal(options.out.trim(), "--profile");
  const values = await scandog(["completions", "bash", "replay", "--format", ""]);
  assert.deepEqual(values.out.trim().split(/\s+/), ["text", "json", "cef", "scanlogd"]);
  const commands = await scandog(["completions", "bash", "repl"]);
  assert.equal(commands.out.trim(), "replay");
  const unknown = await scandog(["completions", "csh"]);
  assert.deepEqual([unknown.status, unknown.out], [2, ""]);
  assert.match(unknown.err, /^scandog: Unsupported shell/);
});

Deno.test("help into a reader that has gone ends with 0, onto a full disk with 1", async () => {
  const shell = async (script: string) => {
    const { stderr } = await new Deno.Command("sh", {
      args: ["-c", script, "sh", ...scandogWords(["--help"])],
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stderr);
  };
  // The reader ends before the program has anything to say.
  assert.equal(await shell('{ sleep 0.1; "$@"; echo "$?" >&2; } | true'), "0\n");
  assert.match(
    await shell('"$@" >/dev/full; echo "$?" >&2'),
    /^scandog: standard output: cannot be written: No space left .*\n1\n$/,
  );
});
