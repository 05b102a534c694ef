// What an account keeps: bounds, sources that give way, floods, remarks.

import assert from "node:assert/strict";
import { parseAddress } from "../../../../src/address.ts";
import { AttemptList, type Note } from "../../../../src/detect/scandog/account/attempt_list.ts";
import { AccountSources } from "../../../../src/detect/scandog/account/account_sources.ts";
import { Kind, Quirk } from "../../../../src/record.ts";
import { Syn } from "../traffic.ts";
import { accountOf, explain, Questioned } from "./explained.ts";

const CLIENT = "198.51.100.40", SERVER = "203.0.113.10", OTHER = "203.0.113.11";
const SCANNER = "198.51.100.7";
const CASES = new URL("../../../../testdata/cases/", import.meta.url).pathname;

function note(timeUs: number, rank: Note["rank"]): Note {
  const account = {
    source: CLIENT,
    destination: SERVER,
    target: "tcp",
    timeUs,
    techniques: [],
    outcome: "refused",
    decision: "counted",
  } as const;
  return { account: { ...account, techniques: [] }, rank };
}

Deno.test("AttemptList keeps so many, those of higher rank first, in order of time", () => {
  const list = new AttemptList(4);
  const times = () => list.all().map(({ timeUs }) => timeUs);
  for (const [time, rank] of [[5, 0], [1, 0], [3, 1], [2, 2]] as const) {
    assert.ok(list.add(note(time, rank)));
  }
  assert.deepEqual(times(), [1, 2, 3, 5]);
  assert.equal(list.add(note(4, 0)), false, "nothing is of lower rank");
  assert.ok(list.add(note(6, 1)), "the latest of the lowest rank gives way");
  assert.deepEqual(times(), [2, 3, 5, 6]);
  assert.ok(list.add(note(7, 2)));
  assert.ok(list.add(note(8, 2)));
  assert.deepEqual(times(), [2, 3, 7, 8]);
  assert.ok(list.add(note(9, 2)));
  assert.equal(list.add(note(10, 2)), false, "all are of the highest rank");
  assert.deepEqual(times(), [2, 7, 8, 9]);
});

Deno.test("AttemptList does not take a note whose rank has risen for a lesser one", () => {
  const list = new AttemptList(1);
  const risen = note(1, 0);
  list.add(risen);
  risen.rank = 2;
  list.ranked(risen);
  assert.equal(list.add(note(2, 1)), false);
  assert.deepEqual(list.all().map(({ timeUs }) => timeUs), [1]);
});

Deno.test("AttemptList of none keeps none, and a thousand displaced notes take no room", () => {
  assert.equal(new AttemptList(0).add(note(1, 2)), false);
  const list = new AttemptList(2);
  for (let i = 0; i < 1000; i++) list.add(note(i, (i % 3) as Note["rank"]));
  assert.equal(list.all().length, 2);
});

Deno.test("AccountSources keeps those with most evidence, says how many it left out, and marks who comes back", () => {
  const sources = new AccountSources([], 0, 8);
  const of = (i: number) => sources.of(parseAddress(`192.0.2.${i}`)!, 0)!;
  of(1).near({ rule: "ports", reached: 20, enough: 21 });
  of(2).near({ rule: "ports", reached: 30, enough: 21, held: "successes" });
  for (let i = 10; i < 110; i++) of(i).begun(i);
  const all = sources.all().map(({ source }) => source);
  assert.ok(all.length <= 8);
  assert.deepEqual(all.slice(0, 2), ["192.0.2.2", "192.0.2.1"]);
  assert.equal(sources.leftOut, 102 - all.length);
  assert.equal(of(10).account(false).partial, true);
  assert.equal(of(1).account(false).partial, false);
});

Deno.test("AccountSources counts who was left out once, however often it comes and goes", () => {
  const sources = new AccountSources([], 0, 8);
  for (let round = 0; round < 4; round++) {
    for (let i = 1; i <= 30; i++) sources.of(parseAddress(`192.0.2.${i}`)!, 0)!.begun(i);
  }
  assert.equal(sources.leftOut, 30);
});

Deno.test("SourceNotes tells what came nearest to each shape, the nearest first, and nothing that did not begin", () => {
  const notes = new AccountSources([], 0).of(parseAddress("192.0.2.1")!, 0)!;
  const near = (rule: "ports" | "hosts" | "grid", reached: number, network?: true) =>
    notes.near({ rule, reached, enough: 20, ...(network ? { network } : {}) });
  near("grid", 0);
  near("ports", 1);
  near("hosts", 5);
  near("ports", 9);
  near("ports", 8);
  near("ports", 3, true);
  assert.deepEqual(
    notes.account(false).thresholds.map(({ rule, reached, network }) => [rule, reached, network]),
    [["ports", 9, undefined], ["hosts", 5, undefined], ["ports", 3, true]],
  );
});

Deno.test("SourceNotes tells the latest of what came equally near to a shape, where no success holds that back", () => {
  const notes = new AccountSources([], 0).of(parseAddress("192.0.2.1")!, 0)!;
  const near = (on: string, reached: number, held?: "successes") =>
    notes.near({ rule: "ports", reached, enough: 20, on, ...(held ? { held } : {}) });
  const told = () => notes.account(false).thresholds.map(({ on }) => on);
  near("203.0.113.1", 9);
  near("203.0.113.2", 9);
  assert.deepEqual(told(), ["203.0.113.2"]);
  near("203.0.113.3", 20);
  near("203.0.113.4", 40, "successes");
  assert.deepEqual(told(), ["203.0.113.3"]);
});

Deno.test("AccountSources keeps notes only of those that are asked for", () => {
  const prefix = { address: parseAddress("192.0.2.0")!, bits: 120 };
  const sources = new AccountSources([prefix], 0);
  assert.equal(sources.of(parseAddress("198.51.100.1")!, 0), undefined);
  assert.ok(sources.of(parseAddress("192.0.2.77")!, 0) !== undefined);
});

Deno.test("totals stay exact where attempts are too many to be listed", () => {
  const traffic = new Questioned({}, undefined, 3);
  for (let i = 0; i < 5; i++) traffic.used(CLIENT, SERVER, 8000 + i, 50000 + i);
  for (let i = 0; i < 6; i++) traffic.refused(CLIENT, OTHER, 21 + i, 40000 + i);
  const account = traffic.account(CLIENT);
  assert.equal(account.attempts, 11);
  assert.deepEqual(account.decisions, { used: 5, counted: 6 });
  assert.deepEqual(account.listed.map(({ decision }) => decision), [
    "counted",
    "counted",
    "counted",
  ]);
});

Deno.test("a source that starts anew after a long pause is said to", () => {
  const traffic = new Questioned();
  traffic.refused(CLIENT, SERVER, 21).refused(CLIENT, SERVER, 22).wait(8000);
  const account = traffic.refused(CLIENT, SERVER, 23).account(CLIENT);
  assert.equal(account.restarts, 1);
  assert.deepEqual(account.thresholds[0].reached, 6);
});

Deno.test("first packets that a flood leaves no time for are counted, for their source and in all", () => {
  const traffic = new Questioned({ floodRate: 64 }, 100);
  for (let i = 0; i < 200; i++) {
    traffic.send({ from: `192.0.2.${i}`, to: SERVER, sport: 40000, dport: 80, flags: Syn, seq: i });
  }
  const explanation = traffic.explanation();
  assert.ok(explanation.gated > 100);
  const sum = explanation.sources.reduce((sum, { gated }) => sum + gated, 0);
  assert.equal(sum, explanation.gated);
  const last = accountOf({ explanation, events: [] }, "192.0.2.199");
  assert.deepEqual([last.attempts, last.gated], [0, 1]);
});

Deno.test("a rule that holds for a flood of equal packets is nobody's scan, and that is said", () => {
  const traffic = new Questioned({}, 100);
  for (let port = 21; port < 30; port++) {
    for (let i = 0; i < 140; i++) {
      const probe = { from: `192.0.2.${i}`, to: SERVER, sport: 40000, dport: port, flags: Syn };
      traffic.send({ ...probe, seq: port, ipId: port });
    }
    traffic.wait(1);
  }
  const explanation = traffic.wait(10).ping(CLIENT, OTHER) && traffic.explanation();
  assert.ok(explanation.sources.some(({ dismissed, scanned }) => dismissed > 0 && !scanned));
});

Deno.test("only a run that asks for sources counts packets, with those that can be no probe", () => {
  const file = CASES + "lan-chatter/capture.pcap.gz";
  // Neighbour discovery and the like: nobody attempted anything.
  assert.deepEqual(explain(file).explanation.sources, []);
  const { explanation } = explain(file, ["0.0.0.0/0", "::/0", "192.0.2.99"]);
  const sent = explanation.sources.map(({ packets }) => packets!);
  assert.ok(sent.every((packets) => packets.sent >= packets.unfit));
  assert.ok(sent.some(({ unfit }) => unfit > 0));
  assert.deepEqual(explanation.absent, [{ index: 2, received: 0 }]);
});

Deno.test("a source that only answers, or speaks to groups, attempted nothing", () => {
  const traffic = new Questioned();
  traffic.send({
    kind: Kind.Udp,
    from: OTHER,
    to: "224.0.0.251",
    sport: 5353,
    dport: 5353,
    quirks: Quirk.LinkMulticast,
  });
  traffic.refused(SCANNER, SERVER, 22);
  const { sources } = traffic.explanation();
  assert.deepEqual(sources.map(({ source }) => source), [SCANNER]);
});

Deno.test("a source is said to have scanned however many of its later scans were not told", () => {
  const traffic = new Questioned({ sourceAlerts: 1 });
  for (let i = 0; i < 40; i++) {
    for (let port = 0; port < 7; port++) {
      traffic.refused(SCANNER, `203.0.113.${i}`, 21 + port, 40000 + i * 7 + port);
    }
    traffic.wait(300).ping(CLIENT, OTHER);
  }
  const account = traffic.account(SCANNER);
  assert.deepEqual([account.scanned, account.scanCount, account.scans.length], [true, 40, 32]);
  assert.ok(account.scans.every(({ telling }) => telling === "source-alerts"));
});

Deno.test("attempts of sources that had to give way make room for those of others", () => {
  const sources = new AccountSources([], 2, 4);
  for (let i = 0; i < 100; i++) {
    const notes = sources.of(parseAddress(`192.0.2.${i}`)!, 0)!;
    for (const time of [1, 2, 3]) sources.list(notes, note(time, 2));
  }
  assert.equal(sources.listed, sources.all().length * 2);
});

Deno.test("explain says by which shape the scan of several sources was found", () => {
  const { scans } = accountOf(explain(CASES + "decoy-fin/capture.pcap.gz"), SCANNER);
  assert.deepEqual(scans.map(({ rule, decoy }) => [rule, decoy]), [["ports", true]]);
  assert.ok(scans[0].reached !== undefined && scans[0].reached.reached >= scans[0].reached.enough);
});
