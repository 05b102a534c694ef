// The package on a clean root with nothing but libpcap: it installs, its doctor is content, its unit's
// own settings report a real scan, it replays without libpcap, and it leaves nothing.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { inRepository } from "../support/paths.ts";
import { withoutBinary } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";
import { builtPackage, FreshRoot, SCANNER, TARGET, whyNoRoot } from "./fresh_root.ts";

const SYSTEMD_ANALYZE = "/usr/bin/systemd-analyze";
const UNIT = ".github/package/scandog.service";
const CAPTURE = "testdata/cases/mixed-syn/capture.pcap.gz";

/** Of ten; systemd calls up to 2 OK. */
const EXPOSURE_MAX = 1.5;

Deno.test({
  name: "systemd-analyze finds the unit's exposure low",
  ignore: skipped(
    "systemd-analyze",
    !exists(SYSTEMD_ANALYZE) && "systemd-analyze is not installed",
  ),
  async fn() {
    const { stdout } = await new Deno.Command(SYSTEMD_ANALYZE, {
      args: ["security", "--offline=true", "--no-pager", inRepository(UNIT)],
    }).output();
    const said = new TextDecoder().decode(stdout);
    const found = /Overall exposure level for scandog\.service: ([\d.]+) (\w+)/.exec(said);
    assert.ok(found, said);
    console.log(`exposure ${found[1]} ${found[2]}`);
    assert.ok(Number(found[1]) <= EXPOSURE_MAX, found[0]);
    assert.match(found[2], /^(OK|SAFE|PERFECT)$/);
  },
});

/** Files of the root that dpkg does not know are not looked at. */
function filesOf(root: string): string[] {
  const places = ["usr/bin", "etc", "usr/lib/systemd", "var/log", "var/lib", "usr/share/man/man8"];
  return places.flatMap((place) => {
    const path = `${root}/${place}`;
    return exists(path) ? [...Deno.readDirSync(path)].map(({ name }) => `${place}/${name}`) : [];
  }).filter((name) => name.includes("scandog"));
}

Deno.test({
  name: "the package on a fresh Debian: doctor, the unit under a real scan, replay, removal",
  ignore: withoutBinary("the package on a fresh Debian") ||
    skipped("the package on a fresh Debian", whyNoRoot()),
  async fn() {
    const name = await builtPackage();
    await FreshRoot.with(async (root) => {
      await root.install(name);
      const doctor = await root.inside("scandog", "doctor", "-i", "scan0");
      assert.equal(doctor.code, 1, "nobody reads /dev/log here, and doctor says so");
      const wrong = doctor.out.trim().split("\n").filter((line) => !line.startsWith("ok"));
      assert.deepEqual(wrong.length, 1, doctor.out);
      assert.match(wrong[0], /syslog/);
      const config = `${root.path}/etc/scandog.toml`;
      const text = Deno.readTextFileSync(config);
      Deno.writeTextFileSync(config, text.replace(/^syslog = .*$/m, ""));
      const green = await root.inside("scandog", "doctor", "-i", "scan0");
      assert.equal(green.code, 0, green.out + green.err);

      const unit = root.startUnit();
      let ended = "";
      unit.status.then(({ code }) => ended = `it has ended with status ${code}`);
      const log = `${root.path}/var/log/scandog/scandog.log`;
      const lines = () => exists(log) ? Deno.readTextFileSync(log) : "";
      try {
        await until(() => exists(log) || ended !== "", () => "the unit's log");
        if (ended !== "") {
          assert.fail(`${ended}: ${new TextDecoder().decode((await unit.output()).stderr)}`);
        }
        await root.scan("-sS", "-p", "1-100");
        await until(() => lines().includes(" SCAN "), () => `a scan in ${lines()}`);
        assert.match(lines(), new RegExp(`SCAN ${SCANNER}\\S* -> ${TARGET}`));
      } finally {
        if (ended === "") unit.kill("SIGTERM");
      }
      const { code, stderr } = await unit.output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const state = Deno.statSync(`${root.path}/var/lib/scandog/scandog.state`);
      assert.ok(state.size > 0 && (state.mode! & 0o777) === 0o600, "the state is the user's alone");

      await Deno.copyFile(inRepository(CAPTURE), `${root.path}/tmp/capture.pcap.gz`);
      const remove = await root.inside("dpkg", "--force-depends", "--purge", "libpcap0.8");
      assert.equal(remove.code, 0, remove.err);
      const without = await root.inside("scandog", "doctor", "--no-self-test");
      assert.match(without.out, /^FAIL {2}libpcap .*apt install libpcap0\.8/m);
      const replay = await root.inside("scandog", "replay", "/tmp/capture.pcap.gz");
      assert.equal(replay.code, 0, replay.err);
      assert.match(replay.out, / SCAN /);

      const purge = await root.inside("dpkg", "--purge", "scandog");
      assert.equal(purge.code, 0, purge.err);
      assert.deepEqual(filesOf(root.path), []);
      assert.ok(!/^scandog:/m.test(Deno.readTextFileSync(`${root.path}/etc/passwd`)));
    });
  },
});
