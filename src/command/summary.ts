// What a replay went through, in a few lines for standard error. Knows totals; nothing of how they
// came about.

import type { DecodeTotals } from "../capture/totals.ts";
import type { ReplayTotals } from "../pipeline.ts";
import { byteText, durationText, grouped, plural, rounded } from "../format/figures.ts";

/** Is there anything to sum up? Of files that could not be opened there is not. */
export function hasSummary({ decoded, faults }: Pick<ReplayTotals, "decoded" | "faults">): boolean {
  return decoded.packets > 0 || faults.length === 0;
}

/** One to five lines. */
export function summaryLines(
  { decoded, elapsedMs, stopped }: ReplayTotals,
  scans: number,
  visits = 0,
): string[] {
  const rate = rounded(decoded.packets / Math.max(elapsedMs, 1) * 1000);
  const lines = [
    `${stopped ? "stopped after " : ""}${plural(decoded.packets, "packet")} ` +
    `(${byteText(decoded.bytes)}) in ${durationText(elapsedMs * 1000)}, ${rate} packets/s: ` +
    plural(scans, "scan") + (visits > 0 ? `, ${plural(visits, "visit")} after a scan` : ""),
  ];
  const kinds = listed({ ...decoded.byKind, ...decoded.other });
  if (kinds !== "") lines.push(kinds);
  if (decoded.fragments > 0) {
    lines.push(
      `${plural(decoded.fragments, "fragment")} of ${grouped(decoded.datagramsWhole)} whole ` +
        `and ${grouped(decoded.datagramsLost)} lost datagrams`,
    );
  }
  lines.push(...cutLines(decoded));
  const malformed = listed(decoded.malformed);
  if (malformed !== "") lines.push(`malformed: ${malformed}`);
  return lines;
}

/** `tcp 4,000, udp 12`: the most frequent first. */
export function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${grouped(count)}`)
    .join(", ");
}

/** A line where the capture cut packets before their ports. */
export function cutLines({ cut }: DecodeTotals): string[] {
  if (cut === 0) return [];
  return [
    `${plural(cut, "packet")} cut by the capture before the end of the header with the ports: ` +
    "capture with a larger snapshot length",
  ];
}
