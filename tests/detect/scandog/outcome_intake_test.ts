// The judging half without records, packets or ring: tables of outcomes in, scans out. And what the detector
// hands on, judged elsewhere, names the same sources.

import assert from "node:assert/strict";
import { parseAddress } from "../../../src/address.ts";
import type { Account } from "../../../src/detect/scandog/account/account.ts";
import type { Memory } from "../../../src/detect/scandog/memory.ts";
import { OutcomeIntake } from "../../../src/detect/scandog/outcome_intake.ts";
import { TargetClass, targetKey } from "../../../src/detect/scandog/probe/classes.ts";
import type { AttemptTable } from "../../../src/detect/scandog/table/attempt_table.ts";
import { Hash } from "../../../src/keyed_hash.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { type ScandogOptions, scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { DetectorEvent, ScanEvent } from "../../../src/event.ts";
import { type AttemptOutcome, decodeOutcome, encodeOutcome } from "../../../src/outcome.ts";
import { attemptOutcome, OUTCOME_START_US } from "../../support/outcomes.ts";
import { runCapture } from "../../support/run_capture.ts";
import { testCases } from "./corpus.ts";
import { Judged } from "./judged.ts";
import { Traffic } from "./traffic.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const SECOND_LOOK_MS = 610_000;

const SCANNER = "198.51.100.7", CLIENT = "198.51.100.40", SERVER = "203.0.113.10";

Deno.test("OutcomeIntake tells a scan by a table of outcomes alone, at its threshold and not before", () => {
  const judged = new Judged();
  for (let port = 21; port < 27; port++) judged.refused(SCANNER, port);
  assert.deepEqual(judged.named(), []);
  judged.refused(SCANNER, 27);
  judged.take({ port: 80, outcome: "half-open", facts: ["open", "replied", "reset"] });
  const [start, end] = [0, 1].map((i) => judged.scans()[i]);
  assert.equal(end, undefined);
  assert.deepEqual(
    [start.source, start.destination, start.ports.list, start.ports.closed, start.ttl],
    [SCANNER, SERVER, "21-27", 7, 50],
  );
  judged.intake.finish();
  const [last] = judged.events.filter(({ action }) => action === "scan-end") as ScanEvent[];
  assert.deepEqual([last.ports.list, last.ports.open, last.evidence, last.attempts], [
    "21-27,80",
    "80",
    "reset",
    8,
  ]);
});

/** Outcomes of one source that are a scan, and what they are told as. */
const SHAPES: Record<string, [Partial<AttemptOutcome>[], Partial<ScanEvent>]> = {
  "a sweep": [
    Array.from({ length: 8 }, (_, i) => ({ destination: `203.0.113.${i}`, port: 22 })),
    { shape: "horizontal", techniques: ["syn"] },
  ],
  "probes that no TCP sends": [
    [22, 23, 25].map((port) => ({
      port,
      outcome: "silent" as const,
      witness: "none" as const,
      techniques: ["null" as const],
      facts: [],
      tcpFlags: 0,
    })),
    { shape: "vertical", techniques: ["null"] },
  ],
  "silent pings of many hosts": [
    Array.from({ length: 14 }, (_, i) => ({
      destination: `203.0.113.${i}`,
      target: "ping" as const,
      port: 0,
      sourcePort: 0,
      outcome: "silent" as const,
      techniques: ["icmp-echo" as const],
      facts: [],
    })),
    { shape: "horizontal", techniques: ["icmp-echo"] },
  ],
  "an ARP sweep": [
    Array.from({ length: 20 }, (_, i) => ({
      destination: `203.0.113.${i}`,
      target: "arp" as const,
      port: 0,
      sourcePort: 0,
      ipVersion: 0,
      outcome: "silent" as const,
      techniques: ["arp" as const],
      facts: ["arp-in-order" as const],
    })),
    { shape: "horizontal", techniques: ["arp"] },
  ],
};

for (const [what, [outcomes, told]] of Object.entries(SHAPES)) {
  Deno.test(`OutcomeIntake finds ${what}`, () => {
    const judged = new Judged();
    for (const outcome of outcomes) judged.take(outcome);
    judged.wait(400).intake.finish();
    assert.deepEqual(judged.named(), [SCANNER]);
    const [{ shape, techniques }] = judged.scans();
    assert.deepEqual({ shape, techniques }, told);
  });
}

Deno.test("OutcomeIntake adds up what several sensors saw of one source", () => {
  const one = new Judged(), two = new Judged();
  for (let port = 21; port < 28; port++) {
    one.refused(SCANNER, 21 + (port % 4), 1);
    two.refused(SCANNER, port, port % 2);
  }
  assert.deepEqual([one.named(), two.named()], [[], [SCANNER]]);
});

Deno.test("OutcomeIntake lets what a source had used speak for it, of each sensor once", () => {
  const judge = (sensors: number, host: number) => {
    const judged = new Judged();
    for (let port = 5000; port < 5030; port++) {
      const uses = { all: host, host, port: 0 };
      judged.take({ source: CLIENT, port, sourcePort: 40000 + port, uses }, port % sensors);
    }
    return judged.named();
  };
  // Thirty failures are too few for sixteen successes (--failure-ratio 2), and enough for fifteen.
  assert.deepEqual(judge(1, 16), []);
  assert.deepEqual(judge(1, 15), [CLIENT], "however often it is said");
  assert.deepEqual(judge(2, 8), [], "two sensors saw other uses each");
});

Deno.test("OutcomeIntake takes back what its sensor takes back", () => {
  const judged = new Judged();
  for (let port = 21; port < 27; port++) judged.refused(CLIENT, port);
  const first = { source: CLIENT, port: 21, sourcePort: 50021 };
  judged.take({ ...first, outcome: "used", facts: ["open", "replied", "handshake"] });
  judged.refused(CLIENT, 27);
  assert.deepEqual(judged.named(), [], "one was used after all");
  const again = { outcome: "harmless", excuse: "came-again" } as const;
  judged.take({ source: CLIENT, port: 22, ...again }).refused(CLIENT, 28);
  assert.deepEqual(judged.named(), [], "another was a check");
  judged.refused(CLIENT, 29);
  assert.deepEqual(judged.named(), [CLIENT]);
});

Deno.test("OutcomeIntake knows nothing of an excuse for what it was never told", () => {
  const judged = new Judged();
  judged.take({ outcome: "harmless", excuse: "came-again" });
  for (let port = 22; port < 29; port++) judged.refused(SCANNER, port);
  assert.deepEqual(judged.named(), [SCANNER]);
});

Deno.test("OutcomeIntake waits for a second look at what is accepted, unless its sensor has waited", () => {
  const empty = { outcome: "empty", facts: ["open", "replied", "handshake"] } as const;
  for (const [isLooked, named] of [[false, []], [true, [SCANNER]]] as const) {
    const judged = new Judged();
    for (let port = 21; port < 45; port++) {
      const facts = [...empty.facts, ...(isLooked ? ["looked-twice" as const] : [])];
      judged.take({ ...empty, facts, port, sourcePort: 40000 + port });
    }
    assert.deepEqual(judged.named(), named);
    judged.wait(SECOND_LOOK_MS / 1000 + 1).wait(1);
    assert.deepEqual(judged.named(), [SCANNER]);
  }
});

Deno.test("OutcomeIntake takes a late refusal for what it is, and no silence after an answer", () => {
  const judged = new Judged();
  for (const outcome of ["silent", "refused", "silent"] as const) {
    for (let port = 21; port < 28; port++) {
      const facts = outcome === "refused" ? ["closed" as const] : [];
      judged.take({ port, sourcePort: 40000 + port, outcome, facts, firstUs: OUTCOME_START_US });
    }
  }
  judged.intake.finish();
  assert.deepEqual(judged.named(), [SCANNER]);
  const end = judged.events.find(({ action }) => action === "scan-end") as ScanEvent;
  assert.deepEqual([end.attempts, end.ports.closed, end.ports.silent], [7, 7, 0]);
});

Deno.test("OutcomeIntake tells a scanner that returns again, with a number of its own", () => {
  const judged = new Judged();
  for (let time = 0; time < 3; time++) {
    for (let port = 21; port < 28; port++) judged.refused(SCANNER, port);
    judged.wait(4000);
  }
  assert.deepEqual(judged.named(), [SCANNER, SCANNER, SCANNER]);
  assert.equal(new Set(judged.scans().map(({ scan }) => scan)).size, 3);
});

Deno.test("OutcomeIntake finds a scanner after more sources than its tables have places for", () => {
  const judged = new Judged({ memory: 4 });
  for (let i = 0; i < 60_000; i++) {
    // Each of another network, at another port.
    const source = `${1 + (i >> 8 & 127)}.${i & 255}.${i >> 15}.9`;
    judged.take({ source, port: 1024 + i * 7 % 60_000, signature: i });
  }
  for (let port = 21; port < 28; port++) judged.refused(SCANNER, port);
  assert.ok(judged.named().includes(SCANNER));
});

Deno.test("OutcomeIntake throws for what is no address, and for impossible options", () => {
  const judged = new Judged();
  assert.throws(() => judged.take({ source: "here" }), TypeError);
  assert.throws(() => judged.take({ destination: "" }), TypeError);
  assert.throws(() => new Judged({ scanWeight: 1 }), RangeError);
});

/** What the detector hands on, as it would arrive elsewhere. */
function handedOn(make: (takeOutcome: (outcome: AttemptOutcome) => void) => void) {
  const outcomes: AttemptOutcome[] = [];
  make((outcome) => outcomes.push(decodeOutcome(encodeOutcome(outcome))!));
  return outcomes;
}

Deno.test("the detector hands on what failed, and nothing of who only uses what there is", () => {
  const outcomes = handedOn((takeOutcome) => {
    const traffic = new Traffic({ takeOutcome });
    for (let i = 0; i < 20; i++) traffic.used(CLIENT, SERVER, 443 + i, 50000 + i);
    traffic.refused(CLIENT, SERVER, 81).refused(SCANNER, SERVER, 22).wait(5).refused(
      SCANNER,
      SERVER,
      23,
    );
    traffic.used(SCANNER, SERVER, 443);
    traffic.detector.finish();
  });
  assert.deepEqual(
    outcomes.map((
      { source, port, outcome, witness, uses },
    ) => [source, port, outcome, witness, uses.host]),
    [
      [CLIENT, 81, "refused", "target", 20],
      [SCANNER, 22, "refused", "target", 0],
      [SCANNER, 23, "refused", "target", 0],
      [SCANNER, 443, "used", "target", 1],
    ],
  );
});

Deno.test("the detector hands on what is accepted once it was looked at twice, and takes it back", () => {
  const outcomes = handedOn((takeOutcome) => {
    const traffic = new Traffic({ takeOutcome });
    traffic.empty(CLIENT, SERVER, 8080, 50001).wait(SECOND_LOOK_MS / 1000 + 1).refused(
      SCANNER,
      SERVER,
      22,
    ).wait(1);
    traffic.refused(SCANNER, SERVER, 23).wait(1).empty(CLIENT, SERVER, 8080, 50002);
    traffic.detector.finish();
  }).filter(({ source }) => source === CLIENT);
  assert.deepEqual(
    outcomes.map(({ outcome, excuse, facts }) => [outcome, excuse, facts.includes("looked-twice")]),
    [["empty", undefined, true], ["harmless", "came-again", true]],
  );
});

Deno.test("the detector says the same, asked for its outcomes or not", () => {
  let told = 0;
  for (const { name, file } of testCases().filter((_, i) => i % 10 === 0)) {
    const run = (options: Partial<ScandogOptions>) =>
      runCapture(
        file,
        (records, emit) => new ScandogDetector(records, scandogOptions(options), emit),
      )
        .events;
    const events = run({});
    assert.deepEqual(run({ takeOutcome: () => {} }), events, name);
    told += events.length;
  }
  assert.ok(told > 20, `${told} events`);
});

Deno.test("what the detector hands on of each case, judged elsewhere, names the same sources", () => {
  const named = (events: DetectorEvent[]) =>
    [...new Set(events.flatMap((event) => event.action === "scan-start" ? [event.source] : []))]
      .sort();
  const cases = testCases();
  let found = 0;
  for (const { name, file } of cases) {
    let events: DetectorEvent[] = [];
    const outcomes = handedOn((takeOutcome) => {
      const options = scandogOptions({ memory: 16, takeOutcome });
      events = runCapture(file, (records, emit) =>
        new ScandogDetector(records, options, emit)).events;
    });
    const judged: DetectorEvent[] = [];
    // Elsewhere the hashes have another key.
    const options = scandogOptions({ memory: 16, seed: 77 });
    const intake = new OutcomeIntake(options, (event) => judged.push(event));
    for (const outcome of outcomes) intake.take(outcome);
    intake.finish();
    assert.deepEqual(named(judged), named(events), name);
    found += named(events).length;
  }
  assert.ok(cases.length > 200 && found > 150, `${found} sources in ${cases.length} cases`);
});

Deno.test("OutcomeIntake judges what gives way in a full set, however often one does", () => {
  const SETS = 2048, WAYS = 8, hash = new Hash(1), key = targetKey(TargetClass.Tcp, 22);
  const words = new Int32Array(8), bytes = new Uint8Array(words.buffer);
  bytes.set(parseAddress("10.0.0.0")!);
  bytes.set(parseAddress(SERVER)!, 16);
  const server = hash.address(words, 4);
  /** Sources whose attempts at the server have the first set. */
  const sources: string[] = [];
  for (let i = 0; sources.length < WAYS + 6; i++) {
    bytes.set([i >> 16, i >> 8, i], 13);
    if ((hash.triple(hash.address(words, 0), server, key) & SETS - 1) !== 0) continue;
    sources.push(`10.${bytes.subarray(13, 16).join(".")}`);
  }
  let table: AttemptTable | undefined;
  const noted = new Proxy({}, {
    get: (_, name) => name === "open" ? (memory: Memory) => table = memory.table : () => {},
  });
  const judged = new Judged({ memory: 4, seed: 1, account: noted as Account });
  for (const source of sources) judged.take({ source, outcome: "used" });
  const known = sources.filter((source) => judged.intake.find(attemptOutcome({ source })) >= 0);
  assert.deepEqual([known.length, known.at(-1)], [WAYS, sources.at(-1)]);
  assert.ok(table!.moveAside(table!.placeFor(0)) >= 0, "there is a slot for the next one");
});
