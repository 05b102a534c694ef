// Scanners that come back, and those that are slow: a story that ended, or `--remember`, makes targets new.
// And honest sources that fail a little every day.

import { attack, type Expected, harmless } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const MINUTE = 60, HOUR = 3600, DAY = 86_400, WEEK = 7 * DAY;

/** One scan, that takes two to ten seconds; what must be said of it. */
type Scan = (wire: Wire, family: Family) => Expected;
const SCANS: Record<string, Scan> = {
  "a SYN scan": (wire, family) => {
    const { scanner: from, target: to } = PLACES[family];
    const sport = wire.chance.between(1024, 65000);
    for (const dport of wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 1))) {
      const c = new Tcp(wire, { from, to, sport, dport, look: "nmap" });
      if (dport === 22) c.halfOpen();
      else c.refused();
      wire.wait(0.05);
    }
    return { source: from, techniques: "syn", ports: 40, list: "1-40", open: "22", closed: 39 };
  },
  "a connect scan": (wire, family) => {
    const { scanner: from, target: to } = PLACES[family];
    for (const dport of wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 1))) {
      const sport = wire.chance.between(32768, 60000);
      const c = new Tcp(wire, { from, to, sport, dport, look: "linux" });
      if (dport === 22) c.empty();
      else c.refused();
      wire.wait(0.05);
    }
    return { source: from, techniques: "connect", ports: 40, open: "22", evidence: "handshake" };
  },
  "a FIN scan": (wire, family) => {
    const { scanner: from, target: to } = PLACES[family];
    for (const dport of wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 1))) {
      wire.tcp({ from, to, sport: 44444, dport, flags: 1, seq: 5 });
      wire.tcp({ from: to, to: from, sport: dport, dport: 44444, flags: 20, ack: 6, ttl: 64 });
      wire.wait(0.05);
    }
    return { source: from, techniques: "fin", ports: 40, open: "", closed: 40 };
  },
  "a UDP scan": (wire, family) => {
    const { scanner: from, target: to } = PLACES[family];
    const sport = wire.chance.between(1024, 65000);
    for (const dport of wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 100))) {
      asked(wire, { from, to, sport, dport }, "refused");
      wire.wait(0.05);
    }
    return { source: from, techniques: "udp", ports: 40, open: "", closed: 40 };
  },
  "a sweep": (wire, family) => {
    const { scanner: from, host } = PLACES[family];
    for (const i of wire.shuffled(Array.from({ length: 50 }, (_, i) => i))) {
      const sport = wire.chance.between(1024, 65000);
      new Tcp(wire, { from, to: host(i), sport, dport: 23, look: "nmap" }).refused();
      wire.wait(0.05);
    }
    return { source: from, techniques: "syn", shape: "horizontal", hosts: 50, ports: 1 };
  },
  "a ping sweep": (wire, family) => {
    const { scanner: from, host } = PLACES[family];
    for (let i = 0; i < 100; i++) {
      ping(wire, { from, to: host(i) }, { isAnswered: i % 10 === 0 });
      wire.wait(0.05);
    }
    return { source: from, techniques: "icmp-echo", shape: "horizontal", hosts: 100 };
  },
};

/** Pauses after which what a source did before is another story. */
const PAUSES = {
  "ten minutes": 10 * MINUTE,
  "an hour": HOUR,
  "2 hours and 13 minutes": 2 * HOUR + 13 * MINUTE,
  "a day": DAY,
  "a week": WEEK,
};

for (const [name, scan] of Object.entries(SCANS)) {
  for (const [after, pause] of Object.entries(PAUSES)) {
    attack(
      `time: ${name} of the same targets, ${after} later`,
      product(FAMILIES, [2, 4]),
      ([family, times], wire) => {
        const expected: Expected[] = [];
        for (let k = 0; k < times; k++) {
          background(wire, PLACES[family].target);
          const startUs = wire.timeUs;
          expected.push({ ...scan(wire, family), startUs });
          // A server has visitors in between; they keep the clock going.
          for (let i = 0; i < 4; i++) {
            wire.wait(pause / 4);
            background(wire, PLACES[family].target);
          }
        }
        return expected;
      },
    );
  }
}

for (const second of Object.keys(SCANS).slice(1, 4)) {
  attack(
    `time: a SYN scan, then ${second} of the same ports`,
    product(FAMILIES, ["ten minutes", "an hour", "a day"] as const),
    ([family, pause], wire) => {
      const { target } = PLACES[family];
      background(wire, target);
      const first = SCANS["a SYN scan"](wire, family);
      wire.wait(PAUSES[pause]);
      background(wire, target);
      const later = SCANS[second](wire, family);
      background(wire.wait(10), target);
      return [first, later];
    },
  );
}

attack(
  "time: a scan at the same hour of every day for a month",
  ["a SYN scan", "a connect scan", "a UDP scan", "a sweep", "a ping sweep"],
  (name, wire) => {
    const expected: Expected[] = [];
    for (let day = 0; day < 30; day++) {
      const startUs = wire.timeUs;
      expected.push({ ...SCANS[name](wire, "v4"), startUs });
      for (let i = 0; i < 6; i++) background(wire.wait(4 * HOUR - 2), PLACES.v4.target);
    }
    return expected;
  },
);

attack(
  "time: a few ports a day, others each day, for a month: seven ports of one are told each day",
  FAMILIES,
  (family, wire) => {
    const { scanner: from, target: to } = PLACES[family];
    for (let day = 0; day < 30; day++) {
      for (let k = 0; k < 12; k++) {
        const dport = 1 + 12 * day + k;
        new Tcp(wire, { from, to, sport: wire.chance.between(1024, 60000), dport }).refused();
        wire.wait(30);
      }
      background(wire.wait(DAY - 360), to);
    }
    return Array.from(
      { length: 30 },
      (_, day) => ({ source: from, ports: 12, list: `${1 + 12 * day}-${12 + 12 * day}` }),
    );
  },
);

attack(
  "time: one port in five minutes is one scan, from the first port on",
  product(FAMILIES, [240, 300], ["refused", "silent"] as const),
  ([family, pause, answer], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    const startUs = wire.timeUs;
    let endUs = startUs;
    for (const dport of wire.numbers(80, 1, 1000)) {
      endUs = wire.timeUs;
      const sport = wire.chance.between(1024, 65000);
      const c = new Tcp(wire, { from, to, sport, dport, look: "nmap" }).syn();
      if (answer === "refused") c.refuse();
      for (let i = 0; i < 3; i++) background(wire.wait(pause / 3), to);
    }
    return [{
      source: from,
      techniques: "syn",
      ports: 80,
      hosts: 1,
      slow: true,
      startUs,
      endUs,
      closed: answer === "refused" ? 80 : 0,
      silent: answer === "refused" ? 0 : 80,
    }];
  },
);

attack(
  "time: a scan before the clock is set back, or forward a minute, or in a file that comes too late",
  [-3600, -60, -1, 60],
  (step, wire) => {
    const { scanner: from, target: to } = PLACES.v4;
    background(wire, to);
    for (let dport = 1; dport <= 40; dport++) {
      if (dport === 20) wire.wait(step);
      new Tcp(wire, { from, to, sport: 40000, dport, look: "nmap" }).refused();
      wire.wait(0.1);
    }
    return {
      expected: [{ source: from, techniques: "syn", ports: 40, closed: 40, open: "" }],
      // In the order in which they were written, whatever their times are.
      inOrder: true,
    };
  },
);

attack(
  "time: two sensors whose clocks differ by hours take turns in one capture",
  product(["a SYN scan", "a connect scan", "a sweep"] as const, [HOUR, 3 * HOUR, DAY]),
  ([name, apart], wire) => {
    background(wire, PLACES.v4.target);
    const { startUs: _startUs, ...expected } = SCANS[name](wire, "v4");
    background(wire.wait(1), PLACES.v4.target);
    wire.frames.forEach((frame, i) => {
      if (i % 2 === 1) frame.timeUs += apart * 1e6;
    });
    return { expected: [expected], inOrder: true };
  },
);

harmless(
  "time: who fails at one host every day for a month",
  product(FAMILIES, ["refused", "silent"] as const, [1, 3]),
  ([family, answer, ports], wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let day = 0; day < 30; day++) {
      for (let k = 0; k < ports; k++) {
        const sport = wire.chance.between(32768, 60000), dport = [139, 445, 9100][k];
        const c = new Tcp(wire, { from, to, sport, dport, look: "windows" }).syn();
        if (answer === "refused") c.refuse();
        else {
          c.synAgain();
          wire.wait(3);
          c.synAgain();
        }
      }
      for (let i = 0; i < 4; i++) background(wire.wait(6 * HOUR - 2), to);
    }
  },
);

harmless(
  "time: other hosts that are down, each day one, for two months",
  FAMILIES,
  (family, wire) => {
    const { client: from, host } = PLACES[family];
    for (let day = 0; day < 60; day++) {
      for (let k = 0; k < 3; k++) {
        const sport = wire.chance.between(32768, 60000);
        new Tcp(wire, { from, to: host(day), sport, dport: 22, look: "linux" }).syn();
        wire.wait(60);
      }
      for (let i = 0; i < 4; i++) background(wire.wait(6 * HOUR - 50), host(200));
    }
  },
);

harmless(
  "time: an inventory that asks for four ports of one host every night",
  FAMILIES,
  (family, wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let day = 0; day < 30; day++) {
      for (const dport of [22, 135, 161, 5985]) {
        const sport = wire.chance.between(32768, 60000);
        const c = new Tcp(wire, { from, to, sport, dport, look: "linux" });
        if (dport === 22) c.used();
        else c.refused();
      }
      for (let i = 0; i < 4; i++) background(wire.wait(6 * HOUR - 1), to);
    }
  },
);
