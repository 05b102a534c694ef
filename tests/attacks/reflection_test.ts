// Answers of many servers to a host in whose name somebody else asked, and who would hide among them.

import { attack, harmless } from "./cases.ts";
import { asked, background } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

type Family = typeof FAMILIES[number];

/** Answers of so many servers in turn, to ports from `low` on, some of which the host refuses. */
function reflect(
  wire: Wire,
  { family, service, servers, count, refused, low = 1024 }: {
    family: Family;
    service: number;
    servers: number;
    count: number;
    refused: number;
    low?: number;
  },
): void {
  const { target: to, far } = PLACES[family];
  for (let i = 0; i < count; i++) {
    const answer = {
      from: far(i % servers),
      to,
      sport: service,
      dport: wire.chance.between(low, 65535),
    };
    asked(wire, { ...answer, payload: 1200 }, i % refused === 0 ? "refused" : "silent");
    wire.wait(0.01);
  }
}

harmless(
  "reflection: servers answer what was asked in the host's name, and it refuses all or some",
  product(FAMILIES, [53, 123, 389, 1900], [[30, 1], [30, 20], [200, 4]] as const),
  ([family, service, [servers, refused]], wire) => {
    background(wire, PLACES[family].target);
    reflect(wire, { family, service, servers, count: 100 * servers, refused });
    background(wire.wait(10), PLACES[family].target);
  },
);

harmless(
  "reflection: to ports of all sizes, most of which the host does not answer",
  product(FAMILIES, [53, 11211]),
  ([family, service], wire) => {
    background(wire, PLACES[family].target);
    reflect(wire, { family, service, servers: 40, count: 20_000, refused: 50, low: 1 });
    background(wire.wait(10), PLACES[family].target);
  },
);

attack(
  "reflection: a scan from the same service's port, faster than all that is reflected",
  product(FAMILIES, [53, 123]),
  ([family, service], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (const dport of wire.numbers(120, 1024, 60000)) {
      reflect(wire, { family, service, servers: 200, count: 1, refused: 2 });
      for (let k = 0; k < 3; k++) {
        asked(wire, { from, to, sport: service, dport: dport + k, payload: 12 }, "refused");
      }
    }
    background(wire.wait(10), to);
    return { expected: [{ source: from, techniques: "udp", shape: "vertical", hosts: 1 }] };
  },
);

attack(
  "reflection: decoys that ask the same ports from a service's port are a scan",
  FAMILIES,
  (family, wire) => {
    const { scanner, target: to, far } = PLACES[family];
    background(wire, to);
    for (const dport of wire.numbers(60, 1024, 60000)) {
      const sent = [scanner, ...Array.from({ length: 20 }, (_, i) => far(i))].map((from) =>
        wire.udp({ from, to, sport: 53, dport, id: dport, payload: 12 })
      );
      for (const packet of sent) wire.unreachable(packet);
      wire.wait(0.1);
    }
    background(wire.wait(10), to);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        if (told.length === 0 || told[0].techniques !== "udp") throw new Error("no scan is told");
      },
    };
  },
);
