// Datagrams from a service's port to a client's: probes that look like answers, and the answers that honest captures
// have without their questions.

import { attack, harmless } from "./cases.ts";
import { asked, background } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const SERVICES = [53, 123, 443, 5353];

/** A question of a host to its resolver, and the answer. */
function askResolver(wire: Wire, host: string, resolver: string): void {
  const sport = wire.chance.between(33_000, 60_000);
  asked(wire, { from: host, to: resolver, sport, dport: 53 }, "answered");
}

attack(
  "unasked answers: a hundred silent high ports of a host, from a service's port",
  product(FAMILIES, SERVICES, [0.01, 1]),
  ([family, sport, pause], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (let i = 0; i < 100; i++) {
      wire.udp({ from, to, sport, dport: 20_000 + i, payload: 40 });
      wire.wait(pause);
    }
    for (let i = 0; i < 4; i++) background(wire.wait(10), to);
    return [{ source: from, ports: 100, hosts: 1, silent: 100, techniques: "udp" }];
  },
);

attack(
  "unasked answers: one silent high port of a hundred hosts, from a service's port",
  product(FAMILIES, SERVICES.slice(0, 3)),
  ([family, sport], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 100; i++) {
      wire.udp({ from, to: host(i), sport, dport: 11_211, payload: 40 });
      wire.wait(0.1);
    }
    for (let i = 0; i < 4; i++) background(wire.wait(10), host(240));
    return [{ source: from, ports: 1, hosts: 100, techniques: "udp" }];
  },
);

harmless(
  "unasked answers: of a resolver, one in ten of whose questions the capture lost",
  product(FAMILIES, [0.01, 0.5]),
  ([family, pause], wire) => {
    const { client: server, target: host } = PLACES[family];
    for (let i = 0; i < 1500; i++) {
      askResolver(wire, host, server);
      if (i % 10 === 9) wire.frames.splice(-2, 1);
      wire.wait(pause);
    }
  },
);

harmless(
  "unasked answers: all that a resolver sends, in a capture of arrivals alone",
  FAMILIES,
  (family, wire) => {
    const { client: server, target: host } = PLACES[family];
    for (let i = 0; i < 600; i++) {
      askResolver(wire, host, server);
      if (i % 5 === 0) background(wire, host);
      wire.wait(0.1);
    }
    return { seen: (frame) => !wire.isFrom(frame, host) };
  },
);

harmless(
  "unasked answers: those under way, and the streams that go on, when the capture begins",
  product(FAMILIES, [53, 443, 3478]),
  ([family, sport], wire) => {
    const { client: from, target: to } = PLACES[family];
    for (let i = 0; i < 20; i++) {
      for (let k = 0; k < 3; k++) wire.udp({ from, to, sport, dport: 40_000 + i, payload: 900 });
    }
    for (let i = 0; i < 40; i++) background(wire.wait(2), to);
  },
);
