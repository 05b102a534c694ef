// The attempts that a report draws, against those that `explain` lists one by one of the same capture.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { Fold } from "../../src/report/fold.ts";
import { OUTCOMES } from "../../src/report/tried.ts";
import { readCaptures } from "../../src/command/report/from_captures.ts";
import { tunableValues } from "../../src/options/tunables.ts";
import { scandog } from "../support/scandog.ts";

async function triedOf(file: string) {
  const fold = new Fold();
  const run = {
    files: [file],
    bytes: undefined,
    profile: "scandog" as const,
    numbers: tunableValues("scandog", {}),
    home: undefined,
    ignore: [],
    weigh: [],
    inside: 0,
    known: undefined,
    observer: undefined,
    onHome: () => {},
    onTurn: () => {},
    onNotice: () => {},
  };
  const { tried } = await readCaptures(run, fold, new AbortController().signal);
  return { tried: tried!, scans: fold.scans() };
}

/** How many attempts are part of scans, as `explain` lists them. */
async function explained(file: string): Promise<number> {
  const words = ["--format", "json", "--source", "0.0.0.0/0,::/0", "--attempts", "100000"];
  const { out } = await scandog(["explain", ...words, file]);
  return out.trim().split("\n").map((line) => JSON.parse(line))
    .filter(({ event, scandog }) =>
      event.action === "explain-attempt" && scandog.explain.scan !== undefined
    ).length;
}

for (const name of ["mixed-syn", "udp-mix", "firewall-mixed"]) {
  Deno.test(`a report of ${name} draws each attempt of a scan once, with what became of it`, async () => {
    const file = inRepository(`testdata/cases/${name}/capture.pcap.gz`);
    const { tried, scans } = await triedOf(file);
    const counts = [0, 0, 0];
    for (let at = 0; at < tried.length; at++) counts[tried.outcomes[at]]++;
    const [open, refused] = counts;
    // What the scan's last event tells, which counts answers by itself.
    const told = scans.reduce(
      (sum, scan) => ({
        attempts: sum.attempts + (scan.attempts ?? 0),
        open: sum.open + scan.openCount,
        closed: sum.closed + (scan.closed ?? 0),
      }),
      { attempts: 0, open: 0, closed: 0 },
    );
    assert.ok(tried.length > 0);
    assert.equal(tried.length, await explained(file));
    assert.equal(open, told.open, OUTCOMES[0]);
    assert.equal(refused, told.closed, OUTCOMES[1]);
    assert.equal(new Set(tried.scanNames).size, scans.length);
  });
}
