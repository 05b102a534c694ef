import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { page } from "../../src/report/page/page.ts";
import { Tried } from "../../src/report/tried.ts";
import { lossEvent, misuseEvent, scanEvent, TIME_US, visitEvent } from "../support/events.ts";
import { hostileInput } from "./hostile.ts";
import { inputOf } from "./told.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("base64");

function pageOf(...args: Parameters<typeof inputOf>): string {
  return page(inputOf(...args), digest);
}

const ALL = [scanEvent(), visitEvent(), misuseEvent(), lossEvent()];

Deno.test("page() has the sentence, and every section in its order", () => {
  const html = pageOf(ALL);
  assert.match(
    html,
    /<h1>10\.9\.0\.2 and 2 other addresses scanned 7 ports of 10\.9\.0\.1 with nmap /,
  );
  const ids = [...html.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(ids, [
    ...["first", "when", "tried", "ports", "sources", "targets", "visits", "misuse", "missing"],
    "made",
  ]);
});

Deno.test("page() without a scan says what was read, and draws nothing", () => {
  const html = pageOf([], { made: { from: "captures", amount: 1234 } });
  assert.match(html, /<h1>No scan was found in 1,234 packets\.<\/h1>/);
  assert.doesNotMatch(html, /<section id="(when|tried|ports|sources)"/);
});

Deno.test("page() allows nothing but its own style and script, by digests over their exact bytes", () => {
  const html = pageOf(ALL);
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)!;
  const [, style] = /<style>([^]*?)<\/style>/.exec(html)!;
  const [, script] = /<script>([^]*?)<\/script>/.exec(html)!;
  assert.equal(
    policy,
    `default-src 'none'; base-uri 'none'; form-action 'none'; ` +
      `style-src 'sha256-${digest(style)}'; script-src 'sha256-${digest(script)}'`,
  );
  assert.doesNotMatch(html, /\sstyle=|\son\w+=|javascript:|https?:|url\((?!#)/i);
  assert.equal(html.match(/<(style|script)\b/g)?.length, 2);
  // Before anything that the policy is to judge.
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<style>"));
});

Deno.test("page() escapes foreign names wherever they come from", () => {
  const html = page(hostileInput(), digest);
  assert.doesNotMatch(html, /<img|<script>alert|onerror=alert\(2\)>'/);
  assert.equal(html.match(/<script>/g)?.length, 1);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(html, /[\x00-\x09\x0b-\x1f\u202e]/);
  assert.match(html, /&quot;&gt;&lt;script&gt;alert\(1\)/);
  // Every tag that is opened is one of ours, and well formed.
  for (const [tag] of html.replace(/<(style|script)>[^]*?<\/\1>/g, "").matchAll(/<[^>]*>?/g)) {
    assert.match(
      tag,
      /^<(!doctype html|\/?[a-z][a-zA-Z0-9]*(\s+[a-zA-Z0-9:-]+(="[^"<>]*")?)*\s*\/?)>$/,
      tag,
    );
  }
});

Deno.test("page() is the same for the same input, whatever the order of its events", () => {
  const other = scanEvent({ scan: 8, source: "10.9.0.77" });
  assert.equal(pageOf([...ALL, other]), pageOf([other, ...ALL.toReversed()]));
});

Deno.test("page() marks rows that found something, and each link leads somewhere", () => {
  const html = pageOf(ALL);
  assert.match(html, /<tr id="source-1" class="r-open">/);
  const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  assert.ok(links.length > 4);
  for (const id of links) assert.ok(ids.has(id), id);
  assert.equal(ids.size, html.match(/\sid="/g)?.length, "no name is given twice");
});

Deno.test("page() of 200 scans and a million attempts stays below 500 kB", () => {
  const tried = new Tried();
  const scans = Array.from({ length: 200 }, (_, i) => {
    const source = `10.${i}.7.9`;
    const startUs = TIME_US + i * 400e6;
    for (let k = 0; k < 5000; k++) {
      const outcome = (["open", "refused", "silent"] as const)[(k * 7 + i) % 3];
      // The worst for a picture: a chessboard.
      const port = (k * 8191 + i * 127) % 65_536;
      const timeUs = startUs + k * 70_000;
      const destination = `203.0.${k % 200}.${i}`;
      tried.add({ timeUs, transport: "tcp", port, source, destination, outcome, scan: `S${i}` });
    }
    return scanEvent({ scan: i, source, startUs, endUs: startUs + 350e6, timeUs: startUs + 350e6 });
  });
  assert.equal(tried.length, 1_000_000);
  const html = pageOf(scans, { tried, made: { from: "captures" } });
  assert.ok(html.length < 500_000, `${html.length} bytes`);
  assert.ok(html.length > 200_000, "the picture is drawn");
});

Deno.test("page() of ten thousand scans of 400 sources is bounded too", () => {
  const scans = Array.from({ length: 10_000 }, (_, i) =>
    scanEvent({
      scan: i,
      source: `10.${i % 400 >> 8}.${i % 400 & 255}.9`,
      startUs: TIME_US + i * 8e6,
      endUs: TIME_US + i * 8e6 + 1e6,
    }));
  const html = pageOf(scans);
  assert.ok(html.length < 500_000, `${html.length} bytes`);
  assert.match(html, /100 more sources/);
});
