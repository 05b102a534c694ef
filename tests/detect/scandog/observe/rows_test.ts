// Records that are passed over in a row: what is told is the same as where each has its look.

import assert from "node:assert/strict";
import { ScandogDetector } from "../../../../src/detect/scandog/detector.ts";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Observer } from "../../../../src/detect/scandog/observe/observer.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import type { FlowNotes } from "../../../../src/detector.ts";
import type { DetectorEvent, Emit } from "../../../../src/event.ts";
import { Kind, Quirk, RECORD_BYTES, Records } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";
import { Random } from "../../../support/random.ts";
import { runCapture } from "../../../support/run_capture.ts";
import { testCases } from "../corpus.ts";
import { Ack, Fin, Psh, Rst, Syn, Traffic } from "../traffic.ts";

/** A detector that looks at each record by itself, and one that passes rows over and counts what it passed. */
function twoOf(records: Records, emit: [Emit, Emit]) {
  const [plain, rows] = emit.map((to) =>
    new ScandogDetector(records, scandogOptions({ floodRate: 500 }), to)
  );
  Object.assign(Reflect.get(plain, "observer").rows, { pass: (base: number) => base });
  const passed = { count: 0 };
  const own = Reflect.get(rows, "observer").rows;
  const pass = own.pass.bind(own);
  Object.assign(own, {
    pass(base: number, end: number) {
      const next = pass(base, end);
      passed.count += (next - base) / RECORD_BYTES;
      return next;
    },
  });
  return { both: [plain, rows], passed };
}

Deno.test("rows of records leave every capture's events as they are", () => {
  let passed = 0;
  for (const { file } of testCases()) {
    const other: DetectorEvent[] = [];
    const { events } = runCapture(
      file,
      (records, emit) => {
        const two = twoOf(records, [emit, (event) => other.push(event)]);
        return {
          process: (base, count) => two.both.forEach((one) => one.process(base, count)),
          finish() {
            two.both.forEach((one) => one.finish());
            passed += two.passed.count;
          },
        };
      },
      {},
      257,
    );
    assert.deepEqual(other, events, file);
  }
  assert.ok(passed > 1000, `${passed} passed over`);
});

/** What rows write to. */
function stateOf(detector: ScandogDetector) {
  const { attempts } = Reflect.get(detector, "observer");
  const { tags, ...gate } = Reflect.get(attempts, "gate");
  const { now, complete } = attempts.unfollowed;
  const { clock, table } = Reflect.get(detector, "memory");
  return { gate, known: tags.filter(Boolean).length, now, complete, clock, size: table.size };
}

/** Traffic in which clients talk, sources are forged by the thousand, and clocks do what they should not. */
function confusedTraffic(seed: number, count: number): Records {
  const random = new Random(seed);
  const traffic = new Traffic({}, 30);
  const records = Records.allocate(count);
  const ports = [443, 80, 53, 50_000];
  for (let i = 0; i < count; i++) {
    const client = `198.51.100.${1 + random.below(30)}`, server = `192.0.2.${1 + random.below(2)}`;
    const sport = 50_000 + random.below(3), dport = ports[random.below(ports.length)];
    const flood = `${1 + random.below(220)}.${random.below(256)}.${random.below(256)}.9`;
    const up = { from: client, to: server, sport, dport, seq: 1001, ack: 5001 };
    const down = { from: server, to: client, sport: dport, dport: sport, seq: 5001, ack: 1001 };
    const step = random.below(100);
    if (random.below(200) === 0) traffic.timeUs += random.below(3) * 150_000;
    if (random.below(500) === 0) traffic.timeUs -= random.below(100_000);
    if (step < (i % 4096 < 2048 ? 85 : 40)) {
      const isBurst = i % 4096 < 2048; // so that the gate shuts and opens
      const flags = i % 1024 < 700 ? Syn : [0, Fin, Ack, Syn | Ack][random.below(4)];
      const from = isBurst ? (random.below(50) > 0 ? flood : "224.0.0.7") : client;
      traffic.send({ from, to: isBurst ? "192.0.2.1" : server, sport, dport, flags });
    } else if (step < 46) traffic.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 });
    else if (step < 52) traffic.send({ ...down, flags: Syn | Ack, seq: 5000 });
    else if (step < 72) traffic.send({ ...up, flags: Ack | Psh, payload: random.below(2) * 90 });
    else if (step < 92) traffic.send({ ...down, flags: Ack, payload: random.below(2) * 900 });
    else if (step < 94) traffic.send({ ...up, flags: Rst });
    else if (step < 96) traffic.send({ ...down, flags: Fin | Ack });
    else if (step < 97) traffic.send({ ...up, flags: Syn, quirks: Quirk.LinkMulticast });
    else if (step < 98) traffic.send({ from: flood, to: "224.0.0.5", sport, dport, flags: Syn });
    else if (step < 99) traffic.udp(client, server, dport, sport);
    else traffic.send({ from: server, to: server, sport, dport: sport, flags: Syn }); // LAND
    records.bytes.set(traffic.records.bytes, i * RECORD_BYTES);
  }
  return records;
}

Deno.test("rows of records leave the events of floods and of clocks that step back as they are", () => {
  for (let seed = 1; seed <= 3; seed++) {
    const count = 30_000;
    const records = confusedTraffic(seed, count);
    const told: [DetectorEvent[], DetectorEvent[]] = [[], []];
    const { both, passed } = twoOf(records, [
      (event) => told[0].push(event),
      (event) => told[1].push(event),
    ]);
    for (let i = 0; i < count; i += 50) {
      both.forEach((one) => one.process(i * RECORD_BYTES, 50));
      assert.deepEqual(stateOf(both[1]), stateOf(both[0]), `seed ${seed}, record ${i}`);
    }
    both.forEach((one) => one.finish());
    assert.ok(passed.count > count / 10, `seed ${seed}: ${passed.count} passed over`);
    assert.ok(told[0].length > 0);
    assert.deepEqual(told[1], told[0], `seed ${seed}`);
  }
});

/** How many of these segments of one used flow are passed over, where the packet before came at `lastUs`. */
function passedOf(segments: readonly Made[], lastUs = NaN, count = segments.length): number {
  const records = recordsOf(segments.map((made) => ({ flags: Ack, ...made })));
  const memory = new Memory(scandogOptions({ memory: 4 }));
  const { attempts, rows } = new Observer(memory, new View(memory), records);
  attempts.used.add(attempts.packet.flowHashAt(0));
  if (!Number.isNaN(lastUs)) memory.clock.advance(lastUs);
  return rows.pass(0, count * RECORD_BYTES) / RECORD_BYTES;
}

Deno.test("a row ends with its millisecond, and with a packet that came before the one before it", () => {
  const at = (...times: number[]) => passedOf(times.map((timeUs) => ({ timeUs })), 5_000_000);
  assert.equal(at(5_000_000, 5_000_000), 2, "at one time");
  assert.equal(at(5_000_998, 5_000_999), 2, "its last microsecond");
  assert.equal(at(5_000_999, 5_001_000), 1, "the first of the next");
  assert.equal(at(4_999_999), 0, "before the packet before the row");
  assert.equal(at(5_000_007, 5_000_006, 5_000_008), 1, "before a packet of the row");
  assert.equal(passedOf([{ timeUs: 5_000_000 }]), 0, "no packet before");
});

Deno.test("a row ends with what is no segment of a used flow, and where the caller says", () => {
  const timeUs = 5_000_000;
  const passed = (made: Made, count = 3) =>
    passedOf([{ timeUs }, { timeUs, ...made }, { timeUs }], timeUs, count);
  assert.deepEqual([passed({}, 3), passed({}, 2), passed({}, 0)], [3, 2, 0]);
  for (const other of [{ kind: Kind.Udp }, { sourcePort: 40_001 }, { flags: Syn }, { flags: 0 }]) {
    assert.equal(passed(other), 1, JSON.stringify(other));
  }
  for (const flags of [Rst, Rst | Ack, Fin | Ack, Syn | Ack]) assert.equal(passed({ flags }), 3);
});

Deno.test("a flow is said to be used once, and to be forgotten where it was known, each with its record", () => {
  const records = recordsOf([{ flags: Ack }, { flags: Ack }]);
  const said: [what: string, base: number, flow: number][] = [];
  const flows: FlowNotes = {
    used: (base, flow) => said.push(["used", base, flow]),
    forgotten: (base, flow) => said.push(["forgotten", base, flow]),
  };
  const memory = new Memory(scandogOptions({ memory: 4, flows }));
  const { attempts } = new Observer(memory, new View(memory), records);
  attempts.packet.read(RECORD_BYTES);
  const flow = attempts.packet.flowHash();
  attempts.forgetFlow();
  attempts.knowFlow(flow);
  attempts.knowFlow(flow);
  assert.deepEqual(said, [["used", RECORD_BYTES, flow]]);
  attempts.forgetFlow();
  attempts.forgetFlow();
  assert.deepEqual(said.slice(1), [["forgotten", RECORD_BYTES, flow]]);
});
