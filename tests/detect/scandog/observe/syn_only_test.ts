// Captures made with a filter for SYNs, or for SYNs and SYN-ACKs: clients raise nothing in what they have
// in common with scanners, and scanners are found by what they have not.

import assert from "node:assert/strict";
import { Ack, Syn, Traffic } from "../traffic.ts";

const CLIENT = "198.51.100.5", SERVER = "203.0.113.1";

/** A SYN of a kernel, and its answer if the filter lets that through. */
function open(
  traffic: Traffic,
  to: string,
  dport: number,
  sport: number,
  isAnswered: boolean,
): void {
  traffic.send({ from: CLIENT, to, sport, dport, flags: Syn, seq: sport, timestamp: 7 });
  if (isAnswered) {
    traffic.send({ from: to, to: CLIENT, sport: dport, dport: sport, flags: Syn | Ack, seq: 5 });
  }
}

Deno.test("a browser and passive FTP raise nothing where only SYNs, with or without answers, are seen", () => {
  for (const isAnswered of [false, true]) {
    const traffic = new Traffic();
    for (let i = 1; i <= 40; i++) open(traffic, `203.0.113.${i}`, 443, 40000 + i, isAnswered);
    open(traffic, SERVER, 21, 41000, isAnswered);
    for (let i = 1; i <= 40; i++) open(traffic, SERVER, 20000 + 37 * i, 42000 + i, isAnswered);
    assert.deepEqual(traffic.named(), [], `answers: ${isAnswered}`);
  }
});

Deno.test("what a kernel's SYNs find closed, and a raw socket's SYNs, count where only SYNs are seen", () => {
  for (const timestamp of [0, 7]) {
    for (const isAnswered of [false, true]) {
      const traffic = new Traffic();
      for (let dport = 1; dport <= 30; dport++) {
        traffic.send({ from: CLIENT, to: SERVER, sport: 40000, dport, flags: Syn, timestamp });
        if (isAnswered && dport === 22) {
          traffic.send({ from: SERVER, to: CLIENT, sport: 22, dport: 40000, flags: Syn | Ack });
        }
      }
      assert.deepEqual(traffic.named(), [CLIENT]);
    }
  }
});

Deno.test("once other segments are seen, an open port that is left alone is half-open again", () => {
  const traffic = new Traffic().used("10.0.0.1", "10.0.0.2", 80);
  for (let i = 1; i <= 20; i++) open(traffic, `203.0.113.${i}`, 22, 40000 + i, true);
  assert.deepEqual(traffic.named(), [CLIENT]);
});
