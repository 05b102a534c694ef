// What a live capture has seen and lost so far, in a few lines for standard error.

import { byteText, grouped, plural } from "../format/figures.ts";
import type { WatchTotals } from "../pipeline.ts";
import type { Sink } from "../sink/sink.ts";
import { cutLines, listed } from "./summary.ts";

/** Packets, losses, then a line for each log. */
export function statisticsLines(totals: WatchTotals, sinks: readonly Sink[]): string[] {
  const { decoded, kernel, interface: device, ring } = totals;
  const lines = [
    `${plural(decoded.packets, "packet")} (${byteText(decoded.bytes)}): ` +
    (listed({ ...decoded.byKind, ...decoded.other }) || "none"),
    `lost: ${grouped(kernel)} in the kernel, ${grouped(device)} on interfaces, ` +
    `${grouped(ring)} in the ring`,
  ];
  lines.push(...cutLines(decoded));
  const malformed = listed(decoded.malformed);
  if (malformed !== "") lines.push(`malformed: ${malformed}`);
  for (const { name, counters: { written, dropped, failures, waiting } } of sinks) {
    lines.push(
      `${name}: ${grouped(written)} lines written, ${grouped(dropped)} dropped, ` +
        `${grouped(waiting)} waiting, ${grouped(failures)} failures`,
    );
  }
  return lines;
}
