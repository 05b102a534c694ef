// When a scan is told: as soon as its targets have been silent for `--answer-wait`, not minutes later, and
// not only when the capture ends.

import { attack } from "./cases.ts";
import { background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

/** `--answer-wait` is four seconds; and the detector looks now and then. */
const MARGIN_US = 8_000_000;

/** The server's visitors, one in two seconds, for ten minutes. */
function goOn(wire: Wire, server: string): void {
  for (let i = 0; i < 300; i++) background(wire.wait(2), server);
}

attack(
  "latency: a UDP scan of one host that says nothing",
  product(FAMILIES, [40, 120], [0.001, 0.05]),
  ([family, count, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    goOn(wire, to);
    for (const dport of wire.numbers(count, 1, 900)) {
      wire.udp({ from, to, sport: 50123, dport, payload: 8 });
      wire.wait(pace);
    }
    const toldBeforeUs = wire.timeUs + MARGIN_US;
    goOn(wire, to);
    return [{ source: from, techniques: "udp", ports: count, silent: count, toldBeforeUs }];
  },
);

attack(
  "latency: a SYN scan of one host that says nothing",
  product(FAMILIES, [40, 120], [0.001, 0.05]),
  ([family, count, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    goOn(wire, to);
    for (const dport of wire.numbers(count, 1, 900)) {
      new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" }).syn();
      wire.wait(pace);
    }
    const toldBeforeUs = wire.timeUs + MARGIN_US;
    goOn(wire, to);
    return [{ source: from, techniques: "syn", ports: count, silent: count, toldBeforeUs }];
  },
);

attack(
  "latency: a refused scan is told at the port that makes it one",
  product(FAMILIES, ["syn", "udp"] as const),
  ([family, kind], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    goOn(wire, to);
    let toldBeforeUs = 0;
    wire.numbers(60, 1, 900).forEach((dport, i) => {
      if (kind === "udp") wire.unreachable(wire.udp({ from, to, sport: 50123, dport, payload: 8 }));
      else new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" }).refused();
      if (i === 8) toldBeforeUs = wire.timeUs;
      wire.wait(1);
    });
    return [{ source: from, ports: 60, closed: 60, toldBeforeUs }];
  },
);

/** Sweeps of hosts that are not there, below 128 of them. */
const SWEEPS: Record<string, (wire: Wire, family: Family, to: string) => void> = {
  "pings of a raw socket": (wire, family, to) => {
    // No kernel sends them so: no data, and the same number to all.
    ping(wire, { from: PLACES[family].scanner, to }, { payload: 0, id: 0x1234, sequence: 0 });
  },
  "SNMP of one socket": (wire, family, to) => {
    wire.udp({ from: PLACES[family].scanner, to, sport: 50123, dport: 161, payload: 40 });
  },
  "SYNs of a raw socket": (wire, family, to) => {
    const ends = { from: PLACES[family].scanner, to, sport: 50123, dport: 3389, seq: 77 };
    new Tcp(wire, { ...ends, look: "nmap" }).syn();
  },
};
for (const [name, send] of Object.entries(SWEEPS)) {
  attack(
    `latency: a sweep of ninety silent hosts by ${name}`,
    product(FAMILIES, [0.002, 0.05]),
    ([family, pace], wire) => {
      const { scanner, host } = PLACES[family];
      goOn(wire, host(240));
      for (let i = 0; i < 90; i++) {
        send(wire, family, host(i));
        wire.wait(pace);
      }
      const toldBeforeUs = wire.timeUs + MARGIN_US;
      goOn(wire, host(240));
      return [{ source: scanner, shape: "horizontal", hosts: 90, toldBeforeUs }];
    },
  );
}
