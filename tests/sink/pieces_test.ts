import assert from "node:assert/strict";
import fc from "fast-check";
import { nextPiece, pieceBytesMax } from "../../src/sink/pieces.ts";
import { inRepository } from "../support/paths.ts";
import { scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (piece: Uint8Array) => new TextDecoder().decode(piece);

Deno.test("nextPiece() gives whole lines where one fits, and all of it in the end", () => {
  const all = bytes("one\ntwo\nthree\n");
  assert.equal(text(nextPiece(all, 0, 9)), "one\ntwo\n");
  assert.equal(text(nextPiece(all, 8, 9)), "three\n");
  assert.equal(text(nextPiece(all, 8, 3)), "thr", "a line that is longer goes in pieces");
  assert.equal(nextPiece(all, 0, Infinity).length, all.length);
  const lines = fc.array(fc.string({ maxLength: 40 }), { minLength: 1 });
  fc.assert(fc.property(lines, fc.integer({ min: 1, max: 60 }), (lines, max) => {
    const all = bytes(lines.map((line) => `${line}\n`).join(""));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += pieces.at(-1)!.length) {
      pieces.push(nextPiece(all, at, max));
      assert.ok(pieces.at(-1)!.length <= max);
    }
    assert.deepEqual(Uint8Array.from(pieces.flatMap((piece) => [...piece])), all);
  }));
});

Deno.test("pieceBytesMax() bounds nothing where standard output blocks", () => {
  assert.equal(pieceBytesMax(), Infinity);
});

/** A pipe of 4 KiB that does not block, and a reader that pauses; prints what came. */
const PROGRAM = `
import fcntl, os, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, 1031, 4096)
fcntl.fcntl(w, fcntl.F_SETFL, fcntl.fcntl(w, fcntl.F_GETFL) | os.O_NONBLOCK)
child = subprocess.Popen(sys.argv[1:], stdout=w)
os.close(w)
while True:
    part = os.read(r, 3000)
    if not part: break
    os.write(1, part)
    time.sleep(0.0005)
sys.exit(child.wait())
`;
const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
const PYTHON = "/usr/bin/python3";

Deno.test({
  name: "a pipe that does not block gets every line once, and no part of one twice",
  ignore: skipped("a pipe that does not block", !exists(PYTHON) && "there is no python3"),
  async fn() {
    const env = { NO_COLOR: "1", TZ: "UTC" };
    for (const words of [["log", "-f", "all", "-r", CAPTURE], ["man"]]) {
      const [program, ...args] = scandogWords(words);
      const plain = await new Deno.Command(program, { args, env }).output();
      // What is written again and again has no end.
      const signal = AbortSignal.timeout(300_000);
      const run = { args: ["-c", PROGRAM, program, ...args], env, signal };
      const piped = await new Deno.Command(PYTHON, run).output();
      assert.equal(piped.code, 0);
      assert.ok(plain.stdout.length > 10_000);
      assert.equal(text(piped.stdout), text(plain.stdout));
    }
  },
});
