// `scandog log` over files, as a user runs it.

import assert from "node:assert/strict";
import { concat, pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandog, scandogCommand } from "../support/scandog.ts";
import { exists } from "../support/skip.ts";

/** 2026-11-21 22:14:52 UTC. */
const START_US = Date.parse("2026-11-21T22:14:52Z") * 1000;
const FLAGS = [0, 1, 2, 4, 16, 18, 24, 41];

/** One packet for each set of flags. */
const FILE = pcapFile(
  FLAGS.map((flags, i) => ({ timeUs: START_US + i, frame: tcpFrame({ port: 22, flags }) })),
);

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The flag letters of the lines printed. */
async function flagsLogged(...args: string[]): Promise<string[]> {
  const { out, status, err } = await scandog(["log", "-r", "-", ...args], { stdin: FILE });
  assert.equal(status, 0, err);
  return out.split("\n").filter((line) => line !== "").map((line) => line.split(" ")[7]);
}

Deno.test("log prints a line for each packet that the mask has, NULL always", async () => {
  assert.deepEqual(await flagsLogged(), ["none", "F", "S", "SA", "PA", "FPU"]);
  assert.deepEqual(await flagsLogged("-f", "2"), ["none", "S", "SA"]);
  assert.deepEqual(await flagsLogged("-f", "r"), ["none", "R"]);
  assert.equal((await flagsLogged("-f", "all")).length, FLAGS.length);
  assert.deepEqual(await flagsLogged("--probes"), ["none", "F", "S", "FPU"]);
  assert.deepEqual(await flagsLogged("--exact", "SA/SA"), ["none", "SA"]);
  assert.deepEqual(await flagsLogged("-p", "udp"), []);
});

Deno.test("log prints the documented line", async () => {
  const { out } = await scandog(["log", "-r", "-", "-f", "S"], { stdin: FILE });
  assert.equal(
    out.split("\n")[1],
    "2026-11-21 22:14:52.000002 #0 TCP 198.51.100.7:40000 > 192.0.2.1:22 S seq 0 ack 0 win 0 " +
      "ttl 64 tos 0 len 40 data 0 ip-id 0",
  );
});

Deno.test("log --raw writes the selected packets as a savefile, byte for byte", async () => {
  await inFolder(async (folder) => {
    const raw = `${folder}/out.pcap`;
    const { out, status } = await scandog(["log", "-r", "-", "-f", "all", "--raw", raw], {
      stdin: FILE,
    });
    assert.equal(status, 0);
    assert.equal(out, "", "no lines unless they are asked for");
    assert.deepEqual(Deno.readFileSync(raw), FILE);
    const again = await scandog(["log", "-r", raw, "--report"]);
    assert.equal(again.out.match(/^packet \d+: /gm)?.length, FLAGS.length);
    assert.match(again.out, /TCP: header 20 bytes, reserved 0, flags FIN PSH URG, window 0/);
  });
});

Deno.test("log --dir keeps lines and packets of each protocol apart", async () => {
  await inFolder(async (folder) => {
    await scandog(["log", "-r", "-", "--dir", folder], { stdin: FILE });
    assert.equal(Deno.readTextFileSync(`${folder}/tcp.log`).split("\n").length, 7);
    assert.equal(Deno.statSync(`${folder}/tcp.pcap`).size, 24 + 6 * (16 + 54));
    assert.equal(Deno.statSync(`${folder}/udp.log`).size, 0);
    assert.ok(!exists(`${folder}/sctp.log`));
  });
});

Deno.test("log --dir beside --log-file writes common lines once, in order, and ends well", async () => {
  await inFolder(async (folder) => {
    const log = `${folder}/all.log`;
    const limits = ["--source-rate", "1", "-f", "all"];
    const { status, err } = await scandog(
      ["log", "-r", "-", "--dir", folder, "--log-file", log, ...limits],
      { stdin: FILE },
    );
    assert.equal(status, 0, err);
    const lines = Deno.readTextFileSync(log).trimEnd().split("\n");
    assert.equal(lines.length, 6, "five packets at once, and one line of the others");
    assert.match(lines[5], /SUPPRESSED 3 packets/);
  });
});

Deno.test("log --rotate-time begins a file with the first packet that is too late for the last", async () => {
  await inFolder(async (folder) => {
    const log = `${folder}/x.log`, raw = `${folder}/x.pcap`;
    const minutes = [0, 10, 50, 60, 119, 130, 300];
    const file = pcapFile(
      minutes.map((minute) => ({
        timeUs: START_US + minute * 60e6,
        frame: tcpFrame({ port: minute }),
      })),
    );
    const options = ["-f", "all", "--log-file", log, "--raw", raw, "--rotate-time", "3600"];
    const { status } = await scandog(["log", "-r", "-", ...options], { stdin: file });
    assert.equal(status, 0);
    const ports = (path: string) =>
      [...Deno.readTextFileSync(path).matchAll(/192\.0\.2\.1:(\d+) /g)].map(([, port]) => port);
    const files = [3, 2, 1].map((i) => ports(`${log}.${i}`).join());
    assert.deepEqual([...files, ports(log).join()], ["0,10,50", "60,119", "130", "300"]);
    const packets = (path: string) => (Deno.statSync(path).size - 24) / (16 + 54);
    assert.deepEqual([3, 2, 1].map((i) => packets(`${raw}.${i}`)), [3, 2, 1]);
  });
});

Deno.test("log --summary counts by source, flags, port and hour", async () => {
  const { out } = await scandog(["log", "-r", "-", "--summary"], { stdin: FILE });
  assert.match(out, /^8 packets\n/);
  assert.match(out, /packets {2}source\n {13}8 {2}198\.51\.100\.7\n/);
  assert.match(out, / {13}1 {2}FPU\n/);
  assert.match(out, / {13}8 {2}2026-11-21 22:00\n$/);
});

Deno.test("log --format json prints the action packet", async () => {
  const { out } = await scandog(["log", "-r", "-", "--format", "json", "-f", "2"], { stdin: FILE });
  const objects = out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(objects.map(({ event }) => event.action), ["packet", "packet", "packet"]);
  assert.deepEqual(objects.map(({ scandog }) => scandog.packet.flags), [
    "fsrpauxy",
    "fSrpauxy",
    "fSrpAuxy",
  ]);
});

Deno.test("log in a flood stays within rate, disk budget and count", async () => {
  await inFolder(async (folder) => {
    const count = 200_000;
    const flood = pcapFile(Array.from({ length: count }, (_, i) => ({
      timeUs: START_US + i * 10,
      frame: tcpFrame({ source: `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`, port: 22 }),
    })));
    const file = `${folder}/in.pcap`;
    Deno.writeFileSync(file, flood);
    const limits = ["--total-rate", "1000", "--log-file", `${folder}/limited.log`];
    await scandog(["log", "-r", file, ...limits]);
    const lines = Deno.readTextFileSync(`${folder}/limited.log`).trimEnd().split("\n");
    const said = lines.filter((line) => line.includes(" SUPPRESSED "));
    // Two seconds of packets, and the five seconds' worth that may come at once.
    assert.ok(lines.length <= 7001 + said.length, `${lines.length}`);
    const suppressed = said.map((line) =>
      Number(/SUPPRESSED ([\d,]+)/.exec(line)![1].replaceAll(",", ""))
    );
    assert.equal(suppressed.reduce((a, b) => a + b) + lines.length - said.length, count);

    const budget = ["--rotate-size", "1", "--keep", "3"];
    await scandog(["log", "-r", file, "--dir", folder, "-p", "tcp", ...budget]);
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
    for (const end of ["log", "pcap"]) {
      const own = files.filter((name) => name.startsWith(`tcp.${end}`));
      assert.equal(own.length, 4, own.join());
      for (const name of own) assert.ok(Deno.statSync(`${folder}/${name}`).size <= 1 << 20);
    }
  });
});

Deno.test("log reports what came before the damage, and exits 1", async () => {
  const cut = concat([FILE.subarray(0, FILE.length - 10)]);
  const { out, err, status } = await scandog(["log", "-r", "-", "-f", "all"], { stdin: cut });
  assert.equal(status, 1);
  assert.equal(out.trimEnd().split("\n").length, FLAGS.length - 1);
  assert.match(err, /standard input|-: /);
});

Deno.test("log refuses options that make no sense, all at once, with exit status 2", async () => {
  const wrong: [string[], RegExp][] = [
    [[], /one of --interface \(-i\) and --read \(-r\) is needed/],
    [["-r", "a", "-i", "lo"], /are alternatives/],
    [["-r", "a", "-f", "256"], /--flags must be a number from 0 to 255/],
    [["-r", "a", "-f", "SX"], /--flags must be/],
    [["-r", "a", "-p", "tcp,ip"], /--protocols must be some of tcp, udp, icmp, sctp/],
    [["-r", "a", "--exact", "S/A"], /--exact must be MASK\/VALUE/],
    [["-i", "lo", "--summary"], /--summary is of a file/],
    [["-r", "a", "--report", "--format", "json"], /--report goes with neither/],
    [["-r", "a", "--raw", "x", "--dir", "y"], /--raw and --dir/],
    [["-r", "a", "--filter", "tcp"], /--filter is for live capture/],
    [["-r", "a", "--keep", "-1"], /--keep must be/],
    [["-r", "a", "--rotate-size", "0.1"], /--rotate-size must be 0 or at least 1/],
  ];
  for (const [args, message] of wrong) {
    const { status, err } = await scandog(["log", ...args]);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, message);
  }
});

Deno.test("log names a file that is not there, or cannot be written", async () => {
  const missing = await scandog(["log", "-r", "/nowhere.pcap"]);
  assert.equal(missing.status, 1);
  assert.match(missing.err, /\/nowhere\.pcap: cannot be opened/);
  const raw = await scandog(["log", "-r", "-", "--raw", "/nowhere/x.pcap"], { stdin: FILE });
  assert.equal(raw.status, 1);
  assert.match(raw.err, /Cannot open \/nowhere\/x\.pcap/);
});

Deno.test("log killed at any moment leaves a savefile of whole packets", async () => {
  await inFolder(async (folder) => {
    const raw = `${folder}/out.pcap`;
    const child = scandogCommand(["log", "-r", "-", "-f", "all", "--raw", raw], {
      stdin: FILE,
    }).spawn();
    const input = child.stdin.getWriter();
    await input.write(FILE);
    const records = FILE.subarray(24);
    // More until something is in the file, then the kill, in the middle of the stream.
    while (!exists(raw) || Deno.statSync(raw).size < 100_000) await input.write(records);
    child.kill("SIGKILL");
    await input.close().catch(() => {});
    await child.output();
    const size = Deno.statSync(raw).size;
    assert.equal((size - 24) % (16 + 54), 0, `${size} bytes`);
    const { out, status } = await scandog(["log", "-r", raw, "--summary"]);
    assert.equal(status, 0);
    assert.match(out, /^[\d,]+ packets\n/);
  });
});
