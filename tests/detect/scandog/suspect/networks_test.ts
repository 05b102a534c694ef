// Sources that change within one network: found as one scan, told once, and nobody else's.

import assert from "node:assert/strict";
import { Traffic } from "../traffic.ts";

const TARGET = "2001:db8:2::10";
/** Port by port, each from another address; prime steps, so that no two are the same. */
function hop(traffic: Traffic, ports: number, source: (i: number) => string, gap = 0): void {
  for (let i = 0; i < ports; i++) {
    traffic.refused(source(i), TARGET, 5000 + i, 33000 + i * 7).wait(gap);
  }
}
const inSite = (i: number) => `2001:db8:77:${(i * 7919 & 0xffff).toString(16)}::${i + 1}`;
const inLink = (i: number) => `2001:db8:77:1::${(i * 7919 & 0xffff).toString(16)}`;

Deno.test("a scan that hops over an IPv6 /48 is found, though each /64 is used once", () => {
  const traffic = new Traffic();
  hop(traffic, 100, inSite);
  const scans = traffic.scans();
  assert.equal(scans.length, 1, "one story");
  assert.equal(scans[0].shape, "distributed");
  assert.equal(scans[0].ports.count, 100);
  assert.equal(scans[0].sources?.count, 100);
  assert.ok(scans[0].source.startsWith("2001:db8:77:"));
});

Deno.test("a site needs more failures than a link, and a link more than one source", () => {
  const scans = (ports: number, source: (i: number) => string) => {
    const traffic = new Traffic();
    hop(traffic, ports, source);
    return traffic.scans().length;
  };
  assert.equal(scans(41, inLink), 0);
  assert.equal(scans(42, inLink), 1);
  assert.equal(scans(62, inSite), 0);
  assert.equal(scans(63, inSite), 1);
});

Deno.test("an IPv4 network needs as many failures as an IPv6 link", () => {
  const scans = (ports: number) => {
    const traffic = new Traffic();
    for (let i = 0; i < ports; i++) {
      traffic.refused(`198.51.100.${1 + i}`, "203.0.113.10", 5000 + i, 33000 + i * 7);
    }
    return traffic.scans().length;
  };
  assert.equal(scans(41), 0);
  assert.equal(scans(42), 1);
});

Deno.test("a link that asks one port of many hosts, each from another source, needs its number of hosts", () => {
  const scans = (hosts: number) => {
    const traffic = new Traffic();
    for (let i = 0; i < hosts; i++) {
      traffic.refused(inLink(i), `2001:db8:2::${(1 + i).toString(16)}`, 22, 33000 + i * 7);
    }
    return traffic.scans().map(({ shape, hosts }) => `${shape} ${hosts.count}`);
  };
  assert.deepEqual(scans(15), []);
  assert.deepEqual(scans(16), ["distributed 16"]);
});

Deno.test("a network's scan is one story, with every source counted", () => {
  const traffic = new Traffic();
  hop(traffic, 300, inLink, 0.1);
  const scans = traffic.scans();
  assert.equal(scans.length, 1);
  assert.equal(scans[0].ports.count, 300);
  assert.equal(scans[0].sources?.count, 300, "those beyond the list count as well");
});

Deno.test("what a neighbour fails at elsewhere is not part of its network's scan", () => {
  const traffic = new Traffic();
  hop(traffic, 60, inLink);
  const neighbour = "2001:db8:77:1::ffff";
  traffic.refused(neighbour, "2001:db8:9::1", 443);
  hop(traffic, 70, inLink);
  const [scan] = traffic.scans();
  assert.ok(!scan.sources!.list.split(",").includes(neighbour));
  assert.equal(scan.hosts.count, 1);
});

Deno.test("another link of the same site is not part of a link's scan", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 5; i++) {
    traffic.refused(`2001:db8:77:2::${1 + i}`, TARGET, 4000 + i, 33000 + i * 7);
  }
  hop(traffic, 60, inLink);
  const [scan] = traffic.scans();
  assert.equal(scan.sources?.count, 60);
  assert.equal(scan.ports.count, 60);
  assert.ok(!scan.sources.list.includes("2001:db8:77:2:"), scan.sources.list);
});
