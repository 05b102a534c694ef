import assert from "node:assert/strict";
import { markdownReport } from "../../src/report/markdown.ts";
import { COLOURS } from "../../src/format/ink.ts";
import { summary } from "../../src/report/summary.ts";
import { textReport } from "../../src/report/text.ts";
import { lossEvent, misuseEvent, scanEvent, TIME_US, visitEvent } from "../support/events.ts";
import { hostileInput } from "./hostile.ts";
import { inputOf } from "./told.ts";

const SILENT = { ports: { count: 9, list: "1-9", open: "", closed: 0, silent: 9 } };
const MANY = [
  scanEvent(),
  visitEvent(),
  misuseEvent(),
  lossEvent(),
  ...Array.from({ length: 30 }, (_, i) =>
    scanEvent({
      scan: 20 + i,
      source: `2001:db8:1234:5678:9abc:def0:1234:${(0x1000 + i).toString(16)}`,
      startUs: TIME_US + i * 60e6,
      endUs: TIME_US + i * 60e6 + 1e6,
      ...SILENT,
    })),
];

Deno.test("textReport() is 80 columns of ASCII, and says who, what and what is missing", () => {
  const lines = textReport(inputOf(MANY));
  const text = lines.join("\n");
  for (const line of lines) assert.ok(line.length <= 80 && /^[\x20-\x7e]*$/.test(line), line);
  assert.match(
    text,
    /^31 scans from 31 sources in 1 h: 1 found open ports/,
  );
  assert.match(text, /visit +10\.9\.0\.2 used port 80 of 10\.9\.0\.1/);
  assert.match(text, /blind +1,234 packets were lost in one interval/);
  assert.match(text, /\n {2}scans +\|[ .:=+*#@-]{48}\| most \d+/);
  assert.match(text, /\n {2}10\.9\.0\.2 +1 +7 +1 {2}real +22, 80 +came back/);
  assert.match(text, /and 19 more/);
  assert.match(text, /10\.9\.0\.1: 22, 80; found by 1 source/);
  assert.match(text, /slower or smaller than the thresholds/);
});

Deno.test("textReport() says what a monitored address did, and whether somebody may have done it in its name", () => {
  const text = (evidence: "handshake" | "none") => {
    const event = scanEvent({ direction: "outbound", evidence });
    return textReport(inputOf([event])).join(" ").replace(/\s+/g, " ");
  };
  assert.match(text("handshake"), / 10\.9\.0\.2 is a monitored address and scanned others: 1 scan/);
  assert.match(
    text("none"),
    / 10\.9\.0\.2 is a monitored address and scanned others, or somebody did in its name: 1 scan/,
  );
});

Deno.test("textReport() in colour says the same words", () => {
  const input = inputOf(MANY);
  const coloured = textReport(input, { ink: COLOURS, hasBlocks: false }).join("\n");
  assert.ok(coloured.includes("\x1b[1;35m"));
  // deno-lint-ignore no-control-regex
  assert.equal(coloured.replace(/\x1b\[[\d;]*m/g, ""), textReport(input).join("\n"));
});

Deno.test("no form lets foreign text act on a terminal or on Markdown", () => {
  const text = textReport(hostileInput()).join("\n");
  assert.match(text, /^[\x20-\x7e\n]*$/);
  assert.match(text, /\\u\{1b\}/);
  const markdown = markdownReport(hostileInput()).join("\n");
  assert.match(markdown, /^[\x20-\x7e\n]*$/);
  const outside = markdown.replace(/`[^`\n]*`/g, "");
  assert.doesNotMatch(outside, /<|(^|[^\\])\[|@all/m);
  // A cell has no bars but its own.
  for (const row of markdown.split("\n").filter((line) => /^\| `/.test(line))) {
    assert.ok([8, 4].includes(row.split("|").length - 1), row);
  }
});

Deno.test("markdownReport() has a heading, what to look at first, and tables", () => {
  const text = markdownReport(inputOf(MANY)).join("\n");
  assert.match(text, /^## 31 scans from 31 sources/);
  assert.match(text, /\n- \*\*visit\*\*: 10\.9\.0\.2 used port 80/);
  assert.match(text, /\n\| `10\.9\.0\.2` \| 1 \| 7 \| 1 \| \*\*22, 80\*\* \| real \| `nmap` \|\n/);
  assert.match(text, /\n\| `10\.9\.0\.1` \| 22, 80 \| `10\.9\.0\.2` \|\n/);
});

Deno.test("summary() is five lines of the width, or one when there is nothing", () => {
  for (const width of [40, 80, 200]) {
    const lines = summary(inputOf(MANY), width);
    assert.equal(lines.length, 5);
    for (const line of lines) assert.ok(line.length <= width, line);
  }
  const lines = summary(inputOf(MANY), 200);
  assert.match(lines[1], /^who {3}10\.9\.0\.2 \(real, nmap\), .* and 28 more$/);
  assert.match(lines[3], /^open {2}10\.9\.0\.1: 22, 80$/);
  assert.match(lines[4], /^note {2}10\.9\.0\.2 came back and used port 80 of 10\.9\.0\.1$/);
  const made = { from: "captures", amount: 77 } as const;
  assert.deepEqual(summary(inputOf([], { made }), 80), ["No scan was found in 77 packets."]);
});

Deno.test("the sentence fits one scan, many, and what is no scan", () => {
  const first = (events: Parameters<typeof inputOf>[0]) =>
    textReport(inputOf(events)).slice(0, 4).join(" ");
  const one = scanEvent({ sources: undefined });
  assert.match(
    first([one]),
    /^10\.9\.0\.2 scanned 7 ports of 10\.9\.0\.1 with nmap and found 2 open\./,
  );
  assert.match(
    first([{ ...one, ...SILENT }]),
    /scanned 9 ports of 10\.9\.0\.1 with nmap and got no answer\./,
  );
  assert.match(
    first([one, visitEvent()]),
    /and found 2 open, and came back to use what it found\./,
  );
  const sweep = {
    ...one,
    destinationVaries: true,
    hosts: { count: 254, list: "10.9.0.1-10.9.0.254" },
    ports: { count: 1, list: "22", open: "", closed: 254, silent: 0 },
  };
  assert.match(first([sweep]), /scanned port 22 of 254 hosts with nmap and found nothing open\./);
  const neighbour = visitEvent({ match: "network", source: "10.9.0.66" });
  assert.match(
    first([one, { ...one, scan: 8, source: "10.8.0.1" }, neighbour]),
    /^2 scans from 2 sources in .*: 2 found open ports on 1 host, and one neighbour of a scanner came/,
  );
  assert.match(
    first([misuseEvent()]),
    /^No scan was found in 12 lines of a log\. There is one case of a misused address/,
  );
  const foreign = { amount: 12, foreign: 12 };
  assert.deepEqual(summary(inputOf([], { made: foreign }), 80), [
    "Nothing is known: 12 lines of a log, and no event of scandog among them.",
  ]);
});
