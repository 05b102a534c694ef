// Addresses used by others than their owners: what is told of it, and from which packets on. That real
// captures show it, and no other capture does, is in truth_test.ts and corpus_test.ts.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../../src/address.ts";
import { Subjects } from "../../../../../src/detect/scandog/table/subjects.ts";
import type { DetectorEvent, MisuseEvent } from "../../../../../src/event.ts";
import { Ack, random, Rst, Syn, Traffic } from "../../traffic.ts";
import { hostAt, OURS, PROBER, VICTIM } from "./alone.ts";

const KERNEL = { window: 64240, ttl: 52 };

/** Traffic in which our host was seen sending, without which an answer proves nothing. */
function traffic(options = {}): Traffic {
  return new Traffic(options).used(OURS, "192.0.2.1", 443);
}

function misuses(events: readonly DetectorEvent[]): MisuseEvent[] {
  return events.filter((event): event is MisuseEvent => event.action === "address-misused");
}

/** What was told of misuse by the end; no scan of anybody may be. */
function told(of: Traffic): MisuseEvent[] {
  assert.deepEqual(of.named(), [], "no scan");
  return misuses(of.events);
}

function synAck(of: Traffic, from: string, sport: number, dport: number, more = KERNEL): void {
  of.send({ from, to: OURS, sport, dport, flags: Syn | Ack, seq: sport, ack: 1001, ...more });
}

function refusal(of: Traffic, from: string, sport: number, dport: number, to = OURS): void {
  of.send({ from, to, sport, dport, flags: Rst | Ack, ack: 1001, ttl: 52 });
}

Deno.test("answers of ten ports show a decoy, answers of nine nothing", () => {
  for (const ports of [9, 10]) {
    const of = traffic();
    for (let port = 1; port < ports; port++) refusal(of, VICTIM, port, 40000);
    synAck(of, VICTIM, 80, 40000);
    const found = told(of);
    assert.equal(found.length, ports === 10 ? 1 : 0, `${ports} ports`);
    if (found.length === 0) continue;
    const { kind, address, port, against, by, packets, addresses } = found[0];
    assert.deepEqual(
      { kind, address, port, against, by, packets, addresses },
      {
        kind: "decoy",
        address: OURS,
        port: 40000,
        against: VICTIM,
        by: undefined,
        packets: 10,
        addresses: 1,
      },
    );
    assert.deepEqual(found[0].ports, { count: 10, open: 1 });
  }
});

Deno.test("ICMP errors about datagrams that we did not send show a decoy as well", () => {
  const of = traffic();
  for (let port = 1; port <= 30; port++) of.unreachable(VICTIM, OURS, port);
  const [found] = told(of);
  assert.deepEqual([found.kind, found.against, found.ports?.count], ["decoy", VICTIM, 30]);
});

Deno.test("our own scan from before the capture, whose answers come now, is no decoy", () => {
  const of = traffic();
  for (let port = 1; port <= 20; port++) refusal(of, VICTIM, port, 40000);
  for (let port = 21; port <= 60; port++) of.refused(OURS, VICTIM, port);
  of.detector.finish();
  assert.deepEqual(misuses(of.events), []);
  assert.ok(of.told().every(({ source }) => source === OURS));
});

Deno.test("connections whose first half is not captured are no misuse: data flows in them", () => {
  for (const ports of [1, 20]) {
    const of = traffic();
    for (let i = 0; i < 900; i++) {
      const flow = { from: VICTIM, to: OURS, sport: 8000 + i % ports, dport: 40000 + i, ttl: 52 };
      of.send({ ...flow, flags: Syn | Ack, seq: 9000 * i, ack: 1001, window: 64240 });
      of.send({ ...flow, flags: Ack, seq: 9000 * i + 1, ack: 1101, payload: 1000 });
      // What was seen before the pause is forgotten, but not that the conversation was used.
      if (i % 300 === 299) of.wait(60);
    }
    assert.deepEqual(told(of), [], `${ports} ports`);
  }
});

Deno.test("a client's resets of connections from before the capture are no misuse", () => {
  const of = traffic();
  for (let i = 0; i < 200; i++) {
    const flow = { from: VICTIM, to: OURS, sport: 33000 + i, dport: 443, ttl: 52 };
    of.send({ ...flow, flags: i % 2 ? Rst : Rst | Ack, seq: 7000 + i, ack: 9000 });
  }
  assert.deepEqual(told(of), []);
});

Deno.test("a client that breaks off connections to many of our ports shows no decoy", () => {
  const of = traffic();
  for (let i = 0; i < 15; i++) {
    const flow = { from: VICTIM, to: OURS, sport: 33000 + i, dport: 5000 + i, ttl: 52 };
    of.send({ ...flow, flags: Rst, seq: 7000 + i });
  }
  assert.deepEqual(told(of), []);
});

Deno.test("backscatter of a million packets is one line, with its size at least", () => {
  const of = new Traffic({}, 100).used(OURS, "192.0.2.1", 443);
  const draw = random(1);
  for (let i = 0; i < 1_000_000; i++) {
    synAck(of, VICTIM, 443, 1024 + Math.floor(draw() * 64000));
  }
  const found = told(of);
  assert.equal(found.length, 1);
  const { kind, against, packets, ports } = found[0];
  assert.deepEqual([kind, against, ports], ["flood-backscatter", VICTIM, { count: 1, open: 1 }]);
  assert.ok(packets > 900_000 && packets <= 1_000_000, `${packets}`);
  assert.ok(of.events.length === 1, "nothing else was said");
});

Deno.test("a flood with random forged sources, many of them ours, is no decoy", () => {
  const of = new Traffic();
  for (let host = 1; host <= 200; host++) of.used(`203.0.113.${host}`, "192.0.2.1", 443);
  const draw = random(2);
  for (let i = 0; i < 2000; i++) {
    const to = `203.0.113.${1 + Math.floor(draw() * 200)}`;
    refusal(of, VICTIM, i % 2 ? 80 : 443, 1024 + Math.floor(draw() * 64000), to);
  }
  const [found, ...rest] = told(of);
  assert.deepEqual(rest, []);
  assert.equal(found.kind, "flood-backscatter");
  assert.ok(found.addresses > 100 && found.addresses <= 200, `${found.addresses}`);
});

Deno.test("answers to so many of our ports, or of our hosts, are a flood's backscatter, and to fewer nothing", () => {
  for (const [ports, hosts, count] of [[31, 1, 0], [32, 1, 1], [1, 15, 0], [1, 16, 1]]) {
    const of = new Traffic();
    const own = Array.from({ length: hosts }, (_, i) => `203.0.113.${10 + i}`);
    for (const host of own) of.used(host, "192.0.2.1", 443);
    for (let i = 0; i < 3000; i++) {
      refusal(of, VICTIM, 443, 30_000 + i % ports, own[i % hosts]);
    }
    const found = told(of);
    assert.deepEqual(
      found.map(({ kind, addresses }) => [kind, addresses]),
      Array(count).fill(["flood-backscatter", hosts]),
      `${ports} ports, ${hosts} hosts`,
    );
  }
});

/** As nmap reads a zombie's IP IDs; `count` times. */
function probe(of: Traffic, count: number, dport = 80): void {
  for (let i = 0; i < count; i++) {
    const sport = 36000 + i * 37 % 256;
    synAck(of, PROBER, sport, dport, { window: 1024, ttl: 40 + i % 19 });
    of.send({ from: OURS, to: PROBER, sport: dport, dport: sport, flags: Rst, seq: 1001 });
    of.wait(0.05);
  }
}

Deno.test("six SYN-ACKs of a tool to one port show who probes it, five nothing", () => {
  for (const count of [5, 6]) {
    for (const port of [80, 40123]) {
      const of = traffic();
      probe(of, count, port);
      const found = told(of);
      assert.equal(found.length, count === 6 ? 1 : 0, `${count} to ${port}`);
      if (count === 5) continue;
      const { kind, address, by, against, packets } = found[0];
      assert.deepEqual([kind, address, found[0].port, by, against, packets], [
        ...["zombie", OURS, port, PROBER, undefined, 6],
      ]);
    }
  }
});

Deno.test("the target of an idle scan is named where its answers reach the zombie's port", () => {
  const of = traffic();
  probe(of, 6);
  for (let port = 1; port <= 40; port++) {
    if (port === 22) synAck(of, VICTIM, port, 80);
    else refusal(of, VICTIM, port, 80);
  }
  probe(of, 6);
  const [found, ...rest] = told(of);
  assert.deepEqual(rest, [], "one line, not a decoy's beside it");
  assert.deepEqual([found.kind, found.by, found.against], ["zombie", PROBER, VICTIM]);
  assert.deepEqual(found.ports, { count: 40, open: 1 });
});

Deno.test("a server's SYN-ACKs to one port are backscatter, not probes of a zombie", () => {
  const of = traffic();
  // The flood forges one address and port of ours, against a service on an unusual port.
  for (let i = 0; i < 50; i++) synAck(of, VICTIM, 25565, 80);
  assert.deepEqual(told(of), []);
});

Deno.test("a scan by SYN-ACKs stays a scan", () => {
  const of = traffic();
  for (let port = 1; port <= 300; port++) {
    const flow = { from: PROBER, to: OURS, sport: 40000, dport: port };
    of.send({ ...flow, flags: Syn | Ack, seq: 1, ack: 1001, window: 1024, ttl: 50 });
    of.send({ from: OURS, to: PROBER, sport: port, dport: 40000, flags: Rst, seq: 1001 });
  }
  assert.deepEqual(of.named(), [PROBER]);
  assert.deepEqual(misuses(of.events), []);
});

Deno.test("forged misuse by the thousand is told up to the budget, and the rest counted", () => {
  const of = traffic({ alertBurst: 8, alertRefill: 86400 });
  for (let host = 0; host < 3000; host++) {
    const victim = `198.${host >> 8}.${host & 255}.9`;
    for (let port = 1; port <= 10; port++) refusal(of, victim, port, 40000);
  }
  const found = told(of);
  assert.equal(found.length, 8);
  const rest = of.events.filter((event) => event.action === "alerts-suppressed");
  assert.ok(rest.every((event) => event.of === "address-misused"));
  assert.equal(rest.reduce((sum, { count }) => sum + count, 0), 3000 - 8);
});

Deno.test("hundreds of decoys that end together do not look at each other's attempts", () => {
  const of = traffic();
  for (let i = 0; i < 300; i++) of.refused(OURS, `100.64.1.${i & 255}`, 1024 + i * 7, 20000 + i);
  for (let host = 0; host < 1000; host++) {
    for (let port = 1; port <= 10; port++) {
      refusal(of, `198.18.${host >> 8}.${host & 255}`, port, 40000);
    }
  }
  const { find } = Subjects.prototype;
  let looks = 0;
  Subjects.prototype.find = function (...args) {
    looks++;
    return find.apply(this, args);
  };
  try {
    of.wait(31).used(OURS, "192.0.2.1", 443);
  } finally {
    Subjects.prototype.find = find;
  }
  assert.ok(looks < 2000, `${looks}`);
});

Deno.test("what goes on for hours is told after a minute, and each hour", () => {
  const of = new Traffic().used(OURS, "192.0.2.1", 443);
  for (let i = 0; i < 3 * 360; i++) {
    refusal(of, VICTIM, 1 + i % 100, 40000);
    of.wait(10);
  }
  const found = told(of);
  assert.equal(found.length, 4); // after a minute, one hour, two hours; at the end
  assert.deepEqual(new Set(found.map(({ story }) => story)), new Set([1]));
  assert.equal(found.at(-1)?.packets, 1080);
});

Deno.test("misuse needs a receiver that is seen sending, and is never told of a monitored host", () => {
  const silent = new Traffic();
  for (let port = 1; port <= 30; port++) refusal(silent, VICTIM, port, 40000);
  silent.detector.finish();
  assert.deepEqual(misuses(silent.events), []);
  const home = traffic({ home: [parsePrefix(`${VICTIM}/32`)!] });
  for (let port = 1; port <= 30; port++) refusal(home, VICTIM, port, 40000);
  home.detector.finish();
  assert.deepEqual(misuses(home.events), []);
});

Deno.test("clocks that step back and IPv6 change nothing", () => {
  const of = new Traffic().used("2001:db8::1", "2001:db8:9::1", 443);
  for (let port = 1; port <= 30; port++) {
    of.send({
      from: "2001:db8:80::1",
      to: "2001:db8::1",
      sport: port,
      dport: 40000,
      flags: Rst | Ack,
      ack: 1,
    });
    of.wait(port === 15 ? -3600 : 0);
  }
  const [found] = told(of);
  assert.deepEqual([found.kind, found.ipVersion, found.ports?.count], ["decoy", 6, 30]);
  assert.ok(found.endUs >= found.startUs);
});

Deno.test("whether our host scans by itself is looked up in its latest 256 failures", () => {
  for (const [since, found] of [[255, 0], [256, 1]]) {
    const of = traffic();
    of.refused(OURS, VICTIM, 21);
    for (let i = 0; i < since; i++) {
      of.refused(OURS, `100.64.${i >> 6}.${i & 63}`, 1024 + i * 7, 20_000 + i);
    }
    for (let port = 1; port <= 10; port++) refusal(of, VICTIM, port, 40000);
    of.detector.finish();
    assert.equal(misuses(of.events).length, found, `${since} since`);
  }
});

Deno.test("conversations of a host at the first place of the table are no misuse either", () => {
  const first = hostAt(0);
  // Connections that go on, of which the first half was not captured.
  const used = traffic();
  for (let i = 0; i < 20; i++) {
    const flow = { from: first, to: OURS, sport: 8000 + i, dport: 40_000 + i, ttl: 52 };
    used.send({ ...flow, flags: Syn | Ack, seq: 5, ack: 1001, window: 64240 });
    used.send({ ...flow, flags: Ack, seq: 6, ack: 1101, payload: 1000 });
  }
  assert.deepEqual(told(used), []);
});
