// Forms of a SYN and of what answers it: data in it, other flags, errors instead of resets, answers that are
// sent again. However it looks, a scan is one.

import { TcpFlag } from "../../src/record.ts";
import { attack } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, PACES, PLACES, product } from "./places.ts";
import { portList } from "./ports_text.ts";
import type { TcpSegment, Wire } from "./wire.ts";

const { Syn, Rst, Psh, Ack, Urg, Ece, Cwr } = TcpFlag;
const COUNT = 40;

/** What a SYN may have besides. */
const FORMS: Record<string, (wire: Wire, n: number) => Partial<TcpSegment>> = {
  "with data": () => ({ payload: 16 }),
  "with a whole request": () => ({ payload: 512, look: "linux" }),
  "with ECN": () => ({ flags: Syn | Ece | Cwr, look: "linux" }),
  "with PSH": () => ({ flags: Syn | Psh }),
  "with URG": () => ({ flags: Syn | Urg }),
  "with an acknowledgement number but no ACK": (wire) => ({ ack: wire.chance.next() }),
  "with the target's address as its number, as Mirai sends it": () => ({ seq: 0xcb00710a }),
  "with the number 0": () => ({ seq: 0 }),
  "with a window of 0": () => ({ window: 0 }),
  "from port 0": () => ({ sport: 0 }),
  "from port 80": () => ({ sport: 80 }),
  "from the port that it asks for": (_, n) => ({ sport: n }),
  "with TTL 1": () => ({ ttl: 1 }),
  "with TTL 255": () => ({ ttl: 255 }),
};
for (const [name, form] of Object.entries(FORMS)) {
  attack(
    `witnesses: SYNs ${name}`,
    product(FAMILIES, ["refused", "silent", "open"] as const).map(([family, answer], i) => ({
      family,
      answer,
      pace: Object.values(PACES)[i % 5],
    })),
    ({ family, answer, pace }, wire) => {
      const { scanner: from, target: to } = PLACES[family];
      background(wire, to);
      const ports = wire.numbers(COUNT, 81, 440);
      for (const dport of ports) {
        const ends = { from, to, sport: 50123, dport, seq: wire.chance.next() };
        const probe = { ...ends, flags: Syn, ...form(wire, dport) };
        wire.tcp(probe);
        const length = typeof probe.payload === "number" ? probe.payload : 0;
        const back = { from: to, to: from, sport: dport, dport: probe.sport, ttl: 64 };
        const ack = (probe.seq + 1 + (answer === "refused" ? length : 0)) >>> 0;
        if (answer === "refused") wire.tcp({ ...back, flags: Rst | Ack, ack, window: 0 });
        if (answer === "open") {
          wire.tcp({ ...back, flags: Syn | Ack, seq: 99, ack });
          wire.tcp({ ...ends, sport: probe.sport, flags: Rst, seq: ack, window: 0 });
        }
        wire.wait(pace);
      }
      background(wire.wait(10), to);
      return [{
        source: from,
        shape: "vertical",
        ports: COUNT,
        open: answer === "open" ? portList(ports) : "",
        closed: answer === "refused" ? COUNT : 0,
        silent: answer === "silent" ? COUNT : 0,
        hosts: 1,
      }];
    },
  );
}

/** How a firewall or a host says no. `by`: the target itself, or a router before it. */
const REFUSALS: Record<string, { by: "target" | "router"; four: number[]; six: number[] }> = {
  "port unreachable, by the target": { by: "target", four: [3, 3], six: [1, 4] },
  "administratively prohibited, by the target": { by: "target", four: [3, 13], six: [1, 1] },
  "administratively prohibited, by a router": { by: "router", four: [3, 13], six: [1, 1] },
  "host prohibited, by a router": { by: "router", four: [3, 10], six: [1, 1] },
  "network unreachable, by a router": { by: "router", four: [3, 0], six: [1, 0] },
};
for (const [name, { by, four, six }] of Object.entries(REFUSALS)) {
  attack(
    `witnesses: a scan that is refused with ${name}`,
    product(FAMILIES, ["syn", "udp"] as const),
    ([family, kind], wire) => {
      const { scanner: from, target: to, router } = PLACES[family];
      background(wire, to);
      for (const dport of wire.numbers(COUNT, 100, 440)) {
        const ends = { from, to, sport: 50123, dport };
        const packet = kind === "syn"
          ? wire.tcp({ ...ends, flags: Syn, seq: 9, look: "nmap" })
          : wire.udp({ ...ends, payload: 20 });
        const [type, code] = family === "v4" ? four : six;
        wire.error(by === "target" ? to : router, packet, type, code);
        wire.wait(0.05);
      }
      background(wire.wait(10), to);
      return [{ source: from, techniques: kind, ports: COUNT, open: "", hosts: 1 }];
    },
  );
}

attack(
  "witnesses: open ports whose SYN-ACKs are sent again and again, because nobody resets them",
  product(FAMILIES, [0, 30], [2, 5]),
  ([family, closed, times], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const ports = wire.numbers(40 + closed, 100, 440);
    const open = ports.slice(0, 40).map((dport) => {
      return new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" }).syn();
    });
    for (const dport of ports.slice(40)) {
      new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" }).refused();
    }
    for (let k = 0; k < times; k++) {
      for (const c of open) c.down(Syn | Ack);
      wire.wait(2 ** k);
    }
    background(wire.wait(60), to);
    return [{
      source: from,
      techniques: "syn",
      ports: 40 + closed,
      open: portList(ports.slice(0, 40)),
      closed,
      silent: 0,
      evidence: "none",
    }];
  },
);
