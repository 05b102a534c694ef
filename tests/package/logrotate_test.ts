// The logrotate file of the package, run by the real logrotate on a folder of its own.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { exists, skipped } from "../support/skip.ts";

const PROGRAM = "/usr/sbin/logrotate";
const ROTATION = inRepository(".github/package/scandog.logrotate");

async function said(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name: "logrotate keeps what was written, makes a new file and sends SIGHUP",
  ignore: skipped(
    "logrotate",
    exists(PROGRAM) ? false : "there is no logrotate (Debian: logrotate)",
  ),
  async fn() {
    const folder = await Deno.makeTempDir();
    const log = `${folder}/scandog.log`;
    const program = new Deno.Command("sleep", { args: ["60"] }).spawn();
    try {
      const owner = `${await said("id", "-un")} ${await said("id", "-gn")}`;
      // Another folder and owner, and no systemd; all else is the package's.
      const text = (await Deno.readTextFile(ROTATION))
        .replaceAll("/var/log/scandog/", `${folder}/`)
        .replace(/^\s*su .*$/m, `su ${owner}`)
        .replace(/^\s*create 0640 .*$/m, `create 0640 ${owner}`)
        .replaceAll("/run/", `${folder}/`);
      await Deno.writeTextFile(`${folder}/conf`, text);
      await Deno.chmod(`${folder}/conf`, 0o644);
      await Deno.writeTextFile(`${folder}/scandog.pid`, `${program.pid}\n`);
      // Of watch as lines and as JSON, and --outcomes.
      const others = ["fleet.json", "outcomes.jsonl"].map((name) => `${folder}/${name}`);
      for (const file of [log, ...others]) await Deno.writeTextFile(file, "first\n");
      const args = ["--force", "--state", `${folder}/state`, `${folder}/conf`];
      const { success, stderr } = await new Deno.Command(PROGRAM, { args }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      assert.equal((await program.status).signal, "SIGHUP");
      assert.equal((await Deno.stat(log)).size, 0);
      assert.equal((await Deno.stat(log)).mode! & 0o777, 0o640);
      for (const file of [log, ...others]) {
        assert.equal(await Deno.readTextFile(`${file}.1`), "first\n", file);
      }
    } finally {
      try {
        program.kill("SIGKILL");
      } catch {
        // It was ended by the SIGHUP.
      }
      await program.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
