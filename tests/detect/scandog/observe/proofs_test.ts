// What proves a source, and what becomes of connections that end early: by segments, one number aside each.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import type { AttemptOutcome } from "../../../../src/outcome.ts";
import { Kind } from "../../../../src/record.ts";
import { Ack, Fin, Rst, Syn, Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7", SERVER = "203.0.113.10", OTHER = "203.0.113.11";

/** Connections to many ports in which the source acknowledges this number and says nothing; what is told at the end. */
function connects(acknowledged: number): ScanEvent {
  const traffic = new Traffic();
  for (let port = 21; port < 51; port++) {
    const up = { from: SCANNER, to: SERVER, sport: 40000 + port, dport: port };
    const down = { from: SERVER, to: SCANNER, sport: port, dport: 40000 + port };
    traffic.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
      .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
      .send({ ...up, flags: Ack, seq: 1001, ack: acknowledged })
      .send({ ...up, flags: Rst, seq: 1001 });
  }
  const [end, ...more] = traffic.scans();
  assert.deepEqual(more, []);
  return end;
}

Deno.test("a handshake is proved by the target's own number and the next, by no other", () => {
  assert.equal(connects(5001).evidence, "handshake");
  for (const wrong of [5000, 5002, 0, 1001, 0xffffffff]) {
    assert.notEqual(connects(wrong).evidence, "handshake", `${wrong}`);
  }
});

/** Connects to ports that the target accepts and resets at once, as load balancers and tcpwrappers do. */
function thrownOut(traffic: Traffic, ports: number): Traffic {
  for (let i = 0; i < ports; i++) {
    const up = { from: SCANNER, to: SERVER, sport: 40000 + i, dport: 5000 + i };
    const down = { from: SERVER, to: SCANNER, sport: 5000 + i, dport: 40000 + i };
    traffic.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
      .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
      .send({ ...up, flags: Ack, seq: 1001, ack: 5001 })
      .send({ ...down, flags: Rst | Ack, seq: 5001, ack: 1001 });
  }
  return traffic;
}

Deno.test("a connect scan of a target that accepts and throws out is found", () => {
  assert.deepEqual(thrownOut(new Traffic(), 20).named(), []);
  assert.deepEqual(thrownOut(new Traffic(), 21).named(), [SCANNER]);
});

Deno.test("an ACK scan is found, with the timestamps of a kernel and from a port each as well", () => {
  for (const step of [0, 1]) {
    for (const timestamp of [0, 7]) {
      const traffic = new Traffic();
      for (let i = 0; i < 20; i++) {
        const probe = { from: SCANNER, to: SERVER, sport: 40_000 + step * i, dport: 21 + i };
        const answer = { from: SERVER, to: SCANNER, sport: 21 + i, dport: probe.sport };
        traffic.send({ ...probe, flags: Ack, seq: i, ack: 1000 + i, timestamp })
          .send({ ...answer, flags: Rst, seq: 1000 + i });
      }
      assert.deepEqual(traffic.named(), [SCANNER], `step ${step}, timestamp ${timestamp}`);
    }
  }
});

/** Two sources send the same probes; each SYN-ACK to one of them comes once more after so long. Who is named. */
function repeatedTo(address: string, afterUs: number): string[] {
  const traffic = new Traffic();
  const sources = ["192.0.2.9", SCANNER];
  for (let i = 0; i < 9; i++) {
    for (const from of sources) {
      const probe = { from, to: SERVER, sport: 40000, dport: 5000 + i, flags: Syn };
      traffic.send({ ...probe, seq: 77 + i, ipId: i });
    }
    for (const to of sources) {
      const answer = { from: SERVER, to, sport: 5000 + i, dport: 40000, flags: Syn | Ack };
      traffic.send({ ...answer, seq: 900 + i, ack: 78 + i });
      if (to !== address) continue;
      traffic.timeUs += afterUs;
      traffic.send({ ...answer, seq: 900 + i, ack: 78 + i });
      traffic.timeUs -= afterUs;
    }
  }
  for (let i = 0; i < 30; i++) {
    for (const from of sources) {
      traffic.send({
        from,
        to: SERVER,
        sport: 40000,
        dport: 21 + i,
        flags: Syn,
        seq: 177 + i,
        ipId: i,
      });
    }
  }
  return traffic.wait(10).named();
}

Deno.test("a SYN-ACK that comes again later speaks against its receiver; captured twice it says nothing", () => {
  for (const [address, other] of [["192.0.2.9", SCANNER], [SCANNER, "192.0.2.9"]]) {
    assert.deepEqual(repeatedTo(address, 1_000_000), [other]);
  }
  assert.deepEqual(repeatedTo(SCANNER, 10_000), repeatedTo("192.0.2.9", 10_000));
});

Deno.test("a SYN-ACK is repeated half a second after its SYN, and up to then a copy of it", () => {
  // Its SYN is three packets older, a millisecond each.
  for (const [sinceSynUs, isRepeated] of [[500_000, false], [500_001, true]] as const) {
    const named = ["192.0.2.9", SCANNER].map((to) => repeatedTo(to, sinceSynUs - 3000).join());
    assert.equal(named[0] !== named[1], isRepeated, `${sinceSynUs} us: ${named}`);
  }
});

Deno.test("five pings that come back are a conversation; four are not, nor are five that nobody answers", () => {
  for (
    const [pings, isAnswered, last] of [
      [4, true, undefined],
      [5, true, "used"],
      [5, false, "silent"],
    ] as const
  ) {
    const told: AttemptOutcome[] = [];
    const traffic = new Traffic({ takeOutcome: (outcome) => told.push(outcome) });
    // A source that is suspected, so that what it uses is told as well.
    traffic.refused(SCANNER, OTHER, 22).refused(SCANNER, OTHER, 23);
    for (let i = 0; i < pings; i++) {
      traffic.send({ kind: Kind.Icmp, from: SCANNER, to: SERVER, type: 8, seq: i });
      if (isAnswered) traffic.send({ kind: Kind.Icmp, from: SERVER, to: SCANNER, type: 0, seq: i });
      traffic.wait(1);
    }
    traffic.wait(700).used(OTHER, SERVER, 443).wait(700);
    traffic.detector.finish();
    const [outcome] = told.filter(({ target }) => target === "ping").slice(-1);
    assert.equal(outcome?.outcome, last, `${pings} pings`);
  }
});

Deno.test("three answered pings of each host are a monitor's, two are a sweep's", () => {
  for (const [pings, named] of [[2, [SCANNER]], [3, []]] as const) {
    const traffic = new Traffic();
    for (let i = 0; i < 40; i++) {
      for (let k = 0; k < pings; k++) {
        const host = `203.0.113.${i}`;
        traffic.send({
          kind: Kind.Icmp,
          from: SCANNER,
          to: host,
          type: 8,
          seq: k,
          ipId: 100 * i + k + 1,
        })
          .send({ kind: Kind.Icmp, from: host, to: SCANNER, type: 0, seq: k }).wait(0.1);
      }
    }
    assert.deepEqual(traffic.named(), named, `${pings} pings each`);
  }
});

Deno.test("a monitor's pings that come to be used explain ARP all the same", () => {
  const traffic = new Traffic().ping(OTHER, SERVER).wait(5);
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 20; i++) {
      const to = `192.168.7.${100 + i}`;
      traffic.send({
        kind: Kind.Icmp,
        from: SCANNER,
        to,
        type: 8,
        seq: round,
        ipId: 20 * round + i + 1,
      })
        .send({ kind: Kind.Icmp, from: to, to: SCANNER, type: 0, seq: round });
    }
    traffic.wait(0.2);
  }
  // A router asks for those that are not there, once each.
  for (let i = 0; i < 20; i++) traffic.arp("192.168.7.1", `192.168.7.${30 + i}`);
  traffic.wait(5).ping(OTHER, SERVER);
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a connection that its client ends with data in its number was used, whatever a filter left out", () => {
  for (const [sent, outcome] of [[0, "half-open"], [1, "half-open"], [2, "used"]] as const) {
    const told: AttemptOutcome[] = [];
    const traffic = new Traffic({ takeOutcome: (outcome) => told.push(outcome) });
    traffic.refused(SCANNER, OTHER, 22).refused(SCANNER, OTHER, 23);
    const up = { from: SCANNER, to: SERVER, sport: 40000, dport: 80 };
    traffic.send({ ...up, flags: Syn, seq: 1000 })
      .send({
        from: SERVER,
        to: SCANNER,
        sport: 80,
        dport: 40000,
        flags: Syn | Ack,
        seq: 5,
        ack: 1001,
      })
      .send({ ...up, flags: Rst, seq: 1001 + sent });
    traffic.detector.finish();
    assert.equal(told.find(({ port }) => port === 80)?.outcome, outcome, `${sent}`);
  }
});

Deno.test("a client that leaves without a word closes an empty connection, in either order of FIN and RST", () => {
  for (const flags of [Fin | Ack, Rst | Ack]) {
    const told: AttemptOutcome[] = [];
    const traffic = new Traffic({ takeOutcome: (outcome) => told.push(outcome) });
    const up = { from: SCANNER, to: SERVER, sport: 40000, dport: 80 };
    traffic.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
      .send({
        from: SERVER,
        to: SCANNER,
        sport: 80,
        dport: 40000,
        flags: Syn | Ack,
        seq: 5,
        ack: 1001,
      })
      .send({ ...up, flags: Ack, seq: 1001, ack: 6 }).send({ ...up, flags, seq: 1001, ack: 6 });
    traffic.detector.finish();
    assert.deepEqual(told.map(({ outcome, facts }) => [outcome, facts.includes("handshake")]), [[
      "empty",
      true,
    ]]);
  }
});
