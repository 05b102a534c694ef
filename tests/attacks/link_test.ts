// Link-layer addresses: decoys of one machine on the link are one machine; who forwards for many is a router;
// who asks in order and sends for one address alone is a scanner from the first address on.

import assert from "node:assert/strict";
import { attack, harmless, words } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const TARGET = "10.77.0.1", SCANNER = "10.77.0.2", ROUTER = "10.77.0.254";
const OWN_MAC = [2, 0, 0x5e, 0, 0x53, 0x23];
const OWN_MAC_TEXT = "02:00:5e:00:53:23";

function neighbours(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `10.77.0.${first + i}`);
}

/** The scanner's own ARP, as any machine on a link has it. */
function arpOf(wire: Wire, from: string, to: string, mac: number[]): void {
  wire.arp(from, to, { mac });
  wire.arp(to, from, { reply: true });
}

function probe(wire: Wire, from: string, dport: number, sport: number, seq: number): void {
  const ends = { from, to: TARGET, sport, dport, seq, mac: OWN_MAC };
  const c = new Tcp(wire, { ...ends, look: "nmap" });
  if (dport === 22) c.syn().accept();
  else c.refused();
}

attack(
  "link: decoys that one machine on the link sends, as nmap -D does",
  product([1, 3, 10, 60], ["first", "middle", "last"] as const, ["fast", "burst"] as const),
  ([count, place, pace], wire) => {
    background(wire, TARGET, "10.77.0.30");
    arpOf(wire, SCANNER, TARGET, OWN_MAC);
    const decoys = neighbours(60, count);
    const all = [...decoys];
    all.splice(place === "first" ? 0 : place === "last" ? count : count >> 1, 0, SCANNER);
    for (const dport of wire.shuffled(Array.from({ length: 60 }, (_, i) => i + 1))) {
      for (const from of all) probe(wire, from, dport, 51796, 77);
      if (pace === "fast") wire.wait(0.01);
    }
    return {
      expected: [{ source: SCANNER, shape: "decoy", ports: 60, forged: count, hosts: 1 }],
      also: ({ told, events }) => {
        assert.deepEqual(told[0].sources.split(",").sort(), all.sort(), words(told[0]));
        const macs = events.filter((event) => event.action === "scan-end")
          .map((event) => "sourceMac" in event ? event.sourceMac : undefined);
        assert.deepEqual(macs, [OWN_MAC_TEXT]);
      },
    };
  },
);

attack(
  "link: addresses of one machine that look like nothing in common but their link address",
  product([4, 10], ["own order", "share"] as const),
  ([count, how], wire) => {
    background(wire, TARGET, "10.77.0.30");
    arpOf(wire, SCANNER, TARGET, OWN_MAC);
    const all = [SCANNER, ...neighbours(60, count)];
    const ports = Array.from({ length: 60 }, (_, i) => i + 1);
    const plan = all.flatMap((from, n) =>
      ports.filter((port) => how === "own order" || port % all.length === n)
        .map((dport) => ({ from, dport }))
    );
    for (const { from, dport } of wire.shuffled(plan)) {
      const sport = wire.chance.between(1024, 65000);
      const c = new Tcp(wire, { from, to: TARGET, sport, dport, mac: OWN_MAC, look: "linux" });
      c.refused();
      wire.wait(0.01);
    }
    return {
      expected: [{ source: SCANNER, ports: 60 }],
      also: ({ told }) => {
        assert.deepEqual(told[0].sources.split(",").sort(), all.sort(), words(told[0]));
      },
    };
  },
);

attack(
  "link: a scan first, then decoys of the same machine: the story brings its source",
  product([1, 2, 9], [1, 30]),
  ([count, pause], wire) => {
    background(wire, TARGET, "10.77.0.30");
    arpOf(wire, SCANNER, TARGET, OWN_MAC);
    for (let dport = 1; dport <= 40; dport++) probe(wire, SCANNER, dport, 50111, 5);
    wire.wait(pause);
    const decoys = neighbours(60, count);
    for (let dport = 1; dport <= 100; dport++) {
      for (const from of [...decoys, SCANNER]) probe(wire, from, dport, 51796, 77);
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.deepEqual([...new Set(told.map(({ source }) => source))], [SCANNER]);
        const decoy = told.filter(({ forged }) => forged > 0);
        assert.equal(decoy.length, 1, told.map(words).join("; "));
        assert.deepEqual(decoy[0].sources.split(",").sort(), [SCANNER, ...decoys].sort());
      },
    };
  },
);

attack(
  "link: two machines on the link that scan the same target are two",
  [1, 7],
  (seed, wire) => {
    background(wire, TARGET, "10.77.0.30");
    const two = ["10.77.0.2", "10.77.0.3"];
    for (const from of two) {
      wire.arp(from, TARGET).arp(TARGET, from, { reply: true });
    }
    for (const dport of wire.shuffled(Array.from({ length: 60 }, (_, i) => i + seed))) {
      two.forEach((from, i) => {
        const look = i === 0 ? "nmap" : "linux";
        const sport = i === 0 ? 51796 : wire.chance.between(33000, 60000);
        new Tcp(wire, { from, to: TARGET, sport, dport, look }).refused();
        wire.wait(0.01 + 0.02 * i);
      });
    }
    return two.map((source) => ({ source, ports: 60, shape: "vertical", sources: "" }));
  },
);

attack(
  "link: scanners behind one router are not one machine",
  [2, 4],
  (count, wire) => {
    background(wire, TARGET, "10.77.0.30");
    const all = ["198.51.100.7", "192.0.2.9", "203.0.113.200", "100.64.9.1"].slice(0, count);
    const looks = ["nmap", "linux", "windows", "bare"] as const;
    all.forEach((from, n) => {
      // One after the other, each in its own way.
      for (const dport of wire.numbers(40, 1, 900)) {
        const sport = n % 2 === 0 ? 40000 + n : wire.chance.between(33000, 60000);
        const ends = { from, to: TARGET, sport, dport, ttl: 40 + 5 * n };
        new Tcp(wire, { ...ends, look: looks[n] }).refused();
        wire.wait(0.02);
      }
      wire.wait(400);
    });
    return all.map((source) => ({ source, shape: "vertical", ports: 40, sources: "" }));
  },
  () => ({ link: ["10.77."] }),
);

/** Hosts of the link, that are not there, in some order. */
function hostsOf(wire: Wire, order: "up" | "random"): string[] {
  const hosts = neighbours(100, 120);
  return order === "up" ? hosts : wire.shuffled(hosts);
}

attack(
  "link: a sweep from outside, for which the router asks by ARP: the router is none",
  product(["up", "random"] as const, [1, 3], [0.01, 0.5]),
  ([order, asks, pace], wire) => {
    const from = "198.51.100.7";
    // The router forwards for others as well.
    for (let i = 0; i < 6; i++) background(wire, TARGET, `192.0.2.${10 + i}`);
    for (const to of hostsOf(wire, order)) {
      for (let k = 0; k < asks; k++) {
        wire.arp(ROUTER, to, { mac: [0, 0, 0x5e, 0, 0x53, 1] });
        wire.wait(pace);
      }
      // To one host of four its question gets through: an entry was there.
      if (to.endsWith("4") || to.endsWith("8")) {
        new Tcp(wire, { from, to, sport: 50123, dport: 22, look: "nmap" }).refused();
      }
    }
    return [{ source: from, techniques: "syn", shape: "horizontal", hosts: 24 }];
  },
  () => ({ link: ["10.77."] }),
);

attack(
  "link: a machine that asks for one address after the other is a sweep from the first on",
  product(
    ["up", "random"] as const,
    [0.002, 0.1, 1.2],
    ["alone", "with traffic of its own"] as const,
  ),
  ([order, pace, traffic], wire) => {
    const from = "10.77.0.66";
    for (let i = 0; i < 6; i++) background(wire, TARGET, `192.0.2.${10 + i}`);
    if (traffic !== "alone") background(wire, TARGET, from);
    const startUs = wire.timeUs;
    for (const to of hostsOf(wire, order)) {
      wire.arp(from, to);
      wire.wait(pace);
    }
    return [{ source: from, techniques: "arp", shape: "horizontal", hosts: 120, startUs }];
  },
  () => ({ link: ["10.77."] }),
);

attack(
  "link: a sweep by ARP of one who first says, as routers do, that somebody cannot be reached",
  product(["host", "network", "port"] as const, [0.002, 0.1, 0.4], ["up", "random"] as const),
  ([what, pace, order], wire) => {
    background(wire, TARGET, "10.77.0.30");
    const probe = { from: "10.77.0.30", to: "192.0.2.77", sport: 40000, dport: 53, payload: 20 };
    wire.error(SCANNER, wire.udp(probe), 3, { network: 0, host: 1, port: 3 }[what]);
    for (const to of hostsOf(wire, order)) {
      wire.arp(SCANNER, to);
      if (to.endsWith("3")) wire.arp(to, SCANNER, { reply: true });
      wire.wait(pace);
    }
    background(wire.wait(10), TARGET, "10.77.0.30");
    return [{ source: SCANNER, techniques: "arp", shape: "horizontal" }];
  },
  () => ({ link: ["10.77."] }),
);

harmless(
  "link: a router asks for those who are sought from outside, at any pace",
  product(["up", "random"] as const, [0.05, 0.4, 1, 3]),
  ([order, pace], wire) => {
    for (let round = 0; round < 2; round++) {
      for (const to of hostsOf(wire, order)) {
        wire.arp(ROUTER, to, { mac: [0, 0, 0x5e, 0, 0x53, 1] });
        // It forwards for many.
        if (wire.chance.oneIn(4)) {
          background(wire, TARGET, `192.0.2.${wire.chance.between(1, 200)}`);
        }
        wire.wait(pace);
      }
    }
  },
  () => ({ link: ["10.77."] }),
);

harmless(
  "link: a gateway that asks for its leases again and again",
  [20, 120],
  (count, wire) => {
    for (let round = 0; round < 12; round++) {
      for (const to of neighbours(100, count)) {
        wire.arp(ROUTER, to);
        if (to.endsWith("3")) wire.arp(to, ROUTER, { reply: true });
        wire.wait(0.02);
      }
      for (let i = 0; i < 3; i++) background(wire.wait(100), TARGET, `192.0.2.${10 + i}`);
    }
  },
  // The gateway itself is the router of the captured link.
  () => ({ link: ["10.77.0.1"] }),
);

harmless(
  "link: a server with several addresses, clients of which some fail now and then",
  [2, 8],
  (addresses, wire) => {
    for (let i = 0; i < 400; i++) {
      const from = `10.77.0.${40 + i % addresses}`, sport = 33000 + i;
      const ends = { from, to: `10.77.0.${100 + i % 9}`, sport, dport: 5432, mac: OWN_MAC };
      const c = new Tcp(wire, { ...ends, look: "linux" });
      if (i % 25 === 0) c.refused();
      else c.used();
      wire.wait(1);
    }
  },
);

harmless(
  "link: a monitor that asks by ARP for its few hosts every minute",
  [5, 12],
  (count, wire) => {
    for (let round = 0; round < 60; round++) {
      for (const to of neighbours(100, count)) {
        wire.arp("10.77.0.9", to);
        if (!to.endsWith("3")) wire.arp(to, "10.77.0.9", { reply: true });
      }
      wire.wait(60);
    }
  },
);

attack(
  "link: a host of which the capture has a conversation asks for its neighbours, and again after a second as kernels do",
  product(["in order", "at random"] as const, [1.02, 1.05]),
  ([order, after], wire) => {
    const { host, target } = PLACES.v4, from = host(98);
    background(wire, target, from);
    const targets = Array.from({ length: 120 }, (_, i) => host(100 + i));
    const asked = order === "in order" ? targets : wire.shuffled(targets);
    for (const to of asked) wire.arp(from, to);
    wire.wait(after);
    for (const to of asked) wire.arp(from, to);
    background(wire.wait(5), target);
    return [{ source: from, techniques: "arp", hosts: 120 }];
  },
);
