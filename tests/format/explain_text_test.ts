import assert from "node:assert/strict";
import { OUTCOMES, type ScanAccount, SHAPES, TELLINGS } from "../../src/account.ts";
import { DECISIONS } from "../../src/decision.ts";
import { HOST_CLASSES, PORT_CLASSES } from "../../src/failure_class.ts";
import { explanationLines } from "../../src/format/explain_text.ts";
import {
  aimText,
  decisionText,
  heldText,
  hostClassText,
  OUTCOME_WORDS,
  portClassText,
  SHAPE_UNITS,
  SHAPE_WORDS,
  TELLING_WORDS,
  witnessText,
} from "../../src/format/explain_words.ts";
import { UTC } from "../../src/format/zone.ts";
import { attemptAccount, explanationOf, sourceAccount, TIME_US } from "../support/accounts.ts";
import { floodEvent } from "../support/events.ts";

function text(...args: Parameters<typeof sourceAccount>): string[] {
  return [...explanationLines(explanationOf(sourceAccount(...args)), [], UTC)];
}

const SCAN: ScanAccount = {
  scan: 3,
  rule: "ports",
  reached: { rule: "ports", reached: 21, enough: 21, on: "10.9.0.1" },
  beganUs: TIME_US,
  slow: true,
  telling: "told",
  named: "10.9.0.2",
  sources: 1,
  decoy: false,
  attempts: 1200,
};

Deno.test("explanationLines() says of a quiet source what counted and how near it came", () => {
  assert.deepEqual(text(), [
    "10.9.0.2 did not scan",
    "  4 attempts, 2026-11-21 22:14:52.123 to 22:16:22.123: 1 used, 3 refused",
    "  3 counted: weight 9, 18 points",
    "  1 used: speaks for the source (by the target's packets)",
    "  many ports of one host: weight 9 of 21 on 10.9.0.1 (--scan-weight)",
    "  many hosts by one port or ping: points 6 of 48 on tcp 22 (--sweep-hosts)",
  ]);
});

Deno.test("explanationLines() says how a scan was found, and what became of it, instead", () => {
  const lines = text({ scanned: true, scans: [SCAN], scanCount: 3 });
  assert.equal(lines[0], "10.9.0.2 scanned");
  assert.deepEqual(lines.slice(4), [
    "  scan 3 found 2026-11-21 22:14:52.123, slow: many ports of one host, weight 21 of 21 on " +
    "10.9.0.1; 1,200 attempts in it; told",
    "  2 earlier scans not listed",
    "",
    "monitors and peers whose targets are gone look like scanners: if one is yours, --ignore ADDRESS leaves it out, " +
    "and --weigh CIDR:PORTS=0 its targets",
  ]);
  const other = { ...SCAN, named: "10.9.0.3", sources: 4, decoy: true };
  const [head, , , , scan] = text({ scans: [other], scanCount: 1 });
  assert.equal(head, "10.9.0.2 took part in a scan");
  assert.match(scan, /; 4 sources, all but one forged; told as 10\.9\.0\.3's$/);
  const unsaid = { ...SCAN, telling: undefined, reached: undefined, slow: false };
  const [, , , , waiting] = text({ scans: [unsaid], scanCount: 1 });
  assert.match(waiting, /^ {2}scan 3 found \S+ \S+: many ports of one host; .*; not told$/);
});

Deno.test("explanationLines() answers in its first words", () => {
  const verdict = (...args: Parameters<typeof sourceAccount>) => text(...args)[0];
  const budget = { ...SCAN, telling: "budget" as const };
  assert.equal(verdict({ scans: [budget], scanCount: 1 }), "10.9.0.2 scanned, and was not told");
  assert.equal(verdict({ dismissed: 1 }), "10.9.0.2 took part in a scan of many sources");
});

Deno.test("explanationLines() says why enough was not enough, and what else there is to know", () => {
  const lines = text({
    thresholds: [
      {
        rule: "ports",
        reached: 30,
        enough: 21,
        on: "10.9.0.1",
        held: "successes",
        failed: 10,
        used: 9,
      },
      { rule: "hosts", reached: 3, enough: 96, on: "ping", network: true },
      { rule: "group-ports", reached: 20, enough: 42, sources: 5 },
      { rule: "grid", reached: 9, enough: 24 },
      { rule: "socket", reached: 1, enough: 21 },
    ],
    restarts: 2,
    gated: 3,
    dismissed: 1,
    partial: true,
  });
  assert.deepEqual(lines.slice(4), [
    "  many ports of one host: weight 30 of 21 on 10.9.0.1 (--scan-weight); no scan, because too " +
    "many succeed: 10 failed, 9 used (--failure-ratio)",
    "  its network: many hosts by one port or ping: points 3 of 96 on ping (--sweep-hosts)",
    "  several sources alike, ports of one host: weight 20 of 42 by 5 sources (--scan-weight)",
    "  a grid of ports and hosts: failed targets 9 of 24 (--block-targets)",
    "  told with the scan whose probes came from more sources than can be named",
    "  forgotten after a pause longer than --remember: 2 times",
    "  3 packets not followed in a flood (--flood-rate)",
    "  what it did earlier may be missing: there were too many sources",
  ]);
});

Deno.test("explanationLines() lists attempts under each other, with what each counted", () => {
  const ping = attemptAccount({
    destination: "10.9.0.100",
    target: "ping",
    port: undefined,
    techniques: ["icmp-echo"],
    outcome: "used",
    decision: "used",
    weighed: undefined,
  });
  const lines = text({
    packets: { sent: 9, unfit: 2 },
    endUs: TIME_US,
    listed: [
      attemptAccount(),
      ping,
      attemptAccount({ decision: "taken-back", outcome: "used" }),
      attemptAccount({ decision: "scanned", scan: 3 }),
      attemptAccount({ decision: "scanned", scan: 3, weighed: undefined, techniques: [] }),
    ],
    attempts: 7,
  });
  assert.deepEqual(lines.slice(1, 9), [
    "  9 packets; 2 to groups, or not whole enough to be a probe",
    "  7 attempts, 2026-11-21 22:14:52.123: 1 used, 3 refused",
    "  22:14:52.123  10.9.0.1    tcp 22  syn        refused  weight 3 (port below 1024), 6 points (failed plainly)",
    "  22:14:52.123  10.9.0.100  ping    icmp-echo  used     used: speaks for the source",
    "  22:14:52.123  10.9.0.1    tcp 22  syn        used     taken back: counted at first, then used or tried again as checks do",
    "  22:14:52.123  10.9.0.1    tcp 22  syn        refused  weight 3 (port below 1024), 6 points (failed plainly); part of scan 3",
    "  22:14:52.123  10.9.0.1    tcp 22  -          refused  part of scan 3",
    "  2 more not listed (--attempts)",
  ]);
});

Deno.test("explanationLines() has a paragraph only for who is of concern, unless asked", () => {
  const peaceful = sourceAccount({
    source: "10.9.0.3",
    decisions: { used: 2 },
    thresholds: [],
    attempts: 2,
  });
  const once = sourceAccount({
    source: "10.9.0.4",
    decisions: { probation: 1 },
    thresholds: [],
    attempts: 1,
  });
  const all = explanationOf(sourceAccount(), peaceful, once);
  assert.deepEqual([...explanationLines(all, [], UTC)].slice(6), [
    "",
    "1 more source failed once, which does not count by itself",
    "1 more source made 2 attempts, none of which failed",
  ]);
  const asked = [...explanationLines(all, ["10.9.0.0/24"], UTC)];
  assert.equal(asked.filter((line) => /^10\.9\.0\.[234] /.test(line)).length, 3);
});

Deno.test("explanationLines() says what is of no single source", () => {
  const none = { sources: [], leftOut: 1234, gated: 1, absent: [], floods: [] };
  assert.deepEqual([...explanationLines(none, [], UTC)], [
    "about 1,234 sources left out: those with less evidence",
    "1 packet not followed in a flood (--flood-rate)",
    "no source attempted anything",
  ]);
  const flooded = { ...none, leftOut: 0, gated: 0, floods: [floodEvent({ phase: "end" })] };
  const [flood, ...rest] = explanationLines(flooded, [], UTC);
  assert.match(
    flood,
    /^2026-\S+ \S+ 10\.9\.0\.1:80 was flooded by syn: 30,500 packets from 30,000 /,
  );
  assert.deepEqual(rest, ["no source attempted anything"]);
  assert.deepEqual(
    [...explanationLines(flooded, ["10.9.0.1"], UTC)],
    [],
    "who is asked for floods nobody",
  );
  const absent = { ...none, leftOut: 0, gated: 0, absent: [{ index: 1, received: 5 }] };
  assert.deepEqual([...explanationLines(absent, ["10.9.0.0/24", "192.0.2.1"], UTC)], [
    "192.0.2.1: no packet from there is in the capture; 5 packets went there",
  ]);
});

Deno.test("every code has words of its own, in printable ASCII", () => {
  const decisions = DECISIONS.map(({ name }) => decisionText(name));
  const held = (["successes", "shape", "sources", "neighbours"] as const).map((held) =>
    heldText({ rule: "ports", reached: 1, enough: 1, held, failed: 1, used: 1 })!
  );
  for (
    const words of [
      decisions,
      held,
      OUTCOMES.map((outcome) => OUTCOME_WORDS[outcome]),
      SHAPES.map((shape) => SHAPE_WORDS[shape]),
      TELLINGS.map((telling) => TELLING_WORDS[telling]),
      HOST_CLASSES.map(({ name }) => hostClassText(name)),
      PORT_CLASSES.map(({ name }) => portClassText(name)),
    ]
  ) {
    assert.equal(new Set(words).size, words.length);
    for (const text of words) assert.match(text, /^[\x20-\x7e]+$/);
  }
  assert.equal(heldText({ rule: "ports", reached: 1, enough: 1 }), undefined);
  assert.equal(DECISIONS.filter(({ head }) => head === "harmless").length, 14);
  assert.equal(aimText(attemptAccount({ target: "protocol", port: 47 })), "IP protocol 47");
});

Deno.test("explanationLines() says of what speaks for a source whose packets it rests on, of nothing else", () => {
  const decisions = { lease: 2, "mid-stream": 1, traceroute: 3, used: 1, counted: 4 };
  const lines = text({ decisions });
  const told = lines.filter((line) => / (harmless|used|counted):/.test(line));
  assert.deepEqual(told.map((line) => /\([^()]*\)$/.exec(line)?.[0]), [
    undefined,
    "(by the target's packets)",
    "(by the target's packets)",
    "(by its own packets only)",
    "(by what the capture cannot show)",
  ]);
  assert.equal(witnessText("counted"), undefined);
  assert.equal(witnessText("probation"), undefined, "it is the state of the count, no excuse");
  assert.throws(() => decisionText("nothing of the kind"), TypeError);
});

Deno.test("options that words point at are options of the detector", async () => {
  const { EXPLAIN } = await import("../../src/command/explain.ts");
  const { kebab } = await import("../../src/options/row.ts");
  const names = new Set(Object.keys(EXPLAIN.options).map((key) => `--${kebab(key)}`));
  const texts = [
    ...DECISIONS.map(({ words }) => words),
    ...Object.values(TELLING_WORDS),
    ...Object.values(SHAPE_UNITS).map(({ option }) => option),
    heldText({ rule: "ports", reached: 1, enough: 1, held: "sources" })!,
    heldText({ rule: "ports", reached: 1, enough: 1, held: "successes" })!,
    ...text({ restarts: 1, gated: 1 }),
  ];
  const found = texts.flatMap((text) => [...text.matchAll(/--[a-z-]+/g)].map(([name]) => name));
  assert.ok(found.length > 10);
  for (const name of found) assert.ok(names.has(name), name);
});
