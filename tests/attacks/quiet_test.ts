// Ordinary traffic that looks like scans: peers that are gone, victims of floods, old stacks, players, phones.
// Nobody may be named.

import assert from "node:assert/strict";
import { TcpFlag } from "../../src/record.ts";
import { attack, harmless, words } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const { Syn, Rst, Ack } = TcpFlag;

harmless(
  "quiet: libp2p, TCP and QUIC from the port on which it listens",
  product(FAMILIES, [[4, 16], [12, 12], [12, 60], [40, 200]]),
  ([family, [good, dead]], wire) => {
    const { client: from, far } = PLACES[family];
    const port = 4001;
    const peers = wire.shuffled(
      Array.from({ length: good + dead }, (_, i) => ({ to: far(i), isThere: i < good })),
    );
    const living = peers.filter(({ isThere }) => isThere);
    // Those that are there are known first, and talked to all the time.
    const talk = () => {
      const { to } = wire.chance.pick(living);
      wire.udp({ from, to, sport: port, dport: port, payload: 1250 });
      wire.udp({ from: to, to: from, sport: port, dport: port, payload: 1250 });
    };
    for (let i = 0; i < 3 * good; i++) talk();
    for (const { to, isThere } of peers) {
      const c = new Tcp(wire, { from, to, sport: port, dport: port, look: "linux" });
      if (isThere) {
        c.syn().accept().ack().data(300).reply(900).ack();
      } else {
        c.syn();
        for (let k = 0; k < 3; k++) {
          wire.udp({ from, to, sport: port, dport: port, payload: 1256 });
          wire.wait(0.3);
          talk();
        }
        c.synAgain();
      }
      wire.wait(0.3);
      talk();
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "quiet: a torrent's one socket, and TCP from ports of its own",
  product(FAMILIES, [0.1, 0.3, 0.6], ["linux", "windows", "old"] as const),
  ([family, there, look], wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < 500; i++) {
      const to = far(i), dport = wire.chance.between(1024, 65000);
      const isThere = wire.chance.below(1000) < 1000 * there;
      const ends = { from, to, sport: 51413, dport, payload: 100 };
      asked(wire, ends, isThere ? "answered" : "silent");
      if (i % 3 === 0) {
        const c = new Tcp(wire, { from, to, sport: 30000 + i, dport, look });
        if (isThere) c.used();
        else if (i % 2 === 0) c.refused();
        else c.syn();
      }
      wire.wait(0.2);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "quiet: peer-to-peer on one port by an old stack without timestamps",
  product(FAMILIES, [8333, 30303, 6881], ["windows", "old"] as const),
  ([family, dport, look], wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < 300; i++) {
      const c = new Tcp(wire, { from, to: far(i), sport: 30000 + i, dport, look });
      if (i % 4 === 0) c.used();
      else if (i % 4 === 1) c.refused();
      else {
        c.syn();
        wire.wait(3);
        c.synAgain();
      }
      wire.wait(1);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "quiet: the victim of a flood, whose answers come to us",
  product(FAMILIES, ["SYN-ACK", "RST", "both"] as const, ["our host resets", "silent"] as const),
  ([family, kind, reaction], wire) => {
    const { third: victim, target, host } = PLACES[family];
    background(wire, target);
    for (let i = 0; i < 600; i++) {
      const to = host(i % 200), dport = wire.chance.between(1024, 65535);
      const isOpen = kind === "SYN-ACK" || (kind === "both" && i % 2 === 0);
      const flags = isOpen ? Syn | Ack : Rst | Ack;
      const [seq, ack] = [isOpen ? wire.chance.next() : 0, wire.chance.next()];
      wire.tcp({ from: victim, to, sport: 80, dport, seq, ack, flags });
      if (isOpen && reaction !== "silent") {
        wire.tcp({ from: to, to: victim, sport: dport, dport: 80, flags: Rst, seq: ack, ttl: 64 });
      }
      wire.wait(0.01);
    }
  },
);

harmless(
  "quiet: the victim of a flood of many ports under the addresses of a whole network of ours",
  product(FAMILIES, ["RST", "SYN-ACK", "port unreachable", "a router's"] as const, [1, 3]),
  ([family, kind, each], wire) => {
    const { third: victim, router, target, host } = PLACES[family];
    background(wire, target);
    for (let i = 0; i < 250 * each; i++) {
      const to = host(wire.chance.below(250)), sport = wire.chance.between(1, 65535);
      const dport = wire.chance.between(1024, 65535), seq = wire.chance.next();
      const ends = { from: victim, to, sport, dport };
      if (kind === "RST") wire.tcp({ ...ends, seq: 0, ack: seq, flags: Rst | Ack });
      else if (kind === "SYN-ACK") wire.tcp({ ...ends, seq, ack: seq ^ 0x77, flags: Syn | Ack });
      else {
        // The flood itself came to the victim by another way.
        const asked = { from: to, to: victim, sport: dport, dport: sport };
        const quoted = kind === "port unreachable"
          ? wire.udpPacket(asked)
          : wire.tcpPacket({ ...asked, flags: Syn });
        if (kind === "port unreachable") wire.unreachable(quoted);
        else wire.error(router, quoted, family === "v6" ? 1 : 3, family === "v6" ? 3 : 1);
      }
      wire.wait(0.05);
    }
  },
);

harmless(
  "quiet: the victim of a flood under our address, which we are told of by its routers",
  product(FAMILIES, [80, 300]),
  ([family, count], wire) => {
    const { target, third, far } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const ends = { from: target, to: third, sport: wire.chance.between(1024, 65535), dport: 80 };
      const packet = wire.tcpPacket({ ...ends, flags: Syn, seq: i });
      const [type, code] = family === "v4" ? [3, 1] : [1, 3];
      wire.error(far(i % 7), packet, type, code);
      wire.wait(0.02);
    }
    background(wire, target);
  },
);

harmless(
  "quiet: a browser with happy eyeballs: QUIC blocked, IPv6 broken",
  product([100, 300], ["silent", "unreachable"] as const),
  ([sites, six], wire) => {
    const { client: from, far } = PLACES.v4;
    const own6 = PLACES.v6.client;
    for (let i = 0; i < sites; i++) {
      for (let k = 0; k < 3; k++) {
        wire.udp({ from, to: far(i), sport: 40000 + i, dport: 443, payload: 1250, ttl: 64 });
      }
      const to = PLACES.v6.far(i);
      const ends = { from: own6, to, sport: 41000 + i, dport: 443, flags: Syn };
      const packet = wire.tcpPacket({ ...ends, look: "linux", seq: wire.chance.next() });
      wire.send({ from: own6, to }, packet);
      if (six === "unreachable") wire.error(PLACES.v6.router, packet, 1, 0);
      new Tcp(wire, { from, to: far(i), sport: 42000 + i, dport: 443, look: "linux" }).used();
      wire.wait(2);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

/** A list of game servers, asked once each; then one of them is played on. */
function gameBrowser(
  wire: Wire,
  there: number,
  count: number,
  hostOf: (i: number) => string,
): void {
  const { client: from } = PLACES.v4;
  for (let i = 0; i < count; i++) {
    const isThere = wire.chance.below(100) < 100 * there;
    const ends = { from, to: hostOf(i), sport: 50123, dport: 27015 + i % 6, payload: 25 };
    if (isThere) {
      asked(wire, ends, "answered");
      asked(wire, { ...ends, payload: 29 }, "answered");
    } else asked(wire, ends, i % 10 === 0 ? "refused" : "silent");
    wire.wait(0.02);
  }
  for (let k = 0; k < 200; k++) {
    asked(wire, { from, to: hostOf(3), sport: 50123, dport: 27015, payload: 60 }, "answered");
  }
}

harmless(
  "quiet: the browser of a game's servers all over the Internet, some of a hundred answering",
  product([0.3, 0.7], [150, 300]),
  ([there, count], wire) => gameBrowser(wire, there, count, PLACES.v4.far),
  () => ({ link: ["192.0.2."] }),
);

attack(
  "quiet: the browser of a game's servers in one network: told at all, it is said what answered",
  product([0.3, 0.7], [150, 240]),
  ([there, count], wire) => {
    gameBrowser(wire, there, count, PLACES.v4.host);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        for (const scan of told) assert.equal(scan.open, "27015-27020", words(scan));
      },
    };
  },
  () => ({ link: ["192.0.2."] }),
);

harmless(
  "quiet: load balancers and monitors that check, in each of their ways",
  product(FAMILIES, ["connect", "half-open", "http", "ping"] as const, [2, 10, 30]),
  ([family, how, period], wire) => {
    const { client: from, host } = PLACES[family];
    let sport = 20000;
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 12; i++) {
        const ends = { from, to: host(i), sport: sport++, dport: 8080 + i % 3, look: "linux" };
        const c = new Tcp(wire, { ...ends, look: "linux" });
        const isDead = i === 5;
        if (how === "ping") ping(wire, c.ends, { isAnswered: !isDead, sequence: round });
        else if (isDead) c.refused();
        else if (how === "connect") c.empty();
        else if (how === "half-open") c.syn().accept().up(Rst, { ack: 0 });
        else c.used();
      }
      wire.wait(period);
    }
  },
);

harmless(
  "quiet: things that poll a gateway, a cloud and each other",
  FAMILIES,
  (family, wire) => {
    const { host, far, target } = PLACES[family];
    for (let minute = 0; minute < 120; minute++) {
      for (let i = 0; i < 25; i++) {
        const from = host(20 + i);
        asked(wire, { from, to: target, sport: 49000 + i, dport: 53, payload: 40 }, "answered");
        asked(wire, { from, to: far(i % 4), sport: 123, dport: 123, payload: 48 }, "answered");
        if (minute % 5 === 0) {
          const sport = 50000 + minute;
          const c = new Tcp(wire, { from, to: far(i), sport, dport: 8883, look: "old" });
          if (i % 9 === 0) c.syn().accept().ack().up(Rst, { ack: 0 });
          else c.used();
        }
        // A television asks for what it once knew.
        if (i === 3) {
          new Tcp(wire, { from, to: host(200), sport: 52000 + minute, dport: 8009 }).syn();
        }
      }
      wire.wait(60);
    }
  },
);

harmless(
  "quiet: calls: RTP on many ports between two hosts, and STUN from each",
  product(FAMILIES, [10, 60]),
  ([family, calls], wire) => {
    const { client: from, target: to, far } = PLACES[family];
    for (let i = 0; i < calls; i++) {
      const ports = { sport: 16384 + 2 * i, dport: 20000 + 2 * i };
      for (let k = 0; k < 4; k++) {
        asked(wire, { from, to: far(k), sport: ports.sport, dport: 3478, payload: 20 }, "answered");
      }
      for (let k = 0; k < 40; k++) {
        wire.udp({ from, to, ...ports, payload: 172 });
        if (i % 5 !== 0) {
          wire.udp({ from: to, to: from, sport: ports.dport, dport: ports.sport, payload: 172 });
        }
      }
      // One that hangs up first refuses what is still under way.
      wire.unreachable(wire.udp({ from, to, ...ports, payload: 172 }));
      wire.wait(5);
    }
  },
);

harmless(
  "quiet: ICE candidates of a call that never connects",
  product(FAMILIES, [2, 4]),
  ([family, candidates], wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let call = 0; call < 3; call++) {
      for (let k = 0; k < 7; k++) {
        for (let i = 0; i < candidates; i++) {
          wire.udp({ from, to, sport: 52000 + call, dport: 50000 + 13 * i + call, payload: 100 });
          wire.wait(0.05);
        }
      }
      wire.wait(60);
    }
    background(wire, to);
  },
);

harmless(
  "quiet: mDNS and SSDP, asked of a group and answered one by one",
  [10, 60],
  (count, wire) => {
    for (let round = 0; round < 6; round++) {
      for (const [group, dport] of [["224.0.0.251", 5353], ["239.255.255.250", 1900]] as const) {
        const from = "192.168.7.9", sport = dport === 5353 ? 5353 : 50000 + round;
        wire.udp({ from, to: group, sport, dport, payload: 90, ttl: 255 });
        for (let i = 0; i < count; i++) {
          const answer = { from: `192.168.7.${20 + i}`, to: from, dport: sport, payload: 300 };
          const isOther = dport === 1900 && i % 3 === 0;
          wire.udp({ ...answer, sport: isOther ? 40000 + i : dport });
          wire.wait(0.01);
        }
      }
      wire.wait(30);
    }
  },
);

harmless(
  "quiet: file sharing and printing among neighbours of which some are off",
  FAMILIES,
  (family, wire) => {
    const { host } = PLACES[family];
    for (let i = 0; i < 300; i++) {
      const from = host(20 + i % 10), to = host(100 + i % 6), sport = 49152 + i;
      for (const dport of [445, 139]) {
        const c = new Tcp(wire, { from, to, sport: sport + dport, dport, look: "windows" });
        if (i % 6 === 5) c.syn();
        else if (dport === 139 && i % 6 === 4) c.refused();
        else c.used();
      }
      wire.wait(30);
    }
  },
);

harmless(
  "quiet: a crawler of the web, for which many sites are gone",
  product(FAMILIES, [0.05, 0.25]),
  ([family, gone], wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < 800; i++) {
      const ends = { from, to: far(i), sport: 20000 + i, dport: i % 3 === 0 ? 80 : 443 };
      const c = new Tcp(wire, { ...ends, look: "linux" });
      const fate = wire.chance.below(1000);
      if (fate < 500 * gone) c.refused();
      else if (fate < 1000 * gone) {
        c.syn();
        wire.wait(1);
        c.synAgain();
      } else c.used();
      wire.wait(0.3);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "quiet: a mail server whose recipients' servers are often away",
  FAMILIES,
  (family, wire) => {
    const { client: from, far } = PLACES[family];
    for (let i = 0; i < 400; i++) {
      const c = new Tcp(wire, {
        from,
        to: far(i % 150),
        sport: 20000 + i,
        dport: 25,
        look: "linux",
      });
      const fate = (i % 150) % 10;
      if (fate === 0) c.refused();
      else if (fate === 1) c.syn();
      else c.used();
      wire.wait(20);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "quiet: a program in development, whose services are not started yet",
  FAMILIES,
  (family, wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let k = 0; k < 300; k++) {
      for (const dport of [5432, 6379, 9092, 8080]) {
        const c = new Tcp(wire, {
          from,
          to,
          sport: 33000 + 4 * k + dport % 4,
          dport,
          look: "linux",
        });
        if (k < 250) c.refused();
        else c.used();
      }
      wire.wait(2);
    }
  },
);
