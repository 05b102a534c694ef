// A scan of IP protocols is told as one, also where a protocol is probed by a whole packet to a port.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7";
const TARGET = "203.0.113.10";
const probe = { from: SCANNER, to: TARGET, sport: 40000 };

/** What `nmap -sO` sends for protocols 1 to 6, 17, 47, 50 and 132. */
function protocols(traffic: Traffic): void {
  for (const protocol of [2, 3, 4, 5, 47, 50]) {
    traffic.send({ kind: Kind.Ip, from: SCANNER, to: TARGET, protocol });
  }
  traffic.ping(SCANNER, TARGET)
    .send({ ...probe, dport: 80, flags: Ack, ack: 9 })
    .send({ from: TARGET, to: SCANNER, sport: 80, dport: 40000, flags: Rst, seq: 9 })
    .udp(SCANNER, TARGET, 40125)
    .unreachable(TARGET, SCANNER, 40125)
    .send({ ...probe, kind: Kind.Sctp, dport: 80, type: 1 });
}

Deno.test("a scan of IP protocols lists protocols, not the ports that some are probed by", () => {
  const traffic = new Traffic();
  protocols(traffic);
  const [scan] = traffic.scans();
  assert.deepEqual(scan.techniques, ["ip-protocol"]);
  assert.equal(scan.ports.list, "1-6,17,47,50,132");
  assert.equal(scan.ports.count, 10);
  assert.equal(scan.ports.closed, 2, "TCP and UDP refused");
  assert.equal(scan.flagsEver, undefined, "flags of a probe that stands for TCP as a whole");
});

Deno.test("ports are ports again when a scan of protocols goes on to probe more of them", () => {
  const traffic = new Traffic();
  protocols(traffic);
  traffic.refused(SCANNER, TARGET, 443);
  for (const port of [81, 82]) traffic.send({ ...probe, dport: port, flags: Ack, ack: 9 });
  const [scan] = traffic.scans();
  assert.deepEqual(scan.techniques, ["syn", "ack", "ip-protocol"]);
  assert.equal(scan.ports.list, "1-6,17,47,50,80-82,132,443");
});

Deno.test("a port that several hosts are asked for by ACK or UDP is a port", () => {
  for (const kind of [Kind.Tcp, Kind.Udp]) {
    const traffic = new Traffic();
    for (let i = 1; i <= 30; i++) {
      const to = `203.0.113.${i}`;
      traffic.send({ ...probe, kind, to, dport: 161, flags: kind === Kind.Tcp ? Ack : 0, ack: 9 });
      if (kind === Kind.Udp) traffic.unreachable(to, SCANNER, 161);
      else traffic.send({ from: to, to: SCANNER, sport: 161, dport: 40000, flags: Rst, seq: 9 });
    }
    const [scan] = traffic.scans();
    assert.equal(scan.shape, "horizontal");
    assert.equal(scan.ports.list, "161");
    assert.deepEqual(scan.portsSeen, [161]);
  }
});

Deno.test("ports of a SYN scan are listed as before where protocols are scanned as well", () => {
  const traffic = new Traffic();
  for (const port of [21, 22, 23, 25, 110, 111, 143]) traffic.refused(SCANNER, TARGET, port);
  traffic.send({ kind: Kind.Ip, from: SCANNER, to: TARGET, protocol: 47 });
  traffic.send({ ...probe, dport: 443, flags: Syn });
  const [scan] = traffic.scans();
  assert.deepEqual(scan.techniques, ["syn", "ip-protocol"]);
  assert.equal(scan.ports.list, "21-23,25,47,110-111,143,443");
});
