// What the packet logger did not log, in a line for people or of JSON. Knows counts; no packet.

import { durationText, grouped, plural } from "./figures.ts";
import { dateTime, rfc3339, type Zone } from "./zone.ts";

/** Packets not logged in an interval; see `packetlog/rate_limit.ts`. */
export interface SuppressedPackets {
  startUs: number;
  endUs: number;
  count: number;
  mostSource: string;
  mostCount: number;
}

/** One line without its end. */
export function suppressedText(what: SuppressedPackets, zone: Zone): string {
  const { startUs, endUs, count, mostSource, mostCount } = what;
  return `${dateTime(endUs, zone)} SUPPRESSED ${plural(count, "packet")} in ` +
    `${durationText(endUs - startUs)}, ${grouped(mostCount)} of them from ${mostSource}`;
}

/** One line of JSON without its end. */
export function suppressedJson(
  what: SuppressedPackets,
  { zone, observer, version }: { zone: Zone; observer: string | undefined; version: string },
): string {
  return JSON.stringify({
    "@timestamp": rfc3339(what.endUs),
    event: {
      kind: "event",
      category: ["network"],
      action: "alerts-suppressed",
      severity: 2,
      start: rfc3339(what.startUs),
      end: rfc3339(what.endUs),
    },
    source: { ip: what.mostSource },
    observer: { name: observer, product: "scandog", version },
    message: suppressedText(what, zone),
    scandog: { suppressed: { count: what.count, of: "packet", source_count: what.mostCount } },
  });
}
