// What is captured on several interfaces at once comes several times, and counts once.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7";
const TARGET = "203.0.113.10";

/** Sends a packet as often as a bridge with three interfaces shows it, `again` seconds apart. */
function send(traffic: Traffic, tries: number, packet: Parameters<Traffic["send"]>[0]): void {
  for (let i = 0; i < tries; i++) {
    const ipId = (packet.ipId ?? 0) === 0 ? 0 : packet.ipId! + i;
    for (let copy = 0; copy < 3; copy++) traffic.send({ ...packet, ipId });
    traffic.wait(0.01);
  }
}

Deno.test("IP protocols tried four times on three interfaces are no tunnels", () => {
  for (const ipId of [0, 1000]) {
    const traffic = new Traffic({}, 10);
    for (const protocol of [2, 41, 47, 50, 89, 103, 115]) {
      const kind = Kind.Ip;
      send(traffic, 2, { kind, from: SCANNER, to: TARGET, protocol, ipId });
      send(traffic, 2, { kind, from: SCANNER, to: TARGET, protocol, ipId: ipId && ipId + 7 });
    }
    assert.deepEqual(traffic.named(), [SCANNER], `IP ID ${ipId}`);
  }
});

Deno.test("a sweep of pings on three interfaces is not taken for a monitor's", () => {
  const traffic = new Traffic({}, 10);
  for (let i = 1; i <= 40; i++) {
    send(traffic, 2, { kind: Kind.Icmp, from: SCANNER, to: `203.0.113.${i}`, type: 8, ipId: i });
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("datagrams of a stream count each, though they look alike", () => {
  const traffic = new Traffic({}, 1000);
  for (let port = 5000; port < 5030; port++) {
    for (let i = 0; i < 20; i++) {
      traffic.send({ kind: Kind.Udp, from: SCANNER, to: TARGET, sport: 9000, dport: port });
    }
  }
  assert.deepEqual(traffic.named(), []);
});
