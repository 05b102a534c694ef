// `scandog explain` as a user runs it: the answers, the streams, the exit statuses.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandog } from "../support/scandog.ts";

const START_US = Date.parse("2026-11-21T22:14:52Z") * 1000;
const PLAIN = ["--config", "/dev/null", "--tz", "UTC"];

function capture(name: string): string {
  const folder = inRepository(`testdata/cases/${name}`);
  const file = [...Deno.readDirSync(folder)].find((entry) => entry.name.startsWith("capture."));
  return `${folder}/${file!.name}`;
}

/** SYNs of one source to some ports of one host, none of them answered. */
function silent(source: string, ports: number): Uint8Array {
  return pcapFile(Array.from({ length: ports }, (_, i) => ({
    timeUs: START_US + i * 1000,
    frame: tcpFrame({ source, port: 20 + i, sourcePort: 40000 + 7 * i }),
  })));
}

async function explained(...args: string[]) {
  return await scandog(["explain", ...PLAIN, ...args]);
}

Deno.test("explain says by which rule a scan was found, with the count that replay tells at its end", async () => {
  const file = capture("mixed-syn");
  const { status, out, err } = await explained(file);
  assert.equal(status, 0, err);
  const [first, ...rest] = out.split("\n");
  assert.equal(first, "198.51.100.7 scanned");
  const scan = rest.find((line) => line.startsWith("  scan 1 found"));
  assert.match(
    scan!,
    /many ports of one host, weight 21 of 21 on 203\.0\.113\.10; 120 attempts in it; told$/,
  );
  const replay = await scandog(["replay", ...PLAIN, "--quiet", file]);
  assert.match(replay.out, /SCAN-END 198\.51\.100\.7.* 120 ports /);
  assert.match(err, /packets.*: 1 scan\n/);
  assert.match(err, /3 sources, of which 1 scanned\n$/);
});

Deno.test("explain says how near ordinary traffic came, and what did not count", async () => {
  const torrent = await explained("--quiet", capture("torrent"));
  assert.match(torrent.out, /^203\.0\.113\.10 did not scan\n/);
  assert.match(
    torrent.out,
    /\n {2}many hosts by one port or ping: points \d+ of 48 on arp \(--sweep-hosts\)\n/,
  );
  assert.match(
    torrent.out,
    /\n {2}a grid of ports and hosts: failed targets \d+ of 24 \(--block-targets\)/,
  );
  const ftp = await explained("--quiet", capture("ftp-passive"));
  assert.match(ftp.out, /\n {2}120 not counted: beside a used connection of the same two hosts/);
  assert.deepEqual([torrent.err, ftp.err], ["", ""]);
});

Deno.test("explain --source lists each attempt, and says plainly who is not there", async () => {
  const { out } = await explained(
    "--source",
    "198.51.100.7,192.0.2.1",
    "--source",
    "203.0.113.10",
    "--attempts",
    "3",
    "--quiet",
    capture("seven-ports"),
  );
  assert.deepEqual(out.split("\n"), [
    "198.51.100.7 scanned",
    "  7 packets",
    "  7 attempts, 2026-11-22 01:23:43.238 to 01:23:43.260: 7 refused",
    ...[[238, 21], [246, 23], [252, 25]].map(([ms, port]) =>
      `  01:23:43.${ms}  203.0.113.10  tcp ${port}  connect  refused  ` +
      "weight 3 (port below 1024), 6 points (failed plainly); part of scan 1"
    ),
    "  4 more not listed (--attempts)",
    "  7 part of a scan",
    "  scan 1 found 2026-11-22 01:23:43.260: many ports of one host, weight 21 of 21 on " +
    "203.0.113.10; 7 attempts in it; told",
    "",
    "203.0.113.10 attempted nothing",
    "  8 packets; answers and parts of what others began, no attempt among them",
    "",
    "192.0.2.1: no packet from there is in the capture; none went there",
    "monitors and peers whose targets are gone look like scanners: if one is yours, --ignore ADDRESS leaves it out, " +
    "and --weigh CIDR:PORTS=0 its targets",
    "",
  ]);
});

Deno.test("explain --source of a network has all its sources", async () => {
  const { out } = await explained("--source", "198.51.100.0/24", "--quiet", capture("decoy-first"));
  assert.match(out, /^198\.51\.100\.7 scanned$/m);
  assert.match(out, /^198\.51\.100\.31 took part in a scan$/m);
  assert.match(out, /4 sources, all but one forged; told as 198\.51\.100\.7's$/m);
  assert.doesNotMatch(out, /^192\.0\.2\.33/m);
});

Deno.test("explain takes the detector's options, and says what they did", async () => {
  const file = capture("seven-ports");
  const higher = await explained("--scan-weight", "22", "--quiet", file);
  assert.match(higher.out, /^198\.51\.100\.7 did not scan\n/);
  assert.match(higher.out, /many ports of one host: weight 21 of 22 on 203\.0\.113\.10/);
  const ignored = await explained("--ignore", "198.51.100.0/24", "--quiet", file);
  assert.match(
    ignored.out,
    /\n {2}7 not counted: the source is on the list of --ignore \(by your options\)\n/,
  );
});

Deno.test("explain --format json has a line for each attempt and source, and one at the end", async () => {
  const { out } = await explained(
    "--format",
    "json",
    "--source",
    "198.51.100.7",
    "--quiet",
    capture("seven-ports"),
  );
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ event }) => event.action), [
    ...Array(7).fill("explain-attempt"),
    "explain-source",
    "explain-end",
  ]);
  assert.equal(lines[0].destination.port, 21);
  assert.deepEqual(lines[7].scandog.explain.decisions, { scanned: 7 });
  assert.equal(lines[7].scandog.explain.scanned, true);
  assert.deepEqual(lines[8].scandog.explain.absent, []);
});

Deno.test("explain tells what came before damage, names it, and ends with 1", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = silent("10.0.0.1", 8);
    await Deno.writeFile(`${folder}/cut`, whole.subarray(0, whole.length - 10));
    await Deno.writeFile(`${folder}/good`, silent("10.0.0.2", 3));
    const { status, out, err } = await explained(
      "--quiet",
      `${folder}/cut`,
      `${folder}/good`,
      `${folder}/none`,
    );
    assert.match(out, /^10\.0\.0\.1 scanned\n {2}7 attempts, .*: 7 no answer\n/);
    assert.match(out, /^10\.0\.0\.2 did not scan\n/m);
    // Which files there are is found out first, to read them in the order of their time.
    assert.match(err, /^scandog: \S*\/none: .*no such file.*\nscandog: \S*\/cut: .*\n$/);
    assert.equal(status, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("explain of a capture without attempts says so", async () => {
  const { status, out } = await explained("--quiet", capture("lan-chatter"));
  assert.deepEqual([status, out], [0, "no source attempted anything\n"]);
});

Deno.test("explain refuses what makes no sense, all of it at once", async () => {
  const { status, out, err } = await explained(
    "--source",
    "10.0.0.300",
    "--attempts",
    "-1",
    "--format",
    "cef",
  );
  assert.deepEqual([status, out], [2, ""]);
  assert.match(
    err,
    /--source must be addresses or networks such as 10\.0\.0\.0\/8, got "10\.0\.0\.300"/,
  );
  assert.match(err, /--attempts must be a whole number from 0 to 100000, got "-1"/);
  assert.match(err, /--format must be one of text, json, got "cef"/);
  assert.match(err, /no FILE is given/);
  for (const garbage of ["", "example.org", "10.0.0.0/33", "\x1b[2J", "::1%eth0"]) {
    const { status, err } = await explained("--source", garbage, "x");
    assert.equal(status, 2, garbage);
    assert.match(err, /^scandog: --source must be /);
    assert.ok(!err.includes("\x1b"));
  }
});

Deno.test("explain reads a configuration that is made for watch", async () => {
  const config = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    await Deno.chmod(config, 0o600);
    await Deno.writeTextFile(
      config,
      'profile = "scandog"\nformat = "cef"\nscan-weight = 22\nsyslog = true\n',
    );
    const args = ["explain", "--config", config, "--quiet", capture("seven-ports")];
    const { status, out, err } = await scandog(args);
    assert.equal(status, 0, err);
    assert.match(out, /weight 21 of 22/);
    await Deno.writeTextFile(config, 'format = "nonsense"\n');
    const refused = await scandog(args);
    assert.equal(refused.status, 2);
    assert.match(refused.err, /:1: format must be one of text, json, got "nonsense"/);
  } finally {
    await Deno.remove(config);
  }
});

Deno.test("explain reads standard input, and the same capture gives the same text", async () => {
  const stdin = Deno.readFileSync(capture("mixed-syn"));
  const args = ["explain", ...PLAIN, "--quiet", "--source", "::/0,0.0.0.0/0", "-"];
  const once = await scandog(args, { stdin });
  assert.deepEqual(await scandog(args, { stdin }), once);
  assert.equal(once.status, 0, once.err);
});
