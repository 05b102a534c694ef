import assert from "node:assert/strict";
import { CaptureFailure } from "../src/capture/handle.ts";
import { ScandogDetector } from "../src/detect/scandog/detector.ts";
import { scandogOptions } from "../src/detect/scandog/options.ts";
import type { Detector, MakeDetector } from "../src/detector.ts";
import type { DetectorEvent } from "../src/event.ts";
import { runReplay } from "../src/pipeline.ts";
import { defaults, PATH } from "../src/params.ts";
import { Field, RECORD_BYTES, type Records } from "../src/record.ts";
import { writeMix } from "./bench/traffic.ts";
import { concat, pcapFile, tcpFrame } from "./support/pcap_bytes.ts";

const START_US = 1_790_000_000_000_000;

/** A capture of `count` packets to the ports from `first` on, 10 µs apart, as late as they say. */
function capture(first: number, count: number, linkType = 1): Uint8Array {
  return pcapFile(
    Array.from({ length: count }, (_, i) => ({
      timeUs: START_US + 10 * (first + i),
      frame: tcpFrame({ port: first + i }),
    })),
    linkType,
  );
}

/** Remembers the destination ports it was given, in order, and the interfaces they came by. */
function recorder(): {
  ports: number[];
  interfaces: number[];
  finished: boolean;
  make: MakeDetector;
} {
  const seen = {
    ports: [] as number[],
    interfaces: [] as number[],
    finished: false,
    make(records: Records): Detector {
      return {
        process(base, count) {
          for (let i = 0; i < count; i++) {
            const at = base + i * RECORD_BYTES + Field.DestinationPort;
            seen.ports.push(records.u16[at >> 1]);
            seen.interfaces.push(records.interface(base + i * RECORD_BYTES));
          }
        },
        finish: () => seen.finished = true,
      };
    },
  };
  return seen;
}

async function replay(contents: Uint8Array[], signal?: AbortSignal) {
  const folder = await Deno.makeTempDir();
  try {
    const files = contents.map((_, i) => `${folder}/${i}.pcap`);
    await Promise.all(contents.map((bytes, i) => Deno.writeFile(files[i], bytes)));
    const seen = recorder();
    // The smallest ring, so that it wraps and fills.
    const path = { ...defaults(PATH), ringRecords: 1024 };
    const source = { files, speed: 0, path, seed: 1 };
    const totals = await runReplay(source, seen.make, { onEvent: () => {} }, signal);
    return { ...seen, totals, folder };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

Deno.test("runReplay() gives every packet of every file to the detector, in order", async () => {
  const { ports, finished, totals } = await replay([capture(1, 30000), capture(40000, 20000)]);
  assert.deepEqual(ports, [...range(1, 30000), ...range(40000, 20000)]);
  assert.equal(finished, true);
  assert.deepEqual(totals.faults, []);
  assert.equal(totals.decoded.packets, 50000);
  assert.deepEqual(totals.decoded.byKind, { tcp: 50000 });
  assert.equal(totals.bytesRead, 50000 * 70 + 2 * 24);
});

Deno.test("runReplay() processes what comes before a cut, says where, and goes on with the next file", async () => {
  const cut = capture(1, 5000).subarray(0, -10);
  const { ports, finished, totals } = await replay([cut, capture(9000, 3)]);
  assert.deepEqual(ports, [...range(1, 4999), 9000, 9001, 9002]);
  assert.equal(finished, true);
  assert.equal(totals.faults.length, 1);
  assert.match(totals.faults[0], /0\.pcap: .* at byte \d+/);
});

Deno.test("runReplay() names a file that is not there and one that is no capture", async () => {
  const { totals } = await replay([new TextEncoder().encode("hello, this is no capture file")]);
  assert.match(totals.faults[0], /0\.pcap: /);
  const source = { files: ["/nonexistent/x.pcap"], speed: 0, path: defaults(PATH), seed: 1 };
  const missing = await runReplay(source, recorder().make, { onEvent: () => {} });
  assert.deepEqual(missing.faults, [
    "/nonexistent/x.pcap: cannot be opened: there is no such file",
  ]);
});

Deno.test("runReplay() refuses a link type it cannot decode, with the number of packets", async () => {
  const { ports, totals } = await replay([capture(1, 5, 195)]);
  assert.deepEqual(ports, []);
  assert.match(
    totals.faults[0],
    /5 packets of link-layer type 195 \(IEEE 802\.15\.4\) cannot be decoded/,
  );
});

Deno.test("runReplay() counts malformed packets and goes on", async () => {
  const short = new Uint8Array([...tcpFrame({ port: 1 }).subarray(0, 20)]);
  const packets = [tcpFrame({ port: 7 }), short, tcpFrame({ port: 8 })];
  const { ports, totals } = await replay([
    pcapFile(packets.map((frame, i) => ({ timeUs: START_US + i, frame }))),
  ]);
  assert.deepEqual(ports, [7, 8]);
  assert.deepEqual(totals.decoded.malformed, { "IP header cut short": 1 });
});

Deno.test("runReplay() ends early when asked, and still judges what it read", async () => {
  const { finished, totals } = await replay([capture(1, 60000)], AbortSignal.abort());
  assert.equal(finished, true);
  assert.equal(totals.stopped, true);
  assert.ok(totals.decoded.packets < 60000);
});

Deno.test("runReplay() reads a file whose packets come in gzip like the file itself", async () => {
  const plain = capture(1, 20000);
  const zipped = new Blob([plain as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(zipped).arrayBuffer());
  const { ports, totals } = await replay([bytes]);
  assert.equal(ports.join(), range(1, 20000).join());
  assert.deepEqual(totals.faults, []);
  const cut = await replay([bytes.subarray(0, bytes.length >> 1)]);
  assert.match(cut.totals.faults[0], /0\.pcap: /);
  assert.ok(cut.ports.length > 5000, "the first half of a cut gzip file is processed");
});

Deno.test("runReplay() reads gzip members one after another and names what follows them", async () => {
  const zip = async (bytes: Uint8Array) =>
    new Uint8Array(
      await new Response(
        new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer(),
    );
  const plain = capture(1, 4);
  const members = [await zip(plain.subarray(0, 100)), await zip(plain.subarray(100))];
  const { ports, totals } = await replay([concat([...members, new Uint8Array([7, 7])])]);
  assert.deepEqual(ports, [1, 2, 3, 4]);
  assert.match(totals.faults[0], /bytes after the gzip data are ignored, at byte \d+/);
});

Deno.test("runReplay() rejects with one line when its thread breaks, and does not wait for it", async () => {
  // A number that options never let through: there is no memory for the decoder.
  const path = { ...defaults(PATH), fragmentDatagrams: 2 ** 40 };
  const source = { files: ["/nonexistent/x.pcap"], speed: 0, path, seed: 1 };
  await assert.rejects(
    runReplay(source, recorder().make, { onEvent: () => {} }),
    (error) =>
      error instanceof CaptureFailure && /^the capture thread broke: .*$/.test(error.message),
  );
});

Deno.test("runReplay() says of a folder that it cannot be read", async () => {
  const source = { files: ["/"], speed: 0, path: defaults(PATH), seed: 1 };
  const { faults } = await runReplay(source, recorder().make, { onEvent: () => {} });
  assert.match(faults[0], /^\/: is a folder without capture files/);
});

/** The smallest replay of files of these names, and what it said. */
async function replayNamed(contents: Record<string, Uint8Array>, given = Object.keys(contents)) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(contents)) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    const seen = recorder(), notices: string[] = [];
    const source = {
      files: given.map((name) => name === "-" ? name : `${folder}/${name}`),
      speed: 0,
      path: { ...defaults(PATH), ringRecords: 1024 },
      seed: 1,
    };
    const onNotice = (text: string) => notices.push(text.replaceAll(`${folder}/`, ""));
    const totals = await runReplay(source, seen.make, { onEvent: () => {}, onNotice });
    return { ports: seen.ports.join(), interfaces: seen.interfaces, totals, notices };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runReplay() reads files in the order of their time, however they are given", async () => {
  const files = {
    "trace.pcap10": capture(30_000, 3000),
    "trace.pcap9": capture(20_000, 10_000),
    "trace.pcap": capture(1, 19_999),
    "empty": capture(1, 0),
  };
  const { ports, totals, notices } = await replayNamed(files);
  assert.equal(ports, range(1, 32_999).join());
  assert.deepEqual([totals.faults, notices], [[], []]);
});

Deno.test("runReplay() merges files that overlap by the time of their packets, and says so", async () => {
  // Three sensors: one throughout, one in the middle, one that begins in it and ends after it.
  const every = (first: number, count: number, step: number) =>
    pcapFile(Array.from({ length: count }, (_, i) => ({
      timeUs: START_US + 10 * (first + step * i),
      frame: tcpFrame({ port: first + step * i }),
    })));
  const { ports, interfaces, totals, notices } = await replayNamed({
    a: every(0, 10_000, 3),
    b: every(6001, 2000, 3),
    c: every(9002, 9000, 3),
  });
  const times = [
    ...Array.from({ length: 10_000 }, (_, i) => 3 * i),
    ...Array.from({ length: 2000 }, (_, i) => 6001 + 3 * i),
    ...Array.from({ length: 9000 }, (_, i) => 9002 + 3 * i),
  ].sort((a, b) => a - b);
  assert.equal(ports, times.join());
  assert.deepEqual(totals.faults, []);
  assert.deepEqual(notices, ["b and a overlap in time: merged by it"]);
  // Of files at a time each has numbers of its own, at least a thousand apart.
  const of = [0, 1, 2].map((rest) => new Set(interfaces.filter((_, i) => times[i] % 3 === rest)));
  assert.deepEqual(of.map(({ size }) => size), [1, 1, 1]);
  const numbers = of.flatMap((set) => [...set]).sort((a, b) => a - b);
  assert.ok(numbers.every((number, i) => i === 0 || number - numbers[i - 1] >= 1000), `${numbers}`);
});

Deno.test("runReplay() gives files one after another the same interface", async () => {
  const { interfaces } = await replayNamed({ a: capture(1, 20), b: capture(100, 20) });
  assert.deepEqual(interfaces, Array(40).fill(0));
});

Deno.test("runReplay() merges more files than are kept open at once", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 70 }, (_, i) => [`${i}`, capture(1, 20)]),
  );
  const { totals } = await replayNamed(files);
  assert.deepEqual([totals.decoded.packets, totals.faults], [1400, []]);
});

Deno.test("runReplay() goes on with the others where one of merged files is damaged", async () => {
  const { ports, totals } = await replayNamed({
    a: capture(1, 100),
    b: capture(1, 50).subarray(0, -1),
    c: capture(1, 100),
  });
  assert.equal(ports.split(",").length, 249);
  assert.equal(totals.faults.length, 1);
  assert.match(totals.faults[0], /b: file cut in a packet/);
});

Deno.test("runReplay() reads files that are no plain ones as given, and says where time runs backwards", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const fifo = `${folder}/fifo`;
    assert.ok((await new Deno.Command("mkfifo", { args: [fifo] }).output()).success);
    const late = capture(1000, 10), early = capture(1, 10);
    await Deno.writeFile(`${folder}/early`, early);
    const source = {
      files: [fifo, `${folder}/early`],
      speed: 0,
      path: defaults(PATH),
      seed: 1,
    };
    const seen = recorder(), notices: string[] = [];
    const writing = new Deno.Command("sh", {
      args: ["-c", 'cat > "$0"', fifo],
      stdin: "piped",
    }).spawn();
    const input = writing.stdin.getWriter();
    await input.write(late as Uint8Array<ArrayBuffer>);
    await input.close();
    const onNotice = (text: string) => notices.push(text.replaceAll(`${folder}/`, ""));
    await runReplay(source, seen.make, { onEvent: () => {}, onNotice });
    await writing.status;
    assert.equal(seen.ports.join(), [...range(1000, 10), ...range(1, 10)].join());
    assert.deepEqual(notices, ["early begins 0.0 s before the end of fifo: time runs backwards"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** What the detector says of a capture, and how many records it was given; `tells`: it says what it needs no more. */
async function detect(file: string, ringRecords: number, tells: boolean) {
  const events: DetectorEvent[] = [];
  let given = 0;
  const make: MakeDetector = (records, emit, _packets, flows) => {
    const options = scandogOptions({ flows: tells ? flows : undefined });
    const detector = new ScandogDetector(records, options, emit);
    return {
      process(base, count) {
        given += count;
        detector.process(base, count);
      },
      finish: () => detector.finish(),
    };
  };
  const path = { ...defaults(PATH), ringRecords };
  const source = { files: [file], speed: 0, path, seed: 1 };
  const { decoded } = await runReplay(source, make, { onEvent: (event) => events.push(event) });
  // The last packet may have been left out: what the end of the capture causes is said up to a millisecond earlier.
  const inMs = (key: string, value: unknown) =>
    key === "timeUs" ? Math.floor(value as number / 1000) : value;
  return { events: JSON.stringify(events, inMs), scans: events.length, given, decoded };
}

Deno.test("segments that the detector needs no more are counted, not given, and change nothing that is told", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/mix.pcap`;
    writeMix(file, 400_000);
    const whole = await detect(file, 1024, false);
    assert.equal(whole.given, 400_000);
    assert.ok(whole.scans >= 64, `${whole.scans} scans`);
    for (const ringRecords of [1024, 1024, 4096]) {
      const some = await detect(file, ringRecords, true);
      assert.ok(some.given < 300_000, `${some.given} records`);
      assert.deepEqual(some.decoded, whole.decoded);
      assert.equal(some.events, whole.events);
    }
    const [first, second] = [await detect(file, 1024, true), await detect(file, 1024, true)];
    assert.equal(first.given, second.given, "however fast either thread was");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
