// Sources of one network that fail once each: who is told with them and who is not, on both sides of each bound.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import { Judged } from "../judged.ts";
import { manyAddresses, networkAt, subjectAt } from "../places.ts";
import { probe } from "./probes.ts";

/** Ports below 1024 weigh three: so many sources reach twice the weight of one scanner. */
const ENOUGH = 14;

class Neighbours extends Judged {
  constructor(private readonly prefix = "198.51.100.") {
    super();
  }

  /** Refused at a port of its own each; `first`: the last octet and the port of the first. */
  fail(count: number, first = 1, given: Parameters<typeof probe>[3] = {}): this {
    for (let i = first; i < first + count; i++) {
      probe(this, `${this.prefix}${i}`, 20 + i, { signature: i, ...given });
    }
    return this;
  }

  /** The same at ports from 5000 on, of which 42 are a scan, after `uses` of one more port. */
  failHigh(count: number, uses: number): this {
    for (let i = 1; i <= count; i++) {
      if (i === 11) this.use(uses, 4999);
      this.fail(1, i, { port: 5000 + i });
    }
    return this;
  }

  /** So many neighbours from `.200` on use a port of a host. */
  use(count: number, port: number, destination = "203.0.113.10"): this {
    for (let i = 0; i < count; i++) {
      const given = { outcome: "used", facts: ["open", "replied"], signature: i } as const;
      probe(this, `${this.prefix}${200 + i}`, port, {
        ...given,
        facts: [...given.facts],
        destination,
      });
    }
    return this;
  }

  /** How many sources each scan had in the end. */
  ends(): (number | undefined)[] {
    this.wait(200).intake.finish();
    const ends = this.events.filter((event): event is ScanEvent => event.action === "scan-end");
    return ends.map(({ sources }) => sources?.count);
  }
}

Deno.test("neighbours' answers alone are no scan: a victim answers so who was flooded in their name", () => {
  assert.deepEqual(new Neighbours().fail(ENOUGH).ends(), [ENOUGH]);
  const facts: ("closed" | "reply-only")[] = ["closed", "reply-only"];
  assert.deepEqual(new Neighbours().fail(40, 1, { facts }).ends(), []);
});

Deno.test("what their neighbours use of the host holds a network's failures there, two for each", () => {
  for (const [uses, found] of [[21, [42]], [22, []]] as const) {
    assert.deepEqual(new Neighbours().failHigh(42, uses).ends(), found, `${uses} uses`);
  }
});

Deno.test("what their neighbours use of a port holds a network's failures at it", () => {
  for (const [uses, found] of [[8, [16]], [9, []]] as const) {
    const judged = new Neighbours();
    for (let i = 1; i <= 10; i++) judged.fail(1, i, { port: 22, destination: `203.0.113.${i}` });
    judged.use(uses, 22, "192.0.2.1");
    for (let i = 11; i <= 16; i++) judged.fail(1, i, { port: 22, destination: `203.0.113.${i}` });
    assert.deepEqual(judged.ends(), found, `${uses} uses`);
  }
});

Deno.test("four neighbours that fail at one target are its clients, three are part of the scan", () => {
  for (const [clients, told] of [[3, ENOUGH + 3], [4, ENOUGH]]) {
    const elsewhere = { port: 25, destination: "203.0.113.99" };
    const judged = new Neighbours().fail(clients, 100, elsewhere).fail(ENOUGH);
    assert.deepEqual(judged.ends(), [told], `${clients} clients`);
  }
});

Deno.test("of the neighbours that are left as suspects each target counts once", () => {
  for (const [others, found] of [[12, 0], [13, 1]]) {
    const judged = new Neighbours();
    // What one fails at that got elsewhere what it wanted is the network's, and no suspect's.
    judged.fail(1, 200, { port: 600, uses: { all: 1, host: 0, port: 0 } });
    for (const last of [100, 101]) judged.fail(1, last, { port: 500 });
    judged.fail(others, 1);
    assert.equal(judged.scans().length, found, `${others} others`);
  }
});

Deno.test("who was found to scan by itself is no part of its network's scan", () => {
  const judged = new Neighbours().fail(1);
  for (let port = 101; port < 108; port++) judged.fail(1, 1, { port });
  assert.equal(judged.scans().length, 1);
  judged.fail(ENOUGH - 1, 2);
  assert.equal(judged.scans().length, 1, "what is left is one too few");
  const ends = judged.fail(1, 50).ends();
  assert.deepEqual(new Set(ends), new Set([undefined, ENOUGH]));
});

Deno.test("once a network's scan goes on, the fourth newcomer brings all four into it, and each after them comes alone", () => {
  for (const [newcomers, told] of [[3, 14], [4, 18], [5, 19], [6, 20]]) {
    const judged = new Neighbours().fail(ENOUGH).fail(newcomers, 50);
    assert.deepEqual(judged.ends(), [told], `${newcomers} newcomers`);
    const [list] = judged.events.flatMap((event) =>
      event.action === "scan-end" ? [event.sources?.list.split(",")] : []
    );
    assert.equal(list?.length, told, "each is named");
  }
});

Deno.test("who tries what the network's scan has tried is not told with it, and begins no other", () => {
  const judged = new Neighbours().fail(ENOUGH);
  for (let i = 0; i < 30; i++) judged.fail(1, 100 + i, { port: 21 + i % ENOUGH });
  assert.deepEqual(judged.ends(), [ENOUGH]);
});

Deno.test("a network that has the first place among subjects is told as every other, and so is a source of it", () => {
  const networks = Array.from({ length: 65_536 }, (_, i) => `11.${i >> 8}.${i & 255}.`);
  const first = networkAt(0, networks);
  assert.deepEqual(new Neighbours(first).fail(ENOUGH).fail(4, 50).ends(), [ENOUGH + 4]);
  assert.deepEqual(new Neighbours(first).failHigh(42, 22).ends(), []);
  const source = subjectAt(0, manyAddresses(12));
  const own = Number(source.split(".")[3]), network = source.replace(/\d+$/, "");
  const among = new Neighbours(network);
  const others = Array.from({ length: 19 }, (_, i) => 1 + (own + i) % 250);
  for (const last of [own, ...others].slice(0, ENOUGH)) among.fail(1, last);
  assert.deepEqual(among.ends(), [ENOUGH], "found with it");
  const after = new Neighbours(network);
  for (const last of [...others.slice(0, 18), own]) after.fail(1, last);
  assert.deepEqual(after.ends(), [19], "come to it");
});
