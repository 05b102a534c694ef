// Clients whose servers are gone: what can be told from a scan, and the scan that looks the same but for that.

import { TcpFlag } from "../../src/record.ts";
import { attack, harmless } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const { Rst } = TcpFlag;
const PEERS = 120;

/** A swarm without a living peer: every one at a port of its own, three times over. */
function swarm(wire: Wire, family: Family, peer: (i: number) => string): void {
  const { client: from, host } = PLACES[family];
  background(wire, host(240));
  for (let i = 0; i < 3 * PEERS; i++) {
    const to = peer(i % PEERS), dport = 6881 + (i % PEERS) * 397;
    new Tcp(wire, { from, to, sport: 20000 + i, dport, look: "linux" }).syn();
    wire.wait(0.2);
  }
  background(wire.wait(30), host(240));
}

harmless(
  "gone: a swarm without a living peer, each in a network of its own",
  FAMILIES,
  (family, wire) => swarm(wire, family, PLACES[family].far),
);

attack("gone: as many ports of as many hosts of one network", FAMILIES, (family, wire) => {
  const { client, host } = PLACES[family];
  swarm(wire, family, host);
  return [{ source: client, shape: "block" }];
});

/** Sixty connections of one client; after `idle` seconds it goes on with all, and nobody knows of them. */
function refusedAtOnce(wire: Wire, family: Family, idle: number, isSeen: boolean): void {
  const { client: from, host } = PLACES[family];
  background(wire, host(240));
  const open = Array.from({ length: 60 }, (_, i) => {
    const c = new Tcp(wire, { from, to: host(i), sport: 33000 + i, dport: 5432, look: "linux" });
    return isSeen ? c.syn().accept().ack().data(100).reply(100).ack() : c;
  });
  wire.wait(idle);
  for (const c of open) {
    c.data(60).down(Rst, { seq: c.peer >>> 0, window: 0, look: "bare", timestamp: undefined });
  }
  background(wire.wait(30), host(240));
}

harmless(
  "gone: sixty connections, seen from their beginning, are refused at once",
  product(FAMILIES, [10, 700, 20_000]),
  ([family, idle], wire) => refusedAtOnce(wire, family, idle, true),
);

attack(
  "gone: data to sixty hosts that know of no connection, whose beginning nobody saw",
  product(FAMILIES, [10, 700]),
  ([family, idle], wire) => {
    refusedAtOnce(wire, family, idle, false);
    return [{ source: PLACES[family].client, shape: "horizontal", techniques: "ack", hosts: 60 }];
  },
);

harmless(
  "gone: thirty clients that try again and again while their two services start",
  product(FAMILIES, ["refused", "silent"] as const),
  ([family, fate], wire) => {
    const { target: to, host } = PLACES[family];
    background(wire, to);
    for (let i = 0; i < 360; i++) {
      for (const dport of [80, 8080]) {
        const ends = { from: host(100 + i % 30), to, sport: 20000 + i, dport };
        const c = new Tcp(wire, { ...ends, look: "linux" });
        if (i >= 270) c.used();
        else if (fate === "refused") c.refused();
        else c.syn();
      }
      wire.wait(0.02);
    }
  },
);

/** Hosts that do not answer at one high port, and how many of them are told: as `detection.md` has it. */
const DEAD = {
  "one network": { hosts: 13, of: (family: Family) => PLACES[family].host },
  "anywhere": { hosts: 76, of: (family: Family) => PLACES[family].far },
};
const WHERE = Object.keys(DEAD) as (keyof typeof DEAD)[];

function deadPeers(wire: Wire, family: Family, count: number, to: (i: number) => string): void {
  const { client: from, other } = PLACES[family];
  background(wire, other);
  for (let i = 0; i < count; i++) {
    new Tcp(wire, { from, to: to(i), sport: 33000 + i, dport: 30303, look: "linux" }).syn();
    wire.wait(1);
  }
  background(wire.wait(30), other);
}

harmless("gone: dead peers of one port, one fewer than are told", product(FAMILIES, WHERE), (
  [family, where],
  wire,
) => deadPeers(wire, family, DEAD[where].hosts - 1, DEAD[where].of(family)));

attack(
  "gone: dead hosts at one high port, as many as are told",
  product(FAMILIES, WHERE),
  ([family, where], wire) => {
    const { hosts, of } = DEAD[where];
    deadPeers(wire, family, hosts, of(family));
    return [{ source: PLACES[family].client, shape: "horizontal", hosts }];
  },
);
