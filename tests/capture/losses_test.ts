import assert from "node:assert/strict";
import { LossReport } from "../../src/capture/losses.ts";

const NONE = { kernel: 0, interface: 0, ring: 0, lookedUs: 0 };
const SECOND = 1_000_000;

Deno.test("LossReport says a loss once, with the interval since the last look without one", () => {
  const report = new LossReport("scandog", 0);
  assert.equal(report.check({ ...NONE, lookedUs: SECOND }, SECOND), undefined);
  const lost = { kernel: 7, interface: 1, ring: 2, lookedUs: 2 * SECOND };
  const event = report.check(lost, 2 * SECOND);
  assert.deepEqual(
    [event?.startUs, event?.endUs, event?.kernel, event?.interface, event?.ring],
    [1 * SECOND, 2 * SECOND, 7, 1, 2],
  );
  assert.equal(report.check(lost, 3 * SECOND), undefined);
});

Deno.test("LossReport gathers losses that follow within five seconds into one event", () => {
  const report = new LossReport("scandog", 0);
  assert.ok(report.check({ ...NONE, kernel: 1 }, SECOND));
  for (let i = 2; i < 6; i++) {
    assert.equal(report.check({ ...NONE, kernel: i }, i * SECOND), undefined, `second ${i}`);
  }
  const event = report.check({ ...NONE, kernel: 6 }, 6 * SECOND);
  assert.deepEqual([event?.startUs, event?.endUs, event?.kernel], [SECOND, 6 * SECOND, 5]);
});

Deno.test("LossReport says what is left at the end, and survives a clock that stepped back", () => {
  const report = new LossReport("scandog", 10 * SECOND);
  assert.ok(report.check({ ...NONE, ring: 1 }, 11 * SECOND));
  const event = report.check({ ...NONE, ring: 4 }, 2 * SECOND, true);
  assert.equal(event?.ring, 3);
  assert.ok(event!.startUs <= event!.endUs);
});

Deno.test("LossReport begins the interval when the counters were read, not when it was asked", () => {
  const report = new LossReport("scandog", 0);
  for (let i = 1; i <= 30; i++) {
    // Stopped from 1.5 s to 3 s, and asked once before the counters are read again.
    const asked = { ...NONE, lookedUs: SECOND };
    if (i < 15 || i === 30) assert.equal(report.check(asked, i * SECOND / 10), undefined);
  }
  const event = report.check({ ...NONE, kernel: 9, lookedUs: 3.05 * SECOND }, 3.1 * SECOND);
  assert.deepEqual([event?.startUs, event?.endUs], [SECOND, 3.1 * SECOND]);
  const next = report.check({ ...NONE, kernel: 10, lookedUs: 9 * SECOND }, 9.1 * SECOND);
  assert.equal(next?.startUs, 3.05 * SECOND);
});
