// The logrotate example, run by the real logrotate on a folder of its own.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { exists, skipped } from "../support/skip.ts";

const PROGRAM = "/usr/sbin/logrotate";
const EXAMPLE = inRepository(".github/package/logrotate.conf");

Deno.test({
  name: "the logrotate example keeps what was written, makes a new file and says so",
  ignore: skipped(
    "logrotate",
    exists(PROGRAM) ? false : "there is no logrotate (Debian: logrotate)",
  ),
  async fn() {
    const folder = await Deno.makeTempDir();
    const log = `${folder}/scandog.log`;
    try {
      const group = new TextDecoder().decode(
        (await new Deno.Command("id", { args: ["-gn"] }).output()).stdout,
      ).trim();
      const user = new TextDecoder().decode(
        (await new Deno.Command("id", { args: ["-un"] }).output()).stdout,
      ).trim();
      // Another folder and user, and a file instead of a signal; all else is the example's.
      const text = (await Deno.readTextFile(EXAMPLE))
        .replaceAll("/var/log/scandog/", `${folder}/`)
        .replaceAll("scandog scandog", `${user} ${group}`)
        .replace(/systemctl kill .*/, `echo hup >> ${folder}/signals`);
      await Deno.writeTextFile(`${folder}/conf`, text);
      await Deno.chmod(`${folder}/conf`, 0o644);
      const rotate = async () => {
        const args = ["--force", "--state", `${folder}/state`, `${folder}/conf`];
        const { success, stderr } = await new Deno.Command(PROGRAM, { args }).output();
        assert.ok(success, new TextDecoder().decode(stderr));
      };
      await Deno.writeTextFile(log, "first\n");
      await rotate();
      assert.equal((await Deno.stat(log)).size, 0);
      assert.equal((await Deno.stat(log)).mode! & 0o777, 0o640);
      const kept = [...Deno.readDirSync(folder)].map(({ name }) => name)
        .filter((name) => /^scandog\.log-\d{8}-\d+$/.test(name));
      assert.equal(kept.length, 1);
      assert.equal(await Deno.readTextFile(`${folder}/${kept[0]}`), "first\n");
      assert.equal(await Deno.readTextFile(`${folder}/signals`), "hup\n");
      await rotate(); // empty: stays as it is
      assert.equal(await Deno.readTextFile(`${folder}/signals`), "hup\n");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
