// Alerts are bounded, and who does most is told all the same: forged scans of a few packets each do not
// silence one of many ports. A flood is an event of its own.

import assert from "node:assert/strict";
import { attack, type Heard } from "./cases.ts";
import { Tcp } from "./conversation.ts";
import { PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const { scanner, target } = PLACES.v4;

function forged(i: number): string {
  return `${11 + i % 180}.${i >> 9 & 255}.${i % 251}.${1 + i % 249}`;
}

/** A scan that costs its forger a few packets, under a name of its own. */
const CHEAP: Record<string, (wire: Wire, from: string) => void> = {
  "three NULL probes": (wire, from) => {
    for (const dport of [21, 22, 23]) {
      wire.tcp({ from, to: target, sport: 40000, dport, flags: 0, seq: 1 });
    }
  },
  "three Xmas probes": (wire, from) => {
    for (const dport of [21, 22, 23]) {
      wire.tcp({ from, to: target, sport: 40000, dport, flags: 41, seq: 1 });
    }
  },
  "seven SYNs": (wire, from) => {
    for (let dport = 21; dport < 28; dport++) {
      new Tcp(wire, { from, to: target, sport: 40000, dport, look: "nmap" }).refused();
    }
  },
  "seven FINs": (wire, from) => {
    for (let dport = 21; dport < 28; dport++) {
      wire.tcp({ from, to: target, sport: 40000, dport, flags: 1, seq: dport });
    }
  },
  "two hosts' NULL probes": (wire, from) => {
    for (const to of [target, PLACES.v4.host(3)]) {
      for (const dport of [22, 25, 80]) {
        wire.tcp({ from, to, sport: 40000, dport, flags: 0, seq: 1 });
      }
    }
  },
  "thirty SYNs": (wire, from) => {
    for (let dport = 21; dport < 51; dport++) {
      wire.tcp({ from, to: target, sport: 40000, dport, flags: 2, seq: dport });
    }
  },
  "eleven datagrams": (wire, from) => {
    for (let dport = 21; dport < 32; dport++) {
      wire.unreachable(wire.udp({ from, to: target, sport: 40000, dport, payload: 8 }));
    }
  },
};
/** How the real scan is spread among the forged ones. */
const PACE = { "all at once after them": 0, "one port a second among them": 1 };

for (const [name, send] of Object.entries(CHEAP)) {
  attack(
    `budgets: ${name} under many names do not silence a scan of 150 ports`,
    product([100, 1000], Object.keys(PACE) as (keyof typeof PACE)[]),
    ([count, how], wire) => {
      const ports = wire.numbers(150, 100, 900);
      const probe = (dport: number) => {
        const sport = wire.chance.between(1024, 65000);
        new Tcp(wire, { from: scanner, to: target, sport, dport, look: "linux" }).refused();
      };
      if (PACE[how] === 0) {
        for (let i = 0; i < count; i++) send(wire, forged(i));
        ports.forEach(probe);
      } else {
        ports.forEach((port, k) => {
          for (let i = 0; i < count / 150; i++) send(wire, forged(Math.floor(k * count / 150) + i));
          probe(port);
          wire.wait(1);
        });
      }
      return {
        expected: [],
        anyNumber: true,
        also: ({ told, events }) => {
          const own = told.filter(({ source }) => source === scanner);
          assert.equal(own.length, 1, `not told among ${told.length}`);
          assert.equal(own[0].ports, 150);
          assert.ok(told.length <= 200, `${told.length} told`);
          const suppressed = events.filter(({ action }) => action === "alerts-suppressed");
          // Those that send equal packets are told as one scan of many sources.
          const named = told.reduce((sum, { forged }) => sum + 1 + forged, 0);
          if (named < count) assert.ok(suppressed.length > 0, "nothing said of those not told");
        },
      };
    },
    // Slower than --flood-rate, so that every first packet is followed.
    () => ({ stepUs: 150 }),
  );
}

attack(
  "budgets: names of an IPv6 network, one after the other, do not silence a scan of 150 ports",
  [100, 2000],
  (count, wire) => {
    const { scanner, target } = PLACES.v6;
    const ports = wire.numbers(150, 100, 900);
    for (let i = 0; i < count; i++) {
      const from = `2001:db8:${(0x100 + i).toString(16)}::${(i % 7 + 1).toString(16)}`;
      for (const dport of [21, 22, 23]) {
        wire.tcp({ from, to: target, sport: 40000, dport, flags: 0, seq: 1 });
      }
      const dport = ports[Math.floor(i * 150 / count)];
      if (Math.floor(i * 150 / count) === Math.floor((i - 1) * 150 / count)) continue;
      new Tcp(wire, { from: scanner, to: target, sport: 50000 + i, dport, look: "linux" })
        .refused();
      wire.wait(0.2);
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        const own = told.filter(({ source }) => source === scanner);
        assert.equal(own.length, 1, `not told among ${told.length}`);
        assert.equal(own[0].ports, Math.min(count, 150));
        assert.ok(told.length <= 200, `${told.length} told`);
      },
    };
  },
  () => ({ stepUs: 100 }),
);

attack(
  "budgets: a scan that one open port proves waits for no forged one, whatever those have paid",
  product([64, 200], ["before it", "also after it"] as const),
  ([count, when], wire) => {
    const flood = (first: number) => {
      for (let i = first; i < first + count; i++) {
        for (let dport = 1; dport <= 160; dport++) {
          wire.tcp({ from: forged(i), to: target, sport: 40000, dport, flags: 0, seq: i });
        }
      }
    };
    flood(0);
    wire.numbers(150, 100, 900).forEach((dport, k) => {
      const tcp = new Tcp(wire, { from: scanner, to: target, sport: 41000, dport, look: "nmap" });
      if (k === 40) tcp.syn().accept().reset();
      else tcp.refused();
    });
    if (when === "also after it") flood(count);
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        const own = told.filter(({ source }) => source === scanner);
        assert.deepEqual(own.map(({ ports, evidence }) => [ports, evidence]), [[150, "reset"]]);
      },
    };
  },
  () => ({ stepUs: 150 }),
);

attack(
  "budgets: who is not told is named with what it did, once others have paid for as much",
  [90],
  (count, wire) => {
    // Each forged name has done nearly as much, and there are more of them than may be told.
    for (let i = 0; i < count; i++) {
      for (let dport = 1; dport <= 140; dport++) {
        wire.tcp({ from: forged(i), to: target, sport: 40000, dport, flags: 0, seq: i });
      }
    }
    for (const dport of wire.numbers(150, 100, 900)) {
      new Tcp(wire, { from: scanner, to: target, sport: 41000, dport, look: "linux" }).refused();
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told, events }) => {
        const named = events.flatMap((event) =>
          event.action === "alerts-suppressed" ? event.most ?? [] : []
        );
        const isTold = told.some(({ source }) => source === scanner);
        const row = named.find(({ source }) => source === scanner);
        assert.ok(isTold || row?.attempts === 150, JSON.stringify(named));
      },
    };
  },
  () => ({ stepUs: 20 }),
);

/** Events of floods, whatever else they hold. */
function floods({ events }: Heard): { startUs: number; endUs: number; timeUs: number }[] {
  return events.filter(({ action }) => (action as string) === "flood") as never;
}

for (
  const [name, portOf] of Object.entries({
    "one port": () => 80,
    "many ports": (i: number) => 1 + i * 7919 % 60000,
  })
) {
  attack(
    `budgets: a flood of forged sources to ${name} is one event at its begin and one at its end`,
    [3000, 20_000],
    (count, wire) => {
      for (let i = 0; i < count; i++) {
        const from = forged(i * 37 + (i >> 8) * 4001);
        wire.tcp({ from, to: target, sport: 1024 + i % 60000, dport: portOf(i), flags: 2, seq: i });
      }
      // The server goes on; the flood is over.
      for (let i = 0; i < 10; i++) {
        wire.wait(30);
        new Tcp(wire, { from: PLACES.v4.client, to: target, sport: 50000 + i, dport: 443 }).used();
      }
      return {
        expected: [],
        also: (heard) => {
          assert.equal(floods(heard).length, 2, `${floods(heard).length} events of a flood`);
          const said = heard.events.filter(({ action }) => action === "alerts-suppressed");
          assert.equal(said.length, 0, "a flood is no list of scans that were not told");
        },
      };
    },
    () => ({ stepUs: 50 }),
  );
}

attack(
  "budgets: a scan in a flood of forged sources is told, and nobody else",
  product([5000, 20_000], [40, 150]),
  ([count, ports], wire) => {
    const every = Math.floor(count / ports);
    let next = 0;
    for (let i = 0; i < count; i++) {
      const from = forged(i * 37 + (i >> 8) * 4001);
      wire.tcp({ from, to: target, sport: 1024 + i % 60000, dport: 80, flags: 2, seq: i });
      if (i % every === 0 && next < ports) {
        const dport = 100 + next++;
        new Tcp(wire, { from: scanner, to: target, sport: 44444, dport, look: "nmap" }).refused();
      }
    }
    return { expected: [{ source: scanner, techniques: "syn", ports, closed: ports }] };
  },
  // Slower than --flood-rate, so that every first packet is followed.
  () => ({ stepUs: 300 }),
);
