// When the detector judges what waits for an answer, and when it looks after scans and floods: by calls counted, at
// times set to the millisecond.

import assert from "node:assert/strict";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { DetectorEvent } from "../../../src/event.ts";
import { RECORD_BYTES, Records } from "../../../src/record.ts";
import { type Packet, writePacket } from "./packet.ts";
import { Ack, Syn, Traffic } from "./traffic.ts";

const SOURCE = "198.51.100.7", TARGET = "203.0.113.10";
/** --answer-wait. */
const WAIT_MS = 4000;
const START_MS = 1_790_000_000_000;

/** What is counted: attempts judged as silent, and turns of each part. */
const PARTS = {
  settled: ["observer", "silence", "settleOldest"],
  flood: ["judge", "flood", "turn"],
  secondLook: ["judge", "turnSecondLook"],
  misuse: ["misuse", "turn"],
  scans: ["judge", "turn"],
} as const;
type Part = keyof typeof PARTS;

/** A detector of which calls are counted. */
class Watched {
  readonly records = Records.allocate(4);
  readonly events: DetectorEvent[] = [];
  readonly detector = new ScandogDetector(
    this.records,
    scandogOptions({ memory: 4, floodRate: 100_000 }),
    (event) => this.events.push(event),
  );
  private counts: Partial<Record<Part, number>> = {};
  private sources = 0;
  private ms = START_MS;

  constructor() {
    for (const part of Object.keys(PARTS) as Part[]) {
      const path = [...PARTS[part]] as string[], name = path.pop()!;
      // deno-lint-ignore no-explicit-any
      const owner = path.reduce<any>((object, key) => object[key], this.detector);
      const own = owner[name].bind(owner);
      owner[name] = (...given: unknown[]) => {
        this.counts[part] = (this.counts[part] ?? 0) + 1;
        return own(...given);
      };
    }
  }

  /** What was called since this was last asked. */
  calls(): Partial<Record<Part, number>> {
    const { counts } = this;
    this.counts = {};
    return counts;
  }

  wait(ms: number): this {
    this.ms += ms;
    return this;
  }

  packet(packet: Packet): this {
    writePacket(this.records, packet, this.ms * 1000);
    this.detector.process(0, 1);
    return this;
  }

  /** SYNs of so many sources that nobody answers, each to a host of its own. */
  probes(count: number): this {
    for (let i = 0; i < count; i++, this.sources++) {
      const place = `${this.sources >> 8}.${this.sources & 255}`;
      this.packet({
        from: `10.${place}.1`,
        to: `192.0.${place}`,
        sport: 50_000,
        dport: 443,
        flags: Syn,
        seq: 7,
      });
    }
    return this;
  }

  /** A packet that begins nothing. */
  other(): this {
    return this.packet({ from: SOURCE, to: "224.0.0.1", kind: 2 });
  }

  advance(): this {
    this.detector.advance(this.ms * 1000);
    return this;
  }
}

const TURN = { flood: 1, secondLook: 1, misuse: 1, scans: 1 };

Deno.test("packets make a turn due every half second, and the first one of a capture", () => {
  const watched = new Watched().other();
  assert.deepEqual(watched.calls(), TURN);
  assert.deepEqual(watched.wait(499).other().calls(), {});
  assert.deepEqual(watched.wait(1).other().calls(), TURN);
  assert.deepEqual(watched.other().calls(), {}, "once in a millisecond");
  assert.deepEqual(watched.wait(499).other().calls(), {});
  assert.deepEqual(watched.wait(1).other().calls(), TURN);
});

Deno.test("time alone makes a turn at each call", () => {
  const watched = new Watched().other();
  watched.calls();
  assert.deepEqual(watched.wait(1).advance().calls(), TURN);
  assert.deepEqual(watched.advance().calls(), TURN);
  assert.deepEqual(watched.wait(499).other().calls(), {}, "counts from the latest turn");
  assert.deepEqual(watched.wait(1).other().calls(), TURN);
});

Deno.test("for each millisecond that passed 64 attempts are judged, and 1024 at most", () => {
  const watched = new Watched().probes(3300).wait(WAIT_MS - 1).other();
  assert.equal(watched.calls().settled, undefined, "too soon");
  const judged = (ms: number) => watched.wait(ms).other().calls().settled;
  assert.deepEqual([1, 0, 1, 2, 15, 16, 17].map(judged), [64, undefined, 64, 128, 960, 1024, 1024]);
});

Deno.test("while attempts are overdue a turn looks after floods alone, and the next packet tries again", () => {
  const watched = new Watched().probes(1200);
  watched.calls();
  assert.deepEqual(watched.wait(WAIT_MS).other().calls(), { settled: 1024, flood: 1 });
  assert.deepEqual(watched.wait(1).other().calls(), { settled: 64, flood: 1 });
  assert.deepEqual(watched.wait(20).other().calls(), { ...TURN, settled: 1200 - 1024 - 64 });
});

Deno.test("after a pause of ten seconds a packet makes all be judged that waits, and after a shorter one not", () => {
  for (const [ms, settled] of [[9999, 1024], [10_000, 1500]] as const) {
    const watched = new Watched().other().probes(1500);
    watched.calls();
    assert.equal(watched.wait(ms).other().calls().settled, settled, `${ms} ms`);
  }
});

Deno.test("time alone makes all be judged that is due, however many", () => {
  const watched = new Watched().probes(1500);
  watched.calls();
  assert.equal(watched.wait(WAIT_MS - 1).advance().calls().settled, undefined);
  assert.equal(watched.wait(1).advance().calls().settled, 1500);
});

Deno.test("dueUs() is when the oldest attempt has waited, in microseconds, and long ago once it is overdue", () => {
  const watched = new Watched().probes(1030);
  assert.equal(watched.detector.dueUs(), (START_MS + WAIT_MS) * 1000);
  watched.wait(WAIT_MS - 1).other();
  assert.equal(watched.detector.dueUs(), (START_MS + WAIT_MS) * 1000);
  // A part of them is judged in the moment in which all are due.
  watched.wait(1).other();
  assert.equal(watched.detector.dueUs(), -Infinity);
  watched.wait(30).other();
  const j = Reflect.get(watched.detector, "judge");
  console.warn(
    watched.calls(),
    j.scans.dueMs(),
    j.visits.ration.dueMs(),
    j.secondLook.queue.dueMs(),
    j.answeredOnce.queue.dueMs(),
    j.flood.dueMs(),
    Reflect.get(watched.detector, "misuse").dueMs(),
    watched.events.map((e) => e.action),
  );
  assert.equal(watched.detector.dueUs(), Infinity);
});

/** Records of one used connection that lie in a row, and what is known of time once they are processed. */
function clockAfter(times: readonly number[], count: number): number {
  const records = Records.allocate(times.length);
  const detector = new ScandogDetector(records, scandogOptions({ memory: 4 }), () => {});
  const one = Records.allocate(1);
  const up = { from: SOURCE, to: TARGET, sport: 40_000, dport: 443 };
  const put = (packet: Packet, timeUs: number, index = 0) => {
    writePacket(one, packet, timeUs);
    records.bytes.set(one.bytes, index * RECORD_BYTES);
  };
  // Data of both sides: a connection from before the capture, which is used.
  put({ ...up, flags: Ack, seq: 1, ack: 7, payload: 5 }, times[0]);
  detector.process(0, 1);
  put(
    { from: TARGET, to: SOURCE, sport: 443, dport: 40_000, flags: Ack, seq: 7, ack: 6 },
    times[0],
  );
  detector.process(0, 1);
  times.forEach((timeUs, i) => put({ ...up, flags: Ack, seq: 6 + i, ack: 7 }, timeUs, i));
  detector.process(0, count);
  return Reflect.get(detector, "clock").lastUs;
}

Deno.test("after a row that needs no look the time is that of its last packet, and of none behind it", () => {
  const us = START_MS * 1000;
  assert.equal(clockAfter([us, us + 5, us + 9], 2), us + 5);
  assert.equal(clockAfter([us, us + 5, us + 9], 3), us + 9);
  assert.equal(clockAfter([us, us + 5, us + 2000], 2), us + 5);
  assert.equal(clockAfter([us, us + 5, us + 2000], 3), us + 2000);
});

Deno.test("what a flood left no time for, and was not handed on, is counted when the capture ends", () => {
  const floodRate = 600, FORGED = 700;
  const traffic = new Traffic({ memory: 4, floodRate }, 0);
  for (let i = 0; i < FORGED; i++) {
    const from = `${1 + (i >> 8)}.${i & 255}.7.9`;
    traffic.send({ from, to: TARGET, sport: 1024 + i, dport: 80, flags: Syn, seq: 7 + i });
  }
  traffic.detector.finish();
  const floods = traffic.events.flatMap((event) =>
    event.action === "flood" && event.phase === "end" ? [event.packets] : []
  );
  assert.deepEqual(floods, [FORGED]);
});

Deno.test("the end of a capture ends scans, floods, misuse and visits, whatever still waits", () => {
  const traffic = new Traffic({ memory: 4 });
  for (let port = 1; port <= 30; port++) {
    traffic.send({ from: SOURCE, to: TARGET, sport: 40_000, dport: port, flags: Syn, seq: port });
  }
  assert.deepEqual(traffic.events, []);
  traffic.detector.finish();
  assert.deepEqual(traffic.events.map(({ action }) => action), ["scan-start", "scan-end"]);
});
