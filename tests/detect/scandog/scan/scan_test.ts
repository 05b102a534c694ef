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

Deno.test("a scan says what all of its probes had in common, and which TTLs and flags they had at all", () => {
  const said = (given: Parameters<Judged["take"]>[0]) => {
    const judged = new Judged();
    for (let port = 21; port < 32; port++) judged.take({ port });
    const [end] = ends(judged.take({ port: 80, ...given }));
    const { flagsEver, flagsAlways, ttl, ttlRange, trafficClass, sourcePort } = end;
    return [flagsEver, flagsAlways, ttl, ttlRange.min, ttlRange.max, trafficClass, sourcePort];
  };
  const alike = [2, 2, 50, 50, 50, 0, 40_000];
  assert.deepEqual(said({}), alike);
  assert.deepEqual(said({ tcpFlags: 0x29 }), [0x2b, 0, ...alike.slice(2)]);
  assert.deepEqual(said({ tcpFlags: 0xc2 }), [0xc2, 2, ...alike.slice(2)]);
  for (const [ttl, min, max] of [[49, 49, 50], [51, 50, 51], [255, 50, 255], [1, 1, 50]]) {
    assert.deepEqual(said({ ttl }), [2, 2, undefined, min, max, 0, 40_000], `TTL ${ttl}`);
  }
  assert.deepEqual(said({ trafficClass: 8 }), [2, 2, 50, 50, 50, undefined, 40_000]);
  assert.deepEqual(said({ sourcePort: 40_001 }), [2, 2, 50, 50, 50, 0, undefined]);
  for (const ttl of [0, 255]) {
    const judged = new Judged();
    for (let port = 21; port < 32; port++) judged.take({ port, ttl });
    const [end] = ends(judged);
    assert.deepEqual([end.ttl, end.ttlRange], [ttl, { min: ttl, max: ttl }]);
  }
});

Deno.test("a scan has the interface on which its latest probe was captured, or the answer where that is all", () => {
  for (const facts of [["closed"], ["closed", "reply-only"]] as const) {
    const judged = new Judged();
    for (let port = 21; port < 32; port++) {
      judged.take({ port, facts: [...facts], interface: port < 31 ? 3 : 4 });
    }
    assert.deepEqual(ends(judged).map((end) => end.interface), [4], `${facts}`);
  }
});

Deno.test("TTLs that no one path has are said of a scan by one source: those of a route differ by 3 at most", () => {
  for (const [ttl, varies] of [[53, undefined], [54, true]] as const) {
    const judged = new Judged();
    for (let port = 21; port < 32; port++) judged.take({ port });
    const [end] = ends(judged.take({ port: 80, ttl }));
    assert.equal(end.ttlVaries, varies, `${ttl} beside 50`);
  }
});
