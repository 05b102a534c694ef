// The fail2ban filter and jail, read by the real fail2ban, over lines of real scans.

import assert from "node:assert/strict";
import { textLine } from "../../src/format/text.ts";
import { UTC } from "../../src/format/zone.ts";
import { misuseEvent, scanEvent, visitEvent } from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const REGEX = "/usr/bin/fail2ban-regex", CLIENT = "/usr/bin/fail2ban-client";
const FILTER = inRepository(".github/package/fail2ban/filter.conf");
const JAIL = inRepository(".github/package/fail2ban/jail.conf");
const ignore = skipped(
  "fail2ban",
  exists(REGEX) ? false : "there is no fail2ban-regex (Debian: fail2ban)",
);

async function ran(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  // fail2ban-regex ends with 1 when nothing matched.
  assert.ok(success || program === REGEX, text);
  return text;
}

/** The addresses that fail2ban would ban for these lines. */
async function banned(lines: string): Promise<string[]> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, lines);
    const text = await ran(REGEX, ["--out", "ip", file, FILTER]);
    return [...new Set(text.split("\n").filter((line) => /^[0-9a-f.:]+$/i.test(line)))];
  } finally {
    await Deno.remove(file);
  }
}

function lines(...captures: string[]): Promise<string> {
  const files = captures.map((name) => {
    const folder = inRepository(`testdata/cases/${name}`);
    const file = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith("capture."));
    return `${folder}/${file?.name}`;
  });
  return scandog(["replay", "--quiet", "--tz", "UTC", ...files]).then(({ out }) => out);
}

Deno.test({
  name: "the fail2ban filter takes who completed a handshake, over IPv4 and IPv6",
  ignore,
  async fn() {
    const text = await lines("tcp-connect", "ip6-connect");
    assert.match(text, /source is real \(handshake\)/);
    assert.deepEqual((await banned(text)).sort(), ["198.51.100.7", "2001:db8:51::7"]);
  },
});

Deno.test({
  name: "the fail2ban filter bans nobody for what can be forged",
  ignore,
  async fn() {
    const text = await lines("decoy-silent", "tcp-syn", "tcp-fin", "forged-five-first");
    assert.match(text, /source may be forged/);
    assert.match(text, /source answered \(reset\)/);
    assert.deepEqual(await banned(text), []);
  },
});

Deno.test({
  name: "the fail2ban filter bans no address of ours that scans, and nobody for misuse",
  ignore,
  async fn() {
    const context = { zone: UTC, interfaceName: () => undefined };
    const ours = { evidence: "handshake", direction: "outbound" } as const;
    const text = [
      scanEvent(ours),
      scanEvent({ ...ours, destination: "2001:db8::1" }),
      misuseEvent(),
    ]
      .map((event) => textLine(event, context));
    assert.match(text[0], /; source is real \(handshake\);/);
    assert.deepEqual(await banned(text.join("\n") + "\n"), []);
  },
});

Deno.test({
  name: "the fail2ban filter bans an address of ours that scans another of ours",
  ignore,
  async fn() {
    const context = { zone: UTC, interfaceName: () => undefined };
    const event = scanEvent({ evidence: "handshake", direction: "internal" });
    assert.deepEqual(await banned(textLine(event, context) + "\n"), [event.source]);
  },
});

Deno.test({
  name: "the fail2ban filter takes the believed source of several, with or without a port",
  ignore,
  async fn() {
    const context = { zone: UTC, interfaceName: () => undefined };
    const line = (source: string, sourcePort?: number) =>
      textLine(scanEvent({ source, sourcePort, evidence: "handshake" }), context);
    const text = [line("192.0.2.1", 4000), line("192.0.2.2"), line("2001:db8::3", 5), line("::4")];
    assert.deepEqual((await banned(text.join("\n") + "\n")).sort(), [
      "192.0.2.1",
      "192.0.2.2",
      "2001:db8::3",
      "::4",
    ]);
  },
});

Deno.test({
  name: "the fail2ban filter bans no visitor: it may be a neighbour of the scanner, or a customer",
  ignore,
  async fn() {
    const context = { zone: UTC, interfaceName: () => undefined };
    const text = [visitEvent(), visitEvent({ match: "network", source: "10.9.0.77" })]
      .map((event) => textLine(event, context));
    assert.deepEqual(await banned(text.join("\n") + "\n"), []);
  },
});

Deno.test({
  name: "the fail2ban jail is accepted by fail2ban, and off",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await new Deno.Command("cp", { args: ["-r", "/etc/fail2ban/.", folder] }).output();
      await Deno.copyFile(FILTER, `${folder}/filter.d/scandog.conf`);
      const jail = await Deno.readTextFile(JAIL);
      assert.match(jail, /^enabled = false$/m);
      const log = `${folder}/scandog.log`;
      await Deno.writeTextFile(log, "");
      for await (const { name } of Deno.readDir(`${folder}/jail.d`)) {
        await Deno.remove(`${folder}/jail.d/${name}`);
      }
      await Deno.writeTextFile(
        `${folder}/jail.d/scandog.conf`,
        jail.replace("enabled = false", "enabled = true").replace(
          /^logpath = .*$/m,
          `logpath = ${log}`,
        ),
      );
      const dump = await ran(CLIENT, ["-c", folder, "-d"]);
      assert.match(dump, /\['add', 'scandog', 'auto'\]/);
      assert.match(dump, /'scandog', 'addlogpath', '.*scandog\.log'/);
      assert.match(dump, /'scandog', 'maxretry', 1\]/);
      assert.match(dump, /source is real/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
