// Who is flooded: from how many sources on, from which, and what is said of it. Attempts put into the table by
// hand, and first packets that are not followed.

import assert from "node:assert/strict";
import { Floods } from "../../../../../src/detect/scandog/beside/flood/floods.ts";
import { TargetClass } from "../../../../../src/detect/scandog/probe/classes.ts";
import { TechniqueBit } from "../../../../../src/detect/scandog/probe/techniques.ts";
import { Mark, Outcome } from "../../../../../src/detect/scandog/table/attempt_state.ts";
import { FloodPackets } from "../../../../../src/detect/scandog/table/flood_packets.ts";
import type { DetectorEvent, FloodEvent } from "../../../../../src/event.ts";
import { Kind } from "../../../../../src/record.ts";
import { Entries, type Entry, words } from "../../entries.ts";

const SYN: Entry = { port: 80, sourcePort: 40000, techniques: TechniqueBit.Syn };

class Flooded extends Entries {
  readonly events: DetectorEvent[] = [];
  readonly flood = new Floods(
    this.memory,
    (event) => this.events.push(event),
  );
  private sources = 0;

  private next(): string {
    const i = this.sources++;
    return `${1 + (i >> 16)}.${i >> 8 & 255}.${i & 255}.7`;
  }

  /** So many attempts, each of a source of its own, failed. */
  failed(count: number, entry: (i: number) => Entry = () => SYN): this {
    for (let i = 0; i < count; i++) {
      this.flood.single(this.add({ source: this.next(), ...entry(i) }));
    }
    return this;
  }

  /** So many first packets to a host that are not followed; `again`: those that are not the only ones. */
  unfollowed(count: number, again: number, target = "203.0.113.10"): this {
    const packets = new FloodPackets();
    packets.words = words(target);
    packets.hash = this.hash(target);
    packets.targetClass = TargetClass.Tcp;
    packets.ports[0] = 80;
    packets.portCount = packets.count = packets.sources = 1;
    packets.techniques = TechniqueBit.Syn;
    packets.fromUs = packets.toUs = this.memory.clock.lastUs;
    for (let i = 0; i < count; i++) this.flood.unfollowed(packets);
    for (let i = 0; i < again; i++) this.flood.cameAgain(packets.words, packets.at, packets.hash);
    return this;
  }

  turn(): this {
    this.flood.turn();
    return this;
  }

  floods(): FloodEvent[] {
    return this.events.filter((event): event is FloodEvent => event.action === "flood");
  }

  /** What was said, in short. */
  said(): string[] {
    return this.floods().map(({ phase, network, destination, packets, sources }) =>
      `${phase} ${network ?? destination} ${packets}/${sources}`
    );
  }
}

Deno.test("a host is flooded by as many sources as --flood-sources within ten seconds", () => {
  assert.deepEqual(new Flooded().failed(511).turn().said(), []);
  assert.deepEqual(new Flooded().failed(512).turn().said(), ["begin 203.0.113.10 512/512"]);
  const slow = new Flooded().failed(256).wait(10_001).failed(256).turn();
  assert.deepEqual(slow.said(), []);
  assert.deepEqual(slow.failed(256).turn().said(), ["begin 203.0.113.10 512/512"]);
});

Deno.test("a flood is told once when it begins, and once a minute after its last packet", () => {
  const flooded = new Flooded().failed(600).turn().turn();
  flooded.wait(50_000).failed(7).wait(60_000).turn();
  assert.deepEqual(flooded.said(), ["begin 203.0.113.10 600/600"]);
  flooded.wait(1).turn();
  assert.deepEqual(flooded.said().slice(1), ["end 203.0.113.10 607/607"]);
  const [begin, end] = flooded.floods();
  assert.equal(begin.story, end.story);
  assert.equal(end.endUs - end.startUs, 50e6);
  assert.deepEqual(end.rate, { mean: 12, peak: 600 });
  flooded.failed(600).turn().flood.finish();
  assert.deepEqual(flooded.floods().map(({ story }) => story), [1, 1, 2, 2]);
});

Deno.test("a flood that the end of the capture cuts off is told then, begin and end", () => {
  const flooded = new Flooded().failed(512);
  flooded.flood.finish();
  assert.deepEqual(flooded.floods().map(({ phase }) => phase), ["begin", "end"]);
});

Deno.test("a flood says its ports and techniques", () => {
  const [begin] = new Flooded().failed(600, (i) => (
    { ...SYN, port: 100 + i % 3, techniques: i % 2 ? TechniqueBit.Null : TechniqueBit.Xmas }
  )).turn().floods();
  assert.deepEqual(begin.ports, { count: 3, list: "100-102" });
  assert.deepEqual(begin.techniques, ["null", "xmas"]);
  assert.equal(begin.network, undefined);
  assert.deepEqual(begin.hosts, { count: 1, list: "203.0.113.10" });
});

Deno.test("a flood of one port is said to be of it alone, whoever fails at another meanwhile", () => {
  const ports = (others: number) =>
    new Flooded().failed(1000, (i) => ({ ...SYN, port: i % 1000 < others ? 90 + i % 7 : 80 }))
      .turn().floods()[0].ports;
  assert.deepEqual(ports(50), { count: 1, list: "80" });
  assert.deepEqual(ports(51), { count: 8, list: "80,90-96" });
});

Deno.test("a network is flooded where no host has most of it; a host that has, alone", () => {
  const target = (hosts: number) => (i: number) => ({ ...SYN, target: `203.0.113.${i % hosts}` });
  const carpet = new Flooded().failed(600, target(200)).turn();
  assert.deepEqual(carpet.said(), ["begin 203.0.113.0/24 600/600"]);
  assert.equal(carpet.floods()[0].hosts.count, 200);
  const two = new Flooded().failed(1100, target(2)).turn();
  assert.deepEqual(two.said(), ["begin 203.0.113.0 550/550", "begin 203.0.113.1 550/550"]);
  const six = new Flooded().failed(600, (i) => (
    { ...SYN, target: `2001:db8:113::${(1 + i % 99).toString(16)}` }
  )).turn();
  assert.equal(six.floods()[0].network, "2001:db8:113::/64");
});

Deno.test("what a machine that is there sends is no flood's", () => {
  const none: Record<string, Entry> = {
    "a kernel's SYN, sent again": { packets: 3, repeatMs: 3000 },
    "a SYN that comes again as soon as any kernel's": { packets: 2, repeatMs: 900 },
    "a SYN that comes as often as any kernel's": { packets: 6, repeatMs: 63_000 },
    "a kernel's SYN, refused": { marks: Mark.Stack, outcome: Outcome.Refused },
    "an answer of DNS": { kind: TargetClass.Udp, port: 40000, sourcePort: 53 },
    "what only answers show": { marks: Mark.ReplyOnly },
    "ARP": { kind: TargetClass.Arp },
  };
  for (const [name, entry] of Object.entries(none)) {
    assert.deepEqual(
      new Flooded().failed(600, () => ({ ...SYN, ...entry })).turn().said(),
      [],
      name,
    );
  }
  const all: Record<string, Entry> = {
    "a tool's SYN, refused": { outcome: Outcome.Refused },
    "a SYN that comes three times at once": { packets: 3, repeatMs: 20 },
    "a SYN that comes again sooner than any kernel's": { packets: 2, repeatMs: 899 },
    "a SYN that comes more often than any kernel's": { packets: 7, repeatMs: 63_000 },
    "a kernel's SYN, half-open": { marks: Mark.Stack, outcome: Outcome.HalfOpen },
    "a SYN-ACK that no server sends": { techniques: TechniqueBit.SynAck },
    "a datagram": { kind: TargetClass.Udp, techniques: TechniqueBit.Udp },
    "a ping": { kind: TargetClass.IcmpEcho, port: 0, techniques: TechniqueBit.IcmpEcho },
  };
  for (const [name, entry] of Object.entries(all)) {
    const flooded = new Flooded().failed(600, () => ({ ...SYN, ...entry })).turn();
    assert.equal(flooded.said().length, 1, name);
  }
});

Deno.test("few sources are a flood where they come again and again", () => {
  const entry = (packets: number) => () => ({ ...SYN, packets, repeatMs: 50 });
  assert.deepEqual(new Flooded().failed(63, entry(1000)).turn().said(), []);
  assert.deepEqual(new Flooded().failed(64, entry(100)).turn().said(), []);
  const flooded = new Flooded().failed(64, entry(128)).turn();
  assert.deepEqual(flooded.said(), ["begin 203.0.113.10 8192/64"]);
});

Deno.test("more packets of those that were counted are the flood's", () => {
  const flooded = new Flooded().failed(600).turn();
  const slot = flooded.add({ ...SYN, source: "10.0.0.1" });
  flooded.flood.single(slot);
  for (let i = 0; i < 10; i++) flooded.flood.again(slot);
  flooded.flood.more(flooded.add({ ...SYN, source: "10.0.0.1", port: 81 }));
  flooded.flood.more(flooded.add({ ...SYN, source: "10.0.0.1", target: "198.51.100.1" }));
  flooded.flood.finish();
  assert.deepEqual(flooded.said().slice(1), ["end 203.0.113.10 612/601"]);
});

Deno.test("first packets alone wait for what comes after them, and a crowd is none", () => {
  const flooded = new Flooded().unfollowed(5000, 0).wait(2499).turn();
  assert.deepEqual(flooded.said(), []);
  assert.deepEqual(flooded.wait(1).turn().said(), ["begin 203.0.113.10 5000/5000"]);
  const crowd = new Flooded().unfollowed(5000, 3751).wait(2500).turn();
  assert.deepEqual(crowd.said(), []);
  crowd.flood.finish();
  assert.deepEqual(crowd.said(), []);
  const mixed = new Flooded().unfollowed(5000, 3750).wait(2500).turn();
  assert.deepEqual(mixed.said(), ["begin 203.0.113.10 5000/1250"]);
});

Deno.test("floods are told within a budget, and the rest is counted", () => {
  const flooded = new Flooded({ alertBurst: 2, alertRefill: 86_400 });
  for (let host = 1; host <= 5; host++) flooded.unfollowed(600, 0, `198.51.${host}.1`);
  flooded.wait(2500).turn().flood.finish();
  assert.equal(flooded.said().length, 4);
  const rest = flooded.events.flatMap((event) =>
    event.action === "alerts-suppressed" ? [[event.of, event.count]] : []
  );
  assert.deepEqual(rest.reduce((sum, [, count]) => sum + Number(count), 0), 3);
});

Deno.test("a flood is not displaced by failures elsewhere", () => {
  const flooded = new Flooded().failed(600).turn();
  flooded.failed(3000, (i) => ({ ...SYN, target: `${10 + i % 90}.${i >> 8}.${i & 255}.1` })).turn();
  assert.deepEqual(flooded.floods().map(({ phase }) => phase), ["begin"]);
});

Deno.test("a flood says its transport and version, and the hosts of a network", () => {
  const target = (i: number) => `203.0.113.${i % 6}`;
  const [four] = new Flooded().failed(600, (i) => ({ ...SYN, target: target(i) })).turn().floods();
  assert.deepEqual([four.kind, four.ipVersion], [Kind.Tcp, 4]);
  assert.equal(four.hosts.list, [0, 1, 2, 3, 4, 5].map(target).join());
  const six = { ...SYN, kind: TargetClass.IcmpEcho, target: "2001:db8:113::1" };
  const [ping] = new Flooded().failed(600, () => six).turn().floods();
  assert.deepEqual([ping.kind, ping.ipVersion, ping.hosts.list], [Kind.Icmp6, 6, six.target]);
});

Deno.test("a flood that is over before it is sure to be one is told, but for a crowd", () => {
  for (const [again, said] of [[0, ["begin", "end"]], [3751, []]] as const) {
    const flooded = new Flooded().unfollowed(5000, again);
    flooded.flood.finish();
    assert.deepEqual(flooded.floods().map(({ phase }) => phase), said, `${again} again`);
  }
});

Deno.test("what was told of a flood stays its beginning, and a crowd is counted anew after its window", () => {
  const flooded = new Flooded().failed(600).wait(1000).turn();
  flooded.failed(5).flood.finish();
  const [begin, end] = flooded.floods();
  assert.deepEqual([begin.namedUs, end.namedUs], [begin.startUs, begin.startUs]);
  const crowd = () => new Flooded().unfollowed(5000, 3751).wait(2500).turn();
  // For ten seconds from then on it is the crowd that counts, and is looked at once more; then it is forgotten.
  assert.deepEqual(crowd().wait(10_000).failed(512).turn().said(), []);
  const after = crowd().wait(10_001).failed(512).turn();
  assert.deepEqual(after.said(), ["begin 203.0.113.10 512/512"]);
});
