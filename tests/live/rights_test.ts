// What root opened for a process that is root no more: descriptors, files behind links. And root that
// is less than root: in containers and user namespaces.

import assert from "node:assert/strict";
import { sharedMappings } from "../../src/system/descriptors.ts";
import { until } from "../sink/receivers.ts";
import { scandogWords } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";
import { INTERFACE, SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const ignore = skipped("what root opened, and root in containers", whyNoTarget());
const NOBODY = 65534;
const SCAN = "nmap -n -Pn --send-ip -sS -p1-100".split(" ").concat(TARGET);

interface Open {
  target: string;
  writable: boolean;
}

/** As another process sees them. */
function descriptorsOf(pid: number): Open[] {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].flatMap(({ name }) => {
    try {
      const info = Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`);
      const flags = parseInt(/^flags:\s+([0-7]+)$/m.exec(info)![1], 8);
      const target = Deno.readLinkSync(`/proc/${pid}/fd/${name}`);
      return [{ target, writable: (flags & 3) !== 0 }];
    } catch (error) {
      // It was closed meanwhile.
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  });
}

Deno.test({
  name: "no descriptor of watch leads to a file that root opened and could be written",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const logs = `${target.folder}/logs`;
      await Deno.mkdir(logs);
      await Deno.chown(logs, NOBODY, NOBODY);
      // The runtime's caches of a first run are being written, and so open.
      const cache = `${target.folder}/cache`;
      const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
      const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
      await Deno.mkdir(cache);
      await Deno.symlink(`${denoDir}/npm`, `${cache}/npm`);
      const watch = await target.startScandog(
        ["--user", "nobody", "--verbose", "--log-file", `${logs}/a`, "--state", `${logs}/state`],
        "",
        ["env", `DENO_DIR=${cache}`],
      );
      // Those of the process's own: they were opened as the user.
      const own = (path: string) => path.startsWith(`${logs}/`);
      const paths = descriptorsOf(watch.pid).filter(({ target }) => target.startsWith("/"));
      assert.ok(paths.some(({ target }) => target === `${logs}/a`));
      assert.deepEqual(
        paths.filter(({ target, writable }) =>
          writable && !own(target) && !target.startsWith("/dev/")
        ),
        [],
      );
      for (const { target } of paths.filter(({ target }) => !target.startsWith("/dev/"))) {
        assert.ok(own(target) || Deno.statSync(target).isFile, `${target} is a folder`);
      }
      const mapped = sharedMappings(Deno.readTextFileSync(`/proc/${watch.pid}/maps`));
      assert.deepEqual(mapped.filter(({ path }) => !own(path)), []);
      watch.signal("SIGHUP");
      await until(() => /configuration/.test(watch.err), () => watch.err);
      target.scan(SCAN);
      await until(() => Deno.readTextFileSync(`${logs}/a`).includes(SCANNER), () => watch.err);
      assert.equal(await watch.stop(), 0);
      // And what it did to the caches does not keep the next run from working.
      const next = new Deno.Command("env", {
        args: [`DENO_DIR=${cache}`, ...scandogWords(["--version"])],
      }).outputSync();
      assert.ok(next.success, new TextDecoder().decode(next.stderr));
    });
  },
});

Deno.test({
  name: "a link that the user lays in the way of its log leads nowhere that only root may write",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const logs = `${target.folder}/logs`, precious = `${target.folder}/precious`;
      const empty = `${target.folder}/empty`;
      await Deno.mkdir(logs);
      await Deno.mkdir(empty);
      await Deno.chown(logs, NOBODY, NOBODY);
      await Deno.writeTextFile(precious, "root's\n", { mode: 0o600 });
      for (const name of ["log", "state"]) await Deno.symlink(precious, `${logs}/${name}`);
      const runs = [
        ["watch", "--chroot", empty, "--log-file", `${logs}/log`],
        ["watch", "--log-file", `${logs}/log`],
        ["watch", "--chroot", empty, "--state", `${logs}/state`],
        ["log", "--log-file", `${logs}/log`],
      ];
      for (const [command, ...args] of runs) {
        const { code, err } = target.scandogToEnd(
          [command, "-i", INTERFACE, "--config", "/dev/null", "--user", "nobody", ...args],
        );
        assert.equal(code, 1, `${args}: ${err}`);
        assert.match(err, /[Pp]ermission denied|not a plain file/, `${args}`);
        // Root that stays root must not write where somebody else may lay links.
        const asRoot = target.scandogToEnd(
          [command, "-i", INTERFACE, "--config", "/dev/null", "--user", "root", ...args],
        );
        assert.equal(asRoot.code, 1, `${args}: ${asRoot.err}`);
        assert.match(asRoot.err, /others than root may write in .*logs|refused: others may write/);
        assert.equal(await Deno.readTextFile(precious), "root's\n", `${args}`);
      }
    });
  },
});

Deno.test({
  name:
    "the control socket is made by the user where the folder is the user's, and by root in root's",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const folder = `${target.folder}/own`, control = `${folder}/control`;
      await Deno.mkdir(folder);
      await Deno.chown(folder, NOBODY, NOBODY);
      const words = ["--user", "nobody", "--control", control];
      const watch = await target.startScandog(words);
      assert.equal((await Deno.stat(control)).uid, NOBODY);
      assert.equal(await watch.stop(), 0);
      // Root could write here all the same. The user cannot, and it is the user who makes the socket.
      await Deno.chmod(folder, 0o555);
      const run = (user: string) =>
        target.scandogToEnd([
          ...["watch", "-i", INTERFACE, "--config", "/dev/null", "--user", user],
          ...["--control", control],
        ]);
      const refused = run("nobody");
      assert.equal(refused.code, 1);
      assert.match(
        refused.err,
        /--control .*: what an earlier run left cannot be removed: permission denied/,
      );
      const root = run("root");
      assert.equal(root.code, 1);
      assert.match(root.err, /others than root may write in .*own/);
    });
  },
});

const COMMAND = ["-i", INTERFACE, "--config", "/dev/null"];

/** Root with these capabilities and no other, as a container has it. */
function contained(capabilities: string, words: string[]): string[] {
  return [
    ...["setpriv", `--bounding-set=-all${capabilities}`, `--inh-caps=-all${capabilities}`],
    ...words,
  ];
}

Deno.test({
  name: "root that lacks capabilities is told which, and may stay root where it says so",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const rooms: [string, (words: string[]) => string[], RegExp][] = [
        [
          "NET_RAW only",
          (words) => contained(",+net_raw", words),
          /this root may not become nobody: it lacks cap_setgid,cap_setuid; .*--user root/,
        ],
        [
          "a user namespace",
          (words) => ["unshare", "--map-root-user", "--net", ...words],
          /this user namespace has no uid 65534 \(nobody\).*--user root/,
        ],
      ];
      for (const [what, inside, reason] of rooms) {
        const device = what === "NET_RAW only" ? INTERFACE : "any";
        const watch = (user: string) =>
          inside(scandogWords(["watch", "-i", device, "--config", "/dev/null", "--user", user]));
        const doctor = (user: string) =>
          inside(scandogWords([
            ...["doctor", "--json", "--no-self-test", "-i", "lo"],
            ...["--config", "/dev/null", "--user", user],
          ]));
        const refused = target.start(watch("nobody"));
        assert.equal(await refused.ended(), 1, what);
        assert.match(refused.err, reason, what);
        assert.equal(refused.err.trim().split("\n").length, 1, refused.err);

        const checked = target.start(doctor("nobody"));
        assert.equal(await checked.ended(), 1, `${what}: ${checked.out}`);
        assert.match(checked.out, reason, what);

        const stays = target.start(watch("root"));
        await until(() => stays.err.includes("watching "), () => `${what}: ${stays.err}`);
        assert.equal(await stays.stop(), 0, what);
        const healthy = target.start(doctor("root"));
        await healthy.ended();
        const { findings } = JSON.parse(healthy.out);
        for (const name of ["capture", "confinement"]) {
          const { state, text } = findings.find((one: { name: string }) => one.name === name);
          assert.equal(state, "ok", `${what}, ${name}: ${text}`);
        }
      }
    });
  },
});

Deno.test({
  name: "doctor tries to open a capture socket, where a capability is not what counts",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      // Root of a user namespace has every capability, and none over the network of others.
      const doctor = target.start([
        ...["unshare", "--map-root-user"],
        ...scandogWords(["doctor", "--no-self-test", ...COMMAND, "--user", "root"]),
      ]);
      assert.equal(await doctor.ended(), 1);
      assert.match(
        doctor.out,
        /^FAIL +capture +not permitted: root has cap_net_raw, but not over/m,
      );
    });
  },
});
