// `scandog watch --state` as it runs on a server: root given up, files closed off, killed, started
// again. What was learned before must link to what comes after.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { until } from "../sink/receivers.ts";
import { exists, skipped } from "../support/skip.ts";
import { type Running, SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const python = "/usr/bin/python3", curl = "/usr/bin/curl";
const ignore = skipped(
  "scandog watch --state",
  whyNoTarget() || (!(exists(python) && exists(curl)) && "not installed: python3 or curl"),
);

const NOBODY = 65534;
const PORT = 8080;
/** Scans end soon, and soon after that what their source does is a visit. */
const HASTE = "--end-silence 5 --visit-pause 2 --format json --user nobody --verbose".split(" ");

interface Line {
  event: { action: string; id: string };
  source: { ip: string };
  destination: { ip: string; port: number };
  scandog: { scan: string; open?: string[]; visit: { match: string; scan: { source: string } } };
}

function lines(watch: Running, action: string): Line[] {
  return watch.out.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Line)
    .filter(({ event }) => event.action === action);
}

/** A folder that the program may write in once it is nobody. */
async function folderOf(target: Target): Promise<string> {
  const folder = `${target.folder}/state`;
  await Deno.mkdir(folder);
  await Deno.chown(folder, NOBODY, NOBODY);
  return folder;
}

async function serve(target: Target): Promise<void> {
  const pages = `${target.folder}/pages`;
  await Deno.mkdir(pages);
  await Deno.writeTextFile(`${pages}/index.html`, "a page\n".repeat(300));
  const server = target.start([python, "-u", "-m", "http.server", "-d", pages, `${PORT}`]);
  await until(() => server.out.includes("Serving"), () => server.err);
}

async function scanToItsEnd(target: Target, watch: Running): Promise<Line> {
  target.scan(`nmap -n -Pn --send-ip -sS -p 8060-8100 ${TARGET}`.split(" "));
  // The one that found it, where nmap had to wait so long for the machine that it made two.
  const end = () =>
    lines(watch, "scan-end").find(({ scandog }) => scandog.open?.includes(`${TARGET}:${PORT}`));
  await until(() => end() !== undefined, () => watch.out + watch.err);
  return end()!;
}

function visit(target: Target): void {
  target.scan([curl, "-s", "-o", "/dev/null", `http://${TARGET}:${PORT}/`]);
}

async function isVisit(watch: Running, scan: Line): Promise<void> {
  await until(() => lines(watch, "scan-visit").length > 0, () => watch.out + watch.err);
  const [line] = lines(watch, "scan-visit");
  assert.equal(line.source.ip, SCANNER);
  assert.deepEqual(line.destination, { ip: TARGET, port: PORT });
  assert.equal(line.scandog.visit.match, "address");
  assert.equal(line.scandog.scan, scan.scandog.scan);
}

Deno.test({
  name:
    "watch --state, confined and killed in between, links a visit to the scan of the run before",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      await serve(target);
      const file = `${await folderOf(target)}/scandog.state`;
      const first = await target.startScandog([...HASTE, "--state", file]);
      await until(() => /0 open ports of earlier runs/.test(first.err), () => first.err);
      const ahead = () => Deno.statSync(`${file}-wal`).size;
      const before = ahead();
      const scan = await scanToItsEnd(target, first);
      // Without root, files and permissions: what has to be open is open.
      await until(() => ahead() > before, () => `a save: ${first.err}`);
      first.signal("SIGKILL");
      await first.ended();
      assert.equal(Deno.statSync(file).uid, NOBODY);
      assert.equal(Deno.statSync(file).mode! & 0o777, 0o600);

      const second = await target.startScandog([...HASTE, "--state", file]);
      await until(() => /1 open port of earlier runs/.test(second.err), () => second.err);
      visit(target);
      await isVisit(second, scan);
      assert.equal(await second.stop(), 0);
      assert.doesNotMatch(second.err, /state .*cannot/);
      const database = new DatabaseSync(file, { readOnly: true });
      assert.deepEqual({ ...database.prepare("SELECT count(*) AS rows FROM found_port").get() }, {
        rows: 1,
      });
      database.close();
    });
  },
});

Deno.test({
  name: "watch goes on remembering over SIGHUP, in a file or without one",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      await serve(target);
      const config = `${target.folder}/scandog.toml`, state = `${await folderOf(target)}/state`;
      await Deno.writeTextFile(config, "");
      for (const args of [[], ["--state", state]]) {
        const watch = await target.startScandog([...HASTE, "--config", config, ...args]);
        const scan = await scanToItsEnd(target, watch);
        watch.signal("SIGHUP");
        await until(() => /read again/.test(watch.err), () => watch.err);
        visit(target);
        await isVisit(watch, scan);
        assert.equal(await watch.stop(), 0);
      }
    });
  },
});

Deno.test({
  name: "watch --state saves behind a chroot, where the file's name leads nowhere",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      await serve(target);
      const folder = `${target.folder}/roots`;
      await Deno.mkdir(folder);
      await Deno.chown(folder, 65534, 65534);
      const args = [...HASTE, "--state", `${folder}/scandog.state`];
      const watch = await target.startScandog([...args, "--chroot", "/run/scanlogd/empty"]);
      const scan = await scanToItsEnd(target, watch);
      assert.equal(await watch.stop(), 0);
      assert.doesNotMatch(watch.err, /cannot/);
      const again = await target.startScandog([...args, "--chroot", "/run/scanlogd/empty"]);
      visit(target);
      await isVisit(again, scan);
      assert.equal(await again.stop(), 0);
    });
  },
});
