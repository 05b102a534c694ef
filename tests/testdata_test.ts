// The capture cases in testdata/: every folder whole, every case.json sound, all of it small.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { isIP } from "node:net";
import { expectedText, readExpected } from "./support/expected.ts";

const CASES = new URL("../testdata/cases/", import.meta.url);
const BYTES_MAX = 5_000_000;
const SAVEFILE_MAGICS = [0xa1b2c3d4, 0xa1b23c4d, 0x0a0d0d0a];
const SHAPES = ["vertical", "horizontal", "block", "distributed", "decoy"];
const TECHNIQUES = (
  "syn connect fin null xmas maimon ack syn-ack other-tcp udp sctp-init sctp-cookie-echo " +
  "ip-protocol icmp-echo icmp-timestamp icmp-mask arp"
).split(" ");

const names = [...Deno.readDirSync(CASES)].filter((entry) => entry.isDirectory)
  .map((entry) => entry.name).sort();

function filesOf(name: string): string[] {
  return [...Deno.readDirSync(new URL(`${name}/`, CASES))].map((entry) => entry.name).sort();
}

function readCase(name: string) {
  return JSON.parse(Deno.readTextFileSync(new URL(`${name}/case.json`, CASES)));
}

/** How many ports a list of ranges names; throws on anything that is no such list. */
function countPorts(list: string): number {
  if (list === "") return 0;
  return list.split(",").reduce((sum, part) => {
    assert.match(part, /^\d+(-\d+)?$/);
    const [first, last = first] = part.split("-").map(Number);
    assert(first <= last && last <= 65535, part);
    return sum + last - first + 1;
  }, 0);
}

Deno.test("every case has a capture, its truth and what each profile says", () => {
  assert(names.length >= 150, `${names.length} cases`);
  for (const name of names) {
    const files = filesOf(name);
    assert.equal(files.filter((file) => /^capture\.pcap(ng)?(\.gz)?$/.test(file)).length, 1, name);
    for (const file of ["case.json", "expected.json"]) {
      assert(files.includes(file), `${name}/${file}`);
    }
    assert.equal(files.length, 3, `${name} has more than its three files`);
    const expected = readExpected(name);
    assert.deepEqual(Object.keys(expected), ["scandog", "scanlogd-2", "scanlogd-1"], name);
    const text = Deno.readTextFileSync(new URL(`${name}/expected.json`, CASES));
    assert.equal(text, expectedText(expected), `${name}: a line for each line`);
  }
});

Deno.test("every capture is a savefile or pcapng, as its name and case.json say", () => {
  for (const name of names) {
    const { format } = readCase(name).capture;
    let bytes: Uint8Array = Deno.readFileSync(new URL(`${name}/capture.${format}`, CASES));
    if (format.endsWith(".gz")) bytes = gunzipSync(bytes);
    const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    assert(SAVEFILE_MAGICS.includes(magic), name);
    assert.equal(magic === 0x0a0d0d0a, format.startsWith("pcapng"), name);
  }
});

Deno.test("every case.json says what happened in known words", () => {
  for (const name of names) {
    const record = readCase(name);
    assert.equal(record.name, name);
    assert(record.story.length > 20, `${name}: a story`);
    assert(["scan", "benign"].includes(record.label), name);
    assert(record.commands.length > 0, `${name}: commands`);
    assert(record.capture.packets > 0, `${name}: packets`);
    assert.equal(record.quiet, record.label === "benign" || record.blind !== undefined, name);
    assert.equal(
      record.scans.length > 0,
      !record.quiet,
      `${name}: scans only where there are some`,
    );
    for (const address of [...record.sources, ...record.forged]) assert(isIP(address), address);
    for (const scan of record.scans) {
      assert(SHAPES.includes(scan.shape), `${name}: ${scan.shape}`);
      assert(scan.sources.length > 0 && scan.hosts.length > 0, name);
      for (const technique of scan.techniques) assert(TECHNIQUES.includes(technique), technique);
      if (!scan.ports) continue;
      const { count, list, open, closed, silent } = scan.ports;
      assert.equal(countPorts(list), count, `${name}: ports`);
      assert.equal(countPorts(open) + countPorts(closed) + countPorts(silent), count, name);
    }
  }
});

Deno.test("no address is both a true and a forged source", () => {
  for (const name of names) {
    const { sources, forged } = readCase(name);
    assert.deepEqual(sources.filter((source: string) => forged.includes(source)), [], name);
  }
});

Deno.test("the expected lines are scanlogd's, without a syslog prefix", () => {
  for (const name of names) {
    const expected = readExpected(name);
    const known1 =
      /^(From [\d.]+(:\d+)? to .*ports .*, started at \d\d:\d\d:\d\d|More possible port scans follow\.)$/;
    const known2 =
      /^([\d.]+(:\d+)? to .*ports .* @\d\d:\d\d:\d\d|More possible port scans follow)$/;
    for (const line of expected["scanlogd-1"]) assert.match(line, known1, name);
    for (const line of expected["scanlogd-2"]) assert.match(line, known2, name);
  }
});

Deno.test("all the test data together stays under five megabytes", () => {
  let bytes = 0;
  for (const name of names) {
    for (const file of filesOf(name)) {
      bytes += Deno.statSync(new URL(`${name}/${file}`, CASES)).size;
    }
  }
  assert(bytes < BYTES_MAX, `${bytes} bytes`);
});
