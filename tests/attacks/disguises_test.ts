// Disguises that cost something: what a service that is used, a login, a question once asked can explain is a
// few attempts, not a scan beside them.

import { TcpFlag } from "../../src/record.ts";
import { attack, harmless } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PACES, PLACES, product } from "./places.ts";

const { Rst, Ack } = TcpFlag;

attack(
  "disguises: a client of one port, who scans the others of the same host meanwhile",
  product(FAMILIES, [1, 3], ["refused", "silent", "half-open"] as const),
  ([family, uses, answer], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const ports = wire.numbers(60, 1, 442);
    for (const dport of ports) {
      for (let k = 0; k < uses; k++) {
        const sport = wire.chance.between(33000, 60000);
        new Tcp(wire, { from, to, sport, dport: 443, look: "linux" }).used();
      }
      const sport = wire.chance.between(33000, 60000);
      const c = new Tcp(wire, { from, to, sport, dport, look: "linux" }).syn();
      if (answer === "refused") c.refuse();
      if (answer === "half-open") c.accept().reset();
      wire.wait(0.2);
    }
    background(wire.wait(10), to);
    return {
      expected: [{
        source: from,
        shape: "vertical",
        hosts: 1,
        closed: answer === "refused" ? 60 : 0,
      }],
      also: ({ told }) => {
        if (told[0].ports < 60 || told[0].ports > 61) throw new Error(`${told[0].ports} ports`);
      },
    };
  },
);

attack(
  "disguises: a client of many web servers, who sweeps another port meanwhile",
  product(FAMILIES, [22, 445, 3389], ["refused", "silent"] as const),
  ([family, dport, answer], wire) => {
    const { scanner: from, far, host } = PLACES[family];
    background(wire, host(200));
    for (let i = 0; i < 120; i++) {
      const sport = wire.chance.between(33000, 60000);
      if (i % 3 === 0) new Tcp(wire, { from, to: far(i), sport, dport: 443, look: "linux" }).used();
      const c = new Tcp(wire, { from, to: host(i), sport: sport + 1, dport, look: "linux" }).syn();
      if (answer === "refused") c.refuse();
      wire.wait(0.2);
    }
    background(wire.wait(10), host(201));
    return [{ source: from, shape: "horizontal", hosts: 120, ports: 1, open: "" }];
  },
);

attack(
  "disguises: a login to FTP, and then the ports of the same host",
  product(FAMILIES, ["refused", "silent", "half-open"] as const, ["low", "high"] as const),
  ([family, answer, where], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    new Tcp(wire, { from, to, sport: 50000, dport: 21, look: "linux" }).used();
    background(wire.wait(1), to);
    const [low, high] = where === "low" ? [22, 900] : [1025, 60000];
    for (const dport of wire.numbers(60, low, high)) {
      const sport = wire.chance.between(33000, 60000);
      const c = new Tcp(wire, { from, to, sport, dport, look: "linux" }).syn();
      if (answer === "refused") c.refuse();
      if (answer === "half-open") c.accept().reset();
      wire.wait(0.05);
    }
    background(wire.wait(10), to);
    return [{ source: from, shape: "vertical", hosts: 1 }];
  },
);

attack(
  "disguises: a page, and then high ports of a host that accepts on all",
  product(FAMILIES, ["closed", "half-open", "reset"] as const),
  ([family, how], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    new Tcp(wire, { from, to, sport: 50000, dport: 80, look: "linux" }).used();
    background(wire.wait(1), to);
    for (const dport of wire.numbers(60, 1025, 60000)) {
      const sport = wire.chance.between(33000, 60000);
      const c = new Tcp(wire, { from, to, sport, dport, look: "linux" });
      if (how === "closed") c.empty();
      else if (how === "half-open") c.halfOpen();
      else c.syn().accept().ack().up(Rst | Ack);
      wire.wait(0.05);
    }
    for (let i = 0; i < 40; i++) background(wire.wait(15), to);
    return [{ source: from, shape: "vertical", hosts: 1, ports: 60 }];
  },
);

attack(
  "disguises: connections to low ports that say nothing, beside a login to FTP long ago",
  product(FAMILIES, [0, 60, 600]),
  ([family, pause], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    new Tcp(wire, { from, to, sport: 50000, dport: 21, look: "linux" }).used();
    background(wire.wait(pause), to);
    for (const dport of wire.numbers(60, 22, 442)) {
      const sport = wire.chance.between(33000, 60000);
      new Tcp(wire, { from, to, sport, dport, look: "linux" }).empty();
      wire.wait(0.05);
    }
    return [{ source: from, techniques: "connect", shape: "vertical", evidence: "handshake" }];
  },
);

attack(
  "disguises: high ports of a host that accepts on all, from port 20, as if it had asked for files",
  product(FAMILIES, ["no login", "an answer to a login that was none"] as const),
  ([family, login], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    if (login !== "no login") {
      wire.tcp({ from, to, sport: 21, dport: 40001, flags: TcpFlag.Syn | Ack, seq: 4, ack: 7 });
    }
    for (const dport of wire.numbers(120, 1025, 60000)) {
      new Tcp(wire, { from, to, sport: 20, dport, look: "linux" }).empty();
      wire.wait(0.1);
    }
    for (let i = 0; i < 50; i++) background(wire.wait(15), to);
    return [{ source: from, techniques: "connect", shape: "vertical", evidence: "handshake" }];
  },
);

attack(
  "disguises: high ports asked from a service's port, as if they were late answers",
  product(FAMILIES, [53, 123, 443, 3478], [12, 120]),
  ([family, sport, payload], wire) => {
    const { scanner: from, target: to, third } = PLACES[family];
    // The target asks others, and gets their answers: its questions are seen.
    for (let i = 0; i < 20; i++) {
      asked(wire, { from: to, to: third, sport: 40000 + i, dport: 53, payload: 40 }, "answered");
    }
    for (const dport of wire.numbers(200, 1025, 60000)) {
      wire.unreachable(wire.udp({ from, to, sport, dport, payload }));
      wire.wait(0.02);
    }
    background(wire.wait(10), to);
    return [{ source: from, techniques: "udp", shape: "vertical", ports: 200, closed: 200 }];
  },
);

attack(
  "disguises: pings before each probe, answered or not",
  product(FAMILIES, [true, false], ["fast", "second"] as const),
  ([family, isAnswered, pace], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(200));
    for (let i = 0; i < 80; i++) {
      ping(wire, { from, to: host(i) }, { isAnswered });
      const sport = wire.chance.between(33000, 60000);
      new Tcp(wire, { from, to: host(i), sport, dport: 22, look: "nmap" }).refused();
      wire.wait(PACES[pace]);
    }
    return [{ source: from, hosts: 80, ports: 1, open: "" }];
  },
);

attack(
  "disguises: six ports, a pause of four seconds, six ports; and six ports of each of ten hosts",
  product(FAMILIES, ["one host", "ten hosts"] as const),
  ([family, where], wire) => {
    const { scanner: from, host, target } = PLACES[family];
    background(wire, target);
    for (let burst = 0; burst < 10; burst++) {
      for (let k = 0; k < 6; k++) {
        const to = where === "one host" ? target : host(burst);
        const dport = 1 + (where === "one host" ? 6 * burst : 0) + k;
        new Tcp(wire, { from, to, sport: 50123, dport, look: "linux" }).refused();
      }
      wire.wait(4);
    }
    return [{ source: from, open: "" }];
  },
);

harmless(
  "disguises: a client that uses what it asks for, and now and then asks in vain",
  product(FAMILIES, [1, 5, 20]),
  ([family, servers], wire) => {
    const { client: from, host } = PLACES[family];
    for (let i = 0; i < 400; i++) {
      const dport = [443, 80, 22, 25, 993][i % 5], sport = 33000 + i;
      const c = new Tcp(wire, { from, to: host(i % servers), sport, dport, look: "linux" });
      if (i % 50 === 49) new Tcp(wire, { ...c.ends, dport: 8443 }).refused();
      else c.used();
      wire.wait(1);
    }
  },
);
