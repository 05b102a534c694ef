// What time alone makes due: a detector that is called when it asked to be (`dueUs`) says the same as one
// that is called ten times a second, and as soon.

import assert from "node:assert/strict";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { Emit } from "../../../src/event.ts";
import { RECORD_BYTES, type Records } from "../../../src/record.ts";
import { runCapture } from "../../support/run_capture.ts";
import { testCases } from "./corpus.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const SECOND_LOOK_MS = 610_000;

/** As in pipeline.ts: how far time is behind the clock, how often it passes anyhow, and at most. */
const HELD_US = 200_000, BEAT_US = 1_000_000, LEAST_US = 20_000;
const OFTEN_US = 100_000;
/** Longer than what waits for a second look does. */
const TAIL_US = (SECOND_LOOK_MS + 10_000) * 1000;

interface Said {
  what: string;
  nowUs: number;
}

/** Feeds a capture as live capture does: while nothing comes, time passes at the moments that `next` gives. */
function live(file: string, next: (detector: ScandogDetector, nowUs: number) => number) {
  const said: Said[] = [];
  let calls = 0;
  runCapture(file, (records: Records, emit: Emit) => {
    let nowUs = -Infinity, isOver = false;
    const detector = new ScandogDetector(records, scandogOptions({}), (event) => {
      const whose = "source" in event ? event.source : "";
      if (!isOver) said.push({ what: `${event.action} ${whose}`, nowUs });
      emit(event);
    });
    const passUntil = (untilUs: number) => {
      if (nowUs === -Infinity) nowUs = untilUs;
      for (let dueUs = next(detector, nowUs); dueUs < untilUs; dueUs = next(detector, nowUs)) {
        nowUs = dueUs;
        detector.advance(nowUs - HELD_US);
        calls++;
      }
      nowUs = Math.max(nowUs, untilUs);
    };
    return {
      process(base, count) {
        for (let at = base; at < base + count * RECORD_BYTES; at += RECORD_BYTES) {
          passUntil(records.timeUs(at));
          detector.process(at, 1);
        }
      },
      finish() {
        passUntil(nowUs + TAIL_US);
        isOver = true;
        detector.finish();
      },
    };
  });
  return { said, calls };
}

/** Cases of hours would take minutes ten times a second, and have nothing that others have not. */
const isShort = (file: string) => {
  let firstUs = NaN, lastUs = NaN;
  runCapture(file, (records) => ({
    process(base, count) {
      if (count === 0) return;
      firstUs = Number.isNaN(firstUs) ? records.timeUs(base) : firstUs;
      lastUs = records.timeUs(base + (count - 1) * RECORD_BYTES);
    },
    finish() {},
  }));
  return lastUs - firstUs < 600_000_000;
};

const byName = (said: Said[]) =>
  said.toSorted((a, b) => a.what < b.what ? -1 : a.what > b.what ? 1 : a.nowUs - b.nowUs);

Deno.test("dueUs() is never later than what advance() has to say, in every capture", () => {
  let events = 0, often = 0, asked = 0;
  for (const { name, file } of testCases().filter(({ file }) => isShort(file))) {
    const before = live(file, (_, nowUs) => nowUs + OFTEN_US);
    const now = live(file, (detector, nowUs) => {
      const dueUs = detector.dueUs();
      return Math.max(nowUs + LEAST_US, Math.min(nowUs + BEAT_US, dueUs + HELD_US));
    });
    // Two that fall due within a tenth of a second may change their order.
    const [ours, theirs] = [now.said, before.said].map(byName);
    assert.deepEqual(ours.map(({ what }) => what), theirs.map(({ what }) => what), name);
    for (const [i, { what, nowUs }] of ours.entries()) {
      assert.ok(nowUs <= theirs[i].nowUs + LEAST_US, `${name}: ${what}`);
    }
    events += now.said.length;
    often += before.calls;
    asked += now.calls;
  }
  assert.ok(events > 100, `${events} events`);
  assert.ok(asked < often / 5, `${asked} calls, not ${often}`);
});

Deno.test("dueUs() is infinite where nothing waits, and the beat could be any", () => {
  let detector: ScandogDetector | undefined;
  runCapture(testCases()[0].file, (records, emit) => {
    detector = new ScandogDetector(records, scandogOptions({}), emit);
    return { process: () => {}, finish: () => {} };
  });
  assert.equal(detector!.dueUs(), Infinity);
  detector!.advance(1_790_000_000_000_000);
  assert.equal(detector!.dueUs(), Infinity);
});
