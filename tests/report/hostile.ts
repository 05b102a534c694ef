// Names as an attacker would choose them, where a report takes names from: lines of a log.

import { jsonLine } from "../../src/format/json.ts";
import { UTC } from "../../src/format/zone.ts";
import { Fold } from "../../src/report/fold.ts";
import { gather } from "../../src/report/gather.ts";
import type { ReportInput } from "../../src/report/input.ts";
import { readLine } from "../../src/report/json_line.ts";
import { CONTEXT, misuseEvent, scanEvent, visitEvent } from "../support/events.ts";
import { MADE } from "./told.ts";

/** Markup, a way out of attributes, a terminal's escape, letters that turn the direction, a bar. */
export const EVIL =
  `"><script>alert(1)</script><img src=x onerror=alert(2)>'&\x1b[31m\u202e|\`@all\n`;

/** Every string of a line becomes the evil one, but for those that make it a line. */
function poisoned(value: unknown, key = ""): unknown {
  if (typeof value === "string") return KEPT.has(key) ? value : EVIL;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poisoned(item, key)]));
}

const KEPT = new Set(["@timestamp", "action", "product", "start", "end", "open", "match", "found"]);

/** A report of such lines, with such file names, options and faults. */
export function hostileInput(): ReportInput {
  const fold = new Fold();
  const known = { name: "census", network: "10.9.0.0/24" };
  const events = [scanEvent({ known }), visitEvent({ known }), misuseEvent()];
  const lines = [
    ...events.map((event) => JSON.parse(jsonLine(event, CONTEXT))),
    // Some names stay, so that tables of both sorts are drawn.
    JSON.parse(jsonLine(scanEvent({ scan: 9, source: "10.9.0.9" }), CONTEXT)),
  ];
  for (const line of lines) {
    const told = readLine(JSON.stringify(poisoned(line)));
    if (typeof told === "string") throw new Error("the hostile line tells nothing");
    fold.add(told);
  }
  return {
    story: gather(fold),
    made: {
      ...MADE,
      options: [{ name: EVIL, value: EVIL }],
      files: [{ name: EVIL, bytes: 1, sha256: EVIL }],
      faults: [EVIL],
      version: EVIL,
    },
    zone: UTC,
    zoneName: EVIL,
  };
}
