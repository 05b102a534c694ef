import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const SCRIPT = "/usr/bin/script";
const ERASE = "\r\x1b[K";

Deno.test({
  name: "replay has a progress line on a terminal, and takes it away before it prints",
  ignore: skipped("progress on a terminal", !exists(SCRIPT) && `${SCRIPT} is not there`),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      // Over a tenth of a second at its own pace, so that there is progress before the alert.
      const packets = Array.from({ length: 8 }, (_, i) => ({
        timeUs: 1e15 + i * 60_000,
        frame: tcpFrame({ port: 20 + i }),
      }));
      await Deno.writeFile(`${folder}/a.pcap`, pcapFile(packets));
      const run = async (...more: string[]) => {
        const words = scandogWords([
          "replay",
          `${folder}/a.pcap`,
          ...["--config", "/dev/null", "--profile", "scanlogd-2", "--speed", "1", ...more],
        ]);
        const command = words.map((word) => `'${word}'`).join(" ");
        // Both streams are the terminal, as when a person runs it.
        const { stdout } = await new Deno.Command(SCRIPT, {
          args: ["-qec", command, "/dev/null"],
          env: { NO_COLOR: "1", TERM: "xterm" },
          stdin: "null",
        }).output();
        return new TextDecoder().decode(stdout);
      };
      const seen = await run();
      assert.ok(seen.includes("packets/s"), seen);
      const alert = seen.indexOf("198.51.100.7:40000 to ");
      assert.ok(alert > 0, seen);
      assert.ok(seen.slice(0, alert).endsWith(ERASE) || !seen.slice(0, alert).includes(ERASE));
      // What stays on the screen has no progress in it.
      for (const line of seen.split("\r\n")) {
        const left = line.slice(line.lastIndexOf(ERASE) + 1);
        assert.ok(!left.includes("%"), line);
      }
      assert.ok(!(await run("--quiet")).includes(ERASE));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "replay on a terminal ends with the story in five lines; colours unless NO_COLOR says no",
  ignore: skipped("the story on a terminal", !exists(SCRIPT) && `${SCRIPT} is not there`),
  async fn() {
    const capture = inRepository("testdata/cases/visit-by-neighbour/capture.pcap");
    const run = async (env: Record<string, string>, ...more: string[]) => {
      const words = scandogWords([
        "replay",
        capture,
        "--config",
        "/dev/null",
        "--tz",
        "UTC",
        ...more,
      ]);
      const command = words.map((word) => `'${word}'`).join(" ");
      const { stdout } = await new Deno.Command(SCRIPT, {
        args: ["-qec", `stty cols 90; ${command}`, "/dev/null"],
        clearEnv: true,
        env: {
          PATH: Deno.env.get("PATH")!,
          HOME: Deno.env.get("HOME") ?? "/",
          TERM: "xterm",
          ...env,
        },
        stdin: "null",
      }).output();
      return new TextDecoder().decode(stdout).trimEnd().split("\r\n");
    };
    const lines = (await run({ NO_COLOR: "1" })).slice(-5);
    assert.match(
      lines[0],
      /^198\.51\.100\.7 scanned 41 ports of 203\.0\.113\.10 with nmap and found 1 open, and/,
    );
    assert.deepEqual(lines.slice(1), [
      "who   198.51.100.7 (answered, nmap)",
      "what  ports 8060-8100; 1 host; syn",
      "open  203.0.113.10: 8080",
      "note  198.51.100.40 is a neighbour of a scanner and used port 8080 of 203.0.113.10",
    ]);
    for (const line of lines) assert.ok(line.length < 90, line);
    const coloured = (await run({})).slice(-5);
    assert.ok(coloured[3].includes("\x1b[1;33m203.0.113.10: 8080\x1b[0m"), coloured[3]);
    assert.ok(!(await run({}, "--quiet")).some((line) => line.startsWith("who")));
  },
});
