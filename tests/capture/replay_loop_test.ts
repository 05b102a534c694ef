// Replaying files into the ring, without a thread: what is said of them, whose turn it is, and when a packet is due.

import assert from "node:assert/strict";
import type { Pace } from "../../src/capture/pace.ts";
import { Progress } from "../../src/capture/progress.ts";
import { replayFiles } from "../../src/capture/replay_loop.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Field, RECORD_BYTES } from "../../src/record.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";

const START_US = 1_790_000_000_000_000;
/** More than any of these tests reads. */
const CAPACITY = 4096;

/** Packets to these ports, as many microseconds after the start. */
function capture(ports: readonly number[], linkType = 1): Uint8Array {
  return pcapFile(
    ports.map((port) => ({ timeUs: START_US + port, frame: tcpFrame({ port }) })),
    linkType,
  );
}

/** A frame of an EtherType that nobody knows. */
function unknownFrame(): Uint8Array {
  const frame = tcpFrame({ port: 1 });
  frame.set([0x12, 0x34], 12);
  return frame;
}

const unreadable = () => pcapFile([{ timeUs: START_US, frame: unknownFrame() }]);

/** Replays files by these names; `pace`: when packets are due, of whom `stop` may be asked. */
async function replayed(
  contents: Record<string, Uint8Array>,
  paceOf: (progress: Progress) => Pace | undefined = () => undefined,
) {
  const folder = await Deno.makeTempDir();
  const memory = createRing(CAPACITY), progress = new Progress(), notices: string[] = [];
  const producer = new Producer(memory), consumer = new Consumer(memory);
  const short = (text: string) => text.replaceAll(`${folder}/`, "");
  try {
    const names = Object.keys(contents).map((name) => `${folder}/${name}`);
    for (const [i, bytes] of Object.values(contents).entries()) {
      await Deno.writeFile(names[i], bytes);
    }
    const faults = replayFiles(names, {
      decoder: new Decoder(producer.records, { ...defaults(PATH), seed: 1 }),
      producer,
      packets: undefined,
      flows: undefined,
      progress,
      pace: paceOf(progress),
      cutToSnapshot: false,
      canLookInside: false,
      notice: (text) => notices.push(short(text)),
    });
    const { records } = consumer;
    const each = Array.from(
      { length: consumer.ready() },
      (_, i) => consumer.base() + i * RECORD_BYTES,
    );
    return {
      faults: faults.map(short),
      notices,
      ports: each.map((base) => records.u16[(base + Field.DestinationPort) >> 1]),
      interfaces: each.map((base) => records.interface(base)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a file of which nothing can be read is a fault where it is alone, and a notice among others", async () => {
  const sentence = /^b: its only frame could not be decoded: /;
  const alone = await replayed({ b: unreadable() });
  assert.deepEqual([alone.faults.length, alone.notices], [1, []]);
  assert.match(alone.faults[0], sentence);
  const among = await replayed({ a: capture([1, 2]), b: unreadable() });
  assert.deepEqual([among.faults, among.notices.length, among.ports], [[], 1, [1, 2]]);
  assert.match(among.notices[0], sentence);
});

Deno.test("what cannot be read is said before what is damaged", async () => {
  const { faults } = await replayed({ a: capture([1]).subarray(0, 20), b: unreadable() });
  assert.equal(faults.length, 2);
  assert.match(faults[0], /^b: /);
  assert.match(faults[1], /^a: /);
});

Deno.test("files overlap where one begins before the packet that is next, and not where it begins with it", async () => {
  for (const [first, others] of [[19, 1], [20, 0], [21, 0]]) {
    const { ports, notices } = await replayed({ a: capture([10, 20]), b: capture([first, 30]) });
    assert.deepEqual(ports, [10, 20, first, 30].sort((a, b) => a - b));
    assert.equal(notices.length, others, `${first}`);
  }
});

Deno.test("64 files are merged at once, each with 1,024 numbers of interfaces, and others when one has ended", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 66 }, (_, i) => [`${100 + i}`, capture([1 + i, 1000 + i])]),
  );
  const { ports, interfaces, faults, notices } = await replayed(files);
  const first = Array.from({ length: 64 }, (_, i) => 1 + i);
  const rest = Array.from({ length: 64 }, (_, i) => 1002 + i);
  assert.deepEqual(ports, [...first, 1000, 65, 1001, 66, ...rest]);
  assert.deepEqual(interfaces.slice(0, 68), [
    ...first.map((i) => 1024 * (i - 1)),
    0,
    0,
    1024,
    1024,
  ]);
  assert.deepEqual([faults, notices], [[], ["101 and 100 overlap in time: merged by it"]]);
});

Deno.test("a file is read on while its packets are not later than those of others, and has its turn again after them", async () => {
  const at = (...packets: [timeUs: number, port: number][]) =>
    pcapFile(packets.map(([timeUs, port]) => ({
      timeUs: START_US + timeUs,
      frame: tcpFrame({ port }),
    })));
  const { ports } = await replayed({ a: at([10, 1], [20, 2]), b: at([15, 3], [20, 4]) });
  assert.deepEqual(ports, [1, 3, 4, 2]);
});

Deno.test("more packets than a batch has room for are given one after another", async () => {
  const each = Array.from({ length: 2000 }, (_, i) => 1 + i);
  assert.deepEqual((await replayed({ a: capture(each) })).ports, each);
});

Deno.test("packets before damage are given, and damage ends its file alone", async () => {
  const damaged = capture([1, 2, 3]);
  // The captured length of the third packet.
  new DataView(damaged.buffer).setUint32(24 + 2 * 70 + 8, 0xffffffff, true);
  for (const other of [0, 9]) {
    const { ports, faults } = await replayed({ a: damaged, b: capture([other]) });
    assert.deepEqual(ports, [other, 1, 2].sort((a, b) => a - b));
    assert.equal(faults.length, 1);
    assert.match(faults[0], /^a: /);
  }
});

Deno.test("a capture may begin in 1970", async () => {
  const file = pcapFile([{ timeUs: 0, frame: tcpFrame({ port: 7 }) }]);
  const { ports, notices } = await replayed({ a: file });
  assert.deepEqual([ports, notices], [[7], []]);
});

Deno.test("where a stop ends a file early, what was not read of it is said", async () => {
  const frames = [unknownFrame(), unknownFrame(), tcpFrame({ port: 5 }), tcpFrame({ port: 6 })];
  const file = pcapFile(frames.map((frame, i) => ({ timeUs: START_US + i, frame })));
  const { ports, notices } = await replayed({ a: file }, (progress) => {
    const wait = (timeUs: number) => {
      if (timeUs === START_US + 3) progress.stop();
      return 0;
    };
    return { wait } as Pace;
  });
  assert.deepEqual([ports, notices.length], [[5], 1]);
  assert.match(notices[0], /^a: 2 of 3 frames \(66 %\) are not read/);
});

Deno.test("a packet is waited for until it is due, and not once a stop is asked for", async () => {
  const waits: [port: number, ms: number][] = [];
  const run = (stopAt: number) =>
    replayed({ a: capture([1, 2, 3]) }, (progress) => {
      const left = [0, 7, 5, 0, 0];
      waits.length = 0;
      let port = 0;
      progress.pause = (ms) => {
        waits.push([port, ms]);
        if (waits.length === stopAt) progress.stop();
      };
      const wait = (timeUs: number) => {
        port = timeUs - START_US;
        return left.shift() ?? 0;
      };
      return { wait } as Pace;
    });
  assert.deepEqual((await run(Infinity)).ports, [1, 2, 3]);
  assert.deepEqual(waits, [[2, 7], [2, 5]]);
  assert.deepEqual((await run(1)).ports, [1], "what was not due is not judged");
  assert.deepEqual(waits, [[2, 7]]);
});
