// What the detector makes due by time while nothing comes, and what packets make due: each part has its turn.

import assert from "node:assert/strict";
import { parseAddress } from "../../../src/address.ts";
import type { Account } from "../../../src/detect/scandog/account/account.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { TargetClass, targetKey } from "../../../src/detect/scandog/probe/classes.ts";
import { Hash } from "../../../src/keyed_hash.ts";
import { Field, Kind, RECORD_BYTES, Records } from "../../../src/record.ts";
import { Syn, Traffic } from "./traffic.ts";

const SCANNER = "198.51.100.7";
/** The longest wait for a second look, and a second. */
const LOOKED_TWICE_S = 611;

/** Time passes while nothing comes, as in live capture. */
function pass(traffic: Traffic, seconds: number): Traffic {
  traffic.wait(seconds).detector.advance(traffic.timeUs);
  return traffic;
}

Deno.test("a sweep in which every host answers once is told when none was asked again, and not at the end alone", () => {
  const traffic = new Traffic();
  const dns = { kind: Kind.Udp, payload: 40 };
  for (let host = 1; host <= 60; host++) {
    const to = `203.0.113.${host}`;
    traffic.send({ from: SCANNER, to, sport: 40000, dport: 161, ...dns });
    traffic.send({ from: to, to: SCANNER, sport: 161, dport: 40000, ...dns, payload: 90 });
  }
  assert.deepEqual(pass(traffic, LOOKED_TWICE_S - 2).told(), []);
  assert.deepEqual(pass(traffic, 3).told().map(({ source }) => source), [SCANNER]);
});

Deno.test("ScandogDetector refuses options that contradict each other", () => {
  const options = scandogOptions({ memory: 4, scanWeight: 3 });
  assert.throws(() => new ScandogDetector(Records.allocate(1), options, () => {}), RangeError);
});

/** So many ports of the target whose attempts by the scanner have the same set of the smallest table. */
function portsOfOneSet(target: string, count: number): number[] {
  const SETS = 2048, hash = new Hash(1);
  const bytes = new Uint8Array(32), words = new Int32Array(bytes.buffer);
  bytes.set(parseAddress(SCANNER)!);
  bytes.set(parseAddress(target)!, 16);
  const [source, host] = [hash.address(words, 0), hash.address(words, 4)];
  const setOf = (port: number) =>
    hash.triple(source, host, targetKey(TargetClass.Tcp, port)) & SETS - 1;
  const ports = Array.from({ length: 65_535 - 1024 }, (_, i) => 1024 + i);
  for (let set = 0; set < SETS; set++) {
    const found = ports.filter((port) => setOf(port) === set);
    if (found.length >= count) return found.slice(0, count);
  }
  throw new RangeError(`no set has ${count} ports`);
}

Deno.test("an attempt that is displaced while it waits for an answer is judged as silent then", () => {
  const TARGET = "203.0.113.1", WAYS = 8, SCAN_WEIGHT = 21;
  // The first failure of a source nobody knows makes room before it counts.
  for (const [displaced, isTold] of [[SCAN_WEIGHT + 1, true], [SCAN_WEIGHT, false]] as const) {
    const traffic = new Traffic({ memory: 4, seed: 1 });
    // The target's side is seen: what it does not answer is silent.
    traffic.used("192.0.2.9", TARGET, 443);
    for (const [i, port] of portsOfOneSet(TARGET, WAYS + displaced).entries()) {
      traffic.send({ from: SCANNER, to: TARGET, dport: port, sport: 40000 + i, flags: Syn });
    }
    // No time passes in which an answer could come.
    assert.equal(traffic.told().length, isTold ? 1 : 0, `${displaced}`);
  }
});

Deno.test("process() takes as many records as it is told, and none of none", () => {
  const records = Records.allocate(3), begun: number[] = [];
  const account = new Proxy({}, {
    get: (_, name) => (value: number) => void (name === "begun" && begun.push(value)),
  }) as Account;
  const detector = new ScandogDetector(records, scandogOptions({ memory: 4, account }), () => {});
  for (let i = 0; i < 3; i++) {
    const base = i * RECORD_BYTES;
    records.bytes.set(parseAddress(SCANNER)!, base + Field.Source);
    records.bytes.set(parseAddress("203.0.113.1")!, base + Field.Destination);
    records.bytes[base + Field.Kind] = Kind.Tcp;
    records.bytes[base + Field.TcpFlags] = Syn;
    records.u16[(base + Field.DestinationPort) >> 1] = 22 + i;
    records.f64[base >> 3] = 1_790_000_000_000_000;
  }
  const taken = [[0, 0], [0, 2], [2 * RECORD_BYTES, 1]].map(([base, count]) => {
    detector.process(base, count);
    return begun.length;
  });
  assert.deepEqual(taken, [0, 2, 3]);
});

Deno.test("a scan does not end before its last attempts are judged, though others' wait before them", () => {
  const TARGET = "203.0.113.1", REFUSED = 10, SILENT = 5, JUDGED_AT_ONCE = 1024;
  const traffic = new Traffic({ endSilence: 5 });
  for (let port = 1; port <= REFUSED; port++) traffic.refused(SCANNER, TARGET, port);
  for (let i = 0; i < JUDGED_AT_ONCE + 50; i++) {
    const from = `10.${i >> 8}.${i & 255}.1`;
    traffic.send({ from, to: "203.0.113.9", dport: 443, sport: 50000, flags: Syn });
  }
  for (let i = 1; i <= SILENT; i++) {
    traffic.send({ from: SCANNER, to: TARGET, dport: 500 + i, sport: 40000, flags: Syn });
  }
  // Longer than a scan may be silent, shorter than a pause after which all that waits is judged at once.
  traffic.wait(9);
  for (let i = 0; i < 5; i++) traffic.used("192.0.2.9", TARGET, 443, 50000 + i);
  const [end, ...others] = traffic.scans();
  assert.deepEqual([end.ports.count, others], [REFUSED + SILENT, []]);
});
