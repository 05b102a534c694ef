// What a scan says of the attempts that were counted in it, and which of its source's earlier ones those are.
// Outcomes in, scans out.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import { SCANDOG } from "../../../../src/params.ts";
import { Judged } from "../judged.ts";

const SCANNER = "198.51.100.7";

function ends(judged: Judged): ScanEvent[] {
  judged.wait(400).intake.finish();
  return judged.events.filter((event): event is ScanEvent => event.action === "scan-end");
}

Deno.test("a scan has the IP version of its targets, and one by ARP none", () => {
  const arp = {
    ...{ target: "arp", port: 0, sourcePort: 0, outcome: "silent", techniques: ["arp"] },
    facts: ["arp-in-order"],
  } as const;
  for (
    const [version, of] of [
      [0, () => ({ ...arp, facts: [...arp.facts], techniques: [...arp.techniques] })],
      [4, () => ({})],
      [6, (i) => ({ source: "2001:db8::7", destination: `2001:db8:1::${i}` })],
    ] as [number, (i: number) => Parameters<Judged["take"]>[0]][]
  ) {
    const judged = new Judged();
    for (let i = 1; i < 21; i++) judged.take({ destination: `203.0.113.${i}`, ...of(i) });
    const all = ends(judged);
    assert.deepEqual(all.map(({ ipVersion }) => ipVersion), [version]);
  }
});

Deno.test("what passed for a traceroute's until it was too much is part of the scan", () => {
  const judged = new Judged();
  const ttl = SCANDOG.traceTtl.default, facts: [] = [];
  // Somebody there is heard, so that silence tells.
  judged.take({ source: "192.0.2.99", port: 80, outcome: "used", facts: ["open", "replied"] });
  for (let port = 33_434; port < 33_634; port++) {
    judged.take({
      ...{ target: "udp", techniques: ["udp"], port, ttl, outcome: "silent", facts },
    });
  }
  const all = ends(judged);
  assert.deepEqual(all.map(({ attempts }) => attempts), [200]);
});

Deno.test("what a source learned in a scan that has ended is part of the next one, where that follows at once", () => {
  // A pause of ten seconds between its own probes is waited for four times as long.
  for (const [pause, open] of [[10, "80"], [0, ""]] as const) {
    const judged = new Judged({ endSilence: 5 });
    for (let port = 21; port < 28; port++) judged.refused(SCANNER, port);
    judged.take({ port: 80, outcome: "half-open", facts: ["open", "replied", "reset"] }).wait(30);
    for (let port = 121; port < 129; port++) judged.refused(SCANNER, port).wait(pause);
    const [first, second] = ends(judged);
    assert.equal(first.ports.open, "80");
    assert.equal(second.ports.open, open, `${pause} s`);
  }
});
