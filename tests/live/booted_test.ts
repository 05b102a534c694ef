// The service on a machine that was booted: systemd starts it, reloads it, starts it anew when it was killed, and runs
// its mail digest.

import assert from "node:assert/strict";
import { withoutBinary } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";
import { BOOT_PACKAGES, BootedRoot, eventually, whyNoBoot } from "./booted_root.ts";
import { builtPackage, FreshRoot, SCANNER, TARGET } from "./fresh_root.ts";

const WHAT = "the service on a booted Debian";

/** In place of mail(1): keeps what it was given. */
const MAIL = `#!/bin/sh
{ printf '%s\\n' "$@"; cat; } >/var/lib/scandog/mailed
`;

Deno.test({
  name: "the service on a booted Debian: start, scan, reload, kill, digest, stop",
  ignore: withoutBinary(WHAT) || skipped(WHAT, whyNoBoot()),
  async fn() {
    const name = await builtPackage();
    await FreshRoot.with(async (root) => {
      await root.install(name);
      await Deno.writeTextFile(`${root.path}/usr/bin/mail`, MAIL, { mode: 0o755 });
      await BootedRoot.with(root, async (machine) => {
        // Before the service watches, which would tell of doctor's own scan.
        await machine.must("scandog", "doctor");
        await machine.must("systemctl", "enable", "--now", "scandog");
        const log = () => Deno.readTextFileSync(`${root.path}/var/log/scandog/scandog.log`);
        const journal = () => machine.must("journalctl", "--unit=scandog", "--no-pager");

        await root.scan("-sS", "-p", "1-100");
        const scan = new RegExp(`SCAN ${SCANNER}\\S* -> ${TARGET} vertical syn: `);
        await eventually(() => Promise.resolve(scan.test(log())), log);
        await eventually(async () => scan.test(await journal()), () => "the scan in the journal");
        assert.match(await machine.must("scandog", "status"), /1 scan under way/);

        await machine.must("systemctl", "reload", "scandog");
        await eventually(
          async () => (await journal()).includes("the configuration was read again"),
          () => "the reload",
        );

        await machine.must("systemctl", "kill", "--signal=KILL", "scandog");
        const state = ["systemctl", "show", "scandog", "--property=ActiveState,NRestarts"];
        await eventually(async () => {
          const said = await machine.must(...state);
          return said.includes("NRestarts=1") && said.includes("ActiveState=active");
        }, () => "another start");

        // With the package's own configuration the log is for people, which the digest says and mails.
        await machine.must("systemctl", "start", "scandog-digest");
        assert.match(
          Deno.readTextFileSync(`${root.path}/var/lib/scandog/mailed`),
          /^-s\nscandog: [^\n]+\nroot\n[^]*lines? of the input is no event of scandog/,
        );

        await machine.must("systemctl", "stop", "scandog");
        assert.match(await journal(), /log file [^\n]+ 0 dropped, 0 waiting, 0 failures/);
        const failed = await machine.must("systemctl", "list-units", "--failed", "--plain");
        assert.doesNotMatch(failed, /scandog/);
      });
    }, BOOT_PACKAGES);
  },
});
