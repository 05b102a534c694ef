// Lines as nobody meant them: members exchanged for others, or gone. Whatever a log holds, a report is made,
// and says nothing that is no text.

import assert from "node:assert/strict";
import { jsonLine } from "../../src/format/json.ts";
import { UTC } from "../../src/format/zone.ts";
import { Fold } from "../../src/report/fold.ts";
import { gather } from "../../src/report/gather.ts";
import { readLine } from "../../src/report/json_line.ts";
import { markdownReport } from "../../src/report/markdown.ts";
import { page } from "../../src/report/page/page.ts";
import { summary } from "../../src/report/summary.ts";
import { textReport } from "../../src/report/text.ts";
import {
  CONTEXT,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";
import { Random } from "../support/random.ts";
import { MADE } from "./told.ts";

const SEED = 20_261_121;
const REPORTS = 60;
const LINES_OF_A_REPORT = 40;

const LINES = [scanEvent(), visitEvent(), misuseEvent(), lossEvent(), suppressedEvent()]
  .map((event) => jsonLine(event, CONTEXT));

/** What stands where something else was expected. */
const STRANGERS: unknown[] = [
  ...[null, true, -1, 0, 1e300, 0.5, 65_536, 2 ** 32, "", "x", "10.0.0.1", "::1"],
  ...["1-65535", "9-1", "99999", [], ["1", "2-9"], ["10.0.0.1:22", "[::1]:1"], {}],
  ...[{ min: 1, max: 2 }, "2026-11-21T22:14:52.123456Z", "9999-12-31T23:59:59Z"],
  ...["0001-01-01T00:00:00Z", "2026-02-31T00:00:00Z", "<b>'\"&\u202e\ud800"],
];

function mutated(value: unknown, chance: Random): unknown {
  const isStrange = chance.oneIn(12);
  if (Array.isArray(value)) {
    return isStrange ? chance.pick(STRANGERS) : value.map((item) => mutated(item, chance));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(() => !chance.oneIn(25));
  return Object.fromEntries(members.map(([key, item]) => {
    // Without these it is no line of ours, and there is nothing to look at.
    if (key === "product" || key === "action") return [key, item];
    return [key, chance.oneIn(12) ? chance.pick(STRANGERS) : mutated(item, chance)];
  }));
}

Deno.test(`a report is made of mutated lines, in every form (seed ${SEED})`, () => {
  const chance = new Random(SEED);
  let told = 0;
  for (let report = 0; report < REPORTS; report++) {
    const fold = new Fold();
    for (let i = 0; i < LINES_OF_A_REPORT; i++) {
      const line = JSON.stringify(mutated(JSON.parse(chance.pick(LINES)), chance));
      const read = readLine(line);
      if (typeof read === "string") continue;
      told++;
      fold.add(read);
    }
    const input = { story: gather(fold), made: MADE, zone: UTC, zoneName: "UTC" };
    const html = page(input, () => "digest").replace(/<script>[^]*<\/script>/, "");
    const texts = [html, ...textReport(input), ...markdownReport(input), ...summary(input, 80)];
    for (const text of texts) {
      const wrong = /.{0,40}(NaN|undefined|Infinity|\[object|null).{0,40}/.exec(text);
      assert.equal(wrong, null, wrong?.[0]);
    }
  }
  assert.ok(told > REPORTS * LINES_OF_A_REPORT / 3, `${told} lines told something`);
});
