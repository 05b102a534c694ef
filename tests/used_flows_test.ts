import assert from "node:assert/strict";
import { TcpFlag } from "../src/record.ts";
import { isKnownSegment, OPENING_SEGMENTS, UsedFlows } from "../src/used_flows.ts";

/** Five hashes of one set of a cache of so many places. */
const CAPACITY = 64;
const SAME_SET = [1, 2, 3, 4, 5].map((i) => i * CAPACITY + 7);

Deno.test("UsedFlows knows four flows of one set, and the one added longest ago gives way to a fifth", () => {
  const flows = new UsedFlows(CAPACITY);
  for (const hash of SAME_SET.slice(0, 4)) flows.add(hash);
  for (const hash of SAME_SET.slice(0, 4)) assert.ok(flows.has(hash), `${hash}`);
  flows.add(SAME_SET[4]);
  assert.deepEqual(SAME_SET.map((hash) => flows.has(hash)), [false, true, true, true, true]);
});

Deno.test("UsedFlows adds a flow once: it pushes no other out", () => {
  const flows = new UsedFlows(CAPACITY);
  for (const hash of SAME_SET.slice(0, 4)) flows.add(hash);
  for (let i = 0; i < 10; i++) flows.add(SAME_SET[2]);
  for (const hash of SAME_SET.slice(0, 4)) assert.ok(flows.has(hash), `${hash}`);
});

Deno.test("UsedFlows forgets one flow and keeps the others of its set; 0 is never known", () => {
  const flows = new UsedFlows(CAPACITY);
  for (const hash of SAME_SET.slice(0, 4)) flows.add(hash);
  flows.forget(SAME_SET[1]);
  assert.deepEqual(SAME_SET.slice(0, 4).map((hash) => flows.has(hash)), [true, false, true, true]);
  flows.forget(12345);
  assert.ok(!flows.has(0));
});

Deno.test("UsedFlows says which flow is new, which was there, and when there is none", () => {
  const flows = new UsedFlows(CAPACITY);
  assert.equal(flows.isEmpty, true);
  assert.deepEqual([flows.add(7), flows.add(7), flows.isEmpty], [true, false, false]);
  assert.deepEqual([flows.forget(7), flows.forget(7)], [true, false]);
  flows.add(7);
  flows.clear();
  assert.deepEqual([flows.has(7), flows.isEmpty], [false, true]);
});

Deno.test("UsedFlows keeps to its places for every hash, the largest and negative ones too", () => {
  const flows = new UsedFlows(CAPACITY);
  for (const hash of [-1, -(2 ** 31), 2 ** 31 - 1, CAPACITY - 1]) {
    flows.add(hash);
    assert.ok(flows.has(hash), `${hash}`);
  }
});

Deno.test("UsedFlows knows no hash that is nearly one of those in its set, in whichever place that is", () => {
  for (let place = 0; place < 4; place++) {
    const flows = new UsedFlows(CAPACITY);
    for (const hash of SAME_SET.slice(0, 4)) flows.add(hash);
    const known = SAME_SET[3 - place];
    // The lowest two bits choose no set.
    for (const other of [known ^ 1, known ^ 2, known ^ (1 << 31)]) assert.ok(!flows.has(other));
  }
});

Deno.test("UsedFlows knows nothing after it was cleared, and as many flows as it has places before", () => {
  const flows = new UsedFlows(CAPACITY);
  const all = Array.from({ length: CAPACITY }, (_, i) => i + 1024);
  for (const hash of all) flows.add(hash);
  assert.ok(all.every((hash) => flows.has(hash)));
  flows.clear();
  assert.ok(![...all, 1, -1].some((hash) => flows.has(hash)));
});

Deno.test("of a used flow data, acknowledgements, answers and ends tell nothing new, whatever else they say", () => {
  const { Fin, Syn, Rst, Psh, Ack, Urg, Ece, Cwr } = TcpFlag;
  const known = [Ack, Ack | Fin, Ack | Rst, Ack | Fin | Rst, Rst, Syn | Ack];
  const rest = [0, Psh, Urg, Ece, Cwr, Psh | Urg | Ece | Cwr];
  for (let control = 0; control < 32; control++) {
    if ((control & Psh) !== 0) continue;
    for (const more of rest) {
      assert.equal(isKnownSegment(control | more), known.includes(control), `${control} ${more}`);
    }
  }
});

Deno.test("SYN without ACK may begin a flow anew, whatever else it says", () => {
  const { Syn, Psh, Ack } = TcpFlag;
  for (let control = 0; control < 32; control++) {
    if ((control & Psh) !== 0) continue;
    const opens = (OPENING_SEGMENTS >>> control & 1) !== 0;
    assert.equal(opens, (control & (Syn | Ack)) === Syn, `${control}`);
  }
});
