// One capture file while it is read: its first packet, its progress, and whose fault it is when reading fails.

import assert from "node:assert/strict";
import { fileOrder } from "../../src/capture/file_order.ts";
import { OpenCapture, type OpenOptions } from "../../src/capture/open_capture.ts";
import { Progress } from "../../src/capture/progress.ts";
import { CaptureFileError } from "../../src/pcap/mod.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { withFiles } from "./opened_files.ts";

const START_US = 1_790_000_000_000_000;
const FILE = pcapFile([{ timeUs: START_US, frame: tcpFrame({ port: 1 }) }]);
const OPTIONS: OpenOptions = { cutToSnapshot: false, canLookInside: false, isSmall: true };

function opened(bytes: Uint8Array, options: OpenOptions = OPTIONS): OpenCapture {
  const { result } = withFiles({ a: { bytes } }, () => OpenCapture.open("a", 3, options));
  assert.ok(typeof result !== "string", `${result}`);
  return result;
}

Deno.test("OpenCapture stands at the first packet once it has begun, and counts the bytes once", () => {
  const capture = opened(FILE), progress = new Progress();
  progress.bytes = 1000;
  assert.equal(capture.isHeld, false);
  assert.equal(capture.begin(progress), true);
  assert.deepEqual([capture.isHeld, capture.reader.timeUs], [true, START_US]);
  assert.equal(progress.bytes, 1000 + FILE.length);
  capture.fill(progress);
  assert.equal(progress.bytes, 1000 + FILE.length, "there is no more");
  assert.deepEqual([capture.name, capture.index, capture.frames], ["a", 3, 0]);
});

Deno.test("OpenCapture without a packet, or with damage, holds none; a fault is of the damage alone", () => {
  const empty = opened(pcapFile([]));
  assert.deepEqual([empty.begin(undefined), empty.isHeld, empty.fault], [false, false, undefined]);
  const cut = opened(FILE.subarray(0, FILE.length - 1));
  assert.deepEqual([cut.begin(undefined), cut.isHeld], [false, false]);
  assert.match(cut.fault!, /^a: /);
});

Deno.test("OpenCapture.guard() says what is wrong with the file, and throws what is wrong with the program", () => {
  const guarded = (error: Error) => {
    const capture = opened(FILE);
    const isRead = capture.guard(() => {
      throw error;
    });
    return [isRead, capture.fault];
  };
  assert.deepEqual(guarded(new CaptureFileError("a", "is damaged", 5)).at(0), false);
  assert.deepEqual(guarded(new Deno.errors.PermissionDenied("x")), [
    false,
    "a: cannot be read: permission denied",
  ]);
  for (const mistake of [new TypeError("a mistake"), new RangeError("a mistake")]) {
    assert.throws(() => guarded(mistake), mistake);
  }
  const capture = opened(FILE);
  assert.deepEqual([capture.guard(() => true), capture.fault], [true, undefined]);
});

Deno.test("OpenCapture has a row of packets in plain files of microseconds, as far as they are read", () => {
  const capture = opened(FILE);
  assert.ok(capture.begin(undefined));
  capture.interfaces = 2048;
  const row = capture.rowAhead()!;
  assert.deepEqual([row.at, row.limit, row.timeUs], [FILE.length, FILE.length, START_US]);
  assert.deepEqual([row.linkType, row.interfaceIndex], [1, 2048]);
  assert.equal(row.bytesMax, capture.reader.plainBytesMax);
  assert.equal(capture.rowAhead(), row, "the same one");
  const nanoseconds = FILE.slice();
  new DataView(nanoseconds.buffer).setUint32(0, 0xa1b23c4d, true);
  const other = opened(nanoseconds);
  assert.ok(other.begin(undefined));
  assert.equal(other.rowAhead(), undefined);
});

Deno.test("OpenCapture takes what is known of a file, and opens what is not", () => {
  const names: string[] = [];
  const known = (name: string) => {
    names.push(name);
    return { bytesRead: 0, read: () => 0, warning: () => "known", close: () => {} };
  };
  const { result, opened: files } = withFiles({ a: { bytes: FILE } }, () => [
    OpenCapture.open("a", 0, { ...OPTIONS, known }),
    OpenCapture.open("a", 0, { ...OPTIONS, known: () => undefined }),
    OpenCapture.open("b", 0, OPTIONS),
  ]);
  const [first, second, none] = result;
  assert.deepEqual([names, files], [["a"], ["a"]]);
  assert.equal((first as OpenCapture).guard(() => false), false);
  assert.equal((first as OpenCapture).fault, "known", "what is to be said after the end");
  assert.equal((second as OpenCapture).begin(undefined), true);
  assert.equal(none, "b: cannot be opened: there is no such file");
});

Deno.test("fileOrder() closes each file that it has looked into", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const names = ["a", "b", "c"].map((name) => `${folder}/${name}`);
    for (const name of names) Deno.writeFileSync(name, FILE);
    const files = Object.fromEntries(names.map((name) => [name, { bytes: FILE }]));
    const { opened, closed } = withFiles(files, () => fileOrder(names, false));
    assert.deepEqual([opened, closed], [names, names]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
