// The account by itself: told of decisions about attempts that were put into the table by hand, each in its turn.

import assert from "node:assert/strict";
import type { SourceAccount } from "../../../../src/account.ts";
import { parseAddress, parsePrefix } from "../../../../src/address.ts";
import { Decision } from "../../../../src/decision.ts";
import { HOST_CLASSES, HostClass, PORT_CLASSES, PortClass } from "../../../../src/failure_class.ts";
import { KeptAccount } from "../../../../src/detect/scandog/account/kept_account.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import { Held, type Reached, ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Width } from "../../../../src/detect/scandog/table/network_prefix.ts";
import { type Entry, SOURCE, TARGET } from "../entries.ts";
import { Told } from "../scan/told.ts";

const OTHER = "198.51.100.8";

/** The tables of a detector, scans, and an account of what a test says of them. */
class Accounted extends Told {
  constructor(readonly account: KeptAccount, options: ConstructorParameters<typeof Told>[0] = {}) {
    super({ account, ...options });
    account.open(this.memory);
  }

  static of(listMax = 100, only: string[] = []): Accounted {
    return new Accounted(
      new KeptAccount({ only: only.map((text) => parsePrefix(text)!), listMax }),
    );
  }

  /** A new attempt that the account was told of; its slot. */
  begin(entry: Entry = {}): number {
    const slot = this.add(entry);
    this.account.begun(slot);
    return slot;
  }

  become(slot: number, outcome: number, why: number = Decision.Undecided): void {
    this.memory.table.setOutcome(slot, outcome);
    this.account.settled(slot, why);
  }

  of(source = SOURCE): SourceAccount {
    return this.account.explanation().sources.find((account) => account.source === source)!;
  }
}

Deno.test("an attempt has one outcome and one decision at a time, and what takes its place begins anew", () => {
  const accounted = Accounted.of();
  const slot = accounted.begin();
  const said = () => {
    const { outcomes, decisions } = accounted.of();
    return [outcomes, decisions];
  };
  assert.deepEqual(said(), [{ undecided: 1 }, { undecided: 1 }]);
  accounted.become(slot, Outcome.Silent);
  assert.deepEqual(said(), [{ silent: 1 }, { undecided: 1 }]);
  accounted.account.decided(slot, Decision.Probation);
  accounted.become(slot, Outcome.Harmless, Decision.Lease);
  assert.deepEqual(said(), [{ harmless: 1 }, { probation: 1 }], "what was decided before stays");
  const other = accounted.begin({ port: 23 });
  accounted.become(other, Outcome.Harmless, Decision.Lease);
  assert.deepEqual(said(), [{ harmless: 2 }, { probation: 1, lease: 1 }]);
  accounted.account.weighed(slot, 3, 6, PortClass.Privileged, HostClass.Failed);
  accounted.become(slot, Outcome.Refused);
  accounted.account.begun(slot);
  const { attempts, outcomes, decisions, listed } = accounted.of();
  assert.deepEqual(
    [attempts, outcomes, decisions],
    [3, { undecided: 1, refused: 1, harmless: 1 }, { undecided: 1, counted: 1, lease: 1 }],
  );
  const listedAs = listed.map(({ outcome, decision }) => `${outcome} ${decision}`);
  assert.deepEqual(listedAs, ["refused counted", "harmless lease", "undecided undecided"]);
  accounted.account.decided(other, Decision.Probation);
  accounted.account.begun(other);
  assert.deepEqual(accounted.of().listed.map(({ decision }) => decision).sort(), [
    ...["counted", "probation", "undecided", "undecided"],
  ]);
  accounted.account.decided(slot, Decision.TakenBack);
  const after = accounted.of();
  assert.equal(after.weight, 3, "the attempt that had the slot before keeps what it counted");
  assert.deepEqual(after.decisions, {
    ...{ counted: 1, probation: 1, undecided: 1, "taken-back": 1 },
  });
});

Deno.test("what an attempt counted adds up, is listed with its rules, and is taken back as a whole, once", () => {
  const accounted = Accounted.of();
  const slot = accounted.begin({ port: 22, sourcePort: 40_000 });
  accounted.account.weighed(accounted.begin({ port: 23 }), 3, 6, PortClass.Privileged, 0);
  accounted.account.weighed(slot, 7, 12, PortClass.Exotic, HostClass.Exotic);
  accounted.account.weighed(slot, 2, 1, PortClass.Other, HostClass.Failed);
  const { weight, points, listed } = accounted.of();
  assert.deepEqual([weight, points], [12, 19]);
  assert.deepEqual(listed.find(({ port }) => port === 22)?.weighed, {
    ...{ weight: 9, points: 13 },
    portRule: PORT_CLASSES[PortClass.Other].name,
    hostRule: HOST_CLASSES[HostClass.Failed].name,
  });
  for (let times = 0; times < 2; times++) {
    accounted.account.decided(slot, Decision.TakenBack);
    const { weight, points, decisions } = accounted.of();
    assert.deepEqual([weight, points], [3, 6]);
    assert.deepEqual(decisions, { counted: 1, "taken-back": 1 });
  }
});

Deno.test("an attempt is listed as it is in the end: what was not known when it began is there", () => {
  const accounted = Accounted.of();
  const slot = accounted.begin({ port: 22 });
  const ping = accounted.begin({ kind: TargetClass.IcmpEcho, port: 0 });
  const { table } = accounted.memory;
  table.sourcePort.set(slot, 40_000);
  table.sourcePort.set(ping, 7);
  table.techniques.set(slot, TechniqueBit.Syn);
  accounted.begin({ port: 23 });
  const timeUs = table.firstUs(slot);
  const common = { source: SOURCE, destination: TARGET, outcome: "undecided", timeUs };
  assert.deepEqual(
    accounted.of().listed,
    [
      ...[{ ...common, sourcePort: 40_000, target: "tcp", port: 22, techniques: ["syn"] }],
      ...[{ ...common, target: "ping", techniques: [] }],
      ...[{ ...common, target: "tcp", port: 23, techniques: [] }],
    ].map((attempt) => ({ ...attempt, decision: "undecided" })),
  );
});

Deno.test("what counts is listed before what failed, and that before the rest, as it is decided", () => {
  const { Counted, Scanned, Probation, Used, UsedUnseen, Undecided } = Decision;
  // Two are listed; the first two are decided upon so, and then comes a third.
  const cases: [decisions: number[], third: number, listed: number[]][] = [
    [[Undecided, Undecided], Undecided, [1, 2]],
    [[Undecided, Undecided], Probation, [1, 3]],
    [[Probation, Used], Undecided, [1, 2]],
    [[Used, Probation], Probation, [2, 3]],
    [[UsedUnseen, Probation], Probation, [2, 3]],
    [[Probation, Probation], Probation, [1, 2]],
    [[Counted, Probation], Counted, [1, 3]],
    [[Counted, Scanned], Counted, [1, 2]],
    [[Probation, Scanned], Scanned, [2, 3]],
  ];
  for (const [decisions, third, listed] of cases) {
    const accounted = Accounted.of(2);
    for (const [i, decision] of [...decisions, third].entries()) {
      const slot = accounted.begin({ port: i + 1 });
      if (decision !== Undecided) accounted.account.decided(slot, decision);
    }
    assert.deepEqual(
      accounted.of().listed.map(({ port }) => port),
      listed,
      `${decisions} ${third}`,
    );
    assert.equal(accounted.of().attempts, 3);
  }
  const none = Accounted.of(0);
  none.account.decided(none.begin(), Counted);
  assert.deepEqual(none.of().listed, []);
});

Deno.test("one that gave way on the list comes back when it counts after all", () => {
  const accounted = Accounted.of(1);
  const first = accounted.begin({ port: 1 }), second = accounted.begin({ port: 2 });
  const port = () => accounted.of().listed.map(({ port }) => port);
  assert.deepEqual(port(), [1]);
  accounted.account.decided(second, Decision.Probation);
  assert.deepEqual(port(), [2]);
  accounted.account.decided(first, Decision.Counted);
  assert.deepEqual(port(), [1]);
});

const near = (shape: number, reached: number, enough = 20): Reached => ({
  ...{ shape, reached, enough },
  ...{ held: Held.No, failed: 0, used: 0 },
});

Deno.test("what a source reached is said of the attempt's host or target, of its network apart", () => {
  const accounted = Accounted.of();
  const subject = accounted.subject(SOURCE, 0), slot = accounted.begin({ port: 22 });
  const { width } = accounted.memory.subjects;
  accounted.account.reached(slot, subject, [
    near(ShapeCode.Ports, 4),
    near(ShapeCode.Hosts, 8),
  ]);
  width.set(subject, Width.Link);
  const ping = accounted.begin({ kind: TargetClass.IcmpEcho });
  accounted.account.reached(ping, subject, [near(ShapeCode.Hosts, 6)]);
  assert.deepEqual(accounted.of().thresholds, [
    { rule: "hosts", reached: 8, enough: 20, on: "tcp 22" },
    { rule: "hosts", reached: 6, enough: 20, on: "ping", network: true },
    { rule: "ports", reached: 4, enough: 20, on: TARGET },
  ]);
});

Deno.test("a network's shape that was passed over is held by its neighbours, and nothing else is", () => {
  const accounted = Accounted.of();
  const subject = accounted.subject(SOURCE, 0), slot = accounted.begin({ port: 22 });
  accounted.account.reached(slot, subject, [near(ShapeCode.Ports, 25)]);
  accounted.memory.subjects.width.set(subject, Width.Link);
  const held = { ...near(ShapeCode.Grid, 20), held: Held.Shape };
  const [enough, less] = [near(ShapeCode.Hosts, 20), near(ShapeCode.Ports, 19)];
  accounted.account.reached(slot, subject, [enough, less, held]);
  accounted.account.overlooked(slot);
  const said = accounted.of().thresholds.map(({ rule, network, held }) => [rule, network, held]);
  assert.deepEqual(
    said.sort(),
    [
      ["grid", true, "shape"],
      ["hosts", true, "neighbours"],
      ["ports", true, undefined],
      ["ports", undefined, undefined],
    ].sort(),
  );
});

Deno.test("what a source that nobody asked for was passed over for is none of another's account", () => {
  const accounted = Accounted.of(5, [OTHER]);
  const subject = accounted.subject(OTHER, 0);
  accounted.memory.subjects.width.set(subject, Width.Link);
  accounted.account.reached(accounted.begin({ source: OTHER }), subject, [
    near(ShapeCode.Hosts, 20),
  ]);
  accounted.account.overlooked(accounted.begin());
  assert.deepEqual(accounted.of(OTHER).thresholds.map(({ held }) => held), [undefined]);
});

Deno.test("a group of two sources and more is said of, and held where it is enough and no scan", () => {
  const cases: [reached: number, sources: number, isScan: boolean, held?: string | null][] = [
    [5, 1, false, null],
    [5, 2, false, undefined],
    [19, 3, false, undefined],
    [20, 3, false, "sources"],
    [20, 3, true, undefined],
  ];
  for (const [reached, sources, isScan, held] of cases) {
    const accounted = Accounted.of();
    const subject = accounted.subject(SOURCE, 0);
    accounted.begin();
    const shape = ShapeCode.GroupPorts;
    accounted.account.grouped(subject, { shape, reached, enough: 20, sources, isScan });
    const expected = { rule: "group-ports", reached, enough: 20, sources };
    const all = held === null ? [] : [held === undefined ? expected : { ...expected, held }];
    assert.deepEqual(accounted.of().thresholds, all, `${reached} ${sources} ${isScan}`);
    const scan = accounted.scans.begin(subject, shape)!;
    accounted.scans.join(scan, subject);
    assert.deepEqual(accounted.of().scans[0].reached, expected);
  }
});

Deno.test("a scan's account is that of all its sources, with what was reached when it began", () => {
  const accounted = Accounted.of();
  const { account, scans, memory: { clock, subjects } } = accounted;
  const first = accounted.subject(SOURCE, 0), second = accounted.subject(OTHER, 0);
  const slot = accounted.begin({ port: 22 });
  account.reached(slot, first, [near(ShapeCode.Hosts, 21), near(ShapeCode.Ports, 22)]);
  const begin = (shape: number, kind: "one" | "decoy" = "one") => {
    const scan = scans.begin(first, shape, kind)!;
    for (const subject of [first, second]) scans.join(scan, subject);
    return scan;
  };
  const scan = begin(ShapeCode.Ports, "decoy");
  account.scanned(slot, scan);
  const common = {
    ...{ scan: scan.number, rule: "ports", beganUs: clock.lastUs, slow: false, named: SOURCE },
    ...{ sources: 2, decoy: true, attempts: 1 },
    reached: { rule: "ports", reached: 22, enough: 20, on: TARGET },
  };
  for (const source of [SOURCE, OTHER]) assert.deepEqual(accounted.of(source).scans, [common]);
  assert.equal(accounted.of().listed[0].scan, scan.number);
  assert.equal(accounted.of().listed[0].decision, "scanned");
  // It is told under the other's name; what is not told changes nothing but that.
  scan.primary = second;
  scan.slow = true;
  account.told(scan, "budget");
  const [waiting] = accounted.of().scans;
  assert.deepEqual([waiting.telling, waiting.slow, waiting.named], ["budget", true, SOURCE]);
  const scanned = () => [SOURCE, OTHER].map((source) => accounted.of(source).scanned);
  assert.deepEqual(scanned(), [false, false]);
  account.told(scan, "told");
  const [told] = accounted.of().scans;
  assert.deepEqual([told.telling, told.named, scanned()], ["told", OTHER, [false, true]]);
  // The next one has the same place, and an account of its own.
  scans.end(scan);
  subjects.width.set(first, Width.Link);
  const enough = [near(ShapeCode.Ports, 19), near(ShapeCode.Hosts, 20), near(ShapeCode.Grid, 30)];
  account.reached(slot, first, enough);
  const next = begin(ShapeCode.Network);
  const after = accounted.of().scans;
  assert.deepEqual(after.map((one) => one.scan), [scan.number, next.number]);
  assert.deepEqual(
    [after[1].rule, after[1].reached?.rule, after[1].decoy, after[1].attempts],
    ["network", "hosts", false, 0],
  );
  assert.deepEqual(after[0].attempts, 1);
});

Deno.test("a scan that began before anybody asked has no account", () => {
  const told = new Told();
  const scan = told.scan();
  const account = new KeptAccount({ only: [], listMax: 1 });
  account.open(told.memory);
  account.told(scan, "told");
  account.scanned(told.failed(), scan);
  assert.deepEqual(account.explanation().sources.map(({ scanned }) => scanned), [false]);
});

Deno.test("what a flood left no time for is counted, and of sources that are asked for notes are made of it", () => {
  const bytes = new Uint8Array([...parseAddress(OTHER)!, ...parseAddress(SOURCE)!]);
  for (const [only, known] of [[[], [1]], [["0.0.0.0/0"], [2, 1]], [[OTHER], [1]]] as const) {
    const accounted = Accounted.of(1, [...only]);
    accounted.begin({ source: only[0] === OTHER ? OTHER : SOURCE });
    for (const at of [0, 16, 16]) accounted.account.gated(bytes, at);
    const { gated, sources } = accounted.account.explanation();
    assert.equal(gated, 3);
    const counts = sources.map((source) => source.gated).filter((count) => count > 0);
    const expected = only.length === 0 ? [2] : known;
    assert.deepEqual(counts.sort((a, b) => b - a), expected, `${only}`);
  }
});

Deno.test("nothing is noted of sources that nobody asked for", () => {
  const accounted = Accounted.of(5, [OTHER]);
  const { account } = accounted;
  const scan = accounted.scan(SOURCE, 0, 2), slot = accounted.begin();
  accounted.become(slot, Outcome.Silent);
  account.decided(slot, Decision.TakenBack);
  account.weighed(slot, 1, 1, PortClass.Other, HostClass.Failed);
  account.scanned(slot, scan);
  account.reached(slot, scan.primary, [near(ShapeCode.Ports, 4)]);
  account.overlooked(slot);
  account.grouped(scan.primary, {
    ...{ shape: ShapeCode.GroupPorts, reached: 1, enough: 2, sources: 3, isScan: false },
  });
  account.happened(scan.primary, "restarts");
  account.gated(parseAddress(SOURCE)!, 0);
  assert.deepEqual(account.explanation(), { sources: [], leftOut: 0, gated: 1 });
});

Deno.test("what happened to a source is counted by its name", () => {
  const accounted = Accounted.of();
  const subject = accounted.subject(SOURCE, 0);
  accounted.begin();
  for (const what of ["restarts", "dismissed", "restarts"] as const) {
    accounted.account.happened(subject, what);
  }
  const { restarts, dismissed } = accounted.of();
  assert.deepEqual([restarts, dismissed], [2, 1]);
});
