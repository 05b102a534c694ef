// What only the accused has sent, put before, between and after the probes of a TCP scan: it makes no
// attempt used, none part of an older connection, and none an answer. All of it must be told.

import { attack, type Expected } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { type Extra, EXTRAS } from "./extras.ts";
import { type Family, type Pace, PACES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const COUNT = 30;

type Answer = "refused" | "silent" | "half-open";
type Place = "before" | "between" | "after";
/** A pace each, so that every one of them is met by each extra. */
const PACE_OF: Record<Place, Record<Family, Pace>> = {
  before: { v4: "fast", v6: "burst" },
  between: { v4: "nmap", v6: "second" },
  after: { v4: "quarter", v6: "slow" },
};

function scan(wire: Wire, extra: Extra, answer: Answer, place: Place, family: Family): Expected[] {
  const { scanner: from, target: to } = PLACES[family];
  background(wire, to);
  const ports = wire.numbers(COUNT, 1, 1000).filter((port) => port !== 443);
  const sport = wire.chance.between(1024, 65000);
  const startUs = wire.timeUs;
  ports.forEach((dport, i) => {
    const c = new Tcp(wire, { from, to, sport: sport + (family === "v4" ? i : 0), dport });
    if (place === "before") extra.send(c, wire);
    c.syn();
    if (place === "between") extra.send(c, wire);
    if (answer === "refused") c.refuse();
    if (answer === "half-open") c.accept().reset();
    if (place === "after") extra.send(c, wire);
    wire.wait(PACES[PACE_OF[place][family]]);
  });
  background(wire.wait(10), to);
  const one: Expected = { source: from, hosts: 1, ports: ports.length };
  if (extra.isProbe) return [one];
  if (place !== "before") one.startUs = startUs;
  if (answer === "half-open") {
    return [{ ...one, techniques: /\b(syn|connect)\b/, closed: 0, silent: 0, evidence: "reset" }];
  }
  const closed = answer === "refused" ? ports.length : 0;
  return [{
    ...one,
    techniques: /\b(syn|connect)\b/,
    open: "",
    closed,
    silent: ports.length - closed,
    evidence: "none",
  }];
}

for (const [name, extra] of Object.entries(EXTRAS)) {
  for (const answer of ["refused", "silent", "half-open"] as const) {
    attack(
      `witnesses: ${name} does not hide a SYN scan that is ${answer}`,
      product(["before", "between", "after"] as const, ["v4", "v6"] as const),
      ([place, family], wire) => scan(wire, extra, answer, place, family),
    );
  }
}
