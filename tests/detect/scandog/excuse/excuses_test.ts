// Each excuse by itself, asked of one attempt that was written by hand: it holds on one side of its bound, and
// not on the other. And the order of their table: the first that holds decides.

import assert from "node:assert/strict";
import { Decision, DECISIONS } from "../../../../src/decision.ts";
import { backscatter, midstream, wanted } from "../../../../src/detect/scandog/excuse/answers.ts";
import { arpAtBegin, arpAtSilence } from "../../../../src/detect/scandog/excuse/arp.ts";
import type { Excuse } from "../../../../src/detect/scandog/excuse/excuse.ts";
import { Excuses } from "../../../../src/detect/scandog/excuse/excuses.ts";
import { ForgedPorts } from "../../../../src/detect/scandog/excuse/forged_ports.ts";
import { lease, stream, traceroute } from "../../../../src/detect/scandog/excuse/helpers.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { ArpMark, Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { SCANDOG } from "../../../../src/params.ts";
import { Entries, type Entry, SOURCE, TARGET, words } from "../entries.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const REQUESTS_EXPLAINED = 32;
const ROW_EXPLAINED = 2;
const STREAM_DATAGRAMS = 24;
const STREAMED_PORT_MS = 5_000;
const STREAMED_PORTS = 24;
const TRAVERSAL_DATAGRAMS = 4;

const { Udp, IcmpEcho, Arp } = TargetClass;
const ROUTER = "192.168.7.1", NEIGHBOUR = "192.168.7.30", OUTSIDE = "198.51.100.9";

/** True when the excuse holds for an attempt in these surroundings. */
function holds(excuse: (entries: Entries) => Excuse, entry: Entry, before = (_: Entries) => {}) {
  const entries = new Entries();
  before(entries);
  return excuse(entries).holds(entries.add(entry));
}

/** The excuse of a list with this code. */
const arp = (list: typeof arpAtBegin, code: number) => ({ memory, view }: Entries) =>
  list(memory, view).find(({ decision }) => decision === code)!;

Deno.test("traceroute: a datagram to a client's port whose TTL is at most --trace-ttl", () => {
  const excuse = ({ memory }: Entries) => traceroute(memory);
  const probe = { kind: Udp, port: 33434, ttl: SCANDOG.traceTtl.default };
  assert.ok(holds(excuse, probe));
  assert.ok(!holds(excuse, { ...probe, ttl: probe.ttl + 1 }), "one more");
  assert.ok(holds(excuse, { ...probe, port: 32768 }));
  assert.ok(!holds(excuse, { ...probe, port: 32767 }), "a service's port");
  assert.ok(
    !holds(excuse, { ...probe, marks: Mark.ReplyOnly }),
    "the probe's own TTL was not seen",
  );
  const strict = new Entries({ traceTtl: 1 });
  assert.ok(!excuse(strict).holds(strict.add({ ...probe, ttl: 2 })));
  assert.equal(excuse(strict).targets, 1 << Udp);
});

Deno.test("stream: many datagrams to one port, fewer between two of clients', to as many ports as calls have", () => {
  const entries = new Entries();
  const excuse = stream(entries.memory);
  const holds = (entry: Entry) => {
    const slot = entries.add({ kind: Udp, ...entry });
    const isHeld = excuse.holds(slot);
    if (isHeld) excuse.spend!(slot);
    return isHeld;
  };
  const call = { port: 5004, sourcePort: 40000, packets: STREAM_DATAGRAMS };
  assert.ok(holds(call));
  assert.ok(!holds({ ...call, port: 5005, packets: STREAM_DATAGRAMS - 1 }));
  assert.ok(holds({ ...call, port: 40001, packets: TRAVERSAL_DATAGRAMS }));
  assert.ok(!holds({ ...call, port: 40002, packets: TRAVERSAL_DATAGRAMS - 1 }));
  for (let i = 2; i < STREAMED_PORTS; i++) assert.ok(holds({ ...call, port: 6000 + i }), `${i}`);
  assert.ok(!holds({ ...call, port: 7000 }), "one too many");
  assert.ok(holds({ ...call, port: 7001, target: "203.0.113.99" }), "of another host");
  entries.wait(STREAMED_PORT_MS);
  assert.ok(holds({ ...call, port: 7002 }));
  assert.ok(!holds({ ...call, port: 7003 }));
});

Deno.test("lease: a ping of a host that answered as a DHCP server, one for each answer", () => {
  const entries = new Entries();
  const excuse = lease(entries.memory, entries.view);
  const ping = (target: string) => entries.add({ source: ROUTER, target, kind: IcmpEcho });
  const first = ping("192.168.7.20");
  assert.ok(!excuse.holds(first), "no answer yet");
  entries.view.leases.note(entries.hash(ROUTER));
  assert.ok(!excuse.holds(first), "nobody asked");
  entries.view.leases.noteQuestion(entries.hash(ROUTER));
  entries.view.leases.note(entries.hash(ROUTER));
  assert.ok(!excuse.holds(first), "it asked itself");
  entries.view.leases.noteQuestion(entries.hash("192.168.7.20"));
  entries.view.leases.note(entries.hash(ROUTER));
  assert.ok(excuse.holds(first));
  assert.ok(excuse.holds(first), "asking costs nothing");
  excuse.spend!(first);
  assert.ok(!excuse.holds(ping("192.168.7.21")), "the answer has paid");
});

Deno.test("wanted: an answer from a service to the socket that asked it, whatever server was asked", () => {
  const excuse = ({ memory, view }: Entries) => wanted(memory, view);
  const answer = { source: OUTSIDE, target: SOURCE, kind: Udp, port: 41000, sourcePort: 53 };
  const ask = (port: number, service: number) => (entries: Entries) =>
    entries.view.noteQuestion(entries.hash(SOURCE), port, service);
  assert.ok(!holds(excuse, answer), "nobody asked");
  assert.ok(holds(excuse, answer, ask(41000, 53)));
  assert.ok(!holds(excuse, answer, ask(41001, 53)), "another socket");
  assert.ok(!holds(excuse, answer, ask(41000, 123)), "another service");
  const lowPort = { ...answer, port: 161 };
  assert.ok(!holds(excuse, lowPort, ask(161, 53)), "no client's port");
});

Deno.test("wanted: an answer from any port to the socket that asked for a file", () => {
  const excuse = ({ memory, view }: Entries) => wanted(memory, view);
  const answer = { source: OUTSIDE, target: SOURCE, kind: Udp, port: 41000, sourcePort: 50123 };
  const ask = (service: number) => (entries: Entries) =>
    entries.view.noteQuestion(entries.hash(SOURCE), 41000, service);
  assert.ok(holds(excuse, answer, ask(69)));
  assert.ok(!holds(excuse, answer, ask(53)), "another service");
});

Deno.test("mid-stream: a kernel's segment that may end a connection, where the target's side is not seen", () => {
  const excuse = ({ memory, view }: Entries) => midstream(memory, view);
  const segment = { source: "192.0.2.9", target: SOURCE, marks: Mark.Ambiguous | Mark.Stack };
  const seen = (address: string) => (entries: Entries) =>
    entries.view.noteSender(entries.hash(address), words(address), 0);
  assert.ok(holds(excuse, segment));
  assert.ok(!holds(excuse, { ...segment, marks: Mark.Ambiguous }), "a tool's has no timestamp");
  assert.ok(!holds(excuse, { ...segment, marks: Mark.Stack }), "a SYN begins a connection");
  assert.ok(!holds(excuse, segment, seen(SOURCE)), "the target is seen sending");
  const neighbour = SOURCE.replace(/\d+$/, "250");
  assert.ok(!holds(excuse, segment, seen(neighbour)), "its network is");
  assert.ok(holds(excuse, segment, seen("203.0.113.1")), "another network");
  const inside = { ...segment, source: neighbour };
  assert.ok(holds(excuse, inside, seen(neighbour)), "of one network, only the target tells");
  assert.equal(excuse(new Entries()).targets, 1 << TargetClass.Tcp);
});

Deno.test("wanted: a question is forgotten after a minute or two", () => {
  for (const [minutes, isWanted] of [[1, true], [2, false]] as const) {
    const entries = new Entries();
    entries.view.noteQuestion(entries.hash(SOURCE), 41000, 53);
    // Other hosts go on asking.
    for (let i = 0; i < minutes; i++) {
      entries.wait(60_001).view.noteQuestion(entries.hash(OUTSIDE), i, 1);
    }
    const excuse = wanted(entries.memory, entries.view);
    const answer = { source: OUTSIDE, target: SOURCE, kind: Udp, port: 41000, sourcePort: 53 };
    assert.equal(excuse.holds(entries.add(answer)), isWanted, `${minutes} minutes`);
  }
});

/** Answers from so many ports each, in this order, to one host; whether the last is backscatter. */
function isBackscatter(ports: number[], marks: number = Mark.ReplyOnly): boolean {
  const entries = new Entries();
  const forged = new ForgedPorts(entries.memory);
  const excuse = backscatter(entries.memory, forged);
  let last = -1;
  for (const [i, sourcePort] of ports.entries()) {
    last = entries.add({ sourcePort, port: 80, target: `203.0.${i >> 8}.${i & 255}`, marks });
    forged.note(last);
  }
  return excuse.holds(last);
}

Deno.test("backscatter: answers to three ports out of all order, of which a third are", () => {
  assert.ok(isBackscatter([1100, 9000, 20000, 5000]));
  assert.ok(!isBackscatter([1100, 9000, 20000]), "the first begins the row: two are out of order");
  assert.ok(!isBackscatter([1100, 9000, 20000, 5000], 0), "the probe itself was seen");
  assert.ok(!isBackscatter([5000, 5001, 5200, 5456, 5712]), "a program's row");
  assert.ok(!isBackscatter([33000, 60000, 40000, 50000, 35000]), "where kernels take ports from");
  // Three are out of order among nine in a row, or among ten.
  const row = (count: number) => Array.from({ length: count }, (_, i) => 50_000 + i);
  assert.ok(isBackscatter([...row(9), 1100, 9000, 20000]));
  assert.ok(!isBackscatter([...row(10), 1100, 9000, 20000]));
});

Deno.test("backscatter: hundreds of answers count half, of either kind, and are not forgotten", () => {
  const strays = Array.from({ length: 1100 }, (_, i) => 1100 + (i % 3) * 1000);
  const row = Array.from({ length: 1100 }, (_, i) => 50_000 + i);
  for (const count of [255, 256, 300, 511, 512, 1024]) {
    assert.ok(!isBackscatter([...row.slice(0, count), 1100, 9000, 20000]), `${count} in a row`);
    assert.ok(isBackscatter([...strays.slice(0, count), ...row.slice(0, 40)]), `${count} strays`);
  }
});

Deno.test("backscatter: a host is watched for an hour after its last answer", () => {
  for (const [ms, isForged] of [[3_600_000, true], [3_600_001, false]] as const) {
    const entries = new Entries();
    const forged = new ForgedPorts(entries.memory);
    let slot = -1;
    for (const [i, sourcePort] of [1100, 9000, 20000, 5000].entries()) {
      if (i === 3) entries.wait(ms);
      slot = entries.add({ sourcePort, port: 80, target: `203.0.113.${i}`, marks: Mark.ReplyOnly });
      forged.note(slot);
    }
    assert.equal(forged.isForged(slot), isForged, `${ms} ms`);
  }
});

const REQUEST: Entry = { source: ROUTER, target: NEIGHBOUR, kind: Arp };

Deno.test("arp-router: who has shown itself as a router", () => {
  const excuse = arp(arpAtBegin, Decision.ArpRouter);
  assert.ok(!holds(excuse, REQUEST));
  assert.ok(holds(excuse, REQUEST, (e) => e.view.routers.add(e.hash(ROUTER))));
  assert.ok(!holds(excuse, REQUEST, (e) => e.view.routers.add(e.hash(NEIGHBOUR))));
});

/** The last word of an address, as it lies in memory. */
const end = (address: string) => words(address)[3];

/** The host tries so many of its neighbours itself. */
const tries = (count: number) => ({ view }: Entries) => {
  for (let i = 0; i < count; i++) view.visitors.note(end(ROUTER), end(`192.168.7.${40 + i}`));
};

Deno.test("arp-pace, at once: at the pace of packets that come, in no order, of who tries no neighbours", () => {
  const excuse = arp(arpAtBegin, Decision.ArpPace);
  const slow = { ...REQUEST, arp: ArpMark.Unhurried };
  assert.ok(holds(excuse, slow));
  assert.ok(!holds(excuse, REQUEST), "in a hurry");
  assert.ok(!holds(excuse, { ...REQUEST, arp: ArpMark.Unhurried | ArpMark.InOrder }));
  assert.ok(holds(excuse, slow, tries(1)));
  assert.ok(!holds(excuse, slow, tries(2)), "two neighbours of its own");
});

Deno.test("arp-pace, of silence: likewise, where it did not ask as kernels do", () => {
  const excuse = arp(arpAtSilence, Decision.ArpPace);
  const slow = { ...REQUEST, arp: ArpMark.Unhurried };
  assert.ok(holds(excuse, slow));
  assert.ok(!holds(excuse, { ...slow, arp: ArpMark.Unhurried | ArpMark.InOrder }));
  assert.ok(!holds(excuse, { ...slow, repeatMs: 1000 }), "a kernel's second request");
  assert.ok(holds(excuse, { ...slow, repeatMs: 500 }), "too soon for a kernel's");
});

Deno.test("arp-there: the neighbour is there, as other packets of it show; at silence, as packets to it", () => {
  const begin = arp(arpAtBegin, Decision.ArpThere), silence = arp(arpAtSilence, Decision.ArpThere);
  assert.ok(holds(begin, { ...REQUEST, arp: ArpMark.IsThere }));
  assert.ok(!holds(begin, { ...REQUEST, arp: ArpMark.IsThere | ArpMark.InOrder }), "of a row");
  assert.ok(!holds(begin, REQUEST));
  assert.ok(!holds(silence, REQUEST));
  assert.ok(holds(silence, REQUEST, (e) => e.view.noteReached(e.hash(NEIGHBOUR), true)));
});

/** So many attempts come into the network from outside, and so many requests were made for them. */
const visited = (outside: number, requests: number) => ({ view }: Entries) => {
  for (let i = 0; i < outside; i++) view.visitors.note(end(OUTSIDE), end(NEIGHBOUR));
  for (let i = 0; i < requests; i++) view.visitors.noteRequest(end(ROUTER), end(NEIGHBOUR));
};

Deno.test("arp-outside: two attempts from outside, each of which explains so many requests", () => {
  const excuse = arp(arpAtSilence, Decision.ArpOutside);
  assert.ok(!holds(excuse, REQUEST), "nobody came");
  assert.ok(!holds(excuse, REQUEST, visited(1, 0)), "one explains nothing");
  assert.ok(holds(excuse, REQUEST, visited(2, 0)));
  assert.ok(holds(excuse, REQUEST, visited(2, 2 * REQUESTS_EXPLAINED)));
  assert.ok(!holds(excuse, REQUEST, visited(2, 2 * REQUESTS_EXPLAINED + 1)), "one too many");
  // A slow row is explained less, and so is one that no kernel asks for again.
  const row = { ...REQUEST, arp: ArpMark.InOrder };
  assert.ok(holds(excuse, row, visited(2, 2 * ROW_EXPLAINED)));
  assert.ok(!holds(excuse, row, visited(2, 2 * ROW_EXPLAINED + 1)));
  assert.ok(holds(excuse, { ...row, repeatMs: 1000 }, visited(2, 2 * ROW_EXPLAINED + 1)));
  const slow = { ...row, arp: ArpMark.InOrder | ArpMark.Unhurried, repeatMs: 1000 };
  assert.ok(!holds(excuse, slow, visited(2, 2 * ROW_EXPLAINED + 1)));
  // A patient host's kernel asks three times; here, two are missing at an end of the capture.
  const patient = (e: Entries) => {
    visited(2, 2 * ROW_EXPLAINED + 1)(e);
    e.view.visitors.notePatience(end(ROUTER));
  };
  assert.ok(holds(excuse, row, patient));
  const hasty = (e: Entries) => {
    visited(2, 0)(e);
    for (let i = 0; i < 3; i++) e.view.askers.noteAgain(end(ROUTER), 100);
  };
  assert.ok(!holds(excuse, REQUEST, hasty), "visitors do not explain a tool's requests");
});

Deno.test("arp-outside: visitors explain for fifteen seconds, and for the next fifteen", () => {
  const excuse = arp(arpAtSilence, Decision.ArpOutside);
  for (const [ms, isExplained] of [[15_000, true], [30_000, true], [30_001, false]] as const) {
    const late = (e: Entries) => {
      visited(2, 0)(e);
      e.wait(ms);
    };
    assert.equal(holds(excuse, REQUEST, late), isExplained, `${ms} ms`);
    assert.ok(
      holds(excuse, { ...REQUEST, arp: ArpMark.Explained }, late),
      "explained when it was asked",
    );
  }
});

Deno.test("arp-kernel: asked again after a second or two, by who tries no neighbours itself", () => {
  const excuse = arp(arpAtSilence, Decision.ArpKernel);
  for (
    const [repeatMs, isKernels] of [
      [undefined, false],
      [979, false],
      [980, true],
      [1060, true],
      [1061, false],
      [2000, true],
      [3060, true],
      [3980, false],
    ] as const
  ) {
    assert.equal(holds(excuse, { ...REQUEST, repeatMs }), isKernels, `${repeatMs} ms`);
  }
  const kernels = { ...REQUEST, repeatMs: 1000 };
  assert.ok(!holds(excuse, { ...kernels, arp: ArpMark.ToolsPace }));
  assert.ok(holds(excuse, kernels, tries(1)));
  assert.ok(!holds(excuse, kernels, tries(2)));
  // A lone request: of a host known to be patient, or of one who forwards, at an end of the capture.
  assert.ok(holds(excuse, REQUEST, (e) => e.view.visitors.notePatience(end(ROUTER))));
  const forwards = { source: "fe80::1", target: "2001:db8::5", kind: Arp, arp: ArpMark.AtEdge };
  assert.ok(holds(excuse, forwards));
  assert.ok(!holds(excuse, { ...forwards, target: "fe80::5" }));
  assert.ok(!holds(excuse, { ...forwards, arp: 0 }));
});

Deno.test("Excuses asks of a class of targets what is meant for it, the first that holds decides", () => {
  const entries = new Entries();
  const excuses = new Excuses(entries.memory, entries.view);
  const nameOf = (code: number) => DECISIONS[code].name;
  const begun = (entry: Entry) => nameOf(excuses.ofBegun(entries.add(entry)));
  assert.equal(begun({ port: 33434, ttl: 3 }), "undecided", "TCP is no traceroute");
  assert.equal(begun({ kind: Udp, port: 33434, ttl: 3 }), "undecided", "a router may tell yet");
  entries.view.noteQuestion(entries.hash("203.0.113.10"), 40000, 53);
  const both = { kind: Udp, port: 40000, sourcePort: 53, ttl: 3 };
  assert.equal(begun(both), "wanted");
  assert.equal(begun({ ...REQUEST, arp: ArpMark.Unhurried }), "arp-pace");
  entries.view.routers.add(entries.hash(ROUTER));
  assert.equal(begun({ ...REQUEST, arp: ArpMark.Unhurried }), "arp-router");
  const silent = (entry: Entry) => nameOf(excuses.ofSilent(entries.add(entry)));
  const refused = (entry: Entry) => nameOf(excuses.ofRefused(entries.add(entry)));
  assert.equal(silent({ kind: Udp, port: 33435, ttl: 3 }), "traceroute");
  assert.equal(refused({ kind: Udp, port: 33436, ttl: 3 }), "traceroute");
  assert.equal(refused({ port: 33436, ttl: 3 }), "undecided", "TCP is no traceroute");
  assert.equal(silent({ kind: IcmpEcho, source: ROUTER }), "undecided");
  entries.view.leases.noteQuestion(entries.hash(NEIGHBOUR));
  entries.view.leases.note(entries.hash(ROUTER));
  assert.equal(silent({ kind: IcmpEcho, source: ROUTER, target: NEIGHBOUR }), "lease");
  assert.equal(
    silent({ kind: IcmpEcho, source: ROUTER, target: OUTSIDE }),
    "undecided",
    "it was spent",
  );
  assert.equal(silent({ ...REQUEST, repeatMs: 1000 }), "arp-router");
});

Deno.test("Excuses asks of a silent neighbour whether it is there before it looks at the pace", () => {
  const entries = new Entries();
  const excuses = new Excuses(entries.memory, entries.view);
  const silent = (entry: Entry) => DECISIONS[excuses.ofSilent(entries.add(entry))].name;
  assert.equal(silent({ ...REQUEST, repeatMs: 1000 }), "arp-kernel");
  entries.view.noteReached(entries.hash(NEIGHBOUR), true);
  assert.equal(silent({ ...REQUEST, repeatMs: 1000 }), "arp-there");
});

Deno.test("every row of DECISIONS that is an excuse has a witness, and says when it is asked", () => {
  for (const { name, head, witness, asked } of DECISIONS) {
    if (head !== "harmless") continue;
    assert.notEqual(witness, "none", name);
    assert.notEqual(asked, "never", name);
  }
});

Deno.test("Excuses counts what an excuse explains to none of the answers that nobody asked for", () => {
  const entries = new Entries();
  const excuses = new Excuses(entries.memory, entries.view);
  entries.view.noteSender(entries.hash(TARGET), words(TARGET), 0);
  const answer = { kind: Udp, sourcePort: 53, marks: Mark.ReplyLike };
  const silent = (port: number, ttl: number) => {
    const slot = entries.add({ ...answer, port, ttl });
    return [DECISIONS[excuses.ofSilent(slot)].name, entries.memory.table.has(slot, Mark.ReplyLike)];
  };
  for (let i = 0; i < 30; i++) assert.deepEqual(silent(33_434 + i, 3), ["traceroute", true]);
  for (let i = 0; i < 24; i++) assert.deepEqual(silent(40_000 + i, 50), ["undecided", true]);
  assert.deepEqual(silent(50_000, 50), ["undecided", false]);
});
