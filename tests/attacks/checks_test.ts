// Monitors and scrapers with a part of their targets gone, as captures of both directions, of one, and of the ends of
// connections alone see them; and the sweeps that would pass for them.

import assert from "node:assert/strict";
import { TcpFlag } from "../../src/record.ts";
import type { TimedFrame } from "../differential/frames.ts";
import { attack, harmless, words } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";

const { Fin, Syn, Rst, Psh, Ack } = TcpFlag;
const FATES = ["refused", "silent"] as const;

/** True for a frame of TCP that the filter "tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0" lets pass. */
function isEnd({ bytes }: TimedFrame): boolean {
  const flags = bytes[14] >> 4 === 6 ? bytes[14 + 40 + 13] : bytes[14 + (bytes[14] & 15) * 4 + 13];
  return (flags & (Syn | Fin | Rst)) !== 0;
}

harmless(
  "checks: a monitor that connects to sixty hosts without a word, ten of which are gone",
  product(FAMILIES, FATES, [60, 300]),
  ([family, fate, period], wire) => {
    const { client: from, host } = PLACES[family];
    let sport = 20000;
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 60; i++) {
        const to = host(i), isGone = i >= 50;
        ping(wire, { from, to }, { isAnswered: !isGone, sequence: round });
        for (const dport of [22, 25]) {
          const c = new Tcp(wire, { from, to, sport: sport++, dport, look: "linux" });
          if (!isGone) c.empty();
          else if (fate === "refused") c.refused();
          else c.syn();
        }
        wire.wait(period / 60);
      }
    }
  },
);

attack(
  "checks: a sweep by connect, of which most hosts accept, is told when none of them was asked again",
  product(FAMILIES, FATES, [0.05, 1]),
  ([family, fate, pace], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 100; i++) {
      const c = new Tcp(wire, { from, to: host(i), sport: 33000 + i, dport: 22, look: "linux" });
      if (i % 5 !== 4) c.empty();
      else if (fate === "refused") c.refused();
      else c.syn();
      wire.wait(pace);
    }
    const toldBeforeUs = wire.timeUs + 620e6;
    for (let i = 0; i < 60; i++) background(wire.wait(15), host(240));
    return [{ source: from, shape: "horizontal", hosts: 100, open: "22", toldBeforeUs }];
  },
);

attack(
  "checks: accepting hosts of before do not hide a sweep in which most refuse",
  product(FAMILIES, [20, 40]),
  ([family, accepting], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 100; i++) {
      const c = new Tcp(wire, { from, to: host(i), sport: 33000 + i, dport: 22, look: "linux" });
      if (i < accepting) c.empty();
      else c.refused();
      wire.wait(0.05);
    }
    const toldBeforeUs = wire.timeUs;
    background(wire.wait(10), host(240));
    return [{ source: from, shape: "horizontal", hosts: 100, open: "22", toldBeforeUs }];
  },
);

const REPEATED = {
  "30 open ports of one host": (family: Family, i: number) =>
    [PLACES[family].target, 1 + i] as const,
  "the same open port of 30 hosts": (family: Family, i: number) =>
    [PLACES[family].host(i), 22] as const,
};

attack(
  "checks: a scan of what is open, repeated in silence, is told when its targets are not looked after any more",
  product(FAMILIES, Object.keys(REPEATED) as (keyof typeof REPEATED)[], [2, 60, 290]),
  ([family, what, pause], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    const startUs = wire.timeUs;
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 30; i++) {
        const [to, dport] = REPEATED[what](family, i);
        const ends = { from, to, sport: 33000 + 30 * round + i, dport };
        new Tcp(wire, { ...ends, look: "linux" }).empty();
        wire.wait(0.01);
      }
      wire.wait(pause);
    }
    for (let i = 0; i < 60; i++) background(wire.wait(15), host(240));
    const ports = what.startsWith("30") ? 30 : 1;
    return [{ source: from, ports, hosts: 31 - ports, toldBeforeUs: startUs + 620e6 }];
  },
);

attack(
  "checks: connections that a scanner retries at once are no checks, where the capture ends with the scan",
  product(FAMILIES, Object.keys(REPEATED) as (keyof typeof REPEATED)[]),
  ([family, what], wire) => {
    const from = PLACES[family].scanner;
    background(wire, PLACES[family].host(240));
    for (let i = 0; i < 60; i++) {
      const [to, dport] = REPEATED[what](family, i >> 1);
      new Tcp(wire, { from, to, sport: 33000 + i, dport, look: "linux" }).empty();
    }
    const ports = what.startsWith("30") ? 30 : 1;
    return [{ source: from, ports, hosts: 31 - ports }];
  },
);

harmless(
  "checks: thirty services of one host, checked at any period, from the first round on",
  product(FAMILIES, [2, 10, 60, 300, 600]),
  ([family, period], wire) => {
    const { client: from, target: to } = PLACES[family];
    let sport = 20000;
    for (let round = 0; round < Math.min(60, Math.max(4, 1800 / period)); round++) {
      for (let i = 0; i < 30; i++) {
        const ends = { from, to, sport: sport++ & 0xffff, dport: 8000 + i };
        new Tcp(wire, { ...ends, look: "linux" }).empty();
        wire.wait(period / 30);
      }
    }
  },
);

harmless(
  "checks: servers that live a minute, or whose check ends with the capture",
  product(FAMILIES, ["short lives", "a short capture"] as const),
  ([family, why], wire) => {
    const { client: from, host } = PLACES[family];
    let sport = 20000;
    background(wire, host(240));
    const times = why === "short lives" ? 6 : 2, pause = why === "short lives" ? 10 : 6;
    for (let server = 0; server < 60; server++) {
      for (let k = 0; k < times; k++) {
        const ends = { from, to: host(server), sport: sport++, dport: 8080 };
        new Tcp(wire, { ...ends, look: "linux" }).empty();
        wire.wait(pause);
      }
    }
    if (why === "short lives") {
      for (let i = 0; i < 60; i++) {
        background(wire.wait(15), host(240));
      }
    }
  },
);

harmless(
  "checks: a scraper's connections, kept open, in a capture of SYN, FIN and RST alone",
  product(FAMILIES, FATES),
  ([family, fate], wire) => {
    const { client: from, host } = PLACES[family];
    background(wire, host(240), from);
    for (let i = 0; i < 25; i++) {
      const ends = { from, to: host(i), sport: 33000 + i, dport: 9100 };
      new Tcp(wire, { ...ends, look: "linux" }).syn().accept().ack().data(90).reply(9000).ack();
      wire.wait(0.5);
    }
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 15; i++) {
        const ends = { from, to: host(100 + i), sport: 34000 + 15 * round + i, dport: 9100 };
        const c = new Tcp(wire, { ...ends, look: "linux" }).syn();
        if (fate === "refused") c.refuse();
        wire.wait(1);
      }
    }
    return { seen: isEnd };
  },
);

attack(
  "checks: a SYN scan of open ports in a capture of SYN, FIN and RST alone",
  product(FAMILIES, ["its kernel resets", "its firewall drops answers"] as const),
  ([family, how], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (let port = 1; port <= 40; port++) {
      const ends = { from, to, sport: 50123, dport: port, look: "linux" } as const;
      const c = new Tcp(wire, ends).syn();
      const seq = c.peer;
      c.accept();
      if (how === "its kernel resets") c.reset();
      else {
        // The target waits for the end of the handshake, and asks again.
        wire.wait(1);
        c.down(Syn | Ack, { seq: seq >>> 0 });
      }
      wire.wait(0.02);
    }
    background(wire.wait(20), to);
    return { expected: [{ source: from, ports: 40, open: "1-40" }], seen: isEnd };
  },
);

harmless(
  "checks: departures alone, which begin while a scraper's connections are open",
  product(FAMILIES, FATES),
  ([family, fate], wire) => {
    const { client: from, host } = PLACES[family];
    const open = Array.from({ length: 25 }, (_, i) => {
      const ends = { from, to: host(i), sport: 33000 + i, dport: 9100 };
      return new Tcp(wire, { ...ends, look: "linux" });
    });
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 25; i++) {
        open[i].data(90).reply(9000).ack();
        if (i < 15) {
          const ends = { from, to: host(100 + i), sport: 34000 + 15 * round + i, dport: 9100 };
          const c = new Tcp(wire, { ...ends, look: "linux" }).syn();
          if (fate === "refused") c.refuse();
        }
        wire.wait(0.6);
      }
    }
    return { seen: (frame) => wire.isFrom(frame, from) };
  },
);

attack(
  "checks: departures alone, data of no connection to one port of many hosts, is no use of them",
  product(FAMILIES, [1, 2]),
  ([family, copies], wire) => {
    const { scanner: from, host } = PLACES[family];
    for (let i = 0; i < 60; i++) {
      const to = host(i), sport = 33000 + i, seq = wire.chance.next(), ack = wire.chance.next();
      const segment = {
        from,
        to,
        sport,
        dport: 9100,
        seq,
        ack,
        look: "linux",
        timestamp: 9,
      } as const;
      for (let k = 0; k < copies; k++) {
        wire.tcp({ ...segment, flags: k ? Ack : Psh | Ack, payload: k ? 0 : 9 });
      }
      new Tcp(wire, { from, to, sport: sport + 9, dport: 22, look: "nmap" }).syn();
      wire.wait(0.1);
    }
    return {
      expected: [{ source: from, hosts: 60 }],
      seen: (frame) => wire.isFrom(frame, from),
    };
  },
);

harmless(
  "checks: arrivals alone, refusals of a web client's other port, all over the Internet",
  FAMILIES,
  (family, wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < 120; i++) {
      const ends = { from, to: far(i), sport: 33000 + i, dport: i % 4 === 3 ? 8443 : 443 };
      const c = new Tcp(wire, { ...ends, look: "linux" });
      if (i % 4 === 3) c.refused();
      else c.used();
      wire.wait(1);
    }
    return { seen: (frame) => !wire.isFrom(frame, from) };
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

attack(
  "checks: arrivals alone, refusals of one port of the hosts of one network",
  FAMILIES,
  (family, wire) => {
    const { client: from, host } = PLACES[family];
    for (let i = 0; i < 60; i++) {
      const ends = { from, to: host(i), sport: 33000 + i, dport: 8443 };
      new Tcp(wire, { ...ends, look: "linux" }).refused();
      wire.wait(0.1);
    }
    return {
      expected: [{ source: from, shape: "horizontal", hosts: 60 }],
      seen: (frame) => !wire.isFrom(frame, from),
    };
  },
);

harmless(
  "checks: equal machines that ask their neighbours for their names, a third of which refuse",
  FAMILIES,
  (family, wire) => {
    const { host } = PLACES[family];
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 20; i++) {
        const ends = { from: host(10 + i), to: host(10 + (7 * i + round) % 40), sport: 137 };
        asked(wire, { ...ends, dport: 137, payload: 50 }, (i + round) % 3 ? "answered" : "refused");
        wire.wait(0.5);
      }
    }
  },
);

attack(
  "checks: equal machines that each ask a few hosts of one network, most of which refuse",
  FAMILIES,
  (family, wire) => {
    const { far, host } = PLACES[family];
    background(wire, host(240));
    const sources = Array.from({ length: 20 }, (_, i) => far(i));
    for (let i = 0; i < 120; i++) {
      const ends = { from: sources[i % 20], to: host(i), sport: 40000, dport: 1900 };
      asked(wire, { ...ends, payload: 50 }, i % 4 === 0 ? "answered" : "refused");
      wire.wait(0.2);
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.ok(told.length === 1 && told[0].hosts >= 80, told.map(words).join("; "));
      },
    };
  },
);
