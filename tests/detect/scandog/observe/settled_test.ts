// What packets make of one attempt, as it is handed on: by codes, times and copies, one aside each.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import type { AttemptOutcome } from "../../../../src/outcome.ts";
import { Ack, Syn, Traffic } from "../traffic.ts";

const SOURCE = "198.51.100.7", TARGET = "203.0.113.10";
const SOURCE_6 = "2001:db8:1::7", TARGET_6 = "2001:db8:2::10";

/** What was handed on of each port, the latest of all that was said, once the capture has ended. */
function outcomes(run: (traffic: Traffic) => void): Map<number, AttemptOutcome> {
  const latest = new Map<number, AttemptOutcome>();
  const traffic = new Traffic({ takeOutcome: (outcome) => latest.set(outcome.port, outcome) });
  run(traffic);
  traffic.detector.finish();
  return latest;
}

/** Datagrams to ports from 5000 on, and for each an ICMP error with the code of its place: who says what became of them. */
function witnesses(codes: readonly number[], isSix: boolean): string[] {
  const [from, to] = isSix ? [SOURCE_6, TARGET_6] : [SOURCE, TARGET];
  const [kind, type] = isSix ? [Kind.Icmp6, 1] : [Kind.Icmp, 3];
  const all = outcomes((traffic) => {
    for (const [i, code] of codes.entries()) {
      traffic.udp(from, to, 5000 + i);
      const inner = { from, to, protocol: 17, sport: 40_000, dport: 5000 + i };
      traffic.send({ kind, from: to, to: from, type, code, inner });
    }
    traffic.wait(30);
  });
  return codes.map((_, i) => all.get(5000 + i)?.witness ?? "nobody");
}

Deno.test("of IPv4's codes of destination unreachable five are the target's word (RFC 792, RFC 1812 section 5.2.7.1)", () => {
  const codes = Array.from({ length: 16 }, (_, code) => code), said = witnesses(codes, false);
  const refused = codes.filter((code) => said[code] === "target");
  assert.deepEqual(refused, [2, 3, 9, 10, 13]);
  assert.equal(said.filter((witness) => witness === "router").length, 16 - 5);
});

Deno.test("of IPv6's codes of destination unreachable four are the target's word (RFC 4443 section 3.1)", () => {
  const codes = Array.from({ length: 9 }, (_, code) => code), said = witnesses(codes, true);
  const refused = codes.filter((code) => said[code] === "target");
  assert.deepEqual(refused, [1, 4, 5, 6]);
  assert.equal(said.filter((witness) => witness === "router").length, 9 - 4);
});

Deno.test("a datagram's copy counts once, be it of the first or of a later one", () => {
  const all = outcomes((traffic) => {
    traffic.stepUs = 10;
    for (const ipId of [1, 1, 2, 2, 2, 3]) {
      traffic.send({ kind: Kind.Udp, from: SOURCE, to: TARGET, sport: 40_000, dport: 5000, ipId });
      traffic.wait(0.0005);
    }
    traffic.udp(SOURCE, TARGET, 5001).wait(30);
  });
  assert.equal(all.get(5000)?.packets, 3);
  assert.equal(all.get(5001)?.packets, 1);
});

Deno.test("a probe after as long as --remember goes on with an attempt, one after longer begins another", () => {
  for (const [extraUs, isNew] of [[0, false], [1, true]] as const) {
    const all = outcomes((traffic) => {
      const refused = (port: number) =>
        traffic.udp(SOURCE, TARGET, port).unreachable(TARGET, SOURCE, port);
      for (let port = 5000; port < 5003; port++) refused(port);
      traffic.timeUs += 7200e6 - 2 * traffic.stepUs + extraUs;
      refused(5002);
    });
    const { firstUs, latestUs } = all.get(5002)!;
    assert.equal(latestUs - firstUs > 0, !isNew, `${extraUs}`);
  }
});

Deno.test("an attempt is said with the interface that its first packet was captured on, or its answer if that is all", () => {
  const all = outcomes((traffic) => {
    const open = { to: SOURCE, dport: 40_000, flags: Syn | Ack, ack: 8, seq: 5, interface: 4 };
    for (const i of [0, 1, 2]) {
      traffic.send({ ...open, from: `203.0.113.${20 + i}`, sport: 5000 + i });
    }
    const up = { from: SOURCE, to: TARGET, sport: 40_000, flags: Syn, seq: 7 };
    traffic.send({ ...up, dport: 5003, interface: 3 }).wait(900);
  });
  assert.deepEqual([5003, 5000].map((port) => all.get(port)?.interface), [3, 4]);
});
