// UDP scans in disguise: asked again and again, from a service's port after a real answer, with a small TTL,
// answered by somebody else, or by who then refuses the answer. All of it must be told.

import { attack, type Expected, harmless } from "./cases.ts";
import { asked, background, type Ends } from "./conversation.ts";
import { FAMILIES, type Family, PACES, PLACES, product } from "./places.ts";
import { portList } from "./ports_text.ts";
import type { Wire } from "./wire.ts";

const COUNT = 40;
type Answer = "silent" | "refused";

/** The target is seen to speak: to its own name server, and to a client. */
function seen(wire: Wire, family: Family): void {
  const { target, third } = PLACES[family];
  background(wire, target);
  asked(wire, { from: target, to: third, sport: 40053, dport: 53 }, "answered");
}

function vertical(family: Family, answer: Answer, count = COUNT): Expected {
  return {
    source: PLACES[family].scanner,
    techniques: "udp",
    shape: "vertical",
    ports: count,
    open: "",
    closed: answer === "refused" ? count : 0,
    silent: answer === "silent" ? count : 0,
    hosts: 1,
    evidence: "none",
  };
}

for (const answer of ["silent", "refused"] as const) {
  for (const order of ["each port again at once", "all ports again in rounds"] as const) {
    attack(
      `witnesses: datagrams to ports that are ${answer}, ${order}`,
      product(FAMILIES, [2, 3, 5, 16], ["burst", "nmap", "second"] as const),
      ([family, times, pace], wire) => {
        const { scanner: from, target: to } = PLACES[family];
        seen(wire, family);
        const ports = wire.numbers(COUNT, 100, 900), sport = wire.chance.between(1024, 65000);
        const ask = (dport: number) => {
          asked(wire, { from, to, sport, dport, payload: 20 }, answer);
          wire.wait(PACES[pace]);
        };
        if (order === "each port again at once") {
          for (const port of ports) for (let k = 0; k < times; k++) ask(port);
        } else {
          for (let k = 0; k < times; k++) {
            ports.forEach(ask);
            wire.wait(10);
          }
        }
        background(wire.wait(20), to);
        return [vertical(family, answer)];
      },
    );
  }

  attack(
    `witnesses: datagrams of changing sizes and source ports to ports that are ${answer}`,
    product(FAMILIES, ["fast", "quarter", "slow"] as const),
    ([family, pace], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      seen(wire, family);
      for (const dport of wire.numbers(COUNT, 100, 900)) {
        const sport = wire.chance.between(1024, 65000), payload = wire.chance.between(0, 1200);
        asked(wire, { from, to, sport, dport, payload }, answer);
        wire.wait(PACES[pace]);
      }
      background(wire.wait(20), to);
      return [vertical(family, answer)];
    },
  );

  attack(
    `witnesses: from a service's port that the target once asked, to ports that are ${answer}`,
    product(FAMILIES, [53, 123, 161, 443, 500, 1900, 5353, 67], [0, 12, 48]),
    ([family, service, payload], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      seen(wire, family);
      asked(wire, { from: to, to: from, sport: 40777, dport: service }, "answered");
      wire.wait(0.5);
      for (const dport of wire.numbers(COUNT, 100, 900)) {
        asked(wire, { from, to, sport: service, dport, payload }, answer);
        wire.wait(0.01);
      }
      background(wire.wait(20), to);
      return [vertical(family, answer)];
    },
  );

  attack(
    `witnesses: from a service's port that nobody asked, to ports that are ${answer}`,
    product(FAMILIES, [20, 53, 67, 80, 123, 500], [0, 12, 48]),
    ([family, service, payload], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      seen(wire, family);
      for (const dport of wire.numbers(COUNT, 100, 900)) {
        asked(wire, { from, to, sport: service, dport, payload }, answer);
        wire.wait(0.01);
      }
      background(wire.wait(20), to);
      return [vertical(family, answer)];
    },
  );

  attack(
    `witnesses: datagrams with a small TTL to ports that are ${answer}`,
    product(FAMILIES, [1, 5, 20, 30], ["fast", "nmap"] as const),
    ([family, ttl, pace], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      seen(wire, family);
      for (const dport of wire.numbers(COUNT, 100, 900)) {
        asked(wire, { from, to, sport: 50123, dport, ttl }, answer);
        wire.wait(PACES[pace]);
      }
      background(wire.wait(20), to);
      return [vertical(family, answer)];
    },
  );
}

attack(
  "witnesses: high ports, which no traceroute asks for, with a small TTL",
  product(FAMILIES, [3, 20, 30]),
  ([family, ttl], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    seen(wire, family);
    for (const dport of wire.numbers(200, 1025, 30000)) {
      asked(wire, { from, to, sport: 50123, dport, ttl }, "refused");
      wire.wait(0.01);
    }
    return [vertical(family, "refused", 200)];
  },
);

attack(
  "witnesses: high ports with the TTL of a traceroute",
  product(FAMILIES, [3, 20, "any"] as const, ["refused", "silent"] as const),
  ([family, ttl, answer], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    seen(wire, family);
    for (const dport of wire.numbers(200, 33000, 60000)) {
      const left = ttl === "any" ? wire.chance.between(1, 30) : ttl;
      asked(wire, { from, to, sport: 50123, dport, ttl: left }, answer);
      wire.wait(0.01);
    }
    background(wire.wait(10), to);
    return [vertical(family, answer, 200)];
  },
);

attack(
  "witnesses: silent ports, each asked as often as a stream or a way through a NAT",
  // From a service's port to a client's it would look like an answer.
  product(FAMILIES, [[4, 50123], [24, 50123]], ["high", "low"] as const),
  ([family, [times, sport], where], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    seen(wire, family);
    const [low, high] = where === "high" ? [33000, 60000] : [100, 900];
    for (const dport of wire.numbers(80, low, high)) {
      for (let k = 0; k < times; k++) {
        asked(wire, { from, to, sport, dport, payload: 20 }, "silent");
        wire.wait(0.01);
      }
    }
    background(wire.wait(10), to);
    return [vertical(family, "silent", 80)];
  },
);

attack(
  "witnesses: one high port of many hosts with TTLs that are left of nmap's",
  product(FAMILIES, [47808, 37810, 51820], ["refused", "silent"] as const),
  ([family, dport, answer], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 150; i++) {
      const ttl = wire.chance.between(17, 40);
      asked(wire, { from, to: host(i), sport: 50123, dport, ttl }, answer);
      wire.wait(0.02);
    }
    background(wire.wait(10), host(240));
    return [{ source: from, techniques: "udp", shape: "horizontal", ports: 1, hosts: 150 }];
  },
);

/** Who sends the packet that is not an answer. */
const NO_ANSWERS: Record<string, (wire: Wire, ends: Ends, family: Family) => void> = {
  "from another port of the target": (wire, { from, to, sport, dport }) => {
    wire.udp({ from: to, to: from, sport: dport + 20000, dport: sport, payload: 20 });
  },
  "to another port of the asker": (wire, { from, to, sport, dport }) => {
    wire.udp({ from: to, to: from, sport: dport, dport: sport + 1, payload: 20 });
  },
  "from another host": (wire, { from, sport, dport }, family) => {
    wire.udp({ from: PLACES[family].other, to: from, sport: dport, dport: sport, payload: 20 });
  },
};
for (const [how, send] of Object.entries(NO_ANSWERS)) {
  attack(
    `witnesses: an answer ${how} is none, and nothing is open`,
    product(FAMILIES, ["fast", "second"] as const),
    ([family, pace], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      seen(wire, family);
      for (const dport of wire.numbers(COUNT, 100, 900)) {
        const ends = { from, to, sport: 50123, dport };
        wire.udp({ ...ends, payload: 20 });
        send(wire, ends, family);
        wire.wait(PACES[pace]);
      }
      background(wire.wait(20), to);
      return [vertical(family, "silent")];
    },
  );
}

attack(
  "witnesses: answers that the asker's kernel refuses are no use, and they are what was learned",
  product(FAMILIES, [0, 3, 20], ["fast", "second"] as const),
  ([family, answering, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    seen(wire, family);
    const ports = wire.numbers(COUNT, 100, 900);
    ports.forEach((dport, i) => {
      const ends = { from, to, sport: 50123, dport };
      wire.udp({ ...ends, payload: 20 });
      if (i < answering) {
        const answer = wire.udp({ from: to, to: from, sport: dport, dport: 50123, payload: 80 });
        wire.unreachable(answer);
      }
      wire.wait(PACES[pace]);
    });
    background(wire.wait(20), to);
    const open = ports.slice(0, answering);
    return {
      expected: [{
        ...vertical(family, "silent"),
        silent: COUNT - answering,
        open: portList(open),
      }],
    };
  },
);

/** ICMP errors of a UDP scan that excuse it only if they are addressed to whom they quote. */
const ERRORS: Record<string, [type4: number, code4: number, type6: number, code6: number]> = {
  "time exceeded": [11, 0, 3, 0],
  "host unreachable": [3, 1, 1, 3],
  "a fragment's time exceeded": [11, 1, 3, 1],
  "parameter problem": [12, 0, 4, 0],
  "source quench, or packet too big": [4, 0, 2, 0],
};
for (const [name, [type4, code4, type6, code6]] of Object.entries(ERRORS)) {
  attack(
    `witnesses: ${name} that is sent to the target, about the scanner's datagram`,
    product(FAMILIES, ["fast", "second"] as const),
    ([family, pace], wire) => {
      const { scanner: from, target: to, router } = PLACES[family];
      seen(wire, family);
      for (const dport of wire.numbers(COUNT, 100, 900)) {
        const packet = wire.udp({ from, to, sport: 50123, dport, payload: 20 });
        const [type, code] = family === "v4" ? [type4, code4] : [type6, code6];
        wire.error(router, packet, type, code, to);
        wire.wait(PACES[pace]);
      }
      background(wire.wait(20), to);
      return [vertical(family, "silent")];
    },
  );
}

attack(
  "witnesses: port unreachables about a third address, sent to the target, accuse nobody",
  product(FAMILIES, [17, 6], [40, 400]),
  ([family, protocol, count], wire) => {
    const { scanner: from, target: to, third } = PLACES[family];
    seen(wire, family);
    for (let port = 1; port <= count; port++) {
      const ends = { from: third, to: from, sport: 50123, dport: port };
      const before = wire.frames.length;
      const quoted = protocol === 17
        ? wire.udp({ ...ends, payload: 20 })
        : wire.tcp({ ...ends, flags: 2 });
      // It was never sent: who makes the errors up writes it.
      wire.frames.length = before;
      wire.error(from, quoted, family === "v4" ? 3 : 1, family === "v4" ? 3 : 4, to);
    }
    return [];
  },
);

attack(
  "witnesses: a sweep of one UDP port, each host asked again and again",
  product(FAMILIES, [1, 3, 5], [53, 161, 123, 1900, 5060, 27015]),
  ([family, times, dport], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(5));
    for (let k = 0; k < times; k++) {
      for (let i = 0; i < 200; i++) {
        wire.udp({ from, to: host(i), sport: 50123, dport, payload: 30 });
        wire.wait(0.01);
      }
    }
    background(wire.wait(20), host(6));
    return [{
      source: from,
      techniques: "udp",
      shape: "horizontal",
      hosts: 200,
      ports: 1,
      open: "",
      evidence: "none",
    }];
  },
);

attack(
  "witnesses: silent high ports, asked from a service's port by what is too short for its answer",
  product(FAMILIES, [53, 123, 443], [0, 11]),
  ([family, sport, payload], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    seen(wire, family);
    for (const dport of wire.numbers(COUNT, 1025, 60000)) {
      wire.udp({ from, to, sport, dport, payload });
      wire.wait(0.1);
    }
    background(wire.wait(10), to);
    return [vertical(family, "silent")];
  },
);

harmless(
  "witnesses: late answers of a name server, which a firewall drops, and a telephone server's keepalives",
  product(FAMILIES, [[53, 12, 24], [5060, 0, 200], [4500, 1, 200]] as const),
  ([family, [sport, payload, count]], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    seen(wire, family);
    for (const dport of wire.numbers(count, 1025, 60000)) {
      wire.udp({ from, to, sport, dport, payload });
      wire.wait(0.1);
    }
    background(wire.wait(10), to);
  },
);
