// The mail digest: yesterday's story, from the log and from what logrotate put aside, handed to mail(1).

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { jsonLine } from "../../src/format/json.ts";
import { CONTEXT, scanEvent } from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { scandogWords } from "../support/scandog.ts";

const SCRIPT = inRepository(".github/package/scandog-digest");
const DAY_US = 86_400e6;

/** A line of a scan at noon, so many days ago. */
function line(source: string, daysAgo: number, scan: number): string {
  const today = Math.floor(Date.now() * 1000 / DAY_US) * DAY_US;
  const timeUs = today - daysAgo * DAY_US + DAY_US / 2;
  const event = scanEvent({ scan, source, timeUs, startUs: timeUs - 1e6, endUs: timeUs });
  return `${jsonLine({ ...event, sources: undefined }, CONTEXT)}\n`;
}

/** Waits for the day to end where it would end within a minute: what is yesterday must not change during a test. */
async function pastMidnight(): Promise<void> {
  const leftMs = DAY_US / 1000 - Date.now() % (DAY_US / 1000);
  if (leftMs < 60_000) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

async function withDigest(
  use: (folder: string, run: () => Promise<{ code: number; err: string }>) => Promise<void>,
): Promise<void> {
  await pastMidnight();
  const folder = await Deno.makeTempDir({ prefix: "scandog-digest-" });
  const program = async (name: string, text: string) => {
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${text}\n`);
    await Deno.chmod(`${folder}/${name}`, 0o755);
  };
  try {
    const words = scandogWords([]).map((word) => `'${word}'`).join(" ");
    await program("scandog", `exec ${words} "$@"`);
    await program("mail", `{ printf '%s\\n' "$@"; cat; } >'${folder}/mailed'`);
    await use(folder, async () => {
      const { code, stderr } = await new Deno.Command(SCRIPT, {
        env: {
          PATH: `${folder}:${Deno.env.get("PATH")}`,
          LOG: `${folder}/a.log`,
          MAILTO: "ops@example",
        },
      }).output();
      return { code, err: new TextDecoder().decode(stderr) };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the digest mails yesterday's scans, also from logs put aside, and no others", async () => {
  await withDigest(async (folder, run) => {
    await Deno.writeTextFile(`${folder}/a.log`, line("192.0.2.1", 0, 1) + line("192.0.2.2", 1, 2));
    await Deno.writeFile(`${folder}/a.log.2.gz`, gzipSync(line("192.0.2.3", 1, 3)));
    await Deno.writeTextFile(`${folder}/a.log.1`, line("192.0.2.4", 2, 4));
    assert.deepEqual(await run(), { code: 0, err: "" });
    const [option, subject, to, first, ...body] = (await Deno.readTextFile(`${folder}/mailed`))
      .split("\n");
    assert.deepEqual([option, to], ["-s", "ops@example"]);
    assert.match(subject, /^scandog: 2 scans from 2 sources/);
    assert.equal(subject, `scandog: ${first}`);
    const text = body.join("\n");
    assert.match(text, /192\.0\.2\.2/);
    assert.match(text, /192\.0\.2\.3/);
    assert.doesNotMatch(text, /192\.0\.2\.[14]\b/);
  });
});

Deno.test("the digest of a day without scans says so; without a log it says what to do", async () => {
  await withDigest(async (folder, run) => {
    const absent = await run();
    assert.equal(absent.code, 1);
    assert.match(absent.err, /a\.log: there is no such log; set LOG in/);
    await Deno.writeTextFile(`${folder}/a.log`, line("192.0.2.1", 0, 1));
    assert.equal((await run()).code, 0);
    assert.match(
      await Deno.readTextFile(`${folder}/mailed`),
      /^-s\nscandog: No scan was found in 1 line/,
    );
    // format = "text", as the package has it: what it mails must not pass for a quiet day.
    await Deno.writeTextFile(`${folder}/a.log`, "2026-11-22 00:53:02.106 SCAN 192.0.2.1 -> ...\n");
    assert.equal((await run()).code, 0);
    const mailed = await Deno.readTextFile(`${folder}/mailed`);
    assert.match(mailed, /^-s\nscandog: Nothing is known: 1 line of a log, and no event/);
    assert.match(mailed, /a\s+report\s+reads\s+those\s+of\s+--format\s+json/);
  });
});

Deno.test("the digest's unit has no setting that keeps mail from a set-gid program", async () => {
  const unit = await Deno.readTextFile(inRepository(".github/package/scandog-digest.service"));
  const settings = [...unit.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  assert.ok(settings.includes("User"));
  // systemd.exec(5): with User=, each of these implies NoNewPrivileges=yes, whatever is said of it.
  const implying = new Set(
    ("NoNewPrivileges DynamicUser LockPersonality MemoryDenyWriteExecute PrivateDevices ProtectClock ProtectHostname " +
      "ProtectKernelLogs ProtectKernelModules ProtectKernelTunables RestrictAddressFamilies RestrictNamespaces " +
      "RestrictRealtime RestrictSUIDSGID SystemCallArchitectures SystemCallFilter SystemCallLog")
      .split(" "),
  );
  assert.deepEqual(settings.filter((name) => implying.has(name)), []);
});
