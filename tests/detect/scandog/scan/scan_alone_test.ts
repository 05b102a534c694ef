// One scan by itself: what it counts of each attempt, what it takes for its own, and when it is due. Attempts are put
// into the table by hand.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import {
  isAnsweredPing,
  isPing,
  Scan,
  ScanMaps,
} from "../../../../src/detect/scandog/scan/scan.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { textOf } from "../../../../src/detect/scandog/table/network_prefix.ts";
import { Answer } from "../../../../src/detect/scandog/table/port_map.ts";
import { Entries, type Entry } from "../entries.ts";

const { Tcp, Udp, IcmpEcho, IcmpTimestamp, IpProtocol, Arp } = TargetClass;
const ONE = "203.0.113.10", TWO = "203.0.113.20", THREE = "203.0.113.30";
const SETTINGS = { endSilence: 120, remember: 7200 };

class Alone extends Entries {
  readonly scan = new Scan(this.memory, 7, 5000, new ScanMaps());

  get ms(): number {
    return this.memory.clock.ms;
  }

  attempt(entry: Entry = {}): number {
    return this.add({
      target: ONE,
      port: 22,
      outcome: Outcome.Refused,
      marks: Mark.Closed,
      ...entry,
    });
  }

  counted(entry: Entry = {}): this {
    assert.ok(this.scan.count(this.attempt(entry)));
    return this;
  }
}

Deno.test("a new scan has counted nothing, was not told, and waits for nothing", () => {
  const { scan, ms } = new Alone();
  const { startUs, endUs, beganMs, lastMs, ttlMin, ttlMax } = scan;
  assert.deepEqual([startUs, endUs, beganMs, lastMs, ttlMin > ttlMax], [
    ...[Infinity, -Infinity, ms, ms, true],
  ]);
  const counts = ["others", "foundBy", "withheldIn", "gapMs", "tellMs", "nextUpdateMs", "namedUs"];
  const more = ["updatedAttempts", "attempts", "unfollowed", "pings", "techniques", "flagsEver"];
  const last = ["ttlMax", "classes", "ipVersion", "interface", "remembered"];
  for (const name of [...counts, ...more, ...last] as (keyof Scan)[]) {
    assert.equal(scan[name], 0, name);
  }
  const marks = ["announced", "slow", "isUnseen", "isGuess", "isDoubted", "isDropped", "isZombie"];
  for (const name of marks as (keyof Scan)[]) assert.equal(scan[name], false, name);
  const { primary, waitLevel, trafficClass, sourcePort, flagsAlways, may, kindOfSources } = scan;
  assert.deepEqual([primary, waitLevel, trafficClass, sourcePort, flagsAlways], [
    -1,
    -1,
    -2,
    -2,
    255,
  ]);
  assert.deepEqual([may, kindOfSources, scan.number, scan.handle], ["now", "one", 7, 5000]);
  assert.deepEqual([...scan.destination, scan.ports.count, scan.hosts.count], [0, 0, 0, 0, 0, 0]);
});

Deno.test("a scan counts an attempt once, from the first packet of any to the latest of all", () => {
  const alone = new Alone();
  const { scan, memory: { table } } = alone;
  const early = alone.attempt({ target: THREE, port: 24 });
  const late = alone.wait(500).attempt({ port: 23, repeatMs: 300 });
  const [firstUs, latestUs] = [table.firstUs(late), table.latestUs(late)];
  const said = () => [scan.attempts, scan.startUs, scan.endUs, textOf(scan.destination)];
  assert.equal(latestUs - firstUs, 300_000);
  assert.ok(scan.count(late));
  assert.equal(scan.count(late), false);
  assert.deepEqual(said(), [1, firstUs, latestUs, ONE]);
  alone.counted({ target: TWO });
  assert.deepEqual(said(), [2, firstUs, latestUs, ONE], "at the same time, and before its end");
  scan.count(early);
  assert.deepEqual(said(), [3, firstUs - 500_000, latestUs, THREE]);
  alone.counted({ port: 25, repeatMs: 301 });
  assert.deepEqual(said(), [4, firstUs - 500_000, latestUs + 1000, THREE]);
});

Deno.test("a scan knows the classes of its targets, and by them what it is", () => {
  const cases: [kinds: number[], kind: number][] = [
    [[Tcp], Kind.Tcp],
    [[Udp], Kind.Udp],
    [[IcmpEcho, IcmpTimestamp], Kind.Icmp],
    [[Arp], Kind.Arp],
    [[Tcp, Udp], Kind.Ip],
  ];
  for (const [kinds, kind] of cases) {
    const alone = new Alone();
    for (const one of kinds) alone.counted({ kind: one });
    assert.equal(alone.scan.kind(), kind, kinds.join());
    assert.equal(alone.scan.classes, kinds.reduce((bits, one) => bits | 1 << one, 0));
  }
  const six = new Alone().counted({ kind: IcmpEcho, target: "2001:db8::1" });
  assert.deepEqual([six.scan.kind(), six.scan.ipVersion], [Kind.Icmp6, 6]);
});

Deno.test("a scan counts its pings, and knows those that came back", () => {
  const alone = new Alone();
  const ping = { kind: IcmpEcho, port: 0 };
  alone.counted(ping).counted({ ...ping, target: TWO }).counted({ kind: IcmpTimestamp }).counted();
  assert.equal(alone.scan.pings, 2);
  const { table } = alone.memory;
  const of = (entry: Entry) => {
    const slot = alone.attempt(entry);
    return [isPing(table, slot), isAnsweredPing(table, slot)];
  };
  assert.deepEqual(of({ ...ping, outcome: Outcome.Empty }), [true, true]);
  assert.deepEqual(of(ping), [true, false]);
  assert.deepEqual(of({ port: 80, outcome: Outcome.Empty }), [false, false]);
});

Deno.test("a scan has a link-layer address where all its probes that were seen came from one", () => {
  const from = (...links: (number | "answer")[]) => {
    const alone = new Alone();
    for (const [i, link] of links.entries()) {
      const slot = alone.attempt({ port: i, marks: link === "answer" ? Mark.ReplyOnly : 0 });
      alone.memory.table.linkSource.set(slot, link === "answer" ? 99 : link);
      alone.scan.count(slot);
    }
    return alone.scan.linkSource();
  };
  assert.deepEqual([from(), from(5), from(5, 5), from("answer", 5), from(5, "answer")], [
    0,
    5,
    5,
    5,
    5,
  ]);
  assert.deepEqual([from(5, 6), from(5, 6, 5), from(5, 6, 6), from(0, 5), from(5, 0)], [
    0,
    0,
    0,
    0,
    0,
  ]);
});

Deno.test("a scan takes for its own what is at one of its hosts, or of several at a port that it tried", () => {
  const cases: [string, counted: Entry[], Entry, resembles: boolean, hasTried: boolean][] = [
    ["its host and port", [{}], {}, true, true],
    ["another port of it", [{}], { port: 23 }, true, false],
    ["its port elsewhere", [{}], { target: TWO }, false, false],
    ["elsewhere, of two hosts", [{}, { target: TWO }], { target: THREE }, true, false],
    ["another port there", [{}, { target: TWO }], { target: THREE, port: 23 }, false, false],
    ["a ping, where it sent none", [{}], { kind: IcmpEcho, port: 0 }, false, true],
    [
      "a ping, where it did",
      [{}, { kind: IcmpEcho, port: 0 }],
      { kind: IcmpEcho, port: 0 },
      true,
      true,
    ],
    [
      "a ping elsewhere, of two hosts",
      [{ target: TWO }, { kind: IcmpEcho, port: 0 }],
      { kind: IcmpEcho, port: 0, target: THREE },
      ...[true, false] as const,
    ],
    [
      "a port that stands for its protocol",
      [{ kind: Udp, port: 53, techniques: TechniqueBit.Udp }],
      { kind: Udp, port: 53 },
      ...[true, true] as const,
    ],
  ];
  for (const [what, counted, entry, resembles, hasTried] of cases) {
    const alone = new Alone();
    for (const one of counted) alone.counted(one);
    const slot = alone.attempt({ source: "192.0.2.1", ...entry });
    assert.deepEqual(
      [alone.scan.resembles(slot), alone.scan.hasTried(slot)],
      [resembles, hasTried],
      what,
    );
  }
});

Deno.test("a port is open where its target showed it, closed where that or a router refused, else silent", () => {
  const cases: [Entry, answer: number][] = [
    [{ marks: Mark.Open }, Answer.Open],
    [{ marks: Mark.Open | Mark.Closed }, Answer.Open],
    [{ marks: Mark.Closed }, Answer.Closed],
    [{ outcome: Outcome.Silent, marks: 0 }, Answer.Silent],
    [{ outcome: Outcome.Used, marks: Mark.Replied }, Answer.Open],
    [{ outcome: Outcome.Used, marks: 0 }, Answer.Silent],
    [{ outcome: Outcome.Refused, marks: Mark.Replied }, Answer.Silent],
  ];
  for (const [entry, answer] of cases) {
    const { scan } = new Alone().counted(entry);
    assert.equal(scan.ports.get(22), answer, JSON.stringify(entry));
  }
  for (const kind of [IcmpEcho, Arp]) {
    assert.equal(new Alone().counted({ kind }).scan.ports.count, 0);
  }
  assert.equal(new Alone().counted({ kind: IpProtocol, port: 47 }).scan.ports.count, 1);
});

Deno.test("the first twenty ports are kept in the order in which they were probed, each once", () => {
  const alone = new Alone();
  const ports = Array.from({ length: 22 }, (_, i) => 100 - i);
  for (const port of [...ports.slice(0, 5), ...ports]) {
    alone.scan.count(alone.attempt({ port, target: port % 2 === 0 ? ONE : TWO }));
  }
  assert.deepEqual(alone.scan.portsSeen, ports.slice(0, 20));
});

Deno.test("a scan rests after four times its longest pause, or after a second", () => {
  for (const [gapMs, most] of [[0, 1000], [250, 1000], [251, 1004], [600, 2400]]) {
    const { scan, ms } = new Alone();
    scan.gapMs = gapMs;
    assert.deepEqual(
      [most, most + 1].map((after) => scan.isResting(ms + after)),
      [false, true],
      `${gapMs}`,
    );
  }
});

Deno.test("a scan is worth most where it was told, then where it goes on, then by what it did", () => {
  const { scan, ms } = new Alone();
  const worth = (attempts: number, announced: boolean, afterMs: number, slow = false) => {
    Object.assign(scan, { attempts, announced, slow });
    return scan.worth(ms + afterMs);
  };
  const inOrder = [
    worth(5, false, 1001),
    worth(6, false, 1001),
    worth(2, false, 1001, true),
    worth(2e9, false, 1001),
    worth(5, false, 1000),
    worth(2e9, false, 0),
    worth(5, true, 1001),
    worth(2e9, true, 1001),
    worth(5, true, 0),
  ];
  for (let i = 1; i < inOrder.length; i++) {
    assert.ok(inOrder[i] > inOrder[i - 1], `${i}: ${inOrder}`);
  }
  assert.equal(worth(1e9, false, 1001), worth(3e9, false, 1001));
});

Deno.test("a scan's longest pause is that between two of its attempts, and time that steps back is none", () => {
  const { scan, ms } = new Alone();
  const after = (at: number) => {
    scan.goOn(ms + at);
    return [scan.gapMs, scan.lastMs - ms];
  };
  assert.deepEqual([after(100), after(150), after(400), after(300), after(400)], [
    ...[[100, 100], [100, 150], [250, 400], [250, 400], [250, 400]],
  ]);
});

Deno.test("a scan is waited for --end-silence, or four pauses, but --remember at most; for ever while it may be told", () => {
  const { scan } = new Alone();
  const patience = (gapMs: number) => {
    scan.gapMs = gapMs;
    return scan.patienceMs(SETTINGS);
  };
  assert.deepEqual([0, 30_000, 30_001, 1_800_000, 1_800_001].map(patience), [
    ...[120_000, 120_000, 120_004, 7_200_000, 7_200_000],
  ]);
  scan.may = "later";
  assert.equal(patience(0), Infinity);
  scan.may = "not";
  assert.equal(patience(0), 120_000);
});

Deno.test("a scan is due for what comes first: to be told, to be asked for again, to be updated, to end", () => {
  const due = (set: Partial<Scan>, afterMs = 0) => {
    const { scan, ms } = new Alone();
    Object.assign(scan, { nextUpdateMs: ms + 60_000 }, set);
    if (set.tellMs) scan.tellMs = ms + set.tellMs;
    if (set.nextUpdateMs) scan.nextUpdateMs = ms + set.nextUpdateMs;
    return scan.dueMs(ms + afterMs, SETTINGS);
  };
  assert.equal(due({}), 60_000);
  assert.equal(due({ nextUpdateMs: 200_000 }), 120_000);
  assert.equal(due({ nextUpdateMs: 200_000 }, 5000), 115_000);
  assert.equal(due({ tellMs: 2500 }), 2500);
  assert.equal(due({ tellMs: 2500 }, 2600), -100);
  assert.equal(due({ waitLevel: 0 }), 100);
  assert.equal(due({ may: "later" }), 100);
  assert.equal(due({ may: "not" }), 100);
});

Deno.test("a scan is to be told when its time has come, when it may be asked for again, or when it is cleared", () => {
  const isDue = (set: Partial<Scan>, afterMs: number, kind: number = Tcp) => {
    const alone = new Alone().counted({ kind });
    Object.assign(alone.scan, set);
    if (set.tellMs) alone.scan.tellMs = alone.ms + set.tellMs;
    return alone.scan.isTellDue(alone.ms + afterMs);
  };
  assert.deepEqual([isDue({}, 0), isDue({ tellMs: 50 }, 49), isDue({ tellMs: 50 }, 50)], [
    false,
    false,
    true,
  ]);
  assert.deepEqual([isDue({ may: "later" }, 0), isDue({ may: "not" }, 0)], [true, true]);
  const doubted = { isDoubted: true, tellMs: 50 };
  assert.deepEqual([isDue(doubted, 0, Arp), isDue(doubted, 0), isDue({ isDoubted: true }, 0)], [
    false,
    true,
    false,
  ]);
});

Deno.test("a scan may still be told while it waits or was not allowed, and was passed over where nothing refused it", () => {
  const of = (set: Partial<Scan>) => {
    const { scan } = new Alone();
    Object.assign(scan, set);
    return [scan.isUntold(), scan.isPassedOver()];
  };
  assert.deepEqual(of({}), [false, true]);
  assert.deepEqual(of({ tellMs: 5 }), [true, true]);
  assert.deepEqual(of({ may: "later" }), [true, false]);
  assert.deepEqual(of({ withheldIn: 1 }), [false, false]);
  assert.deepEqual(of({ isDropped: true }), [false, false]);
});
