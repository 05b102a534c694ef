// Sweeps that take another port of each host, or one host of each network of a site, so as to look like a client of
// hosts all over the Internet; and segments that look like the ends of old connections.

import { TcpFlag } from "../../src/record.ts";
import { attack, harmless } from "./cases.ts";
import { asked, background, Tcp } from "./conversation.ts";
import { FAMILIES, PACES, PLACES, product } from "./places.ts";

const { Fin, Rst, Ack } = TcpFlag;

attack(
  "networks: a high port of each host of one network, another port each",
  product(
    FAMILIES,
    ["silent", "refused"] as const,
    (["linux", "nmap"] as const).flatMap((look) =>
      (["nmap", "quarter"] as const).map((pace) => ({ look, pace }))
    ),
  ),
  ([family, answer, { look, pace }], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    const ports = wire.numbers(120, 1025, 60000);
    ports.forEach((dport, i) => {
      const sport = wire.chance.between(33000, 60000);
      const c = new Tcp(wire, { from, to: host(i), sport, dport, look }).syn();
      if (answer === "refused") c.refuse();
      wire.wait(PACES[pace]);
    });
    background(wire.wait(10), host(240));
    return [{ source: from, shape: "block", hosts: 120, ports: 120, open: "" }];
  },
);

attack(
  "networks: a UDP port of each host of one network, another port each, refused",
  FAMILIES,
  (family, wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    wire.numbers(120, 1025, 60000).forEach((dport, i) => {
      const sport = wire.chance.between(33000, 60000);
      asked(wire, { from, to: host(i), sport, dport }, "refused");
      wire.wait(0.1);
    });
    background(wire.wait(10), host(240));
    return [{ source: from, techniques: "udp", shape: "block", hosts: 120 }];
  },
);

attack(
  "networks: the first address of each network of an IPv6 site, at the web's port",
  product([80, 443, 8443], ["nmap", "quarter"] as const),
  ([dport, pace], wire) => {
    const from = PLACES.v6.scanner;
    const first = (n: number) => `2001:db8:113:${n.toString(16)}::1`;
    background(wire, first(0xff));
    for (let n = 0; n < 120; n++) {
      const sport = wire.chance.between(33000, 60000);
      new Tcp(wire, { from, to: first(n), sport, dport, look: "linux" }).syn();
      wire.wait(PACES[pace]);
    }
    background(wire.wait(10), first(0xff));
    return [{ source: from, shape: "horizontal", hosts: 120, ports: 1 }];
  },
);

harmless(
  "networks: peers that are gone, a few of them neighbours",
  product(FAMILIES, ["silent", "refused"] as const, [2, 6]),
  ([family, answer, neighbours], wire) => {
    const { target: from, far } = PLACES[family];
    background(wire, far(900));
    for (let i = 0; i < 300; i++) {
      const first = far(i - i % neighbours), sport = wire.chance.between(33000, 60000);
      const to = i % neighbours === 0 ? first : first.replace(
        /[^.:]+$/,
        (last) => family === "v4" ? `${9 + i % 240}` : `${last}${i % 9}`,
      );
      const c = new Tcp(wire, {
        from,
        to,
        sport,
        dport: wire.chance.between(1025, 65000),
        look: "linux",
      });
      if (i % 8 === 0) c.used();
      else if (answer === "refused") c.refused();
      else c.syn();
      wire.wait(0.5);
    }
    background(wire.wait(10), far(900));
  },
);

attack(
  "networks: one port of hosts all over the Internet, by a kernel's connections",
  product(FAMILIES, [3389, 5555, 8080], ["silent", "refused"] as const),
  ([family, dport, answer], wire) => {
    const { client: from, target, far } = PLACES[family];
    for (let i = 0; i < 200; i++) {
      const sport = wire.chance.between(33000, 60000);
      if (i % 20 === 0) {
        new Tcp(wire, { from, to: target, sport, dport: 443, look: "linux" }).used();
      }
      const c = new Tcp(wire, { from, to: far(i), sport: sport + 1, dport, look: "linux" }).syn();
      if (answer === "refused") c.refuse();
      wire.wait(0.5);
    }
    return [{ source: from, techniques: "connect", shape: "horizontal", ports: 1 }];
  },
);

harmless(
  "networks: peers at one port, of which one in ten is there, and fifty that are all gone",
  product(FAMILIES, [[8333, 400, 10], [30303, 50, Infinity]] as const),
  ([family, [dport, count, each]], wire) => {
    const { client: from, far } = PLACES[family];
    background(wire, PLACES[family].target, from);
    for (let i = 0; i < count; i++) {
      const c = new Tcp(wire, { from, to: far(i), sport: 33000 + i, dport, look: "linux" });
      if (i % each === each - 1) c.used();
      else if (i % 2 === 0) c.refused();
      else c.syn();
      wire.wait(0.5);
    }
  },
);

attack(
  "networks: ends of connections that never were, to one high port of each host, which refuses them",
  product(FAMILIES, [80, 443, 53], [Ack, Fin | Ack]),
  ([family, sport, flags], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 120; i++) {
      const seq = wire.chance.next(), ack = wire.chance.next(), to = host(i);
      wire.tcp({ from, to, sport, dport: 40000, flags, seq, ack });
      wire.tcp({ from: to, to: from, sport: 40000, dport: sport, flags: Rst, seq: ack, window: 0 });
      wire.wait(0.1);
    }
    background(wire.wait(10), host(240));
    return [{ source: from, shape: "horizontal", hosts: 120, ports: 1, open: "" }];
  },
);

harmless(
  "networks: a server ends the connections of its many clients, which have forgotten them",
  product(FAMILIES, [Ack, Fin | Ack], [[32768, 60999], [49152, 65535]] as const),
  ([family, flags, [low, high]], wire) => {
    const { target: from, far } = PLACES[family];
    background(wire, from);
    for (let i = 0; i < 3000; i++) {
      const port = wire.chance.between(low, high), to = far(i % 1600);
      const seq = wire.chance.next(), ack = wire.chance.next();
      wire.tcp({ from, to, sport: 443, dport: port, flags, seq, ack, look: "linux", timestamp: 7 });
      wire.tcp({ from: to, to: from, sport: port, dport: 443, flags: Rst, seq: ack, window: 0 });
      wire.wait(0.01);
    }
    background(wire.wait(10), from);
  },
);
