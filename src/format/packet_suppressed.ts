// How many packets the packet logger left out, as a line for people or of JSON. Knows counts; no packet.

import { head, type Observer, observer } from "./ecs.ts";
import { eventId } from "./event_id.ts";
import { durationText, grouped, plural } from "./figures.ts";
import { printed } from "./members.ts";
import { dateTime, type Zone } from "./zone.ts";

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

/** One line of JSON without its end: under 1000 bytes, and nothing in it can be made longer. */
export function suppressedJson(
  what: SuppressedPackets,
  context: Observer & { zone: Zone; seed?: number; now?: () => number },
): string {
  const { startUs, endUs, count, mostSource, mostCount } = what;
  return printed({
    ...head({
      kind: "event",
      dataset: "event",
      action: "alerts-suppressed",
      id: eventId(endUs, `packet/alerts-suppressed/${startUs}`, context.seed ?? 0),
      severity: 2,
      timeUs: endUs,
      createdUs: context.now?.(),
      startUs,
      endUs,
    }),
    source: { ip: mostSource },
    observer: observer(context, undefined),
    message: suppressedText(what, context.zone),
    related: { ip: [mostSource] },
    scandog: { suppressed: { count, of: "packet", source_count: mostCount } },
  });
}
