// Servers, administrators and programs that ask many and are no scanners: pollers with dead targets, ident
// look-ups, knocking, deployments. Nobody may be named.

import { harmless } from "./cases.ts";
import { asked, background, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";

harmless(
  "quiet: a monitor that fetches from two hundred hosts, of which some are down",
  product(FAMILIES, [15, 60], [0.1, 0.3]),
  ([family, period, down], wire) => {
    const { client: from, host } = PLACES[family];
    let sport = 20000;
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 200; i++) {
        const ends = { from, to: host(i), sport: sport++, dport: 9100 };
        const c = new Tcp(wire, { ...ends, look: "linux" });
        if (i * 7 % 10 >= 10 * down) c.used();
        else if (i % 2 === 0) c.refused();
        else c.syn();
        wire.wait(period / 200);
      }
    }
  },
);

harmless(
  "quiet: a server that asks its clients for their names (ident), and is refused",
  product(FAMILIES, ["refused", "silent"] as const, [60, 200]),
  ([family, answer, clients], wire) => {
    const { target: server, host } = PLACES[family];
    for (let i = 0; i < clients; i++) {
      const from = host(20 + i);
      const c = new Tcp(wire, { from, to: server, sport: 33000 + i, dport: 6667, look: "linux" });
      c.syn().accept().ack();
      const ends = { from: server, to: from, sport: 50000 + i, dport: 113 };
      const ident = new Tcp(wire, { ...ends, look: "linux" }).syn();
      if (answer === "refused") ident.refuse();
      c.reply(80).ack().data(60).reply(400).ack();
      wire.wait(3);
    }
  },
);

harmless(
  "quiet: who knocks at a few ports and is then let in",
  product(FAMILIES, [3, 5], ["refused", "silent"] as const),
  ([family, knocks, answer], wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let day = 0; day < 20; day++) {
      for (let k = 0; k < knocks; k++) {
        const dport = [7000, 8000, 9000, 7531, 6543][k];
        const sport = wire.chance.between(33000, 60000);
        const c = new Tcp(wire, { from, to, sport, dport, look: "linux" }).syn();
        if (answer === "refused") c.refuse();
        wire.wait(0.3);
      }
      const sport = wire.chance.between(33000, 60000);
      new Tcp(wire, { from, to, sport, dport: 22, look: "linux" }).used();
      background(wire.wait(86_000), to);
    }
  },
);

harmless(
  "quiet: a deployment that logs in to two hundred hosts, twenty of them away",
  product(FAMILIES, ["silent", "refused"] as const),
  ([family, answer], wire) => {
    const { client: from, host } = PLACES[family];
    for (let i = 0; i < 200; i++) {
      const c = new Tcp(wire, { from, to: host(i), sport: 33000 + i, dport: 22, look: "linux" });
      if (i % 10 !== 9) c.used();
      else if (answer === "refused") c.refused();
      else {
        c.syn();
        wire.wait(1);
        c.synAgain();
      }
      wire.wait(0.5);
    }
  },
);

harmless(
  "quiet: a tunnel's client that tries each of its ways to one host",
  FAMILIES,
  (family, wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let k = 0; k < 30; k++) {
      for (const dport of [500, 4500, 1194, 51820]) {
        asked(wire, { from, to, sport: 40000 + k, dport, payload: 148 }, "silent");
        wire.wait(2);
      }
      new Tcp(wire, { from, to, sport: 33000 + k, dport: 443, look: "linux" }).used();
      wire.wait(60);
    }
  },
);

harmless(
  "quiet: a relay of an anonymity network, whose peers come and go",
  product(FAMILIES, [0.1, 0.3]),
  ([family, gone], wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < 600; i++) {
      const dport = [9001, 443, 9001, 80, 9030][i % 5];
      const c = new Tcp(wire, { from, to: far(i), sport: 20000 + i, dport, look: "linux" });
      if (wire.chance.below(1000) >= 1000 * gone) c.used();
      else if (i % 2 === 0) c.refused();
      else c.syn();
      wire.wait(0.5);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "quiet: passwords guessed on one port, by one and by many",
  product(FAMILIES, [1, 50]),
  ([family, sources], wire) => {
    const { target: to, far } = PLACES[family];
    for (let i = 0; i < 500; i++) {
      const ends = { from: far(i % sources), to, sport: 20000 + i, dport: 22 };
      new Tcp(wire, { ...ends, look: "linux" }).used();
      wire.wait(0.3);
    }
  },
);

harmless(
  "quiet: a web client whose server says that parts of it are elsewhere, and they are not",
  FAMILIES,
  (family, wire) => {
    const { client: from, target, host } = PLACES[family];
    for (let i = 0; i < 200; i++) {
      new Tcp(wire, { from, to: target, sport: 33000 + i, dport: 443, look: "windows" }).used();
      if (i % 10 === 0) {
        const ends = { from, to: host(40 + i % 4), sport: 43000 + i, dport: 8080 };
        new Tcp(wire, { ...ends, look: "windows" }).refused();
      }
      wire.wait(2);
    }
  },
);

harmless(
  "quiet: a database cluster whose members look for each other on a few ports",
  product(FAMILIES, [3, 7]),
  ([family, members], wire) => {
    const { host } = PLACES[family];
    let sport = 30000;
    for (let round = 0; round < 60; round++) {
      for (let a = 0; a < members; a++) {
        for (let b = 0; b < members; b++) {
          if (a === b) continue;
          for (const dport of [5701, 5702, 5703, 9300, 27017]) {
            const ends = { from: host(a), to: host(b), sport: sport++, dport };
            const c = new Tcp(wire, { ...ends, look: "linux" });
            if (dport === 5701 || dport === 9300) c.used();
            else c.refused();
          }
        }
      }
      wire.wait(5);
      if (sport > 60000) sport = 30000;
    }
  },
);
