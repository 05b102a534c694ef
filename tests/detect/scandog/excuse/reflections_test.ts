// Answers that many servers send to a host that did not ask, asked of attempts that were written by hand: how many
// others it takes, by how much one may lead, and what counts as a datagram.

import assert from "node:assert/strict";
import { Decision } from "../../../../src/decision.ts";
import { Reflections } from "../../../../src/detect/scandog/excuse/reflections.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Entries, type Entry, SOURCE, TARGET } from "../entries.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const CROWD_OF_SERVERS = 16;
const LEADS_MIN = 16;

/** How many targets are watched at once. */
const PLACES = 1024;
const DNS = 53;
const server = (i: number) => `192.0.${2 + (i >> 8)}.${i & 255}`;

class Flooded extends Entries {
  readonly reflections = new Reflections(this.memory);
  private port = 40_000;

  /** A datagram of a service; its slot. Each goes to another port, where none is given. */
  datagram(source: string, entry: Entry = {}): number {
    const slot = this.attempt(source, entry);
    this.reflections.note(slot);
    return slot;
  }

  /** So many datagrams of one source. */
  many(source: string, count: number, entry: Entry = {}): this {
    for (let i = 0; i < count; i++) this.datagram(source, entry);
    return this;
  }

  /** One datagram each of so many servers. */
  servers(count: number, entry: Entry = {}): this {
    for (let i = 0; i < count; i++) this.datagram(server(i), entry);
    return this;
  }

  /** Whether the excuse holds for an attempt of the source. */
  holds(source: string, entry: Entry = {}): boolean {
    return this.reflections.holds(this.attempt(source, entry));
  }

  private attempt(source: string, entry: Entry): number {
    const port = this.port++;
    return this.add({ source, kind: TargetClass.Udp, port, sourcePort: DNS, ...entry });
  }
}

Deno.test("Reflections excuses datagrams and TCP segments as backscatter, and no other protocol", () => {
  const { reflections } = new Flooded();
  assert.equal(reflections.decision, Decision.Backscatter);
  assert.equal(reflections.targets, 1 << TargetClass.Udp | 1 << TargetClass.Tcp);
});

Deno.test("Reflections holds where as many datagrams came from others as late answers never are", () => {
  assert.equal(CROWD_OF_SERVERS, 16);
  for (const [others, isHeld] of [[15, false], [16, true]] as const) {
    const flooded = new Flooded().many(SOURCE, 100).servers(others);
    assert.equal(flooded.holds(server(0)), isHeld, `${others} of others`);
    assert.equal(flooded.holds(server(300)), isHeld, "one that is new");
    assert.ok(!flooded.holds(SOURCE), "far ahead of all others");
  }
});

Deno.test("Reflections does not hold for a source that leads all others by so many", () => {
  assert.equal(LEADS_MIN, 16);
  for (const [lead, isHeld] of [[15, true], [16, false]] as const) {
    const flooded = new Flooded().many(SOURCE, 20 + lead).servers(20);
    assert.equal(flooded.holds(SOURCE), isHeld, `${lead} more`);
    assert.ok(flooded.holds(server(0)), "one of the others");
  }
});

Deno.test("Reflections lets the lead pass on once the others have sent as much", () => {
  const late = "198.51.100.200";
  for (const [lead, isHeld] of [[15, true], [16, false]] as const) {
    const flooded = new Flooded().many(SOURCE, 16).servers(16).many(late, lead);
    assert.equal(flooded.holds(late), isHeld, `${lead} more`);
    assert.ok(flooded.holds(SOURCE), "it leads no longer");
  }
});

Deno.test("Reflections counts one of those that come in turn to one port: decoys ask the same ports", () => {
  const decoys = (ports: number) => {
    const flooded = new Flooded().many(SOURCE, 100);
    for (let port = 50_000; port < 50_000 + ports; port++) flooded.servers(20, { port });
    return flooded.holds(server(0));
  };
  assert.ok(!decoys(15));
  assert.ok(decoys(16));
  // One that was asked for before, but not by the one before.
  const flooded = new Flooded().many(SOURCE, 100);
  for (let i = 0; i < 16; i++) flooded.datagram(server(i), { port: 50_000 + i % 2 });
  assert.ok(flooded.holds(server(0)));
});

Deno.test("Reflections watches a target for a minute after each datagram, then begins anew", () => {
  for (const [ms, isHeld] of [[60_000, true], [60_001, false]] as const) {
    const flooded = new Flooded().many(SOURCE, 100).servers(8).wait(59_000).servers(8);
    flooded.wait(ms).datagram(server(0));
    assert.equal(flooded.holds(server(0)), isHeld, `${ms} ms`);
    // Who led by 83 does so no longer where it began anew; else by 43.
    assert.equal(flooded.servers(40).holds(SOURCE), !isHeld, `${ms} ms, who led`);
  }
});

Deno.test("Reflections keeps hosts and services apart", () => {
  const flooded = new Flooded().many(SOURCE, 100).servers(16);
  assert.ok(flooded.holds(server(0)));
  assert.ok(!flooded.holds(server(0), { sourcePort: 123 }), "another service");
  assert.ok(!flooded.holds(server(0), { target: "203.0.113.11" }), "another host");
  const mixed = new Flooded().many(SOURCE, 100).servers(15).servers(15, { sourcePort: 123 });
  assert.ok(!mixed.holds(server(0)));
  assert.ok(!mixed.holds(server(0), { sourcePort: 123 }));
});

Deno.test("Reflections watches many hosts at once", () => {
  const flooded = new Flooded();
  const { hash } = flooded.memory;
  const places = new Set<number>();
  const hosts = Array.from({ length: 40 }, (_, i) => `10.1.0.${i}`).filter((host) => {
    const place = hash.pair(flooded.hash(host), DNS) & (PLACES - 1);
    return !places.has(place) && places.add(place);
  });
  assert.ok(hosts.length > 30);
  for (const target of hosts) flooded.many(SOURCE, 40, { target }).servers(16, { target });
  for (const target of hosts) {
    assert.ok(flooded.holds(server(0), { target }), target);
    assert.ok(!flooded.holds(SOURCE, { target }), target);
  }
});

Deno.test("Reflections takes a place from the target that had it", () => {
  const flooded = new Flooded().many(SOURCE, 100).servers(16);
  const { hash } = flooded.memory;
  const placeOf = (target: string) => hash.pair(flooded.hash(target), DNS) & (PLACES - 1);
  const hosts = Array.from({ length: 1 << 14 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
  const target = hosts.find((host) => placeOf(host) === placeOf(TARGET));
  assert.ok(target !== undefined);
  assert.ok(!flooded.holds(server(0), { target }), "none of its datagrams came");
  const late = "198.51.100.200";
  flooded.many(late, 40, { target }).servers(15, { target });
  assert.ok(!flooded.holds(server(0), { target }), "what was counted is not its own");
  flooded.servers(1, { target });
  assert.ok(flooded.holds(server(0), { target }));
  assert.ok(!flooded.holds(late, { target }), "it leads by 24");
  assert.ok(!flooded.holds(server(0)), "what was counted before is forgotten");
});

Deno.test("Reflections neither counts nor excuses what comes from a client's port", () => {
  const flooded = new Flooded().many(SOURCE, 100).servers(16);
  assert.ok(!flooded.holds(server(0), { sourcePort: 40_000 }));
  const clients = new Flooded().many(SOURCE, 100, { sourcePort: 40_000 })
    .servers(20, { sourcePort: 40_000 });
  assert.ok(!clients.holds(server(0), { sourcePort: 40_000 }));
  // Nor does it take a place.
  const { hash } = flooded.memory;
  const placeOf = (port: number) => hash.pair(flooded.hash(TARGET), port) & (PLACES - 1);
  const ports = Array.from({ length: 20_000 }, (_, i) => 40_000 + i);
  const sourcePort = ports.find((port) => placeOf(port) === placeOf(DNS));
  assert.ok(sourcePort !== undefined);
  flooded.datagram(server(0), { sourcePort });
  assert.ok(flooded.holds(server(0)));
});

Deno.test("Reflections does not excuse what another source sent as well", () => {
  const flooded = new Flooded().many(SOURCE, 100).servers(16);
  assert.ok(flooded.holds(server(0)));
  assert.ok(!flooded.holds(server(0), { marks: Mark.LookAlike }));
});

Deno.test("Reflections counts as far as it can and does not begin anew there", () => {
  const flooded = new Flooded();
  const [one, two] = [flooded.datagram(SOURCE), flooded.datagram(SOURCE)];
  for (let i = 1; i < 0x8000; i++) {
    for (const slot of [one, two]) flooded.reflections.note(slot);
  }
  flooded.servers(40);
  assert.ok(!flooded.holds(SOURCE), "65536 ahead");
  const crowd = new Flooded().many(SOURCE, 2);
  const mine = crowd.datagram(SOURCE), other = crowd.datagram(server(0));
  for (let i = 1; i < 0x10000; i++) {
    for (const slot of [mine, other]) crowd.reflections.note(slot);
  }
  assert.ok(crowd.holds(server(0)), "65536 of others");
});

Deno.test("Reflections counts and excuses TCP segments that look like answers, and no other TCP", () => {
  const { Tcp } = TargetClass, answer = { kind: Tcp, marks: Mark.ReplyLike };
  const crowd = (entry: Entry) =>
    new Flooded().many(SOURCE, 100, entry).servers(CROWD_OF_SERVERS, entry);
  const flooded = crowd(answer);
  assert.ok(flooded.holds(server(0), answer));
  assert.ok(!flooded.holds(server(0), { kind: Tcp }), "a SYN from a service's port");
  assert.ok(!crowd({ kind: Tcp }).holds(server(0), answer), "SYNs of others");
});
