// Which way scans go in replay, and what a guessed home must not change.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

const OUTBOUND = inRepository("testdata/cases/outbound-syn/capture.pcap.gz");
const INBOUND = inRepository("testdata/cases/tcp-connect/capture.pcap.gz");
const DEFAULTS = ["--config", "/dev/null"];

Deno.test("replay says which way a scan goes, from --home", async () => {
  const own = ["--home", "198.51.100.0/24"];
  const text = await scandog(["replay", OUTBOUND, ...DEFAULTS, ...own]);
  assert.match(text.out, / SCAN 198\.51\.100\.7:\d+ -> 203\.0\.113\.10 outbound vertical syn: /);
  assert.match(text.out, /; sent from a monitored address; /);
  assert.doesNotMatch(text.err, /home inferred/);
  const json = await scandog(["replay", OUTBOUND, ...DEFAULTS, ...own, "--format", "json"]);
  assert.equal(JSON.parse(json.out.split("\n")[0]).network.direction, "outbound");
  const cef = await scandog(["replay", OUTBOUND, ...DEFAULTS, ...own, "--format", "cef"]);
  assert.match(cef.out, / deviceDirection=1 /);
  const both = await scandog(["replay", OUTBOUND, ...DEFAULTS, "--home", "0.0.0.0/0"]);
  assert.match(both.out, / internal vertical syn: /);
  const none = await scandog(["replay", OUTBOUND, ...DEFAULTS, "--home", "192.0.2.0/24"]);
  assert.match(none.out, / external vertical syn: /);
});

Deno.test("replay infers home where the packets show it, and says so", async () => {
  const { out, err } = await scandog(["replay", INBOUND, ...DEFAULTS, "--format", "json"]);
  assert.match(err, /^scandog: home inferred: 203\.0\.113\.10, for directions only; --home says /);
  assert.equal(JSON.parse(out.split("\n")[0]).network.direction, "inbound");
  const quiet = await scandog(["replay", INBOUND, ...DEFAULTS, "--quiet"]);
  assert.equal(quiet.err, "");
});

Deno.test("replay infers no home of a scan that its capture may only pass, nor from a pipe", async () => {
  const { out, err } = await scandog(["replay", OUTBOUND, ...DEFAULTS, "--format", "json"]);
  assert.doesNotMatch(err, /home/);
  assert.equal(JSON.parse(out.split("\n")[0]).network.direction, undefined);
  const stdin = await Deno.readFile(INBOUND);
  const piped = await scandog(["replay", "-", ...DEFAULTS, "--format", "json"], { stdin });
  assert.doesNotMatch(piped.err, /home/);
  assert.equal(JSON.parse(piped.out.split("\n")[0]).network.direction, undefined);
});

Deno.test("replay finds the same whatever home it infers", async () => {
  const known = await scandog(["replay", INBOUND, ...DEFAULTS]);
  const piped = await scandog(["replay", "-", ...DEFAULTS], {
    stdin: await Deno.readFile(INBOUND),
  });
  assert.equal(known.out, piped.out, "inbound is not said");
});

Deno.test("replay does not take misuse of an address for a scan", async () => {
  const capture = inRepository("testdata/cases/idle-scan-at-zombie/capture.pcap.gz");
  const words = ["--fail-on-scan", "--expect", "/dev/null"];
  const { status, out, err } = await scandog(["replay", capture, ...DEFAULTS, ...words]);
  assert.match(out, /^[^\n]+ MISUSE 198\.51\.100\.90:80 is used by 198\.51\.100\.7 [^\n]+\n$/);
  assert.match(err, /: 0 scans\n/);
  assert.equal(status, 0);
});
