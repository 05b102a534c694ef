// The same packets beside the probes of a sweep: one port of many hosts. All of it must be told.

import { attack, type Expected } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { type Extra, EXTRAS } from "./extras.ts";
import { type Family, PACES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const PORTS = [22, 23, 445, 3389, 5900];

function sweep(
  wire: Wire,
  extra: Extra,
  isRefused: boolean,
  isBefore: boolean,
  family: Family,
): Expected[] {
  const { scanner: from, host } = PLACES[family];
  const hosts = wire.shuffled(Array.from({ length: 60 }, (_, i) => host(i)));
  // The hosts are there and are seen: one of them has a visitor.
  background(wire, hosts[7]);
  const dport = wire.chance.pick(PORTS);
  hosts.forEach((to) => {
    const c = new Tcp(wire, { from, to, sport: wire.chance.between(1024, 65000), dport });
    if (isBefore) extra.send(c, wire);
    c.syn();
    if (isRefused) c.refuse();
    if (!isBefore) extra.send(c, wire);
    wire.wait(PACES[family === "v4" ? "fast" : "second"]);
  });
  background(wire.wait(10), hosts[9]);
  const one: Expected = { source: from, hosts: 60, evidence: "none" };
  if (extra.isProbe) return [one];
  return [{ ...one, shape: "horizontal", ports: 1, open: "", techniques: /\b(syn|connect)\b/ }];
}

for (const [name, extra] of Object.entries(EXTRAS)) {
  attack(
    `witnesses: ${name} does not hide a sweep`,
    product([true, false], [true, false], ["v4", "v6"] as const),
    ([isRefused, isBefore, family], wire) => sweep(wire, extra, isRefused, isBefore, family),
  );
}

/** How a sweep may be spread: ports by host, order, hosts with no network in common. */
attack(
  "witnesses: a sweep of hosts all over the Internet from one raw socket",
  product(["v4", "v6"] as const, [60, 100], ["fast", "second", "quarter"] as const),
  ([family, count, pace], wire) => {
    const { scanner: from, far } = PLACES[family];
    const sport = wire.chance.between(1024, 65000), seq = wire.chance.next();
    for (const i of wire.shuffled(Array.from({ length: count }, (_, i) => i))) {
      new Tcp(wire, { from, to: far(i), sport, dport: 23, seq }).syn();
      wire.wait(PACES[pace]);
    }
    return [{ source: from, shape: "horizontal", techniques: "syn", hosts: count, ports: 1 }];
  },
  () => ({ link: ["198.51.100.", "2001:db8:51:"] }),
);

attack(
  "witnesses: every target another host and another low port, from ports of a kernel's own",
  product(["v4", "v6"] as const, ["fast", "nmap", "quarter"] as const, ["silent", "refused"]),
  ([family, pace, answer], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(249));
    for (const [i, dport] of wire.shuffled(wire.numbers(120, 1, 1000)).entries()) {
      const sport = wire.chance.between(32768, 60999);
      const c = new Tcp(wire, { from, to: host(i), sport, dport, look: "linux" }).syn();
      if (answer === "refused") c.refuse();
      wire.wait(PACES[pace]);
    }
    return [{ source: from, shape: "block", hosts: 120, ports: 120, open: "" }];
  },
);

attack(
  "witnesses: a block of hosts and ports at random, each target once",
  product(["v4", "v6"] as const, ["burst", "nmap", "quarter"] as const),
  ([family, pace], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(3));
    const targets = Array.from({ length: 12 }, (_, i) => host(i)).flatMap((to) =>
      [8000, 8001, 8008, 8081, 8443, 9000, 9001, 9090].map((dport) => ({ to, dport }))
    );
    for (const { to, dport } of wire.shuffled(targets)) {
      const sport = wire.chance.between(1024, 65000);
      new Tcp(wire, { from, to, sport, dport }).refused();
      wire.wait(PACES[pace]);
    }
    return [{ source: from, shape: "block", hosts: 12, ports: 8, closed: 8, open: "" }];
  },
);
