// Where packets are a known tool's beyond chance, that is weight: fewer ports are enough. The same number of
// failures of an ordinary program is none.

import { attack, harmless } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";

attack(
  "wire evidence: eight refused high ports in a moment, as nmap sends them",
  product(FAMILIES, [8, 10, 15], [0.00002, 0.001, 0.05]),
  ([family, count, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const sport = wire.chance.between(33000, 65000), seq = wire.chance.next();
    for (const dport of wire.numbers(count, 1025, 30000)) {
      const ttl = wire.chance.between(37, 58);
      const ends = { from, to, sport, dport, seq, ttl, id: wire.chance.below(65536) };
      new Tcp(wire, { ...ends, look: "nmap", window: 1024 }).refused();
      wire.wait(pace);
    }
    background(wire.wait(10), to);
    return [{
      source: from,
      techniques: "syn",
      shape: "vertical",
      ports: count,
      closed: count,
      open: "",
      tool: "nmap",
    }];
  },
  () => ({ stepUs: 8 }),
);

harmless(
  "wire evidence: as many refused high ports of an ordinary client",
  product(FAMILIES, [8, 10, 15], ["linux", "windows"] as const),
  ([family, count, look], wire) => {
    const { client: from, target: to } = PLACES[family];
    background(wire, to);
    wire.numbers(count, 1025, 30000).forEach((dport, i) => {
      new Tcp(wire, { from, to, sport: 50000 + i, dport, look }).refused();
      wire.wait(0.05);
    });
  },
);

harmless(
  "wire evidence: two ports that look like a tool's are too few",
  product(FAMILIES, [1, 2]),
  ([family, count], wire) => {
    const { client: from, target: to } = PLACES[family];
    background(wire, to);
    for (const dport of wire.numbers(count, 1025, 30000)) {
      const ends = { from, to, sport: 45678, dport, seq: 7, look: "nmap" as const };
      new Tcp(wire, { ...ends, window: 1024 }).refused();
    }
  },
);
