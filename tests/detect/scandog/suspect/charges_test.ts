// What a failure is charged with, and that exactly this is given back: attempts put into the table by hand.

import assert from "node:assert/strict";
import { SHAPES } from "../../../../src/account.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import {
  charge,
  credit,
  hostPair,
  portPair,
  shapeOf,
  takeBack,
} from "../../../../src/detect/scandog/suspect/charges.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { Width } from "../../../../src/detect/scandog/table/network_prefix.ts";
import {
  noteAccepted,
  noteUse,
  noteUsed,
  usedOfKey,
} from "../../../../src/detect/scandog/table/uses.ts";
import { Failure } from "../../../../src/detect/scandog/weigh/failures.ts";
import { Entries, type Entry, SOURCE, words } from "../entries.ts";
import { Said } from "./suspects.ts";

const ONE = "203.0.113.10", TWO = "203.0.113.20";

class Charged extends Entries {
  readonly subject: number;

  constructor(readonly said = new Said()) {
    super({ account: Said.account(said) });
    const { subjects, clock } = this.memory;
    this.subject = subjects.admit(words(SOURCE), 0, 0, this.hash(SOURCE), clock.ms);
  }

  /** A refused SYN; its slot. */
  refused(target: string, port: number, entry: Entry = {}): number {
    const marks = Mark.Closed | Mark.Counted;
    return this.add({ target, port, outcome: Outcome.Refused, marks, ...entry });
  }

  /** Charges an attempt; false where its target was charged before. */
  charge(slot: number): boolean {
    const { subject, memory } = this;
    const failure = new Failure();
    failure.weigh(memory, slot, 0, false);
    addFailed(memory, subject, slot);
    const host = hostPair(memory, slot, subject), port = portPair(memory, slot, subject);
    return charge(memory, failure, subject, host, port);
  }

  fail(target: string, port: number, entry: Entry = {}): number {
    const slot = this.refused(target, port, entry);
    assert.ok(this.charge(slot));
    return slot;
  }

  use(target: string, port: number, entry: Entry = {}): number {
    const slot = this.add({ target, port, outcome: Outcome.Used, marks: Mark.Open, ...entry });
    credit(this.memory, slot, this.subject);
    return slot;
  }

  /** Of each shape that is asked for, by its name: what failed and what was used. */
  shapes(slot: number): Record<string, [failed: number, used: number]> {
    const { memory, subject, said } = this;
    shapeOf(
      memory,
      slot,
      subject,
      hostPair(memory, slot, subject),
      portPair(memory, slot, subject),
    );
    const rows = said.shapes.at(-1)!.map((
      { shape, failed, used },
    ) => [SHAPES[shape], [failed, used]]);
    return Object.fromEntries(rows);
  }

  /** Of the source and the attempt's host: weight of what nothing harmless fails at, and low ports that were used. */
  plain(slot: number): [weight: number, uses: number] {
    const { pairs, pairsOf } = this.memory;
    const host = pairsOf.host(slot, this.subject);
    return [pairs.plainWeight(host), pairs.plainUses(host)];
  }

  /** Failures, weight and points of the source; of it and the attempt's host: failures, weight; and port: points. */
  counts(slot: number): number[] {
    const { subject, memory, memory: { subjects, pairs } } = this;
    const host = hostPair(memory, slot, subject), port = portPair(memory, slot, subject);
    return [
      ...[subjects.failed, subjects.weight, subjects.points].map((column) => column.of(subject)),
      ...[pairs.failed, pairs.weight].map((column) => column.of(host)),
      ...[pairs.failed, pairs.points].map((column) => column.of(port)),
    ];
  }
}

Deno.test("Charges adds a failure to its source, to its host and to its port", () => {
  const charged = new Charged();
  const low = charged.fail(ONE, 22);
  assert.deepEqual(charged.counts(low), [1, 3, 6, 1, 3, 1, 6]);
  const high = charged.fail(ONE, 5000);
  assert.deepEqual(charged.counts(high), [2, 4, 12, 2, 4, 1, 6]);
  const elsewhere = charged.fail(TWO, 22);
  assert.deepEqual(charged.counts(elsewhere), [3, 7, 18, 1, 3, 2, 12]);
});

Deno.test("Charges notes when the first failure came that counts, and when the latest", () => {
  const charged = new Charged();
  const { firstMs, lastMs } = charged.memory.subjects, { subject } = charged;
  const since = () =>
    [firstMs, lastMs].map((column) => charged.memory.clock.since(column.of(subject)));
  charged.wait(500).fail(ONE, 22);
  assert.deepEqual(since(), [0, 0]);
  charged.wait(300).fail(ONE, 23);
  assert.deepEqual(since(), [300, 0]);
  charged.wait(200).charge(charged.refused(ONE, 22));
  assert.deepEqual(since(), [500, 200], "one that counted before");
});

Deno.test("Charges counts a target once", () => {
  const charged = new Charged();
  const slot = charged.fail(ONE, 22);
  assert.equal(charged.charge(charged.refused(ONE, 22)), false);
  assert.deepEqual(charged.counts(slot), [1, 3, 6, 1, 3, 1, 6]);
});

Deno.test("Charges gives back what one attempt was charged with, once, and nothing of what was not counted", () => {
  const charged = new Charged();
  const [low, high] = [charged.fail(ONE, 22), charged.fail(ONE, 5000)];
  takeBack(charged.memory, charged.refused(ONE, 23), charged.subject);
  assert.deepEqual(charged.counts(low), [2, 4, 12, 2, 4, 1, 6]);
  for (let times = 1; times <= 2; times++) {
    takeBack(charged.memory, low, charged.subject);
    assert.deepEqual(charged.counts(low), [1, 1, 6, 1, 1, 0, 0], `${times} times`);
  }
  assert.deepEqual(charged.counts(high), [1, 1, 6, 1, 1, 1, 6]);
  takeBack(charged.memory, high, charged.subject);
  assert.deepEqual(charged.counts(high), [0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([low, high].map((slot) => usedOfKey(charged.memory, slot)), [0, 0], "no use");
});

Deno.test("Charges forgives a host that is used as often as it failed: its points, and no weight; once", () => {
  const charged = new Charged();
  const slots = [charged.fail(ONE, 80), charged.fail(ONE, 81)];
  const elsewhere = charged.fail(TWO, 22);
  const use = (port: number) => charged.use(ONE, port);
  use(443);
  assert.deepEqual(charged.counts(slots[0]), [3, 9, 18, 2, 6, 1, 6], "one use of two failures");
  use(444);
  assert.deepEqual(charged.counts(slots[0]), [3, 9, 6, 2, 6, 0, 0]);
  use(445);
  takeBack(charged.memory, slots[0], charged.subject);
  assert.deepEqual(
    charged.counts(slots[0]),
    [2, 6, 6, 1, 3, 0, 0],
    "points were given back before",
  );
  assert.deepEqual(charged.counts(elsewhere), [2, 6, 6, 1, 3, 1, 6]);
});

const { Udp, Arp, IcmpEcho, IpProtocol } = TargetClass;

Deno.test("a source's distinct ports are counted by seven bits of each, folded: some share theirs", () => {
  const cases: [ports: number[], bits: number][] = [
    [[1, 2, 4, 8, 16, 32, 64], 7],
    [[0, 64, 127], 3],
    [[1, 128], 1],
    [[128, 256], 2],
    [[1, 16_384], 1],
    [[16_384, 32_768], 2],
  ];
  for (const [ports, bits] of cases) {
    const charged = new Charged();
    for (const port of ports) charged.fail(ONE, port);
    assert.equal(charged.memory.subjects.portBits(charged.subject), bits, ports.join());
  }
});

Deno.test("a source's distinct hosts are counted by seven bits of their hashes", () => {
  const charged = new Charged();
  const hosts = Array.from({ length: 60 }, (_, i) => `203.0.113.${i}`);
  for (const host of hosts) charged.fail(host, 22);
  const bits = new Set(hosts.map((host) => charged.hash(host) & 127));
  assert.equal(charged.memory.subjects.hostBits(charged.subject), bits.size);
});

Deno.test("Charges keeps what nothing harmless fails at apart, and gives it back with the rest", () => {
  const charged = new Charged();
  const low = charged.fail(ONE, 22), high = charged.fail(ONE, 5000);
  assert.deepEqual(charged.plain(low), [3, 0]);
  takeBack(charged.memory, high, charged.subject);
  assert.deepEqual(charged.plain(low), [3, 0]);
  takeBack(charged.memory, low, charged.subject);
  assert.deepEqual(charged.plain(low), [0, 0]);
});

Deno.test("a used port below 1024 of a host speaks for what fails there below 1024, and no other use does", () => {
  const cases: [port: number, kind: number, uses: number][] = [
    [1023, TargetClass.Tcp, 1],
    [1024, TargetClass.Tcp, 0],
    [53, Udp, 1],
    [0, IcmpEcho, 0],
    [47, IpProtocol, 0],
  ];
  for (const [port, kind, uses] of cases) {
    const charged = new Charged();
    assert.deepEqual(charged.plain(charged.use(ONE, port, { kind })), [0, uses], `${kind} ${port}`);
  }
});

Deno.test("a neighbour that is there is a use of ARP, and none of the host", () => {
  const charged = new Charged();
  const { pairs, pairsOf } = charged.memory;
  const used = (slot: number) => [
    pairs.used.of(pairsOf.host(slot, charged.subject)),
    pairs.used.of(pairsOf.port(slot, charged.subject)),
  ];
  assert.deepEqual(used(charged.use(ONE, 0, { kind: Arp })), [0, 1]);
  assert.deepEqual(used(charged.use(ONE, 80)), [1, 1]);
  assert.deepEqual(used(charged.use(TWO, 80)), [1, 2]);
});

Deno.test("points of ARP are its port's alone: each packet to a neighbour comes after one", () => {
  const charged = new Charged();
  const slot = charged.fail(ONE, 0, { kind: Arp, outcome: Outcome.Silent });
  assert.deepEqual(charged.counts(slot), [1, 0, 0, 1, 0, 1, 3]);
});

Deno.test("a host is forgiven the latest sixteen failures of its source, at no other host", () => {
  for (const [between, left] of [[14, 0], [15, 6]]) {
    const charged = new Charged();
    const first = charged.fail(ONE, 22);
    for (let i = 0; i < between; i++) charged.fail(`203.0.${i}.99`, 23);
    charged.fail(ONE, 24);
    for (const port of [80, 81]) charged.use(ONE, port);
    assert.deepEqual(charged.counts(first).slice(5), [left / 6, left], `${between} between`);
    assert.equal(charged.memory.subjects.points.of(charged.subject), 6 * between + left);
  }
});

Deno.test("what a network is charged with is never given back to it", () => {
  for (const [width, isCharged] of [[0, true], [Width.Link, false]] as const) {
    const charged = new Charged();
    charged.memory.subjects.width.set(charged.subject, width);
    const slot = charged.fail(ONE, 22);
    assert.equal(charged.memory.table.charged.of(slot) !== 0, isCharged);
    assert.equal(charged.said.weighed.length, isCharged ? 1 : 0);
  }
});

Deno.test("who asks for a neighbour again after five seconds has its points anew, and no second failed host", () => {
  for (const [ms, isCounted] of [[5000, false], [5001, true]] as const) {
    const charged = new Charged();
    const ask = () => charged.refused(ONE, 0, { kind: Arp, outcome: Outcome.Silent });
    assert.ok(charged.charge(ask()));
    charged.wait(ms);
    const again = ask();
    assert.equal(charged.charge(again), isCounted, `${ms} ms`);
    assert.deepEqual(charged.counts(again), [isCounted ? 2 : 1, 0, 0, 1, 0, 1, 3]);
    assert.deepEqual(charged.said.weighed.map(([, points]) => points), isCounted ? [3, 3] : [3]);
  }
});

Deno.test("a target counts again at whichever of its host and its port was not tried for --remember", () => {
  const HOUR = 3_600_000;
  const cases: [between: [target: string, port: number], added: number[], left: number[]][] = [
    // The host is remembered by another port of it, and the port by another host.
    [[ONE, 162], [0, 1], [2, 4, 2, 2, 4, 0, 0]],
    [[TWO, 161], [2, 0], [2, 4, 2, 0, 0, 2, 2]],
  ];
  for (const [[target, port], added, left] of cases) {
    const charged = new Charged();
    const question = { kind: Udp, outcome: Outcome.Silent, marks: Mark.Counted };
    charged.fail(ONE, 161, question);
    charged.wait(1.5 * HOUR).fail(target, port, question);
    const again = charged.wait(0.5 * HOUR + 1).fail(ONE, 161, question);
    assert.deepEqual(charged.said.weighed.at(-1)?.slice(0, 2), added);
    takeBack(charged.memory, again, charged.subject);
    assert.deepEqual(charged.counts(again), left, "what it was charged with, and no more");
  }
});

Deno.test("Charges tells shapes what failed and was used: at the host, at the port, in all", () => {
  const charged = new Charged();
  for (let i = 0; i < 3; i++) charged.fail(ONE, 22 + i);
  charged.fail(TWO, 23);
  const slot = charged.fail(TWO, 22);
  charged.use(ONE, 22);
  charged.use(TWO, 443);
  charged.use("203.0.113.77", 22);
  charged.memory.subjects.used.set(charged.subject, 5);
  const { ports, hosts } = charged.shapes(slot);
  assert.deepEqual([ports, hosts], [[2, 1], [2, 2]]);
  for (let i = 0; i < 9; i++) charged.fail(`203.0.113.${30 + i}`, 22 + i % 3);
  assert.deepEqual(charged.shapes(slot)["few-ports"], [14, 5]);
});

Deno.test("four connections without a word count as a use, of the port and in all, from eight failures on", () => {
  for (const [failures, accepted, used] of [[7, 4, 0], [8, 3, 0], [8, 4, 1], [9, 8, 2]]) {
    const charged = new Charged();
    let slot = 0;
    for (let i = 0; i < failures; i++) slot = charged.fail(`203.0.${i}.9`, 22 + 2 * (i % 2));
    for (let i = 0; i < accepted; i++) {
      noteAccepted(
        charged.memory,
        charged.add({ target: `192.0.2.${i}`, port: 22 + 2 * ((failures - 1) % 2) }),
        false,
      );
    }
    const { hosts, "few-ports": few } = charged.shapes(slot);
    assert.equal(hosts[1], used, `${accepted} beside ${failures}`);
    if (few !== undefined) assert.equal(few[1], used);
    // Of a network nobody looks.
    charged.memory.subjects.width.set(charged.subject, Width.Link);
    assert.equal(charged.shapes(slot).hosts[1], 0);
  }
});

Deno.test("what was used of a port elsewhere holds no network that fails as a scanner's targets do", () => {
  for (const [uses, held] of [[8, false], [9, true]] as const) {
    const charged = new Charged();
    for (let i = 0; i < 40; i++) noteUse(charged.memory, charged.hash(SOURCE), 1 << 16 | 22);
    for (let i = 0; i < uses; i++) {
      noteUsed(charged.memory, charged.add({ target: `203.0.113.${100 + i}`, port: 22 }));
    }
    let slot = 0;
    for (let i = 0; i < 16; i++) {
      slot = charged.fail(`203.0.113.${i}`, 22);
      const { pairs, pairsOf } = charged.memory;
      pairs.failed.add(pairsOf.network(slot, charged.subject), 1);
    }
    const { memory, subject } = charged;
    const found = shapeOf(
      memory,
      slot,
      subject,
      hostPair(memory, slot, subject),
      portPair(memory, slot, subject),
    );
    assert.equal(found === undefined, held, `${uses} uses in the network`);
  }
});

Deno.test("what was answered once is no use while it is charged, and one when that is taken back", () => {
  const charged = new Charged();
  const { memory, subject } = charged;
  const { pairs, table } = memory;
  const marks = Mark.Counted | Mark.Replied;
  const once = (target: string) => {
    const slot = charged.add({ target, kind: Udp, port: 161, outcome: Outcome.Empty, marks });
    noteUsed(memory, slot);
    return slot;
  };
  const slots = [once(ONE), once(TWO), once("203.0.113.30")];
  const usedStill = () => pairs.usedStill(portPair(memory, slots[0], subject));
  assert.equal(usedStill(), 3);
  for (const slot of slots.slice(0, 2)) assert.ok(charged.charge(slot));
  assert.equal(usedStill(), 1);
  const before = usedOfKey(memory, slots[0]);
  takeBack(memory, slots[1], subject);
  assert.equal(usedStill(), 2, "what was taken back is a use again");
  assert.equal(usedOfKey(memory, slots[0]), before + 1);
  assert.equal(table.charged.of(slots[1]), 0);
  // What is charged still is no use of the source's next story either.
  memory.subjects.reset(subject, memory.clock.ms);
  assert.equal(usedStill(), 2);
});
