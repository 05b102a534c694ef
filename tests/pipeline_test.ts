import assert from "node:assert/strict";
import { CaptureFailure } from "../src/capture/handle.ts";
import type { Detector, MakeDetector } from "../src/detector.ts";
import { runReplay } from "../src/pipeline.ts";
import { defaults, PATH } from "../src/params.ts";
import { Field, RECORD_BYTES, type Records } from "../src/record.ts";
import { concat, pcapFile, tcpFrame } from "./support/pcap_bytes.ts";

const START_US = 1_790_000_000_000_000;

/** A capture of `count` packets to the ports from `first` on, 10 µs apart. */
function capture(first: number, count: number, linkType = 1): Uint8Array {
  return pcapFile(
    Array.from({ length: count }, (_, i) => ({
      timeUs: START_US + 10 * i,
      frame: tcpFrame({ port: first + i }),
    })),
    linkType,
  );
}

/** Remembers the destination ports it was given, in order. */
function recorder(): { ports: number[]; finished: boolean; make: MakeDetector } {
  const seen = {
    ports: [] as number[],
    finished: false,
    make(records: Records): Detector {
      return {
        process(base, count) {
          for (let i = 0; i < count; i++) {
            const at = base + i * RECORD_BYTES + Field.DestinationPort;
            seen.ports.push(records.u16[at >> 1]);
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
  assert.match(totals.faults[0], /5 packets of link-layer type 195 cannot be decoded/);
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
  const { ports, totals } = await replay([bytes, bytes.subarray(0, bytes.length >> 1)]);
  assert.equal(ports.slice(0, 20000).join(), range(1, 20000).join());
  assert.equal(totals.faults.length, 1);
  assert.match(totals.faults[0], /1\.pcap: /);
  assert.ok(ports.length > 20000, "the first half of a cut gzip file is processed");
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
  assert.match(faults[0], /^\/: cannot be read: /);
});
