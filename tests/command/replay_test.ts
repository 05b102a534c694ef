import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { inRepository } from "../support/paths.ts";
import {
  type RunOptions,
  scandog,
  scandogCommand,
  scandogWords,
  withBinary,
} from "../support/scandog.ts";

const START_US = Date.parse("2026-11-21T22:14:52.123Z") * 1000 + 456;
const CLASSIC = ["--config", "/dev/null", "--profile", "scanlogd-2"];
const LINE = "198.51.100.7:40000 to 192.0.2.1 ports 20, 21, 22, 23, 24, 25, ..., " +
  "fSrpauxy, TOS 00, TTL 64 @22:14:52\n";

/** SYNs to so many ports, from 20 on, 10 ms apart. */
function scan(ports: number, source = "198.51.100.7", startUs = START_US): Uint8Array {
  return pcapFile(Array.from({ length: ports }, (_, i) => ({
    timeUs: startUs + i * 10_000,
    frame: tcpFrame({ source, port: 20 + i }),
  })));
}

/** Runs `replay` in a directory that holds these files; file names in `args` are taken from there. */
async function replay(
  files: Record<string, Uint8Array | string>,
  args: string[],
  options?: RunOptions,
) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    const placed = args.map((arg) => arg in files ? `${folder}/${arg}` : arg);
    const { status, out, err } = await scandog(["replay", ...placed], options);
    return { status, out, err: err.replaceAll(`${folder}/`, "") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("replay prints alerts to stdout, a summary to stderr, and ends with 0", async () => {
  const { status, out, err } = await replay({ "a.pcap": scan(30) }, ["a.pcap", ...CLASSIC]);
  assert.equal(out, LINE);
  assert.match(
    err,
    /^scandog: 30 packets \(1\.62 kB\) in [0-9.]+ m?s, [0-9.]+( thousand)? packets\/s: 1 scan\nscandog: tcp 30\n$/,
  );
  assert.equal(status, 0);
});

Deno.test("replay --quiet says nothing on stderr", async () => {
  const { out, err } = await replay({ "a.pcap": scan(30) }, ["a.pcap", ...CLASSIC, "--quiet"]);
  assert.deepEqual([out, err], [LINE, ""]);
});

Deno.test("replay --verbose says with which numbers it looked", async () => {
  const { err } = await replay({ "a.pcap": scan(3) }, ["a.pcap", ...CLASSIC, "--verbose"]);
  assert.match(err, /\[debug\] scandog·replay: .*"scanWeight":21/);
});

Deno.test("replay --format gives text, JSON or scanlogd's line for any profile", async () => {
  const file = { "a.pcap": scan(30) };
  const text = await replay(file, ["a.pcap", ...CLASSIC, "--format", "text", "--tz", "Asia/Tokyo"]);
  assert.match(text.out, /^2026-11-22 07:14:52\.183 SCAN 198\.51\.100\.7:40000 -> 192\.0\.2\.1 /);
  const json = await replay(file, [
    "a.pcap",
    ...CLASSIC,
    "--format=json",
    "--observer=sensor",
    "--tz=Asia/Tokyo",
  ]);
  const event = JSON.parse(json.out);
  assert.equal(event["@timestamp"], "2026-11-21T22:14:52.183456Z");
  assert.equal(event.observer.name, "sensor");
  assert.match(event.message, /^2026-11-22 07:14:52\.183 SCAN /);
  const zoned = await replay(file, ["a.pcap", ...CLASSIC, "--tz", "Asia/Tokyo"]);
  assert.match(zoned.out, /@07:14:52\n$/);
});

Deno.test("replay gives the same bytes every time", async () => {
  const file = { "a.pcap": scan(30) };
  const args = ["a.pcap", ...CLASSIC, "--format", "json"];
  const [first, second] = await Promise.all([replay(file, args), replay(file, args)]);
  assert.equal(first.out, second.out);
  assert.ok(first.out.length > 0);
});

Deno.test("replay reports what came before damage, goes on with the next file, and ends with 1", async () => {
  const files = {
    "a.pcap": scan(30).subarray(0, 24 + 70 * 10 + 40),
    "b.pcap": scan(30, "198.51.100.9", START_US + 60e6),
  };
  const { status, out, err } = await replay(files, ["a.pcap", "b.pcap", ...CLASSIC]);
  assert.deepEqual(out.split("\n").map((line) => line.split(" ")[0]), [
    "198.51.100.7:40000",
    "198.51.100.9:40000",
    "",
  ]);
  assert.match(err, /\nscandog: a\.pcap: .* at byte 7\d\d\n$/);
  assert.equal(status, 1);
});

Deno.test("replay names a file that is not there, in one line, and ends with 1", async () => {
  const { status, out, err } = await replay({}, ["nonesuch.pcap", ...CLASSIC, "--quiet"]);
  assert.equal(out, "");
  assert.match(err, /^scandog: nonesuch\.pcap: .*no such file.*\n$/);
  assert.equal(status, 1);
});

Deno.test("replay - reads standard input, gzipped or not", async () => {
  for (const stdin of [scan(30), gzipSync(scan(30))]) {
    const { status, out } = await scandog(["replay", "-", ...CLASSIC], { stdin });
    assert.deepEqual([status, out], [0, LINE]);
  }
});

Deno.test("replay takes several files as one capture", async () => {
  const whole = scan(30);
  const header = whole.subarray(0, 24);
  const second = new Uint8Array([...header, ...whole.subarray(24 + 70 * 4)]);
  const files = { "a.pcap": whole.subarray(0, 24 + 70 * 4), "b.pcap": second };
  assert.equal((await replay(files, ["a.pcap", "b.pcap", ...CLASSIC])).out, LINE);
});

Deno.test("replay reads no more than its files, and needs no permission but for them", {
  ignore: withBinary("permissions of the sources"),
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.pcap`, scan(30));
    const args = ["replay", `${folder}/a.pcap`, "--profile", "scanlogd-2", "--format", "json"];
    const { status, out, err } = await scandog(args, {
      // The program's own modules are read too: the worker's by the worker.
      permissions: ["--no-prompt", `--allow-read=${folder},${inRepository("src")}`],
    });
    assert.equal(status, 0, err);
    // Without the permission to know it, the host's name is absent.
    assert.equal(JSON.parse(out).observer.name, undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("replay says which permission is missing, in one line, and ends with 1", {
  ignore: withBinary("permissions of the sources"),
}, async () => {
  const { status, err } = await scandog(["replay", "/nonesuch/a.pcap", ...CLASSIC, "--quiet"], {
    permissions: ["--no-prompt", `--allow-read=${inRepository("src")},/dev/null`],
  });
  assert.equal(status, 1);
  assert.equal(
    err,
    "scandog: /nonesuch/a.pcap: Deno may not read it; run with --allow-read=/nonesuch/a.pcap\n",
  );
});

Deno.test("replay --fail-on-scan ends with 3 when a scan was found", async () => {
  const args = [...CLASSIC, "--quiet", "--fail-on-scan"];
  const found = await replay({ "a.pcap": scan(30) }, ["a.pcap", ...args]);
  assert.deepEqual([found.status, found.out, found.err], [
    3,
    LINE,
    "scandog: --fail-on-scan: 1 scan found\n",
  ]);
  const none = await replay({ "a.pcap": scan(3) }, ["a.pcap", ...args]);
  assert.deepEqual([none.status, none.out, none.err], [0, "", ""]);
});

Deno.test("replay --expect ends with 0 when exactly that was found", async () => {
  const files = {
    "a.pcap": scan(30),
    "expected.txt": "source=198.51.100.7 shape=vertical techniques=syn ports=20-26 # the scan\n",
  };
  const { status, err } = await replay(files, ["a.pcap", ...CLASSIC, "--expect", "expected.txt"]);
  assert.equal(status, 0);
  assert.match(err, /\nscandog: --expect expected\.txt: all 1 met\n$/);
});

Deno.test("replay --expect ends with 3 and shows the difference when it was not", async () => {
  const files = { "a.pcap": scan(30), "expected.txt": "source=198.51.100.7 ports=22\n" };
  const args = ["a.pcap", ...CLASSIC, "--quiet", "--expect", "expected.txt"];
  const { status, out, err } = await replay(files, args);
  assert.deepEqual([status, out], [3, LINE]);
  assert.equal(
    err,
    "scandog: --expect expected.txt: 1 missing, 1 unexpected, 0 as expected\n" +
      "--- expected.txt\n+++ found\n@@ line 1 @@\n-source=198.51.100.7 ports=22\n" +
      "+source=198.51.100.7 shape=vertical techniques=syn ports=20-26\n",
  );
});

Deno.test("replay --expect refuses a file that makes no sense, before it reads a capture", async () => {
  const files = { "a.pcap": scan(30), "expected.txt": "shape=vertical\nsource=1\n" };
  const { status, out, err } = await replay(files, [
    "a.pcap",
    ...CLASSIC,
    "--expect",
    "expected.txt",
  ]);
  assert.deepEqual([status, out], [2, ""]);
  assert.match(
    err,
    /expected\.txt:1: source is missing\n.*expected\.txt:2: source must be an address, got "1"\n/,
  );
  const binary = { "a.pcap": scan(30), "expected.txt": "a\0b\n".repeat(500) };
  assert.match(
    (await replay(binary, ["a.pcap", ...CLASSIC, "--expect", "expected.txt"])).err,
    /^scandog: --expect \S+: is no text; name another file\n$/,
  );
  // No expectation at all: one screen, not a line for each of its words.
  const noText = { "a.pcap": scan(30), "expected.txt": "x y z\n".repeat(500) };
  const { err: many } = await replay(noText, ["a.pcap", ...CLASSIC, "--expect", "expected.txt"]);
  const lines = many.trimEnd().split("\n");
  assert.equal(lines.length, 21);
  assert.match(lines[19], /^scandog: 1980 more faults$/);
});

Deno.test("replay --ignore leaves out a source, and --home all that is for others", async () => {
  const file = { "a.pcap": scan(30) };
  const out = async (...args: string[]) =>
    (await replay(file, ["a.pcap", ...CLASSIC, ...args])).out;
  assert.equal(await out("--ignore", "198.51.100.0/24"), "");
  assert.equal(await out("--ignore", "198.51.100.8"), LINE);
  assert.equal(await out("--home", "192.0.2.0/24"), LINE);
  assert.equal(await out("--home", "10.0.0.0/8"), "");
});

Deno.test("replay looks with the numbers that are asked for", async () => {
  const file = { "a.pcap": scan(5) };
  const args = ["a.pcap", ...CLASSIC, "--quiet", "--scan-weight", "12"];
  assert.match((await replay(file, args)).out, /ports 20, 21, 22, \.\.\.,/);
});

Deno.test("replay takes what a configuration file says, and the command line before it", async () => {
  const files = {
    "a.pcap": scan(30),
    "a.toml": 'profile = "scanlogd-2"\nformat = "json"\nquiet = true\nignore = ["10.0.0.0/8"]\n',
  };
  const json = await replay(files, ["a.pcap", "--config", "a.toml"]);
  assert.equal(JSON.parse(json.out).scandog.profile, "scanlogd-2");
  assert.equal(json.err, "");
  const line = await replay(files, ["a.pcap", "--config", "a.toml", "--format", "scanlogd"]);
  assert.equal(line.out, LINE);
});

Deno.test("replay refuses everything that is wrong at once, with 2", async () => {
  const files = {
    "a.pcap": scan(30),
    "a.toml": 'scan-weight = 1\nformats = "json"\nflood-delay = "long"\n',
  };
  const { status, out, err } = await replay(files, [
    "a.pcap",
    "--config",
    "a.toml",
    "--scan-delay",
    "0",
    "--quite",
  ]);
  assert.deepEqual([status, out], [2, ""]);
  assert.deepEqual(err.split("\n"), [
    "scandog: there is no option --quite: did you mean --quiet?",
    'scandog: a.toml:2: there is no option "formats": did you mean format?',
    "scandog: a.toml:1: scan-weight must be a whole number from 2 to 65535, got 1",
    'scandog: --scan-delay must be a whole number from 1 to 86400 seconds, got "0"',
    'scandog: a.toml:3: flood-delay must be a whole number from 1 to 86400 seconds, got "long"',
    "scandog: scandog replay --help lists the options",
    "",
  ]);
});

Deno.test("replay refuses options that contradict, numbers that do not go together, and no file", async () => {
  const { status, err } = await scandog([
    "replay",
    ...CLASSIC,
    "--quiet",
    "--verbose",
    "--scan-weight",
    "3",
    "--ring-records",
    "5000",
    "--filter",
    "tcp",
  ]);
  assert.equal(status, 2);
  assert.deepEqual(err.split("\n").slice(0, -2), [
    "scandog: --quiet and --verbose contradict",
    "scandog: --filter is for live capture; here: tcpdump -r FILE -w - EXPR | scandog replay -",
    "scandog: --privileged-weight must be less than --scan-weight 3, got 3",
    "scandog: --ring-records must be a power of two, got 5000",
    "scandog: no FILE is given",
  ]);
});

Deno.test("replay --print-config prints a file that means the same", async () => {
  const files = { "a.toml": 'profile = "scanlogd-1"\nignore = "10.0.0.1,::1"\n' };
  const args = ["--config", "a.toml", "--tz", "UTC", "--print-config"];
  const first = await replay(files, args);
  assert.equal(first.status, 0, first.err);
  assert.match(first.out, /^profile = "scanlogd-1" # .*a\.toml:1$/m);
  assert.match(first.out, /^ignore = \["10\.0\.0\.1\/32", "::1\/128"\] # .*a\.toml:2$/m);
  assert.match(first.out, /^tz = "UTC" # command line$/m);
  assert.match(first.out, /^format = "scanlogd" # default$/m);
  assert.match(first.out, /^scan-weight = 10 # default$/m);
  const second = await replay({ "b.toml": first.out }, ["--config", "b.toml", "--print-config"]);
  const values = (text: string) => text.replace(/ # .*$|^# scandog.*$/gm, "");
  assert.equal(values(second.out), values(first.out));
});

Deno.test("replay ends cleanly when its reader goes away", async () => {
  // Enough lines to fill the pipe: every source scans after a pause that ends the flood silence.
  const packets = Array.from({ length: 2000 }, (_, source) =>
    Array.from({ length: 8 }, (_, i) => ({
      timeUs: START_US + source * 30e6 + i,
      frame: tcpFrame({ source: `10.1.${source >> 8}.${source & 255}`, port: 20 + i }),
    }))).flat();
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.pcap`, pcapFile(packets));
    const child = scandogCommand(["replay", `${folder}/a.pcap`, ...CLASSIC, "--format=json"])
      .spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assert.equal(value![0], "{".charCodeAt(0));
    await reader.cancel();
    const err = await new Response(child.stderr).text();
    assert.equal((await child.status).code, 0, err);
    assert.doesNotMatch(err, /error|Broken/i);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("replay says why stdout cannot be written, and ends with 1", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.pcap`, scan(30));
    const words = scandogWords(["replay", `${folder}/a.pcap`, ...CLASSIC, "--quiet"]);
    const { code, stderr } = await new Deno.Command("sh", {
      args: ["-c", '"$@" >/dev/full', "sh", ...words],
      env: { NO_COLOR: "1" },
    }).output();
    const err = new TextDecoder().decode(stderr);
    assert.match(err, /^scandog: standard output: cannot be written: No space left.*\n$/);
    assert.equal(code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`replay stops at ${signal} with what it has found, and ends with 0`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      // At its own pace this capture would take an hour.
      const late = [{ timeUs: START_US + 50e6, frame: tcpFrame({ port: 1 }) }];
      const packets = Array.from({ length: 30 }, (_, i) => ({
        timeUs: START_US + i,
        frame: tcpFrame({ port: 20 + i }),
      }));
      await Deno.writeFile(`${folder}/a.pcap`, pcapFile([...packets, ...late]));
      const child = scandogCommand(["replay", `${folder}/a.pcap`, ...CLASSIC, "--speed", "1"])
        .spawn();
      const reader = child.stdout.getReader();
      // The line comes while the capture goes on, not at its end.
      const { value } = await reader.read();
      assert.match(new TextDecoder().decode(value), /^198\.51\.100\.7/);
      child.kill(signal);
      await reader.cancel();
      const err = await new Response(child.stderr).text();
      const { code, signal: killed } = await child.status;
      assert.deepEqual([code, killed], [0, null]);
      assert.match(err, /^scandog: stopped after 30 packets/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
