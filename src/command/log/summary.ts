// `scandog log -r FILE --summary`: counts of what a capture holds, instead of lines.

import { grouped, plural } from "../../format/figures.ts";
import { dateTime } from "../../format/zone.ts";
import { MASK_LETTERS } from "../../packetlog/flag_table.ts";
import { type Count, PacketSummary } from "../../packetlog/summary.ts";
import { PacketLog } from "../../packetlog/packet_log.ts";
import { defaults, PATH } from "../../params.ts";
import { inputFiles } from "../capture_files.ts";
import { runReplay } from "../../pipeline.ts";
import type { Diagnostics } from "../diagnostics.ts";
import { Exit } from "../../failure.ts";
import type { LogValues } from "../../options/log.ts";
import { logRules } from "./parts.ts";
import { whenStopped } from "../stop_signals.ts";
import { writeOut } from "../terminal.ts";
import { zoneOf } from "../zones.ts";

/** Lines of each table. */
const ROWS = 20;
/** The same file gives the same summary, whatever hash the table of sources has. */
const SEED = 0x5ca2d09;

/** Gives the exit status. */
export async function summarize(values: LogValues, say: Diagnostics): Promise<number> {
  const stopper = new AbortController();
  const forget = whenStopped(() => stopper.abort());
  let summary: PacketSummary | undefined;
  const totals = await runReplay(
    { files: inputFiles([values.read!]), speed: 0, path: defaults(PATH), seed: SEED },
    (records) => {
      const counted = summary = new PacketSummary(records, SEED);
      return new PacketLog(records, logRules(values, SEED), {
        packet: (base, protocol) => counted.packet(base, protocol),
        suppressed: () => {},
        batchEnd: () => {},
      });
    },
    { onEvent: () => {}, onNotice: (text) => say.notice(text) },
    stopper.signal,
  ).finally(forget);
  writeOut(summaryText(summary!, values));
  for (const fault of totals.faults) say.error(fault);
  return totals.faults.length > 0 ? Exit.CannotRun : Exit.Done;
}

function summaryText(summary: PacketSummary, values: LogValues): string {
  const zone = zoneOf(values.tz);
  const flags = (octet: number) =>
    [...MASK_LETTERS].filter((_, bit) => (octet >> bit & 1) === 1).join("") || "none";
  const hour = (timeUs: number) => `${dateTime(timeUs, zone).slice(0, 13)}:00`;
  const parts = [
    plural(summary.packets, "packet"),
    ...table("protocol", summary.byProtocol(), String),
    ...table("source", summary.bySource(ROWS), String, summary.otherSources),
    ...table("flags", summary.byFlags(ROWS), flags),
    ...table("tcp port", summary.byPort("tcp", ROWS), String),
    ...table("udp port", summary.byPort("udp", ROWS), String),
    ...table("sctp port", summary.byPort("sctp", ROWS), String),
    ...table("hour", summary.byHour(), hour, summary.otherHours),
  ];
  return parts.join("\n");
}

/** An empty line, a heading, and a line for each count; nothing where there is none. */
function table<T>(
  heading: string,
  counts: Count<T>[],
  name: (key: T) => string,
  forgotten = 0,
): string[] {
  if (counts.length === 0) return [];
  const rows = counts.map(({ key, count }) => `${grouped(count).padStart(14)}  ${name(key)}`);
  if (forgotten > 0) rows.push(`${grouped(forgotten).padStart(14)}  of others, not kept apart`);
  return ["", `${"packets".padStart(14)}  ${heading}`, ...rows];
}
