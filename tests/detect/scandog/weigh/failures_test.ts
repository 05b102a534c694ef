// What a failed attempt is and weighs, asked of one attempt at a time: each class, at both sides of its bound.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../src/address.ts";
import {
  FULL_POINTS,
  HOST_CLASSES,
  HostClass,
  PORT_CLASSES,
  PortClass,
} from "../../../../src/failure_class.ts";
import {
  Failure,
  hostClassOf,
  isCommon,
  isRawSyn,
  isSoft,
  portClassOf,
  targetWeightOf,
  weightOf,
} from "../../../../src/detect/scandog/weigh/failures.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { DONT_FRAGMENT, Options, OPTIONS_MASK } from "../../../../src/detect/scandog/probe/form.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import { ArpMark, Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Entries, type Entry } from "../entries.ts";

const { Tcp, Udp, Sctp, IcmpEcho, IcmpTimestamp, IcmpMask, IpProtocol, Arp } = TargetClass;
const { Silent, Refused, HalfOpen, Empty } = Outcome;
const { Null, Fin } = TechniqueBit;

/** An attempt, what is asked of it besides, and its class. */
type Row = [Entry, { exotic?: number; onePort?: boolean }, keyof typeof PortClass];

const PORTS: Row[] = [
  // Whole hosts have no port.
  [{ kind: IcmpEcho }, {}, "None"],
  [{ kind: IcmpTimestamp }, {}, "None"],
  [{ kind: IcmpMask }, {}, "None"],
  [{ kind: Arp }, {}, "None"],
  // Below 1024, and from there on.
  [{ port: 0, outcome: Refused }, {}, "Privileged"],
  [{ port: 1023, outcome: Refused }, {}, "Privileged"],
  [{ port: 1024, outcome: Refused }, {}, "Other"],
  [{ port: 65535 }, {}, "Other"],
  [{ kind: Sctp, port: 36 }, {}, "Privileged"],
  // A question that nobody answers, and what is none: refused, or from a raw socket.
  [{ kind: Udp, port: 161 }, {}, "SilentUdp"],
  [{ kind: Udp, port: 161 }, { onePort: true }, "Privileged"],
  [{ kind: Udp, port: 161, outcome: Refused }, {}, "Privileged"],
  [{ kind: Udp, port: 1024 }, {}, "Other"],
  // What looks like an answer counts only where the target itself refuses a datagram.
  [{ kind: Udp, port: 40000, marks: Mark.ReplyLike }, {}, "ReplyLike"],
  [{ kind: Udp, port: 40000, marks: Mark.ReplyLike, outcome: Refused }, {}, "ReplyLike"],
  [{ kind: Udp, port: 40000, marks: Mark.ReplyLike | Mark.Closed, outcome: Refused }, {}, "Other"],
  [{ port: 40000, marks: Mark.ReplyLike | Mark.Closed, outcome: Refused }, {}, "ReplyLike"],
  // Connections from before the capture have timestamps, and ports of their own.
  // A timestamp excuses nothing.
  [{ port: 22, marks: Mark.Ambiguous | Mark.Stack }, {}, "Privileged"],
  [{ port: 22, marks: Mark.Ambiguous | Mark.Stack }, { onePort: true }, "Privileged"],
  [{ port: 22, marks: Mark.Ambiguous }, {}, "Privileged"],
  [{ port: 22, marks: Mark.Stack }, {}, "Privileged"],
  // What no TCP sends counts as such, whatever becomes of it.
  [{ port: 22, techniques: Null }, { exotic: Null }, "Exotic"],
  [{ port: 22, techniques: Null, outcome: Refused }, { exotic: Null }, "Exotic"],
  [{ port: 22, techniques: Null }, {}, "Privileged"],
  // Accepted, and then nothing.
  [{ port: 22, outcome: Empty }, {}, "Accepted"],
  [{ port: 22, outcome: HalfOpen, marks: Mark.GentleReset }, {}, "Accepted"],
  [{ port: 22, outcome: HalfOpen, marks: Mark.ReplyOnly }, {}, "ReplyLike"],
  [{ port: 22, outcome: HalfOpen }, {}, "Privileged"],
  [{ kind: Udp, port: 161, outcome: Empty }, {}, "AnsweredOnce"],
  [{ kind: Udp, port: 40000, outcome: Empty, marks: Mark.ReplyLike }, {}, "AnsweredOnce"],
  // Nothing harmless sends these.
  [{ port: 8080, techniques: Fin }, {}, "FinOrProtocol"],
  [{ kind: IpProtocol, port: 47 }, {}, "FinOrProtocol"],
];

Deno.test("portClassOf() knows each class, at both sides of its bound", () => {
  for (const [entry, { exotic = 0, onePort = false }, name] of PORTS) {
    const { memory, slot } = added(entry);
    const found = portClassOf(memory.table, slot, exotic, onePort);
    assert.equal(PORT_CLASSES[found].code, PortClass[name], `${JSON.stringify(entry)} ${name}`);
  }
  const asked = new Set<string>(PORTS.map(([, , name]) => name));
  // These are not of the attempt alone.
  assert.deepEqual(Object.keys(PortClass).filter((name) => !asked.has(name)), [
    "Unasked",
    "Target",
    "RawSocket",
  ]);
});

const HOSTS: [Entry, { exotic?: number; onePort?: boolean }, keyof typeof HostClass][] = [
  [{ port: 22, outcome: Refused }, {}, "Failed"],
  [{ port: 22, techniques: Null }, { exotic: Null }, "Exotic"],
  [{ port: 22, marks: Mark.Ambiguous }, {}, "Ambiguous"],
  [{ port: 22, marks: Mark.Ambiguous }, { onePort: true }, "Failed"],
  [{ port: 22, outcome: Empty }, {}, "Accepted"],
  // A client's stack, at what clients fail at: the web, and all from 1024 on.
  [{ port: 22, outcome: Refused, marks: Mark.Ambiguous }, {}, "RefusedEnd"],
  [{ port: 22, outcome: Refused, marks: Mark.Ambiguous | Mark.ReplyLike }, {}, "RefusedEnd"],
  [{ port: 80, marks: Mark.Stack }, {}, "Web"],
  [{ port: 443, marks: Mark.Stack }, {}, "Web"],
  [{ port: 1024, marks: Mark.Stack }, {}, "Web"],
  [{ port: 1023, marks: Mark.Stack }, {}, "Failed"],
  [{ port: 80 }, {}, "Failed"],
  [{ port: 80, marks: Mark.Stack | Mark.MaybeAnswered }, {}, "WebUnseen"],
  [{ port: 1024, marks: Mark.Stack | Mark.MaybeAnswered }, {}, "Web"],
  [{ port: 40000, marks: Mark.ReplyLike }, {}, "ReplyLike"],
  // Datagrams: silence, from one socket or from a new port each; refusals.
  [{ kind: Udp, port: 161 }, {}, "SilentUdpOfClient"],
  [{ kind: Udp, port: 161 }, { onePort: true }, "SilentUdp"],
  [{ kind: Udp, port: 161, outcome: Refused }, {}, "Failed"],
  [{ kind: Udp, port: 161, outcome: Empty }, {}, "AnsweredOnce"],
  [
    { kind: Udp, port: 123, sourcePort: 123, outcome: Empty, marks: Mark.ReplyLike },
    {},
    "AnsweredOnce",
  ],
  // Between two equal ports an answer that is refused was a question.
  [{ kind: Udp, port: 123, sourcePort: 123, marks: Mark.ReplyLike }, {}, "ReplyLike"],
  [
    { kind: Udp, port: 123, sourcePort: 123, marks: Mark.ReplyLike, outcome: Refused },
    {},
    "Failed",
  ],
  [
    { kind: Udp, port: 124, sourcePort: 123, marks: Mark.ReplyLike, outcome: Refused },
    {},
    "ReplyLike",
  ],
  [{ kind: IcmpEcho }, {}, "SilentPing"],
  [{ kind: IcmpEcho, outcome: Empty }, {}, "AnsweredPing"],
  [{ kind: IcmpEcho, outcome: Refused }, {}, "Failed"],
  [{ kind: IcmpTimestamp }, {}, "Failed"],
  [{ kind: Sctp, port: 36 }, {}, "Failed"],
  [{ kind: IpProtocol, port: 47 }, {}, "Failed"],
  [{ kind: Arp }, {}, "Arp"],
  [{ kind: Arp, arp: ArpMark.Kernels }, {}, "KernelArp"],
  [{ kind: Arp, arp: ArpMark.InOrder }, {}, "ArpRow"],
  // At an end of the capture a kernel's three requests may be one.
  [{ kind: Arp, arp: ArpMark.InOrder | ArpMark.AtEdge }, {}, "Arp"],
  [{ kind: Arp, arp: ArpMark.InOrder | ArpMark.AtEdge | ArpMark.ToolsPace }, {}, "ArpRow"],
  [{ kind: Arp, arp: ArpMark.InOrder, outcome: Empty }, {}, "Arp"],
];

Deno.test("hostClassOf() knows each class, at both sides of its bound", () => {
  for (const [entry, { exotic = 0, onePort = false }, name] of HOSTS) {
    const { memory, slot } = added(entry);
    const found = hostClassOf(memory.table, slot, exotic, onePort);
    assert.equal(HOST_CLASSES[found].code, HostClass[name], `${JSON.stringify(entry)} ${name}`);
  }
  const asked = new Set<string>(HOSTS.map(([, , name]) => name));
  assert.deepEqual(Object.keys(HostClass).filter((name) => !asked.has(name)), [
    "Spread",
    "UsedHost",
  ]);
});

function added(entry: Entry) {
  const entries = new Entries();
  return { memory: entries.memory, slot: entries.add(entry) };
}

Deno.test("weightOf() takes the option of the class, or two thirds of it, rounded up", () => {
  const options = scandogOptions({ exoticWeight: 9, privilegedWeight: 4, portWeight: 2 });
  const weights: Record<keyof typeof PortClass, number> = {
    None: 0,
    ReplyLike: 0,
    Exotic: 9,
    Accepted: 2,
    FinOrProtocol: 4,
    SilentUdp: 3,
    Privileged: 4,
    Other: 2,
    Unasked: 2,
    Target: 0,
    RawSocket: 4,
    AnsweredOnce: 0,
  };
  for (const [name, weight] of Object.entries(weights)) {
    assert.equal(weightOf(PortClass[name as keyof typeof PortClass], options), weight, name);
  }
  assert.equal(weightOf(PortClass.SilentUdp, scandogOptions({ privilegedWeight: 1 })), 1);
});

Deno.test("HOST_CLASSES has these points: what means what it seems to mean six, what may be harmless fewer", () => {
  const points: Record<keyof typeof HostClass, number> = {
    ReplyLike: 0,
    Exotic: 12,
    Ambiguous: 0,
    Accepted: 3,
    Web: 4,
    Failed: 6,
    SilentUdp: 3,
    SilentUdpOfClient: 1,
    AnsweredPing: 3,
    SilentPing: 4,
    KernelArp: 2,
    Arp: 3,
    Spread: 0,
    UsedHost: 0,
    ArpRow: 6,
    WebUnseen: 1,
    RefusedEnd: 3,
    AnsweredOnce: 1,
  };
  assert.equal(FULL_POINTS, 6);
  for (const [name, code] of Object.entries(HostClass)) {
    assert.equal(HOST_CLASSES[code].points, points[name as keyof typeof HostClass], name);
  }
});

Deno.test("PORT_CLASSES calls plain what nothing harmless fails at", () => {
  const plain = Object.entries(PortClass).filter(([, code]) => PORT_CLASSES[code].isPlain).map((
    [name],
  ) => name);
  assert.deepEqual(plain, ["Exotic", "FinOrProtocol", "Privileged", "RawSocket"]);
});

Deno.test("isSoft() holds for what was accepted, and isCommon() for the web and all from 1024 on", () => {
  for (
    const [entry, soft] of [
      [{ outcome: Empty }, true],
      [{ outcome: HalfOpen }, false],
      [{ outcome: HalfOpen, marks: Mark.GentleReset }, true],
      [{ outcome: HalfOpen, marks: Mark.ReplyOnly }, true],
      [{ outcome: Silent, marks: Mark.ReplyOnly }, false],
      [{ outcome: Refused, marks: Mark.GentleReset }, false],
    ] as [Entry, boolean][]
  ) {
    const { memory, slot } = added(entry);
    assert.equal(isSoft(memory.table, slot), soft, JSON.stringify(entry));
  }
  const common = [79, 80, 81, 442, 443, 444, 1023, 1024, 65535].filter(isCommon);
  assert.deepEqual(common, [80, 443, 1024, 65535]);
});

Deno.test("isRawSyn() holds for a refused SYN without what every kernel's has", () => {
  const syn: Entry = { port: 5000, outcome: Refused, techniques: TechniqueBit.Syn };
  const { None, MssOnly, Windows, Other } = Options;
  const cases: [Entry, form: number, isRaw: boolean][] = [
    [syn, None, true],
    [syn, MssOnly, true],
    // The rest of the form says nothing of it.
    [syn, ~(DONT_FRAGMENT | OPTIONS_MASK) | MssOnly, true],
    [syn, Windows, false],
    [syn, Other, false],
    [syn, None | DONT_FRAGMENT, false],
    [syn, MssOnly | DONT_FRAGMENT, false],
    [{ ...syn, outcome: Silent }, None, false],
    [{ ...syn, kind: Sctp }, None, false],
    [{ ...syn, techniques: TechniqueBit.Syn | Fin }, None, false],
    [{ ...syn, techniques: Fin }, None, false],
    [{ ...syn, marks: Mark.ReplyOnly }, None, false],
  ];
  for (const [entry, form, isRaw] of cases) {
    const { memory: { table }, slot } = added(entry);
    table.form.set(slot, form);
    assert.equal(isRawSyn(table, slot), isRaw, `${JSON.stringify(entry)} ${form}`);
  }
});

Deno.test("targetWeightOf() takes the first that fits, by network and by both ends of the ports", () => {
  const weigh = [
    { prefix: parsePrefix("203.0.113.0/25")!, ports: { from: 80, to: 90 }, weight: 5 },
    { prefix: parsePrefix("203.0.113.0/24")!, weight: 0 },
  ];
  const of = (entry: Entry) => {
    const { memory, slot } = added(entry);
    return targetWeightOf(weigh, memory.table, slot)?.weight;
  };
  assert.equal(of({ target: "203.0.113.127", port: 80 }), 5);
  assert.equal(of({ target: "203.0.113.127", port: 90 }), 5);
  assert.equal(of({ target: "203.0.113.127", port: 79 }), 0);
  assert.equal(of({ target: "203.0.113.127", port: 91 }), 0);
  assert.equal(of({ target: "203.0.113.128", port: 80 }), 0);
  assert.equal(of({ target: "203.0.114.1", port: 80 }), undefined);
});

Deno.test("Failure.weigh() fills in class, weight and points; a weight of 0 takes the points as well", () => {
  const weigh = [{ prefix: parsePrefix("203.0.113.10")!, weight: 0 }, {
    prefix: parsePrefix("203.0.113.11")!,
    weight: 8,
  }];
  const entries = new Entries({ weigh });
  const failure = new Failure();
  const of = (target: string) => {
    const slot = entries.add({ target, port: 22, outcome: Refused });
    failure.weigh(entries.memory, slot, 0, false);
    assert.equal(failure.slot, slot);
    const { portClass, hostClass, weight, points } = failure;
    return [portClass, hostClass, weight, points];
  };
  assert.deepEqual(of("203.0.113.10"), [PortClass.Target, HostClass.Failed, 0, 0]);
  assert.deepEqual(of("203.0.113.11"), [PortClass.Target, HostClass.Failed, 8, 6]);
  assert.deepEqual(of("203.0.113.12"), [PortClass.Privileged, HostClass.Failed, 3, 6]);
  failure.weigh(entries.memory, entries.add({ target: "203.0.113.13", port: 22 }), Null, false);
  assert.deepEqual([failure.exotic, failure.weight, failure.points], [Null, 7, 12]);
  assert.equal(Tcp, 1);
});
