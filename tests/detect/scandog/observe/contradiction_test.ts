// Two answers to one SYN contradict each other when their numbers differ; two answers to two SYNs do not.

import assert from "node:assert/strict";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7", HOST = "203.0.113.1";
const CLOSED = 30;

/** A SYN scan of 31 ports; port 22 is asked from each of `sports`, and answers each with two numbers or one. */
function scan(sports: readonly number[], numbers: number): Traffic {
  const traffic = new Traffic();
  for (let dport = 100; dport < 100 + CLOSED; dport++) {
    traffic.send({ from: SCANNER, to: HOST, sport: sports[0], dport, flags: Syn, seq: 9 })
      .send({ from: HOST, to: SCANNER, sport: dport, dport: sports[0], flags: Rst | Ack, ack: 10 });
  }
  for (const sport of sports) {
    traffic.send({ from: SCANNER, to: HOST, sport, dport: 22, flags: Syn, seq: sport });
  }
  for (const sport of sports) {
    for (let k = 0; k < numbers; k++) {
      const seq = 5000 + 100 * sport + k;
      traffic.send({
        from: HOST,
        to: SCANNER,
        sport: 22,
        dport: sport,
        flags: Syn | Ack,
        seq,
        ack: sport + 1,
      });
    }
  }
  for (const sport of sports) {
    traffic.send({ from: SCANNER, to: HOST, sport, dport: 22, flags: Rst, seq: sport + 1 });
  }
  return traffic;
}

Deno.test("a port that answers two SYNs from two ports is open, and proves the source", () => {
  for (const sports of [[40001], [40001, 40003], [40003, 40001]]) {
    const [found] = scan(sports, 1).scans();
    assert.equal(found.ports.open, "22", `${sports}`);
    assert.equal(found.evidence, "reset", `${sports}`);
  }
});

Deno.test("two numbers in answer to one SYN open nothing, and prove nothing", () => {
  const [found] = scan([40001], 2).scans();
  assert.equal(found.ports.open, "");
  assert.equal(found.evidence, "none");
});
