// What is read ahead of records' turn: the attempts that they are about, and only where most records are looked at.

import assert from "node:assert/strict";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Observer } from "../../../../src/detect/scandog/observe/observer.ts";
import { BLOCK } from "../../../../src/detect/scandog/observe/read_ahead.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { TargetClass, targetKey } from "../../../../src/detect/scandog/probe/classes.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import { Kind, RECORD_BYTES, type Records } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";
import { Ack, Fin, Rst, Syn } from "../traffic.ts";

const CLIENT = "198.51.100.7", SERVER = "192.0.2.1";
const CLIENT_PORT = 40_000;

const asks = (port: number, made: Made = {}): Made => ({
  source: CLIENT,
  destination: SERVER,
  sourcePort: CLIENT_PORT,
  port: port,
  ...made,
});
const answers = (port: number, made: Made = {}): Made => ({
  source: SERVER,
  destination: CLIENT,
  sourcePort: port,
  port: CLIENT_PORT,
  ...made,
});

/** What an observer of these records is made of. */
function partsOf(records: Records): [Memory, View, Records] {
  const memory = new Memory(scandogOptions({ memory: 4 }));
  return [memory, new View(memory), records];
}

/** Parts of a detector that has begun an attempt by TCP and one by UDP at each port from 1 on; and what is read of it. */
function withAttempts(ports: number, made: Made[]) {
  const begun = Array.from({ length: ports }, (_, i) => asks(i + 1, { flags: Syn }));
  const records = recordsOf([
    ...begun,
    ...begun.map((one) => ({ ...one, kind: Kind.Udp })),
    ...made,
  ]);
  const [memory, view] = partsOf(records);
  const observer = new Observer(memory, view, records);
  for (let i = 0; i < 2 * ports; i++) observer.observe(i * RECORD_BYTES);
  const slots: number[] = [];
  const { table } = memory;
  const touch = table.touch.bind(table);
  Object.assign(table, {
    touch(slot: number) {
      slots.push(slot);
      return touch(slot);
    },
  });
  const first = records.i32;
  const slotOf = (port: number, targetClass: number) =>
    table.seek(
      first,
      records.sourceAt(0),
      records.destinationAt(0),
      targetKey(targetClass, port),
    );
  return {
    ahead: observer.ahead,
    slots,
    slotOf,
    at: (i: number) => (2 * ports + i) * RECORD_BYTES,
  };
}

/** The ports whose attempts are read ahead for these records, after a block of which so many were looked at. */
function readFor(made: Made[], looks = BLOCK) {
  const ports = 5;
  const { ahead, slots, slotOf, at } = withAttempts(ports, made);
  for (let i = 0; i < looks; i++) ahead.look(at(0), at(0) + RECORD_BYTES);
  slots.length = 0;
  ahead.begin();
  ahead.look(at(0), at(made.length));
  const named = new Map([
    ...Array.from({ length: ports }, (_, i) => [slotOf(i + 1, TargetClass.Tcp), `tcp/${i + 1}`]),
    ...Array.from({ length: ports }, (_, i) => [slotOf(i + 1, TargetClass.Udp), `udp/${i + 1}`]),
  ] as [number, string][]);
  assert.ok(![...named.keys()].includes(-1));
  return slots.map((slot) => named.get(slot) ?? slot);
}

Deno.test("of each record the attempt is read that it is about, whichever side sends it", () => {
  const cases: [made: Made, read: string][] = [
    [asks(3, { flags: Syn }), "tcp/3"],
    [answers(3, { flags: Syn | Ack }), "tcp/3"],
    [answers(4, { flags: Rst }), "tcp/4"],
    [answers(4, { flags: Rst | Ack }), "tcp/4"],
    [asks(5, { flags: Ack }), "tcp/5"],
    [answers(5, { flags: Ack }), "tcp/5"],
    [asks(1, { flags: Fin | Ack }), "tcp/1"],
    [asks(2, { flags: 0 }), "tcp/2"],
  ];
  for (const [made, read] of cases) assert.deepEqual(readFor([made]), [read], JSON.stringify(made));
  assert.deepEqual(readFor(cases.map(([made]) => made)), cases.map(([, read]) => read));
});

Deno.test("of a datagram both attempts are read that it may be about; of what has no ports none", () => {
  assert.ok(readFor([asks(2, { kind: Kind.Udp })]).includes("udp/2"));
  assert.ok(readFor([answers(2, { kind: Kind.Udp })]).includes("udp/2"));
  assert.deepEqual(readFor([asks(2, { kind: Kind.Icmp }), asks(2, { kind: Kind.Arp })]), []);
});

Deno.test("of a record that no attempt is known of the entry is read that a new one would take over", () => {
  const made = [asks(3, { flags: Syn, source: "203.0.113.9" })];
  const { ahead, slots, at } = withAttempts(5, made);
  for (let i = 0; i < BLOCK; i++) ahead.look(at(0), at(1));
  slots.length = 0;
  ahead.begin();
  ahead.look(at(0), at(1));
  assert.deepEqual(slots, [10], "the first that is free, behind ten");
});

Deno.test("a block is read where at least half of the block before was looked at", () => {
  const next = [asks(3, { flags: Syn })];
  assert.deepEqual(readFor(next, BLOCK / 2), ["tcp/3"]);
  assert.deepEqual(readFor(next, BLOCK / 2 - 1), []);
  assert.deepEqual(readFor(next, 0), []);
});

Deno.test("a block is read once, and the next after it", () => {
  const made = Array.from({ length: 2 * BLOCK + 3 }, (_, i) => asks(i % 5 + 1, { flags: Syn }));
  const { ahead, slots, at } = withAttempts(5, made);
  const counts: number[] = [];
  for (let i = 0; i < made.length; i++) {
    ahead.look(at(i), at(made.length));
    counts.push(slots.length);
  }
  assert.deepEqual([counts[BLOCK - 1], counts[BLOCK], counts[2 * BLOCK - 1]], [0, BLOCK, BLOCK]);
  assert.equal(counts[2 * BLOCK], BLOCK + 3, "the last block ends with the records");
  assert.equal(counts.at(-1), BLOCK + 3);
});

Deno.test("of each record with ports its source and its flow are read as well", () => {
  const made = [
    asks(1, { flags: Syn }),
    answers(2, { flags: Ack }),
    asks(3, { kind: Kind.Udp }),
    asks(3, { kind: Kind.Icmp }),
  ];
  const records = recordsOf(made);
  const observer = new Observer(...partsOf(records));
  const { ahead, attempts: { packet, used } } = observer;
  const read: [what: string, hash: number][] = [];
  Object.assign(observer.attempts, {
    readGate: (hash: number) => read.push(["source", hash]),
  });
  Object.assign(used, { touch: (hash: number) => read.push(["flow", hash]) });
  for (let i = 0; i < BLOCK; i++) ahead.look(0, RECORD_BYTES);
  ahead.begin();
  ahead.look(0, made.length * RECORD_BYTES);
  const at = [0, 1, 2].map((i) => i * RECORD_BYTES);
  assert.deepEqual(read, [
    ...at.map((base) => ["source", packet.sourceHashAt(base)]),
    ...at.map((base) => ["flow", packet.flowHashAt(base)]),
  ]);
});
