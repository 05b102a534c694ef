// Link-layer addresses that are forged, shared, or move: nobody innocent is joined by one, and whoever forges them
// gains nothing by it.

import assert from "node:assert/strict";
import { attack, harmless, words } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { product } from "./places.ts";
import { ROUTER_MAC, type Wire } from "./wire.ts";

const TARGET = "10.77.0.1", SCANNER = "10.77.0.2", NEIGHBOUR = "10.77.0.30", ROUTER = "10.77.0.254";
const OWN_MAC = [2, 0, 0x5e, 0, 0x53, 0x23], OTHER_MAC = [2, 0, 0x5e, 0, 0x53, 0x24];

const decoys = (count: number) => Array.from({ length: count }, (_, i) => `10.77.0.${60 + i}`);
const ports = Array.from({ length: 40 }, (_, i) => i + 1);

function speaks(wire: Wire, from: string, mac: readonly number[]): void {
  wire.arp(from, TARGET, { mac: [...mac] }).arp(TARGET, from, { reply: true });
}

/** One refused probe, numbered as given. */
function probe(wire: Wire, from: string, dport: number, mac: readonly number[], seq = 77): void {
  new Tcp(wire, { from, to: TARGET, sport: 51796, dport, seq, mac, look: "nmap" }).refused();
}

/** A used connection whose frames have this link-layer address. */
function uses(wire: Wire, from: string, mac: readonly number[], dport = 443): void {
  const sport = wire.chance.between(33000, 60000);
  new Tcp(wire, { from, to: TARGET, sport, dport, mac, toMac: wire.macOf(TARGET), look: "linux" })
    .used();
}

attack(
  "link: decoys with a link-layer address of their own each are one scan by their numbers",
  [1, 4, 30],
  (count, wire) => {
    background(wire, TARGET, NEIGHBOUR);
    speaks(wire, SCANNER, OWN_MAC);
    const all = [...decoys(count), SCANNER];
    for (const dport of ports) {
      all.forEach((from, i) =>
        probe(wire, from, dport, from === SCANNER ? OWN_MAC : [2, 7, 7, 7, i, dport])
      );
      wire.wait(0.01);
    }
    return {
      expected: [{ source: SCANNER, shape: "decoy", forged: count, ports: 40 }],
      also: ({ events }) => {
        assert.ok(events.every((event) => !("sourceMac" in event)), "it came from many");
      },
    };
  },
);

attack(
  "link: decoys of one machine of which no ARP was seen, but a connection before or while it scans",
  product([1, 6], ["before", "while"] as const, ["equal numbers", "numbers of their own"] as const),
  ([count, when, how], wire) => {
    background(wire, TARGET, NEIGHBOUR);
    if (when === "before") uses(wire, SCANNER, OWN_MAC);
    const all = [...decoys(count), SCANNER];
    for (const dport of ports) {
      for (const [i, from] of all.entries()) {
        probe(wire, from, dport, OWN_MAC, how === "equal numbers" ? 77 : 1000 * i + dport);
      }
      if (when === "while" && dport === 5) uses(wire, SCANNER, OWN_MAC);
      wire.wait(0.01);
    }
    return {
      expected: [{ source: SCANNER, shape: "decoy", forged: count, ports: 40 }],
      also: ({ events }) => {
        const end = events.find(({ action }) => action === "scan-end");
        assert.ok(end !== undefined && "sourceMac" in end);
        assert.equal(end.sourceMac, "02:00:5e:00:53:23");
      },
    };
  },
);

attack(
  "link: a neighbour whose link-layer address is forged is not named, nor one of the sources",
  product([1, 5], ["equal numbers", "numbers of their own"] as const),
  ([count, how], wire) => {
    background(wire, TARGET, NEIGHBOUR);
    speaks(wire, SCANNER, OTHER_MAC);
    // The neighbour has tried something in vain, too.
    for (const dport of [8443, 9443]) {
      new Tcp(wire, { from: NEIGHBOUR, to: TARGET, sport: 40000 + dport, dport }).refused();
    }
    speaks(wire, NEIGHBOUR, wire.macOf(NEIGHBOUR));
    const mac = wire.macOf(NEIGHBOUR);
    for (const dport of ports) {
      for (const [i, from] of decoys(count).entries()) {
        probe(wire, from, dport, mac, how === "equal numbers" ? 77 : 1000 * i + dport);
      }
      wire.wait(0.01);
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.ok(told.length >= 1);
        for (const scan of told) {
          assert.notEqual(scan.source, NEIGHBOUR, words(scan));
          assert.ok(!scan.sources.split(",").includes(NEIGHBOUR), words(scan));
        }
      },
    };
  },
);

attack(
  "link: who claims a second address by ARP, or a neighbour's, hides no sweep by ARP",
  product(["before", "while"] as const, ["10.77.0.9", NEIGHBOUR, "192.0.2.77"]),
  ([when, second], wire) => {
    for (let i = 0; i < 6; i++) background(wire, TARGET, `192.0.2.${10 + i}`);
    background(wire, TARGET, NEIGHBOUR);
    speaks(wire, SCANNER, OWN_MAC);
    if (when === "before") speaks(wire, second, OWN_MAC);
    for (let i = 0; i < 120; i++) {
      wire.arp(SCANNER, `10.77.0.${100 + i}`, { mac: OWN_MAC });
      if (when === "while" && i % 10 === 0) wire.arp(second, TARGET, { reply: true, mac: OWN_MAC });
      wire.wait(0.02);
    }
    background(wire.wait(10), TARGET, NEIGHBOUR);
    // It asked for the target as well.
    return [{ source: SCANNER, techniques: "arp", shape: "horizontal", hosts: 121 }];
  },
);

attack(
  "link: half a conversation under an outside address makes no router",
  ["a SYN", "data", "a whole one of its own making"] as const,
  (what, wire) => {
    background(wire, TARGET, NEIGHBOUR);
    speaks(wire, SCANNER, OWN_MAC);
    for (let i = 0; i < 5; i++) {
      const ends = { from: `192.0.2.${70 + i}`, to: TARGET, sport: 40000 + i, dport: 443 };
      const c = new Tcp(wire, { ...ends, mac: OWN_MAC, look: "linux" }).syn();
      if (what === "data") c.data(50).data(50);
      // The answers carry its own link-layer address, since nobody else makes them.
      if (what === "a whole one of its own making") {
        for (const [flags, change] of [[18, {}], [16, { payload: 400 }]] as const) {
          c.down(flags, { ...change, mac: OWN_MAC });
          c.ack();
        }
      }
    }
    for (let i = 0; i < 120; i++) {
      wire.arp(SCANNER, `10.77.0.${100 + i}`, { mac: OWN_MAC }).wait(0.02);
    }
    background(wire.wait(10), TARGET, NEIGHBOUR);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        const sweep = told.find(({ source }) => source === SCANNER);
        // What is sought from outside explains a part of what it asks for, and no more.
        assert.ok((sweep?.hosts ?? 0) > 60, told.map(words).join("; ") || "says nothing");
      },
    };
  },
);

attack(
  "link: a source whose link-layer address changes while it scans is one source",
  ["once", "with every probe"] as const,
  (how, wire) => {
    background(wire, TARGET, NEIGHBOUR);
    const macOf = (i: number) => (how === "once" ? i >= 20 : i % 2 === 0) ? OTHER_MAC : OWN_MAC;
    ports.forEach((dport, i) => {
      if (i % 20 === 0) speaks(wire, SCANNER, macOf(i));
      probe(wire, SCANNER, dport, macOf(i));
      wire.wait(0.05);
    });
    return {
      expected: [{ source: SCANNER, shape: "vertical", ports: 40, sources: "" }],
      also: ({ events }) => assert.ok(!("sourceMac" in events.at(-1)!), "it came from two"),
    };
  },
);

attack(
  "link: one behind a bridge scans, and only that one is told",
  product(["claimed", "not claimed"] as const, ["used", "not used"] as const),
  ([claims, use], wire) => {
    background(wire, TARGET, NEIGHBOUR);
    const behind = [SCANNER, ...decoys(4)];
    for (const from of behind) if (claims === "claimed") speaks(wire, from, OWN_MAC);
    if (claims === "not claimed") speaks(wire, behind[1], OWN_MAC);
    if (use === "used") { for (const from of behind) uses(wire, from, OWN_MAC); }
    ports.forEach((dport, i) => {
      probe(wire, SCANNER, dport, OWN_MAC, wire.chance.next());
      // The others err now and then.
      if (i % 15 === 0) {
        for (const from of behind.slice(1)) {
          probe(wire, from, 8000 + i, OWN_MAC, wire.chance.next());
        }
      }
      wire.wait(0.2);
    });
    return [{ source: SCANNER, shape: "vertical", ports: 40, sources: "" }];
  },
);

attack(
  "link: a router's own address among the decoys of somebody outside is not the one that is named",
  [1, 3],
  (count, wire) => {
    const from = "198.51.100.7";
    for (let i = 0; i < 6; i++) background(wire, TARGET, `192.0.2.${10 + i}`);
    speaks(wire, ROUTER, ROUTER_MAC);
    const all = [ROUTER, ...Array.from({ length: count }, (_, i) => `100.64.${i}.9`), from];
    for (const dport of ports) {
      for (const source of all) {
        const c = new Tcp(wire, {
          from: source,
          to: TARGET,
          sport: 51796,
          dport,
          seq: 77,
          mac: ROUTER_MAC,
        });
        c.syn();
        if (dport === 22) c.accept();
        else c.refuse();
        if (dport === 22 && source === from) c.reset();
      }
      wire.wait(0.01);
    }
    return [{ source: from, shape: "decoy", forged: count + 1, evidence: "reset" }];
  },
  () => ({ link: ["10.77."] }),
);

harmless(
  "link: an office of two hundred behind one address, some of whose connections fail",
  product(["on the link", "outside"] as const, [1, 5]),
  ([where, every], wire) => {
    const from = where === "outside" ? "198.51.100.200" : "10.77.0.200";
    for (let i = 0; i < 1500; i++) {
      const to = `10.77.0.${10 + i % 40}`, sport = 20000 + i;
      const c = new Tcp(wire, { from, to, sport, dport: [443, 80, 8080][i % 3], look: "windows" });
      if (i % (40 * every) === 7) c.refused();
      else c.used();
      wire.wait(0.3);
    }
  },
  () => ({ link: ["10.77."] }),
);

harmless(
  "link: routers change places, and the new one asks for everybody at once",
  product(["own", "shared"] as const, [0.01, 0.2]),
  ([address, pace], wire) => {
    const macs = [ROUTER_MAC, address === "own" ? [0, 0, 0x5e, 0, 0x53, 2] : ROUTER_MAC];
    macs.forEach((mac, k) => {
      const router = `10.77.0.${252 + k}`;
      for (let i = 0; i < 60; i++) {
        const client = `192.0.2.${1 + (i * 7) % 200}`;
        wire.arp(router, `10.77.0.${100 + (i * 13) % 60}`, { mac: [...mac] });
        wire.wait(pace);
        if (i % 5 === 1) uses(wire, client, mac);
      }
      for (let i = 0; i < 40; i++) uses(wire.wait(2), `192.0.2.${i + 1}`, mac);
    });
  },
  () => ({ link: ["10.77."] }),
);

harmless(
  "link: a router that answers ARP for other networks asks for its neighbours",
  product(["up", "random"] as const, [0.05, 0.4, 1]),
  ([order, pace], wire) => {
    const hosts = Array.from({ length: 80 }, (_, i) => `10.77.0.${100 + i}`);
    speaks(wire, ROUTER, ROUTER_MAC);
    for (const [i, to] of (order === "up" ? hosts : wire.shuffled(hosts)).entries()) {
      const client = `192.0.2.${1 + i}`;
      // A neighbour with a mask too wide asks for it, and the router says that it is there.
      wire.arp(client, TARGET, { reply: true, mac: [...ROUTER_MAC] });
      if (i % 3 === 0) uses(wire, client, ROUTER_MAC);
      wire.arp(ROUTER, to, { mac: [...ROUTER_MAC] });
      wire.wait(pace);
    }
  },
  () => ({ link: ["10.77."] }),
);
