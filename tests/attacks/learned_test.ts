// What a scanner has learned: every target of its story, also what answered or was used, before and after
// the scan was found; `open` with the target's witness only, never of silence.

import { attack } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PACES, PLACES, product } from "./places.ts";
import { portList } from "./ports_text.ts";
import type { Wire } from "./wire.ts";

/** Where among the probes those come that are answered. */
const ORDERS = ["open first", "open last", "at random"] as const;
type Order = typeof ORDERS[number];

function ordered(wire: Wire, order: Order, open: number[], other: number[]): number[] {
  if (order === "open first") return [...open, ...wire.shuffled(other)];
  if (order === "open last") return [...wire.shuffled(other), ...open];
  return wire.shuffled([...open, ...other]);
}

function portsOf(wire: Wire, open: number, other: number): [open: number[], other: number[]] {
  const all = wire.numbers(open + other, 1, 1000);
  return [all.slice(0, open), all.slice(open)];
}

for (const order of ORDERS) {
  attack(
    `learned: a UDP scan of which some ports answer, ${order}`,
    product(FAMILIES, [1, 3, 15], ["refused", "silent", "half of each"] as const),
    ([family, count, rest], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      background(wire, to);
      const [open, other] = portsOf(wire, count, 40);
      let closed = 0;
      for (const dport of ordered(wire, order, open, other)) {
        const isClosed = rest === "refused" || (rest === "half of each" && dport % 2 === 0);
        const answer = open.includes(dport) ? "answered" : isClosed ? "refused" : "silent";
        if (answer === "refused") closed++;
        asked(wire, { from, to, sport: 50123, dport }, answer);
        wire.wait(0.05);
      }
      background(wire.wait(10), to);
      return [{
        source: from,
        techniques: "udp",
        ports: count + 40,
        list: portList([...open, ...other]),
        open: portList(open),
        closed,
        silent: 40 - closed,
        hosts: 1,
      }];
    },
  );

  attack(
    `learned: a SYN scan of which some ports are open, ${order}`,
    product(FAMILIES, [1, 5, 40], ["reset", "no reset"] as const),
    ([family, count, tail], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      background(wire, to);
      const [open, other] = portsOf(wire, count, 40);
      for (const dport of ordered(wire, order, open, other)) {
        const c = new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" });
        if (!open.includes(dport)) c.refused();
        else if (tail === "reset") c.halfOpen();
        else c.syn().accept();
        wire.wait(0.01);
      }
      background(wire.wait(10), to);
      return [{
        source: from,
        techniques: "syn",
        ports: count + 40,
        list: portList([...open, ...other]),
        open: portList(open),
        closed: 40,
        silent: 0,
        evidence: tail === "reset" ? "reset" : "none",
      }];
    },
  );

  attack(
    `learned: a banner grabber, whose open ports say something, ${order}`,
    product(FAMILIES, [2, 5, 12], ["fast", "second"] as const),
    ([family, count, pace], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      background(wire, to);
      const [open, other] = portsOf(wire, count, 40);
      ordered(wire, order, open, other).forEach((dport, i) => {
        const c = new Tcp(wire, { from, to, sport: 33000 + i, dport, look: "linux" });
        if (open.includes(dport)) c.syn().accept().ack().reply(60).ack().close();
        else c.refused();
        wire.wait(PACES[pace]);
      });
      background(wire.wait(10), to);
      return [{
        source: from,
        techniques: /connect/,
        ports: count + 40,
        open: portList(open),
        closed: 40,
        silent: 0,
        evidence: "handshake",
      }];
    },
  );
}

attack(
  "learned: a version scan comes after the ports are known, and adds none",
  product(FAMILIES, [3, 10]),
  ([family, count], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const [open, other] = portsOf(wire, count, 60);
    for (const dport of wire.shuffled([...open, ...other])) {
      const c = new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" });
      if (open.includes(dport)) c.halfOpen();
      else c.refused();
    }
    wire.wait(1);
    for (const dport of open) {
      for (let k = 0; k < 3; k++) {
        const sport = wire.chance.between(33000, 60000);
        new Tcp(wire, { from, to, sport, dport, look: "linux" }).used();
        wire.wait(0.4);
      }
    }
    return [{
      source: from,
      ports: count + 60,
      open: portList(open),
      closed: 60,
      evidence: "handshake",
    }];
  },
);

/** What one host of a sweep does. */
type Fate = "refused" | "silent" | "open" | "used";
function sweep(wire: Wire, family: Family, fates: readonly Fate[], port: number): void {
  const { scanner: from, host } = PLACES[family];
  fates.forEach((fate, i) => {
    const sport = wire.chance.between(1024, 65000);
    const c = new Tcp(wire, { from, to: host(i), sport, dport: port, look: "linux" });
    if (fate === "refused") c.refused();
    else if (fate === "silent") c.syn();
    else if (fate === "open") c.halfOpen();
    else c.used();
    wire.wait(0.02);
  });
}

attack(
  "learned: a sweep in which some hosts answer, and all of them are its hosts",
  product(FAMILIES, ["open", "used"] as const, [1, 8, 20]),
  ([family, answer, count], wire) => {
    const { scanner, host } = PLACES[family];
    background(wire, host(200));
    const fates = Array.from({ length: 80 }, (_, i): Fate => i % 2 === 0 ? "refused" : "silent")
      .concat(Array.from({ length: count }, () => answer));
    sweep(wire, family, wire.shuffled(fates), 22);
    background(wire.wait(10), host(200));
    return [{
      source: scanner,
      shape: "horizontal",
      techniques: /\b(syn|connect)\b/,
      ports: 1,
      open: "22",
      hosts: 80 + count,
      evidence: answer === "used" ? "handshake" : "reset",
    }];
  },
);

attack(
  "learned: a UDP sweep in which some hosts answer",
  product(FAMILIES, [1, 10, 30], [53, 161, 1900]),
  ([family, count, dport], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(220));
    const fates = wire.shuffled(
      Array.from({ length: 150 + count }, (_, i) => i < count ? "answered" : "silent"),
    );
    fates.forEach((fate, i) => {
      asked(wire, { from, to: host(i), sport: 50123, dport, payload: 40 }, fate as "silent");
      wire.wait(0.01);
    });
    background(wire.wait(10), host(220));
    return [{
      source: from,
      techniques: "udp",
      shape: "horizontal",
      hosts: 150 + count,
      ports: 1,
      open: `${dport}`,
    }];
  },
);

attack(
  "learned: a ping sweep in which some hosts answer, then a scan of one of them",
  product(FAMILIES, [1, 20]),
  ([family, alive], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(220));
    for (let i = 0; i < 100; i++) {
      ping(wire, { from, to: host(i) }, { isAnswered: i < alive });
      wire.wait(0.02);
    }
    wire.wait(1);
    for (let dport = 1; dport <= 60; dport++) {
      const c = new Tcp(wire, { from, to: host(0), sport: 50123, dport, look: "nmap" });
      if (dport === 22) c.halfOpen();
      else c.refused();
      wire.wait(0.01);
    }
    return {
      expected: [{ source: from, hosts: 100, ports: 60, open: "22", closed: 59 }],
    };
  },
);

attack(
  "learned: an FTP server that is bounced off: port 20 of it tries the ports of another host",
  product(FAMILIES, [0, 2]),
  ([family, open], wire) => {
    const { target: server, other: to, scanner } = PLACES[family];
    const control = new Tcp(wire, { from: scanner, to: server, sport: 50000, dport: 21 });
    control.syn().accept().ack().reply(60).ack();
    const ports = wire.numbers(40, 1, 1000);
    ports.forEach((dport, i) => {
      control.data(28).reply(30).ack().data(6);
      const c = new Tcp(wire, { from: server, to, sport: 20, dport, look: "linux" });
      if (i < open) c.syn().accept().ack().data(300).close();
      else c.refused();
      control.reply(40).ack();
      wire.wait(0.2);
    });
    return [{
      source: server,
      ports: 40,
      open: portList(ports.slice(0, open)),
      closed: 40 - open,
      hosts: 1,
    }];
  },
);

attack(
  "learned: contradicting answers of one port open nothing and prove nothing",
  product(
    FAMILIES,
    ["two SYN-ACKs", "a SYN-ACK, then a reset", "a reset, then a SYN-ACK"] as const,
  ),
  ([family, how], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const ports = wire.numbers(40, 1, 1000);
    ports.forEach((dport, i) => {
      const c = new Tcp(wire, { from, to, sport: 33000 + i, dport, look: "linux" }).syn();
      if (i >= 5) return c.refuse();
      if (how === "a reset, then a SYN-ACK") c.refuse();
      c.accept();
      if (how === "two SYN-ACKs") {
        // The forged one comes second, and is what is acknowledged.
        c.peer = wire.chance.next();
        c.accept();
      }
      if (how === "a SYN-ACK, then a reset") c.refuse();
      return c.ack();
    });
    return [{ source: from, ports: 40, evidence: "none" }];
  },
);

attack(
  "learned: a handshake is proof only with the target's own number",
  product(FAMILIES, [1, 2, 1000, 0x80000000], ["ack", "data", "fin"] as const),
  ([family, off, how], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    wire.numbers(40, 1, 1000).forEach((dport, i) => {
      const c = new Tcp(wire, { from, to, sport: 33000 + i, dport, look: "linux" }).syn();
      if (i >= 10) return c.refuse();
      c.accept();
      c.peer += off;
      if (how === "ack") return c.ack();
      return how === "data" ? c.data(40) : c.up(17);
    });
    return [{ source: from, ports: 40, evidence: "none" }];
  },
);

attack(
  "learned: what is said open has answered: a service that is asked often and says nothing has not",
  product(FAMILIES, [5, 20, 100], ["udp", "tcp"] as const),
  ([family, times, kind], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const ports = wire.numbers(30, 100, 400);
    for (const dport of ports) {
      if (kind === "udp") asked(wire, { from, to, sport: 50123, dport }, "refused");
      else new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" }).refused();
      wire.wait(0.02);
    }
    wire.wait(1);
    const c = new Tcp(wire, { from, to, sport: 50123, dport: 500, look: "nmap" });
    for (let k = 0; k < times; k++) {
      if (kind === "udp") wire.udp({ from, to, sport: 50123, dport: 500, payload: 12 + k });
      else c.synAgain();
      wire.wait(0.3);
    }
    background(wire.wait(10), to);
    return [{ source: from, ports: 31, open: "", closed: 30, silent: 1 }];
  },
);

attack(
  "learned: start and end are those of the first and the last probe",
  product(FAMILIES, ["syn", "udp"] as const, ["fast", "second", "quarter"] as const),
  ([family, kind, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    wire.wait(30);
    const startUs = wire.timeUs;
    let endUs = startUs;
    wire.numbers(60, 1, 1000).forEach((dport, i) => {
      endUs = wire.timeUs;
      // The first ones are open and used; they are part of it.
      if (kind === "udp") {
        asked(wire, { from, to, sport: 50123, dport }, i < 3 ? "answered" : "silent");
      } else {
        const c = new Tcp(wire, { from, to, sport: 33000 + i, dport, look: "linux" });
        if (i < 3) c.syn().accept().ack().reply(40).ack().close();
        else c.refused();
      }
      wire.wait(PACES[pace]);
    });
    background(wire.wait(300), to);
    return [{ source: from, ports: 60, startUs, endUs }];
  },
);

attack(
  "learned: what the source of a sweep browses before it, elsewhere, is no part of that",
  product(FAMILIES, [0.1, 0.4]),
  ([family, pause], wire) => {
    const { scanner: from, host, far } = PLACES[family];
    background(wire, host(0));
    for (let i = 0; i < 60; i++) {
      const sport = 41_000 + i;
      new Tcp(wire, { from, to: far(i), sport, dport: 443, look: "linux" }).used();
      wire.wait(pause);
    }
    for (let i = 1; i <= 60; i++) {
      const ends = { from, to: host(i), sport: 42_000 + i, dport: 443, look: "linux" } as const;
      // What serves in the network that is swept is what was learned.
      if (i % 6 === 0) new Tcp(wire, ends).used();
      else new Tcp(wire, ends).refused();
      wire.wait(0.05);
    }
    background(wire.wait(10), host(0));
    return [{ source: from, hosts: 60, ports: 1, list: "443", open: "443" }];
  },
);
