// What may be given as a capture: folders, standard input by all its names, zstd; and what may not be
// written because it is read.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandog } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const START_US = Date.parse("2026-11-21T22:14:52Z") * 1000;
const CLASSIC = ["--config", "/dev/null", "--profile", "scanlogd-2", "--quiet"];
const ZSTD = "/usr/bin/zstd";

/** SYNs of one source to eight ports: one scan, an hour after the one before. */
function scan(number: number): Uint8Array {
  return pcapFile(Array.from({ length: 8 }, (_, i) => ({
    timeUs: START_US + number * 3600e6 + i,
    frame: tcpFrame({ source: `10.0.0.${number}`, port: 20 + i }),
  })));
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The sources that were told, in order. */
const sources = (out: string) => out.split("\n").slice(0, -1).map((line) => line.split(":")[0]);

Deno.test("a folder means the captures in it and below it, in the order of their time", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/day/2`, { recursive: true });
    await Deno.writeFile(`${folder}/z.pcap`, scan(1));
    await Deno.writeFile(`${folder}/day/trace.pcap10`, scan(4));
    await Deno.writeFile(`${folder}/day/trace.pcap9`, scan(3));
    await Deno.writeFile(`${folder}/day/2/a.cap.gz`, gzipSync(scan(2)));
    await Deno.writeTextFile(`${folder}/README.txt`, "no capture");
    await Deno.writeTextFile(`${folder}/notes.gz`, "no capture either");
    await Deno.symlink("..", `${folder}/day/up`);
    const told = await scandog(["replay", folder, ...CLASSIC]);
    assert.deepEqual([told.status, told.err], [0, ""]);
    assert.deepEqual(sources(told.out), ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]);
    const twice = await scandog(["explain", `${folder}/day/`, "--config", "/dev/null", "--quiet"]);
    assert.deepEqual([twice.status, twice.err], [0, ""]);
    const log = await scandog(["log", "-r", folder, "--config", "/dev/null", "--quiet"]);
    assert.deepEqual([log.status, log.out.split("\n").length], [0, 4 * 8 + 1]);
    await Deno.mkdir(`${folder}/none`);
    const none = await scandog(["replay", `${folder}/none`, ...CLASSIC]);
    assert.match(none.err, /^scandog: \S*\/none: is a folder without capture files/);
    assert.equal(none.status, 1);
  });
});

Deno.test("standard input may be called by the system's names for it, once", async () => {
  for (const name of ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]) {
    const { status, out, err } = await scandog(["replay", name, ...CLASSIC], { stdin: scan(1) });
    assert.deepEqual([status, sources(out), err], [0, ["10.0.0.1"], ""], name);
  }
  const log = await scandog(["log", "-r", "/dev/stdin", "--config", "/dev/null", "--quiet"], {
    stdin: scan(1),
  });
  assert.deepEqual([log.status, log.out.split("\n").length], [0, 9]);
  const twice = await scandog(["replay", "-", "/dev/stdin", ...CLASSIC], { stdin: scan(1) });
  assert.equal(twice.status, 2);
  assert.match(twice.err, /standard input can be read once only/);
});

Deno.test({
  name: "zstd is read as it comes, from files and pipes, and damage is named",
  ignore: skipped("captures packed with zstd", !exists(ZSTD) && "not installed: zstd"),
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeFile(`${folder}/a.pcap`, scan(1));
      const { success } = await new Deno.Command(ZSTD, { args: ["-q", `${folder}/a.pcap`] })
        .output();
      assert.ok(success);
      const packed = await Deno.readFile(`${folder}/a.pcap.zst`);
      const file = await scandog(["replay", `${folder}/a.pcap.zst`, ...CLASSIC]);
      assert.deepEqual([file.status, sources(file.out), file.err], [0, ["10.0.0.1"], ""]);
      const pipe = await scandog(["replay", "-", ...CLASSIC], { stdin: packed });
      assert.deepEqual([pipe.status, sources(pipe.out)], [0, ["10.0.0.1"]]);
      for (let end = 4; end < packed.length; end += 7) {
        const cut = await scandog(["replay", "-", ...CLASSIC], { stdin: packed.subarray(0, end) });
        assert.match(
          cut.err,
          /^scandog: standard input: zstd data: .* at byte \d+\n$/,
          `${end} bytes`,
        );
        assert.equal(cut.status, 1);
        if (end > 30) break;
      }
    }),
});

Deno.test("nothing that is read is written, whatever names it has", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => `${folder}/${name}`;
    for (const name of ["a.pcap", "b.pcap.1", "tcp.pcap"]) await Deno.writeFile(at(name), scan(1));
    await Deno.symlink(at("a.pcap"), at("link"));
    const none = ["--config", "/dev/null"];
    const cases: [string[], RegExp][] = [
      [["log", "-r", at("a.pcap"), "--raw", at("a.pcap")], /--raw \S*a\.pcap: is also read/],
      [["log", "-r", at("a.pcap"), "--raw", at("link")], /--raw \S*link: is also read/],
      [
        ["log", "-r", at("b.pcap.1"), "--raw", at("b.pcap")],
        /rotated to \S*b\.pcap\.1, which is/,
      ],
      [["log", "-r", at("tcp.pcap"), "--dir", folder], /--dir \S*\/tcp\.pcap: is also read/],
      [["log", "-r", at("a.pcap"), "--log-file", at("a.pcap")], /--log-file \S*: is also read/],
      [
        ["replay", folder, "--report", `junit:${at("a.pcap")}`],
        /--report \S*a\.pcap: is also read/,
      ],
      [["report", at("a.pcap"), "-o", at("link")], /--output \S*link: is also read/],
    ];
    for (const [words, expected] of cases) {
      const { status, err } = await scandog([...words, ...none]);
      assert.match(err, expected);
      assert.equal(status, 1, words.join(" "));
    }
    for (const name of ["a.pcap", "b.pcap.1", "tcp.pcap"]) {
      assert.deepEqual(await Deno.readFile(at(name)), scan(1), name);
    }
    assert.ok(!existsSync(at("b.pcap")));
  });
});
