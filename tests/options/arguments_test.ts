import assert from "node:assert/strict";
import { parseSync } from "@optique/core/parser";
import fc from "fast-check";
import { type Given, readArguments } from "../../src/options/arguments.ts";
import { loadCommands } from "../../src/command/commands.ts";
import { grammarOf, type Reading } from "../../src/options/grammar.ts";
import { FILE, FLAG, NETWORKS, SPEED, text } from "../../src/options/kinds.ts";
import type { Row, Rows } from "../../src/options/row.ts";

const OPTIONS: Rows = {
  expect: { kind: FILE, help: "", group: "" },
  interfaceName: { kind: text("IFACE"), help: "", group: "", short: "i" },
  ignore: { kind: NETWORKS, help: "", group: "" },
  quiet: { kind: FLAG, help: "", group: "", short: "q", default: false },
};

function read(line: string): Given {
  return readArguments(OPTIONS, line.split(" ").filter(Boolean));
}

function texts(line: string): Record<string, string> {
  const { texts, unknown, faults } = read(line);
  assert.deepEqual([unknown, faults], [[], []], line);
  return Object.fromEntries(texts);
}

Deno.test("readArguments() reads options in every spelling, and operands in between", () => {
  assert.deepEqual(texts("--expect a"), { expect: "a" });
  assert.deepEqual(texts("--expect=a=b"), { expect: "a=b" });
  assert.deepEqual(texts("-i eth0"), { interfaceName: "eth0" });
  assert.deepEqual(texts("--interface-name eth0"), { interfaceName: "eth0" });
  assert.deepEqual(texts("--quiet"), { quiet: "true" });
  assert.deepEqual(texts("--no-quiet"), { quiet: "false" });
  assert.deepEqual(texts("--ignore 10.0.0.1 --ignore=::1"), { ignore: "10.0.0.1,::1" });
  assert.deepEqual(read("a --quiet b - --expect c d").operands, ["a", "b", "-", "d"]);
});

Deno.test("readArguments() takes letters together, and a value without a space", () => {
  assert.deepEqual(texts("-ieth0"), { interfaceName: "eth0" });
  assert.deepEqual(texts("-qieth0"), { quiet: "true", interfaceName: "eth0" });
  assert.deepEqual(texts("-qv"), { quiet: "true", verbose: "true" });
  assert.deepEqual(read("-qx").unknown, ["-x"]);
  assert.deepEqual(read("-zq").unknown, ["-zq"]);
});

Deno.test("readArguments() takes all after -- as operands", () => {
  const given = read("--quiet -- --expect -i --");
  assert.deepEqual(given.operands, ["--expect", "-i", "--"]);
  assert.deepEqual([...given.texts], [["quiet", "true"]]);
});

Deno.test("readArguments() names every fault, not only the first", () => {
  const given = read("--quite -x --quiet=yes --expect a --expect b --quiet --no-quiet -i");
  assert.deepEqual(given.unknown, ["--quite", "-x"]);
  assert.deepEqual(given.faults, [
    "--quiet takes no value",
    "--expect is given twice",
    "--quiet and --no-quiet contradict",
    "-i needs a value: IFACE",
  ]);
});

Deno.test("readArguments() sees a call for help anywhere before --", () => {
  assert.equal(read("a --help").help, "whole");
  assert.equal(read("-h").help, "short");
  assert.equal(read("-h --help -h").help, "whole");
  assert.equal(read("-- --help").help, undefined);
  assert.equal(read("--expect --help").help, undefined);
});

Deno.test("readArguments() gives an option its bare meaning when no value of its kind follows", () => {
  const options: Rows = {
    speed: { kind: SPEED, help: "", group: "", bare: "max" },
    quiet: { kind: FLAG, help: "", group: "" },
  };
  const speed = (line: string) => {
    const { texts, operands } = readArguments(options, line.split(" "));
    return [texts.get("speed"), ...operands];
  };
  assert.deepEqual(speed("--speed"), ["max"]);
  assert.deepEqual(speed("--speed 2 a"), ["2", "a"]);
  assert.deepEqual(speed("--speed=2"), ["2"]);
  assert.deepEqual(speed("--speed a"), ["max", "a"]);
  assert.deepEqual(speed("--speed --quiet"), ["max"]);
});

/** A reading of optique's grammar in the form of ours. */
function flattened({ options, operands }: Reading) {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.values(options).flatMap((group) => Object.entries(group))) {
    if (value === undefined || Array.isArray(value) && value.length === 0) continue;
    if (value === true) texts[key.replace(/^no /, "")] = key.startsWith("no ") ? "false" : "true";
    else texts[key] = Array.isArray(value) ? value.join(",") : value as string;
  }
  return { texts, operands };
}

// Optique has no options whose value may be left out; these are compared with nothing. A command
// without options has nothing to compare.
const commands = (await loadCommands()).map((command) => ({
  ...command,
  options: Object.fromEntries(
    Object.entries<Row>(command.options).filter(([, row]) => row.bare === undefined),
  ),
}));

for (const { name, options, operand } of commands) {
  if (Object.keys(options).length === 0) continue;
  Deno.test(`readArguments() reads what optique reads: ${name}`, () => {
    const grammar = grammarOf(commands);
    const names = Object.keys(options).map((key) =>
      `--${key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase())}`
    );
    const word = fc.oneof(
      fc.constantFrom("a", "b.pcap", "-", "--", "x=y", "", "3"),
      fc.constantFrom(...names),
      fc.constantFrom(...names).map((name) => `${name}=v`),
      fc.constantFrom(...names).map((name) => name.replace("--", "--no-")),
      fc.constantFrom("--unknown", "-z", "--q", "-i"),
    );
    let both = 0;
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        const given = readArguments(options, args);
        const count = given.operands.length;
        const { min, max } = operand ?? { min: 0, max: 0 };
        const ours = given.unknown.length + given.faults.length === 0 && count >= min &&
          count <= max;
        const theirs = parseSync(grammar, [name, ...args]);
        // To optique a flag and its denial are two options; here they contradict each other.
        if (given.faults.some((fault) => fault.endsWith("contradict"))) return;
        assert.equal(ours, theirs.success, args.join(" "));
        if (!theirs.success) return;
        both++;
        const { texts, operands } = flattened(theirs.value);
        assert.deepEqual(Object.fromEntries(given.texts), texts);
        assert.deepEqual(given.operands, operands);
      }),
      { numRuns: 1000 },
    );
    assert.ok(both > 30, `${both} of 1000 were read by both`);
  });
}
