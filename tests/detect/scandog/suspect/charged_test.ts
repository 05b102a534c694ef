// What a failure is taken for once its source is known: rules that ask what the source did before, one by one.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../src/address.ts";
import { HOST_CLASSES, PORT_CLASSES } from "../../../../src/failure_class.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Options } from "../../../../src/detect/scandog/probe/form.ts";
import { Proof } from "../../../../src/detect/scandog/probe/proof.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Charged } from "../../../../src/detect/scandog/suspect/sources.ts";
import { Mark, Outcome, Stage } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { noteUsed } from "../../../../src/detect/scandog/table/uses.ts";
import type { Entry } from "../entries.ts";
import { Suspects } from "./suspects.ts";

const { Udp, Arp, IcmpEcho } = TargetClass;
const { Refused, Silent, Used, Empty } = Outcome;
const { Not, Single, Counted } = Charged;
const SERVER = "203.0.113.10", OTHER = "198.51.100.8";

/** A source that has a place already, so that each of its failures is weighed at once. */
class Known extends Suspects {
  readonly subject = this.admit();

  /** A refused attempt, charged: one of `Charged`. */
  charge(entry: Entry = {}, exotic = 0): number {
    return this.sources.charge(this.add({ port: 22, outcome: Refused, ...entry }), exotic);
  }

  /** The same; by which classes it counted, or why it did not. */
  classes(entry: Entry = {}): string {
    const { decisions, weighed } = this.said;
    const [before, decided] = [weighed.length, decisions.length];
    this.charge(entry);
    if (weighed.length === before) return decisions[decided];
    const [, , port, host] = weighed[before];
    return `${PORT_CLASSES[port].name} ${HOST_CLASSES[host].name}`;
  }

  /** The latest that counted: weight and points. */
  counted(): number[] {
    return this.said.weighed.at(-1)!.slice(0, 2);
  }

  use(entry: Entry): number {
    return this.sources.use(this.add({ port: 443, outcome: Used, marks: Mark.Open, ...entry }));
  }
}

Deno.test("Sources charge nothing to who is ignored, and an attempt by each exotic technique on its own", () => {
  const ignore = [parsePrefix("198.51.100.0/24")!];
  const known = new Known({ ignore });
  assert.equal(known.charge(), Not);
  assert.deepEqual(known.said.decisions, ["ignored"]);
  assert.equal(known.charge({ source: "198.51.101.1" }), Single);
  const exotic = new Known();
  const slot = exotic.add({ port: 22, techniques: TechniqueBit.Null | TechniqueBit.Xmas });
  const { subjects, table } = exotic.memory;
  for (const [i, bit] of [TechniqueBit.Null, TechniqueBit.Xmas].entries()) {
    assert.equal(exotic.sources.charge(slot, bit), Counted);
    assert.deepEqual([subjects.failed.of(exotic.subject), subjects.weight.of(exotic.subject)], [
      ...[i + 1, 7 * (i + 1)],
    ]);
  }
  assert.equal(table.link.of(slot), 0, "it is one of its source's failures, once");
  assert.equal(subjects.head.of(exotic.subject), slot + 1);
});

Deno.test("what a source did before it had a place counts late, each of its exotic probes on its own", () => {
  const late = new Suspects();
  const { sources, memory: { subjects }, said } = late;
  const first = late.add({ port: 22, techniques: TechniqueBit.Null | TechniqueBit.Xmas });
  assert.equal(sources.charge(first, TechniqueBit.Null), Single);
  assert.equal(sources.charge(late.add({ port: 23, outcome: Refused }), 0), Counted);
  const subject = sources.find(first);
  assert.deepEqual(said.weighed.map(([weight]) => weight), [7, 7, 3]);
  assert.deepEqual([subjects.failed.of(subject), subjects.weight.of(subject)], [3, 17]);
  // The same attempt twice is one failure of its source, and admits it.
  const again = new Suspects();
  const slot = again.add({ port: 22, techniques: TechniqueBit.Null });
  assert.equal(again.sources.charge(slot, TechniqueBit.Null), Single);
  assert.equal(again.sources.charge(slot, TechniqueBit.Null), Counted);
  assert.equal(again.memory.subjects.failed.of(again.sources.find(slot)), 1);
});

Deno.test("a source that is admitted has what it used, and what it proved before", () => {
  const suspects = new Suspects();
  const { sources, memory, memory: { subjects } } = suspects;
  for (const port of [80, 81, 82]) noteUsed(memory, suspects.add({ port, outcome: Used }));
  const proved = suspects.add({ port: 22, outcome: Refused, marks: Mark.Handshake });
  sources.charge(proved, 0);
  sources.charge(suspects.add({ port: 23, outcome: Refused }), 0);
  const subject = sources.find(proved);
  assert.equal(subjects.used.of(subject), 3);
  assert.equal(subjects.proof.of(subject), Proof.Handshake);
});

Deno.test("a segment that is numbered like its source's last one to another port is a tool's, no answer", () => {
  const marks = Mark.Ambiguous | Mark.ReplyLike;
  const alike: Entry = { outcome: Refused, marks, sequence: 9, acknowledgement: 7 };
  const cases: [string, last: Entry, isTools: boolean][] = [
    ["the same numbers", {}, true],
    ["another sequence number", { sequence: 8 }, false],
    ["another acknowledgement", { acknowledgement: 8 }, false],
    ["no segment that ends connections", { marks: Mark.ReplyLike }, false],
  ];
  for (const [what, last, isTools] of cases) {
    const known = new Known();
    known.charge({ ...alike, port: 50_000, ...last });
    const slot = known.add({ ...alike, port: 50_001 });
    known.sources.charge(slot, 0);
    assert.equal(known.memory.table.has(slot, Mark.ReplyLike), !isTools, what);
  }
  for (
    const [what, second] of [["none", { acknowledgement: 0 }], ["it", { marks: Mark.ReplyLike }]]
  ) {
    const known = new Known();
    known.charge({ ...alike, port: 50_000, acknowledgement: 0 });
    const slot = known.add({ ...alike, port: 50_001, ...second as Entry });
    known.sources.charge(slot, 0);
    assert.ok(known.memory.table.has(slot, Mark.ReplyLike), `${what}`);
  }
  const alone = new Known();
  const slot = alone.add({ ...alike, port: 50_000 });
  alone.sources.charge(slot, 0);
  assert.ok(alone.memory.table.has(slot, Mark.ReplyLike), "the first of its source");
});

Deno.test("of two hosts 64 old connections are refused, and one more each minute; the rest are probes", () => {
  const known = new Known();
  const end = (port: number, entry: Entry = {}) => {
    const marks = Mark.Ambiguous | Mark.ReplyLike;
    const slot = known.add({ ...{ port, outcome: Refused, marks, sequence: port }, ...entry });
    known.sources.charge(slot, 0);
    return known.memory.table.has(slot, Mark.ReplyLike);
  };
  for (let i = 0; i < 64; i++) assert.ok(end(40_000 + i), `${i}`);
  assert.ok(end(50_000, { outcome: Silent }), "nobody refused it");
  assert.equal(end(50_001), false);
  assert.ok(end(50_002, { target: "203.0.113.11" }), "of another host");
  known.wait(60_000);
  assert.deepEqual([end(50_003), end(50_004)], [true, false]);
});

Deno.test("refused answers that nobody asked for make the silent ones count, from the third on", () => {
  const answer = { kind: Udp, marks: Mark.ReplyLike, sourcePort: 53, outcome: Silent };
  const refused = { ...answer, outcome: Refused, marks: Mark.ReplyLike | Mark.Closed };
  for (const [count, expected] of [[2, "reply-like"], [3, "unasked reply-like"]] as const) {
    const known = new Known();
    for (let i = 0; i < count; i++) known.charge({ ...refused, port: 40_000 + i });
    assert.equal(known.classes({ ...answer, port: 50_000 }), expected, `${count} refused`);
    if (count === 3) assert.deepEqual(known.counted(), [1, 0]);
    assert.equal(known.memory.subjects.unasked.of(known.subject), count);
    // Neither what looks like no answer, nor what is no datagram.
    const { marks: _, ...question } = answer;
    assert.equal(
      known.classes({ ...question, sourcePort: 9, port: 50_001 }),
      "other silent-udp-of-client",
    );
    const segment = { marks: Mark.ReplyLike, port: 50_002, outcome: Silent };
    assert.equal(known.classes(segment), "reply-like");
  }
});

Deno.test("what the user gives a weight, and what was answered once, is of its own class, unasked or not", () => {
  const weigh = [{ prefix: parsePrefix(SERVER)!, ports: { from: 50_000, to: 50_000 }, weight: 9 }];
  const known = new Known({ weigh });
  const answer: Entry = { kind: Udp, marks: Mark.ReplyLike | Mark.Closed, sourcePort: 53 };
  for (let i = 0; i < 5; i++) known.charge({ ...answer, outcome: Refused, port: 40_000 + i });
  assert.equal(known.classes({ ...answer, outcome: Refused, port: 50_000 }), "target reply-like");
  assert.deepEqual(known.counted(), [9, 0]);
  const once = { ...answer, outcome: Empty, port: 50_001 };
  assert.equal(known.classes(once), "answered-once answered-once");
});

Deno.test("a refused SYN that no kernel sends weighs more from the second in a row from one port", () => {
  const { Syn, Fin } = TechniqueBit;
  const syn: Entry = { techniques: Syn, sourcePort: 40_000 };
  const cases: [string, second: Entry, form: number, expected: string][] = [
    ["the same port", {}, Options.None, "raw-socket failed"],
    ["another port", { sourcePort: 40_001 }, Options.None, "other failed"],
    ["a kernel's options", {}, Options.Other, "other failed"],
    ["a low port weighs as much as it is", { port: 23 }, Options.None, "privileged failed"],
    ["no SYN", { techniques: Fin }, Options.None, "fin-or-protocol failed"],
  ];
  for (const [what, second, form, expected] of cases) {
    const known = new Known();
    const { table } = known.memory;
    assert.equal(known.classes({ ...syn, port: 5000 }), "other failed", `${what}: the first`);
    const slot = known.add({ ...syn, port: 5001, outcome: Refused, ...second });
    table.form.set(slot, form);
    known.sources.charge(slot, 0);
    const [weight, , port, host] = known.said.weighed.at(-1)!;
    assert.equal(`${PORT_CLASSES[port].name} ${HOST_CLASSES[host].name}`, expected, what);
    assert.equal(weight, expected.startsWith("other") ? 1 : 3, what);
  }
});

Deno.test("the fifth datagram in a row from one port is a tool's, of a source that asks from new ones it is a client's", () => {
  for (
    const [step, last] of [[0, "privileged silent-udp"], [1, "silent-udp silent-udp-of-client"]]
  ) {
    const known = new Known();
    const question = { kind: Udp, outcome: Silent };
    const classes = Array.from(
      { length: 5 },
      (_, i) =>
        known.classes({ ...question, port: 100 + i, sourcePort: 40_000 + i * Number(step) }),
    );
    assert.deepEqual(classes, [...Array(4).fill("silent-udp silent-udp-of-client"), last]);
  }
});

Deno.test("a ping between them does not break a row of probes from one port", () => {
  const known = new Known();
  const raw = { techniques: TechniqueBit.Syn, sourcePort: 40_000 };
  known.charge({ ...raw, port: 5000 });
  known.charge({ kind: IcmpEcho, port: 0, sourcePort: 7 });
  assert.equal(known.classes({ ...raw, port: 5001 }), "raw-socket failed");
});

Deno.test("a host has no points while its source uses more of it than it fails at there", () => {
  for (const [uses, expected] of [[1, "privileged failed"], [2, "privileged used-host"]] as const) {
    const known = new Known();
    known.charge({ port: 21 });
    for (let i = 0; i < uses; i++) known.use({ port: 443 + i });
    assert.equal(known.classes({ port: 22 }), expected, `${uses} uses of one failure`);
    assert.deepEqual(known.counted(), [3, uses === 2 ? 0 : 6]);
  }
});

Deno.test("a host has no points where it lately used something at the source, or has a connection to it", () => {
  const back = { source: SERVER, target: "198.51.100.7", port: 25 };
  const used = new Known();
  noteUsed(used.memory, used.add({ ...back, outcome: Used }));
  assert.equal(used.classes({ port: 113 }), "privileged used-host");
  const guest = new Known();
  const other = guest.add({ ...back, marks: Mark.Handshake | Stage.Open });
  guest.memory.heads.push(guest.memory.table.sourceHash(other), other);
  assert.equal(guest.classes({ port: 113 }), "privileged used-host");
});

Deno.test("the first host of its network has no points where clients fail so, the second has", () => {
  const web: Entry = { port: 443, marks: Mark.Stack };
  const known = new Known();
  assert.equal(known.classes({ ...web, target: "203.0.113.1" }), "privileged spread");
  assert.deepEqual(known.counted(), [3, 0]);
  assert.equal(known.classes({ ...web, target: "203.0.114.1" }), "privileged spread");
  assert.equal(known.classes({ ...web, target: "203.0.113.2" }), "privileged web");
  assert.deepEqual(known.counted(), [3, 4]);
  assert.equal(known.classes({ port: 22, target: "203.0.115.1" }), "privileged failed");
});

Deno.test("what weighs nothing is said to be why: by the user, an answer, a used host, or mid-stream", () => {
  const weigh = [{ prefix: parsePrefix(SERVER)!, ports: { from: 80, to: 80 }, weight: 0 }];
  const known = new Known({ weigh });
  assert.equal(known.classes({ port: 80 }), "target-rule");
  assert.equal(known.classes({ port: 40_000, marks: Mark.ReplyLike }), "reply-like");
  for (let i = 0; i < 4; i++) known.use({ port: 443 + i });
  assert.equal(known.classes({ kind: IcmpEcho, port: 0, outcome: Silent }), "used-host");
  assert.equal(known.classes({ port: 81 }), "privileged used-host");
});

Deno.test("a second failure at the same target counts no more, and that is said", () => {
  const known = new Known();
  assert.equal(known.charge(), Counted);
  assert.equal(known.charge(), Counted);
  assert.deepEqual([known.said.weighed.length, known.said.decisions], [1, ["again"]]);
});

Deno.test("a use speaks for its source once; without a place that is only noted, and ARP speaks for nobody", () => {
  const known = new Known();
  const { subjects } = known.memory;
  const slot = known.add({ port: 443, outcome: Used, marks: Mark.Open });
  assert.equal(known.sources.use(slot), Counted);
  assert.equal(known.sources.use(slot), Not, "it was credited before");
  assert.equal(subjects.used.of(known.subject), 1);
  assert.equal(known.use({ kind: Arp, port: 0 }), Counted);
  assert.equal(subjects.used.of(known.subject), 1);
  assert.equal(known.use({ source: OTHER }), Single);
  assert.equal(known.use({ source: OTHER, kind: Arp, port: 0 }), Counted);
  assert.deepEqual(known.said.decisions, Array(4).fill("used"));
  known.use({ source: OTHER, port: 25, marks: 0 });
  known.use({ source: OTHER, port: 26, marks: Mark.Replied });
  assert.deepEqual(known.said.decisions.slice(4), ["used-unseen", "used"]);
});

Deno.test("what a scanner uses of its targets is found open, and no use in its favour; but for its files", () => {
  for (const [control, attempts] of [[false, 1], [true, 0]] as const) {
    const known = new Known();
    const { scans, memory: { subjects, table } } = known;
    const scan = scans.begin(known.subject, ShapeCode.Ports)!;
    scans.join(scan, known.subject);
    known.charge({ port: 23 });
    if (control) table.mark(known.add({ port: 21, outcome: Used }), Mark.Open);
    assert.ok(known.sources.isScanning(known.add({ port: 23 })));
    const before = scan.attempts;
    assert.equal(known.use({ port: 5000 }), Counted);
    assert.equal(scan.attempts - before, attempts, `control connection: ${control}`);
    assert.equal(subjects.used.of(known.subject), 0);
  }
  assert.equal(new Known().sources.isScanning(new Known().add({})), false);
});

Deno.test("only a use between two equal high ports is a peer's: sixteen failures from it are no tool's", () => {
  const cases: [string, Entry, row: number][] = [
    ["equal ports", { port: 6881, sourcePort: 6881 }, -16],
    ["of datagrams", { kind: Udp, port: 6881, sourcePort: 6881 }, -16],
    ["the lowest of them", { port: 1024, sourcePort: 1024 }, -16],
    ["below", { port: 1023, sourcePort: 1023 }, 0],
    ["other ports", { port: 6881, sourcePort: 6882 }, 0],
    ["of SCTP", { kind: TargetClass.Sctp, port: 6881, sourcePort: 6881 }, 0],
  ];
  for (const [what, entry, row] of cases) {
    const known = new Known();
    known.use(entry);
    const { sameSourcePort } = known.memory.subjects;
    assert.equal(sameSourcePort.of(known.subject) | 0, row, what);
  }
});

Deno.test("what an attempt was charged with is taken back of its source; without a place there is nothing", () => {
  const known = new Known();
  const { subjects } = known.memory;
  const slot = known.add({ port: 22, outcome: Refused });
  known.sources.charge(slot, 0);
  const stranger = known.add({ source: OTHER, port: 22 });
  known.sources.takeBack(stranger);
  known.sources.prove(stranger, Proof.Reset);
  assert.equal(subjects.failed.of(known.subject), 1);
  assert.equal(subjects.proof.of(known.subject), 0);
  known.sources.takeBack(slot);
  assert.equal(subjects.failed.of(known.subject), 0);
  known.sources.prove(slot, Proof.Likely);
  known.sources.prove(slot, Proof.Reset);
  assert.equal(subjects.proof.of(known.subject), Proof.Likely | Proof.Reset);
});

Deno.test("an empty file beside a control connection is no failure, and a success of its kind", () => {
  const known = new Known();
  const { pairs, pairsOf } = known.memory;
  known.add({ port: 21, outcome: Used });
  const file = known.add({ port: 50_000, outcome: Empty });
  assert.equal(known.sources.charge(file, 0), Not);
  assert.deepEqual(known.said.decisions, ["companion"]);
  assert.equal(pairs.used.of(pairsOf.host(file, known.subject)), 1);
  const lost = known.add({ port: 50_001, outcome: Silent, marks: Mark.Stack });
  assert.equal(known.sources.charge(lost, 0), Not);
  assert.equal(pairs.used.of(pairsOf.host(lost, known.subject)), 1, "a lost one is none");
  assert.equal(known.memory.subjects.lostData.of(known.subject), 1);
});
