import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SMALL_BYTES_MAX } from "../../src/capture/small.ts";
import type { Detector, MakeDetector } from "../../src/detector.ts";
import { defaults, PATH } from "../../src/params.ts";
import { type ReplayTotals, runReplay } from "../../src/pipeline.ts";
import { Field, RECORD_BYTES, type Records } from "../../src/record.ts";
import { concat, pcapFile, tcpFrame } from "../support/pcap_bytes.ts";

const START_US = 1_790_000_000_000_000;

/** A capture of packets to the ports from `first` on. */
function capture(first: number, count: number): Uint8Array {
  return pcapFile(Array.from({ length: count }, (_, i) => ({
    timeUs: START_US + 10 * (first + i),
    frame: tcpFrame({ port: first + i }),
  })));
}

interface Seen {
  /** Ports asked, and `END`, in the order in which they came. */
  told: string[];
  notices: string[];
  totals: Omit<ReplayTotals, "elapsedMs">;
  threads: number;
}

/** Replays the files; `take` looks at each packet's port. How many threads were started is counted. */
async function replayed(
  contents: Uint8Array[],
  { isMeasured, signal, take = () => {} }: {
    isMeasured: boolean;
    signal?: AbortSignal;
    take?: (port: number) => void;
  },
): Promise<Seen> {
  const told: string[] = [], notices: string[] = [];
  const make: MakeDetector = (records: Records): Detector => ({
    process(base, count) {
      for (let i = 0; i < count; i++) {
        const port = records.u16[(base + i * RECORD_BYTES + Field.DestinationPort) >> 1];
        take(port);
        told.push(`${port}`);
      }
    },
    finish: () => told.push("END"),
  });
  const folder = await Deno.makeTempDir();
  const { Worker } = globalThis;
  let threads = 0;
  try {
    const files = contents.map((_, i) => `${folder}/${i}`);
    contents.forEach((bytes, i) => Deno.writeFileSync(files[i], bytes));
    const bytes = contents.reduce((sum, { length }) => sum + length, 0);
    const path = { ...defaults(PATH), ringRecords: 1024 };
    globalThis.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        threads++;
      }
    };
    const { elapsedMs: _, ...totals } = await runReplay(
      { files, speed: 0, path, seed: 1, bytes: isMeasured ? bytes : undefined },
      make,
      { onEvent: () => {}, onNotice: (text) => notices.push(text.replaceAll(folder, "")) },
      signal,
    );
    totals.faults = totals.faults.map((text) => text.replaceAll(folder, ""));
    return { told, notices, totals, threads };
  } finally {
    globalThis.Worker = Worker;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Replays with a thread and without, and holds one against the other. */
async function bothWays(contents: Uint8Array[]): Promise<Seen> {
  const apart = await replayed(contents, { isMeasured: false });
  const here = await replayed(contents, { isMeasured: true });
  assert.equal(apart.threads, 1);
  assert.equal(here.threads, 0);
  assert.deepEqual({ ...here, threads: 1 }, apart);
  return here;
}

Deno.test("a small capture is read on one thread, and gives what it gives on two", async () => {
  // More than the ring holds, so that both ends take turns.
  const { told, totals } = await bothWays([capture(1, 5000)]);
  assert.deepEqual(told, [...Array.from({ length: 5000 }, (_, i) => `${i + 1}`), "END"]);
  assert.equal(totals.decoded.packets, 5000);
});

Deno.test("the last packets of a small capture are read, however many are left in the ring", async () => {
  for (const count of [1, 2, 33, 1023, 1024, 1025]) {
    const { told, totals } = await replayed([capture(1, count)], { isMeasured: true });
    assert.deepEqual(told, [...Array.from({ length: count }, (_, i) => `${i + 1}`), "END"]);
    assert.equal(totals.decoded.packets, count);
  }
});

Deno.test("small captures that are packed, overlap, are cut or are none are told as on two threads", async () => {
  const overlapping = await bothWays([capture(1, 200), gzipSync(capture(100, 200))]);
  assert.match(overlapping.notices[0], /overlap in time: merged by it/);
  const warned = await bothWays([concat([gzipSync(capture(1, 9)), new Uint8Array([7, 7])])]);
  assert.match(warned.totals.faults[0], /bytes after the gzip data are ignored/);
  const cut = await bothWays([capture(1, 50).subarray(0, -1), capture(100, 5)]);
  assert.match(cut.totals.faults[0], /file cut in a packet/);
  assert.equal(cut.told.length, 49 + 5 + 1);
  const none = await bothWays([new TextEncoder().encode("no capture at all, but text")]);
  assert.equal(none.totals.faults.length, 1);
});

Deno.test("a packed capture that is small only as it lies there has a thread", async () => {
  const count = Math.ceil(SMALL_BYTES_MAX / 70);
  const packed = gzipSync(capture(1, count));
  assert.ok(packed.length < SMALL_BYTES_MAX / 4);
  const { threads, told } = await replayed([packed], { isMeasured: true });
  assert.equal(threads, 1);
  assert.equal(told.length, count + 1);
  const less = await replayed([gzipSync(capture(1, count - 1))], { isMeasured: true });
  assert.equal(less.threads, 0);
});

Deno.test("what a detector throws ends the replay of a small capture as it is, and is no fault of the file", async () => {
  const failure = new Error("no such thing");
  let last = 0;
  const take = (port: number) => {
    last = port;
    if (port === 1500) throw failure;
  };
  await assert.rejects(
    replayed([capture(1, 5000)], { isMeasured: true, take }),
    (error) => error === failure,
  );
  assert.equal(last, 1500, "nothing is judged after it");
});

Deno.test("a small capture is not read once a stop was asked for", async () => {
  const { told, totals } = await replayed([capture(1, 100)], {
    isMeasured: true,
    signal: AbortSignal.abort(),
  });
  assert.deepEqual(told, ["END"]);
  assert.equal(totals.stopped, true);
});
