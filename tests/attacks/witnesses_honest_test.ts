// The honest traffic that each disguise imitates: a witness other than its source speaks for it, or it is
// too little to be a scan. Nobody may be named.

import { TcpFlag } from "../../src/record.ts";
import { harmless } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";

const { Fin, Rst, Psh, Ack } = TcpFlag;

harmless(
  "honest: mobile clients that end their connections with resets",
  product(FAMILIES, ["after data", "with data unread", "late"] as const, [1, 40]),
  ([family, how, servers], wire) => {
    const { client, host } = PLACES[family];
    for (let i = 0; i < 120; i++) {
      const c = new Tcp(wire, {
        from: client,
        to: host(i % servers),
        sport: 33000 + i,
        dport: [443, 993, 5228][i % 3],
        look: "linux",
      });
      c.syn().accept().ack().data(300).reply(900);
      if (how === "with data unread") c.reply(1200);
      if (how === "late") {
        wire.wait(30);
        c.down(Fin | Ack);
      }
      c.up(Rst | Ack).up(Rst, { ack: 0 });
      wire.wait(3);
    }
  },
);

harmless(
  "honest: connections that were there before the capture began, still used by both sides",
  product(FAMILIES, [20, 200], [0, 1]),
  ([family, count, dataUp], wire) => {
    const { client, target, host } = PLACES[family];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < count; i++) {
        const c = new Tcp(wire, {
          from: i % 2 === 0 ? client : host(i),
          to: i % 2 === 0 ? target : client,
          sport: 33000 + i,
          dport: [443, 22, 5432, 8080][i % 4],
          look: "linux",
        });
        if (dataUp > 0) c.data(100);
        else c.ack();
        c.reply(500).ack();
        wire.wait(0.01);
      }
      wire.wait(60);
    }
  },
);

harmless(
  "honest: clients whose SYNs are lost and sent again before the server answers",
  product(FAMILIES, [1, 3], [1, 30]),
  ([family, lost, servers], wire) => {
    const { client, host } = PLACES[family];
    for (let i = 0; i < 150; i++) {
      const to = host(i % servers), sport = 30000 + i;
      const c = new Tcp(wire, { from: client, to, sport, dport: 8443, look: "linux" });
      c.syn();
      for (let k = 0; k < lost; k++) {
        wire.wait(2 ** k);
        c.synAgain();
      }
      c.accept().ack().data(90).reply(1400).ack().close();
      wire.wait(1);
    }
  },
);

harmless(
  "honest: a traceroute in each form, to its target and past it",
  product(FAMILIES, ["udp", "icmp", "tcp"] as const, [1, 3, 6]),
  ([family, kind, hops], wire) => {
    const { client: from, target: to } = PLACES[family];
    background(wire, to);
    for (let run = 0; run < 3; run++) {
      for (let n = 0; n < 3 * (16 - hops); n++) {
        const ttl = Math.floor(n / 3) + 1;
        const dport = 33434 + 3 * hops + n;
        if (kind === "udp") {
          wire.unreachable(wire.udp({ from, to, sport: 45000 + run, dport, ttl, payload: 32 }));
        } else if (kind === "icmp") {
          ping(wire, { from, to, ttl }, { isAnswered: true, id: 60 + run, sequence: n + 1 });
        } else {
          new Tcp(wire, { from, to, sport: 41000 + 50 * run + n, dport: 80, ttl }).halfOpen();
        }
        wire.wait(0.05);
      }
      wire.wait(20);
    }
  },
);

harmless(
  "honest: datagrams that a router says have expired, addressed to who sent them",
  product(FAMILIES, ["udp", "tcp"] as const, [1, 16]),
  ([family, kind, targets], wire) => {
    const { client: from, far, router } = PLACES[family];
    for (let i = 0; i < 90; i++) {
      const to = far(i % targets), ttl = 1 + i % 8;
      const packet = kind === "udp"
        ? wire.udp({ from, to, sport: 45000, dport: 33434 + i % 90, ttl, payload: 32 })
        : wire.tcp({
          from,
          to,
          sport: 45000 + i,
          dport: 443,
          flags: 2,
          seq: i,
          ttl,
          look: "linux",
        });
      wire.expired(router, packet);
      wire.wait(0.2);
    }
  },
  () => ({ link: ["192.0.2.", "2001:db8:40:"] }),
);

harmless(
  "honest: a name server's late answers to ports that are closed by then",
  product(FAMILIES, [40, 120], ["before the answer", "after it"] as const),
  ([family, count, when], wire) => {
    const { target: from, third: to } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const sport = wire.chance.between(1024, 65000);
      wire.udp({ from, to, sport, dport: 53, payload: 40 });
      wire.wait(when === "before the answer" ? 5.2 : 0.02);
      const answer = { from: to, to: from, sport: 53, dport: sport, payload: 120 };
      if (when === "after it") wire.udp(answer);
      wire.unreachable(wire.udp(answer));
      wire.wait(0.3);
    }
  },
);

harmless(
  "honest: DHCP servers that ping what they are about to give out",
  ["DISCOVER is seen", "relayed"].flatMap((how) => [8, 30].map((count) => ({ how, count }))),
  ({ how, count }, wire) => {
    const server = "192.168.7.1";
    for (let i = 0; i < count; i++) {
      const offered = `192.168.7.${100 + i}`;
      if (how === "relayed") {
        wire.udp({ from: "192.168.9.1", to: server, sport: 67, dport: 67, payload: 300 });
      } else {
        wire.udp({ from: "0.0.0.0", to: "255.255.255.255", sport: 68, dport: 67, payload: 300 });
      }
      ping(wire, { from: server, to: offered, ttl: 64 }, { payload: 28 });
      wire.wait(1);
      const to = how === "relayed" ? "192.168.9.1" : offered;
      const dport = how === "relayed" ? 67 : 68;
      wire.udp({ from: server, to, sport: 67, dport, payload: 300, ttl: 64 });
      wire.wait(9);
    }
  },
);

harmless(
  "honest: passive FTP, each file a connection, with losses and a capture that begins in it",
  product(FAMILIES, ["whole", "login unseen"] as const, [0, 3]),
  ([family, view, lossEvery], wire) => {
    const { client: from, target: to } = PLACES[family];
    const control = new Tcp(wire, { from, to, sport: 50000, dport: 21, look: "linux" });
    if (view === "whole") control.syn().accept().ack().reply(60).ack();
    for (let i = 0; i < 100; i++) {
      control.data(6).reply(48).ack().data(14).reply(30);
      const dport = wire.chance.between(20000, 60000);
      const c = new Tcp(wire, { from, to, sport: 51000 + i, dport, look: "linux" }).syn();
      if (lossEvery > 0 && i % lossEvery === 0) {
        wire.wait(1);
        c.synAgain();
      }
      c.accept().ack();
      if (i % 2 === 0) c.reply(1000).ack();
      c.down(Fin | Ack);
      c.peer++;
      c.up(Fin | Ack);
      wire.wait(0.1);
    }
  },
);

harmless(
  "honest: a TFTP server's answers, from ports of their own, to a client whose firewall refuses them",
  product(FAMILIES, ["refused", "silent"] as const),
  ([family, answer], wire) => {
    const { client, target: server } = PLACES[family];
    background(wire, server);
    for (let i = 0; i < 60; i++) {
      const asks = wire.chance.between(1024, 65000), sends = wire.chance.between(1024, 65000);
      wire.udp({ from: client, to: server, sport: asks, dport: 69, payload: 40 });
      for (let k = 0; k < 3; k++) {
        const data = { from: server, to: client, sport: sends, dport: asks, payload: 516 };
        const packet = wire.udp(data);
        if (answer === "refused") wire.unreachable(packet);
        wire.wait(1);
      }
    }
  },
);

harmless(
  "honest: active FTP, from port 20 to a port of the client for each file",
  product(
    FAMILIES,
    ["in order", "losses", "reordered"] as const,
    ["seen", "login unseen"] as const,
  ),
  ([family, how, login], wire) => {
    const { client, target: server } = PLACES[family];
    const control = new Tcp(wire, { from: client, to: server, sport: 50000, dport: 21 });
    if (login === "seen") control.syn().accept().ack().reply(60);
    for (let i = 0; i < 100; i++) {
      const dport = 42000 + 3 * i;
      const c = new Tcp(wire, { from: server, to: client, sport: 20, dport, look: "linux" });
      const order = () => control.data(26).reply(30);
      if (how !== "reordered" || i % 4 !== 0) order();
      if (how === "losses" && i % 5 === 0) {
        // The first data segment is not in the capture, nor is its acknowledgement.
        c.syn().accept().ack();
        c.seq += 700;
      } else c.syn().accept().ack().data(700).down(Ack);
      c.close();
      if (how === "reordered" && i % 4 === 0) order();
      wire.wait(0.3);
    }
  },
);

harmless(
  "honest: the kernel of a host that restarted resets what its peers still send",
  product(FAMILIES, [30, 200]),
  ([family, count], wire) => {
    const { target, far } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const sport = 33000 + i, ack = wire.chance.next();
      const segment = { from: far(i), to: target, sport, dport: 443, flags: Psh | Ack };
      wire.tcp({ ...segment, seq: wire.chance.next(), ack, payload: 80, timestamp: 1000 + i });
      const back = { from: target, to: far(i), sport: 443, dport: sport, ttl: 64, window: 0 };
      wire.tcp({ ...back, flags: Rst, seq: ack });
    }
  },
);

harmless(
  "honest: a check of a few ports or hosts, repeated, whatever becomes of it",
  product(FAMILIES, [1, 5], ["refused", "silent", "answered"] as const),
  ([family, targets, answer], wire) => {
    const { client: from, host } = PLACES[family];
    background(wire, host(200));
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < targets; i++) {
        asked(wire, { from, to: host(i), sport: 30000 + round, dport: 161, payload: 40 }, answer);
        const c = new Tcp(wire, { from, to: host(i), sport: 31000 + round, dport: 9100 });
        if (answer === "refused") c.refused();
        if (answer === "silent") c.syn();
        if (answer === "answered") c.empty();
      }
      wire.wait(30);
    }
  },
);
