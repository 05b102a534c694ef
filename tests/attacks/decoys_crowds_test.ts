// Decoys and crowds of look-alikes: being one of many dismisses nobody who does more than they do, a group has
// no free minutes, a group of two hundred is one scan, and a forged reset frames nobody.

import assert from "node:assert/strict";
import { TcpFlag } from "../../src/record.ts";
import { attack, harmless, words } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const { Rst } = TcpFlag;

/** Addresses of nobody, of no one network. */
function forgedOnes(family: Family, count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) =>
      family === "v4"
        ? `${100 + i % 100}.${i >> 4}.7.${9 + i % 200}`
        : `2001:db8:${(0x8000 + i).toString(16)}::9`,
  );
}

/** One port, asked by all in turn with the same packet but for its TTL, as nmap does it. */
function round(
  wire: Wire,
  all: readonly string[],
  to: string,
  dport: number,
  open: number,
  id = wire.chance.below(65536),
): Tcp[] {
  return all.map((from) => {
    const ends = { from, to, sport: 33333, dport, seq: 0x1234567, id };
    const ttl = wire.chance.between(37, 58);
    const c = new Tcp(wire, { ...ends, ttl, look: "nmap" });
    c.syn();
    if (dport === open) c.accept();
    else c.refuse();
    return c;
  });
}

attack(
  "decoys: a crowd asks once, and one of it goes on alone",
  product(FAMILIES, [5, 40, 130, 400], [40, 300]),
  ([family, count, ports], wire) => {
    const { scanner, target } = PLACES[family];
    background(wire, target);
    round(wire, [scanner, ...forgedOnes(family, count)], target, 440, 0);
    for (const dport of wire.numbers(ports, 1, 439)) round(wire, [scanner], target, dport, 0);
    // The crowd may be said to be its decoys, which it is.
    return [{ source: scanner, ports: ports + 1, closed: ports + 1, techniques: "syn" }];
  },
);

attack(
  "decoys: a crowd that asks for all ports is one scan, whatever its number",
  product(FAMILIES, [1, 5, 30, 200], [0, 1] as const),
  ([family, count, proof], wire) => {
    const { scanner, target } = PLACES[family];
    background(wire, target);
    const all = [...forgedOnes(family, count)];
    all.splice(count >> 1, 0, scanner);
    const ports = wire.numbers(45, 1, 900), open = ports[12];
    for (const dport of ports) {
      const tries = round(wire, all, target, dport, open);
      // Its kernel resets what it never opened; the others are not there to do so.
      if (proof > 0 && dport === open) tries[count >> 1].reset();
      wire.wait(0.02);
    }
    background(wire.wait(10), target);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told.length, 1, `${told.length} told: ${told.slice(0, 3).map(words)}`);
        const [scan] = told;
        assert.equal(scan.shape, "decoy", words(scan));
        assert.equal(scan.forged, count, words(scan));
        assert.equal(scan.ports, 45, words(scan));
        if (proof > 0) assert.equal(scan.source, scanner, words(scan));
        assert.equal(scan.evidence, proof > 0 ? "reset" : "none", words(scan));
      },
    };
  },
);

attack(
  "decoys: one of a crowd does much more than the others",
  product(FAMILIES, [5, 60], ["before", "after", "between"] as const),
  ([family, count, when], wire) => {
    const { scanner, target } = PLACES[family];
    background(wire, target);
    const all = [...forgedOnes(family, count), scanner];
    const [shared, own] = [wire.numbers(6, 1, 99), wire.numbers(120, 100, 900)];
    const alone = (some: number[]) =>
      some.forEach((port) => round(wire, [scanner], target, port, 0));
    if (when === "before") alone(own);
    shared.forEach((port, i) => {
      round(wire, all, target, port, 0);
      if (when === "between") alone(own.slice(20 * i, 20 * i + 20));
      wire.wait(0.3);
    });
    if (when === "after") alone(own);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told[0]?.source, scanner, told.map(words).join("; ") || "says nothing");
        assert.equal(told.length, 1, told.map(words).join("; "));
        assert.ok(told[0].ports >= 120, words(told[0]));
      },
    };
  },
);

attack(
  "decoys: a crowd comes back every ten minutes, and is told",
  product(FAMILIES, [3, 20]),
  ([family, count], wire) => {
    const { scanner, target } = PLACES[family];
    const all = [...forgedOnes(family, count), scanner];
    for (let k = 0; k < 3; k++) {
      background(wire, target);
      for (const dport of wire.numbers(30, 1, 900)) round(wire, all, target, dport, 0);
      wire.wait(600);
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told.length, 3, told.map(words).join("; ") || "says nothing");
        for (const scan of told) assert.equal(scan.forged, count, words(scan));
      },
    };
  },
);

attack(
  "decoys: who was told before is who the group's scan is laid to",
  product(FAMILIES, [1, 3, 30], [1, 60]),
  ([family, count, pause], wire) => {
    const { scanner, target } = PLACES[family];
    background(wire, target);
    for (let dport = 1; dport <= 60; dport++) round(wire, [scanner], target, dport, 0);
    wire.wait(pause);
    const all = [...forgedOnes(family, count), scanner];
    for (let dport = 101; dport <= 200; dport++) round(wire, all, target, dport, 0);
    background(wire.wait(10), target);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        const names = [...new Set(told.map(({ source }) => source))];
        assert.deepEqual(names, [scanner], told.map(words).join("; "));
        assert.ok(told.length <= 2, told.map(words).join("; "));
      },
    };
  },
);

attack(
  "decoys: equal numbers and ports are one scan's, though the IP identifications differ",
  [2, 9, 40],
  (count, wire) => {
    const { scanner, target } = PLACES.v4;
    background(wire, target);
    const all = [...forgedOnes("v4", count), scanner];
    for (const dport of wire.numbers(45, 1, 900)) {
      for (const from of all) round(wire, [from], target, dport, 0);
      wire.wait(0.02);
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told.length, 1, `${told.length} told: ${told.slice(0, 3).map(words)}`);
        assert.equal(told[0].forged, count, words(told[0]));
      },
    };
  },
);

/** Resets of a decoy's name that are not its kernel's: anybody can send them. */
const RESETS: Record<string, (c: Tcp) => void> = {
  "with a window": (c) => c.up(Rst, { ack: 0, window: 502, look: "bare" }),
  "of another number": (c) =>
    c.up(Rst, { ack: 0, window: 0, seq: (c.seq + 5) >>> 0, look: "bare" }),
  "that acknowledges": (c) => c.up(Rst | 16, { window: 0, look: "bare" }),
};
for (const [name, reset] of Object.entries(RESETS)) {
  attack(
    `decoys: a reset ${name} under a decoy's name proves nothing of it`,
    product(FAMILIES, [3, 8], [1, 5]),
    ([family, count, open], wire) => {
      const { scanner, target } = PLACES[family];
      background(wire, target);
      const all = [...forgedOnes(family, count), scanner];
      const ports = wire.numbers(45, 1, 900);
      ports.forEach((dport, i) => {
        const tries = round(wire, all, target, dport, i < open ? dport : 0);
        if (i < open) reset(tries[1]);
        wire.wait(0.001);
      });
      background(wire.wait(10), target);
      return {
        expected: [],
        anyNumber: true,
        also: ({ told }) => {
          assert.equal(told.length, 1, told.map(words).join("; "));
          assert.equal(told[0].shape, "decoy", words(told[0]));
          assert.equal(told[0].evidence, "none", words(told[0]));
        },
      };
    },
  );
}

attack(
  "decoys: resets for every one of them, some forged, prove nobody",
  FAMILIES,
  (family, wire) => {
    const { scanner, target } = PLACES[family];
    background(wire, target);
    const all = [...forgedOnes(family, 4), scanner];
    const ports = wire.numbers(45, 1, 900);
    ports.forEach((dport, i) => {
      const tries = round(wire, all, target, dport, i % 9 === 0 ? dport : 0);
      if (i % 9 === 0) tries.forEach((c) => c.reset());
    });
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        // Were all of them there, each would be real: nothing says which are, but none is said to be forged
        // on the strength of another's reset.
        assert.ok(told.length >= 1);
        for (const scan of told) {
          assert.ok(scan.evidence !== "handshake", words(scan));
        }
      },
    };
  },
);

// A client of the target is not the scanner because its own connections prove that it is there.
attack(
  "decoys: a client of the target is taken for one of them, and is not said to be who scans",
  product(FAMILIES, ["scanner's kernel", "both kernels", "nobody"] as const, [0, 3]),
  ([family, resets, count], wire) => {
    const { scanner, target, client } = PLACES[family];
    const all = [...forgedOnes(family, count), client, scanner];
    const visit = (i: number) => {
      const ends = { from: client, to: target, sport: 40000 + i, dport: 443 };
      new Tcp(wire, { ...ends, look: "linux" }).used();
    };
    for (let i = 0; i < 10; i++) visit(i);
    wire.numbers(45, 1, 440).forEach((dport, i) => {
      const open = resets !== "nobody" && i % 15 === 0 ? dport : 0;
      const tries = round(wire, all, target, dport, open);
      if (open !== 0) {
        tries[count + 1].reset();
        if (resets === "both kernels") tries[count].reset();
      }
      if (i % 3 === 0) visit(100 + i);
      wire.wait(0.05);
    });
    return {
      expected: [],
      anyNumber: true,
      also: ({ told, events }) => {
        assert.equal(told.length, 1, told.map(words).join("; ") || "says nothing");
        const said = events.flatMap((event) => "scan" in event ? [event.sources?.guess] : []);
        const isKnown = resets === "scanner's kernel";
        if (isKnown) assert.equal(told[0].source, scanner, words(told[0]));
        assert.deepEqual([...new Set(said)], [isKnown ? undefined : true]);
        assert.equal(told[0].evidence === "none", !isKnown, words(told[0]));
      },
    };
  },
);

harmless(
  "crowds: thirty equal clients of one server, some of whose connections fail",
  product(FAMILIES, [30, 120], ["refused", "silent"] as const),
  ([family, count, failure], wire) => {
    const { target, far } = PLACES[family];
    for (let i = 0; i < 900; i++) {
      const ends = { from: far(i % count), to: target, sport: 33000 + i, dport: 443 };
      const c = new Tcp(wire, { ...ends, look: "windows", ttl: 118 });
      if (i % 7 !== 0) c.used();
      else if (failure === "refused") new Tcp(wire, { ...c.ends, dport: 8443 }).refused();
      else new Tcp(wire, { ...c.ends, dport: 8443 }).syn();
      wire.wait(0.2);
    }
  },
);

harmless(
  "crowds: a server is gone, and all of its clients ask for it again and again",
  product(FAMILIES, [40, 300]),
  ([family, count], wire) => {
    const { target, other, far } = PLACES[family];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < count; i++) {
        const ends = { from: far(i), to: target, sport: 40000 + i, dport: 5223 };
        const c = new Tcp(wire, { ...ends, look: "linux" }).syn();
        wire.wait(0.05);
        c.synAgain();
      }
      background(wire, other);
      wire.wait(60);
    }
  },
);

attack(
  "crowds: one of thirty equal clients scans, and only that one is told",
  product(FAMILIES, ["refused", "silent"] as const),
  ([family, answer], wire) => {
    const { target, far, scanner } = PLACES[family];
    const ports = wire.numbers(40, 1, 440);
    for (let i = 0; i < 600; i++) {
      const ends = { from: far(i % 30), to: target, sport: 33000 + i, dport: 443 };
      new Tcp(wire, { ...ends, look: "windows" }).used();
      if (i % 15 === 0) {
        const sport = wire.chance.between(33000, 60000), dport = ports[i / 15];
        const c = new Tcp(wire, { from: scanner, to: target, sport, dport, look: "windows" }).syn();
        if (answer === "refused") c.refuse();
      }
      wire.wait(0.1);
    }
    background(wire.wait(10), target);
    return [{ source: scanner, ports: 40, shape: "vertical", open: "" }];
  },
);

// Each make of kernel has one look, and a network many people: what is alike is not the same for that.
attack(
  "crowds: clients that look like those who scan, or live beside them, are not said to take part",
  product(FAMILIES, ["a botnet", "a network"] as const, [0, 3]),
  ([family, who, visits], wire) => {
    const { target, far } = PLACES[family];
    const near = (i: number) =>
      family === "v4" ? `198.51.100.${i}` : `2001:db8:51::${i.toString(16)}`;
    const isNetwork = who === "a network";
    const clients = Array.from(
      { length: 20 },
      (_, i) => isNetwork ? near(200 + i) : far(500 + 3 * i),
    );
    const ports = wire.numbers(48, 1, 440);
    ports.forEach((dport, k) => {
      // Of a network each address asks once, of a botnet each machine six times.
      const from = isNetwork ? near(1 + k) : far(k % 8), to = target;
      const sport = wire.chance.between(32768, 60999);
      new Tcp(wire, { from, to, sport, dport, look: "linux" }).refused();
      const client = { from: clients[k % 20], to, look: "linux" as const };
      for (let i = 0; i < visits; i++) {
        new Tcp(wire, { ...client, sport: 33000 + 4 * k + i, dport: 443 }).used();
      }
      // Their service has moved.
      if (!isNetwork || k < 20) {
        new Tcp(wire, { ...client, sport: 31000 + k, dport: k % 40 < 20 ? 8443 : 8444 }).refused();
      }
      wire.wait(0.3);
    });
    background(wire.wait(10), target);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told.length, 1, told.map(words).join("; ") || "says nothing");
        const named = told[0].sources.split(",");
        const scanners = isNetwork ? 40 : 8;
        assert.ok(named.length >= scanners, words(told[0]));
        // Who is the first to ask for a port that nobody scanned cannot be told apart.
        const wrong = clients.filter((client) => named.includes(client));
        assert.ok(wrong.length <= 2, `${wrong.length} clients: ${words(told[0])}`);
        assert.ok(!clients.includes(told[0].source), words(told[0]));
      },
    };
  },
);
