// What a replay does when its world is not as it should be: files, readers, signals, its own parts.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandog, scandogCommand, scandogWords, withBinary } from "../support/scandog.ts";

const START_US = Date.parse("2026-11-21T22:14:52Z") * 1000;
const CLASSIC = ["--config", "/dev/null", "--profile", "scanlogd-2", "--quiet"];

/** SYNs of one source to eight ports: one scan. */
function scan(source: string): Uint8Array {
  return pcapFile(Array.from({ length: 8 }, (_, i) => ({
    timeUs: START_US + i,
    frame: tcpFrame({ source, port: 20 + i }),
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

Deno.test("replay reads the good files among missing, forbidden, empty ones and folders, and names each bad one", async () => {
  await inFolder(async (folder) => {
    const file = (name: string) => `${folder}/${name}`;
    await Deno.writeFile(file("a"), scan("10.0.0.1"));
    await Deno.writeFile(file("empty"), new Uint8Array(0));
    await Deno.mkdir(file("folder"));
    await Deno.writeFile(file("z"), scan("10.0.0.2"));
    const names = ["a", "missing", "folder", "empty", "z"];
    const expected = ["missing: .*no such file", "folder: .*is a folder", "empty: .*empty"];
    // To root nothing is forbidden.
    if (Deno.uid() !== 0) {
      await Deno.writeFile(file("forbidden"), scan("10.0.0.3"), { mode: 0 });
      names.splice(4, 0, "forbidden");
      expected.push("forbidden: .*permission denied");
    }
    const { status, out, err } = await scandog(["replay", ...names.map(file), ...CLASSIC]);
    assert.deepEqual(out.split("\n").map((line) => line.split(":")[0]), [
      "10.0.0.1",
      "10.0.0.2",
      "",
    ]);
    const lines = err.trimEnd().split("\n");
    assert.equal(lines.length, expected.length, err);
    expected.forEach((text, i) => assert.match(lines[i], new RegExp(`^scandog: \\S*/${text}`)));
    assert.equal(status, 1);
  });
});

Deno.test("replay names a file on one line, whatever its name does to a terminal", async () => {
  const { status, err } = await scandog(["replay", "/no\x1b[2J\nsuch", ...CLASSIC]);
  assert.match(err, /^scandog: \/no\\x1b\[2J\\x0asuch: [^\n]*no such file[^\n]*\n$/);
  assert.equal(status, 1);
});

Deno.test("replay says of links to nothing, devices and standard input what they are", async () => {
  await inFolder(async (folder) => {
    await Deno.symlink("nowhere", `${folder}/dangling`);
    await Deno.symlink("circle", `${folder}/circle`);
    const said = async (file: string, permissions = ["-A"]) => {
      const stdin = new Uint8Array(0);
      const { status, err } = await scandog(["replay", file, ...CLASSIC], { permissions, stdin });
      assert.equal(status, 1, err);
      return err.trimEnd();
    };
    for (const name of ["dangling", "circle"]) {
      // Where the runtime follows a link it says only that there is nothing.
      assert.match(
        await said(`${folder}/${name}`),
        /: is a link that leads|: there is no such file$/,
      );
    }
    assert.match(
      await said("/proc/self/mem", ["--allow-read"]),
      /^scandog: \/proc\/self\/mem: cannot be opened: is a device or a file of the kernel's/,
    );
    assert.equal(
      await said("-"),
      "scandog: standard input: the file is empty, capture again, at byte 0",
    );
  });
});

Deno.test({
  name: "replay refuses to read what its standard output is appended to",
  ignore: withBinary("an older runtime does not show what standard output is"),
  async fn() {
    await inFolder(async (folder) => {
      const file = `${folder}/a`;
      await Deno.writeFile(file, scan("10.0.0.1"));
      const { size } = await Deno.stat(file);
      const words = scandogWords(["replay", file, ...CLASSIC]);
      const shell = new Deno.Command("sh", {
        args: ["-c", 'file=$1; shift; exec "$@" >>"$file"', "sh", file, ...words],
      });
      const { code, stderr } = await shell.output();
      assert.equal(code, 1);
      assert.match(
        new TextDecoder().decode(stderr),
        /^scandog: \S+\/a: standard output goes there too; write to another file\n$/,
      );
      assert.equal((await Deno.stat(file)).size, size);
    });
  },
});

Deno.test("replay refuses an empty file name with 2", async () => {
  const { status, err } = await scandog(["replay", "", ...CLASSIC]);
  assert.match(err, /^scandog: FILE must be something, got ""\n/);
  assert.equal(status, 2);
});

Deno.test("replay of a silent standard input ends at SIGINT with what came before", async () => {
  const child = scandogCommand(["replay", "-", ...CLASSIC], { stdin: new Uint8Array(0) }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(scan("10.0.0.1"));
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.match(new TextDecoder().decode(value), /^10\.0\.0\.1:/);
  child.kill("SIGINT");
  assert.equal((await reader.read()).done, true);
  const err = await new Response(child.stderr).text();
  assert.deepEqual([(await child.status).code, err], [0, ""]);
  await writer.close().catch(() => {});
});

Deno.test("replay waits for a slow reader and gives it every one of 20,000 lines", async () => {
  await inFolder(async (folder) => {
    const scans = 20_000;
    const packets = Array.from(
      { length: scans },
      (_, source) =>
        Array.from({ length: 2 }, (_, i) => ({
          timeUs: START_US + source * 30e6 + i,
          frame: tcpFrame({ source: `10.1.${source >> 8}.${source & 255}`, port: 20 + i }),
        })),
    ).flat();
    await Deno.writeFile(`${folder}/a.pcap`, pcapFile(packets));
    const child = scandogCommand(
      ["replay", `${folder}/a.pcap`, ...CLASSIC, "--format", "json", "--scan-weight", "4"],
    ).spawn();
    // A pipe holds 64 KiB, so the program waits most of the time.
    let text = "", reads = 0;
    for await (const bytes of child.stdout) {
      text += new TextDecoder().decode(bytes);
      if (++reads % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assert.equal(await new Response(child.stderr).text(), "");
    assert.equal((await child.status).code, 0);
    const lines = text.trimEnd().split("\n");
    assert.equal(lines.length, scans);
    assert.equal(JSON.parse(lines[scans - 1]).source.ip, "10.1.78.31");
  });
});

Deno.test({
  name: "replay says in one line that a part of the program is missing, and ends with 1",
  ignore: withBinary("a fault of the sources"),
  async fn() {
    await inFolder(async (folder) => {
      // The sources without the capture thread's own.
      const copied = await new Deno.Command("cp", {
        args: ["-r", ...["src", "main.ts", "deno.json", "deno.lock"].map(inRepository), folder],
      }).output();
      assert.ok(copied.success);
      await Deno.remove(`${folder}/src/capture/worker.ts`);
      await Deno.writeFile(`${folder}/a.pcap`, scan("10.0.0.1"));
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        // At its own pace, or so small a capture would need no thread.
        args: [
          "run",
          "-A",
          `${folder}/main.ts`,
          "replay",
          "--speed=1",
          `${folder}/a.pcap`,
          ...CLASSIC,
        ],
        env: { NO_COLOR: "1" },
      }).output();
      const err = new TextDecoder().decode(stderr);
      assert.match(err, /^scandog: the capture thread broke: .*worker\.ts.*please report it$/m);
      assert.doesNotMatch(err, /^ +at /m);
      assert.deepEqual([code, stdout.length], [1, 0]);
    });
  },
});
