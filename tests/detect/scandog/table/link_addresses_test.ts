// Link-layer addresses: whose they claim to be, and for whom they were proved to send. Plain numbers.

import assert from "node:assert/strict";
import { Clock } from "../../../../src/detect/scandog/clock.ts";
import { Hash } from "../../../../src/keyed_hash.ts";
import { LinkAddresses } from "../../../../src/detect/scandog/table/link_addresses.ts";
import { words } from "../entries.ts";

const A = [2, 0, 0x5e, 0, 0x53, 1], B = [2, 0, 0x5e, 0, 0x53, 2];
const OWN = "10.77.0.2", OTHER = "10.77.0.3", OUTSIDE = "192.0.2.9";

class Link {
  readonly clock = new Clock();
  readonly hash = new Hash(7);
  readonly links = new LinkAddresses(this.hash, this.clock);

  of(mac: number[]): number {
    return this.links.hashOf(Uint8Array.from(mac), 0);
  }

  claim(mac: number[], address: string): this {
    this.links.noteClaim(Uint8Array.from(mac), 0, words(address), 0);
    return this;
  }

  talk(mac: number[], address: string): this {
    this.links.noteConversation(this.of(mac), words(address), 0);
    return this;
  }

  isRouter(mac: number[], own: string): boolean {
    return this.links.isRouter(this.of(mac), words(own), 0);
  }

  isHost(mac: number[], own: string): boolean {
    return this.links.isHost(this.of(mac), words(own), 0);
  }

  isMachine(mac: number[]): boolean {
    return this.links.isMachine(this.of(mac));
  }

  claimant(address: string): number {
    return this.links.claimantOf(this.hash.address(words(address), 0));
  }

  machineOf(mac: number[], address: string): string | undefined {
    return this.links.machineOf(this.of(mac), words(address), 0);
  }
}

Deno.test("LinkAddresses knows no sender of zeroes, and none that is a group", () => {
  const link = new Link();
  assert.equal(link.of([0, 0, 0, 0, 0, 0]), 0);
  assert.equal(link.of([1, 0, 0x5e, 0, 0, 1]), 0);
  assert.equal(link.of([255, 255, 255, 255, 255, 255]), 0);
  assert.notEqual(link.of(A), link.of(B));
  assert.notEqual(link.of([0, 0, 0, 0, 0, 1]), 0);
});

Deno.test("one machine claims one IPv4 address, and IPv6 addresses of one network beside those of the link", () => {
  for (
    const [claims, isMachine] of [
      [[], false],
      [[OWN], true],
      [[OWN, OWN], true],
      [[OWN, OTHER], false],
      [[OWN, "2001:db8:1::2", "2001:db8:1::3", "fe80::2"], true],
      [["2001:db8:1::2", "2001:db8:2::2"], false],
    ] as const
  ) {
    const link = new Link();
    for (const claim of claims) link.claim(A, claim);
    assert.equal(link.isMachine(A), isMachine, claims.join());
  }
});

Deno.test("who was proved to send for an address that it does not claim is not one machine", () => {
  assert.equal(new Link().claim(A, OWN).talk(A, OWN).isMachine(A), true);
  assert.equal(new Link().talk(A, OWN).claim(A, OWN).isMachine(A), true, "claimed later");
  assert.equal(new Link().claim(A, OWN).talk(A, OTHER).isMachine(A), false);
  assert.equal(new Link().claim(A, OWN).talk(A, OUTSIDE).isMachine(A), false);
  const six = new Link().claim(A, "2001:db8:1::2");
  assert.equal(six.talk(A, "2001:db8:1::99").isMachine(A), true, "a temporary address");
});

Deno.test("a router is who sends for another network's address that nobody on the link claims", () => {
  assert.equal(new Link().talk(A, OUTSIDE).isRouter(A, OWN), true);
  assert.equal(new Link().talk(A, OTHER).isRouter(A, OWN), false, "of its own network");
  // A second address of its own on a wide link has to be claimed before anybody answers it.
  assert.equal(new Link().claim(A, "10.77.1.9").talk(A, "10.77.1.9").isRouter(A, OWN), false);
  assert.equal(new Link().claim(A, OUTSIDE).isRouter(A, OWN), false, "claims prove nothing");
});

Deno.test("over IPv6 a router sends for three networks, because hosts have addresses of several", () => {
  const link = new Link();
  for (const [i, isRouter] of [[1, false], [2, false], [3, true]] as const) {
    link.talk(A, `2001:db8:${i}::9`).talk(A, `2001:db8:${i}::8`);
    assert.equal(link.isRouter(A, "fe80::1"), isRouter, `${i}`);
  }
});

Deno.test("a host has conversations of its own, or there is a router and it is none", () => {
  assert.equal(new Link().isHost(A, OWN), false, "nothing is known");
  assert.equal(new Link().claim(A, OWN).talk(A, OWN).isHost(A, OWN), true);
  assert.equal(new Link().talk(A, OWN).claim(A, OWN).talk(A, OWN).isHost(A, OWN), true);
  assert.equal(new Link().claim(A, OWN).isHost(A, OWN), false, "it only asks");
  assert.equal(new Link().claim(A, OWN).talk(B, OUTSIDE).isHost(A, OWN), true);
  assert.equal(new Link().claim(A, OWN).claim(A, OTHER).talk(B, OUTSIDE).isHost(A, OWN), false);
  assert.equal(new Link().talk(B, OUTSIDE).isHost(B, OWN), false);
  assert.equal(new Link().claim(A, OWN).talk(B, OTHER).isHost(A, OWN), false, "of another host");
});

Deno.test("an address that two claim is nobody's", () => {
  const link = new Link().claim(A, OWN);
  assert.equal(link.claimant(OWN), link.of(A));
  link.claim(B, OWN);
  assert.equal(link.claimant(OWN), 0);
  link.claim(A, OWN);
  assert.equal(link.claimant(OWN), 0, "whoever comes last");
  assert.equal(link.claimant(OTHER), 0);
});

Deno.test("a link-layer address is told for sources of the network in which it claims an address", () => {
  const link = new Link().claim(A, OWN);
  assert.equal(link.machineOf(A, OWN), "02:00:5e:00:53:01");
  assert.equal(link.machineOf(A, OTHER), "02:00:5e:00:53:01");
  assert.equal(link.machineOf(A, OUTSIDE), undefined);
  assert.equal(link.machineOf(B, OWN), undefined);
  assert.equal(link.talk(A, OUTSIDE).machineOf(A, OWN), undefined, "a router's");
});

Deno.test("what was not heard of for an hour is forgotten, and begins anew", () => {
  const link = new Link();
  link.clock.advance(1e15);
  link.claim(A, OWN).talk(B, OUTSIDE);
  link.clock.advance(1e15 + 3_600_001_000);
  assert.equal(link.isMachine(A), false);
  assert.equal(link.isRouter(B, OWN), false);
  assert.equal(link.claimant(OWN), 0);
  link.claim(A, OTHER);
  assert.equal(link.isMachine(A), true, "one address, not two");
});

Deno.test("a flood of claims pushes out no router", () => {
  const link = new Link().talk(B, OUTSIDE);
  for (let i = 0; i < 20_000; i++) {
    link.claim(
      [2, 9, i >> 16, i >> 8 & 255, i & 255, 7],
      `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`,
    );
  }
  assert.equal(link.isRouter(B, OWN), true);
});

Deno.test("LinkAddresses tells addresses apart by each of their bits", () => {
  const link = new Link();
  // The lowest bit of the first byte is a group's.
  const changed = Array.from({ length: 48 }, (_, bit) => bit).filter((bit) => bit !== 0)
    .map((bit) => A.map((byte, i) => i === bit >> 3 ? byte ^ 1 << (bit & 7) : byte));
  const hashes = [A, ...changed].map((mac) => link.of(mac));
  assert.equal(new Set(hashes).size, hashes.length);
});
