// Sweeps that are answered everywhere: one question each to many hosts, in order, from one socket, that is
// never used again. Pollers come back, resolvers and players ask here and there.

import { attack, harmless } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

/** The tools that ask so: the port they ask, and the one they ask from. */
const SWEEPS: Record<string, { dport: number; sport?: number; payload: number }> = {
  "ike-scan": { dport: 500, sport: 500, payload: 336 },
  "onesixtyone (SNMP)": { dport: 161, payload: 40 },
  "svmap (SIP)": { dport: 5060, sport: 5060, payload: 420 },
  "nbtscan": { dport: 137, sport: 137, payload: 50 },
  "open resolvers": { dport: 53, payload: 33 },
  "NTP monlist": { dport: 123, payload: 48 },
  "memcached": { dport: 11211, payload: 15 },
  "SSDP, one by one": { dport: 1900, payload: 94 },
  "IPMI": { dport: 623, payload: 23 },
  "CLDAP": { dport: 389, payload: 52 },
};
const RATES = { "2 a second": 0.5, "100 a second": 0.01, "1,000 a second": 0.001 };

/** A server's visitors go on for so many minutes afterwards. */
function later(wire: Wire, server: string, minutes: number): void {
  for (let i = 0; i < 4 * minutes; i++) background(wire.wait(15), server);
}

for (const [name, { dport, sport, payload }] of Object.entries(SWEEPS)) {
  attack(
    `answered sweeps: ${name}`,
    product(FAMILIES, [64, 200], Object.keys(RATES) as (keyof typeof RATES)[]),
    ([family, count, rate], wire) => {
      const { scanner: from, host } = PLACES[family];
      const own = sport ?? wire.chance.between(33000, 60000);
      background(wire, host(240));
      for (let i = 0; i < count; i++) {
        asked(wire, { from, to: host(i), sport: own, dport, payload }, "answered");
        wire.wait(RATES[rate]);
      }
      later(wire, host(240), 15);
      return [{
        source: from,
        techniques: "udp",
        shape: "horizontal",
        hosts: count,
        ports: 1,
        open: `${dport}`,
        closed: 0,
        silent: 0,
      }];
    },
  );
}

attack(
  "answered sweeps: in random order through one network, and in order through three networks",
  product(FAMILIES, ["random", "three networks"] as const, [161, 500, 5060]),
  ([family, order, dport], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    const near = Array.from({ length: 120 }, (_, i) => host(i));
    const far = Array.from(
      { length: 120 },
      (_, i) =>
        family === "v4"
          ? `10.${Math.floor(i / 40)}.7.${1 + i % 40}`
          : `2001:db8:7:${Math.floor(i / 40)}::${(1 + i % 40).toString(16)}`,
    );
    for (const to of order === "random" ? wire.shuffled(near) : far) {
      asked(wire, { from, to, sport: 50123, dport, payload: 40 }, "answered");
      wire.wait(0.02);
    }
    later(wire, host(240), 15);
    return [{ source: from, shape: "horizontal", hosts: 120, open: `${dport}` }];
  },
);

attack(
  "answered sweeps: pings that are all answered, once each",
  product(FAMILIES, [64, 250], [0.01, 0.5]),
  ([family, count, pace], wire) => {
    const { scanner: from, host } = PLACES[family];
    for (let i = 0; i < count; i++) {
      ping(wire, { from, to: host(i) }, { isAnswered: true, sequence: 1 });
      wire.wait(pace);
    }
    later(wire, host(0), 15);
    return [{ source: from, techniques: "icmp-echo", shape: "horizontal", hosts: count }];
  },
);

attack(
  "answered sweeps: connects that are all accepted and closed without a word",
  product(FAMILIES, [64, 250], [22, 445, 3306]),
  ([family, count, dport], wire) => {
    const { scanner: from, host } = PLACES[family];
    for (let i = 0; i < count; i++) {
      new Tcp(wire, { from, to: host(i), sport: 33000 + i, dport, look: "linux" }).empty();
      wire.wait(0.05);
    }
    later(wire, host(0), 15);
    return [{
      source: from,
      techniques: "connect",
      shape: "horizontal",
      hosts: count,
      open: `${dport}`,
      evidence: "handshake",
    }];
  },
);

harmless(
  "answered sweeps: pollers that come back, each time from a new socket",
  product(FAMILIES, [60, 300], [161, 123, 5060, 623]),
  ([family, pause, dport], wire) => {
    const { client: from, host } = PLACES[family];
    for (let round = 0; round < 8; round++) {
      const sport = wire.chance.between(33000, 60000);
      for (let i = 0; i < 150; i++) {
        asked(wire, { from, to: host(i), sport, dport, payload: 40 }, "answered");
        wire.wait(0.02);
      }
      wire.wait(pause - 3);
    }
  },
);

harmless(
  "answered sweeps: a poller that asks each host several things",
  product(FAMILIES, [2, 5]),
  ([family, questions], wire) => {
    const { client: from, host } = PLACES[family];
    for (let i = 0; i < 150; i++) {
      const sport = wire.chance.between(33000, 60000);
      for (let k = 0; k < questions; k++) {
        asked(wire, { from, to: host(i), sport, dport: 161, payload: 40 + k }, "answered");
      }
      wire.wait(0.1);
    }
    later(wire, host(0), 15);
  },
);

harmless(
  "answered sweeps: a resolver that asks the world's name servers",
  product(FAMILIES, ["a port each", "one port"] as const, [200, 800]),
  ([family, how, count], wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const sport = how === "one port" ? 53053 : wire.chance.between(1024, 65000);
      const to = far(wire.chance.below(400));
      asked(wire, { from, to, sport, dport: 53, payload: 40 + i % 30 }, "answered");
      wire.wait(0.1);
    }
  },
);

harmless(
  "answered sweeps: a client of the NTP pool, and a server of it",
  FAMILIES,
  (family, wire) => {
    const { client: from, target, far } = PLACES[family];
    for (let i = 0; i < 300; i++) {
      const to = far(Math.floor(i / 20) * 4 + i % 4);
      asked(wire, { from, to, sport: 123, dport: 123, payload: 48 }, "answered");
      asked(wire, { from: far(i), to: target, sport: 123, dport: 123, payload: 48 }, "answered");
      wire.wait(64);
    }
  },
);

harmless(
  "answered sweeps: a list of game servers, some gone",
  product(FAMILIES, [0.3, 0.6, 0.9], [150, 400]),
  ([family, answering, count], wire) => {
    const { client: from, far } = PLACES[family];
    const sport = wire.chance.between(33000, 60000);
    for (let i = 0; i < count; i++) {
      const dport = 27015 + wire.chance.below(6);
      const isThere = wire.chance.below(1000) < 1000 * answering;
      const ends = { from, to: far(i), sport, dport, payload: 25 };
      asked(wire, ends, isThere ? "answered" : "silent");
      if (isThere) asked(wire, { ...ends, payload: 29 }, "answered");
      wire.wait(0.01);
    }
  },
);
