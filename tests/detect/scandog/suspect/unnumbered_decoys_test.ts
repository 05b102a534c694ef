// Decoys (nmap -D) where nothing numbers the probes: one scan, not as many as there are sources.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Rst, Traffic } from "../traffic.ts";

const TARGET = "203.0.113.10";
const SOURCES = ["192.0.2.21", "198.51.100.7", "192.0.2.130"];
const TARGET_6 = "2001:db8:2::10";
const SOURCES_6 = ["2001:db8:98::1", "2001:db8:5::66", "2001:db8:97::1"];

function isOne(traffic: Traffic, technique: string): void {
  const scans = traffic.scans();
  assert.equal(scans.length, 1, scans.map(({ source }) => source).join(" "));
  assert.equal(scans[0].shape, "decoy");
  assert.deepEqual(scans[0].techniques, [technique]);
  assert.equal(scans[0].sources?.count, 3);
}

Deno.test("a scan of IP protocols with decoys is one, though each header is numbered anew", () => {
  const traffic = new Traffic({}, 10);
  for (let protocol = 33; protocol < 80; protocol++) {
    SOURCES.forEach((from, i) => {
      traffic.send({ kind: Kind.Ip, from, to: TARGET, protocol, ipId: protocol * 97 + i * 1009 });
    });
  }
  isOne(traffic, "ip-protocol");
});

Deno.test("a UDP scan over IPv6 with decoys is one, though nothing numbers it", () => {
  const traffic = new Traffic({}, 10);
  for (let port = 1; port < 40; port++) {
    for (const from of SOURCES_6) traffic.udp(from, TARGET_6, port, 51000);
  }
  isOne(traffic, "udp");
});

Deno.test("refusals of an ACK scan with decoys are one scan where the probes are not captured", () => {
  const traffic = new Traffic({}, 10);
  for (let sport = 1; sport < 40; sport++) {
    for (const to of SOURCES) {
      traffic.send({ from: TARGET, to, sport, dport: 51000, flags: Rst, seq: 9 });
    }
  }
  const [scan] = traffic.scans();
  assert.equal(scan.shape, "decoy");
  assert.equal(scan.sources?.count, 3);
});

Deno.test("clients that ask one IPv6 server in the same second are nobody's decoys", () => {
  const traffic = new Traffic({}, 10);
  for (let port = 1; port < 40; port++) {
    // Two NTP clients agree in both ports; the third is a scanner of its own.
    for (const from of SOURCES_6.slice(0, 2)) traffic.udp(from, TARGET_6, 123, 123);
    traffic.udp(SOURCES_6[2], TARGET_6, port, 51000);
  }
  const scans = traffic.scans();
  assert.deepEqual(scans.map(({ source, shape }) => [source, shape]), [[SOURCES_6[2], "vertical"]]);
});

Deno.test("datagrams of two sources over IPv4 that nobody numbers are two scans, not one with a decoy", () => {
  const traffic = new Traffic();
  for (let port = 1; port < 40; port++) {
    for (const from of SOURCES.slice(0, 2)) traffic.udp(from, TARGET, port, 51000);
  }
  const scans = traffic.scans();
  assert.deepEqual(
    scans.map(({ source, shape }) => [source, shape]).sort(),
    [
      [SOURCES[0], "vertical"],
      [SOURCES[1], "vertical"],
    ].sort(),
  );
});
