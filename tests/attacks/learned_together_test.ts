// What several addresses of one scanner have learned together: a network that shares the ports of a host, or
// takes a new address for every few of them.

import assert from "node:assert/strict";
import { attack, words } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";

/** Addresses of one network, or of one site's networks. */
const NETWORKS: Record<string, Record<Family, (i: number) => string>> = {
  "one network": {
    v4: (i) => `198.51.100.${64 + i}`,
    v6: (i) => `2001:db8:51::${(0x100 + i).toString(16)}`,
  },
  "a network each, of one site": {
    v4: (i) => `198.51.100.${64 + i}`,
    v6: (i) => `2001:db8:51:${(1 + i).toString(16)}::7`,
  },
};

for (const [name, networks] of Object.entries(NETWORKS)) {
  attack(
    `learned: forty ports of one host, asked by addresses of ${name}`,
    product(FAMILIES, ["reset", "no reset"] as const, [2, 40]),
    ([family, tail, addresses], wire) => {
      const { target: to } = PLACES[family];
      background(wire, to);
      const sources = Array.from({ length: Math.max(addresses, 8) }, (_, i) => networks[family](i));
      const ports = wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 1));
      ports.forEach((dport, i) => {
        const from = sources[i % sources.length];
        const c = new Tcp(wire, { from, to, sport: 50000 + i, dport, look: "nmap" });
        if (dport !== 22 && dport !== 25) c.refused();
        else if (tail === "reset") c.halfOpen();
        else c.syn().accept();
        wire.wait(0.5);
      });
      background(wire.wait(10), to);
      return {
        expected: [],
        anyNumber: true,
        also: ({ told }) => {
          assert.equal(told.length, 1, told.map(words).join("; ") || "says nothing");
          const [scan] = told;
          assert.equal(scan.shape, "distributed", words(scan));
          assert.equal(scan.ports, 40, words(scan));
          assert.equal(scan.open, "22,25", words(scan));
          assert.equal(scan.closed, 38, words(scan));
          assert.equal(scan.silent, 0, words(scan));
          assert.equal(scan.forged, 0, words(scan));
        },
      };
    },
  );
}

attack(
  "learned: an open port asked twice, from two ports, is no contradiction: each connection has its number",
  product(FAMILIES, [1, 8], ["in turn", "mixed"] as const),
  ([family, addresses, how], wire) => {
    const { target: to } = PLACES[family];
    background(wire, to);
    const ports = wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 1));
    ports.forEach((dport, i) => {
      const from = NETWORKS["one network"][family](i % addresses);
      const ends = { from, to, dport, look: "nmap" as const };
      const first = new Tcp(wire, { ...ends, sport: 50000 + 2 * i });
      if (dport !== 22 && dport !== 25) {
        first.refused();
        wire.wait(0.2);
        return;
      }
      // Nobody resets: its firewall drops the SYN-ACK, and the target sends it again.
      const second = new Tcp(wire, { ...ends, sport: 50001 + 2 * i });
      first.syn().accept();
      wire.wait(1);
      second.syn().accept();
      const again = (c: Tcp) => c.down(18, { seq: (c.peer - 1) >>> 0 });
      for (let k = 0; k < 3; k++) {
        again(first);
        if (how === "mixed") again(second);
        wire.wait(1);
      }
    });
    background(wire.wait(60), to);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told.length, 1, told.map(words).join("; ") || "says nothing");
        assert.equal(told[0].ports, 40, words(told[0]));
        assert.equal(told[0].open, "22,25", words(told[0]));
        assert.equal(told[0].closed, 38, words(told[0]));
        assert.equal(told[0].silent, 0, words(told[0]));
      },
    };
  },
);
