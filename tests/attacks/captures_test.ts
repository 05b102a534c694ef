// The captures in testdata/attacks: what must be said of each, and nothing else.

import assert from "node:assert/strict";
import { captureBytes } from "../support/run_capture.ts";
import { inRepository } from "../support/paths.ts";
import { check, type Expected, hear, type Heard, settle, words } from "./cases.ts";

const SCANNER = "198.51.100.7";

/** Ports in order, as a list of ranges. */
function range(from: number, to: number, step = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

/** What is expected of a capture: the scans; or a function that throws where it is not met. */
const CAPTURES: Record<string, Expected[] | ((heard: Heard) => void)> = {
  "nmap-sUV-routed-live": [
    { source: SCANNER, techniques: "udp", shape: "vertical", ports: 20, list: "120-139", open: "" },
  ],
  "udp-20ports-5-datagrams": [
    { source: SCANNER, techniques: "udp", shape: "vertical", ports: 20, open: "", silent: 20 },
  ],
  "nmap-sU-drop-3-open": [
    { source: SCANNER, techniques: "udp", ports: 112, open: "53,123,161", closed: 0, silent: 109 },
  ],
  "udp-open-first": [
    { source: SCANNER, techniques: "udp", ports: 31, open: "53", closed: 30, silent: 0 },
  ],
  "udp-open-unanswered": [
    { source: SCANNER, techniques: "udp", ports: 30, open: "", closed: 11, silent: 19 },
  ],
  "json-cut": [
    {
      source: SCANNER,
      techniques: "syn",
      ports: 2000,
      open: "22,80,443",
      closed: 1997,
      evidence: "reset",
    },
  ],
  "libp2p-16-dead-4-good": [],
  "vntag": [
    { source: SCANNER, techniques: "syn", ports: 40, open: "22", closed: 39, evidence: "reset" },
  ],
  "pbb": [
    { source: SCANNER, techniques: "syn", ports: 40, open: "22", closed: 39, evidence: "reset" },
  ],
  "dsa": [
    { source: SCANNER, techniques: "syn", ports: 40, open: "22", closed: 39, evidence: "reset" },
  ],
  "pflog": [{ source: SCANNER, techniques: "syn", ports: 40, open: "", closed: 0 }],
  "zero-tail": [
    { source: SCANNER, techniques: "syn", ports: 40, open: "22", closed: 39, evidence: "reset" },
  ],
  "udp-silent-told-5-min-late": [{
    source: SCANNER,
    techniques: "udp",
    ports: 60,
    open: "",
    silent: 60,
    // The last probe is 6.18 s into the capture, and a target has four seconds to answer.
    toldBeforeUs: Date.parse("2026-11-18T11:06:52Z") * 1000,
  }],
  "game-browser-30-percent": ({ told }) => {
    // 90 of 300 answered: a game's list of servers. Told at all, they must be said to be open.
    for (const scan of told) assert.equal(scan.open, "27015-27020", `says ${words(scan)}`);
  },
  "returns-after-2h": [1, 2].map(() => ({
    source: "10.77.1.2",
    techniques: "syn",
    ports: 100,
    closed: 75,
    evidence: "reset",
  })),
  "udp-from-53-after-dns": [
    { source: SCANNER, techniques: "udp", shape: "vertical", ports: 200, open: "", closed: 200 },
  ],
  "icmp-quotes-a-third": [],
  "decoys-after-told": ({ told }) => {
    assert.deepEqual([...new Set(told.map(({ source }) => source))], ["10.77.0.2"]);
    const decoys = told.filter(({ shape }) => shape === "decoy");
    assert.equal(decoys.length, 1);
    assert.deepEqual(decoys[0].sources.split(",").sort(), [
      "10.77.0.2",
      "10.77.0.60",
      "10.77.0.61",
    ]);
    assert.equal(decoys[0].forged, 2);
  },
  "rst-tail": [{
    source: SCANNER,
    techniques: /\bsyn\b|\bconnect\b/,
    ports: 1000,
    open: "22,80",
    closed: 998,
    silent: 0,
  }],
  "ack-first": [{
    source: SCANNER,
    techniques: /\bsyn\b|\bconnect\b/,
    ports: 1000,
    open: "22,80",
    closed: 998,
    silent: 0,
  }],
  "forged-expired": [{
    source: SCANNER,
    techniques: /\bsyn\b|\bconnect\b/,
    ports: 1000,
    open: "22,80",
    closed: 0,
    silent: 998,
  }],
  "decoy-130-once": [{
    source: SCANNER,
    techniques: /\bsyn\b|\bconnect\b/,
    ports: 1000,
    open: "22,80",
    closed: 998,
    silent: 0,
  }],
  "ping-burst": [
    { source: SCANNER, techniques: "icmp-echo", shape: "horizontal", hosts: 254, evidence: "none" },
  ],
  "alert-budget-null": ({ told }) => {
    const scan = told.find(({ source }) => source === SCANNER);
    assert.ok(scan !== undefined, `names ${told.length} others, not the one that did most`);
    check({ told: [scan] }, [
      { source: SCANNER, ports: 199, open: "", closed: 199, techniques: /\bsyn\b|\bconnect\b/ },
    ]);
  },
  "ack-one-byte-live": [
    { source: "203.0.113.7", techniques: "ack", ports: 1000, list: "1-1000", closed: 1000 },
  ],
  "ack-ts": [
    { source: SCANNER, techniques: "ack", ports: 1000, open: "", closed: 666, silent: 334 },
  ],
  "synack-at-quiet": [],
  "forged-handshake-inside": [{
    source: "203.0.113.50",
    techniques: /\bsyn\b|\bconnect\b/,
    ports: 30,
    closed: 28,
    evidence: "none",
  }],
  "decoy-framed-by-forged-reset": ({ told }) => {
    // Nothing in the packets tells the four apart but the tail of one's resets, which anybody can send.
    assert.equal(told.length, 1, told.map(words).join("; "));
    const [scan] = told;
    assert.equal(scan.shape, "decoy");
    assert.equal(scan.evidence, "none", `says ${words(scan)}`);
    assert.equal(scan.ports, 45);
    assert.equal(scan.open, "22,25");
    assert.equal(
      scan.sources.split(",").sort().join(),
      "192.0.2.21,192.0.2.22,192.0.2.24,198.51.100.7",
    );
  },
  "dhcp-pings": [
    { source: SCANNER, techniques: /icmp-echo/, shape: "horizontal", hosts: 254 },
  ],
  "ftp-midstream": [{
    source: SCANNER,
    techniques: /\bsyn\b|\bconnect\b/,
    ports: 60,
    list: range(2000, 2413, 7).join(),
    open: "",
  }],
};

const FOLDER = inRepository("testdata/attacks/");
const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => name.endsWith(".pcap.gz")).sort();

Deno.test("every capture in testdata/attacks has its truth, and every truth its capture", () => {
  const known = Object.keys(CAPTURES).map((name) => `${name}.pcap.gz`).sort();
  assert.ok(files.length >= 30);
  assert.deepEqual(files, known);
  const bytes = files.reduce((sum, file) => sum + Deno.statSync(FOLDER + file).size, 0);
  assert.ok(bytes < 1_000_000, `${bytes} bytes`);
});

for (const file of files) {
  const name = file.replace(".pcap.gz", "");
  Deno.test(`captures: ${name}`, () => {
    const heard = hear(captureBytes(FOLDER + file));
    const expected = CAPTURES[name];
    const wrong: string[] = [];
    try {
      if (typeof expected === "function") expected(heard);
      else check(heard, expected);
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      wrong.push(error.message.split("\n")[0]);
    }
    settle(`captures: ${name}`, wrong, 1);
  });
}
