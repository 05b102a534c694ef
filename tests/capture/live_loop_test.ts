// The loop of a live capture over devices that stand in: what reaches the ring, what is dropped, said and counted,
// and when. Each wait is a step of the test, so nothing depends on time.

import assert from "node:assert/strict";
import type { FlowMemory } from "../../src/capture/flow_memory.ts";
import { Source, takePackets } from "../../src/capture/live_loop.ts";
import type { CaptureMessage } from "../../src/capture/messages.ts";
import { Progress } from "../../src/capture/progress.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Field, RECORD_BYTES } from "../../src/record.ts";
import { BytesConsumer, BytesProducer, createBytesRing } from "../../src/ring/bytes_ring.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";
import { tcpFrame } from "../support/pcap_bytes.ts";
import { recordsOf, StandInDevice, synsTo, UP } from "./stand_in_device.ts";

const FRAME_BYTES = 54;

interface Scene {
  capacity?: number;
  /** Bytes of the ring for packets. */
  packetBytes?: number;
  waitMs?: number;
  learn?: () => void;
}

/** Runs the loop: before each round the next step is taken, and after the last one a stop is asked for. */
function captured(
  devices: StandInDevice[],
  steps: ((scene: { clock: { nowMs: number }; consumer: Consumer }) => void)[],
  { capacity = 64, packetBytes, waitMs = 100, learn }: Scene = {},
) {
  const memory = createRing(capacity), consumer = new Consumer(memory), progress = new Progress();
  const said: CaptureMessage[] = [],
    waits: number[] = [],
    pauses: number[] = [],
    clock = { nowMs: 5000 };
  let wakes = 0;
  const producer = new Producer(memory, () => wakes++);
  const bytes = packetBytes === undefined ? undefined : createBytesRing(packetBytes);
  const left = [...steps];
  const wait = (ms: number) => {
    waits.push(ms);
    left.shift()?.({ clock, consumer });
    if (left.length === 0) progress.stop();
  };
  const sources = devices.map((device, i) => new Source(device, i, false));
  takePackets(wait, waitMs, sources, {
    decoder: new Decoder(producer.records, { ...defaults(PATH), seed: 1 }),
    producer,
    packets: bytes && new BytesProducer(bytes),
    flows: learn && { learnAll: learn } as FlowMemory,
    progress,
    say: (message) => said.push(message),
    clock: {
      ms: () => clock.nowMs,
      timeUs: () => clock.nowMs * 1000,
      pause: (ms) => void pauses.push(ms),
    },
  });
  const { records } = consumer;
  const read: { port: number; timeUs: number; index: number }[] = [];
  for (let count = consumer.ready(); count > 0; count = consumer.ready()) {
    for (let i = 0, base = consumer.base(); i < count; i++, base += RECORD_BYTES) {
      read.push({
        port: records.u16[(base + Field.DestinationPort) >> 1],
        timeUs: records.f64[(base + Field.TimeUs) >> 3],
        index: records.interface(base),
      });
    }
    consumer.release(count);
  }
  return {
    ports: read.map(({ port }) => port),
    timesUs: read.map(({ timeUs }) => timeUs),
    interfaces: read.map(({ index }) => index),
    notices: said.map((message) => message.kind === "notice" ? message.text : message.kind),
    losses: progress.losses(),
    devices: progress.devices(devices.length),
    packets: bytes && new BytesConsumer(bytes),
    waits,
    pauses,
    wakes,
  };
}

const nothing = () => {};
const later = (ms: number) => ({ clock }: { clock: { nowMs: number } }) => {
  clock.nowMs += ms;
};

Deno.test("packets of each device are in the ring with their times and the device's number", () => {
  const eth = new StandInDevice("eth0", { batches: [synsTo(1, 2), synsTo(5)] });
  const lan = new StandInDevice("lan0", { batches: [synsTo(3), synsTo(), synsTo(4)] });
  const { ports, timesUs, interfaces, losses } = captured([eth, lan], [nothing, nothing, nothing]);
  assert.deepEqual(ports, [1, 2, 3, 5, 4]);
  assert.deepEqual(timesUs, [1, 2, 3, 5, 4]);
  assert.deepEqual(interfaces, [0, 0, 1, 0, 1]);
  assert.deepEqual([losses.kept, losses.ring], [5 * FRAME_BYTES, 0], "bytes of packets alone");
});

Deno.test("a device that gives nanoseconds has its packets in the same records", () => {
  // The fraction of a second is in nanoseconds.
  const device = new StandInDevice("eth0", { nanoseconds: true, batches: [synsTo(7999, 8000)] });
  const { ports, timesUs } = captured([device], [nothing]);
  assert.deepEqual([ports, timesUs], [[7999, 8000], [7, 8]]);
});

Deno.test("a device whose batches are full is asked eight times, then the others have their turn", () => {
  const full = (port: number) => synsTo(port, port);
  const one = (packetsMax: number) =>
    new StandInDevice("eth0", {
      packetsMax,
      batches: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(full),
    });
  const other = () => new StandInDevice("lan0", { batches: [synsTo(100), synsTo(101)] });
  const distinct = (ports: number[]) => ports.filter((port, i) => port !== ports[i - 1]);
  assert.deepEqual(distinct(captured([one(2), other()], [nothing]).ports), [
    ...[1, 2, 3, 4, 5, 6, 7, 8],
    100,
    ...[9, 101],
  ]);
  // One packet less than there may be: no more is waiting.
  assert.deepEqual(distinct(captured([one(3), other()], [nothing]).ports), [
    ...[1, 100],
    ...[2, 101],
  ]);
});

Deno.test("what comes before the stop is taken, also while other packets are: once more, and no more", () => {
  const device = new StandInDevice("eth0", { batches: [synsTo(1), synsTo(2), synsTo(3)] });
  const { ports, waits, pauses } = captured([device], [nothing]);
  assert.deepEqual([ports, waits.length], [[1, 2], 1]);
  // Twice as long as the kernel holds packets back, and some more.
  assert.deepEqual(pauses, [50]);
});

Deno.test("what does not fit in the ring is dropped, counted, and a part of a full batch", () => {
  const batches = [synsTo(1, 2, 3, 4, 5, 6), synsTo(7)];
  const device = new StandInDevice("eth0", { packetsMax: 6, batches });
  const { ports, losses } = captured([device], [nothing], { capacity: 4 });
  assert.deepEqual(ports, [1, 2, 3, 4]);
  assert.equal(losses.ring, 3, "two of the batch, and the one of the next that is waiting");
  assert.equal(losses.kept, 7 * FRAME_BYTES, "they were taken from the kernel all the same");
});

Deno.test("a batch goes on behind the ring's end, and when the reader has given room back", () => {
  const device = new StandInDevice("eth0");
  const read: number[] = [];
  const give = (...ports: number[]) => ({ consumer }: { consumer: Consumer }) => {
    // The last one read stays, so that the ring does not begin again at its first slot.
    const count = Math.max(consumer.ready() - 1, 0);
    read.push(count);
    consumer.release(count);
    device.batches = [synsTo(...ports)];
  };
  const steps = [give(1, 2, 3), give(4, 5, 6), give(7, 8)];
  const { ports, losses } = captured([device], steps, { capacity: 4 });
  assert.deepEqual(read, [0, 2, 1]);
  assert.deepEqual(
    ports,
    [4, 5, 6, 7],
    "four places, of which one is before the end of the memory",
  );
  assert.equal(losses.ring, 1, "8 has no room");
});

Deno.test("frames that are not read take no place, and are said once they are most of a hundred", () => {
  const unknown = tcpFrame({ port: 1 });
  unknown.set([0x12, 0x34], 12);
  const frames = (count: number) =>
    recordsOf(Array.from({ length: count }, () => ({ timeUs: 1, frame: unknown })));
  const device = new StandInDevice("eth0", { buffer: new Uint8Array(1 << 17) });
  const give = (count: number) => ({ clock }: { clock: { nowMs: number } }) => {
    clock.nowMs += 1000;
    device.batches = [frames(count), synsTo(9)];
    device.packetsMax = count;
  };
  // With each batch, a frame that is read.
  const few = captured([device], [give(98)]);
  assert.deepEqual([few.ports, few.notices], [[9], []]);
  const enough = captured([device], [give(99), give(99)]);
  assert.equal(enough.notices.length, 1, "once");
  assert.match(enough.notices[0], /^interface eth0: 99 of 100 frames \(99 %\) are not read/);
});

Deno.test("a packet for whose bytes there is no room has no record either", () => {
  const batches = [synsTo(1, 2, 3, 4, 5)];
  const { ports, losses, packets } = captured([new StandInDevice("eth0", { batches })], [nothing], {
    packetBytes: 256,
  });
  // 72 bytes an entry, with its head.
  assert.deepEqual([ports, losses.ring], [[1, 2, 3], 2]);
  for (const port of [1, 2, 3]) {
    packets!.next();
    assert.deepEqual(
      packets!.bytes.slice(packets!.start, packets!.end),
      tcpFrame({ port }),
      `${port}`,
    );
  }
});

Deno.test("what was said of flows is learned before each batch", () => {
  const device = new StandInDevice("eth0", { packetsMax: 1, batches: [synsTo(1), synsTo(2, 3)] });
  const left: number[] = [];
  captured([device], [nothing, nothing], { learn: () => left.push(device.batches.length) });
  // The second batch has more than one, and so is not what a full one has.
  assert.deepEqual(left, [2, 1, 0, 0]);
});

Deno.test("the wait is as long as it may be, and no longer than to the next look", () => {
  const device = new StandInDevice("eth0");
  const steps = [later(100), later(849.5), later(50), later(0.5), nothing];
  assert.deepEqual(captured([device], steps).waits, [100, 100, 51, 1, 100]);
  assert.deepEqual(captured([device], steps, { waitMs: 1000 }).waits, [1000, 900, 51, 1, 1000]);
  // The look may be late.
  const device2 = new StandInDevice("eth0");
  assert.deepEqual(captured([device2], [later(999), later(7)], { waitMs: 1000 }).waits, [1000, 1]);
});

Deno.test("what devices received and lost is looked at first, each second, and at the end", () => {
  const eth = new StandInDevice("eth0"), lan = new StandInDevice("lan0");
  const times: number[] = [];
  const looks =
    (device: StandInDevice, received: number, dropped: number, ms: number) =>
    ({ clock }: { clock: { nowMs: number } }) => {
      device.counts = { received, dropped, interfaceDropped: 0 };
      clock.nowMs += ms;
    };
  const spy = eth.statistics.bind(eth);
  eth.statistics = () => {
    times.push(eth.counts.received);
    return spy();
  };
  const { losses, devices } = captured([eth, lan], [
    looks(eth, 10, 1, 999),
    looks(lan, 30, 2, 1),
    looks(eth, 20, 4, 999),
  ]);
  assert.deepEqual(times, [0, 10, 20], "not after 999 ms, after 1000, and at the end");
  assert.deepEqual(losses, {
    lookedUs: 6_999_000,
    received: 50,
    kernel: 6,
    interface: 0,
    ring: 0,
    kept: 0,
  });
  assert.deepEqual(devices, [
    { received: 20, kernel: 4, isUp: true },
    { received: 30, kernel: 2, isUp: true },
  ]);
});

Deno.test("who sleeps on the ring is woken every other second, though nothing comes", () => {
  const second = ({ clock, consumer }: { clock: { nowMs: number }; consumer: Consumer }) => {
    clock.nowMs += 1000;
    consumer.fallAsleep();
  };
  const wakes = (seconds: number) =>
    captured([new StandInDevice("eth0")], Array.from({ length: seconds }, () => second)).wakes;
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(wakes), [0, 0, 1, 1, 2, 2]);
});

Deno.test("a device that goes down and comes up is said once each, by the name it has then", () => {
  const device = new StandInDevice("eth0");
  const is = (condition: StandInDevice["condition"], name = "eth0") => () => {
    device.condition = condition;
    device.name = name;
  };
  const { notices, devices } = captured([device], [
    nothing,
    is({ kind: "down", message: "went down" }),
    nothing,
    is(UP, "lan0"),
    is({ kind: "failed", message: "cannot be read" }, "lan0"),
  ]);
  assert.deepEqual(notices, [
    "interface eth0: went down; capture goes on when it is back",
    "interface lan0 is up, capture goes on",
    "interface lan0: cannot be read; capture goes on when it is back",
  ]);
  assert.equal(devices[0].isUp, false);
});

Deno.test("a device that is gone is taken up again at a look, and is back once it is up", () => {
  const device = new StandInDevice("eth0", {
    onReattach() {
      device.condition = { kind: "down", message: "is down" };
      return true;
    },
  });
  const reattached: number[] = [];
  const { notices } = captured([device], [
    () => device.condition = { kind: "gone", message: "disappeared" },
    () => reattached.push(device.calls.length),
    later(1000),
    () => reattached.push(device.calls.length),
    () => reattached.push(device.calls.length),
    later(1000),
    () => device.condition = UP,
  ]);
  assert.deepEqual(reattached, [0, 1, 1]);
  assert.deepEqual(device.calls, ["reattach"], "one that is there again is not taken up twice");
  assert.deepEqual(notices, [
    "interface eth0: disappeared; capture goes on when it is back",
    "interface eth0 is back, capture goes on",
  ]);
});
