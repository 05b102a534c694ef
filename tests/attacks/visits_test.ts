// Who comes back to what was found open: a whole connection that was used is a visit; what anybody can send
// under the scanner's name is none.

import assert from "node:assert/strict";
import { attack, type Heard } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const HOURS = 3 * 3600;

/** A scan of forty ports that finds 8080 open; and three hours of visitors. */
function scanFirst(wire: Wire, family: Family): void {
  const { scanner: from, target: to } = PLACES[family];
  background(wire, to);
  for (const dport of [...wire.numbers(39, 1, 900), 8080]) {
    const c = new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" });
    if (dport === 8080) c.halfOpen();
    else c.refused();
  }
  for (let i = 0; i < 12; i++) background(wire.wait(HOURS / 12), to);
}

function visits({ events }: Heard): string[] {
  return events.flatMap((event) =>
    event.action === "scan-visit"
      ? [`${event.source} ${event.destinationPort} ${event.evidence}`]
      : []
  );
}

const COMES: Record<string, { send: (c: Tcp) => void; isVisit: boolean }> = {
  "uses it": { send: (c) => c.used(), isVisit: true },
  "uses it, and is slow": {
    send: (c) => c.syn().synAgain().accept().ack().data(9).reply(9).close(),
    isVisit: true,
  },
  "only opens it": { send: (c) => c.halfOpen(), isVisit: false },
  "opens and closes it without a word": { send: (c) => c.empty(), isVisit: false },
  "sends data of a connection that never was": {
    send: (c) => c.data(100).data(100).up(17),
    isVisit: false,
  },
  "acknowledges another number, and sends data": {
    send: (c) => {
      c.syn().accept();
      c.peer += 77;
      c.ack().data(100);
    },
    isVisit: false,
  },
  "is refused": { send: (c) => c.refused(), isVisit: false },
};
for (const [name, { send, isVisit }] of Object.entries(COMES)) {
  attack(
    `visits: the scanner's address comes back and ${name}`,
    product(FAMILIES, ["linux", "windows"] as const),
    ([family, look], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      scanFirst(wire, family);
      send(new Tcp(wire, { from, to, sport: 40404, dport: 8080, look }));
      background(wire.wait(60), to);
      return {
        expected: [{ source: from, ports: 40, open: "8080" }],
        also: (heard) => {
          assert.deepEqual(visits(heard), isVisit ? [`${from} 8080 handshake`] : []);
        },
      };
    },
  );
}

attack(
  "visits: clients of other networks use the port that a scan found open",
  FAMILIES,
  (family, wire) => {
    const { scanner, target: to, far } = PLACES[family];
    scanFirst(wire, family);
    for (let i = 0; i < 20; i++) {
      new Tcp(wire, { from: far(i), to, sport: 40000 + i, dport: 8080, look: "linux" }).used();
    }
    return {
      expected: [{ source: scanner, ports: 40, open: "8080" }],
      also: (heard) => assert.deepEqual(visits(heard), []),
    };
  },
);
