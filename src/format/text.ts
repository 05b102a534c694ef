// An event as one line for people. What happened, who, whom, how and how much come first; how far to believe it, and
// why, comes after that. Knows events; nothing of where the line goes.

import type {
  CaptureLossEvent,
  DetectorEvent,
  Refusal,
  ScanEvent,
  SensorEvent,
  SuppressedEvent,
  VisitEvent,
} from "../event.ts";
import { Kind } from "../record.ts";
import { durationText, grouped, plural } from "./figures.ts";
import { flagLetters } from "./flags.ts";
import { floodText } from "./flood_text.ts";
import { cutList } from "./lists.ts";
import { misuseText } from "./misuse_text.ts";
import { printable } from "./printable.ts";
import { dateTime, type Zone } from "./zone.ts";

/** What a line needs besides the event. */
export interface TextContext {
  /** The zone of printed times. */
  zone: Zone;
  /** Name of a capture interface by its index; undefined where there is none. */
  interfaceName: (index: number) => string | undefined;
}

/**
 * A list longer than the first of these is cut at a comma: the line is for reading, JSON has the whole
 * list. The others are for lines that must be shorter.
 */
const LIST_CHARACTERS_MAX = [100, 40, 0];

/** First word after the time; the line can be told by it. */
export const FIRST_WORDS: Record<DetectorEvent["action"], string> = {
  "scan-start": "SCAN",
  "scan-update": "SCAN-UPDATE",
  "scan-end": "SCAN-END",
  "address-misused": "MISUSE",
  "scan-visit": "VISIT",
  flood: "FLOOD",
  "alerts-suppressed": "SUPPRESSED",
  "capture-loss": "LOSS",
  "sensor-silent": "SENSOR-SILENT",
  "sensor-back": "SENSOR-BACK",
  "sensor-refused": "SENSOR-REFUSED",
};

/**
 * One line without its end, in printable ASCII whatever the event holds, and of at most `bytesMax`
 * bytes: lists are cut shorter first, then what is said last is not said.
 */
export function textLine(
  event: DetectorEvent,
  context: TextContext,
  bytesMax = Infinity,
): string {
  const word = event.action === "flood" && event.phase === "end"
    ? "FLOOD-END"
    : FIRST_WORDS[event.action];
  const head = `${dateTime(event.timeUs, context.zone)} ${word} `;
  const said = (parts: readonly string[]) => printable(head + parts.join("; "));
  for (const listMax of LIST_CHARACTERS_MAX) {
    const line = said(story(event, context, listMax));
    if (line.length <= bytesMax) return line;
  }
  const parts = story(event, context, 0);
  while (parts.length > 1 && said(parts).length > bytesMax) parts.pop();
  return said(parts).slice(0, bytesMax);
}

/** What is said, the first first. */
function story(event: DetectorEvent, context: TextContext, listMax: number): string[] {
  switch (event.action) {
    case "alerts-suppressed":
      return suppressed(event);
    case "capture-loss":
      return [loss(event)];
    case "sensor-silent":
    case "sensor-back":
    case "sensor-refused":
      return sensor(event);
    case "address-misused":
      return misuseText(event);
    case "flood":
      return floodText(event, listMax);
    case "scan-visit":
      return visit(event, context);
    default:
      return scan(event, context, listMax);
  }
}

function scan(event: ScanEvent, context: TextContext, listMax: number): string[] {
  const name = context.interfaceName(event.interface);
  const parts = [
    `${sourceText(event)} -> ${targetText(event)} ${manner(event)}: ${extent(event, listMax)}`,
    isSentByUs(event) && event.evidence !== "none" && "sent from a monitored address",
    learned(event, listMax),
    proof(event),
    event.sources === undefined && event.sourceMac && `link address ${event.sourceMac}`,
    event.zombie &&
    `likely the zombie of an idle scan, not the scanner (${event.zombie.join(", ")})`,
    event.known && `known scanner ${event.known.name}`,
    sourcesText(event, listMax),
    toolText(event),
    event.sensors && `seen by ${plural(event.sensors.count, "sensor")}`,
    event.joined && `${plural(event.joined.length, "scan")} told by sensors among it`,
    header(event),
    name && `on ${name}`,
  ];
  return parts.filter((part) => !!part) as string[];
}

/** The sources that took part, and the machine's link address if they are one machine. */
function sourcesText({ sources, sourceMac }: ScanEvent, listMax: number): string | undefined {
  if (sources === undefined) return undefined;
  const list = cutList(sources.list, listMax);
  const who = sources.guess ? `one of ${list} is real` : `${list} took part`;
  const text = `${who}, ${grouped(sources.forged)} forged`;
  return sourceMac === undefined ? text : `${text}, all from link address ${sourceMac}`;
}

/** How far to believe the source's address. */
function proof(event: ScanEvent): string | undefined {
  if (event.evidence === "none" && isSentByUs(event)) {
    return "sent from a monitored address, or in its name";
  }
  return event.evidence && EVIDENCE[event.evidence];
}

const EVIDENCE = {
  handshake: "source is real (handshake)",
  reset: "source answered (reset)",
  none: "source may be forged",
};

/** The program, and that it took its usual ports. */
function toolText({ tool, ports: { choice } }: ScanEvent): string | undefined {
  const names = tool?.map(({ name, confidence }) => `${name} (${Math.round(confidence * 100)} %)`);
  const parts = names?.length ? [`tool ${names.join(", ")}`] : [];
  if (choice !== undefined) parts.push(`ports: ${CHOICES[choice]}`);
  return parts.join(", ");
}

const CHOICES = {
  "nmap-top-100": "nmap's top 100",
  "nmap-top-1000": "nmap's top 1000",
};

function sourceText({ source, sourcePort, sources }: ScanEvent): string {
  const text = withPort(source, sourcePort);
  return sources !== undefined && sources.count > 1 ? text + more(sources.count - 1) : text;
}

/** RFC 5952 section 6: brackets keep the port apart from an IPv6 address. */
function withPort(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function targetText({ destination, destinationVaries, hosts }: ScanEvent): string {
  if (hosts.count > 1) return destination + more(hosts.count - 1);
  return destinationVaries ? `${destination} and others` : destination;
}

function more(count: number): string {
  return ` and ${grouped(count)} more`;
}

function manner({ direction, slow, shape, techniques }: ScanEvent): string {
  // Most are inbound; that goes without saying.
  const way = direction !== "inbound" && direction;
  return [way, slow && "slow", shape, techniques.join("+")].filter(Boolean).join(" ");
}

function isSentByUs({ direction }: ScanEvent): boolean {
  return direction === "outbound" || direction === "internal";
}

/** How much was probed, in which time. */
function extent(event: ScanEvent, listMax: number): string {
  const { ports, hosts, techniques, attempts, unfollowed, startUs, endUs } = event;
  const what = [];
  // Where nothing but protocols was probed, the numbers are theirs.
  const port = techniques.every((name) => name === "ip-protocol") ? "protocol" : "port";
  if (ports.count > 0) what.push(counted(ports.count, port, ports.list, listMax));
  if (hosts.count > 1 || ports.count === 0) {
    what.push(counted(hosts.count, "host", hosts.list, listMax));
  }
  let text = what.join(" on ");
  if (attempts !== undefined && attempts !== Math.max(ports.count, hosts.count)) {
    text += `, ${grouped(attempts)} attempts`;
  }
  if (unfollowed !== undefined) text += ` and ${plural(unfollowed, "probe")} not followed`;
  return `${text} in ${durationText(endUs - startUs)}`;
}

function counted(count: number, noun: string, list: string, listMax: number): string {
  return plural(count, noun) + (list === "" ? "" : ` ${cutList(list, listMax)}`);
}

/** What the answers told the scanner; undefined of pings and ARP, and where the profile does not look at answers. */
function learned(event: ScanEvent, listMax: number): string | undefined {
  const { count, open, closed, silent } = event.ports;
  if (count === 0) return undefined;
  if (open === undefined && closed === undefined && silent === undefined) return undefined;
  const parts = [open ? `open ${cutList(open, listMax)}` : "nothing open"];
  if (closed) parts.push(`${grouped(closed)} closed`);
  if (silent) parts.push(`${grouped(silent)} silent`);
  return parts.join(", ");
}

/** Facts from the probes' headers. */
function header(event: ScanEvent): string | undefined {
  const { flagsEver, flagsAlways, hops, ttlRange, trafficClass } = event;
  const parts = [];
  if (hops !== undefined) parts.push(distance(hops, event));
  // The sender made them up: nothing follows from them but that. No packet arrives with 0: none was seen.
  if (event.kind !== Kind.Arp && ttlRange.max > 0) {
    parts.push(`TTL ${range(ttlRange)}${event.ttlVaries ? " on one path" : ""}`);
  }
  if (trafficClass) parts.push(`TOS ${trafficClass}`);
  if (flagsEver !== undefined) parts.push(`flags ${flagLetters(flagsEver, flagsAlways ?? 0)}`);
  return parts.join(", ");
}

/** No router lets 255 or ARP through, but any sender may begin with a smaller TTL. */
function distance(hops: { min: number; max: number }, { kind, ttlRange }: ScanEvent): string {
  if (kind === Kind.Arp || ttlRange.min === 255) return "on this link";
  return hops.max === 1 && hops.min === 1 ? "1 hop away" : `${range(hops)} hops away`;
}

function range({ min, max }: { min: number; max: number }): string {
  return min === max ? `${min}` : `${min}-${max}`;
}

/** Who came back, to which port, and what connects the visitor with the scanner. */
function visit(event: VisitEvent, context: TextContext): string[] {
  const { scanned, match, timeUs, foundUs, known } = event;
  const scanner = match === "address" ? "its scan" : `the scan of its neighbour ${scanned.source}`;
  const name = context.interfaceName(event.interface);
  const parts = [
    `${withPort(event.source, event.sourcePort)} -> ` +
    `${withPort(event.destination, event.destinationPort)} used a TCP port that ${scanner} of ` +
    `${dateTime(scanned.startUs, context.zone)} found open${agoText(timeUs - foundUs)}`,
    match === "address"
      ? "same address"
      : `same ${event.ipVersion === 6 ? "/64" : "/24"} network, perhaps somebody else`,
    event.evidence === "handshake" ? "visitor is real (handshake)" : "handshake not seen",
    event.sourceMac && `link address ${event.sourceMac}`,
    // Who forges another's SYNs can forge his resets as well, and wait for him to come.
    scanned.evidence === "handshake"
      ? "scanner was real (handshake)"
      : "scanner answered (reset), or was forged",
    known && `known scanner ${known.name}`,
    name && `on ${name}`,
  ];
  return parts.filter((part) => !!part) as string[];
}

/** Not where the clock was set back in between. */
function agoText(elapsedUs: number): string {
  return elapsedUs < 0 ? "" : ` ${durationText(elapsedUs)} before`;
}

function suppressed(event: SuppressedEvent): string[] {
  const { count, of, most = [], startUs, endUs, profile } = event;
  if (count === 0) return [`more ${of} alerts may follow and are not said (${profile})`];
  const rows = most.map(({ source, destination, attempts }) =>
    `${source} -> ${destination} (${plural(attempts, "attempt")})`
  );
  const head = `${grouped(count)} ${of} alerts in ${durationText(endUs - startUs)}`;
  return rows.length === 0 ? [head] : [head, `most by ${rows[0]}`, ...rows.slice(1)];
}

function sensor({ action, sensor, startUs, endUs, refused = {} }: SensorEvent): string[] {
  const duration = durationText(endUs - startUs);
  if (action === "sensor-silent") return [`${sensor}: nothing was heard of it for ${duration}`];
  if (action === "sensor-back") return [`${sensor}: is heard again after ${duration}`];
  const counts = Object.entries(refused).map(([why, count]) =>
    `${grouped(count)} ${REFUSED[why as Refusal]}`
  );
  return [`${sensor}: ${counts.join(", ")} in ${duration}`];
}

const REFUSED: Record<Refusal, string> = {
  "unreadable": "unreadable",
  "wrong-partition": "in a wrong partition",
  "other-name": "under another sensor's name",
  "too-many": "more than it may say",
  "too-old": "too old",
  "ahead": "from the future, taken as of now",
  "dropped": "that it could not send",
};

function loss(event: CaptureLossEvent): string {
  const { kernel, interface: device, ring, tables, startUs, endUs } = event;
  const places = Object.entries({ kernel, interface: device, ring, tables });
  const lost = places.filter(([, count]) => count > 0);
  const where = lost.map(([place, count]) => `${place} ${grouped(count)}`).join(", ");
  const total = kernel + device + ring + tables;
  return `${grouped(total)} packets in ${durationText(endUs - startUs)}: ${where || "nothing"}`;
}
