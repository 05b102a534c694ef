// Every reason that an explanation can give for an attempt, each reached by traffic that deserves it.

import assert from "node:assert/strict";
import { OUTCOMES } from "../../../../src/account.ts";
import { parsePrefix } from "../../../../src/address.ts";
import { Decision, DECISIONS } from "../../../../src/decision.ts";
import { targetKey } from "../../../../src/detect/scandog/probe/classes.ts";
import { Hash } from "../../../../src/keyed_hash.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { sizesFor } from "../../../../src/detect/scandog/sizes.ts";
import { Kind, Quirk } from "../../../../src/record.ts";
import { Ack, Fin, Rst, Syn } from "../traffic.ts";
import { Questioned } from "./explained.ts";
import { addressWords } from "./words.ts";

const CLIENT = "198.51.100.40", SERVER = "203.0.113.10", OTHER = "203.0.113.11";
const SCANNER = "198.51.100.7", ROUTER = "192.168.7.1";
const ANY = parsePrefix("0.0.0.0/0")!;

/** What was decided, how often, about the attempts of a source. */
type Case = [traffic: Questioned, source: string, count: number];

function scanOf(traffic: Questioned, source: string, ports = 7): Questioned {
  for (let port = 21; port < 21 + ports; port++) {
    traffic.refused(source, SERVER, port, 40000 + port);
  }
  return traffic;
}

function expired(from: string, to: string): Questioned {
  const inner = { from, to, protocol: 17, sport: 40000, dport: 500 };
  return new Questioned().udp(from, to, 500)
    .send({ kind: Kind.Icmp, from: "192.0.2.1", to: from, type: 11, inner }) as Questioned;
}

/** Sources (last two octets) in the same set of the table of subjects as the first one. */
function neighboursInTable(count: number): string[] {
  const hash = new Hash(scandogOptions().seed);
  const sets = sizesFor(4).subjects / 4;
  const setOf = (source: string) => hash.address(addressWords(source), 0) & (sets - 1);
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) {
    const source = `198.18.${i >> 8}.${i & 255}`;
    if (found.length === 0 || setOf(source) === setOf(found[0])) found.push(source);
  }
  return found;
}

/** A target of one attempt each, of several sources, all in the set of the first attempt's. */
function neighboursOfAttempt(source: string, to: string, port: number, count: number) {
  const hash = new Hash(scandogOptions().seed);
  const sets = sizesFor(4).attempts / 8;
  const setOf = (from: string, dport: number) =>
    hash.triple(
      hash.address(addressWords(from), 0),
      hash.address(addressWords(to), 0),
      targetKey(1, dport),
    ) & (sets - 1);
  const wanted = setOf(source, port);
  return Array.from({ length: count }, (_, i) => {
    const from = `198.18.7.${i + 1}`;
    for (let dport = 1024;; dport++) if (setOf(from, dport) === wanted) return { from, dport };
  });
}

const CASES: Record<string, () => Case> = {
  undecided() {
    const traffic = new Questioned();
    const up = { from: CLIENT, to: SERVER, sport: 50000, dport: 22 };
    const down = { from: SERVER, to: CLIENT, sport: 22, dport: 50000 };
    traffic.send({ ...up, flags: Syn, seq: 1 })
      .send({ ...down, flags: Syn | Ack, seq: 9, ack: 2 })
      .send({ ...up, flags: Ack, seq: 2, ack: 10 }).wait(60);
    return [traffic, CLIENT, 1];
  },
  backscatter() {
    const traffic = new Questioned().used(CLIENT, OTHER, 443) as Questioned;
    const answer = { from: SERVER, to: CLIENT, sport: 80, dport: 41000 };
    traffic.send({ ...answer, flags: Syn | Ack, seq: 5, ack: 9 });
    return [traffic, CLIENT, 1];
  },
  "mid-stream"() {
    const traffic = new Questioned();
    for (let i = 0; i < 5; i++) {
      traffic.send({
        from: CLIENT,
        to: SERVER,
        sport: 50000,
        dport: 443,
        flags: Ack,
        seq: i,
        ack: 1,
      });
    }
    return [traffic, CLIENT, 1];
  },
  wanted() {
    const traffic = new Questioned();
    const question = { kind: Kind.Udp, from: CLIENT, to: "239.255.255.250" };
    traffic.send({ ...question, sport: 41000, dport: 1900, quirks: Quirk.LinkMulticast });
    traffic.udp(SERVER, CLIENT, 41000, 1900);
    return [traffic, SERVER, 1];
  },
  traceroute:
    () => [new Questioned().udp(CLIENT, SERVER, 33434, 40000, 3) as Questioned, CLIENT, 1],
  "used-unseen"() {
    const traffic = new Questioned();
    const up = { from: CLIENT, to: SERVER, sport: 50000, dport: 22 };
    traffic.send({ ...up, flags: Syn, seq: 1 }).send({ ...up, flags: Ack, seq: 2, ack: 10 })
      .send({ ...up, flags: Ack, seq: 2, ack: 10, payload: 40 });
    return [traffic, CLIENT, 1];
  },
  "sent-on"() {
    const traffic = new Questioned();
    const probe = { to: SERVER, sport: 50000, dport: 22, flags: Syn, seq: 7 };
    traffic.send({ ...probe, from: "172.17.0.2", ttl: 64 })
      .send({ ...probe, from: CLIENT, ttl: 63, quirks: Quirk.Outgoing });
    return [traffic, CLIENT, 1];
  },
  expired: () => [expired(CLIENT, SERVER), CLIENT, 1],
  "arp-pace"() {
    const traffic = new Questioned({}, 1_200_000);
    for (let i = 0; i < 20; i++) traffic.arp(ROUTER, `192.168.7.${100 + i * 7 % 20 * 3}`);
    return [traffic, ROUTER, 15];
  },
  "arp-router"() {
    const traffic = new Questioned();
    traffic.send({ kind: Kind.Icmp6, from: "fe80::1", to: "ff02::1", type: 134, ttl: 255 });
    traffic.neighbour("fe80::1", "2001:db8:7::10");
    return [traffic, "fe80::1", 1];
  },
  "arp-there"() {
    const traffic = new Questioned().ping("192.168.7.10", SERVER) as Questioned;
    return [traffic.arp(ROUTER, "192.168.7.10") as Questioned, ROUTER, 1];
  },
  "arp-outside"() {
    const traffic = new Questioned();
    for (let i = 20; i < 23; i++) {
      traffic.send({ from: CLIENT, to: `192.168.7.${i}`, dport: 80, flags: Syn });
    }
    return [traffic.arp(ROUTER, "192.168.7.30") as Questioned, ROUTER, 1];
  },
  "arp-kernel"() {
    const traffic = new Questioned({}, 1_000_000);
    for (let i = 0; i < 3; i++) traffic.arp(ROUTER, "192.168.7.30");
    return [traffic, ROUTER, 1];
  },
  "came-again"() {
    const traffic = new Questioned().empty(CLIENT, SERVER, 80, 50001).wait(306);
    return [traffic.empty(CLIENT, SERVER, 80, 50002) as Questioned, CLIENT, 1];
  },
  lease() {
    const traffic = new Questioned();
    for (let i = 20; i < 22; i++) {
      traffic.udp("192.168.7.250", ROUTER, 67, 68);
      traffic.ping(ROUTER, `192.168.7.${i}`).udp(ROUTER, `192.168.7.${i}`, 68, 67);
    }
    return [traffic, ROUTER, 2];
  },
  stream() {
    const traffic = new Questioned();
    for (let i = 0; i < 30; i++) traffic.udp(CLIENT, SERVER, 16384, 40000).wait(0.02);
    return [traffic, CLIENT, 1];
  },
  ignored() {
    const traffic = new Questioned({ ignore: [parsePrefix("198.51.100.0/24")!] });
    return [scanOf(traffic, SCANNER), SCANNER, 7];
  },
  probation: () => [scanOf(new Questioned(), SCANNER, 1), SCANNER, 1],
  companion() {
    const traffic = new Questioned().used(CLIENT, SERVER, 21) as Questioned;
    for (let i = 0; i < 5; i++) traffic.empty(CLIENT, SERVER, 30000 + i, 51000 + i);
    return [traffic, CLIENT, 5];
  },
  "reply-like"() {
    const traffic = new Questioned();
    for (let i = 0; i < 2; i++) {
      const farewell = { from: SERVER, to: CLIENT, sport: 443, dport: 50000 + i };
      traffic.send({ ...farewell, flags: Fin | Ack, seq: i, ack: i });
    }
    return [traffic, SERVER, 2];
  },
  "target-rule"() {
    const traffic = new Questioned({
      weigh: [{ prefix: ANY, ports: { from: 1, to: 100 }, weight: 0 }],
    });
    return [scanOf(traffic, SCANNER), SCANNER, 7];
  },
  again() {
    // Nine attempts for the eight places of one set: the first is forgotten, and made once more.
    const traffic = new Questioned({ memory: 4 });
    traffic.refused(SCANNER, OTHER, 22).refused(SCANNER, SERVER, 22);
    for (const { from, dport } of neighboursOfAttempt(SCANNER, SERVER, 22, 8)) {
      traffic.refused(from, OTHER, 22).refused(from, SERVER, dport);
    }
    return [traffic.refused(SCANNER, SERVER, 22) as Questioned, SCANNER, 1];
  },
  greeting() {
    const traffic = new Questioned().ping(SCANNER, SERVER)
      .send({ kind: Kind.Icmp, from: SERVER, to: SCANNER, type: 0 }) as Questioned;
    scanOf(traffic, SCANNER);
    traffic.ping(SCANNER, OTHER).send({ kind: Kind.Icmp, from: OTHER, to: SCANNER, type: 0 });
    return [traffic, SCANNER, 2];
  },
  "no-room"() {
    const traffic = new Questioned({ memory: 4 });
    const sources = neighboursInTable(5);
    for (const source of sources.slice(0, 4)) scanOf(traffic, source);
    return [scanOf(traffic, sources[4], 2), sources[4], 1];
  },
  used: () => [new Questioned().used(CLIENT, SERVER, 443) as Questioned, CLIENT, 1],
  "taken-back"() {
    const traffic = new Questioned().refused(CLIENT, SERVER, 80).refused(CLIENT, SERVER, 81);
    return [traffic.used(CLIENT, SERVER, 80) as Questioned, CLIENT, 1];
  },
  counted: () => [scanOf(new Questioned(), CLIENT, 3), CLIENT, 3],
  "used-host"() {
    // A silent ping at a host whose ports the source uses.
    const traffic = new Questioned().used(CLIENT, SERVER, 443).used(CLIENT, SERVER, 22, 50000);
    traffic.refused(CLIENT, OTHER, 81).refused(CLIENT, OTHER, 82).ping(CLIENT, SERVER);
    return [traffic as Questioned, CLIENT, 1];
  },
  scanned: () => [scanOf(new Questioned(), SCANNER, 9), SCANNER, 9],
};

for (const { name: decision } of DECISIONS) {
  Deno.test(`an attempt can be decided upon as ${decision}, and the detector agrees`, () => {
    const [traffic, source, count] = CASES[decision]();
    const account = traffic.account(source);
    assert.equal(account.decisions[decision], count, JSON.stringify(account));
    assert.equal(account.listed.filter((attempt) => attempt.decision === decision).length, count);
    const isAlert = traffic.told().some((event) => event.source === source);
    assert.equal(account.scanned, isAlert);
    assert.equal(isAlert, decision === "scanned" || decision === "greeting");
  });
}

Deno.test("names of decisions and outcomes are as many as their codes", () => {
  assert.deepEqual(Object.values(Decision), DECISIONS.map((_, i) => i));
  assert.deepEqual(DECISIONS.map(({ code }) => code), DECISIONS.map((_, i) => i));
  assert.equal(OUTCOMES.length, 7);
});

Deno.test("what was taken back is in no total, and the source stays below the threshold", () => {
  const traffic = new Questioned();
  for (let port = 21; port < 27; port++) traffic.refused(CLIENT, SERVER, port, 40000 + port);
  traffic.used(CLIENT, SERVER, 21);
  const account = traffic.account(CLIENT);
  assert.equal(account.weight, 15);
  assert.equal(account.points, 30);
  const ports = account.thresholds.find(({ rule }) => rule === "ports");
  assert.deepEqual([ports?.reached, ports?.enough], [18, 21]);
});

Deno.test("a reset of an attempt that was never seen is the attempt of whom it went to", () => {
  const traffic = new Questioned();
  for (let port = 21; port < 24; port++) {
    traffic.send({
      from: SERVER,
      to: SCANNER,
      sport: port,
      dport: 40000,
      flags: Rst | Ack,
      ack: 1,
    });
  }
  const { listed } = traffic.account(SCANNER);
  assert.deepEqual(listed.map(({ port, outcome }) => [port, outcome]), [
    [21, "refused"],
    [22, "refused"],
    [23, "refused"],
  ]);
});

Deno.test("what a scanner had found open and tries again without a word is no check, however often", () => {
  const traffic = new Questioned();
  for (let port = 101; port < 108; port++) traffic.refused(SCANNER, SERVER, port, 40_000);
  traffic.halfOpen(SCANNER, SERVER, 80, 40_000).wait(3600).refused(CLIENT, OTHER, 22);
  for (let i = 0; i < 3; i++) traffic.empty(SCANNER, SERVER, 80, 51_000 + i);
  const { decisions } = traffic.account(SCANNER);
  assert.deepEqual([decisions["came-again"], decisions["taken-back"]], [undefined, undefined]);
});
