// Scans that something ordinary hides: answers that come first, files fetched beside them, packets that
// are captured several times.

import assert from "node:assert/strict";
import { Kind } from "../../../src/record.ts";
import { Ack, Rst, Traffic } from "./traffic.ts";

const SCANNER = "198.51.100.7";
const TARGET = "203.0.113.10";
const LOW_PORTS = [1, 3, 7, 9, 13, 17, 19, 23, 25, 37, 79, 111];

/** A router's "host unreachable" for a SYN. */
function noHost(traffic: Traffic, from: string, to: string, dport: number): void {
  const inner = { from, to, protocol: 6, sport: 40000, dport };
  traffic.send({ kind: Kind.Icmp, from: "192.0.2.1", to: from, type: 3, code: 1, inner });
}

Deno.test("a scan is found that began before the capture, so that answers come first", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 30; i++) noHost(traffic, SCANNER, `203.0.113.${50 + i}`, 22);
  for (let i = 0; i < 12; i++) traffic.refused(SCANNER, `203.0.113.${100 + i}`, 22);
  const [scan] = traffic.scans();
  assert.equal(scan?.source, SCANNER);
  assert.equal(
    scan.hosts.list,
    Array.from({ length: 12 }, (_, i) => `203.0.113.${100 + i}`)
      .join(",").slice(0, scan.hosts.list.length),
  );
});

Deno.test("a scan is found though some of its probes were not captured", () => {
  const traffic = new Traffic();
  LOW_PORTS.forEach((port, i) => {
    if (i % 3 !== 0) return traffic.refused(SCANNER, TARGET, port);
    const back = { from: TARGET, to: SCANNER, sport: port, dport: 40000 };
    return traffic.send({ ...back, flags: Rst | Ack, ack: 1001 });
  });
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("answers to forged probes name nobody, also when their receiver fails once", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 30; i++) {
    const back = { from: TARGET, to: SCANNER, sport: 1 + i, dport: 40000 };
    traffic.send({ ...back, flags: Rst | Ack, ack: 1001 });
    if (i === 20) traffic.refused(SCANNER, "203.0.113.20", 8080);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("files fetched by FTP do not pay for refused low ports of the same host", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 200; i++) {
    traffic.used(SCANNER, TARGET, 20000 + i, 50000 + i);
    if (i % 20 === 0) traffic.refused(SCANNER, TARGET, LOW_PORTS[i / 20]).wait(4);
  }
  traffic.used(SCANNER, TARGET, 21).used(SCANNER, TARGET, 80);
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("files that a scanner fetches by FTP are not ports that it scanned", () => {
  const traffic = new Traffic().used(SCANNER, TARGET, 21);
  for (const port of LOW_PORTS) traffic.refused(SCANNER, TARGET, port);
  for (let i = 0; i < 30; i++) traffic.used(SCANNER, TARGET, 20000 + i, 50000 + i);
  traffic.used(SCANNER, TARGET, 80);
  const [scan] = traffic.scans();
  assert.equal(scan.ports.list, "1,3,7,9,13,17,19,23,25,37,79-80,111");
  assert.equal(scan.ports.open, "80");
});

Deno.test("high ports that fail among those that work are a client's", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 200; i++) {
    if (i % 4 === 0) traffic.refused(SCANNER, TARGET, 20000 + i, 50000 + i);
    else traffic.used(SCANNER, TARGET, 20000 + i, 50000 + i);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("an ACK scan is found where each packet was captured four times", () => {
  const traffic = new Traffic({}, 50);
  for (const dport of LOW_PORTS) {
    for (let copy = 0; copy < 4; copy++) {
      const probe = { from: SCANNER, to: TARGET, sport: 40000, dport, flags: Ack, seq: 5 };
      traffic.send({ ...probe, ack: 900 + dport, ttl: 50 - (copy >> 1) });
    }
    for (let copy = 0; copy < 4; copy++) {
      const back = { from: TARGET, to: SCANNER, sport: dport, dport: 40000 };
      traffic.send({ ...back, flags: Rst, seq: 900 + dport });
    }
    traffic.wait(0.1);
  }
  const [scan] = traffic.scans();
  assert.equal(scan?.source, SCANNER);
  assert.equal(scan.ports.count, LOW_PORTS.length);
});

Deno.test("a ping sweep is found where each packet was captured six times", () => {
  const traffic = new Traffic({}, 50);
  for (let host = 1; host <= 20; host++) {
    for (let copy = 0; copy < 6; copy++) traffic.ping(SCANNER, `203.0.113.${host}`);
    traffic.wait(0.1);
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
});
