// SIGHUP: logs are opened anew, the configuration is read again, and what the detector knows stays.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { skipped } from "../support/skip.ts";
import { SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const ignore = skipped("reading the configuration again", whyNoTarget());
const NOBODY = 65534;

/** So many ports, from `first` on. */
function scan(target: Target, first: number, count: number): void {
  const ports = `${first}-${first + count - 1}`;
  target.scan(["nmap", "-n", "-Pn", "--send-ip", "-sS", "--max-retries", "0", "-p", ports, TARGET]);
}

async function logsOf(target: Target): Promise<string> {
  const logs = `${target.folder}/logs`;
  await Deno.mkdir(logs);
  await Deno.chown(logs, NOBODY, NOBODY);
  return logs;
}

/** As sed -i, editors and package managers do it. */
async function replaceByRename(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${path}.new`, text);
  await Deno.rename(`${path}.new`, path);
}

const count = (text: string, word: string) => text.split(word).length - 1;

Deno.test({
  name: "watch keeps what it knows over SIGHUP: half a scan before the log is rotated, half after",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const logs = await logsOf(target), log = `${logs}/log`, config = `${target.folder}/c.toml`;
      // Longer than it takes to read the configuration again on any machine: scanlogd's own 3 seconds may not be.
      const patient = ["--scan-delay", "600"];
      for (const [profile, ...own] of [["scandog"], ["scanlogd-2", ...patient]]) {
        await Deno.writeTextFile(config, "");
        const watch = await target.startScandog([
          ...["--user", "nobody", "--profile", profile, "--config", config, "--log-file", log],
          ...own,
        ]);
        const before = target.received();
        // Six ports are no scan (of ports from 1024 on), nor are six more.
        scan(target, 4000, 6);
        await until(() => target.received() >= before + 6, () => "six packets");
        await Deno.rename(log, `${log}.1`);
        // What is printed is no business of the detector's.
        await Deno.writeTextFile(config, 'observer = "other"\n');
        watch.signal("SIGHUP");
        await until(() => /read again/.test(watch.err), () => watch.err);
        assert.equal(Deno.readTextFileSync(`${log}.1`), "", "no scan yet");
        scan(target, 5000, 18);
        await until(() => Deno.readTextFileSync(log).includes(SCANNER), () => watch.err);
        assert.equal(await watch.stop(), 0);
        assert.doesNotMatch(watch.err, /began anew/);
        for (const path of [log, `${log}.1`]) await Deno.remove(path);
      }
    });
  },
});

Deno.test({
  name: "watch reads a configuration and a list again that were replaced by rename, under Landlock",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const config = `${target.folder}/c.toml`, list = `${target.folder}/known`;
      // Behind a link, as many keep theirs.
      const elsewhere = `${target.folder}/elsewhere`;
      await Deno.mkdir(elsewhere);
      await Deno.writeTextFile(list, "192.0.2.0/24 Nobody\n");
      await Deno.writeTextFile(`${elsewhere}/c.toml`, `known-scanners = "${list}"\n`);
      await Deno.symlink(`${elsewhere}/c.toml`, config);
      const watch = await target.startScandog([
        "--user",
        "nobody",
        "--verbose",
        "--config",
        config,
      ]);
      for (let i = 1; i <= 3; i++) {
        await replaceByRename(
          `${elsewhere}/c.toml`,
          `known-scanners = "${list}"\nformat = "json"\n`,
        );
        await replaceByRename(list, `${SCANNER}/32 Census ${i}\n`);
        watch.signal("SIGHUP");
        await until(() => count(watch.err, "was read again") === i, () => watch.err);
      }
      scan(target, 1, 100);
      await until(() => watch.out.includes("Census 3"), () => watch.out + watch.err);
      assert.equal(JSON.parse(watch.out.split("\n")[0]).event.action, "scan-start");
      assert.doesNotMatch(watch.err, /denied|began anew/);
      assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name: "watch says that a configuration with tables of other sizes makes it begin anew",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const config = `${target.folder}/c.toml`;
      for (
        const [profile, before, after, anew] of [
          ["scandog", "memory = 32\n", "memory = 16\n", true],
          [
            "scandog",
            "scan-weight = 30\n",
            'scan-weight = 25\nweigh = ["10.0.0.0/8:9=0"]\n',
            false,
          ],
          ["scanlogd-2", "table-sources = 64\n", "table-sources = 128\n", true],
          ["scanlogd-2", "flood-count = 5\n", "flood-count = 6\n", false],
        ] as const
      ) {
        await Deno.writeTextFile(config, before);
        const watch = await target.startScandog(
          ["--user", "nobody", "--profile", profile, "--config", config],
        );
        await Deno.writeTextFile(config, after);
        watch.signal("SIGHUP");
        await until(() => /read again/.test(watch.err), () => watch.err);
        scan(target, 1, 100);
        await until(() => watch.out.includes(SCANNER), () => watch.err);
        assert.equal(
          /the tables' sizes, or what they hold: the detector began anew/.test(watch.err),
          anew,
          after,
        );
        assert.equal(await watch.stop(), 0);
      }
    });
  },
});
