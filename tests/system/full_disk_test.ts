import assert from "node:assert/strict";
import { LogFile } from "../../src/sink/log_file.ts";
import { ManualTime } from "../sink/stand_ins.ts";
import { skipped } from "../support/skip.ts";
import { whyNoRoot } from "./run_probe.ts";
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
