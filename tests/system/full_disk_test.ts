import assert from "node:assert/strict";
import { LogFile } from "../../src/sink/log_file.ts";
import { ManualTime } from "../sink/stand_ins.ts";
import { skipped } from "../support/skip.ts";
import { whyNoRoot } from "./run_probe.ts";
import { scandog } from "../support/scandog.ts";
import { inRepository } from "../support/paths.ts";
import { onTinyDisk } from "./tiny_disk.ts";

const DISK_BYTES = 65536;

Deno.test({
  name: "LogFile survives a real full disk: no half line, said once, goes on when there is room",
  ignore: skipped("a full disk", whyNoRoot()),
  fn: () =>
    onTinyDisk(DISK_BYTES, async (directory) => {
      const path = `${directory}/scan.log`;
      const time = new ManualTime();
      const said: string[] = [];
      const log = new LogFile({
        path,
        queue: 100,
        lineBytes: 1000,
        notice: (text) => void said.push(text),
        later: time.later,
        clock: time.clock,
      });
      Deno.writeFileSync(`${directory}/other`, new Uint8Array(40_000));
      const line = (i: number) => `line ${i} ${"x".repeat(200)}`;
      for (let i = 0; i < 400; i++) log.write(line(i));
      assert.deepEqual(said, [
        `log file ${path}: No space left on device; lines wait, detection goes on`,
      ]);
      assert.equal(log.counters.waiting, 100);
      assert.equal(log.counters.written + 100 + log.counters.dropped, 400);

      Deno.removeSync(`${directory}/other`);
      time.pass(1000);
      assert.equal(log.counters.waiting, 0);
      assert.match(
        said[1],
        new RegExp(`works again after 1 s; ${log.counters.dropped} lines lost$`),
      );
      assert.equal(said.length, 2);
      log.write("last");
      await log.close();
      const accepted = log.counters.written - 1;
      assert.equal(
        Deno.readTextFileSync(path),
        Array.from({ length: accepted }, (_, i) => line(i) + "\n").join("") + "last\n",
      );
    }),
});

Deno.test({
  name: "log of a file keeps what a full disk took, counts the rest, and ends with 1",
  ignore: skipped("a full disk", whyNoRoot()),
  fn: () =>
    onTinyDisk(DISK_BYTES, async (directory) => {
      const capture = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
      const read = ["log", "-r", capture, "-f", "all"];
      const all = (await scandog(read)).out.trimEnd().split("\n");
      const path = `${directory}/out`;

      const lines = await scandog([...read, "--log-file", path]);
      assert.equal(lines.status, 1, lines.err);
      const kept = Deno.readTextFileSync(path).split("\n");
      assert.equal(kept.pop(), "", "no half line");
      // A shorter line may have found room later, so they need not be the first.
      let at = -1;
      for (const line of kept) assert.ok((at = all.indexOf(line, at + 1)) >= 0, line);
      assert.equal(kept.length + lostIn(lines.err, path, "lines"), all.length);
      Deno.removeSync(path);

      const packets = await scandog([...read, "--raw", path]);
      assert.equal(packets.status, 1, packets.err);
      const again = (await scandog(["log", "-r", path, "-f", "all"])).out.trimEnd().split("\n");
      assert.equal(again.length + lostIn(packets.err, path, "packets"), all.length);
      Deno.removeSync(path);

      const few = ["log", "-r", capture, "-f", "F", "--log-file", `${directory}/few`];
      const { status, err } = await scandog(few);
      assert.equal(status, 0, err);
    }),
});

/** Sum of what is told as lost: each time that the file works again, and at its end. */
function lostIn(err: string, path: string, unit: string): number {
  const told = [
    new RegExp(`^scandog: ${path}: works again after \\d+ s; (\\d+) ${unit} lost$`, "gm"),
    new RegExp(`^scandog: ${path}: closed, (\\d+) ${unit} could not be written$`, "gm"),
  ].flatMap((pattern) => [...err.matchAll(pattern)]);
  return told.reduce((sum, [, count]) => sum + Number(count), 0);
}
