// Probes that die on their way, as a router says: a firewall is mapped so, port by port, and an accomplice can say so of
// any probe. And traceroutes, and hosts behind a loop of routers.

import { TcpFlag } from "../../src/record.ts";
import { attack, harmless } from "./cases.ts";
import { background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";

const { Syn } = TcpFlag;

attack(
  "expired: a firewall mapped by the ports whose probes die behind it",
  product(FAMILIES, ["tcp", "udp"] as const, [0.02, 2]),
  ([family, kind, pause], wire) => {
    const { scanner: from, target: to, router } = PLACES[family];
    background(wire, to);
    for (let i = 0; i < 100; i++) {
      const ends = { from, to, sport: 50_000 + i, dport: 1 + i, ttl: 1 };
      wire.expired(
        router,
        kind === "tcp"
          ? wire.tcp({ ...ends, flags: Syn, seq: wire.chance.next(), look: "nmap" })
          : wire.udp({ ...ends, payload: 20 }),
      );
      wire.wait(pause);
    }
    background(wire.wait(10), to);
    return [{ source: from, ports: 100, hosts: 1, silent: 100 }];
  },
);

attack(
  "expired: an accomplice says of each probe that it died, before the target answers",
  product(FAMILIES, ["ports", "hosts"] as const),
  ([family, what], wire) => {
    const { scanner: from, target, third, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 120; i++) {
      const to = what === "ports" ? target : host(i), dport = what === "ports" ? 1 + i : 22;
      const c = new Tcp(wire, { from, to, sport: 50_000 + i, dport, look: "nmap" }).syn();
      const probe = wire.tcpPacket({ ...c.ends, flags: Syn, seq: c.first, look: "nmap" });
      wire.expired(third, probe);
      c.refuse();
      wire.wait(0.05);
    }
    background(wire.wait(10), host(240));
    return { expected: [{ source: from, techniques: "syn" }] };
  },
);

harmless(
  "expired: hosts behind a loop of routers, whose clients try a few services of each",
  product(FAMILIES, [22, 443]),
  ([family, dport], wire) => {
    const { client: from, far, router } = PLACES[family];
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 40; i++) {
        for (const port of [80, dport]) {
          const sport = 20_000 + round * 100 + i;
          const c = new Tcp(wire, { from, to: far(i), sport, dport: port, look: "linux" }).syn();
          wire.expired(router, wire.tcpPacket({ ...c.ends, flags: Syn, seq: c.first }));
        }
      }
      wire.wait(30);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "expired: mtr to forty hosts, by pings to those of one network, and by TCP to a port that refuses",
  product(FAMILIES, ["ping", "tcp"] as const),
  ([family, how], wire) => {
    const { client: from, host, far, router } = PLACES[family];
    background(wire, host(240));
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 40; i++) {
        for (let ttl = 1; ttl <= 4; ttl++) {
          const sport = 30_000 + round * 160 + i * 4 + ttl, isThere = ttl === 4;
          const to = how === "ping" ? host(i) : far(i);
          if (how === "ping") {
            ping(wire, { from, to, ttl }, { isAnswered: isThere, id: i, sequence: sport });
            if (isThere) continue;
            const [reply] = wire.frames.slice(-1);
            wire.expired(router, reply.bytes.subarray(14));
          } else {
            const c = new Tcp(wire, { from, to, sport, dport: 443, look: "linux", ttl }).syn();
            if (isThere) c.refuse();
            else wire.expired(router, wire.tcpPacket({ ...c.ends, flags: Syn, seq: c.first }));
          }
        }
      }
      wire.wait(1);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);
