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
  name: "log of a file says what a full disk did not take, and ends with 1",
  ignore: skipped("a full disk", whyNoRoot()),
  fn: () =>
    onTinyDisk(DISK_BYTES, async (directory) => {
      const capture = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
      const read = ["log", "-r", capture, "-f", "all"];
      for (const [option, unit] of [["--log-file", "lines"], ["--raw", "packets"]]) {
        const path = `${directory}/out`;
        const { status, err } = await scandog([...read, option, path]);
        assert.equal(status, 1, err);
        assert.match(err, new RegExp(`${path}: closed, \\d+ ${unit} could not be written\n$`));
        Deno.removeSync(path);
      }
      const few = ["log", "-r", capture, "-f", "F", "--log-file", `${directory}/few`];
      const { status, err } = await scandog(few);
      assert.equal(status, 0, err);
    }),
});
