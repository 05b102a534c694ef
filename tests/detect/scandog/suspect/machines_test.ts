// Several sources that are one machine on the link, by their link-layer address, and those that are not.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import { Kind } from "../../../../src/record.ts";
import { manyAddresses, subjectAt } from "../places.ts";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const TARGET = "10.77.0.1", OWN = "10.77.0.2";
const MADE_UP = ["10.77.0.60", "10.77.0.61", "10.77.0.62"];
const [HERS, THEIRS, ROUTERS] = [[2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 60], [2, 0, 0, 0, 0, 9]];
const TEXT = "02:00:00:00:00:02";

class Link extends Traffic {
  constructor() {
    super();
    this.macs.set(TARGET, [2, 0, 0, 0, 0, 1]);
  }

  claims(from: string, mac: number[]): this {
    return this.send({ kind: Kind.Arp, from, to: TARGET, type: 1, mac });
  }

  /** Refused probes of different numbers, from one link-layer address under these names in turn. */
  scan(mac: number[], sources: readonly string[], ports = 12): this {
    for (const [i, from] of sources.entries()) {
      for (let port = 21; port < 21 + ports; port++) this.probe(mac, from, port, i * 100 + port);
    }
    return this;
  }

  /** The same, port by port and with equal numbers, as nmap -D sends them. */
  decoys(mac: number[], sources: readonly string[], ports = 12): this {
    for (let port = 21; port < 21 + ports; port++) {
      for (const from of sources) this.probe(mac, from, port, 7000 + port);
    }
    return this;
  }

  refusedFrom(mac: readonly number[], from: string, dport: number): this {
    this.probe([...mac], from, dport, dport * 77);
    return this;
  }

  private probe(mac: number[], from: string, dport: number, seq: number): void {
    const sport = 40_000;
    this.send({ from, to: TARGET, sport, dport, flags: Syn, seq, mac });
    this.send({
      ...{ from: TARGET, to: from, sport: dport, dport: sport },
      ...{ flags: Rst | Ack, ack: seq + 1 },
    });
  }

  ends(): ScanEvent[] {
    this.wait(300).ping("10.77.0.200", "10.77.0.201");
    this.detector.finish();
    return this.events.filter((event): event is ScanEvent => event.action === "scan-end");
  }
}

/** In the order of their addresses. */
const told = (link: Link) => link.ends().map(({ source, sourceMac }) => [source, sourceMac]).sort();

Deno.test("addresses that one machine made up are its scan, with its own address and link-layer address", () => {
  for (const order of [[OWN, ...MADE_UP], [...MADE_UP, OWN]]) {
    const link = new Link().claims(OWN, HERS).scan(HERS, order);
    const ends = link.ends();
    assert.deepEqual(ends.map(({ source, sourceMac }) => [source, sourceMac]), [[OWN, TEXT]]);
    assert.equal(ends[0].shape, "decoy");
    assert.deepEqual(ends[0].sources?.list.split(",").sort(), [OWN, ...MADE_UP].sort());
    assert.equal(ends[0].sources?.forged, 3);
  }
});

Deno.test("a machine that takes another address for each probe is said with its own and its link-layer address", () => {
  const link = new Link().claims(OWN, HERS);
  const made = Array.from({ length: 60 }, (_, i) => `10.77.0.${100 + i}`);
  made.forEach((from, i) => {
    link.refusedFrom(HERS, from, 21 + i).refusedFrom(HERS, OWN, 201 + i % 2);
  });
  const [end] = link.ends();
  assert.equal(end.sourceMac, TEXT);
  assert.ok((end.sources?.count ?? 0) > 20, `${end.sources?.count}`);
});

Deno.test("the address that a machine claims is not named unless it probed as well: anybody can forge the rest", () => {
  const link = new Link().claims(OWN, HERS).scan(HERS, MADE_UP);
  const ends = link.ends();
  assert.equal(ends.length, 1);
  assert.ok(MADE_UP.includes(ends[0].source));
  assert.ok(!ends[0].sources?.list.split(",").includes(OWN));
  assert.equal(ends[0].sourceMac, TEXT);
});

Deno.test("a scan of made-up addresses waits for the machine's own where that has tried something, and for no ARP", () => {
  for (const [tried, told] of [[0, 1], [1, 0]] as const) {
    const link = new Link().claims(OWN, HERS);
    if (tried > 0) link.refusedFrom(HERS, OWN, 443);
    link.scan(HERS, MADE_UP.slice(0, 1), 20);
    assert.equal(link.told().length, told, `${tried} tried`);
    assert.equal(link.ends().length, 1);
  }
});

Deno.test("a link-layer address joins nobody where it claims nothing, or too much, or forwards", () => {
  const outside = ["192.0.2.7", "198.51.100.9"];
  const cases: [string, readonly string[], (link: Link) => void][] = [
    ["no ARP was seen", MADE_UP, () => {}],
    ["a bridge", MADE_UP, (link) => {
      for (const from of [OWN, MADE_UP[0]]) link.claims(from, HERS);
    }],
    ["a router", MADE_UP, (link) => {
      link.claims(OWN, HERS);
      link.macs.set("192.0.2.40", HERS);
      link.used("192.0.2.40", TARGET, 443);
    }],
    ["sources of another network", outside, (link) => link.claims(OWN, HERS)],
  ];
  for (const [name, sources, before] of cases) {
    const link = new Link();
    before(link);
    assert.deepEqual(
      told(link.scan(HERS, sources)),
      sources.map((source) => [source, undefined]).sort(),
      name,
    );
  }
});

Deno.test("a conversation shows who forwards where both its ends have a link-layer address, and else nothing", () => {
  const [outside, without] = ["192.0.2.40", "10.77.0.3"];
  const cases: [string, asker: string, answerer: string, isRouter: boolean][] = [
    ["both, and hers asks", outside, TARGET, true],
    ["both, and hers answers", TARGET, outside, true],
    ["the other, which asks, has none", without, outside, false],
    ["the other, which answers, has none", outside, without, false],
  ];
  for (const [name, asker, answerer, isRouter] of cases) {
    const link = new Link().claims(OWN, HERS);
    link.macs.set(outside, HERS);
    const stories = told(link.used(asker, answerer, 443).scan(HERS, MADE_UP));
    assert.deepEqual(
      stories.map(([, mac]) => mac),
      isRouter ? Array(3).fill(undefined) : [TEXT],
      name,
    );
  }
});

Deno.test("two machines on the link are two, each said with its own link-layer address", () => {
  const link = new Link().claims(OWN, HERS).claims(MADE_UP[0], THEIRS);
  link.scan(HERS, [OWN]).scan(THEIRS, [MADE_UP[0]]);
  assert.deepEqual(told(link), [[OWN, TEXT], [MADE_UP[0], "02:00:00:00:00:3c"]]);
});

Deno.test("a decoy that is there and resets what it never opened is not named for it", () => {
  for (const place of [0, 1, 3]) {
    const [live] = MADE_UP;
    const link = new Link().claims(OWN, HERS).claims(live, THEIRS);
    const all = MADE_UP.toSpliced(place, 0, OWN);
    link.decoys(HERS, all, 6);
    const seq = 7000, sport = 40_000, dport = 80;
    for (const from of all) {
      link.send({ from, to: TARGET, sport, dport, flags: Syn, seq, mac: HERS });
    }
    const back = { from: TARGET, to: live, sport: dport, dport: sport };
    link.send({ ...back, flags: Syn | Ack, seq: 5, ack: seq + 1 });
    link.send({ from: live, to: TARGET, sport, dport, flags: Rst, seq: seq + 1, mac: THEIRS });
    link.decoys(HERS, all, 12);
    assert.deepEqual(told(link), [[OWN, TEXT]], `place ${place}`);
  }
});

Deno.test("who completed a handshake is named, though another of its interfaces answers ARP for it", () => {
  const link = new Link().claims(OWN, THEIRS);
  const all = [MADE_UP[0], OWN, MADE_UP[1]];
  link.decoys(HERS, all, 4);
  const up = { from: OWN, to: TARGET, sport: 40_000, dport: 80, mac: HERS };
  const down = { from: TARGET, to: OWN, sport: 80, dport: 40_000 };
  link.send({ ...up, flags: Syn, seq: 10 }).send({ ...down, flags: Syn | Ack, seq: 500, ack: 11 });
  link.send({ ...up, flags: Ack, seq: 11, ack: 501 }).send({ ...up, flags: Rst, seq: 11 });
  link.decoys(HERS, all, 12);
  const [end] = link.ends();
  assert.deepEqual([end.source, end.evidence], [OWN, "handshake"]);
});

Deno.test("a router's own address among the decoys of somebody behind it is not named for its ARP", () => {
  const router = "10.77.0.9", outside = ["198.51.100.7", "192.0.2.8"];
  const link = new Link().claims(router, ROUTERS);
  link.macs.set("192.0.2.40", ROUTERS);
  link.used("192.0.2.40", TARGET, 443);
  const [end] = link.decoys(ROUTERS, [...outside, router]).ends();
  assert.equal(end.sources?.count, 3);
  assert.equal(end.sourceMac, undefined);
  assert.notEqual(end.source, router);
});

Deno.test("decoys are not laid to the story of a source whose probes came from elsewhere on the link", () => {
  const link = new Link().claims(OWN, HERS).claims(MADE_UP[0], THEIRS);
  link.scan(THEIRS, [MADE_UP[0]], 30);
  // The address of her neighbour, who was told, is one of her decoys.
  link.decoys(HERS, [MADE_UP[0], OWN, MADE_UP[1]], 60);
  const ends = link.ends();
  assert.deepEqual(ends.map(({ source }) => source).sort(), [OWN, MADE_UP[0]].sort());
  const decoy = ends.find(({ source }) => source === OWN);
  assert.ok(decoy?.sources?.list.split(",").includes(MADE_UP[1]));
});

Deno.test("over IPv6 a machine has several addresses that are its own, and makes up others", () => {
  const target = "2001:db8:7::1", own = "2001:db8:7::2", privacy = "2001:db8:7::77aa:1";
  const link = new Link();
  for (const from of [own, privacy, "fe80::2"]) {
    link.send({ kind: Kind.Icmp6, from, to: "ff02::1:ff00:1", type: 135, mac: HERS });
  }
  const all = [own, privacy, "2001:db8:7::60", "2001:db8:7::61"];
  for (let port = 21; port < 33; port++) {
    for (const [i, from] of all.entries()) {
      const ends = { from, to: target, sport: 40_000, dport: port };
      link.send({ ...ends, flags: Syn, seq: i * 100 + port, mac: HERS });
      const back = { from: target, to: from, sport: port, dport: 40_000 };
      link.send({ ...back, flags: Rst | Ack, ack: i * 100 + port + 1 });
    }
  }
  const ends = link.ends();
  assert.equal(ends.length, 1, ends.map(({ source }) => source).join());
  assert.ok([own, privacy].includes(ends[0].source), ends[0].source);
  assert.deepEqual([ends[0].shape, ends[0].sourceMac], ["decoy", TEXT]);
  assert.deepEqual(ends[0].sources?.list.split(",").sort(), all.sort());
});

Deno.test("what was a guess is none once the machine that made the addresses up shows its own", () => {
  const link = new Link().claims(OWN, HERS).decoys(HERS, MADE_UP);
  link.wait(30).ping("10.77.0.200", "10.77.0.201");
  const [start] = link.told();
  assert.ok(MADE_UP.includes(start.source), start.source);
  assert.equal(start.sources?.guess, true);
  const [end] = link.scan(HERS, [OWN]).ends();
  assert.deepEqual([end.source, end.sources?.guess], [OWN, undefined]);
});

Deno.test("the address that a machine claims is in its story from half as many failures on, and only for what that is after", () => {
  // Seven ports below 1024 make a scan of the other.
  const cases: [string, macs: number[][], isIn: boolean][] = [
    ["three failures", [HERS, HERS, HERS], false],
    ["four", [HERS, HERS, HERS, HERS], true],
    ["four, the latest from elsewhere", [HERS, HERS, HERS, THEIRS], false],
  ];
  for (const [what, macs, isIn] of cases) {
    const link = new Link().claims(OWN, HERS);
    for (const [i, mac] of macs.entries()) link.refusedFrom(mac, OWN, 21 + i);
    link.scan(HERS, MADE_UP.slice(0, 1), 7);
    // It waits for the other as long as that is not in it.
    assert.equal(link.told().length, isIn ? 1 : 0, `${what}: told`);
    const [end] = link.ends();
    assert.equal(end.sources?.list.split(",").includes(OWN) ?? false, isIn, what);
    assert.equal(end.source, isIn ? OWN : MADE_UP[0], what);
  }
});

Deno.test("the same of a machine whose own address has the first place among subjects", () => {
  const own = subjectAt(0, manyAddresses());
  const network = own.replace(/\d+$/, "");
  const target = `${network}254`, made = `${network}253`;
  const link = new Link().send({ kind: Kind.Arp, from: own, to: target, type: 1, mac: HERS });
  for (const [i, from] of [own, own, own, own, ...Array(7).fill(made)].entries()) {
    const ends = { from, to: target, sport: 40_000, dport: 21 + i % 7 };
    link.send({ ...ends, flags: Syn, seq: 77 * i, mac: HERS });
    const back = { from: target, to: from, sport: 21 + i % 7, dport: 40_000 };
    link.send({ ...back, flags: Rst | Ack, ack: 77 * i + 1 });
  }
  assert.equal(link.told().length, 1, "it waits for nobody");
  const [end] = link.ends();
  assert.deepEqual([end.source, end.sources?.count], [own, 2]);
});

Deno.test("a machine's story goes on with its further addresses, and says so at once", () => {
  const link = new Link().claims(OWN, HERS);
  const updates = () => {
    link.wait(1).detector.advance(link.timeUs);
    return link.told("scan-update").map(({ source, sources }) => [source, sources?.list]);
  };
  for (let port = 21; port < 28; port++) link.refusedFrom(HERS, OWN, port);
  assert.deepEqual(updates(), []);
  for (let port = 41; port < 48; port++) link.refusedFrom(HERS, MADE_UP[0], port);
  assert.deepEqual(updates(), [[OWN, [OWN, MADE_UP[0]].join()]]);
});

Deno.test("a machine's story has 128 sources; whom it has no place for has a story of its own", () => {
  for (const [count, stories] of [[128, 1], [129, 2]]) {
    const link = new Link().claims(OWN, HERS);
    const made = Array.from({ length: count - 1 }, (_, i) => `10.77.0.${100 + i}`);
    const ends = link.scan(HERS, [OWN, ...made]).ends();
    assert.equal(ends.length, stories, `${count} sources`);
    assert.equal(ends.find(({ source }) => source === OWN)?.sources?.count, 128);
  }
});
