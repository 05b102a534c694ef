// What passes for parts of a traceroute, on both sides of each bound, asked of attempts that were written by hand.

import assert from "node:assert/strict";
import { expired, traceroute } from "../../../../src/detect/scandog/excuse/helpers.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Entries, type Entry } from "../entries.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const EXPIRED_PORTS = 6;
const EXPIRED_PORT_MS = 60_000;
const TRACED_HOST_MS = 10_000;
const TRACED_HOSTS = 48;
const TRACED_PORT_MS = 1_000;
const TRACED_PORTS = 96;

class Traced extends Entries {
  private readonly excuse;

  constructor(rule = traceroute) {
    super();
    this.excuse = rule(this.memory);
  }

  /** True where a probe passes for a traceroute's, which is spent then. */
  passes(entry: Entry): boolean {
    const slot = this.add({ kind: TargetClass.Udp, port: 33434, ttl: 3, ...entry });
    const holds = this.excuse.holds(slot);
    if (holds) this.excuse.spend?.(slot);
    return holds;
  }

  /** How many of so many do. */
  count(many: number, of: (i: number) => Entry): number {
    return Array.from({ length: many }, (_, i) => this.passes(of(i))).filter(Boolean).length;
  }
}

Deno.test("traceroute holds for so many ports of one host, and one more a second", () => {
  const traced = new Traced();
  const ports = (first: number) => (i: number) => ({ port: first + i });
  assert.equal(traced.count(200, ports(33434)), TRACED_PORTS);
  assert.equal(traced.wait(TRACED_PORT_MS - 1).count(5, ports(40000)), 0);
  assert.equal(traced.wait(1).count(5, ports(41000)), 1);
  assert.equal(traced.wait(7 * TRACED_PORT_MS).count(20, ports(42000)), 7);
  assert.equal(traced.count(20, (i) => ({ port: 43000 + i, target: "203.0.113.99" })), 20);
  assert.equal(traced.count(20, (i) => ({ port: 44000 + i, source: "198.51.100.99" })), 20);
});

Deno.test("traceroute holds for so many hosts at one port, and one more every ten seconds", () => {
  const traced = new Traced();
  const hosts = (net: string) => (i: number) => ({ target: `${net}.${1 + i}` });
  assert.equal(traced.count(200, hosts("203.0.113")), TRACED_HOSTS);
  assert.equal(traced.wait(TRACED_HOST_MS - 1).count(5, hosts("203.0.114")), 0);
  assert.equal(traced.wait(1).count(5, hosts("203.0.115")), 1);
  assert.equal(traced.wait(100 * TRACED_HOST_MS).count(200, hosts("203.0.116")), TRACED_HOSTS);
});

Deno.test("expired holds for a few ports of one host, for more by UDP, and for each target again", () => {
  const { Tcp, Udp, IcmpEcho } = TargetClass;
  const low = new Traced(expired);
  const ports = (kind: number, first: number) => (i: number) => ({ kind, port: first + i });
  assert.equal(low.count(100, ports(Tcp, 1)), EXPIRED_PORTS);
  assert.equal(low.count(100, () => ({ kind: Tcp, port: 1 })), 100);
  assert.equal(low.count(100, ports(Udp, 32_768)), TRACED_PORTS);
  assert.equal(low.wait(EXPIRED_PORT_MS - 1).count(5, ports(Udp, 100)), 0);
  assert.equal(low.wait(1).count(5, ports(Udp, 200)), 1);
  assert.equal(low.count(100, (i) => ({ kind: IcmpEcho, port: 0, target: `10.0.0.${i}` })), 100);
});

Deno.test("expired holds for so many hosts of one network at one port", () => {
  const traced = new Traced(expired);
  const hosts = (net: string, first = 0) => (i: number) => ({
    kind: TargetClass.Tcp,
    port: 22,
    target: `${net}.${first + i}`,
  });
  assert.equal(traced.count(200, hosts("203.0.113")), TRACED_HOSTS);
  assert.equal(traced.count(200, hosts("203.0.114")), TRACED_HOSTS);
  assert.equal(traced.wait(TRACED_HOST_MS).count(5, hosts("203.0.113", 240)), 1);
});
