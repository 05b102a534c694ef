// Habits of tools: how many probes must keep to them, on both sides of each bound.

import assert from "node:assert/strict";
import { Probe } from "../../../../../src/detect/scandog/beside/tool/probe.ts";
import { type Rule, RULES } from "../../../../../src/detect/scandog/beside/tool/rules.ts";
import { Tally } from "../../../../../src/detect/scandog/beside/tool/tally.ts";

/** The first rule of a tool that names this trait. */
function ruleOf(name: string, trait: string): Rule {
  const rule = RULES.find((rule) =>
    rule.name === name && rule.traits.some(({ words }) => words === trait)
  );
  assert.ok(rule, `${name}: ${trait}`);
  return rule;
}

/** The bits that a habit of the rule gives a tally with these counts. */
function bits({ habits = [] }: Rule, words: string, counts: Partial<Tally>): number {
  const tally = Object.assign(new Tally(), counts);
  const [sign, ...more] = habits.map((habit) => habit(tally)).filter((sign) =>
    sign.words === words
  );
  assert.deepEqual(more, []);
  return sign.bits;
}

Deno.test("four steps of five to the next source port are a habit, three are not; two steps are, one is not", () => {
  const hping = ruleOf("hping3", "window 512");
  const next = (fits: number, nextPort: number) =>
    bits(hping, "source port + 1 each", { fits, nextPort });
  assert.deepEqual([next(6, 5), next(6, 4), next(6, 3), next(6, 0)], [4, 4, 0, 0]);
  assert.deepEqual([next(3, 2), next(3, 1), next(2, 1), next(1, 0)], [4, 0, 0, 0]);
});

Deno.test("nine steps of ten from one source port are a habit, eight are not, nor is port 0", () => {
  const nmap = ruleOf("nmap", "no SYN");
  const same = (fits: number, samePort: number, sourcePort = 40_000) =>
    bits(nmap, "one source port", { fits, samePort, sourcePort });
  assert.deepEqual([same(11, 10), same(11, 9), same(11, 8), same(11, 0)], [2, 2, 0, 0]);
  assert.deepEqual([same(3, 2), same(2, 1), same(11, 10, 0)], [2, 0, 0]);
});

Deno.test("three silent targets asked once are a habit, two are not, nor three where one was asked again", () => {
  const zmap = ruleOf("zmap", "IP ID 54321");
  const asked = (once: number, again: number) => bits(zmap, "never asked again", { once, again });
  assert.deepEqual([asked(4, 0), asked(3, 0), asked(2, 0), asked(3, 1), asked(0, 0)], [
    ...[3, 3, 0, 0, 0],
  ]);
});

Deno.test("a number of 0 is no constant, 1 and the largest one are", () => {
  const numbers = [0, 1, 0xffffffff];
  const constants = (rule: Rule, field: "sequence" | "acknowledgement") =>
    numbers.map((number) => rule.constant?.of(Object.assign(new Probe(), { [field]: number })));
  assert.deepEqual(constants(ruleOf("nmap", "no SYN"), "sequence"), [-1, 1, 0xffffffff]);
  assert.deepEqual(constants(ruleOf("nmap", "ACK"), "acknowledgement"), [-1, 1, 0xffffffff]);
});

Deno.test("unicornscan's constant is the key that its sequence numbers were made with (tcphash.h)", () => {
  const rules = RULES.filter(({ name }) => name === "unicornscan");
  const KEY = 0x89abcdef;
  const targets = [
    { target: 0xc0000201, targetReversed: 0x010200c0 },
    { target: 0x0a000007, targetReversed: 0x0700000a },
  ];
  const [reversed, asSent] = rules.map(({ constant }) => constant!.of);
  for (const { target, targetReversed } of targets) {
    for (const [port, sourcePort] of [[22, 40_000], [443, 1], [65_535, 65_535], [0x8001, 9]]) {
      const ports = port * 0x10000 + sourcePort;
      const probe = (host: number) =>
        Object.assign(new Probe(), {
          ...{ target, targetReversed, port, sourcePort },
          sequence: (KEY ^ host ^ ports) >>> 0,
        });
      assert.equal(asSent(probe(target)), KEY, `${target} ${port}`);
      assert.equal(reversed(probe(targetReversed)), KEY, `${targetReversed} ${port}`);
    }
  }
});
