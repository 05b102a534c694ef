// What the compiled binary opens by itself: nothing that another user could have put there.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { withoutBinary } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const CAPTURE = "testdata/cases/mixed-syn/capture.pcap.gz";

Deno.test({
  name: "the binary opens no file in the temporary folder, where others could lay code for it",
  ignore: withoutBinary("what the binary opens") || skipped(
    "what the binary opens",
    !exists("/usr/bin/strace") && "there is no strace (Debian: strace)",
  ),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "scandog-trace-" });
    try {
      const trace = `${folder}/trace`, temporary = `${folder}/tmp`;
      await Deno.mkdir(temporary);
      const { code, stderr } = await new Deno.Command("/usr/bin/strace", {
        args: [
          ...["-f", "-qq", "-s", "4096", "-e", "trace=%file", "-o", trace],
          ...[Deno.env.get("SCANDOG_BINARY")!, "replay", "--config", "/dev/null"],
          inRepository(CAPTURE),
        ],
        env: { TMPDIR: temporary, HOME: folder },
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const lines = (await Deno.readTextFile(trace)).split("\n");
      const named = [inRepository(CAPTURE), Deno.env.get("SCANDOG_BINARY")!];
      assert.ok(lines.some((line) => line.includes(CAPTURE)), "it is a trace of files");
      // What was named on the command line may lie there, and the folders above it: a checkout does, at times.
      const isNamed = (path: string) =>
        named.some((each) => each === path || each.startsWith(`${path}/`));
      const found = lines.filter((line) =>
        [...line.matchAll(/"((?:\/tmp|\/var\/tmp|\/dev\/shm)\/[^"]*)"/g)]
          .some(([, path]) => !isNamed(path))
      );
      assert.deepEqual(found, []);
      assert.deepEqual([...Deno.readDirSync(temporary)], []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Bytes of each write to standard output in a trace; one that another thread interrupted stands on two lines. */
function writesIn(trace: string): number[] {
  const written: number[] = [];
  const waiting = new Set<string>();
  for (const line of trace.split("\n")) {
    const [, thread, isResumed, bytes] =
      /^(\d+) +(?:write\(1,|<\.\.\. (write resumed)>).*?(?: = (\d+))?$/.exec(line) ?? [];
    if (thread === undefined) continue;
    if (isResumed !== undefined && !waiting.delete(thread)) continue;
    if (bytes === undefined) waiting.add(thread);
    else written.push(Number(bytes));
  }
  return written;
}

Deno.test({
  name: "the binary writes standard output in large pieces where that blocks",
  ignore: withoutBinary("how the binary writes") || skipped(
    "how the binary writes",
    !exists("/usr/bin/strace") && "there is no strace (Debian: strace)",
  ),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "scandog-trace-" });
    try {
      const trace = `${folder}/trace`, output = `${folder}/lines`;
      const words = ["log", "-f", "all", "--config", "/dev/null", "-r", inRepository(CAPTURE)];
      const { code } = await new Deno.Command("/usr/bin/strace", {
        args: [
          ...["-f", "-qq", "-e", "trace=write", "-o", trace],
          ...["sh", "-c", 'exec "$@" >"$0"', output, Deno.env.get("SCANDOG_BINARY")!, ...words],
        ],
        stdout: "null",
        stderr: "null",
      }).output();
      assert.equal(code, 0);
      const written = writesIn(await Deno.readTextFile(trace));
      const { size } = await Deno.stat(output);
      assert.equal(written.reduce((sum, bytes) => sum + bytes, 0), size);
      assert.ok(size > 8 * 4096 && written.length < size / 8192, `${written} for ${size} bytes`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
