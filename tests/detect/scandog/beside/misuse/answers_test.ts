// What is collected of answers that nobody asked for: each count, and from which packets.

import assert from "node:assert/strict";
import { formatAddress, parseAddress } from "../../../../../src/address.ts";
import { Answers } from "../../../../../src/detect/scandog/beside/misuse/answers.ts";
import { Memory } from "../../../../../src/detect/scandog/memory.ts";
import { scandogOptions } from "../../../../../src/detect/scandog/options.ts";
import { Unasked } from "../../../../../src/detect/scandog/table/outcome_queue.ts";
import { Field, type Records } from "../../../../../src/record.ts";
import { type Made, recordsOf } from "../../../../packetlog/records.ts";
import { OURS, VICTIM } from "./alone.ts";

/** A refusal from port 80 to our port 40000, or what it is made by hand. */
interface Answer extends Made {
  unasked?: number;
  window?: number;
  ttl?: number;
  interface?: number;
}

class Collected {
  readonly memory = new Memory(scandogOptions({ memory: 4 }));
  readonly gaveWay: string[] = [];
  readonly answers: Answers = new Answers(
    this.memory,
    (index) => this.gaveWay.push(this.answers.text(index)),
  );

  segment({ unasked = Unasked.Refusal, ...made }: Answer = {}): this {
    this.answers.segment(this.records(made), 0, unasked);
    return this;
  }

  /** An ICMP error by a router: our datagram from port 40000 did not reach the victim's port 53. */
  error(timeUs = 0): this {
    const records = this.records({ source: "192.0.2.1", timeUs });
    records.bytes.set(parseAddress(OURS)!, Field.InnerSource);
    records.bytes.set(parseAddress(VICTIM)!, Field.InnerDestination);
    records.u16[Field.InnerSourcePort >> 1] = 40_000;
    records.u16[Field.InnerDestinationPort >> 1] = 53;
    this.answers.error(records, 0);
    return this;
  }

  private records(made: Answer): Records {
    const port = { sourcePort: 80, port: 40_000 };
    const records = recordsOf([{ source: VICTIM, destination: OURS, ...port, ...made }]);
    this.memory.clock.advance(made.timeUs ?? 0);
    records.u16[Field.Window >> 1] = made.window ?? 0;
    records.bytes[Field.Ttl] = made.ttl ?? 64;
    records.bytes[Field.Interface] = made.interface ?? 0;
    return records;
  }

  /** The index of a host's entry, or -1. */
  at(host = VICTIM): number {
    const words = new Int32Array(parseAddress(host)!.slice().buffer);
    return this.answers.find(words, 0, this.memory.hash.address(words, 0));
  }

  /** Answers by kind: SYN-ACKs, refusals, resets, errors. */
  kinds(): number[] {
    return this.answers.kinds.map((kind) => kind.of(this.at()));
  }

  /** Ports that answered, of those open; SYN-ACKs that a tool made. */
  ports(): number[] {
    const { ports, open, tools } = this.answers;
    return [ports, open, tools].map((column) => column.of(this.at()));
  }
}

Deno.test("Answers counts each kind by itself, and an error for the host that it quotes as its receiver", () => {
  const collected = new Collected();
  for (let i = 0; i < 1; i++) collected.segment({ unasked: Unasked.SynAck });
  for (let i = 0; i < 2; i++) collected.segment({ unasked: Unasked.Refusal });
  for (let i = 0; i < 3; i++) collected.segment({ unasked: Unasked.Reset });
  for (let i = 0; i < 4; i++) collected.error();
  assert.deepEqual(collected.kinds(), [1, 2, 3, 4]);
  assert.equal(collected.answers.worth(collected.at()), 10);
  assert.equal(collected.at("192.0.2.1"), -1, "the router did nothing");
});

Deno.test("Answers leaves out resets that a client sends to a service, and takes its refusals", () => {
  for (const [unasked, isIn] of [[Unasked.Reset, false], [Unasked.Refusal, true]] as const) {
    const collected = new Collected().segment({ unasked, sourcePort: 40_000, port: 443 });
    assert.equal(collected.at() >= 0, isIn);
  }
});

Deno.test("Answers counts a port once, and as open only where a SYN-ACK was the first", () => {
  const { SynAck, Refusal } = Unasked;
  const collected = new Collected();
  for (const [unasked, sourcePort] of [[SynAck, 80], [SynAck, 80], [Refusal, 81], [SynAck, 81]]) {
    collected.segment({ unasked, sourcePort, window: 64_240 });
  }
  assert.deepEqual(collected.ports(), [2, 1, 0]);
  assert.deepEqual(collected.error().ports(), [3, 1, 0], "nor is one of an error");
});

Deno.test("Answers takes a small window from a client's port for a tool's, and no port for open by it", () => {
  const cases: [sourcePort: number, window: number, expected: number[]][] = [
    [36_000, 1024, [0, 0, 1]],
    [36_000, 1025, [1, 1, 1]],
    [80, 1024, [1, 1, 0]], // privileged
    [3306, 1024, [1, 1, 0]], // a service above 1023
    [3307, 1024, [0, 0, 1]],
  ];
  for (const [sourcePort, window, expected] of cases) {
    const collected = new Collected().segment({ unasked: Unasked.SynAck, sourcePort, window });
    assert.deepEqual(collected.ports(), expected, `${sourcePort}, ${window}`);
  }
});

Deno.test("Answers keeps the TTLs and the widest window of SYN-ACKs, and of nothing else", () => {
  const collected = new Collected();
  const { answers } = collected;
  const range = () => {
    const { ttlMin, ttlMax, windowMax } = answers;
    return [ttlMin, ttlMax, windowMax].map((column) => column.of(collected.at()));
  };
  collected.segment({ ttl: 200, window: 900 });
  assert.deepEqual(range(), [0, 0, 0]);
  collected.segment({ unasked: Unasked.SynAck, ttl: 60, window: 512 });
  assert.deepEqual(range(), [60, 60, 512]);
  collected.segment({ unasked: Unasked.SynAck, ttl: 62, window: 511 });
  assert.deepEqual(range(), [60, 62, 512]);
  collected.segment({ unasked: Unasked.SynAck, ttl: 57, window: 513 });
  assert.deepEqual(range(), [57, 62, 513]);
});

Deno.test("Answers keeps where and when the first came, and the latest time of all", () => {
  const collected = new Collected();
  const { answers } = collected;
  collected.segment({ timeUs: 5_000_000, interface: 3 });
  collected.segment({ timeUs: 9_000_000, interface: 4, destination: "203.0.113.11", port: 50_000 });
  collected.segment({ timeUs: 8_000_000 });
  const index = collected.at();
  assert.deepEqual([answers.firstUs[index], answers.lastUs[index]], [5_000_000, 9_000_000]);
  assert.equal(formatAddress(answers.bytes, answers.ownAddressAt(index) * 4), OURS);
  const { ownPort, interface: on, ipVersion } = answers;
  assert.deepEqual([ownPort, on, ipVersion].map((column) => column.of(index)), [40_000, 3, 4]);
});

Deno.test("Answers counts our ports and our hosts that got answers", () => {
  const collected = new Collected();
  const { answers: { ownPorts, ownHosts } } = collected;
  const own = () => [ownPorts.of(collected.at()), ownHosts.of(collected.at())];
  for (const port of [40_000, 40_001, 40_001, 40_256]) collected.segment({ port });
  assert.deepEqual(own(), [2, 1], "ports that are equal in eight bits are one");
  for (let host = 1; host <= 40; host++) collected.segment({ destination: `203.0.113.${host}` });
  const [ports, hosts] = own();
  assert.equal(ports, 2);
  // Of 41 hosts some share one of 256 bits; with half the bits it were far more.
  assert.ok(hosts >= 36 && hosts <= 41, `${hosts}`);
});

Deno.test("Answers of two hosts stand beside each other where all of both go to one port of one host", () => {
  const other = "198.51.100.99";
  const cases: [string, Answer, boolean][] = [
    ["the same", {}, true],
    ["another port", { port: 40_001 }, false],
    ["another host", { destination: "203.0.113.11" }, false],
  ];
  for (const [what, made, isBeside] of cases) {
    const collected = new Collected().segment().segment({ ...made, source: other });
    const { answers } = collected;
    assert.equal(answers.isBeside(collected.at(), collected.at(other)), isBeside, what);
    // Once one has sent something else as well, no more.
    for (const source of [VICTIM, other]) {
      const more = new Collected().segment().segment({ source: other });
      more.segment({ source, port: 40_001 });
      assert.ok(!more.answers.isBeside(more.at(), more.at(other)), `${source} varies`);
      assert.ok(!more.answers.isBeside(more.at(other), more.at()), `${source} varies`);
    }
  }
});

Deno.test("Answers tells of a host before another takes its place", () => {
  const collected = new Collected();
  for (let i = 0; i < 2000; i++) collected.segment({ source: `198.18.${i >> 8}.${i & 255}` });
  const { answers, gaveWay } = collected;
  assert.equal(answers.size, 512);
  assert.equal(gaveWay.length, 2000 - 512);
  assert.equal(new Set(gaveWay).size, gaveWay.length);
  assert.ok(gaveWay.every((host) => collected.at(host) < 0));
});

Deno.test("Answers tells hosts of ours apart by each word of their address", () => {
  const ours = "2001:db8:1:2:3:4:5:6", host = "2001:db8:f::80";
  const others = [
    "2001:db9:1:2:3:4:5:6",
    "2001:db8:1:3:3:4:5:6",
    "2001:db8:1:2:3:5:5:6",
    "2001:db8:1:2:3:4:5:7",
  ];
  for (const destination of [ours, ...others]) {
    const collected = new Collected().segment({ source: host, destination: ours });
    const { answers } = collected.segment({ source: host, destination });
    const index = collected.at(host);
    assert.equal(formatAddress(answers.bytes, answers.ownAddressAt(index) * 4), ours);
    assert.equal(answers.varied.of(index), destination === ours ? 0 : 1, destination);
    assert.deepEqual([answers.saidMs.of(index), answers.lastMs.of(index)], [
      ...Array(2).fill(collected.memory.clock.ms),
    ]);
  }
});
