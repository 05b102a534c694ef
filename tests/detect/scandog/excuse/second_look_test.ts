// What comes again is a check, what comes once may be a scan: attempts that were accepted and came to
// nothing.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Ack, Fin, Psh, Rst, Syn, Traffic } from "../traffic.ts";

const CHECKER = "198.51.100.5";

/** Connects and hangs up: `isAbrupt` with a RST, as haproxy does. */
function check(traffic: Traffic, to: string, port: number, sport: number, isAbrupt: boolean): void {
  if (!isAbrupt) return void traffic.empty(CHECKER, to, port, sport);
  const up = { from: CHECKER, to, sport, dport: port };
  const down = { from: to, to: CHECKER, sport: port, dport: sport };
  traffic.send({ ...up, flags: Syn, seq: sport, timestamp: 7 })
    .send({ ...down, flags: Syn | Ack, seq: 5, ack: sport + 1 })
    .send({ ...up, flags: Rst | Ack, seq: sport + 1, ack: 6 });
}

function ping(traffic: Traffic, to: string): void {
  traffic.ping(CHECKER, to).send({ kind: Kind.Icmp, from: to, to: CHECKER, type: 0 });
}

Deno.test("health checks of fifty servers, of four ports each, raise nothing", () => {
  for (const isAbrupt of [false, true]) {
    const traffic = new Traffic();
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 50; i++) {
        for (const port of [80, 443, 8080, 9090]) {
          check(traffic, `203.0.113.${i}`, port, 20000 + round * 1000 + i * 4 + port % 4, isAbrupt);
        }
      }
      traffic.wait(5);
    }
    assert.deepEqual(traffic.named(), []);
  }
});

Deno.test("a monitor that pings a hundred hosts three times a round raises nothing", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 5; round++) {
    for (let k = 0; k < 3; k++) {
      for (let i = 0; i < 100; i++) ping(traffic, `203.0.113.${i}`);
      traffic.wait(1);
    }
    traffic.wait(60);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a monitor whose rounds are ten minutes apart raises nothing, one of eleven minutes is told", () => {
  for (const [minutes, told] of [[10, []], [11, [CHECKER]]] as const) {
    for (const isPing of [false, true]) {
      const traffic = new Traffic();
      for (let round = 0; round < 6; round++) {
        for (let i = 0; i < 40; i++) {
          if (isPing) ping(traffic, `203.0.113.${i}`);
          else check(traffic, `203.0.113.${i}`, 5666, 20000 + round * 100 + i, false);
        }
        traffic.wait(60 * minutes);
      }
      assert.deepEqual(traffic.named(), told);
    }
  }
});

Deno.test("a sweep that is accepted everywhere is found a little later, or when the capture ends", () => {
  for (const ends of [false, true]) {
    for (const isPing of [false, true]) {
      const traffic = new Traffic();
      for (let i = 0; i < 20; i++) {
        if (isPing) ping(traffic, `203.0.113.${i}`);
        else check(traffic, `203.0.113.${i}`, 445, 40000 + i, false);
      }
      assert.equal(traffic.told().length, 0);
      if (!ends) {
        for (let k = 0; k < 80; k++) traffic.wait(8).used("10.0.0.1", "10.0.0.2", 80);
      }
      assert.equal(traffic.told().length, ends ? 0 : 1);
      assert.deepEqual(traffic.named(), [CHECKER]);
    }
  }
});

Deno.test("a connect scan of a host that accepts on all ports is found", () => {
  const traffic = new Traffic();
  for (let port = 1; port <= 100; port++) check(traffic, "203.0.113.1", port, 30000 + port, false);
  const [scan] = traffic.scans();
  assert.equal(scan.source, CHECKER);
  assert.equal(scan.ports.count, 100);
  assert.equal(scan.ports.open, "1-100");
});

Deno.test("a connect scan that leaves it to the target to hang up is found", () => {
  const traffic = new Traffic();
  for (let port = 20; port < 60; port++) {
    const up = { from: "198.51.100.7", to: "203.0.113.13", sport: 40000 + port, dport: port };
    const down = { from: up.to, to: up.from, sport: port, dport: up.sport };
    traffic.send({ ...up, flags: Syn, seq: 1000 })
      .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
      .send({ ...up, flags: Ack, seq: 1001, ack: 5001 });
    traffic.wait(0.1).send({ ...down, flags: Fin | Ack, seq: 5001, ack: 1001 });
  }
  assert.deepEqual(traffic.named(), ["198.51.100.7"]);
});

Deno.test("what was charged before a check came again is taken back", () => {
  const traffic = new Traffic();
  // Fifteen servers are not enough; the next round comes a minute later, and so on.
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 15; i++) check(traffic, `203.0.113.${i}`, 80, 20000 + round * 50 + i, true);
    traffic.wait(60).used("10.0.0.1", "10.0.0.2", 80);
  }
  for (let i = 15; i < 30; i++) check(traffic, `203.0.113.${i}`, 80, 30000 + i, true);
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a scanner that has hung up before a server greets it has not used the server", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 20; i++) {
    const to = `203.0.113.${i}`, sport = 40000 + i;
    const up = { from: CHECKER, to, sport, dport: 22 };
    const down = { from: to, to: CHECKER, sport: 22, dport: sport };
    traffic.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
      .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
      .send({ ...up, flags: Ack, seq: 1001, ack: 5001 })
      .send({ ...up, flags: Fin | Ack, seq: 1001, ack: 5001 })
      .send({ ...down, flags: Ack | Psh, seq: 5001, ack: 1002, payload: 20 })
      .send({ ...up, flags: Rst, seq: 1002 });
  }
  assert.deepEqual(traffic.named(), [CHECKER]);
});

Deno.test("four servers that accept speak for as much as one that is used, until they were not asked again", () => {
  for (const [accepting, told] of [[19, true], [20, false]] as const) {
    const traffic = new Traffic();
    for (let i = 0; i < accepting; i++) check(traffic, `203.0.113.${i}`, 5666, 20000 + i, false);
    traffic.wait(1);
    for (let i = 0; i < 8; i++) traffic.refused(CHECKER, `203.0.113.${200 + i}`, 5666, 30000 + i);
    assert.equal(traffic.told().length, told ? 1 : 0, `${accepting} at first`);
    traffic.wait(611).used("192.0.2.9", "203.0.113.1", 5666);
    assert.deepEqual(traffic.told().map(({ source }) => source), [CHECKER], `${accepting} later`);
  }
});

Deno.test("servers that were asked again speak on for a monitor that others of them refuse", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < 30; i++) {
      check(traffic, `203.0.113.${i}`, 5666, 20000 + 100 * round + i, false);
    }
    for (let i = 0; i < 10; i++) {
      traffic.refused(CHECKER, `203.0.113.${200 + i}`, 5666, 30000 + 100 * round + i);
    }
    traffic.wait(300);
  }
  assert.deepEqual(traffic.named(), []);
});
