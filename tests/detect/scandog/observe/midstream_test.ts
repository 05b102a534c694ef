// Answers to what was not seen: a forger's, unless their receiver is seen to scan itself.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Ack, Rst, Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7";
const TARGET = "203.0.113.10";

/** RSTs for probes from before the capture, or of somebody who forges the address. */
function refusals(traffic: Traffic, ports: number): void {
  for (let i = 0; i < ports; i++) {
    const port = 1000 + i;
    traffic.send({
      from: TARGET,
      to: SCANNER,
      sport: port,
      dport: 40000,
      flags: Rst | Ack,
      ack: 9,
    });
  }
}

Deno.test("a capture that begins in the midst of a scan names its source", () => {
  const traffic = new Traffic();
  refusals(traffic, 30);
  for (let i = 0; i < 60; i++) traffic.refused(SCANNER, TARGET, 2000 + i).wait(0.1);
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("a host whose address is forged is not named for the few failures of its own", () => {
  const traffic = new Traffic();
  traffic.used(SCANNER, "192.0.2.1", 443);
  refusals(traffic, 60);
  for (let i = 0; i < 6; i++) traffic.refused(SCANNER, `192.0.2.${i + 2}`, 443, 41000 + i).wait(1);
  assert.deepEqual(traffic.named(), []);
});

Deno.test("one failure of its own, after answers that nobody asked for, names nobody at once", () => {
  const traffic = new Traffic();
  traffic.used(SCANNER, "192.0.2.1", 443);
  refusals(traffic, 20);
  traffic.refused(SCANNER, TARGET, 3000, 41000);
  assert.deepEqual(traffic.named(), []);
});

Deno.test("of a UDP scan with decoys the source that refuses an answer is named", () => {
  const traffic = new Traffic({}, 100);
  const sources = ["192.0.2.21", "192.0.2.77", SCANNER, "192.0.2.130"];
  for (let port = 53; port < 90; port++) {
    for (const from of sources) {
      const ipId = port * 31;
      traffic.send({ kind: Kind.Udp, from, to: TARGET, sport: 50000, dport: port, ipId });
    }
    for (const from of sources) {
      if (port !== 53) traffic.unreachable(TARGET, from, port, 50000);
      else traffic.send({ kind: Kind.Udp, from: TARGET, to: from, sport: 53, dport: 50000 });
    }
    const inner = { from: TARGET, to: SCANNER, protocol: 17, sport: 53, dport: 50000 };
    if (port === 53) {
      traffic.send({ kind: Kind.Icmp, from: SCANNER, to: TARGET, type: 3, code: 3, inner });
    }
  }
  const [scan] = traffic.scans();
  assert.equal(scan.shape, "decoy");
  assert.equal(scan.source, SCANNER);
  assert.equal(scan.sources?.count, 4);
});
