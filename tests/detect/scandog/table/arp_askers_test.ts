// Who goes through a network by ARP, and who asks for whom packets come.

import assert from "node:assert/strict";
import { ArpAskers } from "../../../../src/detect/scandog/table/arp_askers.ts";
import { Clock } from "../../../../src/detect/scandog/clock.ts";
import { Hash } from "../../../../src/keyed_hash.ts";
import { Kind, Quirk } from "../../../../src/record.ts";
import { random, Traffic } from "../traffic.ts";

const HOST = "192.168.7.66";
/** The last word of 192.168.7.x, as it lies in memory. */
const word = (octet: number) => octet << 24 | 7 << 16 | 168 << 8 | 192;

function askersAt(): ArpAskers {
  return new ArpAskers(new Hash(1), new Clock());
}

/** The host asks for the neighbour; whether that is one of a row. */
function asksInOrder(askers: ArpAskers, asker: number, target: number): boolean {
  askers.note(asker, target);
  return askers.isInOrder(asker);
}

Deno.test("ArpAskers takes requests for neighbours in order for a row, whatever comes between", () => {
  const askers = askersAt();
  const rows: boolean[] = [];
  for (let i = 0; i < 8; i++) {
    rows.push(asksInOrder(askers, word(66), word(100 + i)));
    if (i === 3) askers.note(word(66), word(1));
    askers.note(word(67), word(30));
  }
  assert.deepEqual(rows, [false, false, false, false, false, false, true, true]);
  assert.ok(!asksInOrder(askers, word(66), word(200)), "a leap begins anew");
  assert.ok(asksInOrder(askers, word(66), word(109)), "one address was left out");
  assert.ok(asksInOrder(askers, word(66), word(108)), "and down again");
});

Deno.test("ArpAskers knows no row across networks", () => {
  const askers = askersAt();
  for (let i = 0; i < 20; i++) {
    assert.ok(!asksInOrder(askers, word(66), word(100 + i) ^ (i % 5) << 16));
  }
});

Deno.test("ArpAskers calls three requests hasty that no kernel repeats so soon", () => {
  const askers = askersAt();
  for (const [after, isHasty] of [[500, false], [1000, false], [500, false], [899, true]]) {
    askers.noteAgain(word(66), after as number);
    assert.equal(askers.isHasty(word(66)), isHasty);
  }
  assert.ok(!askers.isHasty(word(67)));
});

Deno.test("an ARP sweep of one address a second, or every five minutes, is found", () => {
  for (const [pause, hosts] of [[1, 40], [300, 24]]) {
    const traffic = new Traffic();
    for (let i = 0; i < hosts; i++) traffic.arp(HOST, `192.168.7.${100 + i}`).wait(pause);
    assert.deepEqual(traffic.named(), [HOST], `${pause} s`);
  }
});

Deno.test("requests at that pace in no order are a router's", () => {
  const next = random(5);
  const traffic = new Traffic();
  const octets = Array.from({ length: 120 }, (_, i) => 80 + i);
  octets.sort(() => next() - 0.5);
  for (const octet of octets) traffic.arp("192.168.7.1", `192.168.7.${octet}`).wait(0.6 + next());
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a row that is asked for as kernels ask is a router's, at any pace", () => {
  for (const pause of [0.002, 0.6, 2]) {
    const traffic = new Traffic({}, 100);
    const due: { at: number; to: string }[] = [];
    for (let i = 0; i < 60; i++) {
      for (let k = 0; k < 3; k++) due.push({ at: i * pause + k, to: `192.168.7.${100 + i}` });
    }
    due.sort((a, b) => a.at - b.at);
    let now = 0;
    for (const { at, to } of due) {
      traffic.wait(Math.max(0, at - now)).arp("192.168.7.1", to);
      now = at;
    }
    assert.deepEqual(traffic.named(), [], `${pause} s`);
  }
});

Deno.test("the last of a router's requests, of a sweep from before the capture, name nobody", () => {
  const traffic = new Traffic({}, 200);
  traffic.udp("198.51.100.9", "192.168.7.10", 53).udp("198.51.100.8", "192.168.7.10", 53);
  for (let i = 0; i < 60; i++) traffic.arp("192.168.7.1", `192.168.7.${100 + i}`);
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a router's first requests, when the capture ends before the second, name nobody", () => {
  const traffic = new Traffic({}, 200);
  traffic.udp("198.51.100.9", "192.168.7.10", 53).udp("198.51.100.8", "192.168.7.10", 53).wait(3);
  traffic.udp("198.51.100.7", "192.168.7.10", 53);
  for (let i = 0; i < 60; i++) traffic.arp("192.168.7.1", `192.168.7.${100 + i}`);
  traffic.wait(0.7).ping("198.51.100.9", "198.51.100.8");
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a router's last solicitations for a sweep from before the capture name nobody", () => {
  for (const [asker, named] of [["fe80::1", []], ["2001:db8:2::5", ["2001:db8:2::5"]]] as const) {
    const traffic = new Traffic({}, 200);
    for (let i = 0; i < 60; i++) traffic.neighbour(asker, `2001:db8:2::${(0x10 + i).toString(16)}`);
    assert.deepEqual(traffic.named(), named, asker);
  }
});

Deno.test("an ARP sweep of a network whose hosts all answer is found", () => {
  const traffic = new Traffic();
  traffic.udp("192.168.7.9", "192.168.7.10", 53).wait(2);
  for (let i = 0; i < 40; i++) {
    const to = `192.168.7.${100 + i}`;
    traffic.arp(HOST, to).send({ kind: Kind.Arp, from: to, to: HOST, type: 2 });
  }
  assert.deepEqual(traffic.named(), [HOST]);
});

Deno.test("visitors do not explain the requests of a tool that asks again at once", () => {
  const traffic = new Traffic({}, 100);
  const visit = (i: number) =>
    traffic.udp(`198.51.100.${i}`, "192.168.7.10", 53, 40000 + i).refused(
      `198.51.100.${i}`,
      "192.168.7.10",
      8080,
    );
  for (let i = 1; i < 9; i++) visit(i);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 60; i++) {
      traffic.send({
        kind: Kind.Arp,
        from: HOST,
        to: `192.168.7.${20 + (i * 37) % 200}`,
        type: 1,
        quirks: Quirk.LinkMulticast,
      });
    }
    traffic.wait(0.5);
  }
  assert.deepEqual(traffic.named(), [HOST]);
});

Deno.test("neighbours that answer ARP do not speak for who then finds a port refused on each", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 12; i++) {
    const to = `192.168.7.${20 + i * 9}`;
    traffic.arp(HOST, to).send({ kind: Kind.Arp, from: to, to: HOST, type: 2 });
  }
  for (let i = 0; i < 12; i++) traffic.refused(HOST, `192.168.7.${20 + i * 9}`, 445, 40000 + i);
  const [scan] = traffic.scans();
  assert.equal(scan?.source, HOST);
  assert.equal(scan.shape, "horizontal");
  assert.equal(scan.ports.list, "445");
});

Deno.test("ArpAskers takes half a second between requests on average for slow, of which a pause is an eighth, four seconds at most", () => {
  const isSlow = (...pauses: number[]) => {
    const clock = new Clock(), askers = new ArpAskers(new Hash(1), clock);
    askers.note(word(66), word(10));
    for (const [i, ms] of pauses.entries()) {
      clock.ms += ms;
      askers.note(word(66), word(20 + 7 * i));
    }
    return [askers.isSlow(word(66)), askers.isSlow(word(67))];
  };
  assert.deepEqual(isSlow(), [false, false]);
  assert.deepEqual(isSlow(3999), [false, false]);
  assert.deepEqual(isSlow(4000), [true, false]);
  assert.deepEqual(isSlow(4000, 499), [false, false]);
  assert.deepEqual(isSlow(4000, 500), [true, false]);
  assert.deepEqual(isSlow(60_000, 499), [false, false], "a long pause counts as four seconds");
});
