// The capture worker as a thread: what it is asked by one message, and how it ends. What it reads and decodes is
// tested without a thread.

import assert from "node:assert/strict";
import type { CaptureMessage, CaptureRequest } from "../../src/capture/messages.ts";
import { Progress } from "../../src/capture/progress.ts";
import { Counter, COUNTERS } from "../../src/decode/counters.ts";
import { Hash } from "../../src/keyed_hash.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Field, Kind, RECORD_BYTES, TcpFlag } from "../../src/record.ts";
import { BytesConsumer, createBytesRing } from "../../src/ring/bytes_ring.ts";
import { createFlowNotices, FlowNoticeWriter } from "../../src/ring/flow_notices.ts";
import { Consumer, createRing } from "../../src/ring/ring.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";

const START_US = 1_790_000_000_000_000;

/** Memory of a capture. */
function memoryOf(capacity = 256) {
  return {
    ring: createRing(capacity),
    progress: new Progress().memory,
    counters: new SharedArrayBuffer(COUNTERS * 8),
  };
}

const decode = { ...defaults(PATH), seed: 1 };

/** What the worker says until it ends; `meanwhile` is run until then. */
async function saidBy(request: unknown, meanwhile = () => {}): Promise<CaptureMessage[]> {
  const worker = new Worker(new URL("../../src/capture/worker.ts", import.meta.url), {
    type: "module",
  });
  const said: CaptureMessage[] = [], timer = setInterval(meanwhile);
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<CaptureMessage>) => {
      said.push(data);
      if (data.kind === "done" || data.kind === "broken") resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(request);
  });
  clearInterval(timer);
  worker.terminate();
  return said;
}

/** The ports of the records that are there, which are given back. */
function take(consumer: Consumer): number[] {
  const { records } = consumer, ports: number[] = [];
  for (let count = consumer.ready(); count > 0; count = consumer.ready()) {
    for (let i = 0, base = consumer.base(); i < count; i++, base += RECORD_BYTES) {
      ports.push(records.u16[(base + Field.DestinationPort) >> 1]);
    }
    consumer.release(count);
  }
  return ports;
}

async function replayed(
  files: Record<string, Uint8Array>,
  fields: Partial<Extract<CaptureRequest, { kind: "replay" }>> = {},
  meanwhile: (seen: { ports: number[]; progress: Progress }) => void = () => {},
) {
  const folder = await Deno.makeTempDir();
  const memory = { ...memoryOf(), ...fields.memory };
  const consumer = new Consumer(memory.ring), progress = new Progress(memory.progress);
  const ports: number[] = [];
  try {
    const paths = Object.keys(files).map((name) => `${folder}/${name}`);
    for (const [i, bytes] of Object.values(files).entries()) await Deno.writeFile(paths[i], bytes);
    const request = { kind: "replay", decode, files: paths, speed: 0, cutToSnapshot: false };
    const said = await saidBy({ ...request, ...fields, memory }, () => {
      ports.push(...take(consumer));
      meanwhile({ ports, progress });
    });
    ports.push(...take(consumer));
    return {
      said: said.map((one) => JSON.parse(JSON.stringify(one).replaceAll(`${folder}/`, ""))),
      ports,
      isClosed: consumer.closed(),
      counters: new Float64Array(memory.counters),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const synTo = (port: number, timeUs = START_US) => ({ timeUs, frame: tcpFrame({ port }) });

Deno.test("the worker replays files into the ring, counts them, closes it and says that it is done", async () => {
  const { said, ports, isClosed, counters } = await replayed({ a: pcapFile([synTo(1), synTo(2)]) });
  assert.deepEqual(said, [{ kind: "done", faults: [] }]);
  assert.deepEqual([ports, isClosed], [[1, 2], true]);
  assert.equal(counters[Counter.Packets], 2);
});

Deno.test("the worker says what was noticed and what could not be read, and closes the ring", async () => {
  const unknown = tcpFrame({ port: 1 });
  unknown.set([0x12, 0x34], 12);
  const { said, ports, isClosed } = await replayed({
    a: pcapFile([synTo(1)]),
    b: pcapFile([{ timeUs: START_US, frame: unknown }]),
    c: new Uint8Array(3),
  });
  assert.deepEqual(said.map(({ kind }) => kind), ["notice", "done"]);
  assert.match(said[0].text, /^b: its only frame could not be decoded/);
  assert.equal(said[1].faults.length, 1);
  assert.match(said[1].faults[0], /^c: /);
  assert.deepEqual([ports, isClosed], [[1], true]);
});

Deno.test("the worker gives the packets' bytes to who wants them", async () => {
  const packets = createBytesRing(1 << 12);
  const memory = { ...memoryOf(), packets };
  const { ports } = await replayed({ a: pcapFile([synTo(7)]) }, { memory });
  const bytes = new BytesConsumer(packets);
  bytes.next();
  assert.deepEqual(bytes.bytes.slice(bytes.start, bytes.end), tcpFrame({ port: 7 }));
  assert.deepEqual(ports, [7]);
});

Deno.test("the worker cuts packets to the snapshot length where it is asked to", async () => {
  const file = pcapFile([synTo(7)]);
  // The snapshot length of the file: not even IP's header.
  new DataView(file.buffer).setUint32(16, 20, true);
  for (const cutToSnapshot of [false, true]) {
    const { ports } = await replayed({ a: file }, { cutToSnapshot });
    assert.deepEqual(ports, cutToSnapshot ? [] : [7]);
  }
});

Deno.test("the worker looks into tunnels that it is asked to look into, and says them where it could", async () => {
  const frame = tcpFrame({ port: 0 });
  frame[23] = 4;
  const inner = tcpFrame({ port: 9 }).subarray(14);
  const ipip = new Uint8Array([...frame.subarray(0, 34), ...inner]);
  new DataView(ipip.buffer).setUint16(16, 60);
  const file = pcapFile(Array.from({ length: 100 }, () => ({ timeUs: START_US, frame: ipip })));
  const IPIP = 16;
  for (const inside of [undefined, 0, IPIP]) {
    const { said, ports } = await replayed({ a: file }, { decode: { ...decode, inside } });
    assert.equal(ports.every((port) => port === 9), inside === IPIP, `${inside}`);
    assert.equal(said.some(({ text }) => text?.includes("--inside ipip")), inside === 0);
  }
});

Deno.test("the worker leaves a packet that is not due until it is, or until it is stopped", async () => {
  const MINUTE_US = 60e6;
  const file = pcapFile([synTo(1), synTo(2, START_US + MINUTE_US)]);
  const stop = ({ ports, progress }: { ports: number[]; progress: Progress }) => {
    if (ports.length > 0) progress.stop();
  };
  assert.deepEqual((await replayed({ a: file }, { speed: 1 }, stop)).ports, [1]);
  assert.deepEqual((await replayed({ a: file }, { speed: 1e6 })).ports, [1, 2]);
});

Deno.test("the worker makes no record of flows that the other thread has no need of", async () => {
  const CAPACITY = 1024, MS_US = 1000, FLOW_PORT = 443, OTHER_PORT = 80;
  const word = (...bytes: number[]) => new Int32Array(Uint8Array.from(bytes).buffer)[0];
  const flow = new Hash(decode.seed)
    .flow(word(198, 51, 100, 7), 40000, word(192, 0, 2, 1), FLOW_PORT, Kind.Tcp);
  const ack = (port: number) => ({
    timeUs: START_US + MS_US,
    frame: tcpFrame({ port, flags: TcpFlag.Ack }),
  });
  // What is said of the first record is taken up once the second block has begun.
  const before = Array.from({ length: 2 * CAPACITY }, () => synTo(1));
  const acks = [ack(OTHER_PORT), ack(FLOW_PORT), ack(FLOW_PORT), ack(OTHER_PORT)];
  for (const isSaid of [false, true]) {
    const memory = { ...memoryOf(CAPACITY), flows: createFlowNotices(CAPACITY) };
    const writer = new FlowNoticeWriter(memory.flows);
    writer.begin(0, 0);
    if (isSaid) writer.used(0, flow);
    const { ports, counters } = await replayed({ a: pcapFile([...before, ...acks]) }, { memory });
    const last = ports.filter((port) => port !== 1);
    const between = isSaid ? [] : [FLOW_PORT, FLOW_PORT];
    assert.deepEqual(last, [OTHER_PORT, ...between, OTHER_PORT]);
    assert.equal(counters[Counter.Packets], before.length + acks.length);
  }
});

Deno.test("a live capture that cannot begin says why, and wakes who waits for records", async () => {
  const memory = memoryOf(), consumer = new Consumer(memory.ring);
  assert.equal(consumer.fallAsleep(), true);
  const request = { kind: "watch", memory, decode, devices: ["eth0"], profile: "scandog" };
  const libpcap = "/nowhere/libpcap.so.0.8";
  const said = await saidBy({ ...request, promiscuous: false, snapshotBytes: 256, libpcap });
  assert.deepEqual(said.map(({ kind }) => kind), ["awake", "done"]);
  const [, done] = said;
  assert.match(
    done.kind === "done" ? done.faults.join() : "",
    /^Cannot find libpcap, tried \/nowhere/,
  );
  assert.equal(consumer.closed(), true);
});

Deno.test("a mistake in the worker is said in one line with its place, and the ring is closed", async () => {
  const memory = memoryOf(), consumer = new Consumer(memory.ring);
  const [said, ...others] = await saidBy({ kind: "replay", memory, decode });
  assert.deepEqual([others, consumer.closed()], [[], true]);
  assert.match(
    said.kind === "broken" ? said.reason : said.kind,
    /^TypeError: .* at .*\.ts:\d+:\d+\)?$/,
  );
});
