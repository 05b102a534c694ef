import assert from "node:assert/strict";
import { ProgressLine, progressText } from "../../src/command/progress_line.ts";

const HALF = { file: "a.pcap", bytes: 256e6, packets: 12_100_000, elapsedMs: 1000 };

Deno.test("progressText() says how far, how fast and how long still", () => {
  assert.equal(
    progressText(HALF, 512e6),
    "a.pcap: 50 %, 256 MB of 512 MB, 12.1 million packets/s, 1.0 s left",
  );
  assert.equal(progressText(HALF, undefined), "a.pcap: 256 MB, 12.1 million packets/s");
  assert.equal(
    progressText({ ...HALF, bytes: 0, packets: 0, elapsedMs: 0, file: "a\n" }, 100),
    "a\\u{a}: 0 %, 0 B of 100 B, 0 packets/s",
  );
  // A file may grow while it is read.
  assert.match(progressText(HALF, 100e6), /100 %, .* 0 s left$/);
});

Deno.test("ProgressLine writes at most ten times a second, and no wider than the terminal", () => {
  const written: string[] = [];
  const line = new ProgressLine((text) => written.push(text), undefined, () => 20);
  for (let elapsedMs = 0; elapsedMs <= 1000; elapsedMs += 10) line.update({ ...HALF, elapsedMs });
  assert.equal(written.length, 11);
  for (const text of written) {
    assert.ok(text.startsWith("\r\x1b[K"));
    assert.equal(text.length, "\r\x1b[K".length + 19);
  }
});

Deno.test("ProgressLine takes away only what it has written", () => {
  const written: string[] = [];
  const line = new ProgressLine((text) => written.push(text), undefined, () => 80);
  line.clear();
  assert.deepEqual(written, []);
  line.update(HALF);
  line.clear();
  line.clear();
  assert.deepEqual(written.slice(1), ["\r\x1b[K"]);
});
