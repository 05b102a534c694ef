// A configuration file that was made for one command, and other commands that read it too.

import assert from "node:assert/strict";
import { loadCommands } from "../../src/command/commands.ts";
import { inRepository } from "../support/paths.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandog } from "../support/scandog.ts";
import { exists } from "../support/skip.ts";

const CAPTURE = pcapFile(
  Array.from({ length: 30 }, (_, i) => ({ timeUs: 1e15 + i, frame: tcpFrame({ port: 1 + i }) })),
);

/** Runs use with a file of this text, owned as root's daemon wants it, and a capture. */
async function withConfig(
  text: (folder: string) => string,
  use: (config: string[], capture: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const [config, capture] = [`${folder}/scandog.toml`, `${folder}/capture.pcap`];
    await Deno.writeTextFile(config, text(folder), { mode: 0o644 });
    await Deno.writeFile(capture, CAPTURE);
    await use(["--config", config], capture, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lines printed by a run that must be well. */
async function linesOf(...args: string[]): Promise<string[]> {
  const { status, out, err } = await scandog(args);
  assert.equal(status, 0, err);
  return out.split("\n").slice(0, -1);
}

for (const format of ["cef", "scanlogd", "text"]) {
  Deno.test(`log prints text where the configuration has format = "${format}" for the daemon`, async () => {
    await withConfig(() => `format = "${format}"\n`, async (config, capture) => {
      const lines = await linesOf("log", ...config, "-r", capture);
      assert.equal(lines.length, 30);
      assert.match(lines[0], / TCP 198\.51\.100\.7:40000 > /);
      const json = await linesOf("log", ...config, "-r", capture, "--format", "json");
      assert.equal(JSON.parse(json[0]).event.action, "packet");
      const refused = await scandog(["log", ...config, "-r", capture, "--format", "nosuch"]);
      assert.equal(refused.status, 2);
    });
  });
}

Deno.test('log --report goes with format = "json" of the configuration, not of the command line', async () => {
  await withConfig(() => 'format = "json"\n', async (config, capture) => {
    const lines = await linesOf("log", ...config, "-r", capture, "--report");
    assert.match(lines[0], /^packet 1: /);
    const both = await scandog(["log", ...config, "-r", capture, "--report", "--format", "json"]);
    assert.equal(both.status, 2);
  });
});

Deno.test("log -r prints, and leaves the daemon's logs alone, unless a log is asked for", async () => {
  const daemon = (folder: string) =>
    `chroot = "/var/empty"\nuser = "nosuch"\nlog-file = "${folder}/alerts.log"\nsyslog = "tcp://collector.invalid"\n`;
  await withConfig(daemon, async (config, capture, folder) => {
    assert.equal((await linesOf("log", ...config, "-r", capture)).length, 30);
    assert.ok(!exists(`${folder}/alerts.log`));
    const own = `${folder}/packets.log`;
    assert.deepEqual(await linesOf("log", ...config, "-r", capture, "--log-file", own), []);
    assert.equal(Deno.readTextFileSync(own).split("\n").length, 31);
  });
  const savefiles = (folder: string) => `raw = "${folder}/x.pcap"\n`;
  await withConfig(savefiles, async (config, capture, folder) => {
    assert.equal((await linesOf("log", ...config, "-r", capture)).length, 30);
    await linesOf("log", ...config, "-r", capture, "--dir", folder);
    assert.ok(exists(`${folder}/tcp.pcap`) && !exists(`${folder}/x.pcap`));
  });
});

Deno.test("every command reads the package's configuration, and all that watch and replay print of theirs", async () => {
  const packaged = await Deno.readTextFile(inRepository(".github/package/scandog.toml"));
  const printed = (await linesOf("watch", "--print-config", "--config", "/dev/null"))
    .map((line) => line.replace(/^(# )?format = .*/, 'format = "scanlogd"'));
  const texts = [packaged, `${printed.join("\n")}\nexpect = "/nonesuch"\nfail-on-scan = true\n`];
  const readers = (await loadCommands()).filter(({ options }) => "printConfig" in options);
  assert.ok(readers.length >= 7);
  for (const text of texts) {
    assert.match(text, /^format = /m);
    await withConfig(() => text, async (config) => {
      for (const { name } of readers) await linesOf(name, ...config, "--print-config");
    });
  }
});

Deno.test("report has a form of its own, whatever format the configuration has for the daemon's lines", async () => {
  for (const format of ["text", "json", "scanlogd"]) {
    await withConfig(() => `format = "${format}"\n`, async (config, capture, folder) => {
      const [first] = await linesOf("report", ...config, capture);
      assert.match(first, /^198\.51\.100\.7 scanned 30 ports/);
      await linesOf("report", ...config, capture, "-o", `${folder}/a.html`);
      assert.match(await Deno.readTextFile(`${folder}/a.html`), /^<!DOCTYPE html>/i);
    });
  }
  await withConfig(() => "input = 'log'\n", async (config, capture) => {
    const { status, err } = await scandog(["report", ...config, capture]);
    assert.equal(status, 2);
    assert.match(err, /scandog\.toml:1: input cannot be here: it belongs to one run/);
  });
});

Deno.test("explain takes its own numbers where those of the file are for another profile", async () => {
  const classic = () => 'profile = "scanlogd-2"\nscan-weight = 400\n';
  await withConfig(classic, async (config, capture) => {
    const lines = await linesOf("explain", ...config, capture);
    assert.ok(lines.length > 0);
    const { out } = await scandog(["explain", ...config, "--print-config"]);
    assert.doesNotMatch(out, /^scan-weight = 400/m);
    const given = await scandog(["explain", ...config, "--scan-weight", "400", capture]);
    assert.equal(given.status, 2);
    assert.match(given.err, /--scan-weight/);
  });
  await withConfig(() => 'profile = "scandog"\nscan-weight = 30\n', async (config) => {
    const { out } = await scandog(["explain", ...config, "--print-config"]);
    assert.match(out, /^scan-weight = 30/m);
  });
});

Deno.test("quiet in the file and --verbose on the command line are no contradiction", async () => {
  await withConfig(() => "quiet = true\n", async (config, capture) => {
    const { status, err } = await scandog(["log", ...config, "-r", capture, "--verbose"]);
    assert.equal(status, 0, err);
    assert.match(err, /30 packets logged/);
  });
  await withConfig(() => "verbose = true\n", async (config, capture) => {
    const { status, err } = await scandog(["log", ...config, "-r", capture, "--quiet"]);
    assert.deepEqual([status, err], [0, ""]);
  });
});

Deno.test("log --print-config prints what can be read again, without a device or a file", async () => {
  const text = () => 'udp-ports = []\nprotocols = ["tcp", "udp"]\nicmp-types = "3,8"\n';
  await withConfig(text, async (config, _capture, folder) => {
    const { status, out, err } = await scandog(["log", ...config, "--print-config"]);
    assert.equal(status, 0, err);
    assert.match(out, /^udp-ports = \[\] #/m);
    const again = `${folder}/again.toml`;
    await Deno.writeTextFile(again, out, { mode: 0o644 });
    const second = await scandog(["log", "--config", again, "--print-config"]);
    assert.equal(second.status, 0, second.err);
    const values = (text: string) => text.split("\n").slice(1).map((line) => line.split(" #")[0]);
    assert.deepEqual(values(second.out), values(out));
    // What is needed to run is needed still.
    assert.equal((await scandog(["log", ...config])).status, 2);
  });
});

Deno.test("log names no device twice, as watch does not", async () => {
  for (
    const [words, reason] of [[["lo", "lo"], /names "lo" twice/], [
      ["any", "lo"],
      /any stands for all/,
    ]] as const
  ) {
    const { status, err } = await scandog(["log", ...words.flatMap((name) => ["-i", name])]);
    assert.equal(status, 2);
    assert.match(err, reason);
  }
});
