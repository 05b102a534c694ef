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

attack(
  "answered sweeps: the same question twice to each host, as if the first had been lost",
  product(FAMILIES, [0.2, 3], [161, 5060]),
  ([family, pause, dport], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let first = 0; first < 120; first += 20) {
      for (let round = 0; round < 2; round++) {
        for (let i = first; i < first + 20; i++) {
          asked(wire, { from, to: host(i), sport: 50123, dport, payload: 40 }, "answered");
          wire.wait(0.005);
        }
        wire.wait(pause);
      }
    }
    later(wire, host(240), 15);
    return [{ source: from, shape: "horizontal", hosts: 120, open: `${dport}` }];
  },
);

attack(
  "answered sweeps: a socket for each host, and one question",
  product(FAMILIES, [161, 500, 5060], ["in order", "random"] as const),
  ([family, dport, order], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    const hosts = Array.from({ length: 120 }, (_, i) => host(i));
    for (const to of order === "random" ? wire.shuffled(hosts) : hosts) {
      const sport = wire.chance.between(33000, 60000);
      asked(wire, { from, to, sport, dport, payload: 40 }, "answered");
      wire.wait(0.02);
    }
    later(wire, host(240), 15);
    return [{ source: from, shape: "horizontal", hosts: 120, open: `${dport}` }];
  },
);

attack(
  "answered sweeps: a part answers, a part is silent, a part refuses",
  product(FAMILIES, [20, 50, 80], [161, 500]),
  ([family, percent, dport], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 120; i++) {
      const draw = wire.chance.below(100);
      const answer = draw < percent ? "answered" : draw % 4 === 0 ? "refused" : "silent";
      asked(wire, { from, to: host(i), sport: 50123, dport, payload: 40 }, answer);
      wire.wait(0.02);
    }
    later(wire, host(240), 15);
    return [{ source: from, techniques: "udp", hosts: 120, ports: 1, open: `${dport}` }];
  },
);

attack(
  "answered sweeps: slowly, and still one story",
  product(FAMILIES, [10, 60, 280]),
  ([family, pace], wire) => {
    const { scanner: from, host } = PLACES[family];
    for (let i = 0; i < 100; i++) {
      background(wire, host(240));
      asked(wire, { from, to: host(i), sport: 50123, dport: 161, payload: 40 }, "answered");
      wire.wait(pace);
    }
    later(wire, host(240), 15);
    return [{ source: from, techniques: "udp", hosts: 100, ports: 1, open: "161" }];
  },
);

attack(
  "answered sweeps: two and three ports of each host",
  product(FAMILIES, [2, 3], [60, 120]),
  ([family, ports, count], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    const asks = [161, 500, 623].slice(0, ports);
    for (let i = 0; i < count; i++) {
      for (const dport of asks) {
        asked(wire, { from, to: host(i), sport: 50123, dport, payload: 40 }, "answered");
      }
      wire.wait(0.02);
    }
    later(wire, host(240), 15);
    return [{ source: from, techniques: "udp", hosts: count, ports, open: asks.join(",") }];
  },
);

attack(
  "answered sweeps: again an hour later, and the next day",
  product(FAMILIES, [1, 24]),
  ([family, hours], wire) => {
    const { scanner: from, host } = PLACES[family];
    const sweep = () => {
      for (let i = 0; i < 120; i++) {
        asked(wire, { from, to: host(i), sport: 50123, dport: 161, payload: 40 }, "answered");
        wire.wait(0.02);
      }
      later(wire, host(240), 15);
    };
    background(wire, host(240));
    sweep();
    for (let i = 0; i < 6 * hours; i++) background(wire.wait(600), host(240));
    sweep();
    const one = { source: from, shape: "horizontal", hosts: 120, open: "161" };
    return [one, one];
  },
);

attack(
  "answered sweeps: some hosts are asked again, to look like a monitor",
  product(FAMILIES, [10, 20]),
  ([family, percent], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 150; i++) {
      asked(wire, { from, to: host(i), sport: 50123, dport: 161, payload: 40 }, "answered");
      wire.wait(0.02);
    }
    wire.wait(60);
    for (let i = 0; i < 150 * percent / 100; i++) {
      asked(wire, { from, to: host(i), sport: 50124, dport: 161, payload: 40 }, "answered");
    }
    later(wire, host(240), 15);
    return [{ source: from, shape: "horizontal", open: "161" }];
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

harmless(
  "answered sweeps: members of a cluster that ask each other in turn, and gossip (SWIM)",
  product(FAMILIES, [60, 200]),
  ([family, count], wire) => {
    const { host } = PLACES[family];
    const port = 7946;
    for (let second = 0; second < 1200; second++) {
      // One member's questions, and those that others ask it.
      const ends = { sport: port, dport: port, payload: 60 };
      asked(wire, { ...ends, from: host(0), to: host(1 + second % count) }, "answered");
      if (second % 3 === 0) {
        const other = host(1 + wire.chance.below(count));
        asked(wire, { ...ends, from: other, to: host(0) }, "answered");
        wire.udp({ ...ends, from: host(0), to: host(1 + wire.chance.below(count)), payload: 300 });
      }
      wire.wait(1);
    }
  },
);

harmless(
  "answered sweeps: a server asks each of its clients for its name (NetBIOS), once",
  product(FAMILIES, [60, 200]),
  ([family, count], wire) => {
    const { target, host } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const client = host(20 + i);
      background(wire, target, client, 445);
      asked(
        wire,
        { from: target, to: client, sport: 137, dport: 137, payload: 50 },
        "answered",
      );
      wire.wait(1);
    }
    later(wire, host(240), 15);
  },
);

harmless(
  "answered sweeps: an exchange that asks its telephones whether they are there",
  product(FAMILIES, [60, 120], [100, 200]),
  ([family, pause, count], wire) => {
    const { target: from, host } = PLACES[family];
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < count; i++) {
        const ends = { from, to: host(20 + i), sport: 5060, dport: 5060, payload: 400 };
        asked(wire, ends, "answered");
        wire.wait(pause / count);
      }
    }
  },
);

harmless(
  "answered sweeps: a player's list of servers, all there, asked once from one socket",
  product(FAMILIES, [200, 800]),
  ([family, count], wire) => {
    const { client: from, far, third } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const ends = { from, to: far(i), sport: 27960, dport: 27960, payload: 15 };
      asked(wire, ends, "answered");
      wire.wait(0.01);
    }
    later(wire, third, 15);
  },
);

harmless(
  "answered sweeps: a few hosts of one network, once",
  product(FAMILIES, [8, 24, 40], [161, 137, 5683]),
  ([family, count, dport], wire) => {
    const { client: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < count; i++) {
      asked(wire, { from, to: host(i), sport: 50123, dport, payload: 40 }, "answered");
      wire.wait(0.02);
    }
    later(wire, host(240), 15);
  },
);

harmless(
  "answered sweeps: a resolver at servers that share networks, a port and a name each time",
  product(FAMILIES, [300, 1500]),
  ([family, count], wire) => {
    const { client: from, host, far, third } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const to = i % 2 === 0 ? host(wire.chance.below(200)) : far(wire.chance.below(300));
      const sport = wire.chance.between(1024, 65000), payload = wire.chance.between(28, 70);
      asked(wire, { from, to, sport, dport: 53, payload }, "answered");
      wire.wait(0.1);
    }
    later(wire, third, 15);
  },
);
