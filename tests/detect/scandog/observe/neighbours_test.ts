// Neighbour discovery, IPv6's ARP: a sweep by it is found, and a router that asks for others is not named.

import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../../src/record.ts";
import { isNeighbourDiscovery } from "../../../../src/detect/scandog/observe/arp.ts";
import { Traffic } from "../traffic.ts";

const HOST = "2001:db8:2::11";
const ROUTER = "fe80::1";
const OUTSIDE = "2001:db8:5::66";

/** The addresses of a link, in no order: most of them nobody's. */
const neighbour = (i: number) => `2001:db8:2::${((i * 37) % 200 + 0x20).toString(16)}`;

Deno.test("a sweep by neighbour solicitations is found with its source and its targets", () => {
  const traffic = new Traffic({}, 2000);
  for (let i = 0; i < 60; i++) traffic.neighbour(HOST, neighbour(i));
  const [scan] = traffic.scans();
  assert.equal(scan.source, HOST);
  assert.equal(scan.shape, "horizontal");
  assert.deepEqual(scan.techniques, ["arp"]);
  assert.equal(scan.ipVersion, 6);
  assert.equal(scan.hosts.count, 60);
  assert.ok(scan.hosts.list.includes("2001:db8:2::20"), "hosts, not groups of solicited nodes");
});

Deno.test("a host that asks for neighbours which answer is no scanner", () => {
  const traffic = new Traffic({}, 2000);
  for (let i = 0; i < 60; i++) {
    traffic.neighbour(HOST, neighbour(i)).neighbour(HOST, neighbour(i), 136);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a router that asks for what a sweep from outside tries is not named", () => {
  for (const isInOrder of [true, false]) {
    const traffic = new Traffic({}, 2000);
    for (let round = 0; round < 3; round++) {
      const startUs = traffic.timeUs;
      for (let i = 0; i < 60; i++) {
        traffic.neighbour(
          ROUTER,
          isInOrder ? `2001:db8:2::${(i + 32).toString(16)}` : neighbour(i),
        );
      }
      traffic.timeUs = startUs + 1_003_000;
    }
    assert.deepEqual(traffic.named(), [], `in order: ${isInOrder}`);
  }
});

Deno.test("a router that shows itself as one is not named, however it asks", () => {
  const traffic = new Traffic({}, 2000);
  traffic.send({ kind: Kind.Icmp6, from: ROUTER, to: "ff02::1", type: 134 });
  for (let i = 0; i < 60; i++) traffic.neighbour(ROUTER, neighbour(i));
  assert.deepEqual(traffic.named(), []);
});

Deno.test("who looks whether its own address is taken, or whether a neighbour is still there, asks for nobody", () => {
  const traffic = new Traffic({}, 2000);
  for (let i = 0; i < 60; i++) {
    traffic.neighbour("::", neighbour(i));
    const still = { from: HOST, to: neighbour(i) };
    traffic.send({ kind: Kind.Icmp6, ...still, type: 135, neighbour: still });
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("who asks for a neighbour by its own address, in frames to all, does not know where it is", () => {
  const traffic = new Traffic({}, 2000);
  for (let i = 0; i < 60; i++) {
    const asked = { from: HOST, to: neighbour(i) };
    traffic.send({
      kind: Kind.Icmp6,
      ...asked,
      type: 135,
      quirks: Quirk.LinkMulticast,
      neighbour: asked,
    });
  }
  assert.deepEqual(traffic.named(), [HOST]);
});

Deno.test("a solicitation that the capture cut off is passed over", () => {
  const traffic = new Traffic({}, 2000);
  for (let i = 0; i < 60; i++) {
    traffic.send({ kind: Kind.Icmp6, from: OUTSIDE, to: `ff02::1:ff00:${i}`, type: 135 });
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a router that was seen to forward for three networks is not named, one that only begins to pose as it is", () => {
  const server = "2001:db8:2::10", mac = [2, 0, 0, 0, 0, 1];
  for (const [networks, named] of [[3, []], [2, [ROUTER]]] as const) {
    const traffic = new Traffic({}, 2000);
    traffic.macs.set(ROUTER, mac).set(server, [2, 0, 0, 0, 0, 2]);
    for (let i = 0; i < networks; i++) {
      traffic.macs.set(`2001:db8:${0x40 + i}::9`, mac);
      traffic.used(`2001:db8:${0x40 + i}::9`, server, 443);
    }
    traffic.wait(5);
    for (let i = 0; i < 60; i++) traffic.neighbour(ROUTER, neighbour(i));
    traffic.wait(5).used("2001:db8:40::9", server, 443, 50_001);
    assert.deepEqual(traffic.named(), named, `${networks} networks`);
  }
});

Deno.test("a sweep by neighbour solicitations of a machine with several addresses is said with its link-layer address", () => {
  const traffic = new Traffic({}, 2000);
  for (const from of [HOST, "fe80::11", "2001:db8:2::abcd"]) {
    traffic.macs.set(from, [2, 0, 0, 0, 0, 17]);
    traffic.neighbour(from, "2001:db8:2::1");
  }
  for (let i = 0; i < 60; i++) traffic.neighbour(HOST, neighbour(i));
  const [scan] = traffic.scans();
  assert.equal(scan.source, HOST);
  assert.equal(scan.sourceMac, "02:00:00:00:00:11");
});

Deno.test("isNeighbourDiscovery() has the five types of RFC 4861, and no other", () => {
  const types = Array.from({ length: 256 }, (_, type) => type).filter(isNeighbourDiscovery);
  assert.deepEqual(types, [133, 134, 135, 136, 137]);
});
