// What scans are said to be, against what the lab knows of them: who, how surely, what they learned.
// Counted as right, wrong and unsaid; nothing may be wrong. Tools and distances have tests of their own.

import assert from "node:assert/strict";
import type { ScanEvent, SourceEvidence } from "../../../src/event.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { runCapture } from "../../support/run_capture.ts";
import { testCases } from "./corpus.ts";

interface Scan {
  sources: string[];
  evidence?: SourceEvidence;
  ports?: { open: string };
}

const STRENGTH: Record<SourceEvidence, number> = { none: 0, reset: 1, handshake: 2 };

/** Captures that hold more proof than is noted of the scan itself. */
const PROVED_OTHERWISE: Record<string, string> = {
  "outbound-syn": "the kernel of the scanning host resets what was accepted, in sight",
};

function portsOf(list: string): Set<number> {
  const ports = new Set<number>();
  for (const part of list.split(",").filter((part) => part !== "")) {
    const [from, to = from] = part.split("-").map(Number);
    for (let port = from; port <= to; port++) ports.add(port);
  }
  return ports;
}

class Count {
  right = 0;
  wrong = 0;
  unsaid = 0;
  readonly faults: string[] = [];

  add(name: string, what: "right" | "wrong" | "unsaid", fault: string): void {
    this[what]++;
    if (what === "wrong") this.faults.push(`${name}: ${fault}`);
  }
}

Deno.test("nothing that is said of a scan is wrong: its source, the proof of it, its open ports", () => {
  const count = { source: new Count(), proof: new Count(), open: new Count() };
  for (const { name, file, also } of testCases()) {
    const truth = JSON.parse(Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")));
    const { events } = runCapture(
      file,
      (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
    );
    for (const event of events.filter((event): event is ScanEvent => event.action === "scan-end")) {
      const { source, evidence = "none", ports } = event;
      // Whole scans that were forged cannot be told from real ones; they must not be proved.
      if (also.includes(source)) {
        count.source.add(name, evidence === "none" ? "unsaid" : "wrong", `${source} proved`);
        continue;
      }
      const isForged = truth.forged.includes(source);
      count.source.add(name, isForged ? "wrong" : "right", `${source} is forged`);
      const scan: Scan | undefined = truth.scans.find(({ sources }: Scan) =>
        sources.includes(source)
      );
      if (scan === undefined) continue;

      const proved = STRENGTH[evidence], provable = STRENGTH[scan.evidence ?? "none"];
      const isMore = proved > provable && !(name in PROVED_OTHERWISE);
      count.proof.add(
        name,
        isMore ? "wrong" : proved < provable ? "unsaid" : "right",
        `${evidence}, but ${scan.evidence}`,
      );

      const listening = portsOf(scan.ports?.open ?? "");
      const said = [...portsOf(ports.open ?? "")];
      const invented = said.filter((port) => !listening.has(port));
      // A listener behind a filter, or one asked by a FIN, is open and cannot be learned of.
      const isAll = said.length === listening.size;
      count.open.add(
        name,
        invented.length > 0 ? "wrong" : isAll ? "right" : "unsaid",
        `${invented} not open`,
      );
    }
  }
  console.table(
    Object.fromEntries(
      Object.entries(count).map(([what, { right, wrong, unsaid }]) => [what, {
        right,
        wrong,
        unsaid,
      }]),
    ),
  );
  for (const [what, { right, faults, unsaid }] of Object.entries(count)) {
    assert.deepEqual(faults, [], what);
    assert.ok(right > 3 * unsaid, `${what}: ${right} right, ${unsaid} unsaid`);
  }
});

Deno.test("the IP version of a scan is that of its addresses, also where only answers were seen", () => {
  let answersOnly = 0;
  for (const { name, file } of testCases()) {
    const { events } = runCapture(
      file,
      (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
    );
    for (const event of events.filter((event): event is ScanEvent => "scan" in event)) {
      const isArp = event.techniques.join() === "arp";
      const version = isArp ? 0 : event.source.includes(":") ? 6 : 4;
      assert.equal(event.ipVersion, version, name);
      if (event.ttlRange.max === 0 && !isArp) answersOnly++;
    }
  }
  assert.ok(answersOnly > 0);
});
