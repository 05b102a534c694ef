// `scandog log` on the loopback interface of a namespace of its own: what it writes is there at once,
// moves with SIGHUP, and outlives SIGKILL.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";
import { NOBODY } from "./confined.ts";

const NEEDED = ["/usr/bin/unshare", "/usr/bin/nsenter", "/usr/sbin/ip", "/usr/bin/ping"];

function whyNot(): string | false {
  if (Deno.uid() !== 0) return "it takes root";
  const missing = NEEDED.filter((path) => !exists(path));
  return missing.length > 0 && `not installed: ${missing.join(", ")}`;
}

/** Packets of a savefile, by our own reader; the file must be whole. */
async function packetsIn(path: string): Promise<number> {
  const [program, ...args] = scandogWords(["log", "-r", path, "--summary"]);
  const { code, stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
  assert.equal(code, 0, path);
  return Number(/^([\d,]+) packets?/.exec(new TextDecoder().decode(stdout))![1].replace(",", ""));
}

Deno.test({
  name: "log on a device writes at once, follows SIGHUP, and leaves whole files after SIGKILL",
  ignore: skipped("scandog log on a device", whyNot()),
  async fn() {
    const folder = await Deno.makeTempDir();
    // As the service runs: no longer root when it opens its files, and confined.
    await Deno.chown(folder, NOBODY, NOBODY);
    const words = scandogWords(
      ["log", "-i", "lo", "-p", "icmp", "--user", "nobody", "--dir", folder],
    );
    const child = new Deno.Command("/usr/bin/unshare", {
      args: ["-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...words],
      env: { TZ: "UTC" },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const raw = `${folder}/icmp.pcap`;
    const size = () => exists(raw) ? Deno.statSync(raw).size : 0;
    const ping = async () => {
      const { success, stderr } = await new Deno.Command("/usr/bin/nsenter", {
        args: ["-t", `${child.pid}`, "-n", "ping", "-c", "2", "-i", "0.1", "127.0.0.1"],
        stdout: "null",
      }).output();
      assert.ok(success, `ping failed: ${new TextDecoder().decode(stderr)}`);
    };
    // Ethernet header and 84 bytes: two requests and two answers.
    const whole = 24 + 4 * (16 + 98);
    try {
      await until(() => size() === 24, () => "the empty savefile");
      await ping();
      await until(() => size() === whole, () => `${size()} bytes before SIGHUP`);
      Deno.renameSync(raw, `${raw}.moved`);
      child.kill("SIGHUP");
      await until(() => size() === 24, () => "the new savefile");
      await ping();
      await until(() => size() === whole, () => `${size()} bytes after SIGHUP`);
      child.kill("SIGKILL");
      await child.status;
      assert.equal(await packetsIn(raw), 4);
      assert.equal(await packetsIn(`${raw}.moved`), 4);
      const lines = Deno.readTextFileSync(`${folder}/icmp.log`).trimEnd().split("\n");
      assert.equal(lines.length, 8);
      assert.match(
        lines[0],
        / lo ICMP 127\.0\.0\.1 > 127\.0\.0\.1 echo-request 8\/0 id \d+ seq 1 /,
      );
    } finally {
      try {
        child.kill("SIGKILL");
      } catch {
        // It is gone already.
      }
      await Deno.remove(folder, { recursive: true });
    }
  },
});
