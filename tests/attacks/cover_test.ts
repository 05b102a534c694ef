// What a source is served elsewhere as a cover for a sweep of one network: a client's browsing before it, or a
// scanner's own. And clients, crawlers and monitors whose failures have a network in common.

import { attack, harmless } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const FATES = ["refused", "silent"] as const;

/** So many servers, no two in one network, serve the client at the port. */
function served(wire: Wire, family: Family, count: number, dport: number): void {
  const { client: from, far } = PLACES[family];
  for (let i = 0; i < count; i++) {
    new Tcp(wire, { from, to: far(i), sport: 20_000 + i, dport, look: "linux" }).used();
    wire.wait(0.5);
  }
}

attack(
  "cover: a sweep of the port of which a client uses hundreds of servers elsewhere",
  product(FAMILIES, [22, 443], ["linux", "nmap"] as const).flatMap((one) =>
    FATES.map((fate) => [...one, fate] as const)
  ),
  ([family, dport, look, fate], wire) => {
    const { client: from, host } = PLACES[family];
    background(wire, host(240));
    served(wire, family, 250, dport);
    wire.wait(60);
    for (let i = 0; i < 100; i++) {
      const c = new Tcp(wire, { from, to: host(i), sport: 40_000 + i, dport, look });
      if (fate === "refused") c.refused();
      else c.syn();
      wire.wait(0.1);
    }
    const toldBeforeUs = wire.timeUs;
    background(wire.wait(30), host(240));
    return [{ source: from, shape: "horizontal", ports: 1, toldBeforeUs }];
  },
);

harmless(
  "cover: a crawler that finds the half of a network's servers gone, and a few of each other network's",
  product(FAMILIES, FATES),
  ([family, fate], wire) => {
    const { client: from, host, far } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 400; i++) {
      const to = i % 8 === 0 ? host(i / 8) : far(i);
      const c = new Tcp(wire, { from, to, sport: 20_000 + i, dport: 443, look: "linux" });
      const isGone = i % 8 === 0 ? i % 16 === 0 : i % 4 === 1;
      if (!isGone) c.used();
      else if (fate === "refused") c.refused();
      else c.syn();
      wire.wait(1);
    }
  },
);

harmless(
  "cover: a monitor of which all the servers of one network fail after they were there",
  product(FAMILIES, FATES),
  ([family, fate], wire) => {
    const { client: from, host } = PLACES[family];
    served(wire, family, 60, 9100);
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 60; i++) {
        const sport = 30_000 + 60 * round + i;
        const c = new Tcp(wire, { from, to: host(i), sport, dport: 9100, look: "linux" });
        if (round < 2) c.used();
        else if (fate === "refused") c.refused();
        else c.syn();
        wire.wait(0.5);
      }
    }
  },
);
